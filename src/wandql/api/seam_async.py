"""What only a synchronous collection can be: `len(runs)` and `runs[0]` cannot wait. `seam_sync` has them."""

from __future__ import annotations

from typing import Generic, TypeVar

__all__ = ["Indexed", "Sized", "Streamed"]

T = TypeVar("T")


class Indexed(Generic[T]):
    """Has `await runs.at(0)` and `await runs.slice(0, 10)` only."""

    def __bool__(self) -> bool:
        """Refuse: without a request it would always be true."""
        raise TypeError(f"whether {self!r} is empty needs a request: write `await runs.first() is None`")


class Sized:
    """Has `await runs.count()` only."""


class Streamed:
    """Has `await runs.to_arrow()` only."""
