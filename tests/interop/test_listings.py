"""Filters, orders and lengths: both clients find the same runs, and those that Python finds in what was logged."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

import wandql
from tests.interop.conftest import ENTITY, PROJECTS, Logged, Official, Spec

pytestmark = pytest.mark.interop


class Filter(NamedTuple):
    """A filter, and what it means for a run as it was logged."""

    document: dict[str, Any]
    matches: Callable[[Spec], bool]


def config(spec: Spec) -> dict[str, Any]:
    return spec["init"]["config"]


def tags(spec: Spec) -> list[str]:
    return spec["init"]["tags"]


def loss(spec: Spec) -> float | None:
    return spec["history"][-1]["loss"] if spec["history"] else None


def state(spec: Spec) -> str:
    return "crashed" if spec["killed"] else "failed" if spec["exit_code"] else "finished"


def best(spec: Spec) -> float | None:
    return spec["summary"]["best"]["acc"] if spec["summary"] else None


FILTERS = [
    Filter({}, lambda spec: True),
    Filter({"state": "finished"}, lambda spec: state(spec) == "finished"),
    Filter({"state": {"$in": ["failed", "crashed"]}}, lambda spec: state(spec) in {"failed", "crashed"}),
    Filter({"state": {"$ne": "finished"}}, lambda spec: state(spec) != "finished"),
    Filter({"config.lr": 1e-3}, lambda spec: config(spec)["lr"] == 1e-3),
    Filter({"config.lr.value": {"$lt": 1e-3}}, lambda spec: config(spec)["lr"] < 1e-3),
    Filter({"config.lr": {"$not": {"$gt": 1e-3}}}, lambda spec: config(spec)["lr"] <= 1e-3),
    Filter({"config.seed": {"$gte": 2**53 + 41}}, lambda spec: config(spec)["seed"] >= 2**53 + 41),
    Filter({"config.optimizer.name": "adam"}, lambda spec: config(spec)["optimizer"]["name"] == "adam"),
    Filter(
        {"config.optimizer.value.schedule.warmup": {"$gt": 30, "$lte": 33}},
        lambda spec: 30 < config(spec)["optimizer"]["schedule"]["warmup"] <= 33,
    ),
    Filter({"config.dataset": None}, lambda spec: config(spec)["dataset"] is None),
    Filter({"config.augment": True}, lambda spec: config(spec)["augment"] is True),
    Filter({"config.with.dot": {"$exists": True}}, lambda spec: "with.dot" in config(spec)),
    Filter({"config.with/slash": {"$regex": "ünï"}}, lambda spec: "with/slash" in config(spec)),
    Filter({"summary_metrics.loss": {"$lte": 0.5}}, lambda spec: (loss(spec) or 1) <= 0.5),
    Filter({"summary.best.acc": {"$gt": 0.5}}, lambda spec: (best(spec) or 0) > 0.5),
    Filter({"summary_metrics.loss": {"$exists": False}}, lambda spec: loss(spec) is None),
    Filter({"tags": "ünï"}, lambda spec: "ünï" in tags(spec)),
    Filter({"tags": {"$in": ["a, b", "x"]}}, lambda spec: bool({"a, b", "x"} & {*tags(spec)})),
    Filter({"tags": {"$nin": ["baseline"]}}, lambda spec: "baseline" not in tags(spec)),
    Filter({"name": "run-07"}, lambda spec: spec["init"]["id"] == "run-07"),
    Filter(
        {"display_name": {"$regex": "^run [0-9]$"}},
        lambda spec: bool(re.search("^run [0-9]$", spec["init"].get("name", ""))),
    ),
    Filter(
        {"$or": [{"group": "group 1"}, {"job_type": "eval"}]},
        lambda spec: spec["init"].get("group") == "group 1" or spec["init"].get("job_type") == "eval",
    ),
    Filter(
        {"$and": [{"state": "finished"}, {"$nor": [{"config.batch_size": 16}, {"config.batch_size": {"$gt": 32}}]}]},
        lambda spec: state(spec) == "finished" and config(spec)["batch_size"] == 32,
    ),
    Filter({"username": ENTITY, "created_at": {"$gt": "2020-01-01T00:00:00"}}, lambda spec: True),
    Filter({"user.username": {"$nin": [ENTITY]}}, lambda spec: False),
]

# None stands for a run that has no such value: it comes last, whatever the direction.
ORDERS: dict[str, Callable[[Spec], float | str | None]] = {
    "summary_metrics.loss": loss,
    "summary_metrics.best.acc": best,
    "config.seed.value": lambda spec: config(spec)["seed"],
    "config.optimizer.value.schedule.warmup": lambda spec: config(spec)["optimizer"]["schedule"]["warmup"],
    "name": lambda spec: spec["init"]["id"],
    "display_name": lambda spec: spec["init"].get("name"),
    "config.lr.value": lambda spec: config(spec)["lr"],
    "state": state,
}


@pytest.mark.parametrize("project", PROJECTS)
@pytest.mark.parametrize("given", FILTERS, ids=lambda given: str(given.document))
def test_a_filter_finds_the_same_runs(logged: Logged, official: Official, api: wandql.Api, project: str, given: Filter):
    runs = api.runs(project, given.document)
    theirs = official.ask("lazy_runs", path=project, filters=given.document, order="-created_at")
    assert len(runs) == theirs["len"]
    assert [run.id for run in runs] == theirs["ids"]
    assert {*theirs["ids"]} == {spec["init"]["id"] for spec in logged.specs[project] if given.matches(spec)}


@pytest.mark.parametrize("sign", "+-")
@pytest.mark.parametrize("field", ORDERS)
def test_an_order_is_the_same(logged: Logged, official: Official, api: wandql.Api, field: str, sign: str):
    value_of = ORDERS[field]
    specs = {spec["init"]["id"]: spec for spec in logged.specs["images"]}
    runs = list(api.runs("images", order=sign + field, per_page=20))
    ids = [run.id for run in runs]
    assert ids == official.ask("lazy_runs", path="images", order=sign + field, per_page=20)["ids"]
    values = [value_of(specs[id_]) for id_ in ids]
    if field == "display_name":
        # Whoever got no name from its program has one of the server's.
        values = [run.name if value is None else value for run, value in zip(runs, values, strict=True)]
        assert None not in values
    present = [value for value in values if value is not None]
    assert sorted(ids) == sorted(specs)
    assert values == sorted(present, reverse=sign == "-") + [None] * (len(values) - len(present))


@pytest.mark.parametrize("sign", "+-")
def test_the_order_of_creation_is_the_same(official: Official, api: wandql.Api, sign: str):
    runs = list(api.runs("images", order=f"{sign}created_at"))
    assert [run.id for run in runs] == official.ask("lazy_runs", path="images", order=f"{sign}created_at")["ids"]
    times = [run.created_at for run in runs]
    assert times == sorted(times, reverse=sign == "-")


@pytest.mark.parametrize("per_page", [1, 7, 50, 51])
def test_pages_of_any_size_hold_all_runs_once(logged: Logged, official: Official, api: wandql.Api, per_page: int):
    ids = [run.id for run in api.runs("text", per_page=per_page)]
    assert ids == official.ask("lazy_runs", path="text", order="-created_at", per_page=per_page)["ids"]
    assert sorted(ids) == sorted(spec["init"]["id"] for spec in logged.specs["text"])


def test_projects_are_the_same(official: Official, api: wandql.Api):
    theirs = official.ask("projects")
    ours = list(api.projects())
    assert [{"id": one.id, "name": one.name, "entity": one.entity, "path": one.path} for one in ours] == [
        {name: one[name] for name in ("id", "name", "entity", "path")} for one in theirs
    ]
    assert [f"{one.created_at:%Y-%m-%dT%H:%M:%S.%fZ}" for one in ours] == [one["created_at"] for one in theirs]
    assert {one.name for one in ours} >= {*PROJECTS}
    assert [one.name for one in api.projects(ENTITY, per_page=2)] == [one.name for one in ours]


def test_the_address_of_a_project_is_its_workspace_in_both(official: Official, api: wandql.Api):
    assert api.project("images").url == official.ask("project", name="images")["url"]


def test_one_project_is_the_same(official: Official, api: wandql.Api):
    theirs, ours = official.ask("project", name="speech"), api.project("speech")
    assert (ours.id, ours.name, ours.entity, ours.path) == tuple(
        theirs[name] for name in ("id", "name", "entity", "path")
    )


def test_the_viewer_is_the_same(official: Official, api: wandql.Api):
    theirs, ours = official.ask("viewer"), api.viewer
    for name in ("id", "name", "username", "email", "admin", "entity", "teams", "api_keys"):
        assert getattr(ours, name) == theirs[name], name
    assert api.default_entity == theirs["default_entity"]
