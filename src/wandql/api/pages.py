"""What a page of a list is, and where a scan of one has been. Pure."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from wandql.errors import RequestTimeoutError, ServerError, UsageError, WandqlError

__all__ = ["ListingReport", "Mark", "Page", "Position", "is_overload"]

T = TypeVar("T")

GATEWAY_TIMEOUT: Final = 504


class Mark(NamedTuple):
    """Where an item stands.

    Attributes:
        identity: What makes it the same item, wherever it stands.
        cursor: The cursor behind it.
    """

    identity: str
    cursor: str


class Position(NamedTuple):
    """Where a scan has been: the last item that it saw, and the one before.

    Attributes:
        previous: The one before.
        last: The last one.
    """

    previous: Mark
    last: Mark

    def encode(self) -> str:
        """Write it as one word."""
        return urlsafe_b64encode(to_json(self)).decode()

    @classmethod
    def decode(cls, text: str) -> Position:
        """Read what `encode` wrote.

        Raises:
            UsageError: It is something else.
        """
        try:
            return _POSITION.validate_json(urlsafe_b64decode(text))
        except (binascii.Error, ValidationError, ValueError):
            raise UsageError(f"{text!r} is no cursor of a list.", hint="Pass what `cursor` gave.") from None


_POSITION: Final = TypeAdapter(Position)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page.

    Attributes:
        items: Its items; None for one that the server sent and that was not asked for.
        end: The cursor to go on from, or None where this is the last page.
        total: How many items there are on all pages, or None where the server does not say.
        marks: Where each of the items stands; None where the server does not say.
    """

    items: Sequence[T | None]
    end: str | None
    total: int | None = None
    marks: list[Mark] | None = None


@dataclass(frozen=True, slots=True)
class ListingReport:
    """What can be said of a list that was fetched.

    Attributes:
        seen: How many different items the server sent.
        duplicates: How many items came again, because others were inserted before them. They were dropped.
        rewinds: How often the scan went back, because items before it were deleted.
        count_before: How many there were at first, as the server said; None where it did not.
        count_after: How many there are now; None where the server does not say.
        complete: Whether each item that was there all the time was seen. False while pages are left to fetch.
    """

    seen: int
    duplicates: int
    rewinds: int
    count_before: int | None
    count_after: int | None
    complete: bool


def is_overload(error: WandqlError) -> bool:
    """Return whether a request failed because its answer took too long: half of it may come in time."""
    return isinstance(error, RequestTimeoutError) or (
        isinstance(error, ServerError) and error.status == GATEWAY_TIMEOUT
    )
