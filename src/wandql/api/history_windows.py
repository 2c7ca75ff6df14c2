"""Which steps of a history to ask for next, so that no row is missed and gaps cost little. Pure.

A server answers a window of steps with all its rows where they are no more than the samples that were asked for, and
with some of them where they are more. So twice a page is asked for, and a window whose answer is longer than a page is
asked for again in parts. Windows grow where rows are rare: steps may count the frames of a game, or start at a billion.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

__all__ = ["Window", "Windows"]

GROWTH: Final = 8


class Window(NamedTuple):
    """A request for rows.

    Attributes:
        first: The first step.
        end: The step behind the last.
        samples: The most rows to send.
    """

    first: int
    end: int
    samples: int


class Windows:
    """The windows of one scan.

    Args:
        first: The first step of the scan.
        end: The step behind its last.
        page_size: The most rows that one request should bring.
        rows: How many rows `steps` steps hold, as far as anybody knows. It is only a hint.
        steps: See `rows`.
    """

    def __init__(self, first: int, end: int, *, page_size: int, rows: int = 1, steps: int = 1) -> None:
        self._first = first
        self._end = end
        self._page_size = page_size
        self._samples = 2 * page_size
        self._width = self._fitting(steps, rows)
        self._is_gap = False

    def next(self) -> Window | None:
        """Return the next window, or None at the end. It stays the next until its answer is accepted."""
        if self._first >= self._end:
            return None
        return Window(self._first, min(self._first + self._width, self._end), self._samples)

    def ahead(self, most: int) -> list[Window]:
        """Return the next windows, one behind the other, as they are if the answers leave the width as it is.

        Whatever an answer makes of the width, those behind it stay the next ones, up to the first that is not accepted.

        Args:
            most: The most windows to return.
        """
        return [
            Window(first, min(first + self._width, self._end), self._samples)
            for first in range(self._first, self._end, self._width)[:most]
        ]

    def accept(self, window: Window, rows: int) -> bool:
        """Return whether an answer of so many rows holds all rows of a window, and go on behind it then.

        Otherwise `shrink` has to be called.
        """
        if 2 * rows > window.samples:
            return False
        width = window.end - window.first
        self._first = window.end
        self._samples = 2 * self._page_size
        if self._is_gap:
            self._width = self._page_size
        elif rows:
            self._width = min(self._fitting(width, rows), GROWTH * width)
        else:
            self._width = GROWTH * width
        self._is_gap = False
        return True

    def shrink(self, window: Window, steps: Sequence[int]) -> None:
        """Make the next window smaller.

        Args:
            window: The one whose answer was not accepted.
            steps: The steps of the rows in that answer, as far as they are known.
        """
        width = window.end - window.first
        gap = steps[0] - window.first if steps else 0
        self._is_gap = gap > self._page_size
        if self._is_gap:
            self._width = gap
        elif width == 1:
            self._samples *= GROWTH  # Many rows have the same step.
        else:
            page = steps[2 * self._page_size // 3] - window.first if steps else width // GROWTH
            self._width = max(1, min(page, width // 2))

    def _fitting(self, steps: int, rows: int) -> int:
        """Return how many steps hold two thirds of a page, where `steps` hold `rows`."""
        width = 2 * steps * self._page_size // (3 * max(rows, 1))
        # Usually no two rows have the same step: as many steps as a page has rows fit then.
        return max(width, self._page_size if rows <= steps else 1)
