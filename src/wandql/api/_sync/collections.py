# Derived from src/wandql/api/_async/collections.py by `make generate`: edit that file instead.
"""Lists that are fetched page by page."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from itertools import chain, count
from typing import Generic, NoReturn, TypeVar

from wandql.api._sync.scan import Scan
from wandql.api.pages import Page, Position
from wandql.api.seam_sync import Indexed, Sized
from wandql.client.seam_sync import Lock

__all__ = ["Collection", "SizedCollection", "located"]

T = TypeVar("T")


def located(entity: str) -> Callable[[str | None], str]:
    """Return what tells an entity that is known already."""

    def locate(_given: str | None) -> str:
        return entity

    return locate


class Collection(Indexed[T], ABC, Generic[T]):
    """A lazy sequence: pages are fetched when they are needed, and kept.

    Making one sends nothing. Each iteration starts at the first item and is independent of others; what one has
    fetched, the next does not fetch again. It may be shared by threads.
    """

    def __init__(self, per_page: int, *, limit: int | None = None, start: str | None = None) -> None:
        given = {"per_page": per_page} if limit is None else {"per_page": per_page, "limit": limit}
        for name, number in given.items():
            if operator.index(number) < 1:
                raise ValueError(f"{name} must be at least 1, not {number}")
        self._per_page = per_page
        self._limit = limit
        self._items: list[T] = []
        self._page_ends: list[int] = []
        self._scan: Scan[T] = Scan(
            self._fetch, per_page, name=lambda: repr(self), start=Position.decode(start) if start else None
        )
        self._complete = False
        self._total: int | None = None
        self._loading = Lock()

    @property
    def per_page(self) -> int:
        """The most items that one request asks for. Sends none."""
        return self._per_page

    @property
    def cursor(self) -> str | None:
        """A text to go on from behind all that was fetched so far; None where nothing was, or the server does not say.

        Sends no request.
        """
        position = self._scan.position
        return position.encode() if position else None

    def __iter__(self) -> Iterator[T]:
        """Iterate over all items. Sends one request for each page that is not there yet, when it is reached."""
        return _Steps(self._find_item)

    def pages(self) -> Iterator[list[T]]:
        """Iterate over the pages, each a list of items.

        Sends one request for each page that is not there yet, when it is asked for.

        Returns:
            An iterator. Where a request fails it raises the error, and asks again when the next page is asked for.

        Raises:
            NotFoundError: What the items belong to does not exist.
            RequestError: A request failed.

        Example:
            >>> [len(page) for page in api.runs("alice/mnist", per_page=2).pages()]
            [2, 1]
        """
        return _Steps(self._find_page)

    def first(self) -> T | None:
        """Return the first item, or None where there is none. Sends one request where no page is there yet.

        Raises:
            NotFoundError: What the items belong to does not exist.
            RequestError: A request failed.

        Example:
            >>> newest = api.runs("alice/mnist").first()
            >>> newest.id
            'run-1'
        """
        self._load_items(1)
        return self._items[0] if self._items else None

    def at(self, index: int) -> T:
        """Return the item at `index`; a negative one counts from the end and needs all pages.

        Sends one request for each page up to that item that is not there yet.

        Args:
            index: The position, from 0; -1 is the last.

        Raises:
            IndexError: There are fewer items.
            NotFoundError: What the items belong to does not exist.
            RequestError: A request failed.

        Example:
            >>> oldest = api.runs("alice/mnist").at(-1)
            >>> oldest.id
            'run-3'
        """
        position = operator.index(index)
        self._load_items(position + 1 if position >= 0 else None)
        if not -len(self._items) <= position < len(self._items):
            raise IndexError(f"{self!r} has {len(self._items)} items, so none at {position}")
        return self._items[position]

    def slice(self, start: int | None = None, stop: int | None = None, step: int | None = None) -> list[T]:
        """Return the items of a slice, as `list` would.

        Sends one request for each page up to the slice's end that is not there yet; a negative number needs all pages.

        Args:
            start: The position of the first item.
            stop: The position behind the last item.
            step: The distance from one item to the next.

        Raises:
            TypeError: A number is none. No request was sent.
            ValueError: `step` is 0. No request was sent.
            NotFoundError: What the items belong to does not exist.
            RequestError: A request failed.

        Example:
            >>> [run.id for run in api.runs("alice/mnist").slice(0, 2)]
            ['run-1', 'run-2']
        """
        wanted = slice(start, stop, step)
        wanted.indices(0)
        backwards = any(number is not None and number < 0 for number in (start, stop, step))
        self._load_items(None if backwards else stop)
        return self._items[wanted]

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{self!r} is bound to its client: copy or pickle a list of its items instead")

    def _find_item(self, number: int) -> T | None:
        self._load_items(number + 1)
        return self._items[number] if number < len(self._items) else None

    def _find_page(self, number: int) -> list[T] | None:
        if number >= len(self._page_ends) and not self._load_page(number):
            return None
        return self._items[self._page_ends[number - 1] if number else 0 : self._page_ends[number]]

    def _load_items(self, count: int | None) -> None:
        while (count is None or len(self._items) < count) and self._load_page(len(self._page_ends)):
            pass

    def _load_page(self, number: int) -> bool:
        """Load the page of that number unless somebody else just did; False where there is none."""
        with self._loading:
            if number < len(self._page_ends):
                return True
            if self._complete:
                return False
            most = None if self._limit is None else self._limit - len(self._items)
            items = self._scan.advance(most)
            self._items += items[:most]
            self._page_ends.append(len(self._items))
            self._complete = self._scan.complete or len(self._items) == self._limit
            self._total = self._scan.total
            return True

    @abstractmethod
    def _fetch(self, after: str | None, first: int) -> Page[T]:
        """Fetch the page behind the cursor `after`, or the first, of at most `first` items."""


class SizedCollection(Sized, Collection[T], ABC, Generic[T]):
    """A collection whose length the server tells with every page."""

    def count(self) -> int:
        """Return how many items there are on all pages: counted where all are there, else as the server said last.

        Sends one request where no page was fetched yet, and keeps that page.

        Raises:
            NotFoundError: What the items belong to does not exist.
            RequestError: The request failed.

        Example:
            >>> api.runs("alice/mnist").count()
            3
        """
        return self._length()

    def _length(self) -> int:
        if not self._page_ends:
            self._load_page(0)
        if self._total is None:
            self._load_items(None)
        known = len(self._items) if self._complete or self._total is None else self._total
        return known if self._limit is None else min(known, self._limit)


class _Steps(Iterator[T]):
    """Asks for number 0, 1, 2, … until there is none.

    A generator would have to be closed by whoever leaves a loop early, and would end for good with the first error.
    """

    def __init__(self, find: Callable[[int], T | None]) -> None:
        self._find = find
        self._numbers: Iterator[int] = count()

    def __next__(self) -> T:
        number = next(self._numbers)
        try:
            found = self._find(number)
        except BaseException:
            self._numbers = chain([number], self._numbers)
            raise
        if found is None:
            raise StopIteration
        return found
