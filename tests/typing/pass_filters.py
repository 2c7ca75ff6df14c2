"""What filters and orders give, as type checkers see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import assert_type

import wandql
from wandql import F, Filter, Order
from wandql.graphql.scalars import JSONObject


def write() -> Filter:
    assert_type(F.state == "finished", Filter)
    assert_type(F.state != "finished", Filter)
    assert_type(F.config["lr"] < 1e-3, Filter)
    assert_type(F.config["opt"]["betas"][0] >= 0.9, Filter)
    assert_type(F.config["layers"] == [64, 32], Filter)
    assert_type(F.config["model"] == {"name": "cnn", "sizes": [1, None]}, Filter)
    assert_type(F.summary["val/loss"].in_([1, 2.5, "NaN", None]), Filter)
    assert_type(F.created_at > datetime(2026, 1, 1, tzinfo=UTC), Filter)
    assert_type(F.heartbeat_at == None, Filter)  # noqa: E711
    assert_type(F.duration > 60, Filter)
    assert_type(F.group.in_(name for name in ["a", "b"]), Filter)
    assert_type(F.tags.has("best") & ~F.tags.has_any(["old"]) | F.tags.has_all({"a"}), Filter)
    assert_type(F.name.matches("^x") | F.notes.contains("y") | F.config["z"].startswith("z"), Filter)
    assert_type(~F.summary["loss"].exists(), Filter)
    assert_type(F.field("keys_info.keys.loss").exists(), Filter)
    assert_type(F.parse({"state": "finished"}).wire, JSONObject)
    assert_type({F.state == "a": 1}, dict[Filter, int])
    return F.parse("{}")


def sort() -> None:
    assert_type(F.summary["loss"].asc(), Order)
    assert_type(F.created_at.desc(), Order)
    assert_type(F.created_at.desc().wire, str)


def ask(api: wandql.Api, project: wandql.Project, chosen: Filter | Mapping[str, object] | None) -> None:
    runs = api.runs("e/p", F.state == "finished", F.summary["loss"].asc(), 100)
    assert_type(runs, wandql.Runs)
    assert_type(api.runs(filters=chosen, order=None), wandql.Runs)
    assert_type(project.sweeps(filters=F.state == "RUNNING"), wandql.Sweeps)
    assert_type([run for run in runs if (F.config["lr"] < 1).matches(run)], list[wandql.Run])
    assert_type((F.config["lr"] < 1).matches({"config": {"lr": 0.1}}), bool)
    plan = runs.explain(count=True)
    assert_type(plan, wandql.Explanation)
    assert_type((plan.filter, plan.local, plan.requests), tuple[Filter, Filter | None, int | None])
    assert_type(plan.variables, Mapping[str, object])
    runs.check_keys()


async def ask_and_wait(api: wandql.AsyncApi, run: wandql.AsyncRun) -> None:
    runs = api.runs("e/p", F.id.in_(["a", "b"]), order=F.created_at.asc())
    assert_type(await runs.explain(), wandql.Explanation)
    assert_type((F.state == "finished").matches(run), bool)
    await runs.check_keys()


def catch(runs: wandql.Runs) -> Mapping[str, object]:
    try:
        runs.check_keys()
    except wandql.errors.UnknownKeyError as error:
        return error.keys
    return {}
