"""What every test stands on: an environment without anybody's settings, an embedded server, and runs to ask for."""

from __future__ import annotations

import json
import os
import shutil
from base64 import b64encode
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import hypothesis
import pytest

from tests.artifact_samples import ArtifactWriter
from tests.databases import TEST_DATABASE, move_stores, postgresql_server
from tests.operation_coverage import (  # noqa: F401 - a fixture and two hooks
    _note_operations,
    pytest_sessionfinish,
    pytest_terminal_summary,
)
from tests.sweep_samples import SweepWriter
from wandql.server.databases import sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wandql.server import Application

hypothesis.settings.register_profile("dev", max_examples=100, deadline=None)
# A merge must not fail by chance, so its examples are always the same, and more of them would find nothing new.
# `HYPOTHESIS_PROFILE=long` does.
hypothesis.settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("long", max_examples=5000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))

FOREIGN = ("NETRC", "WANDB_", "WANDQL_", "XDG_")
PROXIES = {"ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is about SQLite where another database is tried."""
    if TEST_DATABASE:
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(pytest.mark.skip(reason="it is about SQLite"))


@pytest.fixture(scope="session", autouse=True)
def _clean_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hide the settings, the netrc and the proxies of whoever runs the tests: from fixtures of a session too."""
    with pytest.MonkeyPatch.context() as patch:
        _clean(patch, tmp_path_factory.mktemp("home"))
        yield


@pytest.fixture(scope="session", autouse=True)
def waiting_for_the_disk() -> Iterator[str]:
    """Let stores of this process not wait for the disk, since tests survive no power failure anyway.

    A process that is killed loses nothing by that. Servers in processes of their own wait as always. Yields how they
    wait otherwise.
    """
    with pytest.MonkeyPatch.context() as patch:
        how = sqlite.SYNCHRONOUS
        patch.setattr(sqlite, "SYNCHRONOUS", "OFF")
        if TEST_DATABASE is not None:
            move_stores(patch, TEST_DATABASE)
        yield how


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL database, for tests that make a schema of their own in it."""
    if TEST_DATABASE is not None:
        yield TEST_DATABASE
        return
    with postgresql_server() as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str | None:
    """The URL of either database; None is SQLite."""
    url: str | None = request.getfixturevalue("postgresql") if request.param == "postgresql" else None
    return url


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give each test an empty home, so that none reads what another wrote."""
    _clean(monkeypatch, tmp_path_factory.mktemp("home"))


def _clean(patch: pytest.MonkeyPatch, home: Path) -> None:
    for name in list(os.environ):
        if name.startswith(FOREIGN) or name.upper() in PROXIES:
            patch.delenv(name)
    patch.setenv("HOME", str(home))
    patch.setenv("USERPROFILE", str(home))


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    """An embedded server in this process, without any run. Its entity is `alice`."""
    from wandql.server import open_application

    with open_application(tmp_path / "server", entity="alice") as opened:
        yield opened


@dataclass(frozen=True)
class SampleServer:
    """An embedded server on a port, with the runs of `SAMPLE_RUNS`."""

    application: Application
    url: str

    @property
    def api_key(self) -> str:
        return self.application.api_key

    @property
    def entity(self) -> str:
        return self.application.entity


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the three runs of `alice/mnist`. Nobody opens it: it is copied."""
    from wandql.server import open_application
    from wandql.server.enrolment import enrol_organization

    directory = tmp_path_factory.mktemp("server") / "data"
    with open_application(directory, entity="alice") as opened:
        write_sample_runs(opened)
        write_sample_artifacts(opened)
        write_sample_sweep(opened)
        write_sample_report(opened)
        enrol_organization(directory, "labs", {"alice": "admin"})
    return directory


class SampleServers:
    """Serves copies of the sample data, one at a time: a new one after each test that changed it."""

    def __init__(self, data: Path, scratch: Path) -> None:
        self._data = data
        self._scratch = scratch
        self._number = 0
        self._opened = ExitStack()
        self._server: SampleServer | None = None
        self._before: dict[Path, bytes] = {}

    def open(self) -> SampleServer:
        from wandql.server import open_application, run_in_thread

        if self._server is None:
            directory = shutil.copytree(self._data, self._directory)
            application = self._opened.enter_context(open_application(directory))
            self._server = SampleServer(application, self._opened.enter_context(run_in_thread(application)))
            self._before = self._content()
        return self._server

    def renew(self) -> None:
        """Close the server if its data has changed."""
        if self._content() != self._before:
            self.close()

    def close(self) -> None:
        self._opened.close()
        self._server = None
        self._number += 1

    @property
    def _directory(self) -> Path:
        return self._scratch / str(self._number)

    def _content(self) -> dict[Path, bytes]:
        # The database's index of its log is written by readers, too.
        files = (path for path in self._directory.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
        return {path: path.read_bytes() for path in files}


@pytest.fixture(scope="session")
def sample_servers(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleServers]:
    servers = SampleServers(sample_data, tmp_path_factory.mktemp("servers"))
    yield servers
    servers.close()


@pytest.fixture
def sample_server(sample_servers: SampleServers) -> Iterator[SampleServer]:
    """The three runs of `alice/mnist`, for one test, which may change them."""
    yield sample_servers.open()
    sample_servers.renew()


@dataclass(frozen=True)
class SampleRun:
    """A run as a training script logs it: its config, the loss of every step, and how it ended."""

    id: str
    name: str
    config: dict[str, float | int | str]
    losses: list[float]
    tags: list[str]
    exitcode: int = 0


# In the order of creation: the newest is the best.
SAMPLE_RUNS = [
    SampleRun("run-3", "diverged", {"lr": 10.0, "width": 64}, [2.0, 8.0, 32.0], ["exploration"], exitcode=1),
    SampleRun("run-2", "wider", {"lr": 0.1, "width": 256}, [2.0, 1.0, 0.75, 0.5], ["exploration"]),
    SampleRun("run-1", "baseline", {"lr": 0.1, "width": 64}, [2.0, 1.0, 0.5, 0.25], ["baseline"]),
]


def write_sample_runs(application: Application) -> None:
    """Log `SAMPLE_RUNS` to `mnist`, over the routes that a training script uses."""
    from wandql.graphql.generated import operations

    entity = application.entity
    for run in SAMPLE_RUNS:
        creation = operations.upsert_run(
            entity=entity,
            project="mnist",
            run=run.id,
            name=run.name,
            tags=run.tags,
            config_json=json.dumps({key: {"value": value} for key, value in run.config.items()}),
        )
        _post(application, "/graphql", creation.body())
        rows = [
            {"_step": step, "_timestamp": 1.8e9 + step, "_runtime": step, "loss": loss}
            for step, loss in enumerate(run.losses)
        ]
        log = [f"2027-01-15T08:00:{step:02} step {step}: loss {loss}\n" for step, loss in enumerate(run.losses)]
        report = {
            "files": {
                "wandb-history.jsonl": {"offset": 0, "content": [json.dumps(row) for row in rows]},
                "wandb-summary.json": {"offset": 0, "content": [json.dumps(rows[-1])]},
                "output.log": {"offset": 0, "content": log},
            },
            "complete": True,
            "exitcode": run.exitcode,
        }
        _post(application, f"/files/{entity}/mnist/{run.id}/file_stream", json.dumps(report).encode())
    _upload(application, f"{entity}/mnist/run-1", SAMPLE_FILES)


# What the best run left behind.
SAMPLE_FILES = {
    "config.yaml": b"lr: 0.1\n",
    "model/weights.bin": bytes(range(8)),
    "wandb-metadata.json": b'{"program": "train.py", "host": "workstation", "gpu": null}',
}


def _upload(application: Application, run: str, files: dict[str, bytes]) -> None:
    """Upload files to a run, as a training script does."""
    from wandql.graphql.generated import operations
    from wandql.server import Request

    entity, project, id_ = run.split("/")
    announcement = operations.create_run_files(entity=entity, project=project, run=id_, files=[*files])
    reply = json.loads(_post(application, "/graphql", announcement.body()))
    for file in reply["data"]["createRunFiles"]["files"]:
        address = urlsplit(file["uploadUrl"])
        target = f"{address.path}?{address.query}"
        assert application.respond(Request("PUT", target, {}, files[file["name"]])).status == 200


def write_sample_artifacts(application: Application) -> None:
    """Write a dataset, which one run logged and another used, and a model."""
    writer = ArtifactWriter(application, "mnist")
    digits = {"labels.csv": b"0,7\n1,2\n", "train/images.bin": bytes(4)}
    writer.use(writer.write("digits", digits, run="run-3", metadata={"rows": 2}), "run-1")
    writer.write("weights", {"weights.bin": bytes(range(8))}, run="run-1", type_name="model", aliases=["best"])


def write_sample_sweep(application: Application) -> None:
    """Write a sweep that an agent went through, but for one point: its runs are those of `SAMPLE_RUNS`."""
    writer = SweepWriter(application, "mnist")
    parameters = {"lr": {"values": [10.0, 0.1]}, "width": {"values": [64, 256]}}
    metric = {"name": "loss", "goal": "minimize"}
    writer.write(
        "sweep-1",
        json.dumps({"name": "learning rates", "method": "grid", "metric": metric, "parameters": parameters}),
    )
    writer.register("sweep-1", "agent-1", [run.id for run in SAMPLE_RUNS])


SAMPLE_REPORT = {
    "blocks": [
        {"type": "paragraph", "children": [{"text": "All runs learn, but for one."}]},
        {
            "type": "panel-grid",
            "metadata": {
                "openRunSet": 0,
                "runSets": [
                    {
                        "id": "set-1",
                        "filters": {
                            "op": "OR",
                            "filters": [
                                {
                                    "op": "AND",
                                    "filters": [{"key": {"section": "config", "name": "lr"}, "op": "<", "value": 1}],
                                }
                            ],
                        },
                        "sort": {"keys": [{"key": {"section": "summary", "name": "loss"}, "ascending": True}]},
                        "selections": {"root": 1, "tree": []},
                    }
                ],
            },
        },
    ]
}


def write_sample_report(application: Application) -> None:
    """Write a report that shows the runs that learn."""
    from wandql.graphql.generated import operations

    operation = operations.upsert_report(
        entity=application.entity,
        project="mnist",
        name="learning-rates",
        display_name="Learning rates",
        description="Which one is best?",
        spec_json=json.dumps(SAMPLE_REPORT),
    )
    _post(application, "/graphql", operation.body())


def _post(application: Application, target: str, body: bytes) -> bytes:
    from wandql.server import Request

    credentials = b64encode(f"api:{application.api_key}".encode()).decode()
    response = application.respond(Request("POST", target, {"authorization": f"Basic {credentials}"}, body))
    assert response.status == 200, response.body
    assert "errors" not in json.loads(response.body), response.body
    return response.body
