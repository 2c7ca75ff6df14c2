"""A progress bar for who watches on a terminal, and nothing for anybody else."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from wandql.client.transfers.progress import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

__all__ = ["Unit", "bar_unless"]

Unit: TypeAlias = Literal["bytes", "runs", "rows"]

DELAY: Final = 1.0
"""Seconds before a bar appears: what is done sooner needs none."""

# Two bars at once would write over each other: the second transfer goes without.
_screen: Final = Lock()


@contextmanager
def bar_unless(
    progress: Progress | None, what: str, *, silent: bool, unit: Unit = "bytes"
) -> Generator[Progress | None, None, None]:
    """Yield who is told how far something is: the caller's own listener, else a bar, else nobody.

    A bar needs a terminal behind stderr and the library rich. It appears after a second, and is wiped away at the end.

    Args:
        progress: The caller's listener; with one there is no bar.
        what: What is fetched.
        silent: Whether there never is a bar.
        unit: What is counted.
    """
    if progress is not None or silent or not _is_watched() or not _screen.acquire(blocking=False):
        yield progress
        return
    bar = _Bar(what, unit)
    try:
        yield bar
    finally:
        bar.close()
        _screen.release()


def _is_watched() -> bool:
    # Some services for continuous integration offer a terminal that nobody looks at; all of them set CI.
    terminal = sys.stderr
    return (
        terminal is not None  # under pythonw it is
        and terminal.isatty()
        and not os.environ.get("CI")
        and os.environ.get("TERM") != "dumb"
        and find_spec("rich") is not None
    )


class _Bar:
    def __init__(self, what: str, unit: Unit) -> None:
        self._what = what
        self._unit: Unit = unit
        self._due = time.monotonic() + DELAY
        self._lock = Lock()
        self._shown: tuple[RichProgress, TaskID] | None = None
        self._is_closed = False

    def __call__(self, done: int, total: int | None, /) -> None:
        with self._lock:
            if self._is_closed or time.monotonic() < self._due:
                return
            if self._shown is None:
                self._shown = _start(self._what, self._unit)
            bar, task = self._shown
            bar.update(task, completed=done, total=total)

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            if self._shown is not None:
                self._shown[0].stop()


def _start(what: str, unit: Unit) -> tuple[RichProgress, TaskID]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as RichProgress

    is_bytes = unit == "bytes"
    counts = [DownloadColumn(), TransferSpeedColumn()] if is_bytes else [MofNCompleteColumn(), TextColumn(unit)]
    bar = RichProgress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        *counts,
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    task = bar.add_task(what, total=None)
    bar.start()
    return bar, task
