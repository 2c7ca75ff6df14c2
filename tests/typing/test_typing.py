"""What type checkers accept and refuse.

`pass_*.py` must be free of errors. In `fail_*.py` every line with a comment `# error: <text>` must be reported, with
that text in the message, and no other line may be. Both hold for mypy and for pyright, at their strictest.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
EXPECTATION = re.compile(r"# error: (.+)$")

# What a checker says: file and line → messages.
Report = dict[tuple[str, int], str]


def mypy(folder: Path) -> Report:
    """Check every file of a folder with mypy, as strictly as the project's own code."""
    command = ["mypy", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache/cases")]
    lines = _run(*command, "--output", "json", *map(str, _cases(folder))).splitlines()
    report: Report = defaultdict(str)
    for each in map(json.loads, lines):
        if each["severity"] == "error":
            report[Path(each["file"]).name, each["line"]] += each["message"]
    return report


def pyright(folder: Path) -> Report:
    """Check every file of a folder with pyright in strict mode."""
    options = {"typeCheckingMode": "strict", "pythonVersion": "3.11"}
    # A configuration is only obeyed in the folder of what is checked.
    with tempfile.TemporaryDirectory() as scratch:
        for path in _cases(folder):
            shutil.copy(path, scratch)
        Path(scratch, "pyrightconfig.json").write_text(json.dumps(options), encoding="utf-8")
        output = _run("pyright", "--pythonpath", sys.executable, "--project", scratch, "--outputjson")
    report: Report = defaultdict(str)
    for each in json.loads(output)["generalDiagnostics"]:
        report[Path(each["file"]).name, each["range"]["start"]["line"] + 1] += each["message"]
    return report


def _cases(folder: Path) -> list[Path]:
    return sorted([*folder.glob("pass_*.py"), *folder.glob("fail_*.py")])


def _run(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done.stdout


def mismatches(folder: Path, report: Report) -> list[str]:
    """Return what a checker reports and should not, and what it should and does not."""
    expected = {
        (path.name, number): found[1].strip()
        for path in _cases(folder)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if path.name.startswith("fail_") and (found := EXPECTATION.search(line))
    }
    missed = [
        f"{name}:{line}: expected {text!r}, reported {report.get((name, line), '')!r}"
        for (name, line), text in expected.items()
        if text not in report.get((name, line), "")
    ]
    surplus = [f"{name}:{line}: {text}" for (name, line), text in report.items() if (name, line) not in expected]
    return sorted(missed + surplus)


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_the_public_surface_is_typed_as_the_cases_say(checker: Callable[[Path], Report]) -> None:
    assert _cases(FOLDER)
    assert mismatches(FOLDER, checker(FOLDER)) == []


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_a_wrong_case_is_found(checker: Callable[[Path], Report], tmp_path: Path) -> None:
    (tmp_path / "pass_number.py").write_text("x: int = 1\ny: int = 'one'  # error: int\n")
    (tmp_path / "fail_number.py").write_text(
        "x: int = 'one'  # error: int\ny: int = 'two'\nz: int = 3  # error: int\nw: int = 'four'  # error: bytes\n"
    )
    found = [each.split(": ")[0] for each in mismatches(tmp_path, checker(tmp_path))]
    assert found == ["fail_number.py:2", "fail_number.py:3", "fail_number.py:4", "pass_number.py:2"]
