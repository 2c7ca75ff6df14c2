"""What is written by hand for each colour: this is for tasks, `seam_sync` for threads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio

from wandql import async_local as open_local

__all__ = ["at_once", "open_local"]

T = TypeVar("T")


async def at_once(count: int, function: Callable[[], Awaitable[T]]) -> list[T]:
    """Call a function that many times at once, and return what each call returned."""
    results: list[T] = []

    async def call() -> None:
        results.append(await function())

    async with anyio.create_task_group() as tasks:
        for _ in range(count):
            tasks.start_soon(call)
    return results
