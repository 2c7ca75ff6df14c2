"""How hard a transfer has tried. Pure."""

from __future__ import annotations

from wandql.client.messages import Limits
from wandql.client.retry import Attempt, RetryPolicy

__all__ = ["Effort"]


class Effort:
    """Counts the failures of one transfer. Progress makes it forget them: a long transfer may fail often.

    The policy's deadline is for the time without progress, not for all of it.

    Attributes:
        requests: How many requests were sent.
        refusals: How many URLs were refused since one was good.

    Args:
        policy: When to try again.
        now: The present moment, in seconds.
        done: How many bytes are there already.
    """

    def __init__(self, policy: RetryPolicy, now: float, done: int = 0) -> None:
        self.requests: int = 0
        self.refusals: int = 0
        self._policy = policy
        self._failures = 0
        self._most = done
        self._since = now

    def begin(self, now: float) -> Limits:
        """Count a request. Return how long it may take until the next byte."""
        self.requests += 1
        return self._policy.limits(self._policy.deadline - self.waited(now))

    def move(self, now: float) -> None:
        """Say that a byte came or went."""
        self._since = now

    def waited(self, now: float) -> float:
        """Return how many seconds have passed without progress."""
        return now - self._since

    def fail(self, attempt: Attempt, *, done: int, now: float, chance: float) -> float | None:
        """Say how an attempt failed.

        Args:
            attempt: How.
            done: How many bytes are there for good. Only more than ever before are progress: a server that begins anew
                every time makes none.
            now: The present moment, in seconds.
            chance: A number in [0, 1) that spreads the waits of many clients.

        Returns:
            How many seconds to wait before the next attempt, or None to give up.
        """
        if done > self._most:
            self._most, self._failures, self._since = done, 0, now
        self._failures += 1
        return self._policy.delay(
            attempt, number=self._failures, elapsed=self.waited(now), idempotent=True, chance=chance
        )
