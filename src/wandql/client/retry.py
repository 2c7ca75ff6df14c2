"""Whether and when to send a request again: decisions only, no I/O, no clock."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from wandql.client.messages import Limits
from wandql.errors import SettingsError

__all__ = ["Attempt", "RetryPolicy", "parse_retry_after"]

# The server is busy or a proxy in front of it is: the next attempt may well succeed.
TRANSIENT: Final = frozenset({408, 429, 502, 503, 504})
CONNECT_TIMEOUT: Final = 10.0
# What a reply may have where the time is over: it must be more than nothing.
SHORTEST: Final = 0.001
DECIMAL: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt failed.

    Attributes:
        status: The reply's HTTP status, or None where none came.
        retry_after: How many seconds the server asks to wait, or None where it does not say.
        executed: Whether the server may have executed the request. False only where that is certain: the connection was
            never made, or the server turned the request away before looking at it.
        is_late: Whether it took too long, so that less may come in time.
    """

    status: int | None
    retry_after: float | None = None
    executed: bool = True
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long a call may take, and when it tries again: one object for retries, deadlines and timeouts.

    Attributes:
        attempts: The most requests to send for one call.
        deadline: The seconds that one call may take, waits included.
        first_delay: The seconds to wait after the first failure; they double with each further one.
        longest_delay: The most seconds that the doubling leads to. A server's own Retry-After may be longer.
        connect: The seconds that making a connection may take, TLS included; None for the deadline alone.
        read: The seconds to wait for each next byte of a reply; None for the deadline alone.
        write: The seconds that sending each piece of a request may take; None for the deadline alone.
        pool: The seconds to wait for a free connection; None for the deadline alone.
        statuses: The statuses that may pass. 500 is not among them: it says that this request broke the server.
        unanswered: Whether to try again where no reply came.

    Raises:
        SettingsError: A number is none, or not in its range.

    Example:
        >>> RetryPolicy(attempts=3, deadline=20, read=5).but(timeout=8).deadline
        8
    """

    attempts: int = 6
    deadline: float = 60.0
    first_delay: float = 0.5
    longest_delay: float = 16.0
    connect: float | None = CONNECT_TIMEOUT
    read: float | None = None
    write: float | None = None
    pool: float | None = None
    statuses: frozenset[int] = TRANSIENT
    unanswered: bool = True

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise SettingsError(f"attempts is {self.attempts!r}: one request is the least.")
        for name in ("deadline", "connect", "read", "write", "pool"):
            seconds: float | None = getattr(self, name)
            if seconds is not None and not 0 < seconds < math.inf:
                raise SettingsError(f"{name} is {seconds!r}: it is a number of seconds above 0.")
        for name in ("first_delay", "longest_delay"):
            delay: float = getattr(self, name)
            if not 0 <= delay < math.inf:
                raise SettingsError(f"{name} is {delay!r}: it is a number of seconds, 0 or more.")

    def but(self, *, timeout: float | None = None, retries: int | None = None) -> RetryPolicy:
        """Return the same policy with another deadline or number of retries.

        Args:
            timeout: The deadline, in seconds; as it is where absent.
            retries: How many more requests after a failed one; as it is where absent.

        Raises:
            SettingsError: A number is not in its range.
        """
        if retries is not None and retries < 0:
            raise SettingsError(f"retries is {retries!r}: 0 is the least.")
        return replace(
            self,
            deadline=self.deadline if timeout is None else timeout,
            attempts=self.attempts if retries is None else retries + 1,
        )

    def limits(self, seconds: float) -> Limits:
        """Return how long each phase of a request may take that has so many seconds in all."""
        total = max(seconds, SHORTEST)

        def least(phase: float | None) -> float:
            return total if phase is None else min(phase, total)

        return Limits(total, least(self.connect), least(self.read), least(self.write), least(self.pool))

    def delay(self, attempt: Attempt, *, number: int, elapsed: float, idempotent: bool, chance: float) -> float | None:
        """Return the seconds to wait before the next attempt, or None to give up.

        Args:
            attempt: How the last attempt failed.
            number: How many attempts there were, this one included.
            elapsed: The seconds since the call began.
            idempotent: Whether executing the request twice does what executing it once does.
            chance: A number in [0, 1) that spreads the waits of many clients: the delay is between half and all of it.
        """
        if not (self.unanswered if attempt.status is None else attempt.status in self.statuses):
            return None
        if number >= self.attempts or (attempt.executed and not idempotent):
            return None
        doubled = min(self.first_delay * 2.0 ** min(number - 1, 100), self.longest_delay)
        delay = max(doubled * (1 + chance) / 2, attempt.retry_after or 0.0)
        return delay if elapsed + delay < self.deadline else None


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Read a Retry-After header: seconds or an HTTP date. What is malformed, negative or not finite counts as absent.

    Example:
        >>> from datetime import UTC, datetime
        >>> parse_retry_after("Wed, 21 Oct 2026 07:28:05 GMT", datetime(2026, 10, 21, 7, 28, tzinfo=UTC))
        5.0
    """
    if value is None:
        return None
    if DECIMAL.fullmatch(value.strip()):
        seconds = float(value)
    else:
        try:
            date = parsedate_to_datetime(value)
        except (ValueError, OverflowError, TypeError):
            return None
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
