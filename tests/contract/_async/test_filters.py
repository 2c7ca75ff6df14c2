"""Typed filters and orders choose and sort runs, and `explain` tells beforehand what that takes."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.contract.sieved import (  # noqa: F401
    CONDITIONS,
    FEW,
    MANY,
    SOME,
    make_filter,
    place,
    served_sieve,
    written_sieve,
)
from wandql import F
from wandql.errors import InvalidFilterError, InvalidOrderError, NotFoundError, UnknownKeyError

if TYPE_CHECKING:
    import wandql
    from tests.contract._async.asking import AsyncWire

pytestmark = pytest.mark.anyio


async def test_each_condition_selects_the_runs_that_it_matches_here(api: wandql.AsyncApi) -> None:
    everything = [run async for run in api.runs("lab/some", per_page=SOME)]
    for wanted in CONDITIONS:
        expected = [run.id for run in everything if wanted.matches(run)]
        others = [run.id for run in everything if run.id not in set(expected)]
        assert [run.id async for run in api.runs("lab/some", wanted, per_page=SOME)] == expected, wanted
        assert [run.id async for run in api.runs("lab/some", ~wanted, per_page=SOME)] == others, wanted


async def test_a_hundred_queries_take_as_many_requests_as_was_said(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    chance = random.Random(7)
    everything = [run async for run in api.runs("lab/some", per_page=SOME)]
    counts = set()
    for _ in range(100):
        wanted = make_filter(chance)
        api.flush()
        runs = api.runs("lab/some", wanted, per_page=chance.choice([4, 7, 10, 20, 40, 200]))
        wire.sent.clear()
        if chance.random() < 0.5:
            plan = await runs.explain(count=True)
            assert wire.operations == ["GetRunCount"]
        else:
            await runs.first()
            plan = await runs.explain()
        wire.sent.clear()
        found = [run async for run in runs]
        assert plan.requests == len(wire.sent)
        assert {run.id for run in found} == {run.id for run in everything if wanted.matches(run)}
        assert len(found) == await runs.count()
        counts.add(len(wire.sent))
    assert len(counts) >= 5


async def test_a_query_is_explained_before_it_is_sent(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    runs = api.runs("lab/many", (F.state == "finished") & (F.config["a.b"] == 3), F.created_at.asc(), 20)
    plan = await runs.explain()
    assert wire.sent == []
    assert plan.operation == "GetRuns"
    assert plan.document.startswith("query GetRuns(")
    assert plan.filter == (F.state == "finished") & (F.config["a.b"] == 3)
    assert (plan.sent, plan.local, plan.order) == ('{"state":"finished"}', F.config["a.b"] == 3, "+created_at")
    assert (plan.selected, plan.requests) == (None, None)
    await runs.first()
    assert wire.sent[0].variables == plan.variables
    text = str(plan)
    for part in [
        '(F.state == "finished") & (F.config["a.b"] == 3)',
        'F.config["a.b"] == 3, because no name on the wire is that of a key with a dot: F.config["a.b"]',
        "one for each 20 runs; explain(count=True) asks",
        "query GetRuns(",
    ]:
        assert part in text


async def test_a_document_is_explained_as_an_expression(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    plan = await api.runs("lab/few", {"config.lr": {"$lt": 1}, "$or": [{"tags": "best"}]}).explain()
    assert plan.filter == (F.config["lr"] < 1) & F.tags.has("best")
    assert plan.sent == '{"config.lr":{"$lt":1},"$or":[{"tags":"best"}]}'
    assert (plan.local, plan.reason) == (None, None)
    assert "checked here  nothing" in str(plan)
    assert wire.sent == []


async def test_nothing_is_to_come_where_all_is_here(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    runs = api.runs("lab/few", per_page=2)
    await runs.explain(count=True)
    again = await runs.explain(count=True)
    assert (again.selected, again.requests, wire.operations) == (FEW, 3, ["GetRunCount"])
    await runs.at(-1)
    assert (await runs.explain()).requests == 0
    none = api.runs("lab/few", F.id == "nobody")
    assert (await none.explain(count=True)).requests == 1
    assert await none.first() is None
    assert (await none.explain()).requests == 0


async def test_counting_names_a_missing_project_and_asks_for_the_default_entity(
    api: wandql.AsyncApi, wire: AsyncWire
) -> None:
    with pytest.raises(NotFoundError, match="lab/nothing"):
        await api.runs("lab/nothing").explain(count=True)
    with pytest.raises(NotFoundError, match="lab/nothing"):
        await api.runs("lab/nothing", F.config["lr"] == 1).check_keys()
    wire.sent.clear()
    runs = api.runs("few")
    assert (await runs.explain()).variables["entity"] is None
    plan = await runs.explain(count=True)
    assert wire.operations == ["GetViewer", "GetRunCount"]
    assert (plan.variables["entity"], plan.selected, runs.entity) == ("lab", FEW, "lab")


async def test_a_key_with_a_dot_is_found_without_asking_the_server_for_it(
    api: wandql.AsyncApi, wire: AsyncWire
) -> None:
    runs = api.runs("lab/many", F.config["a.b"] == 3, order="+created_at", per_page=50)
    assert [run.id async for run in runs] == [f"r{number:03}" for number in range(3, MANY, 7)]
    assert await runs.count() == len(range(3, MANY, 7))
    assert [request.variables["filters"] for request in wire.sent] == ["{}"] * 3


async def test_a_filter_and_an_order_are_part_of_what_a_list_is_known_by(api: wandql.AsyncApi) -> None:
    runs = api.runs("lab/few", F.state == "finished", order=F.summary["loss"].desc())
    assert api.runs("lab/few", F.state == "finished", order="-summary_metrics.loss") is runs
    assert api.runs("lab/few", {"state": "finished"}, order="-summary_metrics.loss") is runs
    dotted = api.runs("lab/few", F.config["a.b"] == 1)
    assert api.runs("lab/few", F.config["a.b"] == 1) is dotted
    assert len({dotted, api.runs("lab/few", F.config["a.b"] == 2), api.runs("lab/few")}) == 3


async def test_orders_sort(api: wandql.AsyncApi) -> None:
    runs = [run async for run in api.runs("lab/many", F.summary["val/acc"].exists(), F.summary["val/acc"].desc())]
    found = [run.summary_metrics["val/acc"] for run in runs]
    assert found == sorted(found, reverse=True)
    with pytest.raises(InvalidOrderError, match=r"a key with a dot"):
        F.summary["p.q"].asc()


async def test_times_are_compared(api: wandql.AsyncApi) -> None:
    last = await api.run("lab/few/r004")
    found = [run.id async for run in api.runs("lab/few", F.created_at >= last.created_at)]
    assert found == ["r004"]
    future = datetime.now(UTC) + timedelta(days=1)
    assert [run.id async for run in api.runs("lab/few", F.created_at > future)] == []
    assert len([run async for run in api.runs("lab/few", F.duration < 60)]) == len(
        [run async for run in api.runs("lab/few") if (F.duration < 60).matches(run)]
    )


async def test_a_run_matches_as_it_is_here(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run = await api.run("lab/few/r001")
    wire.sent.clear()
    best = F.tags.has("mine") & (F.config["lr"] == 7)
    assert not best.matches(run)
    run.tags.append("mine")
    run.config["lr"] = 7
    assert best.matches(run)
    with pytest.raises(InvalidFilterError, match=r"F\.host is not fetched with a run"):
        (F.host == "x").matches(run)
    assert wire.sent == []


async def test_keys_are_checked_on_request_alone(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    misspelt = F.config["learning"] < 1
    assert [run async for run in api.runs("lab/few", misspelt)] == []
    wire.sent.clear()
    await api.runs(
        "lab/few", (F.config["lr"] < 1) & F.summary["val/acc"].exists(), F.summary["loss"].asc()
    ).check_keys()
    assert wire.operations == ["GetRuns"]
    await api.runs("lab/few", F.state == "x", F.created_at.asc()).check_keys()
    assert wire.operations == ["GetRuns"]


async def test_a_misspelt_key_is_named_with_those_near_to_it(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    wanted = (F.config["layer"] == 1) | (F.config["opt"]["nam"] == "x") | (F.state == "finished")
    with pytest.raises(UnknownKeyError) as caught:
        await api.runs("lab/many", wanted, order=F.summary["los"].asc()).check_keys()
    assert dict(caught.value.keys) == {
        'F.config["layer"]': ('F.config["layers"]',),
        'F.config["opt"]["nam"]': ('F.config["opt"]["name"]',),
        'F.summary["los"]': ('F.summary["loss"]',),
    }
    assert 'For F.config["layer"], did you mean F.config["layers"]?' in str(caught.value)
    assert (caught.value.path, caught.value.operation) == ("lab/many", "GetRuns")
    assert isinstance(caught.value, LookupError)
    # The newest hundred have none of the three, so each is asked for.
    assert wire.operations == ["GetRuns", *["GetRunCount"] * 3]


async def test_a_key_of_an_old_run_is_known_too(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    await api.runs("lab/many", F.config["first"] == True).check_keys()  # noqa: E712
    assert wire.operations == ["GetRuns", "GetRunCount"]


async def test_a_key_with_a_dot_is_judged_where_all_runs_are_here(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    await api.runs("lab/few", F.config["a.b"] == 1).check_keys()
    await api.runs("lab/many", F.config["a.bb"] == 1).check_keys()
    with pytest.raises(UnknownKeyError, match=r'did you mean F.config\["a.b"\]'):
        await api.runs("lab/few", F.config["a.bb"] == 1).check_keys()
    assert wire.operations == ["GetRuns"] * 3


async def test_sweeps_are_filtered_by_what_they_have(api: wandql.AsyncApi) -> None:
    project = await api.project("lab/few")
    typed = project.sweeps(filters=(F.state == "RUNNING") & (F.field("method") == "grid"))
    assert typed.filters == '{"$and":[{"state":"RUNNING"},{"method":"grid"}]}'
    assert [sweep async for sweep in typed] == []
    with pytest.raises(InvalidFilterError, match=r'F.config\["method"\] is of a run, and these are sweeps'):
        project.sweeps(filters=F.config["method"] == "grid")
