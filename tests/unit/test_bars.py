"""A bar is shown to who watches a terminal for longer than a second, and nothing to anybody else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from wandql.client.bars import bar_unless

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")

SLOW = """
import time
from wandql.client.bars import bar_unless
with bar_unless(None, "digits:v0", silent={silent}) as listener:
    for done in range(4):
        if listener:
            listener(done * 1000, 4000)
        time.sleep({seconds})
"""

TABLE = """
from wandql.client import bars
from wandql.testing import Server
bars.DELAY = 0.0
with Server() as server, server.api() as api:
    server.add_runs("mnist", 5)
    api.runs("alice/mnist", per_page=2).to_jsonl({path!r})
"""


def seen_on_a_terminal(code: str, changes: Mapping[str, str] | None = None) -> str:
    """Return what a new interpreter writes to a terminal behind its stderr."""
    ours, theirs = pty.openpty()
    environ = {name: value for name, value in os.environ.items() if name != "CI"}
    try:
        with subprocess.Popen(
            [sys.executable, "-c", code], stderr=theirs, env={**environ, "TERM": "xterm", **(changes or {})}
        ) as process:
            os.close(theirs)
            seen = b""
            while True:
                try:
                    piece = os.read(ours, 1 << 16)
                except OSError:  # so ends a terminal on Linux
                    break
                if not piece:
                    break
                seen += piece
        assert process.returncode == 0, seen
    finally:
        os.close(ours)
    return seen.decode()


def test_a_terminal_shows_how_far_it_is_and_is_wiped_in_the_end() -> None:
    seen = seen_on_a_terminal(SLOW.format(silent=False, seconds=0.6))
    assert "digits:v0" in seen
    assert "/4.0 kB" in seen
    assert seen.endswith("\x1b[2K"), "The line of the bar is erased"


def test_a_file_of_runs_shows_how_many_there_are(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    seen = seen_on_a_terminal(TABLE.format(path=str(path)))
    assert "5/5" in seen
    assert "runs" in seen
    assert len(path.read_text().splitlines()) == 5


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        (SLOW.format(silent=True, seconds=0.4), {}),
        (SLOW.format(silent=False, seconds=0), {}),
        (SLOW.format(silent=False, seconds=0.4), {"CI": "true"}),
        (SLOW.format(silent=False, seconds=0.4), {"TERM": "dumb"}),
        ("import sys\nsys.modules['rich'] = None\n" + SLOW.format(silent=False, seconds=0.4), {}),
    ],
    ids=["silent", "quick", "continuous integration", "dumb terminal", "without rich"],
)
def test_nothing_is_written_to_a_terminal_where_nobody_wants_a_bar(code: str, changes: dict[str, str]) -> None:
    assert seen_on_a_terminal(code, changes) == ""


def test_nothing_is_written_where_there_is_no_terminal() -> None:
    environ = {**os.environ, "FORCE_COLOR": "1", "TERM": "xterm"}
    code = SLOW.format(silent=False, seconds=0.4)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environ, timeout=60)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_listener_of_the_caller_is_told_itself() -> None:
    def listener(done: int, total: int | None, /) -> None: ...

    with bar_unless(listener, "digits:v0", silent=False) as told:
        assert told is listener
