"""Where tasks and threads really differ, for threads. `seam_async` holds the same names for tasks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

__all__ = ["Clock", "Lock", "run_in_thread", "within"]

P = ParamSpec("P")
T = TypeVar("T")

Lock = threading.Lock


class Clock:
    """Time as a client sees it."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait; Ctrl-C ends it."""
        time.sleep(seconds)


@contextmanager
def within(seconds: float) -> Generator[Callable[[], None], None, None]:
    """Yield a function that raises a `TimeoutError` once the time is over: a thread has to look for itself."""
    end = time.monotonic() + seconds

    def check() -> None:
        if time.monotonic() > end:
            raise TimeoutError

    yield check


def run_in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking function: a thread may block, so right here."""
    return function(*args, **kwargs)
