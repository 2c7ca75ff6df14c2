"""Lists that are fetched page by page."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from wandql.api.seam_async import Indexed, Sized
from wandql.client.seam_async import Lock

__all__ = ["AsyncCollection", "AsyncSizedCollection", "Page"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page.

    Attributes:
        items: Its items.
        end: The cursor to go on from, or None where this is the last page.
        total: How many items there are on all pages, or None where the server does not say.
    """

    items: list[T]
    end: str | None
    total: int | None = None


class AsyncCollection(Indexed[T], ABC, Generic[T]):
    """A lazy sequence: pages are fetched when they are needed, and kept.

    Making one sends nothing. Each iteration starts at the first item and is independent of others; what one has
    fetched, the next does not fetch again. It may be shared by tasks.
    """

    def __init__(self, per_page: int) -> None:
        if per_page < 1:
            raise ValueError(f"per_page must be at least 1, not {per_page}")
        self._per_page = per_page
        self._items: list[T] = []
        self._page_ends: list[int] = []
        self._cursor: str | None = None
        self._complete = False
        self._total: int | None = None
        self._loading = Lock()

    @property
    def per_page(self) -> int:
        """The most items that one request asks for."""
        return self._per_page

    async def __aiter__(self) -> AsyncIterator[T]:
        """Iterate over all items. Sends one request for each page that is not there yet."""
        async for page in self.pages():
            for item in page:
                yield item

    async def pages(self) -> AsyncIterator[list[T]]:
        """Iterate over the pages, each a list of items.

        Sends one request for each page that is not there yet, when it is asked for.

        Raises:
            NotFoundError: What the items belong to does not exist.
            RequestError: A request failed.
        """
        number = 0
        while number < len(self._page_ends) or await self._load_page(number):
            yield self._items[self._page_ends[number - 1] if number else 0 : self._page_ends[number]]
            number += 1

    async def first(self) -> T | None:
        """Return the first item, or None where there is none. Sends at most one request for a page.

        Raises:
            NotFoundError: What the items belong to does not exist.
            RequestError: A request failed.
        """
        await self._load_items(1)
        return self._items[0] if self._items else None

    async def at(self, index: int) -> T:
        """Return the item at `index`; a negative one counts from the end and needs all pages.

        Sends one request for each page up to that item that is not there yet.

        Raises:
            IndexError: There are fewer items.
            NotFoundError: What the items belong to does not exist.
            RequestError: A request failed.
        """
        await self._load_items(index + 1 if index >= 0 else None)
        return self._items[index]

    async def slice(self, start: int | None = None, stop: int | None = None, step: int | None = None) -> list[T]:
        """Return the items of a slice, as `list` would.

        Sends one request for each page up to the slice's end that is not there yet; a negative number needs all pages.

        Raises:
            NotFoundError: What the items belong to does not exist.
            RequestError: A request failed.
        """
        wanted = slice(start, stop, step)
        backwards = any(number is not None and number < 0 for number in (start, stop, step))
        await self._load_items(None if backwards else stop)
        return self._items[wanted]

    async def _load_items(self, count: int | None) -> None:
        while (count is None or len(self._items) < count) and await self._load_page(len(self._page_ends)):
            pass

    async def _load_page(self, number: int) -> bool:
        """Load the page of that number unless somebody else just did; False where there is none."""
        async with self._loading:
            if number < len(self._page_ends):
                return True
            if self._complete:
                return False
            page = await self._fetch(self._cursor)
            self._items += page.items
            self._page_ends.append(len(self._items))
            self._cursor, self._complete, self._total = page.end, page.end is None, page.total
            return True

    @abstractmethod
    async def _fetch(self, after: str | None) -> Page[T]:
        """Fetch the page behind the cursor `after`, or the first."""


class AsyncSizedCollection(Sized, AsyncCollection[T], ABC, Generic[T]):
    """A collection whose length the server tells with every page."""

    async def count(self) -> int:
        """Return how many items there are on all pages, as the server said with the last page fetched.

        Sends one request where no page was fetched yet, and keeps that page.

        Raises:
            NotFoundError: What the items belong to does not exist.
            RequestError: The request failed.
        """
        await self._load_items(0 if self._page_ends else 1)
        return len(self._items) if self._total is None else self._total
