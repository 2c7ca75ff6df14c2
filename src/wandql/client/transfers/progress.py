"""How a transfer tells how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from wandql.client.forks import Lock

__all__ = ["Progress", "Sum"]


class Progress(Protocol):
    """Whatever can be called so is told how far a transfer is: a function, or a method of a progress bar.

    It is called after every chunk of some tens of kilobytes, from the thread that transfers, and should be quick.
    """

    def __call__(self, done: int, total: int | None, /) -> None:
        """Take note.

        Args:
            done: How many bytes are there. It can go down: a transfer may have to begin anew.
            total: How many bytes there will be, or None where nobody knows.
        """
        ...


class Sum:
    """Adds up many transfers for one listener, which is called by one thread at a time.

    Args:
        listener: Who is told of the sum.
        sizes: The size of each transfer. One that is None makes the total None.
    """

    def __init__(self, listener: Progress, sizes: Sequence[int | None]) -> None:
        known = [size for size in sizes if size is not None]
        self._listener = listener
        self._total = sum(known) if len(known) == len(sizes) else None
        self._done = [0] * len(sizes)
        self._sum = 0
        self._lock = Lock()

    def part(self, index: int, listener: Progress | None = None) -> Progress:
        """Return who is to be told how far one transfer is.

        Args:
            index: Which transfer.
            listener: Who is told of that one as well.
        """

        def note(done: int, total: int | None, /) -> None:
            if listener is not None:
                listener(done, total)
            with self._lock:
                self._sum += done - self._done[index]
                self._done[index] = done
                self._listener(self._sum, self._total)

        return note
