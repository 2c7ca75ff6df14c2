"""What is written by hand for each colour: this is for tasks, `seam_sync` for threads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio

from wandql import AsyncApi
from wandql import async_local as open_local
from wandql.api.local import async_connect as connect_to
from wandql.testing import Server

__all__ = ["at_once", "connect_to", "open_local", "open_on"]

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


@asynccontextmanager
async def open_on(server: Server, route: str) -> AsyncIterator[AsyncApi]:
    """Open an Api on a server for tests, by either route."""
    key = {"base_url": server.url, "api_key": server.api_key, "project": None} if route == "tcp" else None
    async with AsyncApi(**key) if key else server.async_api() as api:
        yield api
