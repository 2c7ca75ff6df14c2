"""Locks for threads that a forked child can use, and how it learns that it is one.

A child has one thread, and a copy of every lock as it was: one that another thread of the parent held would be held for
ever. So the first use in a child makes it anew.
"""

from __future__ import annotations

import os
import threading
from types import TracebackType
from typing import Protocol

__all__ = ["Lock", "Slots", "generation"]


class _Forks:
    """Counts the forks between the process that loaded this module and this one."""

    count = 0
    renewing = threading.Lock()

    @classmethod
    def note(cls) -> None:
        cls.count += 1
        cls.renewing = threading.Lock()


if hasattr(os, "register_at_fork"):  # not on Windows, which has no fork
    os.register_at_fork(after_in_child=_Forks.note)


def generation() -> int:
    """Return a number that is another one in a forked child."""
    return _Forks.count


class _Primitive(Protocol):
    def acquire(self) -> bool: ...
    def release(self) -> None: ...


class Slots:
    """So many at a time, across threads."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._primitive = self._make()
        self._generation = _Forks.count

    def __enter__(self) -> None:
        if self._generation != _Forks.count:
            with _Forks.renewing:
                if self._generation != _Forks.count:
                    self._primitive, self._generation = self._make(), _Forks.count
        self._primitive.acquire()

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._primitive.release()

    def _make(self) -> _Primitive:
        return threading.Semaphore(self._number)


class Lock(Slots):
    """One at a time, across threads."""

    def __init__(self) -> None:
        super().__init__(1)

    def _make(self) -> _Primitive:
        return threading.Lock()
