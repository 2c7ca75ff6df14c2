"""Runs with values of every kind, and tables that they logged: with a thousand images, in increments, broken ones."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.artifact_samples import ArtifactWriter
from tests.contract.logged import Sender, chunk
from tests.contract.places import ROUTES, Place, serve_place, write_once
from wandql.graphql.generated import operations
from wandql.server import open_application

if TYPE_CHECKING:
    from collections.abc import Iterator

MIXED = 40
TYPED = 1000
IMAGES = 1000
VALUES: list[Any] = [1, 2.5, None, float("nan"), "x", [1, "a"], {"deep": {"er": 1}}, True]
COLUMN_TYPES = {
    "wb_type": "typedDict",
    "params": {
        "type_map": {
            "when": {
                "wb_type": "union",
                "params": {"allowed_types": [{"wb_type": "none"}, {"wb_type": "timestamp"}]},
            },
            "image": {"wb_type": "image-file"},
        }
    },
}
IMAGE_ROWS = [
    [number, {"_type": "image-file", "path": f"media/images/{number}.png", "sha256": "0" * 64}, 1704067200000 + number]
    for number in range(IMAGES)
]
BIG_TABLE = {"_type": "table", "columns": ["id", "image", "when"], "data": IMAGE_ROWS, "column_types": COLUMN_TYPES}
PLAIN_TABLE = {"columns": ["id", 7], "data": [[1, "a"], [2, None]]}


def config_of(number: int) -> dict[str, Any]:
    """Return the config of a run of `lab/mixed`."""
    every = {"lr": number / 10, "mixed": VALUES[number % len(VALUES)], "maybe": number if number % 3 else float("nan")}
    return {**every, "nested": {"size": number, "flag": number % 2 == 0}, **({"rare": 2**70} if number == 7 else {})}


def write_tables(place: Place) -> None:
    """Write `lab/mixed`, `lab/typed` and `lab/tables`."""
    with open_application(place.directory) as application:
        mixed = Sender(application, project="mixed")
        for number in range(MIXED):
            config = {key: {"value": value} for key, value in config_of(number).items()}
            create(
                mixed, f"r{number:03}", {**config, "_wandb": {"value": {"t": 1}}}, {"loss": number, "a/b": {"c.d": 1}}
            )
        typed = Sender(application, project="typed")
        for number in range(TYPED):
            config = {"lr": "high"} if number % 400 == 7 else {"lr": number / 1000, "layers": [1, 2]}
            create(typed, f"r{number:04}", {key: {"value": value} for key, value in config.items()}, {"loss": number})
        write_logged(Sender(application, project="tables"), ArtifactWriter(application, "tables"))


def write_logged(sender: Sender, writer: ArtifactWriter) -> None:
    """Write the tables of `lab/tables/tabled`, in artifacts and in files of the run."""
    sender.log("tabled")
    images = {f"media/images/{number}.png": b"png %d" % number for number in range(3)}
    big = {"big.table.json": json.dumps(BIG_TABLE).encode(), **images}
    writer.write("run-tabled-big", big, run="tabled", type_name="run_table", clientID="client-big")
    parts = {f"{part}.table.json": json.dumps({"columns": ["n"], "data": [[part]]}).encode() for part in range(3)}
    there = writer.write("run-tabled-parts", parts, run="tabled", type_name="run_table", clientID="client-parts")
    sender.upload("tabled", {"media/table/plain.json": json.dumps(PLAIN_TABLE).encode(), "media/table/odd.json": b"[]"})
    client = "wandb-client-artifact://client-parts/"
    summary = {
        "big": {"_type": "table-file", "artifact_path": "wandb-client-artifact://client-big/big.table.json"},
        "by id": {"_type": "table-file", "artifact_path": f"wandb-artifact://{hexadecimal(there)}/1.table.json"},
        "plain": {"_type": "table-file", "path": "media/table/plain.json"},
        "not there yet": {
            "_type": "table-file",
            "path": "media/table/plain.json",
            "artifact_path": "wandb-client-artifact://nobody/plain.table.json",
        },
        "parts": {
            "_type": "incremental-table-file",
            "previous_increments_paths": [f"{client}0.table.json", f"{client}1.table.json"],
            "artifact_path": f"{client}2.table.json",
        },
        "odd": {"_type": "table-file", "path": "media/table/odd.json"},
        "lost": {"_type": "table-file", "artifact_path": "wandb-client-artifact://nobody/x.table.json"},
        "image": {"_type": "image-file", "path": "media/images/0.png"},
        "loss": 0.5,
    }
    sender.log("tabled", files={"wandb-summary.json": chunk([json.dumps(summary)])})


def create(sender: Sender, run: str, config: dict[str, Any], summary: dict[str, Any]) -> None:
    made = operations.upsert_run(
        entity=sender.entity,
        project=sender.project,
        run=run,
        config_json=json.dumps(config),
        summary_json=json.dumps(summary),
    )
    sender.post("/graphql", made.body())


def hexadecimal(identity: str) -> str:
    """Return an id as links to artifacts spell it."""
    from base64 import b64decode

    return b64decode(identity).hex()


@pytest.fixture(scope="session")
def written_tables(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The runs and tables. Nobody opens this directory: it is copied."""
    return write_once(tmp_path_factory, "tabled", write_tables)


@pytest.fixture(scope="session")
def served_tables(written_tables: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    directory = shutil.copytree(written_tables.directory, tmp_path_factory.mktemp("served") / "data")
    with serve_place(replace(written_tables, directory=directory)) as place:
        yield place


@pytest.fixture(params=ROUTES)
def place(request: pytest.FixtureRequest, written_tables: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The runs and tables, for tests that only read."""
    if request.param == "tcp":
        return request.getfixturevalue("served_tables")
    return replace(
        written_tables, directory=shutil.copytree(written_tables.directory, tmp_path_factory.mktemp("own") / "data")
    )
