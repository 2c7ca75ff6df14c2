"""Reports: what they say, which runs their sections show, and how many requests that takes."""

from __future__ import annotations

import json
import pickle
from collections.abc import AsyncIterator, Callable
from datetime import UTC

import pytest

import wandql
from tests.contract._async.asking import AsyncWire, open_wire
from tests.contract.places import Place
from wandql.errors import InvalidPathError, NotFoundError, UsageError
from wandql.graphql.scalars import JSONObject

pytestmark = pytest.mark.anyio


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
async def wire(make_place: Callable[[str], Place]) -> AsyncIterator[AsyncWire]:
    """The way to a server with the runs r0, …, r4 of `lab/p` and three reports."""
    async with open_wire(make_place("lab")) as wire:
        client = wire.api().client
        for number in range(5):
            await client.upsert_run(
                entity="lab",
                project="p",
                run=f"r{number}",
                config_json=json.dumps({"lr": {"value": number}}),
                summary_json=json.dumps({"loss": number}),
            )
        for name, document in {"first": spec(), "second": spec(selected=["r2", "r3"]), "third": {}}.items():
            await client.upsert_report(
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
async def api(wire: AsyncWire) -> AsyncIterator[wandql.AsyncApi]:
    async with wire.api() as api:
        yield api


async def test_reports_are_listed_page_by_page_the_newest_first(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    reports = api.reports("lab/p", per_page=2)
    assert [report.name async for report in reports] == ["third", "second", "first"]
    assert wire.operations == ["GetReports", "GetReports"]
    assert (reports.entity, reports.project) == ("lab", "p")


async def test_a_report_is_found_by_its_name(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    assert [report.name async for report in api.reports("lab/p", name="second")] == ["second"]
    assert [report async for report in api.reports("lab/p", "The second, at last")] == []
    assert len(wire.sent) == 2


async def test_a_report_says_what_it_is(api: wandql.AsyncApi) -> None:
    report = await api.reports("lab/p", "first").first()
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


async def test_a_section_shows_its_runs_in_its_order(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    report = await api.reports("lab/p", "first").first()
    assert report is not None
    runs = report.runs(report.sections[0], per_page=2)
    assert [run.id async for run in runs] == ["r4", "r3", "r2"]
    assert wire.operations == ["GetReports", "GetRuns", "GetRuns"]


async def test_only_selected_runs_are_shown_unless_all_are_asked_for(api: wandql.AsyncApi) -> None:
    report = await api.reports("lab/p", "second").first()
    assert report is not None
    (section,) = report.sections
    assert [run.id async for run in report.runs(section)] == ["r3", "r2"]
    assert [run.id async for run in report.runs(section, only_selected=False)] == ["r4", "r3", "r2"]


async def test_a_report_without_sections_shows_no_runs(api: wandql.AsyncApi) -> None:
    report = await api.reports("lab/p", "third").first()
    assert report is not None
    assert (report.spec, report.sections) == ({}, [])
    with pytest.raises(UsageError, match="no set of runs"):
        report.runs({})


async def test_a_report_is_fetched_by_its_path_or_address(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    report = await api.reports("lab/p", "first").first()
    assert report is not None
    for path in [report.url, f"lab/p/reports/{report.id}", "/".join(["lab", "p", "reports", report.path[2]])]:
        assert await api.from_path(path) == report
    assert wire.operations == ["GetReports", *["GetReport"] * 3]
    with pytest.raises(NotFoundError, match="There is no report"):
        await api.from_path("lab/p/reports/Vmlldzo5OTk")


async def test_reports_of_nothing_are_an_error(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    with pytest.raises(NotFoundError, match="no project 'lab/none'"):
        await api.reports("lab/none").first()
    wire.sent.clear()
    with pytest.raises(InvalidPathError):
        api.reports("a/b/c/d")
    with pytest.raises(ValueError, match="per_page"):
        api.reports("lab/p", per_page=0)
    assert wire.sent == []


async def test_a_report_is_changed_and_deleted_by_its_id(api: wandql.AsyncApi) -> None:
    report = await api.reports("lab/p", "first").first()
    assert report is not None
    changed = (await api.client.upsert_report(id=report.id, description="new")).upsert_view
    assert changed is not None
    assert changed.report is not None
    assert (changed.inserted, changed.report.description, changed.report.name) == (False, "new", "first")
    deleted = (await api.client.delete_report(id=report.id)).delete_view
    assert deleted is not None
    assert deleted.success
    assert await api.reports("lab/p", "first").first() is None


async def test_a_report_is_pickled_without_its_client(api: wandql.AsyncApi) -> None:
    report = await api.reports("lab/p", "first").first()
    assert report is not None
    copied = pickle.loads(pickle.dumps(report))
    assert copied == report
    assert hash(copied) == hash(report)
    assert copied.sections == report.sections
    with pytest.raises(UsageError, match="has no client"):
        copied.runs(copied.sections[0])
