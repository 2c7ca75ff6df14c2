"""What every test stands on: an environment without anybody's settings, an embedded server, and runs to ask for."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wandql.server import Application

hypothesis.settings.register_profile("dev", max_examples=100, deadline=None)
hypothesis.settings.register_profile("ci", max_examples=250, deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))

FOREIGN = ("NETRC", "WANDB_", "WANDQL_", "XDG_")
PROXIES = {"ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"}


@pytest.fixture(scope="session", autouse=True)
def _clean_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hide the settings, the netrc and the proxies of whoever runs the tests: from fixtures of a session too."""
    with pytest.MonkeyPatch.context() as patch:
        _clean(patch, tmp_path_factory.mktemp("home"))
        yield


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
    """An embedded server on a port, with the runs of `SAMPLE_RUNS`, for tests that only read."""

    application: Application
    url: str

    @property
    def api_key(self) -> str:
        return self.application.api_key

    @property
    def entity(self) -> str:
        return self.application.entity


@pytest.fixture(scope="session")
def sample_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleServer]:
    """The three runs of `alice/mnist`, served until the session ends."""
    from wandql.server import open_application, run_in_thread

    with open_application(tmp_path_factory.mktemp("server") / "data", entity="alice") as opened:
        write_sample_runs(opened)
        with run_in_thread(opened) as url:
            yield SampleServer(opened, url)


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


def _post(application: Application, target: str, body: bytes) -> None:
    from wandql.server import Request

    credentials = b64encode(f"api:{application.api_key}".encode()).decode()
    response = application.respond(Request("POST", target, {"authorization": f"Basic {credentials}"}, body))
    assert response.status == 200, response.body
    assert "errors" not in json.loads(response.body), response.body
