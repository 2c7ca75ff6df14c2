"""History: the rows of the official client's `history()` and `scan_history()`, and those of wandql's operations."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

import wandql
from tests.interop.conftest import ENTITY, PYTHON, Logged, Official, finish_writer, start_writer

pytestmark = pytest.mark.interop

Row = dict[str, Any]
IDS = [f"run-{number:02}" for number in (0, 1, 2, 3, 7, 10, 39, 49)]


def canonical(rows: list[Row]) -> list[str]:
    return [json.dumps(row, sort_keys=True) for row in rows]


def sample(api: wandql.Api, project: str, run: str, samples: int) -> list[Row]:
    data = api.client.get_run_history(entity=ENTITY, project=project, run=run, samples=samples)
    assert data.project is not None
    assert data.project.run is not None
    return [json.loads(row) for row in data.project.run.history]


def window(api: wandql.Api, project: str, run: str, first: int, end: int) -> list[Row]:
    data = api.client.get_run_history_page(
        entity=ENTITY, project=project, run=run, min_step=first, max_step=end, samples=end - first
    )
    assert data.project is not None
    assert data.project.run is not None
    return [json.loads(row) for row in data.project.run.history]


def columns(api: wandql.Api, project: str, run: str, **spec: Any) -> list[Row]:
    data = api.client.get_sampled_run_history(entity=ENTITY, project=project, run=run, specs=[json.dumps(spec)])
    assert data.project is not None
    assert data.project.run is not None
    [rows] = data.project.run.sampled_history
    assert isinstance(rows, list)
    return rows


@pytest.mark.parametrize("id_", IDS)
def test_all_rows_are_the_same(official: Official, api: wandql.Api, id_: str):
    theirs = official.ask("scan_history", path=f"images/{id_}")
    assert canonical(window(api, "images", id_, 0, 1000)) == canonical(theirs)
    assert len(theirs) == (api.run(f"images/{id_}").history_line_count or 0)


@pytest.mark.parametrize("id_", IDS)
@pytest.mark.parametrize("samples", [500, 10, 1])
def test_a_sample_of_rows_is_the_same(official: Official, api: wandql.Api, id_: str, samples: int):
    theirs = official.ask("history", path=f"images/{id_}", samples=samples)
    assert canonical(sample(api, "images", id_, samples)) == canonical(theirs)
    assert len(theirs) <= samples


@pytest.mark.parametrize("id_", IDS)
def test_rows_of_some_keys_are_the_same(official: Official, api: wandql.Api, id_: str):
    theirs = official.ask("history", path=f"images/{id_}", keys=["loss", "eval/score"], samples=100)
    spec = {"keys": ["_step", "loss", "eval/score"], "samples": 100}
    assert canonical(columns(api, "images", id_, **spec)) == canonical(theirs)


@pytest.mark.parametrize("id_", IDS)
def test_a_part_of_the_steps_is_the_same(official: Official, api: wandql.Api, id_: str):
    theirs = official.ask("scan_history", path=f"images/{id_}", min_step=3, max_step=20, page_size=5)
    assert canonical(window(api, "images", id_, 3, 20)) == canonical(theirs)


def test_history_is_what_was_logged(logged: Logged, api: wandql.Api):
    for spec in logged.specs["speech"]:
        rows = window(api, "speech", spec["init"]["id"], 0, 1000)
        mine = [{key: float(value) for key, value in row.items() if not key.startswith("_")} for row in rows]
        assert canonical(mine) == canonical(spec["history"])
        assert [row["_step"] for row in rows] == list(range(len(rows)))


def test_ten_thousand_steps_arrive_in_order(logged: Logged, official: Official, api: wandql.Api, tmp_path: Path):
    steps = 10_000
    spec = {
        "init": {"project": "long", "id": "long"},
        "history": [{"loss": 1 / (step + 3), "number": step} for step in range(steps)],
        "summary": {},
        "exit_code": 0,
    }
    finish_writer(start_writer([spec], logged.server.environment(tmp_path), tmp_path))
    ours = [row for first in range(0, steps, 1000) for row in window(api, "long", "long", first, first + 1000)]
    assert [row["number"] for row in ours] == list(range(steps))
    assert canonical(ours) == canonical(official.ask("scan_history", path="long/long"))
    assert canonical(sample(api, "long", "long", 500)) == canonical(official.ask("history", path="long/long"))
    assert api.run("long/long").history_line_count == steps


# No metric has two patterns: which one counts the SDK leaves to chance.
DEFINING = """
import wandb
def log(run):
    run.log({"epoch": 3, "global": 4, "frames": 5})
    for key in ("val/loss", "val/lone", "other", "reward"):
        run.log({key: 1})
with wandb.init(project="axes", id="drawn", entity="alice") as run:
    run.define_metric("val/*", step_metric="epoch")
    run.define_metric("val/lone", step_metric="_step")
    run.define_metric("reward", step_metric="frames")
    log(run)
with wandb.init(project="axes", id="all", entity="alice") as run:
    run.define_metric("*", step_metric="global")
    run.define_metric("reward", step_metric="frames")
    log(run)
"""


def test_an_axis_is_the_one_that_the_sdk_logs_a_metric_with(logged: Logged, api: wandql.Api, tmp_path: Path):
    """The SDK adds the last value of a metric's axis to a row that lacks it."""
    subprocess.run([PYTHON, "-c", DEFINING], env=logged.server.environment(tmp_path), check=True)
    defined = {
        "drawn": {"val/loss": "epoch", "val/lone": "_step", "other": "_step", "reward": "frames", "epoch": "_step"},
        "all": {"val/loss": "global", "val/lone": "global", "other": "global", "reward": "frames"},
    }
    for id_, expected in defined.items():
        run = api.run(f"axes/{id_}")
        assert {key: run.step_metric(key) for key in expected} == expected
        for key in ("val/loss", "val/lone", "other", "reward"):
            [row] = run.scan_history([key], x_axis=None)
            assert [*row] == [*dict.fromkeys(["_step", expected[key], key])]
