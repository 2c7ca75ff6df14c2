# Derived from src/wandql/api/_async/run_pages.py by `make generate`: edit that file instead.
"""The runs of a list as the server tells them: many at a time, and none of them kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from wandql.api._sync.scan import Scan
from wandql.client.bars import bar_unless
from wandql.client.seam_sync import run_in_thread, run_many
from wandql.client.transfers.progress import Progress
from wandql.graphql.generated.fragments import RunFields

__all__ = ["RunPages"]

ROWS: Final = 1000
"""How many runs are taken at once: enough to keep what each call costs small, and few enough to hold."""


class RunPages:
    """One pass through a list of runs.

    Args:
        scan: The pass.
        place: Tells the path of the project, once a page is here.
        limit: The most runs that are wanted.
        silent: Whether nobody is shown how far it is.
    """

    def __init__(self, scan: Scan[RunFields], place: Callable[[], str], limit: int | None, *, silent: bool) -> None:
        self._scan = scan
        self._place = place
        self._left = self._limit = limit
        self._silent = silent
        self._waiting: list[RunFields] = []
        self._listener: Progress | None = None

    @property
    def complete(self) -> bool:
        """Whether there are no more."""
        return self._scan.complete or self._left == 0

    @property
    def place(self) -> str:
        """The path of the project. A page must be here."""
        return self._place()

    def advance(self) -> list[RunFields]:
        """Return the runs of the next page that were not there before. Sends one request, none at the end.

        Raises:
            WandqlError: The request failed.
        """
        if self.complete:
            return []
        nodes = self._scan.advance(self._left)[: self._left]
        if self._left is not None:
            self._left -= len(nodes)
        return nodes

    def walk(self, take: Callable[[Sequence[RunFields], str], None]) -> None:
        """Give all runs to a function, with the path of their project: many at a time, whatever the size of a page.

        While it takes some, the next ones are fetched. What either raises ends the other. Who watches a terminal sees a
        bar.
        """
        with bar_unless(None, "runs", silent=self._silent, unit="runs") as self._listener:
            self._fill()
            while not self.complete:
                taken, self._waiting = self._waiting, []
                both: list[Callable[[], None]] = [partial(self._give, taken, take), self._fill]
                run_many(both, at_once=2, abort=lambda: None)
            self._give(self._waiting, take)

    def _fill(self) -> None:
        while not self.complete and len(self._waiting) < ROWS:
            self._waiting += self.advance()
            if self._listener:
                self._listener(self._scan.seen, self._total)

    @property
    def _total(self) -> int | None:
        total = self._scan.total
        return total if total is None or self._limit is None else min(total, self._limit)

    def _give(self, nodes: Sequence[RunFields], take: Callable[[Sequence[RunFields], str], None]) -> None:
        for start in range(0, len(nodes), ROWS):
            run_in_thread(take, nodes[start : start + ROWS], self.place)
