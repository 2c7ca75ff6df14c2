"""What is written by hand for each colour: this is for threads, `seam_async` for tasks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from wandql import local as open_local

__all__ = ["at_once", "open_local"]

T = TypeVar("T")


def at_once(count: int, function: Callable[[], T]) -> list[T]:
    """Call a function that many times at once, and return what each call returned."""
    start = Barrier(count)

    def call(_: int) -> T:
        start.wait(timeout=10)
        return function()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(call, range(count)))
