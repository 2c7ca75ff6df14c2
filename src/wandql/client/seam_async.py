"""Where tasks and threads really differ, for tasks. `seam_sync` holds the same names for threads."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from types import TracebackType
from typing import ParamSpec, TypeVar

import anyio
import anyio.lowlevel
import anyio.to_thread

from wandql.client.forks import generation
from wandql.errors import UsageError

__all__ = ["Clock", "Lock", "Slots", "Timer", "bind", "run_in_thread", "run_many", "shielded", "unwind", "within"]

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


class Slots:
    """So many at a time, across the tasks of one event loop: the one where it was first used.

    Raises:
        UsageError: It was first used in another event loop. What it guards, such as connections, belongs to that one.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._slots = anyio.Semaphore(number)
        self._loop: object = None
        self._generation = generation()

    async def __aenter__(self) -> None:
        loop = anyio.lowlevel.current_token()
        if self._generation != generation():  # a forked child: its parent's event loop does not run here
            self._slots, self._loop, self._generation = anyio.Semaphore(self._number), None, generation()
        if loop != (self._loop or loop):
            raise UsageError(
                "This was used in another event loop before, to which its connections belong.",
                hint="Make a new client in each event loop: inside the function that asyncio.run() gets.",
            )
        self._loop = loop
        await self._slots.acquire()

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._slots.release()


class Lock(Slots):
    """One at a time, across the tasks of one event loop. See `Slots`."""

    def __init__(self) -> None:
        super().__init__(1)


class Timer:
    """What `within` measures."""

    def __init__(self, seconds: float, scope: anyio.CancelScope) -> None:
        self._seconds = seconds
        self._scope = scope

    def check(self) -> None:
        """Do nothing: what takes too long is cancelled."""

    def restart(self) -> None:
        """Begin anew."""
        self._scope.deadline = anyio.current_time() + self._seconds


@contextmanager
def within(seconds: float) -> Generator[Timer, None, None]:
    """Cancel what takes longer: a `TimeoutError` is raised then."""
    with anyio.fail_after(seconds) as scope:
        yield Timer(seconds, scope)


def bind(connection: object) -> None:
    """Do nothing: what waits for a connection can be cancelled."""
    del connection


def shielded() -> AbstractContextManager[object]:
    """Let what is inside finish though its task is cancelled."""
    return anyio.CancelScope(shield=True)


async def run_in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking function without blocking the event loop."""
    return await anyio.to_thread.run_sync(lambda: function(*args, **kwargs))


async def run_many(
    functions: Sequence[Callable[[], Awaitable[T]]], *, at_once: int, abort: Callable[[], None]
) -> list[T]:
    """Call functions, several at a time. The first that fails ends the others.

    Args:
        functions: What to call.
        at_once: How many at a time.
        abort: Wakes threads that wait; tasks are cancelled instead.

    Returns:
        What each returned, in the order of the functions.
    """
    del abort
    results: dict[int, T] = {}
    failures: list[Exception] = []
    waiting = enumerate(functions)

    async def work() -> None:
        try:
            for index, function in waiting:
                results[index] = await function()
        except Exception as failure:
            failures.append(failure)
            raise

    try:
        async with anyio.create_task_group() as group:
            for _ in range(min(at_once, len(functions))):
                group.start_soon(work)
    except BaseExceptionGroup:
        if not failures:
            raise
        raise failures[0] from failures[0].__cause__
    return [results[index] for index in range(len(functions))]


async def unwind(iterator: AsyncIterator[object]) -> None:
    """End an iterator that nobody goes on with, and those that it is made of.

    Closing it would end the outermost alone. So what the innermost waits for is cancelled.
    """
    with anyio.CancelScope() as scope, suppress(Exception):
        scope.cancel()
        while True:
            await anext(iterator)
