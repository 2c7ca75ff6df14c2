"""What a report's run sets choose, in the words of the server's filters and orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from wandql.api import report_sections
from wandql.api.report_sections import RunSet, sections_of
from wandql.errors import UsageError

NOW = datetime(2027, 1, 31, 1, tzinfo=timezone(timedelta(hours=1)))


def read_run_set(section: Any, *, only_selected: bool) -> RunSet:
    return report_sections.read_run_set(section, only_selected=only_selected, now=NOW)


def condition(section: str, name: str, operator: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"key": {"section": section, "name": name}, "op": operator, "value": value, **more}


def filters_of(*conditions: Any, **run_set: Any) -> Any:
    tree = {"op": "OR", "filters": [{"op": "AND", "filters": [*conditions]}]}
    return read_run_set({"runSets": [{"filters": tree, **run_set}]}, only_selected=True).filters


# As the official client converts them, seen by running it.
CONDITIONS = [
    (condition("config", "lr", "=", 0.1), {"config.lr": 0.1}),
    (condition("config", "lr", "!=", 1), {"config.lr": {"$ne": 1}}),
    (condition("config", "lr", "<=", 1), {"config.lr": {"$lte": 1}}),
    (condition("config", "lr", ">", 1), {"config.lr": {"$gt": 1}}),
    (condition("summary", "loss", "<", 2), {"summary_metrics.loss": {"$lt": 2}}),
    (condition("run", "state", "=", "finished"), {"state": "finished"}),
    (condition("run", "createdAt", ">=", "2024-01-01"), {"createdAt": {"$gte": "2024-01-01"}}),
    (condition("run", "displayName", "REGEX", "^a"), {"displayName": {"$regex": "^a"}}),
    (condition("config", "x", "IN", [1, 2]), {"config.x": {"$in": [1, 2]}}),
    (condition("config", "x", "NIN", [1, 2]), {"config.x": {"$nin": [1, 2]}}),
    (condition("keys_info", "a", "=", 1), {"keys_info.keys.a": 1}),
    (condition("config", "x", "=", None), {"config.x": None}),
    (condition("tags", "best", "=", True), {"tags": "best"}),
    (condition("tags", "best", "=", False), {"$or": [{"tags": None}, {"tags": {"$ne": "best"}}]}),
    (condition("tags", "any", "IN", ["a", "b"]), {"tags": {"$in": ["a", "b"]}}),
]


@pytest.mark.parametrize(("shown", "sent"), CONDITIONS)
def test_a_condition_is_sent_as_the_official_client_sends_it(shown: Any, sent: Any) -> None:
    assert filters_of(shown) == {"$or": [{"$and": [sent]}]}


@pytest.mark.parametrize(
    "nothing",
    [
        condition("config", "lr", "=", 1, disabled=True),
        condition("config", "", "=", 1),
        condition("config", "lr", "<", None),
        {"op": "AND", "filters": []},
        None,
    ],
)
def test_what_says_nothing_is_left_out(nothing: Any) -> None:
    assert filters_of(nothing) == {}
    assert filters_of(nothing, condition("run", "state", "=", "x")) == {"$or": [{"$and": [{"state": "x"}]}]}


@pytest.mark.parametrize(
    ("selections", "sent"),
    [
        (None, {}),
        ({"root": 1, "tree": []}, {}),
        ({"root": 1, "tree": ["a"]}, {"name": {"$nin": ["a"]}}),
        ({"root": 0, "tree": ["a", "b"]}, {"name": {"$in": ["a", "b"]}}),
        ({"root": 0, "tree": []}, {"name": {"$in": []}}),
        ({"tree": ["a"]}, {"name": {"$nin": ["a"]}}),
        (
            {"root": 0, "tree": [{"value": "g", "children": ["a", {"value": "h", "children": ["b"]}]}]},
            {"name": {"$in": ["a", "b"]}},
        ),
    ],
)
def test_only_selected_runs_are_chosen(selections: Any, sent: Any) -> None:
    section = {"runSets": [{"selections": selections}]}
    assert read_run_set(section, only_selected=True).filters == sent
    assert read_run_set(section, only_selected=False).filters == {}


def test_what_is_new_in_a_report_is_told_in_seconds_before_now() -> None:
    assert filters_of(condition("run", "createdAt", "WITHINSECONDS", 3600)) == {
        "$or": [{"$and": [{"createdAt": {"$gte": "2027-01-30T23:00:00.000000Z"}}]}]
    }
    assert NOW.astimezone(UTC).hour == 0


A, B, C, D = [condition("run", name, "=", 1) for name in "abcd"]
a, b, c, d = [{name: 1} for name in "abcd"]


@pytest.mark.parametrize(
    ("row", "sent"),
    [
        ([], {}),
        ([A], {"$or": [{"$and": [a]}]}),
        ([A, {**B, "connector": "AND"}], {"$or": [{"$and": [a, b]}]}),
        ([A, {**B, "connector": "OR"}], {"$or": [{"$and": [a]}, {"$and": [b]}]}),
        (
            [A, {**B, "connector": "AND"}, {**C, "connector": "OR"}, {**D, "connector": "AND"}],
            {"$or": [{"$and": [a, b]}, {"$and": [c, d]}]},
        ),
        (
            [A, {"filters": [B, {**C, "connector": "OR"}], "connector": "AND"}],
            {"$or": [{"$and": [a, {"$or": [{"$and": [b]}, {"$and": [c]}]}]}]},
        ),
        ([{**A, "disabled": True}, {**B, "connector": "OR"}], {"$or": [{"$and": [b]}]}),
        (
            [A, {**B, "connector": "OR", "disabled": True}, {**C, "connector": "AND"}],
            {"$or": [{"$and": [a]}, {"$and": [c]}]},
        ),
        ([{**A, "disabled": True}], {}),
    ],
)
def test_in_a_row_of_conditions_and_binds_before_or(row: Any, sent: Any) -> None:
    section = {"runSets": [{"filters": {"filterFormat": "filterV2", "filters": row}}]}
    assert read_run_set(section, only_selected=True).filters == sent


def test_a_search_is_part_of_the_filter() -> None:
    section = {"runSets": [{"search": {"query": "a.b"}}]}
    assert read_run_set(section, only_selected=True).filters == {"displayName": {"$regex": r"a\.b"}}
    section = {"runSets": [{"search": {"query": "a.b", "isRegex": True}}]}
    assert read_run_set(section, only_selected=True).filters == {"displayName": {"$regex": "a.b"}}


def test_several_conditions_must_all_hold() -> None:
    state = condition("run", "state", "=", "x")
    assert filters_of(state, selections={"root": 0, "tree": ["a"]}) == {
        "$and": [{"$or": [{"$and": [{"state": "x"}]}]}, {"name": {"$in": ["a"]}}]
    }


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (None, None),
        ({"key": {"section": "run", "name": "createdAt"}, "ascending": False}, "-createdAt"),
        ({"key": {"section": "summary", "name": "loss"}, "ascending": True}, "+summary_metrics.loss"),
        ({"keys": [{"key": {"section": "config", "name": "lr"}, "ascending": True}]}, "+config.lr"),
        ({"keys": []}, None),
    ],
)
def test_the_first_key_of_a_sort_is_the_order(sort: Any, order: str | None) -> None:
    assert read_run_set({"runSets": [{"sort": sort}]}, only_selected=True).order == order


def test_the_open_run_set_is_chosen_with_its_project() -> None:
    section: Any = {
        "openRunSet": 1,
        "runSets": [{}, {"project": {"entityName": "lab", "name": "p"}, "filters": {"op": "AND", "filters": []}}],
    }
    chosen = read_run_set(section, only_selected=True)
    assert (chosen.entity, chosen.project, chosen.filters) == ("lab", "p", {})


def test_sections_are_those_of_old_and_new_reports() -> None:
    old: Any = {"panelGroups": [{"runSets": [1]}]}
    new: Any = {"blocks": [{"type": "paragraph"}, {"type": "panel-grid", "metadata": {"runSets": [2]}}, "odd"]}
    assert sections_of(old) == [{"runSets": [1]}]
    assert sections_of(new) == [{"runSets": [2]}]
    assert sections_of({}) == []


@pytest.mark.parametrize(
    "section",
    [
        {},
        {"runSets": []},
        {"runSets": [{"filters": {"op": "XOR", "filters": []}}]},
        {"runSets": [{"filters": condition("config", "x", "LIKE", 1)}]},
        {"runSets": [{"filters": condition("elsewhere", "x", "=", 1)}]},
        {"runSets": [{"filters": condition("run", "createdAt", "WITHINSECONDS", "an hour")}]},
        {"runSets": [{"filters": {"filterFormat": "filterV2", "filters": [A, {**B, "connector": "XOR"}]}}]},
        {"runSets": [{"selections": {"root": 0, "tree": [{"value": "g", "children": []}]}}]},
    ],
)
def test_what_is_not_known_is_an_error(section: Any) -> None:
    with pytest.raises(UsageError):
        read_run_set(section, only_selected=True)
