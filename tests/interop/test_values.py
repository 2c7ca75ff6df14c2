"""What the official SDK logged, both clients read: the same values, field by field, and those that were logged."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import pytest

import wandql
from tests.interop.conftest import ENTITY, Logged, Official

pytestmark = pytest.mark.interop

Fields = dict[str, Any]
Pairs = list[tuple[Fields, wandql.Run]]


class Otherwise(NamedTuple):
    """A field that wandql gives in another form: how to get the official client's form, and why it differs."""

    official: Callable[[wandql.Run], object]
    reason: str


def unwrap(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "value" in value else value


def text_of(time: datetime | None) -> str | None:
    return time and time.isoformat().replace("+00:00", "Z")


SAME = [
    "id", "storage_id", "name", "display_name", "state", "summary", "summary_metrics", "system_metrics", "tags",
    "notes", "description", "group", "job_type", "commit", "sweep_name", "read_only", "history_line_count", "entity",
    "project", "path", "url",
]  # fmt: skip

OTHERWISE = {
    "created_at": Otherwise(lambda run: text_of(run.created_at), "a time is an aware datetime, not a text"),
    "heartbeat_at": Otherwise(lambda run: text_of(run.heartbeat_at), "a time is an aware datetime, not a text"),
    "user": Otherwise(
        lambda run: run.user and {"name": run.user.name, "username": run.user.username}, "a record, as elsewhere"
    ),
    "username": Otherwise(lambda run: run.user and run.user.username, "it stands once, in `user`"),
    "config": Otherwise(
        lambda run: {key: unwrap(value) for key, value in run.config.items()},
        "the official client's list, unlike its `run()`, gives {'value': 1} as 1: it unwraps twice",
    ),
    "rawconfig": Otherwise(
        lambda run: {key: unwrap(value) for key, value in run.config.items()},
        "the official client's list, unlike its `run()`, gives the config without `_wandb`",
    ),
}
# In a list, `history_keys` would double the size of every page.
SAME_IN_ONE_RUN = [*SAME, "config", "rawconfig", "history_keys"]


def canonical(value: object) -> str:
    """Tell apart what `==` does not (1, 1.0 and True), and find NaN equal to itself."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=dict)


@pytest.fixture(scope="module")
def pairs(logged: Logged, official: Official) -> Pairs:
    """Each run as the official client lists it, and as wandql does."""
    with logged.server.api() as api:
        return [
            pair
            for project in logged.specs
            for pair in zip(
                official.ask("runs", path=project, lazy=False), api.runs(project, order="+created_at"), strict=True
            )
        ]


@pytest.fixture(scope="module")
def single_pairs(logged: Logged, official: Official) -> Pairs:
    """The runs of one project, each fetched by itself."""
    paths = [f"images/{spec['init']['id']}" for spec in logged.specs["images"]]
    with logged.server.api() as api:
        return list(zip(official.ask("each_run", paths=paths), map(api.run, paths), strict=True))


def test_both_clients_list_all_runs(pairs: Pairs):
    assert len(pairs) == 150
    assert {run.state for _, run in pairs} == {"finished", "failed", "crashed"}


@pytest.mark.parametrize("field", SAME)
def test_a_field_of_a_listed_run_is_the_same_in_both_clients(pairs: Pairs, field: str):
    for theirs, ours in pairs:
        assert canonical(getattr(ours, field)) == canonical(theirs[field]), ours.identity


@pytest.mark.parametrize(("field", "otherwise"), OTHERWISE.items(), ids=OTHERWISE)
def test_a_field_in_another_form_holds_the_same(pairs: Pairs, field: str, otherwise: Otherwise):
    for theirs, ours in pairs:
        assert canonical(otherwise.official(ours)) == canonical(theirs[field]), otherwise.reason


@pytest.mark.parametrize("field", SAME_IN_ONE_RUN)
def test_a_field_of_a_fetched_run_is_the_same_in_both_clients(single_pairs: Pairs, field: str):
    for theirs, ours in single_pairs:
        assert canonical(getattr(ours, field)) == canonical(theirs[field]), ours.identity


def test_no_field_that_the_official_client_gives_is_left_out(pairs: Pairs):
    assert set(pairs[0][0]) == {*SAME_IN_ONE_RUN, *OTHERWISE}


def test_what_was_logged_is_what_is_read(logged: Logged, pairs: Pairs):
    specs = {(project, spec["init"]["id"]): spec for project, of_project in logged.specs.items() for spec in of_project}
    for _, run in pairs:
        spec = specs[run.project, run.id]
        # Whoever got no name from its program has one of the server's.
        assert run.name
        expected = {"name": run.name, "group": None, "job_type": None, "notes": None, **spec["init"], "entity": ENTITY}
        for name in ("entity", "project", "id", "name", "group", "job_type", "notes"):
            assert getattr(run, name) == expected[name]
        assert sorted(run.tags) == sorted(expected["tags"])
        assert run.state == ("crashed" if spec["killed"] else "failed" if spec["exit_code"] else "finished")
        assert run.history_line_count == len(spec["history"])
        assert canonical(run.config) == canonical(as_sent(expected["config"], nan=None))
        rows = {key: value for row in spec["history"] for key, value in row.items()}
        # The official SDK leaves out of a summary what is None or NaN there.
        given = {key: as_sent(value) for key, value in spec["summary"].items() if value is not None and value == value}
        summary = {key: value for key, value in run.summary.items() if not key.startswith("_")}
        assert canonical(summary) == canonical(as_sent(rows) | given)


def as_sent(value: Any, *, nan: float | None = math.nan) -> Any:
    """Return a value as the official SDK sends it: whole floats as ints, without empty objects."""
    match value:
        case dict():
            return {key: as_sent(item, nan=nan) for key, item in value.items() if item != {}}
        case list():
            return [as_sent(item, nan=nan) for item in value]
        case float() if math.isnan(value):
            return nan
        case float() if value.is_integer() and abs(value) < 1e15:
            return int(value)
        case _:
            return value
