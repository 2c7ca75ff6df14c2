"""Artifacts of every kind: versions, links, references, and runs that logged and used them."""

from __future__ import annotations

import shutil
from base64 import b64decode
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.artifact_samples import ArtifactWriter
from tests.contract.logged import Sender
from tests.contract.places import ROUTES, Place, serve_place, write_once
from wandql.server import open_application

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = 120
FIRST = {"labels.csv": b"0,7\n", "train/images.bin": bytes(range(256)) * 40, "empty.txt": b"", "größe 1.txt": b"ja"}
SECOND = {**FIRST, "labels.csv": b"0,7\n1,2\n"}
SHARDS = {f"shards/{number:03}.bin": b"%d" % number * 50 for number in range(MANY)}
S3 = {"digest": "etag", "size": 9, "ref": "s3://bucket/key.bin", "extra": {"versionID": "7"}}


def write_artifacts(place: Place) -> None:
    """Write the artifacts of `lab/shelf`: two versions of `digits`, `shards`, `weights`, `mixed` and the links."""
    with open_application(place.directory) as application:
        sender = Sender(application, project="shelf")
        for run in ["writer", "reader", "idle"]:
            sender.log(run)
        writer = ArtifactWriter(application, "shelf")
        writer.write("digits", FIRST, run="writer", metadata={"rows": 1}, tags=["small"])
        second = writer.write(
            "digits",
            SECOND,
            run="writer",
            metadata={"rows": 2, "nested": {"x": [1, None]}},
            tags=["small", "clean"],
            aliases=["best"],
            description="Two rows.",
            historyStep=3,
        )
        writer.use(second, "reader")
        writer.link(second, "gold")
        writer.write("shards", SHARDS, run="writer")
        writer.write("weights", {"weights.bin": b"w" * 10}, run="writer", type_name="model")
        there = b64decode(second).hex()
        other = {"digest": "x", "size": 8, "ref": f"wandb-artifact://{there}/labels.csv"}
        writer.write("mixed", {"own.txt": b"own"}, references={"far/key.bin": S3, "borrowed.csv": other})


@pytest.fixture(scope="session")
def written_artifacts(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The artifacts of `lab/shelf`. Nobody opens this directory: it is copied."""
    return write_once(tmp_path_factory, "shelved", write_artifacts)


@pytest.fixture(scope="session")
def served_artifacts(written_artifacts: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    directory = shutil.copytree(written_artifacts.directory, tmp_path_factory.mktemp("served") / "data")
    with serve_place(replace(written_artifacts, directory=directory)) as place:
        yield place


@pytest.fixture(params=ROUTES)
def place(request: pytest.FixtureRequest, written_artifacts: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The artifacts of `lab/shelf`, for tests that only read."""
    if request.param == "tcp":
        return request.getfixturevalue("served_artifacts")
    return replace(
        written_artifacts,
        directory=shutil.copytree(written_artifacts.directory, tmp_path_factory.mktemp("own") / "data"),
    )


@pytest.fixture(params=ROUTES)
def own_place(
    request: pytest.FixtureRequest, written_artifacts: Place, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """The artifacts of `lab/shelf`, for one test that changes them."""
    own = replace(
        written_artifacts,
        directory=shutil.copytree(written_artifacts.directory, tmp_path_factory.mktemp("own") / "data"),
    )
    if request.param == "tcp":
        with serve_place(own) as served:
            yield served
    else:
        yield own
