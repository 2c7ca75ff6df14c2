"""`make demo`: what a new user runs first."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "examples" / "demo.py"

pytestmark = [pytest.mark.interop, pytest.mark.slow]


def test_the_demo_logs_and_queries_a_dozen_runs_and_leaves_nothing_behind(tmp_path: Path):
    scratch, home = tmp_path / "tmp", tmp_path / "home"
    scratch.mkdir()
    home.mkdir()
    environment = os.environ | {"TMPDIR": str(scratch), "HOME": str(home), "COLUMNS": "100"}
    before = set(ROOT.iterdir())
    demo = subprocess.run(
        [sys.executable, DEMO], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert demo.returncode == 0, demo.stderr
    assert demo.stderr == ""
    assert "12 runs with config and summary, 1 request" in demo.stdout
    assert max(map(len, demo.stdout.splitlines())) <= 100
    assert "█" in demo.stdout
    assert [*scratch.iterdir(), *home.rglob("*")] == []
    assert set(ROOT.iterdir()) == before


@pytest.mark.parametrize(
    ("what", "script", "message"),
    [
        ("TRAINING", "import sys; sys.exit(3)", "demo: the training failed with exit code 3; what it said is above."),
        ("WANDQL", "#!/bin/sh\necho no port >&2", "demo: wandql serve did not start; what it said is above."),
    ],
)
def test_a_step_that_fails_ends_the_demo_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, script: str, message: str
):
    failing = tmp_path / "failing"
    failing.write_text(script)
    failing.chmod(0o755)
    demo = load_demo()
    monkeypatch.setattr(demo, what, failing)
    with pytest.raises(SystemExit, match=message):
        demo.main()


def load_demo() -> ModuleType:
    specification = importlib.util.spec_from_file_location("demo", DEMO)
    assert specification is not None
    assert specification.loader is not None
    demo = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(demo)
    return demo
