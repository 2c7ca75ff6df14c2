"""Where tasks and threads really differ, for threads. `seam_async` holds the same names for tasks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
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


def within(seconds: float) -> AbstractContextManager[object]:  # noqa: ARG001 - the twin's
    """Do nothing: a thread cannot be interrupted. The limit of each single read has to do."""
    return nullcontext()


def run_in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking function: a thread may block, so right here."""
    return function(*args, **kwargs)
