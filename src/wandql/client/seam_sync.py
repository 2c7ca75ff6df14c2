"""Where tasks and threads really differ, for threads. `seam_async` holds the same names for tasks."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import ParamSpec, TypeVar

from wandql.client.forks import Lock, Slots

__all__ = ["Clock", "Lock", "Slots", "Timer", "bind", "run_in_thread", "run_many", "shielded", "within"]

P = ParamSpec("P")
T = TypeVar("T")

# How long to wait for threads that were told to end.
GRACE = 1.0


class Clock:
    """Time as a client sees it."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait; Ctrl-C ends it."""
        time.sleep(seconds)


class _Deadline(threading.local):
    end = math.inf


_deadline = _Deadline()


class Timer:
    """What `within` measures."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.restart()

    def check(self) -> None:
        """Go on, unless the time is over: a thread has to look for itself.

        Raises:
            TimeoutError: It is.
        """
        if time.monotonic() > _deadline.end:
            raise TimeoutError

    def restart(self) -> None:
        """Begin anew."""
        _deadline.end = time.monotonic() + self._seconds


@contextmanager
def within(seconds: float) -> Generator[Timer, None, None]:
    """Let what this thread reads end in time: from connections that are bound, and where it checks the timer."""
    before = _deadline.end
    try:
        yield Timer(seconds)
    finally:
        _deadline.end = before


def bind(connection: object) -> None:
    """Let no read of a connection take longer than `within` allows to the thread that reads.

    The timeout of the network is for each read: a server that sends byte by byte would hold the thread for ever.

    Args:
        connection: One of httpcore's. What it is not, stays as it is.
    """
    read: Callable[..., bytes] | None = getattr(connection, "read", None)
    if read is None:
        return

    def read_in_time(max_bytes: int, timeout: float | None = None) -> bytes:
        left = _deadline.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return read(max_bytes, timeout=timeout if left == math.inf else min(timeout or left, left))

    # Its class would do it for the connections of others, too.
    setattr(connection, "read", read_in_time)  # noqa: B010 - a type checker knows only the class


def shielded() -> AbstractContextManager[object]:
    """Do nothing: threads are not cancelled."""
    return nullcontext()


def run_in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking function: a thread may block, so right here."""
    return function(*args, **kwargs)


def run_many(functions: Sequence[Callable[[], T]], *, at_once: int, abort: Callable[[], None]) -> list[T]:
    """Call functions, several at a time. The first that fails ends the others, as does Ctrl-C.

    Args:
        functions: What to call.
        at_once: How many at a time.
        abort: Tells those that are running to end, and wakes those that wait. One that takes more than a second for it
            is left to itself.

    Returns:
        What each returned, in the order of the functions.
    """
    results: dict[int, T] = {}
    ended: SimpleQueue[BaseException | None] = SimpleQueue()
    waiting = list(enumerate(functions))[::-1]
    guard = Lock()

    def take() -> tuple[int, Callable[[], T]] | None:
        with guard:
            return waiting.pop() if waiting else None

    def work() -> None:
        try:
            while taken := take():
                index, function = taken
                results[index] = function()
            ended.put(None)
        except BaseException as failure:  # noqa: BLE001 - it is raised where the caller is
            ended.put(failure)

    threads = [
        # A daemon: one that waits for a dead server does not keep the process from ending.
        threading.Thread(target=copy_context().run, args=(work,), name=f"wandql-{number}", daemon=True)
        for number in range(min(at_once, len(functions)))
    ]
    try:
        for thread in threads:
            thread.start()
        for _ in threads:
            _raise_next(ended)
    except BaseException:
        with guard:
            waiting.clear()
        abort()
        end = time.monotonic() + GRACE
        for thread in filter(threading.Thread.is_alive, threads):
            thread.join(max(0.0, end - time.monotonic()))
        raise
    return [results[index] for index in range(len(functions))]


def _raise_next(ended: SimpleQueue[BaseException | None]) -> None:
    while True:
        try:
            # On Windows Ctrl-C does not end a wait without limit.
            failure = ended.get(timeout=0.2)
        except Empty:
            continue
        if failure is not None:
            raise failure
        return


def unwind(iterator: Iterator[object]) -> None:
    """Do nothing: iterators of threads end with what holds them."""
    del iterator
