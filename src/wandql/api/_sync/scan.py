# Derived from src/wandql/api/_async/scan.py by `make generate`: edit that file instead.
"""One pass through a list that may change meanwhile: each item once, and none left out.

Cursors of W&B servers are offsets: where an item before them is inserted or deleted, the next page repeats one or lacks
one. So each page is asked for from one item before its beginning on. If that one is the last that was seen, nothing has
moved. If the page has others that were seen, items were inserted: these are dropped, and what comes before them. If it
has none that was seen, items were deleted, and the scan goes back until it meets one that was. Whatever was in the list
all the time has then been seen, as long as the order of what stays does not change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from wandql.api.pages import Mark, Page, Position, is_overload
from wandql.errors import PaginationError, WandqlError

__all__ = ["Scan"]

T = TypeVar("T")

# A page of so few items is not what keeps a server busy.
SMALLEST_PAGE: Final = 20
STEP_BACK: Final = 8


class Scan(Generic[T]):
    """One pass through a list.

    Args:
        fetch: Fetches the page behind a cursor, or the first, of at most so many items.
        name: Says which list it is, for errors.
        per_page: The most items that a page should have. It is halved where a server takes too long, and grows again.
        start: Where another scan has been, to go on from there.

    Attributes:
        complete: Whether the end was reached.
        seen: How many different items there were.
        duplicates: How many items came again, beside the one that each page begins with.
        rewinds: How often the scan had to go back, since items before it were deleted.
        total: How many items there are, as the server said first; None where it does not say.
    """

    def __init__(
        self,
        fetch: Callable[[str | None, int], Page[T]],
        per_page: int,
        *,
        name: Callable[[], str],
        start: Position | None = None,
    ) -> None:
        self.complete = False
        self.duplicates = 0
        self.rewinds = 0
        self.total: int | None = None
        self._fetch = fetch
        self._name = name
        self._per_page = self._size = per_page
        self._cursor: str | None = None
        self._marks = list(start) if start else []
        self._seen = {mark.identity for mark in self._marks}
        self._has_place = bool(self._marks)
        # How many items of the page come before the first that was seen: they were inserted meanwhile.
        self._passed = 0
        self._found = 0
        # A scan that goes on from elsewhere has not seen what came before: all of it counts as seen.
        self._is_resumed = bool(self._marks)

    @property
    def seen(self) -> int:
        """How many different items there were."""
        return self._found

    @property
    def position(self) -> Position | None:
        """Where the scan is; None at the beginning, and where the list has no marks."""
        return Position(*self._marks[-2:]) if len(self._marks) > 1 else None

    def advance(self, most: int | None = None) -> list[T]:
        """Return the items of the next page that were not seen before, none of them where all were passed over.

        Sends one request, and more where the list has changed.

        Args:
            most: How many items are wanted at most.

        Raises:
            PaginationError: The server's cursor does not move, or the place to go on from is not there any more.
            WandqlError: A request failed.
        """
        while True:
            before, self._passed = self._marks[-1:], 0
            page = self._next_page(most)
            if self.total is None:
                self.total = page.total
            self.complete = page.end is None
            self._cursor = page.end
            self._has_place = bool(page.marks)
            if page.marks is None:
                items = [item for item in page.items if item is not None]
                self._found += len(items)
                return items
            if not page.marks:
                return []
            found = self._new_items(page, page.marks)
            self._marks += page.marks
            if found is not None:
                return found
            if self.complete:
                return []
            if page.marks[-1:] == before:
                raise PaginationError(
                    f"The server says that there is another page of {self._name()}, but sends the same one again.",
                    hint="Report it to whoever runs the server; until then ask for one larger page.",
                    attempts=1,
                )

    def _new_items(self, page: Page[T], marks: list[Mark]) -> list[T] | None:
        """Return the items that are new, but for those that were passed over; None where all were seen."""
        items: list[T] = []
        is_new = False
        for mark, item in list(zip(marks, page.items, strict=True))[self._passed :]:
            if mark.identity in self._seen:
                self.duplicates += 1
                continue
            is_new = True
            self._seen.add(mark.identity)
            self._found += 1
            if item is not None:
                items.append(item)
        return items if is_new else None

    def _next_page(self, most: int | None) -> Page[T]:
        wanted = self._per_page if most is None else min(most, self._per_page)
        if not self._has_place:
            return self._sized(self._cursor, wanted, overlap=0)
        back = 1
        while True:
            start = len(self._marks) - 1 - back
            after = self._marks[start].cursor if start >= 0 else None
            page = self._sized(after, wanted, overlap=1)
            if not page.marks and page.end is not None:
                return page
            known = next((n for n, mark in enumerate(page.marks or ()) if mark.identity in self._seen), None)
            if known is not None:
                self.duplicates -= 1
                # What stood behind this cursor is told anew.
                del self._marks[max(start + 1, 0) :]
                self._passed = known
                return page
            if after is None:
                if self._is_resumed:
                    self._find_place(page)
                    return self._next_page(most)
                return page
            self.rewinds += 1
            back = min(max(self._per_page, STEP_BACK * back), len(self._marks))

    def _find_place(self, page: Page[T]) -> None:
        """Go through the list from its beginning until an item that was seen: it counts as seen with all before."""
        place = {mark.identity for mark in self._marks}
        self._marks.clear()
        while True:
            marks = page.marks or []
            for mark in marks:
                self._marks.append(mark)
                if mark.identity in place:
                    return
                self._seen.add(mark.identity)
            if page.end is None or not marks:
                raise PaginationError(
                    f"The place to go on from is not in {self._name()} any more: what was there was deleted.",
                    hint="Begin anew, without start=.",
                    attempts=1,
                )
            page = self._sized(marks[-1].cursor, self._per_page, overlap=0)

    def _sized(self, after: str | None, wanted: int, *, overlap: int) -> Page[T]:
        while True:
            asked = min(wanted, self._size) + overlap
            try:
                page = self._fetch(after, asked)
            except WandqlError as error:
                if self._size <= SMALLEST_PAGE or not is_overload(error):
                    raise
                self._size = max(self._size // 2, SMALLEST_PAGE)
            else:
                came = len(page.items)
                if page.end is not None and came < asked:
                    # The client has asked for less meanwhile, or the server gives no more.
                    self._size = max(came - overlap, SMALLEST_PAGE)
                self._size = min(2 * self._size, self._per_page)
                return page
