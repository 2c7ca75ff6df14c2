"""The command line: what it says when something is missing or wrong. Serving itself is tested in tests/server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wandql.cli.places import default_data_directory
from wandql.version import __version__


def wandql(*arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    code = f"{before}\nfrom wandql.cli import main\nmain()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_it_tells_its_version():
    assert wandql("--version").stdout == f"wandql {__version__}\n"


def test_help_names_every_option_of_serve():
    shown = wandql("serve", "--help").stdout
    assert all(option in shown for option in ("--host", "--port", "--data", "--api-key", "--entity", "--crash-after"))


@pytest.mark.parametrize(("module", "extra"), [("typer", "cli"), ("ariadne", "server"), ("uvicorn", "server")])
def test_a_missing_extra_is_named(module: str, extra: str):
    result = wandql("serve", "--port", "0", before=f"import sys; sys.modules['{module}'] = None")
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"wandql: this command needs {module}, which is not installed. Run: pip install 'wandql[{extra}]'\n"
    )


def test_an_error_of_its_own_is_not_taken_for_a_missing_extra():
    result = wandql("serve", "--port", "0", before="import sys; sys.modules['wandql.server.store'] = None")
    assert "wandql.server.store" in result.stderr
    assert "pip install" not in result.stderr


def test_a_data_directory_that_cannot_be_is_one_line(tmp_path: Path):
    path = tmp_path / "file"
    path.write_text("")
    result = wandql("serve", "--port", "0", "--data", str(path))
    assert (result.returncode, result.stdout) == (1, "")
    assert str(path) in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("arguments", [("--port", "70000"), ("--port", "x"), ("--crash-after", "0"), ("--nope",)])
def test_a_wrong_option_is_refused(arguments: tuple[str, ...]):
    result = wandql("serve", *arguments)
    assert result.returncode == 2
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, ".local/share/wandql"),
        ("darwin", {}, "Library/Application Support/wandql"),
        ("win32", {}, "AppData/Local/wandql"),
        ("linux", {"XDG_DATA_HOME": "/elsewhere"}, "/elsewhere/wandql"),
        ("win32", {"LOCALAPPDATA": "/appdata"}, "/appdata/wandql"),
    ],
)
def test_data_is_kept_where_the_platform_keeps_it(
    monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], expected: str
):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert default_data_directory() == Path.home() / expected
