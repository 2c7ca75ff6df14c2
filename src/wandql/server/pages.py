"""Relay connections: a page of items, each with the position to continue behind it.

A cursor is the base64 of an offset.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from wandql.server.messages import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Edge", "Page", "PageInfo", "Window", "cursor_of", "offset_of"]

T = TypeVar("T")

DEFAULT: Final = 50
LARGEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Edge(Generic[T]):
    """An item and its position."""

    cursor: str
    node: T


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Where a page begins and ends, and what is around it."""

    start_cursor: str | None
    end_cursor: str | None
    has_next_page: bool
    has_previous_page: bool


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a connection. `count` counts all items of all pages."""

    edges: list[Edge[T]]
    page_info: PageInfo
    count: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that a page shows.

    Attributes:
        offset: How many items come before it.
        size: The most items that it holds.
    """

    offset: int
    size: int

    @classmethod
    def of(cls, first: int | None, after: str | None) -> Window:
        """Read the arguments `first` and `after` of a connection.

        Raises:
            Refusal: `first` is negative, or `after` is no cursor of this server (400).
        """
        if first is not None and first < 0:
            raise Refusal(400, f"first must not be negative: {first}.")
        return cls(offset_of(after) if after else 0, min(DEFAULT if first is None else first, LARGEST))

    @property
    def reach(self) -> int:
        """How many items to ask the database for: one more than the page holds tells whether another page follows."""
        return self.size + 1

    def page(self, items: Sequence[T], count: Callable[[], int]) -> Page[T]:
        """Make the page of up to `reach` items from `offset` on."""
        edges = [Edge(cursor_of(self.offset + i), item) for i, item in enumerate(items[: self.size], start=1)]
        start, end = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
        return Page(edges, PageInfo(start, end, len(items) > self.size, self.offset > 0), count)

    def cut(self, items: Sequence[T]) -> Page[T]:
        """Make the page of a list that is all there."""
        return self.page(items[self.offset : self.offset + self.reach], lambda: len(items))


def cursor_of(offset: int) -> str:
    """Return the cursor behind the first `offset` items."""
    return base64.b64encode(str(offset).encode()).decode()


def offset_of(cursor: str) -> int:
    """Return the offset in a cursor.

    Raises:
        Refusal: It is no cursor of this server (400).
    """
    try:
        offset = int(base64.b64decode(cursor, validate=True))
    except (binascii.Error, ValueError):
        offset = -1
    if offset < 0:
        raise Refusal(400, f"{cursor!r} is not a cursor of this server.")
    return offset
