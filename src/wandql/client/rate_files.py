"""What the processes of one machine know together of a server's limit on requests: a small file under a lock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import pydantic

from wandql.client.rates import RateWindow
from wandql.client.transfers.directories import local_errors
from wandql.client.transfers.file_locks import try_lock
from wandql.errors import LocalFileError

__all__ = ["RateFile"]

T = TypeVar("T")

# Whoever has the lock reads and writes some hundred bytes.
PATIENCE: Final = 5.0
POLLING: Final = 0.001
LARGEST: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class RateFile:
    """A file that holds a `RateWindow`. Its times are seconds since 1970: all processes have these alike.

    Attributes:
        path: The file. Its directory must be there.
    """

    path: Path

    def change(self, step: Callable[[RateWindow], tuple[RateWindow, T]]) -> T:
        """Change what the file holds while nobody else does. What cannot be read counts as nothing known.

        Args:
            step: From what is known to what is known then, and a result.

        Raises:
            LocalFileError: The file cannot be read, written or locked.
        """
        with local_errors(self.path, "share the limit on requests"):
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            try:
                self._lock(descriptor)
                window, result = step(_read(descriptor))
                os.lseek(descriptor, 0, os.SEEK_SET)
                os.ftruncate(descriptor, 0)
                os.write(descriptor, FORM.dump_json(window))
            finally:
                os.close(descriptor)
            return result

    def _lock(self, descriptor: int) -> None:
        end = time.monotonic() + PATIENCE
        while not try_lock(descriptor):
            if time.monotonic() > end:
                raise LocalFileError(
                    f"Somebody has held the lock of {self.path} for {PATIENCE:g} seconds.",
                    hint="Is a process that uses it stopped? Else choose another rate_limit_file.",
                    filename=str(self.path),
                )
            time.sleep(POLLING)


FORM: Final = pydantic.TypeAdapter(RateWindow)


def _read(descriptor: int) -> RateWindow:
    try:
        return FORM.validate_json(os.read(descriptor, LARGEST))
    except pydantic.ValidationError:
        return RateWindow()
