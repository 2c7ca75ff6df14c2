"""What is written by hand for each colour: this is for tasks, `seam_sync` for threads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import anyio

from wandql.client.transfers.locations import Location

__all__ = ["Asked", "at_once"]

T = TypeVar("T")


class Asked:
    """A source that remembers how often it was asked, and answers with one location after the other."""

    def __init__(self, *locations: Location) -> None:
        self.locations = list(locations)
        self.times = 0

    async def __call__(self) -> Location:
        self.times += 1
        return self.locations.pop(0) if len(self.locations) > 1 else self.locations[0]


async def at_once(functions: Sequence[Callable[[], Awaitable[T]]]) -> list[T | Exception]:
    """Call functions at once, and return what each returned or raised."""
    results: dict[int, T | Exception] = {}

    async def call(index: int, function: Callable[[], Awaitable[T]]) -> None:
        try:
            results[index] = await function()
        except Exception as error:  # noqa: BLE001 - it is a result
            results[index] = error

    async with anyio.create_task_group() as tasks:
        for index, function in enumerate(functions):
            tasks.start_soon(call, index, function)
    return [results[index] for index in range(len(functions))]
