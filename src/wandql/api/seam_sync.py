"""What only a synchronous collection can be: indexed by brackets and measured by `len`."""

from __future__ import annotations

import builtins
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, overload

if TYPE_CHECKING:
    from pyarrow import Table

__all__ = ["Indexed", "Sized", "Streamed"]

T = TypeVar("T")


class Indexed(ABC, Generic[T]):
    """Gives `runs[0]`, `runs[-1]`, `runs[:10]`, `reversed(runs)` and `if runs:`."""

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: builtins.slice) -> list[T]: ...
    def __getitem__(self, index: int | builtins.slice) -> T | list[T]:
        """Return the item at `index`, or the items of a slice: see `at` and `slice`."""
        return self.slice(index.start, index.stop, index.step) if isinstance(index, builtins.slice) else self.at(index)

    def __reversed__(self) -> Iterator[T]:
        """Iterate over the items from the last to the first, which needs all pages."""
        return iter(self.slice(step=-1))

    def __bool__(self) -> bool:
        """Return whether there is any item. Sends one request where no page is there yet."""
        return self.first() is not None

    @abstractmethod
    def first(self) -> T | None:
        """Return the first item, or None."""

    @abstractmethod
    def at(self, index: int) -> T:
        """Return the item at `index`."""

    @abstractmethod
    def slice(self, start: int | None = None, stop: int | None = None, step: int | None = None) -> list[T]:
        """Return the items of a slice."""


class Sized(ABC):
    """Gives `len(runs)`."""

    def __len__(self) -> int:
        """Return how many items there are. Sends one request where no page is there yet, and keeps that page."""
        return self._length()

    @abstractmethod
    def _length(self) -> int:
        """Return how many items there are on all pages."""


class Streamable(Protocol):
    """What can be read as a stream of the Arrow C interface."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class Streamed(ABC):
    """Is itself a table for whatever reads Arrow streams: `polars.DataFrame(runs)`, `pyarrow.table(runs)`, DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return `to_arrow()` as a stream of the Arrow C interface. Sends requests as it does."""
        return _stream(self.to_arrow(), requested_schema)

    @abstractmethod
    def to_arrow(self) -> Table:
        """Return an Arrow table."""


def _stream(table: Streamable, requested_schema: object | None) -> object:
    return table.__arrow_c_stream__(requested_schema)
