"""A line that a run's program printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from wandql.graphql.generated.fragments import LogLineFields

__all__ = ["ConsoleLogLine"]


@dataclass(frozen=True, slots=True)
class ConsoleLogLine:
    """A line that a run's program printed.

    Attributes:
        number: Its number, from 0.
        timestamp: When it was printed, in UTC; None where nobody noted it.
        level: "error" where it went to standard error, else "".
        label: Which of several writers printed it; "" for the only one.
        content: The line, without its end.
    """

    number: int
    timestamp: datetime | None
    level: str
    label: str
    content: str

    @classmethod
    def of(cls, fields: LogLineFields, number: int) -> ConsoleLogLine:
        """Make a line of what the server sent.

        Args:
            fields: The line.
            number: Its number, where the server does not tell it.
        """
        return cls(
            number if fields.number is None else fields.number,
            _in_utc(fields.timestamp),
            fields.level or "",
            fields.label or "",
            fields.line or "",
        )


# The text comes from whatever wrote the log: one that is no time is no reason to lose the line.
def _in_utc(text: str | None) -> datetime | None:
    try:
        time = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if time is None:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
