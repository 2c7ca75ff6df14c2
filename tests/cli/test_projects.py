"""`wandql export` and `wandql import`: one line each, beside a running server."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from wandql.cli.commands import app
from wandql.testing import Server


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_a_project_goes_from_one_running_server_to_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with Server() as one, Server(entity="ben") as other:
        one.add_runs("mnist", 2)
        one.add_run("mnist", "third", files={"a.txt": b"content"})
        data = one._application.directory
        assert run("export", "alice/mnist", "out", "--data", data) == (
            0, "wandql project=alice/mnist runs=3 artifacts=0 sweeps=0 bytes=7 directory=out\n", "",
        )  # fmt: skip
        data = other._application.directory
        arguments = ("import", "out", "--entity", "ben", "--project", "digits", "--data", data)
        assert run(*arguments) == (0, "wandql project=ben/digits runs=3 artifacts=0 sweeps=0 bytes=7\n", "")
        with other.api() as api:
            assert sorted(run.id for run in api.runs("ben/digits")) == ["run-0000", "run-0001", "third"]
            assert api.run("ben/digits/third").file("a.txt").read() == b"content"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("export", "mnist", "out"), "'mnist' names no entity"),
        (("export", "a/b/c/d/e", "out"), "is not the path of a project"),
        (("export", "alice/nothing", "out"), "There is no project alice/nothing"),
        (("import", "nowhere"), "is not a whole export of a project"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
):
    monkeypatch.chdir(tmp_path)
    with Server() as server:
        code, out, err = run(*arguments, "--data", server._application.directory)
    assert (code, out) == (1, "")
    assert err.startswith("wandql: ")
    assert message in err
    assert "Hint: " in err
    assert list(tmp_path.iterdir()) == []
