"""Files of tables: they appear in one step, and take the place of no device."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import pytest

from wandql.frames.writers import replacing


def test_a_pipe_is_written_into_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_bytes)
        with replacing(pipe) as file:
            file.write(b"rows")
        assert read.result(10) == b"rows"
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_bytes(b"old")
    link.symlink_to(file)
    with replacing(link) as new:
        new.write(b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_after_an_error_all_is_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="stop"), replacing(file) as new:
        _fail_within(new)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def _fail_within(file: IO[bytes]) -> None:
    file.write(b"new")
    raise RuntimeError("stop")
