"""Where tasks and threads really differ, for tasks. `seam_sync` holds the same names for threads."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import ParamSpec, TypeVar

import anyio
import anyio.to_thread

__all__ = ["Clock", "Lock", "run_in_thread"]

P = ParamSpec("P")
T = TypeVar("T")


class Clock:
    """Time as a client sees it."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait; cancelling ends it."""
        await anyio.sleep(seconds)


class Lock:
    """One at a time, across the tasks of one event loop."""

    def __init__(self) -> None:
        self._lock: anyio.Lock | None = None

    async def __aenter__(self) -> None:
        # anyio's lock belongs to the event loop that it was made in, which need not run yet when a client is made.
        self._lock = self._lock or anyio.Lock()
        await self._lock.acquire()

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.release()


async def run_in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking function without blocking the event loop."""
    return await anyio.to_thread.run_sync(lambda: function(*args, **kwargs))
