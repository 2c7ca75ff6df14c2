"""Servers for users' tests: fresh, cheap, and as faulty as is asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import wandql
from wandql import errors
from wandql.server.messages import Response
from wandql.server.projects.exports import export_project
from wandql.testing import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as opened:
        yield opened


@pytest.fixture(params=["in-process", "tcp"])
def ask(request: pytest.FixtureRequest, server: Server) -> Iterator[Callable[[], wandql.Api]]:
    """Make an `Api` on the server, by either route."""
    opened: list[wandql.Api] = []

    def make() -> wandql.Api:
        by_wire = request.param == "tcp"
        api = wandql.Api(base_url=server.url, api_key=server.api_key, project=None) if by_wire else server.api()
        opened.append(api)
        return api

    yield make
    for api in opened:
        api.close()


def operations(server: Server) -> list[str]:
    return [exchange.operation for exchange in server.exchanges]


def test_servers_share_nothing() -> None:
    with Server() as one, Server() as other:
        one.add_runs("mnist", 2)
        assert one.api_key != other.api_key
        assert [project.name for project in one.api().projects()] == ["mnist"]
        assert list(other.api().projects()) == []


def test_the_entity_is_the_one_that_was_asked_for() -> None:
    with Server(entity="lab") as server, server.api() as api:
        assert (api.default_entity, api.viewer.username) == ("lab", "lab")


def test_an_artifact_has_all_that_was_given(server: Server, ask: Callable[[], wandql.Api], tmp_path: Path) -> None:
    server.add_runs("mnist", 2)
    path = server.add_artifact(
        "mnist",
        "digits",
        {"labels.csv": b"0,7", "train/images.bin": bytes(70_000), "empty": b""},
        type_name="images",
        run="run-0000",
        references={"raw": "s3://bucket/raw.tar"},
        aliases=["best"],
        tags=["small"],
        metadata={"rows": 2, "loss": float("nan")},
        description="All ten.",
        used_by=["run-0001"],
    )
    assert path == "alice/mnist/digits:v0"
    artifact = ask().artifact(path)
    assert (artifact.type, sorted(artifact.aliases), artifact.tags, artifact.description) == (
        "images", ["best", "latest"], ["small"], "All ten.",
    )  # fmt: skip
    assert artifact.metadata["rows"] == 2
    assert artifact.metadata["loss"] != artifact.metadata["loss"]
    assert [artifact.logged_by().id, *(run.id for run in artifact.used_by())] == ["run-0000", "run-0001"]
    assert artifact.manifest.entries["raw"].ref == "s3://bucket/raw.tar"
    assert {file.name: len(file.read()) for file in artifact.files() if file.name != "raw"} == {
        "empty": 0, "labels.csv": 3, "train/images.bin": 70_000,
    }  # fmt: skip
    assert "CommitArtifact" not in operations(server)


def test_the_same_contents_are_the_same_version_and_others_are_the_next(server: Server) -> None:
    assert server.add_artifact("mnist", "digits", {"a": b"1"}) == "alice/mnist/digits:v0"
    assert server.add_artifact("mnist", "digits", {"a": b"1"}, aliases=["again"]) == "alice/mnist/digits:v0"
    assert server.add_artifact("mnist", "digits", {"a": b"2"}) == "alice/mnist/digits:v1"
    versions = server.api().artifacts("dataset", "mnist/digits")
    assert [(version.version, sorted(version.aliases)) for version in versions] == [
        ("v1", ["latest"]), ("v0", ["again"]),
    ]  # fmt: skip


@pytest.mark.interop
def test_the_official_client_reads_an_artifact_and_agrees_on_its_digest(server: Server, tmp_path: Path) -> None:
    path = server.add_artifact("mnist", "digits", {"b": b"2", "a/c": b"1"}, references={"a/b": "s3://x/y"})
    script = f"""
import wandb
artifact = wandb.Api().artifact({path!r})
print(artifact.digest == artifact.manifest.digest(), sorted(artifact.manifest.entries))
artifact.get_entry("b").download(root=".")
"""
    environment = {**os.environ, **server.environment(), "WANDB_SILENT": "true", "WANDB_CACHE_DIR": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    assert ran.stdout == "True ['a/b', 'a/c', 'b']\n"
    assert (tmp_path / "b").read_bytes() == b"2"


def test_a_project_that_was_exported_is_there_as_it_was(server: Server, tmp_path: Path) -> None:
    with Server(entity="lab") as other:
        other.add_runs("mnist", 3)
        other.add_artifact("mnist", "digits", {"a.txt": b"content"}, run="run-0000")
        export_project(other._application.directory, "lab", "mnist", tmp_path / "mnist")
    assert server.add_project(tmp_path / "mnist") == "alice/mnist"
    assert server.add_project(str(tmp_path / "mnist"), project="again") == "alice/again"
    for project in ("mnist", "again"):
        assert sorted(run.id for run in server.api().runs(project)) == ["run-0000", "run-0001", "run-0002"]
        assert server.api().artifact(f"{project}/digits:latest").files()[0].read() == b"content"
    with pytest.raises(errors.UsageError, match="alice/mnist already"):
        server.add_project(tmp_path / "mnist")


def test_a_sweep_is_searched_to_its_end(server: Server, ask: Callable[[], wandql.Api]) -> None:
    definition = {
        "method": "grid",
        "metric": {"name": "loss", "goal": "minimize"},
        "parameters": {"lr": {"values": [0.1, 0.2, 0.3]}, "width": {"value": 8}},
    }
    path = server.add_sweep(
        "mnist",
        definition,
        name="rates",
        train=lambda config: [{"loss": 2.0}, {"loss": config["lr"] * config["width"]}],
    )
    sweep = ask().sweep(path)
    assert (sweep.state, sweep.name, sweep.config["method"], sweep.expected_run_count) == (
        "FINISHED",
        "rates",
        "grid",
        3,
    )
    assert [run.summary["loss"] for run in sweep.runs] == [0.8, 1.6, 0.3 * 8]
    assert {run.state for run in sweep.runs} == {"finished"}
    assert sweep.best_run().config["lr"] == 0.1
    assert "AgentHeartbeat" not in operations(server)


def test_a_sweep_is_left_where_it_was_wanted() -> None:
    definition = {"method": "random", "parameters": {"lr": {"min": 0.0, "max": 1.0}}}

    def search(server: Server) -> tuple[str, list[float]]:
        path = server.add_sweep(
            "mnist", definition, train=lambda config: [{"x": config["lr"]}], limit=3, state="paused"
        )
        sweep = server.api().sweep(path)
        assert sweep.state == "PAUSED"
        return path, [run.summary["x"] for run in sweep.runs]

    with Server() as one, Server() as other:
        assert search(one) == search(other)
        assert one.api().sweep(one.add_sweep("mnist", definition)).state == "RUNNING"
        with pytest.raises(errors.UsageError, match="never end"):
            one.add_sweep("mnist", definition, train=lambda config: [])
        with pytest.raises(errors.UsageError, match="refuses UpsertSweep: "):
            one.add_sweep("mnist", {"method": "nonsense"})


def test_a_run_has_all_that_was_given(server: Server) -> None:
    path = server.add_run(
        "mnist",
        "first",
        name="the first",
        state="failed",
        config={"lr": 0.1, "layers": [1, 2]},
        summary={"best": 1},
        history=[{"loss": 2.0}, {"loss": float("nan")}, {"_step": 7, "loss": 1.0}],
        system=[{"_runtime": 1.0, "system.cpu": 3}],
        printed=["hello"],
        files={"a/b.txt": b"content"},
        tags=["x"],
        group="g",
        job_type="j",
        notes="n",
    )
    run = server.api().run(path)
    assert (run.name, run.state, run.tags, run.group, run.job_type, run.notes) == (
        "the first", "failed", ["x"], "g", "j", "n",
    )  # fmt: skip
    assert run.config == {"lr": 0.1, "layers": [1, 2]}
    assert (run.summary["best"], run.summary["loss"]) == (1, 1.0)
    assert [row["_step"] for row in run.scan_history()] == [0, 1, 7]
    assert run.file("a/b.txt").read() == b"content"
    assert [line.content for line in run.console_logs()] == ["hello"]
    assert run.history(stream="system", pandas=False)[0]["system.cpu"] == 3


def test_a_silent_run_crashes_when_the_time_is_over() -> None:
    with Server(crash_after=0) as server:
        assert server.api().run(server.add_run("mnist", "r", state="running")).state == "crashed"


@pytest.mark.parametrize("state", ["running", "finished", "failed", "killed"])
def test_a_run_stands_as_was_asked_for(server: Server, state: str) -> None:
    assert server.api().run(server.add_run("mnist", "r", state=state)).state == state  # type: ignore[arg-type]


def test_many_runs_are_the_same_each_time(server: Server) -> None:
    with Server() as other:
        for each in [server, other]:
            assert each.add_runs("mnist", 20, steps=3, seed=7)[-1] == "alice/mnist/run-0019"
        seen = [
            [(run.name, run.config, dict(run.summary)) for run in each.api().runs("mnist")] for each in [server, other]
        ]
    assert seen[0] == seen[1]
    assert len({config["lr"] for _, config, _ in seen[0]}) == 20  # type: ignore[index,arg-type]


def test_a_run_that_cannot_be_is_an_error(server: Server) -> None:
    with pytest.raises(errors.UsageError, match="refuses UpsertRun: 'a/b' cannot name a run"):
        server.add_run("mnist", "a/b")


def test_what_was_asked_is_noted_with_its_variables(server: Server, ask: Callable[[], wandql.Api]) -> None:
    server.add_runs("mnist", 3)
    assert [run.id for run in ask().runs("alice/mnist", per_page=2)] == ["run-0002", "run-0001", "run-0000"]
    assert operations(server) == ["GetRuns", "GetRuns"]
    assert server.exchanges[0].variables["first"] == 2


def test_a_status_is_answered_as_often_as_was_asked_for(server: Server, ask: Callable[[], wandql.Api]) -> None:
    path = server.add_run("mnist", "r")
    server.faults.fail(429, "GetRun", headers={"retry-after": "0"}, times=2)
    assert ask().run(path).id == "r"
    assert operations(server) == ["GetRun"] * 3
    server.faults.fail(404, "GetRun", skip=1)
    assert ask().run(path).id == "r"
    with pytest.raises(errors.NotFoundError, match="asked for"):
        ask().run(path)


def test_another_operation_is_left_alone(server: Server, ask: Callable[[], wandql.Api]) -> None:
    server.add_run("mnist", "r")
    server.faults.fail(500, "GetRuns")
    assert ask().run("alice/mnist/r").id == "r"


def test_a_function_is_called_between_two_pages(server: Server, ask: Callable[[], wandql.Api]) -> None:
    server.add_runs("mnist", 4)
    server.faults.call(lambda: server.add_run("mnist", "new"), "GetRuns", skip=1)
    seen = [run.id for run in ask().runs("alice/mnist", per_page=2, order="+created_at")]
    assert seen == ["run-0000", "run-0001", "run-0002", "run-0003", "new"]


def test_a_slow_reply_is_too_late(server: Server, ask: Callable[[], wandql.Api]) -> None:
    path = server.add_run("mnist", "r")
    server.faults.delay(0.05, "GetRun")
    assert ask().run(path).id == "r"


def test_a_lost_reply_to_a_write_has_been_executed(server: Server, ask: Callable[[], wandql.Api]) -> None:
    path = server.add_run("mnist", "r")
    run = ask().run(path)
    run.tags.append("x")
    server.faults.lose("UpsertRun")
    with pytest.raises(errors.ConnectionFailedError):
        run.update()
    assert ask().run(path).tags == ["x"]


def test_a_refused_connection_executes_nothing(server: Server, ask: Callable[[], wandql.Api]) -> None:
    path = server.add_run("mnist", "r")
    server.faults.refuse("UpsertRun")
    run = ask().run(path)
    run.tags.append("x")
    try:
        run.update()  # In this process it is certain that nothing was executed: it is sent again.
    except errors.ConnectionFailedError:
        assert ask().run(path).tags == []
    else:
        assert ask().run(path).tags == ["x"]


def test_a_truncated_reply_cannot_be_read(server: Server, ask: Callable[[], wandql.Api]) -> None:
    path = server.add_run("mnist", "r")
    server.faults.truncate(40, "GetRun")
    with pytest.raises(errors.DecodeError):
        ask().run(path)


def test_the_page_of_a_proxy_cannot_be_read(server: Server, ask: Callable[[], wandql.Api]) -> None:
    path = server.add_run("mnist", "r")
    server.faults.reply(Response(200, {"content-type": "text/html"}, b"<html>Log in</html>"))
    with pytest.raises(errors.DecodeError):
        ask().run(path)


def test_expired_urls_are_asked_for_again(server: Server, ask: Callable[[], wandql.Api]) -> None:
    path = server.add_run("mnist", "r", files={"a.txt": b"content"})
    file = ask().run(path).file("a.txt")
    server.faults.expire_urls()
    assert file.read() == b"content"
    assert operations(server).count("GET /storage") == 2


def test_forgotten_faults_do_not_happen(server: Server, ask: Callable[[], wandql.Api]) -> None:
    server.faults.fail(500)
    server.faults.clear()
    assert ask().run(server.add_run("mnist", "r")).id == "r"


@pytest.mark.interop
def test_the_official_client_finds_the_server_by_its_environment(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add_run("mnist", "r", config={"lr": 0.1})
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    program = "import wandb; print(wandb.Api().run('alice/mnist/r').config)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.replace("'", '"')) == {"lr": 0.1}


def test_the_plugin_gives_each_test_a_server(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(
        "def test_one(wandql_server, wandql_api):\n"
        "    wandql_server.add_runs('mnist', 3)\n"
        "    assert len(wandql_api.runs('mnist')) == 3\n\n"
        "def test_two(wandql_api):\n"
        "    assert list(wandql_api.projects()) == []\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def test_the_plugin_costs_a_test_run_nothing(tmp_path: Path) -> None:
    program = (
        "import sys, wandql.pytest_plugin\n"
        "assert not {'httpx', 'pydantic', 'sqlalchemy', 'wandql.testing'} & set(sys.modules), sorted(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path)
