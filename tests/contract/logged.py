"""Runs with everything that a training script logs: histories of every kind, system metrics, printed lines, files."""

from __future__ import annotations

import json
import math
import shutil
from base64 import b64encode
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.contract.places import ROUTES, Place, serve_place, write_once
from wandql.graphql.generated import operations
from wandql.server import Request, open_application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wandql.server import Application

Row = dict[str, Any]

NAN, INF = math.nan, math.inf
LINES = 25
HISTORIES: dict[str, list[Row]] = {
    # More than two pages, with keys of other cadences.
    "dense": [
        {"_step": step, "loss": 1 / (step + 1)}
        | ({"val": step} if step % 10 == 0 else {})
        | ({"eval/acc": -step} if step % 7 == 0 else {})
        for step in range(2500)
    ],
    # Steps may count the frames of a game, …
    "sparse": [{"_step": step, "reward": number} for number, step in enumerate(range(0, 600 * 2048, 2048))],
    # … or go on where another run has ended.
    "late": [{"_step": 10**9 + step, "loss": step} for step in range(5)],
    "gap": [{"_step": step, "loss": step} for step in [*range(1500), *range(10**7, 10**7 + 2500)]],
    "same step": [{"_step": number // 90, "number": number} for number in range(900)],
    "odd": [
        {"_step": 0, "x": NAN, "text": "NaN"},
        {"_step": 1, "x": INF, "nested": {"deep": {"er": 1}}},
        {"_step": 2, "x": -INF, "list": [1, None, "a"]},
        {"_step": 5, "x": 1.5, "table": {"_type": "table-file", "path": "media/t.json"}},
        {"_step": 9},
    ],
    "empty": [],
}
EVENTS: list[Row] = [
    {"_runtime": float(number), "_timestamp": 1.8e9 + number, "system.cpu": number} for number in range(30)
]
PRINTED = [
    json.dumps(
        {"ts": f"2027-01-15T08:00:{number:02}.5", "content": f"line {number}"}
        | ({"level": "error"} if number % 5 == 4 else {})
    )
    for number in range(LINES)
]
FILES = {
    "a.json": b'{"a": 1}',
    "b.json": b"[]",
    "checkpoints/last.bin": bytes(range(256)) * 5,
    "empty.txt": b"",
    "notes with blanks ünï.txt": "größe".encode(),
    "wandb-metadata.json": json.dumps({"program": "train.py", "args": ["--lr", "0.1"]}).encode(),
}


@dataclass(frozen=True)
class Sender:
    """Sends requests to an application as an SDK does."""

    application: Application
    entity: str = "lab"
    project: str = "logged"
    headers: dict[str, str] = field(default_factory=dict)

    def post(self, target: str, body: bytes) -> Any:
        credentials = b64encode(f"api:{self.application.api_key}".encode()).decode()
        response = self.application.respond(Request("POST", target, {"authorization": f"Basic {credentials}"}, body))
        assert response.status == 200, response.body
        reply = json.loads(response.body)
        assert not reply.get("errors"), reply
        return reply

    def log(self, run: str, **report: Any) -> None:
        """Create a run and report to it."""
        made = operations.upsert_run(entity=self.entity, project=self.project, run=run, name=f"the {run} one")
        self.post("/graphql", made.body())
        self.post(f"/files/{self.entity}/{self.project}/{run}/file_stream", json.dumps(report).encode())

    def upload(self, run: str, files: dict[str, bytes]) -> None:
        """Upload files to a run."""
        announced = operations.create_run_files(entity=self.entity, project=self.project, run=run, files=[*files])
        for file in self.post("/graphql", announced.body())["data"]["createRunFiles"]["files"]:
            address = urlsplit(file["uploadUrl"])
            request = Request("PUT", f"{address.path}?{address.query}", {}, files[file["name"]])
            assert self.application.respond(request).status == 200


def chunk(lines: list[str]) -> dict[str, Any]:
    return {"offset": 0, "content": lines}


def write_runs(place: Place) -> None:
    """Write the runs of `lab/logged`, one for each of `HISTORIES`; `dense` has all the rest, too."""
    with open_application(place.directory) as application:
        sender = Sender(application)
        for run, rows in HISTORIES.items():
            sender.log(run, files={"wandb-history.jsonl": chunk([json.dumps(row) for row in rows])})
        rest = {
            "wandb-events.jsonl": chunk([json.dumps(row) for row in EVENTS]),
            "output.log": chunk(PRINTED),
        }
        sender.log("dense", files=rest, complete=True, exitcode=0)
        sender.upload("dense", FILES)


@pytest.fixture(scope="session")
def written_runs(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The runs of `lab/logged`. Nobody opens this directory: it is copied."""
    return write_once(tmp_path_factory, "logged", write_runs)


@pytest.fixture(scope="session")
def served_runs(written_runs: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    directory = shutil.copytree(written_runs.directory, tmp_path_factory.mktemp("served") / "data")
    with serve_place(replace(written_runs, directory=directory)) as place:
        yield place


@pytest.fixture(params=ROUTES)
def place(request: pytest.FixtureRequest, written_runs: Place, tmp_path: Path) -> Place:
    """The runs of `lab/logged`, for tests that only read."""
    if request.param == "tcp":
        return request.getfixturevalue("served_runs")
    return replace(written_runs, directory=shutil.copytree(written_runs.directory, tmp_path / "data"))


@pytest.fixture(params=ROUTES)
def own_place(request: pytest.FixtureRequest, written_runs: Place, tmp_path: Path) -> Iterator[Place]:
    """The runs of `lab/logged`, for one test that changes them."""
    own = replace(written_runs, directory=shutil.copytree(written_runs.directory, tmp_path / "data"))
    if request.param == "tcp":
        with serve_place(own) as served:
            yield served
    else:
        yield own
