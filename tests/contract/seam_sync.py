"""What is written by hand for each colour: this is for threads, `seam_async` for tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TypeVar

from wandql import Api
from wandql import local as open_local
from wandql.api.local import connect as connect_to
from wandql.testing import Server

__all__ = ["at_once", "connect_to", "open_local", "open_on"]

T = TypeVar("T")


def at_once(count: int, function: Callable[[], T]) -> list[T]:
    """Call a function that many times at once, and return what each call returned."""
    start = Barrier(count)

    def call(_: int) -> T:
        start.wait(timeout=10)
        return function()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(call, range(count)))


@contextmanager
def open_on(server: Server, route: str) -> Iterator[Api]:
    """Open an Api on a server for tests, by either route."""
    key = {"base_url": server.url, "api_key": server.api_key, "project": None} if route == "tcp" else None
    with Api(**key) if key else server.api() as api:
        yield api
