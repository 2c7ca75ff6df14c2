# Derived from tests/contract/_async/test_reports.py by `make generate`: edit that file instead.
"""Reports: what they say, which runs their sections show, and how many requests that takes."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator, Sized
from datetime import UTC

import httpx
import pytest

import wandql
from tests.contract._sync.asking import Wire, open_wire
from tests.contract.places import Place
from wandql.errors import DecodeError, GraphQLError, InvalidPathError, NotFoundError, UsageError
from wandql.graphql.scalars import JSONObject


def spec(*, selected: list[str] | None = None) -> JSONObject:
    condition: JSONObject = {"key": {"section": "config", "name": "lr"}, "op": ">", "value": 1}
    run_set: JSONObject = {
        "filters": {"op": "OR", "filters": [{"op": "AND", "filters": [condition]}]},
        "sort": {"key": {"section": "summary", "name": "loss"}, "ascending": False},
        "selections": {"root": 1, "tree": []} if selected is None else {"root": 0, "tree": [*selected]},
    }
    odd: JSONObject = {"type": "from the future", "content": [1, None]}
    return {"panelGroups": [{"runSets": [run_set]}], "blocks": [odd]}


@pytest.fixture
def wire(make_place: Callable[[str], Place]) -> Iterator[Wire]:
    """The way to a server with the runs r0, …, r4 of `lab/p` and three reports."""
    with open_wire(make_place("lab")) as wire:
        client = wire.api().client
        for number in range(5):
            client.upsert_run(
                entity="lab",
                project="p",
                run=f"r{number}",
                config_json=json.dumps({"lr": {"value": number}}),
                summary_json=json.dumps({"loss": number}),
            )
        for name, document in {"first": spec(), "second": spec(selected=["r2", "r3"]), "third": {}}.items():
            client.upsert_report(
                entity="lab",
                project="p",
                name=name,
                display_name=f"The {name}, at last",
                description=f"about {name}",
                spec_json=json.dumps(document),
            )
        wire.sent.clear()
        yield wire


@pytest.fixture
def api(wire: Wire) -> Iterator[wandql.Api]:
    with wire.api() as api:
        yield api


def test_reports_are_listed_page_by_page_the_newest_first(api: wandql.Api, wire: Wire) -> None:
    reports = api.reports("lab/p", per_page=2)
    assert [report.name for report in reports] == ["third", "second", "first"]
    assert wire.operations == ["GetReports", "GetReports"]
    assert (reports.entity, reports.project) == ("lab", "p")


def test_the_number_of_reports_is_not_told(api: wandql.Api, wire: Wire) -> None:
    assert not isinstance(api.reports("lab/p"), Sized)
    assert wire.sent == []


def test_the_entity_of_a_short_path_is_asked_for(api: wandql.Api, wire: Wire) -> None:
    reports = api.reports("p")
    assert (reports.entity, reports.project) == (None, "p")
    assert reports.first() is not None
    assert (reports.entity, reports.project) == ("lab", "p")
    assert wire.operations == ["GetViewer", "GetReports"]


def test_a_project_of_the_settings_needs_no_path(wire: Wire) -> None:
    with wire.api(entity="lab", project="p") as api:
        for path in ["", "p", "/lab/p/", ["lab", "p"]]:
            assert [report.name for report in api.reports(path, "first")] == ["first"]


def test_drafts_and_workspaces_are_no_reports(api: wandql.Api) -> None:
    for kind in ["runs/draft", "project-view"]:
        api.client.upsert_report(entity="lab", project="p", name=kind, type=kind, spec_json="{}")
    assert [report.name for report in api.reports("lab/p")] == ["third", "second", "first"]


def test_a_report_is_found_by_its_name(api: wandql.Api, wire: Wire) -> None:
    assert [report.name for report in api.reports("lab/p", name="second")] == ["second"]
    assert [report for report in api.reports("lab/p", "The second, at last")] == []
    assert len(wire.sent) == 2


def test_a_report_says_what_it_is(api: wandql.Api) -> None:
    report = api.reports("lab/p", "first").first()
    assert report is not None
    assert (report.display_name, report.description) == ("The first, at last", "about first")
    assert report.user is not None
    assert report.user.username == "lab"
    assert report.created_at.tzinfo == UTC
    assert report.url.endswith(f"/lab/p/reports/The-first-at-last--{report.id.rstrip('=')}")
    assert report.spec == spec()
    assert "from the future" in str(report.spec)
    assert report.to_html().startswith("<iframe")
    assert repr(report) == "<BetaReport lab/p 'The first, at last'>"


def test_a_section_shows_its_runs_in_its_order(api: wandql.Api, wire: Wire) -> None:
    report = api.reports("lab/p", "first").first()
    assert report is not None
    runs = report.runs(report.sections[0], per_page=2)
    assert [run.id for run in runs] == ["r4", "r3", "r2"]
    assert wire.operations == ["GetReports", "GetRuns", "GetRuns"]


LOSS_BELOW_THREE: JSONObject = {"key": {"section": "summary", "name": "loss"}, "op": "<", "value": 3}
BY_LOSS: JSONObject = {"keys": [{"key": {"section": "summary", "name": "loss"}, "ascending": False}]}


def row(*filters: JSONObject) -> JSONObject:
    """Return conditions as reports keep them now: in a row."""
    return {"filterFormat": "filterV2", "filters": [*filters]}


SHOWN: list[tuple[JSONObject, list[str]]] = [
    ({}, ["r4", "r3", "r2", "r1", "r0"]),
    ({"sort": BY_LOSS}, ["r4", "r3", "r2", "r1", "r0"]),
    ({"filters": row(LOSS_BELOW_THREE), "sort": BY_LOSS}, ["r2", "r1", "r0"]),
    (
        {"filters": {"op": "OR", "filters": [{"op": "AND", "filters": [LOSS_BELOW_THREE]}]}, "sort": BY_LOSS},
        ["r2", "r1", "r0"],
    ),
    (
        {
            "filters": row(
                {"key": {"section": "run", "name": "name"}, "op": "=", "value": "r4"},
                {**LOSS_BELOW_THREE, "connector": "OR"},
                {"key": {"section": "summary", "name": "loss"}, "op": ">", "value": 1, "connector": "AND"},
            ),
            "sort": BY_LOSS,
        },
        ["r4", "r2"],
    ),
    (
        {
            "filters": row({"key": {"section": "run", "name": "createdAt"}, "op": "WITHINSECONDS", "value": 3600}),
            "sort": BY_LOSS,
        },
        ["r4", "r3", "r2", "r1", "r0"],
    ),
    ({"project": {"entityName": "lab", "name": "q"}}, ["elsewhere"]),
    ({"project": {"entityName": "lab", "name": "q"}, "search": {"query": "r.a"}}, ["elsewhere"]),
    ({"project": {"entityName": "lab", "name": "q"}, "search": {"query": "farxaway"}}, []),
]


def test_a_section_shows_the_runs_that_it_filters_and_sorts(api: wandql.Api, wire: Wire) -> None:
    api.client.upsert_run(entity="lab", project="q", run="elsewhere", name="far.away")
    grid: JSONObject = {"type": "panel-grid", "metadata": {"runSets": [run_set for run_set, _ in SHOWN]}}
    document = json.dumps({"blocks": [grid]})
    api.client.upsert_report(entity="lab", project="p", name="sets", spec_json=document)
    report = api.reports("lab/p", "sets").first()
    assert report is not None
    for number, (run_set, ids) in enumerate(SHOWN):
        wire.sent.clear()
        runs = report.runs({**report.sections[0], "openRunSet": number}, per_page=100)
        assert wire.sent == []
        found = [run.id for run in runs]
        assert (found if "sort" in run_set else sorted(found, reverse=True)) == ids
        assert wire.operations == ["GetRuns"]
        assert wire.sent[0].variables["first"] == 100


def test_only_selected_runs_are_shown_unless_all_are_asked_for(api: wandql.Api) -> None:
    report = api.reports("lab/p", "second").first()
    assert report is not None
    (section,) = report.sections
    assert [run.id for run in report.runs(section)] == ["r3", "r2"]
    assert [run.id for run in report.runs(section, only_selected=False)] == ["r4", "r3", "r2"]


def test_a_report_without_sections_shows_no_runs(api: wandql.Api) -> None:
    report = api.reports("lab/p", "third").first()
    assert report is not None
    assert (report.spec, report.sections) == ({}, [])
    with pytest.raises(UsageError, match="no set of runs"):
        report.runs({})


def test_a_report_is_fetched_by_its_path_or_address(api: wandql.Api, wire: Wire) -> None:
    report = api.reports("lab/p", "first").first()
    assert report is not None
    for path in [report.url, f"lab/p/reports/{report.id}", "/".join(["lab", "p", "reports", report.path[2]])]:
        assert api.from_path(path) == report
    assert wire.operations == ["GetReports", *["GetReport"] * 3]
    with pytest.raises(NotFoundError, match="There is no report"):
        api.from_path("lab/p/reports/Vmlldzo5OTk")


def test_reports_of_nothing_are_an_error(api: wandql.Api, wire: Wire) -> None:
    with pytest.raises(NotFoundError, match="no project 'lab/none'"):
        api.reports("lab/none").first()
    wire.sent.clear()
    with pytest.raises(InvalidPathError):
        api.reports("a/b/c/d")
    with pytest.raises(ValueError, match="per_page"):
        api.reports("lab/p", per_page=0)
    assert wire.sent == []


def test_a_report_is_changed_and_deleted_by_its_id(api: wandql.Api) -> None:
    report = api.reports("lab/p", "first").first()
    assert report is not None
    changed = api.client.upsert_report(id=report.id, description="new").upsert_view
    assert changed is not None
    assert changed.report is not None
    assert (changed.inserted, changed.report.description, changed.report.name) == (False, "new", "first")
    again = api.reports("lab/p", "first").first()
    assert again is not None
    assert again.updated_at is not None
    assert report.updated_at is not None
    assert again.updated_at > report.updated_at
    assert (again.spec, again.created_at, again.user) == (report.spec, report.created_at, report.user)
    deleted = api.client.delete_report(id=report.id).delete_view
    assert deleted is not None
    assert deleted.success
    assert api.reports("lab/p", "first").first() is None
    with pytest.raises(NotFoundError, match="There is no report"):
        api.from_path(report.url)


def test_a_spec_that_is_no_object_is_not_saved(api: wandql.Api) -> None:
    with pytest.raises(GraphQLError, match="spec of a report"):
        api.client.upsert_report(entity="lab", project="p", name="list", spec_json="[1]")
    assert api.reports("lab/p", "list").first() is None


def test_a_report_is_pickled_without_its_client(api: wandql.Api) -> None:
    report = api.reports("lab/p", "first").first()
    assert report is not None
    copied = pickle.loads(pickle.dumps(report))
    assert copied == report
    assert hash(copied) == hash(report)
    assert copied.sections == report.sections
    with pytest.raises(UsageError, match="has no client"):
        copied.runs(copied.sections[0])


def test_a_spec_that_cannot_be_read_is_an_error_of_who_reads_it(api: wandql.Api, wire: Wire) -> None:
    report = {"id": "Vmlldzox", "name": "n", "displayName": "d", "description": None, "specJson": "{]", "user": None}
    node = {**report, "createdAt": "2027-01-01T00:00:00", "updatedAt": None}
    page = {"pageInfo": {"endCursor": None, "hasNextPage": False}, "edges": [{"cursor": "1", "node": node}]}
    wire.replies[1] = httpx.Response(200, json={"data": {"project": {"allViews": page}}})
    found = api.reports("lab/p").first()
    assert found is not None
    assert (found.display_name, found.user, found.created_at.tzinfo) == ("d", None, UTC)
    with pytest.raises(DecodeError, match="Vmlldzox"):
        _ = found.spec
