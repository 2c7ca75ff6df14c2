"""Whether and when to send a request again: decisions only, no I/O, no clock."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["Attempt", "RetryPolicy", "parse_retry_after"]

# The server is busy or a proxy in front of it is: the next attempt may well succeed.
TRANSIENT = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt failed.

    Attributes:
        status: The reply's HTTP status, or None where none came.
        retry_after: How many seconds the server asks to wait, or None where it does not say.
        executed: Whether the server may have executed the request. False only where that is certain: the connection was
            never made, or the server turned the request away before looking at it.
    """

    status: int | None
    retry_after: float | None = None
    executed: bool = True


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When to try again.

    Attributes:
        attempts: The most requests to send for one call.
        deadline: The seconds that one call may take, waits included.
        first_delay: The seconds to wait after the first failure; they double with each further one.
        longest_delay: The most seconds that the doubling leads to. A server's own Retry-After may be longer.
    """

    attempts: int = 6
    deadline: float = 60.0
    first_delay: float = 0.5
    longest_delay: float = 16.0

    def delay(self, attempt: Attempt, *, number: int, elapsed: float, idempotent: bool, chance: float) -> float | None:
        """Return the seconds to wait before the next attempt, or None to give up.

        Args:
            attempt: How the last attempt failed.
            number: How many attempts there were, this one included.
            elapsed: The seconds since the call began.
            idempotent: Whether executing the request twice does what executing it once does.
            chance: A number in [0, 1) that spreads the waits of many clients: the delay is between half and all of it.
        """
        if attempt.status is not None and attempt.status not in TRANSIENT:
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
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
