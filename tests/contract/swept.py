"""Sweeps of every kind: with a metric and without, with runs that lack it, and with many agents."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.contract.logged import Sender
from tests.contract.places import ROUTES, Place, serve_place, write_once
from tests.sweep_samples import SweepWriter
from wandql.server import open_application

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = 120
GRID = """\
# The text is kept as it is.
method: grid
name: grid of two
metric: {name: loss, goal: minimize}
parameters:
  lr: {values: [0.1, 0.2]}
  day: {value: 2027-01-15}
"""
LOSSES: dict[str, str] = {
    "nan": '{"loss": NaN, "val": {"acc": 0.1}}',
    "missing": '{"val": {"acc": 0.3}}',
    "good": '{"loss": 0.5, "val": {"acc": 0.2}}',
    "better": '{"loss": 0.25, "val": {"acc": NaN}}',
    "null": '{"loss": null}',
}


def write_sweeps(place: Place) -> None:
    """Write the sweeps of `lab/hunt`: `grid`, `hopeless`, `plain` and `empty`, from the oldest to the newest."""
    with open_application(place.directory) as application:
        sender = Sender(application, project="hunt")
        writer = SweepWriter(application, "hunt")
        for run in [*LOSSES, "dull", "alone", *(f"r{number:03}" for number in range(MANY))]:
            sender.log(run)
        writer.write("grid", GRID, description="two points", priorRunsFilters='{"name": {"$in": ["alone", "r000"]}}')
        writer.register("grid", "agent-1", ["nan", "missing", "good"])
        writer.register("grid", "agent-2", ["better", "null"], host="gpu-2")
        with_metric = {"method": "random", "metric": {"name": "loss"}, "parameters": {"x": {"min": 0.0, "max": 1.0}}}
        writer.write("hopeless", json.dumps(with_metric), state="PAUSED")
        writer.register("hopeless", "agent-3", ["dull"])
        del with_metric["metric"]
        writer.write("plain", json.dumps(with_metric), state="RUNNING", displayName="shown")
        writer.register("plain", "agent-4", [f"r{number:03}" for number in range(MANY)])
        writer.write("empty", GRID, state="CANCELED")
        writer.summarize(LOSSES)


@pytest.fixture(scope="session")
def written_sweeps(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The sweeps of `lab/hunt`. Nobody opens this directory: it is copied."""
    return write_once(tmp_path_factory, "swept", write_sweeps)


@pytest.fixture(scope="session")
def served_sweeps(written_sweeps: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    directory = shutil.copytree(written_sweeps.directory, tmp_path_factory.mktemp("served") / "data")
    with serve_place(replace(written_sweeps, directory=directory)) as place:
        yield place


@pytest.fixture(params=ROUTES)
def place(request: pytest.FixtureRequest, written_sweeps: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The sweeps of `lab/hunt`, for tests that only read."""
    if request.param == "tcp":
        return request.getfixturevalue("served_sweeps")
    directory = tmp_path_factory.mktemp("own") / "data"
    return replace(written_sweeps, directory=shutil.copytree(written_sweeps.directory, directory))
