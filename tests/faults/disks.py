"""Disks that refuse."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


def failing_disk(patch: pytest.MonkeyPatch, code: int, *, after: int) -> None:
    """Let every write fail once so many bytes have been written."""
    room = after
    write = os.write

    def limited(descriptor: int, content: bytes) -> int:
        nonlocal room
        if not room:
            raise OSError(code, os.strerror(code))
        written = write(descriptor, content[:room])
        room -= written
        return written

    patch.setattr(os, "write", limited)


@contextmanager
def forbidden_directory() -> Iterator[Path]:
    """A directory that this process may enter and not write to, even where root runs the tests."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield directory
    finally:
        if is_root:
            os.seteuid(0)
        shutil.rmtree(directory)
