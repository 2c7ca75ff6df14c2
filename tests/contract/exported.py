"""A run whose history the server exports, and exports of other kinds, which other servers may have."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.contract.logged import Sender, chunk
from tests.contract.places import ROUTES, Place, serve_place, write_once
from wandql.graphql.generated import operations
from wandql.server import open_application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Row = dict[str, Any]

WHOLE: list[Row] = [
    {"_step": step, "loss": 1 / (step + 1), "epoch": step // 100, "phase": "warm" if step < 50 else "main"}
    for step in range(10_050)
]
# Keys of several cadences, nested objects, media, and a step with two rows.
RAGGED: list[Row] = [
    {"_step": 0, "loss": 1.5, "list": [1, 2]},
    {"_step": 1, "loss": float("nan"), "val": 1},
    {"_step": 2, "nested": {"deep": {"er": 1}, "x": 2}},
    {"_step": 2, "nested": {"deep": {"er": 3}}, "eval/acc": 0.5},
    {"_step": 5, "image": {"_type": "image-file", "path": "a.png"}},
    {"_step": 7, "loss": 2.0, "val": 4, "flat.name": True},
    {"_step": 9, "image": {"_type": "image-file", "size": 3}, "text": "x"},
    {"_step": 12},
]


# `val` is drawn over epochs and `reward` over frames, which are not logged with each of its rows.
DEFINED = [
    {"1": "val", "5": 2},
    {"1": "epoch"},
    {"1": "reward", "5": 4},
    {"1": "frames"},
    {"1": "loss", "5": 6},
    {"1": "never"},
]
DRAWN: list[Row] = [
    {"_step": 0, "loss": 3.0},
    {"_step": 1, "val": 1.5, "epoch": 1},
    {"_step": 2, "reward": 5, "frames": 400},
    {"_step": 3, "reward": 6},
    {"_step": 4, "epoch": 2},
    {"_step": 5, "val": 1.0, "epoch": 2, "loss": 2.0},
]


def parquet(rows: list[Row]) -> bytes:
    """Return rows as an export, with null for what a row lacks."""
    content = BytesIO()
    names = dict.fromkeys(name for row in rows for name in row)
    pq.write_table(pa.table({name: [row.get(name) for row in rows] for name in names}), content)
    return content.getvalue()


FILES = {
    "all.parquet": parquet(RAGGED),
    "head.parquet": parquet(RAGGED[:4]),
    "tail.parquet": parquet(RAGGED[4:]),
    "even.parquet": parquet(RAGGED[::2]),
    "odd.parquet": parquet(RAGGED[1::2]),
    "no steps.parquet": parquet([{"loss": 1}]),
    "times.parquet": parquet([{"_step": pa.scalar(0).as_py(), "at": b"bytes"}]),
    "broken.parquet": parquet(RAGGED)[:-5],
}


def write_exports(place: Place) -> None:
    with open_application(place.directory) as application:
        sender = Sender(application)
        for run, rows in {"whole": WHOLE, "ragged": RAGGED, "drawn": DRAWN}.items():
            history = chunk([json.dumps(row) for row in rows])
            sender.log(run, files={"wandb-history.jsonl": history}, complete=True, exitcode=0)
        sender.upload("ragged", FILES)
        sender.upload("drawn", {"all.parquet": parquet(DRAWN)})
        config = json.dumps({"_wandb": {"value": {"m": DEFINED}}})
        defined = operations.upsert_run(entity="lab", project="logged", run="drawn", config_json=config)
        sender.post("/graphql", defined.body())


@pytest.fixture(scope="session")
def written_exports(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The runs of `lab/logged`: `whole`, which is exported, and others with files. Nobody opens this directory."""
    return write_once(tmp_path_factory, "exported", write_exports)


@pytest.fixture(scope="session")
def served_exports(written_exports: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    directory = shutil.copytree(written_exports.directory, tmp_path_factory.mktemp("served") / "data")
    with serve_place(replace(written_exports, directory=directory)) as place:
        yield place


@pytest.fixture(params=ROUTES)
def place(request: pytest.FixtureRequest, written_exports: Place, tmp_path: Path) -> Place:
    """The runs of `lab/logged`, for tests that only read."""
    if request.param == "tcp":
        return request.getfixturevalue("served_exports")
    return replace(written_exports, directory=shutil.copytree(written_exports.directory, tmp_path / "data"))
