"""A file that remembers which runs of a bulk change are done, so that the next attempt goes on where one ended."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import pydantic
from pydantic_core import from_json, to_json

from wandql.client.forks import Lock
from wandql.client.transfers.directories import local_errors
from wandql.client.transfers.file_locks import try_lock
from wandql.errors import UsageError

__all__ = ["Journal"]

BLOCK: Final = 1 << 20


class Journal:
    """Keeps the paths of runs, each in a line that is on disk before `add` returns.

    The first line says what for. A last line that a crash cut off counts as not there.

    Args:
        path: The file. It is made where it is missing; its directory must be there.
        job: What is done to which runs: a journal of something else is refused.

    Raises:
        UsageError: The file is no journal, or one of another job, or another process uses it.
        LocalFileError: The file cannot be read or written.
    """

    def __init__(self, path: Path, job: dict[str, object]) -> None:
        self._path = path
        self._guard = Lock()
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
        with local_errors(path, "keep a journal"):
            self._descriptor = os.open(path, flags, 0o600)
            try:
                self.done: frozenset[str] = self._begin(job)
            except BaseException:
                os.close(self._descriptor)
                raise

    def add(self, run: str) -> None:
        """Say that a run is done.

        Raises:
            LocalFileError: The file cannot be written.
        """
        with self._guard, local_errors(self._path, "keep a journal"):
            self._write(run)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begin(self, job: dict[str, object]) -> frozenset[str]:
        if not try_lock(self._descriptor):
            raise UsageError(f"Another process uses the journal {self._path}.", hint="Wait until it has ended.")
        content = b"".join(iter(lambda: os.read(self._descriptor, BLOCK), b""))
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.ftruncate(self._descriptor, len(whole))
        if not whole:
            self._write(job)
            return frozenset()
        first, *rest = whole.splitlines()
        try:
            if from_json(first) != job:
                raise UsageError(
                    f"The journal {self._path} is one of another change: {first.decode(errors='replace')[:200]}.",
                    hint="Choose another file, or delete this one if that change is over.",
                )
            return frozenset(PATHS.validate_python([from_json(line) for line in rest]))
        except ValueError as error:
            if isinstance(error, UsageError):
                raise
            raise UsageError(f"{self._path} is no journal.", hint="Choose another file.") from error

    def _write(self, value: object) -> None:
        os.write(self._descriptor, to_json(value) + b"\n")
        os.fsync(self._descriptor)


PATHS: Final = pydantic.TypeAdapter(list[str])
