"""Servers to ask: what they hold, and the two routes to them, in this process and over TCP."""

from __future__ import annotations

import json
import os
import shutil
from base64 import b64encode
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import filelock
import pytest

from wandql.graphql.generated import operations
from wandql.server import Request, open_application, run_in_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pydantic

    from wandql.graphql.operation import Operation
    from wandql.server import Application

ROUTES = ["in-process", "tcp"]
# Longer than any run of the tests: a run that is written at their start is still running at their end.
DAY = 86_400.0


@dataclass(frozen=True)
class Place:
    """A server: behind a URL, or in this process, where whoever asks opens its directory."""

    directory: Path
    api_key: str
    url: str | None = None


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The projects of `lab`, see `write_projects`. Nobody opens this directory: it is copied."""
    return write_once(tmp_path_factory, "projects", write_projects)


@pytest.fixture(scope="session")
def served(written: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The one server on a port that all tests share which only read."""
    directory = shutil.copytree(written.directory, tmp_path_factory.mktemp("served") / "data")
    with serve_place(replace(written, directory=directory)) as place:
        yield place


@pytest.fixture(params=ROUTES)
def place(request: pytest.FixtureRequest, written: Place, tmp_path: Path) -> Place:
    """The projects of `lab`, for tests that only read."""
    if request.param == "tcp":
        return request.getfixturevalue("served")
    return replace(written, directory=shutil.copytree(written.directory, tmp_path / "data"))


@pytest.fixture(params=ROUTES)
def make_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Makes an empty server, whose default entity has the name that is given."""
    with ExitStack() as servers:

        def make(entity: str) -> Place:
            place = new_place(tmp_path / entity, entity)
            return servers.enter_context(serve_place(place)) if request.param == "tcp" else place

        yield make


def write_once(factory: pytest.TempPathFactory, name: str, write: Callable[[Place], None]) -> Place:
    """Write a data directory of `lab` for all modules and processes of this run of the tests. Nobody opens it."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    key = shared / f"written-{name}.key"
    with filelock.FileLock(shared / f"written-{name}.lock"):
        if key.exists():
            return Place(shared / f"written-{name}", key.read_text())
        place = new_place(shared / f"written-{name}", "lab")
        write(place)
        key.write_text(place.api_key)
        return place


def new_place(directory: Path, entity: str) -> Place:
    """Make a data directory, empty but for its entity and key."""
    with open_application(directory, entity=entity) as application:
        return Place(directory, application.api_key)


def open_place(place: Place) -> Application:
    """Open a data directory whose runs stay as they were written, however long the tests take."""
    return open_application(place.directory, crash_after=DAY)


@contextmanager
def serve_place(place: Place) -> Iterator[Place]:
    """Serve a data directory over TCP."""
    with open_place(place) as application, run_in_thread(application) as url:
        yield replace(place, url=url)


def write_projects(place: Place) -> None:
    """Write the seven projects of `lab`: a thousand runs in `big`, five in `small`, none in the others.

    The last run of `small` has a history and has finished; the others go on.
    """
    with open_application(place.directory) as application:
        for project, count in {"big": 1000, "small": 5}.items():
            for number in range(count):
                _execute(
                    application,
                    operations.upsert_run(
                        entity="lab",
                        project=project,
                        run=f"r{number:03}",
                        name=f"run {number}",
                        tags=[] if number % 2 else ["even"],
                        config_json=json.dumps({"lr": {"value": number / 1000}}),
                        summary_json=json.dumps({"loss": number}),
                    ),
                )
        for project in ["empty", "p1", "p2", "p3", "p4"]:
            _execute(application, operations.create_project(entity="lab", project=project))
        rows = [json.dumps({"_step": step, "loss": 1 / (step + 1)}) for step in range(3)]
        report = {"files": {"wandb-history.jsonl": {"offset": 0, "content": rows}}, "complete": True, "exitcode": 0}
        _post(application, "/files/lab/small/r004/file_stream", json.dumps(report).encode())


def _execute(application: Application, operation: Operation[pydantic.BaseModel]) -> None:
    reply = _post(application, "/graphql", operation.body())
    assert not json.loads(reply).get("errors"), reply


def _post(application: Application, target: str, body: bytes) -> bytes:
    credentials = b64encode(f"api:{application.api_key}".encode()).decode()
    response = application.respond(Request("POST", target, {"authorization": f"Basic {credentials}"}, body))
    assert response.status == 200, response.body
    return response.body
