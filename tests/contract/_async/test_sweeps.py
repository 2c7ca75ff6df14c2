"""Sweeps: what is read of them, which run is the best, and how many requests that takes."""

from __future__ import annotations

import copy
import pickle
import sys
from datetime import UTC

import httpx
import pytest

import wandql
from tests.contract._async.asking import AsyncWire
from tests.contract.swept import GRID, MANY, place, served_sweeps, written_sweeps  # noqa: F401 - fixtures
from wandql.errors import (
    DecodeError,
    InvalidFilterError,
    InvalidOrderError,
    InvalidPathError,
    NotFoundError,
    ServerError,
    UnsupportedError,
    UsageError,
)
from wandql.graphql.generated.fragments import RunFields

pytestmark = pytest.mark.anyio


@pytest.fixture
async def grid(api: wandql.AsyncApi, wire: AsyncWire) -> wandql.AsyncSweep:
    """A sweep of five runs, two of which have a number as their loss. Its request is not counted."""
    sweep = await api.sweep("lab/hunt/grid")
    wire.sent.clear()
    return sweep


async def test_a_sweep_says_what_was_defined(grid: wandql.AsyncSweep, wire: AsyncWire) -> None:
    assert (grid.id, grid.entity, grid.project, grid.path) == ("grid", "lab", "hunt", ["lab", "hunt", "grid"])
    assert (grid.name, grid.display_name, grid.description) == ("grid of two", None, "two points")
    assert (grid.state, grid.method, grid.config_yaml) == ("FINISHED", "grid", GRID)
    assert grid.config["parameters"] == {"lr": {"values": [0.1, 0.2]}, "day": {"value": "2027-01-15"}}
    assert (grid.run_count, grid.expected_run_count, grid.best_loss) == (5, 2, 0.25)
    assert (grid.order, grid.created_at.tzinfo) == ("+summary_metrics.loss", UTC)
    assert grid.url.endswith("/lab/hunt/sweeps/grid")
    assert repr(grid) == str(grid) == "<Sweep lab/hunt/grid (FINISHED)>"
    assert wire.sent == []


@pytest.mark.parametrize(
    ("sweep", "name", "state", "order"),
    [
        ("plain", "shown", "RUNNING", None),
        ("hopeless", "hopeless", "PAUSED", "+summary_metrics.loss"),
        ("empty", "grid of two", "CANCELED", "+summary_metrics.loss"),
    ],
)
async def test_a_name_is_the_first_that_there_is(
    api: wandql.AsyncApi, sweep: str, name: str, state: str, order: str | None
) -> None:
    found = await api.sweep(["lab", "hunt", sweep])
    assert (found.name, found.state, found.order) == (name, state, order)


async def test_the_old_name_of_the_entity_warns(grid: wandql.AsyncSweep) -> None:
    with pytest.warns(DeprecationWarning, match=r"Sweep\.entity"):
        assert grid.username == "lab"


async def test_a_sweep_is_kept_until_flush(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    sweep = await api.sweep("lab/hunt/grid")
    assert await api.sweep("/lab/hunt/sweeps/grid/") is sweep
    assert await api.sweep(sweep.url) is sweep
    assert wire.operations == ["GetSweep"]
    api.flush()
    again = await api.sweep("lab/hunt/grid")
    assert again is not sweep
    assert again == sweep
    assert wire.operations == ["GetSweep"] * 2


async def test_the_entity_of_a_short_path_is_asked_for(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    assert (await api.sweep("hunt/grid")).path == ["lab", "hunt", "grid"]
    assert wire.operations == ["GetViewer", "GetSweep"]


async def test_a_path_that_names_no_sweep_sends_nothing(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    for path in ["", "a/b/c/d", "lab/hunt/runs/grid"]:
        with pytest.raises(InvalidPathError):
            await api.sweep(path)
    assert wire.sent == []


@pytest.mark.parametrize(("path", "missing"), [("lab/hunt/none", "sweep"), ("lab/none/grid", "project")])
async def test_what_is_not_there_is_an_error_that_names_it(api: wandql.AsyncApi, path: str, missing: str) -> None:
    with pytest.raises(NotFoundError, match=f"There is no {missing}") as caught:
        await api.sweep(path)
    assert caught.value.operation == "GetSweep"


async def test_the_runs_of_a_sweep_are_a_list_of_their_own(grid: wandql.AsyncSweep, wire: AsyncWire) -> None:
    assert grid.runs is grid.runs
    assert [run.id async for run in grid.runs] == ["nan", "missing", "good", "better", "null"]
    assert await grid.runs.count() == 5
    assert (grid.runs.filters, grid.runs.order) == ('{"sweep":"grid"}', "+created_at")
    assert wire.operations == ["GetRuns"]


async def test_the_runs_of_a_large_sweep_come_in_pages(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    sweep = await api.sweep("lab/hunt/plain")
    assert len([run async for run in sweep.runs]) == MANY
    assert wire.operations == ["GetSweep", *["GetRuns"] * 3]


@pytest.mark.parametrize(
    ("order", "best"),
    [
        (None, "better"),
        ("+loss", "better"),
        ("loss", "good"),
        ("-summary.loss", "good"),
        ("+summary_metrics.loss", "better"),
        ("val.acc", "missing"),
        ("+val.acc", "nan"),
        ("+created_at", "nan"),
        ("createdAt", "null"),
        ("+name", "better"),
    ],
)
async def test_the_best_run_is_one_request_away(
    grid: wandql.AsyncSweep, wire: AsyncWire, order: str | None, best: str
) -> None:
    run = await grid.best_run(order)
    assert run is not None
    assert run.id == best
    assert wire.operations == ["GetRuns"]
    assert wire.sent[0].variables["first"] == 1


async def test_a_server_that_puts_nan_first_does_not_decide(grid: wandql.AsyncSweep, wire: AsyncWire) -> None:
    page = {"pageInfo": {"endCursor": None, "hasNextPage": False}}
    listed = {"data": {"project": {"runCount": 5, "runs": {**page, "edges": []}}}}
    nodes = await _nodes(grid, wire, ["nan", "missing", "better"])
    for number, some in enumerate([nodes[:1], nodes], start=1):
        reply = copy.deepcopy(listed)
        reply["data"]["project"]["runs"]["edges"] = [{"cursor": node["id"], "node": node} for node in some]
        wire.replies[len(wire.sent) + number] = httpx.Response(200, json=reply)
    before = len(wire.sent)
    run = await grid.best_run()
    assert run is not None
    assert run.id == "better"
    assert [request.variables["first"] for request in wire.sent[before:]] == [1, 50]


async def _nodes(sweep: wandql.AsyncSweep, wire: AsyncWire, ids: list[str]) -> list[object]:
    """Return runs as the server sends them."""
    runs = {run.id: run async for run in sweep.runs}
    return [runs[id_].model_dump(mode="json", by_alias=True, include=set(RunFields.model_fields)) for id_ in ids]


async def test_where_no_run_has_the_metric_the_first_is_as_good_as_any(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run = await (await api.sweep("lab/hunt/hopeless")).best_run()
    assert run is not None
    assert run.id == "dull"
    assert wire.operations == ["GetSweep", "GetRuns", "GetRuns"]


async def test_a_sweep_without_runs_has_no_best_one(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    assert await (await api.sweep("lab/hunt/empty")).best_run() is None
    assert wire.operations == ["GetSweep", "GetRuns"]


async def test_without_a_metric_somebody_must_say_what_counts(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    sweep = await api.sweep("lab/hunt/plain")
    with pytest.raises(UsageError, match="names no metric") as caught:
        await sweep.best_run()
    assert "best_run(" in (caught.value.hint or "")
    assert wire.operations == ["GetSweep"]
    run = await sweep.best_run("+created_at")
    assert run is not None
    assert run.id == "r000"


@pytest.mark.parametrize("order", ["", "+", "+-loss", "a,b"])
async def test_a_malformed_order_sends_nothing(grid: wandql.AsyncSweep, wire: AsyncWire, order: str) -> None:
    with pytest.raises(InvalidOrderError):
        await grid.best_run(order)
    assert wire.sent == []


async def test_agents_say_where_they_are_and_what_they_ran(grid: wandql.AsyncSweep, wire: AsyncWire) -> None:
    one, other = await grid.agents()
    assert (one.id, one.name, one.host, one.state, one.total_runs) == ("agent-1", "agent-1", "gpu-1", "FINISHED", 3)
    assert (other.id, other.host, other.total_runs) == ("agent-2", "gpu-2", 2)
    assert (one.entity, one.project, one.sweep) == ("lab", "hunt", "grid")
    assert repr(one) == "<Agent lab/hunt/grid/agent-1 (FINISHED)>"
    assert one.storage_id != one.id
    assert await grid.agent("agent-2") == other
    assert wire.operations == ["GetSweepAgents", "GetSweepAgent"]
    assert [run.id async for run in one.runs()] == ["nan", "missing", "good"]
    assert wire.operations[2:] == ["GetAgentRuns"]


async def test_the_runs_of_an_agent_come_in_pages(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    agent = await (await api.sweep("lab/hunt/plain")).agent("agent-4")
    runs = agent.runs(per_page=100)
    assert await runs.count() == MANY
    assert [run.id async for run in runs] == [f"r{number:03}" for number in range(MANY)]
    assert wire.operations == ["GetSweep", "GetSweepAgent", "GetAgentRuns", "GetAgentRuns"]
    assert repr(runs).endswith(" lab/hunt/plain/agent-4>")
    with pytest.raises(ValueError, match="per_page"):
        agent.runs(per_page=0)


async def test_prior_runs_are_read_apart(grid: wandql.AsyncSweep, wire: AsyncWire) -> None:
    assert [run.id async for run in grid.prior_runs(per_page=1)] == ["alone", "r000"]
    assert wire.operations == ["GetSweepPriorRuns"] * 2
    assert repr(grid.prior_runs()).endswith("PriorRuns lab/hunt/grid>")
    assert {"alone", "r000"}.isdisjoint([run.id async for run in grid.runs])


async def test_an_agent_that_is_not_there_is_an_error(grid: wandql.AsyncSweep) -> None:
    with pytest.raises(NotFoundError, match="has no agent 'gpu-1'"):
        await grid.agent("gpu-1")


async def test_the_sweeps_of_a_project_are_listed_newest_first(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    sweeps = (await api.project("lab/hunt")).sweeps(per_page=3)
    assert await sweeps.count() == 4
    assert [sweep.id async for sweep in sweeps] == ["empty", "plain", "hopeless", "grid"]
    assert wire.operations == ["GetProject", "GetSweeps", "GetSweeps"]
    assert (sweeps.entity, sweeps.project, sweeps.filters) == ("lab", "hunt", "{}")
    assert repr(sweeps).endswith(" lab/hunt>")


async def test_a_listed_sweep_is_whole(api: wandql.AsyncApi, grid: wandql.AsyncSweep) -> None:
    listed = await (await api.project("lab/hunt")).sweeps().at(-1)
    assert listed == grid
    assert [run.id async for run in listed.runs] == [run.id async for run in grid.runs]


async def test_sweeps_are_filtered_by_the_server_that_can(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    project = await api.project("lab/hunt")
    sweeps = project.sweeps(filters={"method": "random", "state": {"$ne": "RUNNING"}})
    assert [sweep.id async for sweep in sweeps] == ["hopeless"]
    assert await sweeps.count() == 1
    assert [sweep.id async for sweep in project.sweeps(filters={"state": "CANCELED"})] == ["empty"]
    assert wire.operations == ["GetProject", "GetServerFeatures", "GetMatchingSweeps", "GetMatchingSweeps"]


async def test_a_server_that_cannot_filter_is_not_asked_to(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    project = await api.project("lab/hunt")
    wire.replies = {2: httpx.Response(200, json={"data": {"serverInfo": {"features": []}}})}
    with pytest.raises(UnsupportedError, match="cannot filter"):
        await project.sweeps(filters={"state": "CANCELED"}).first()
    assert wire.operations == ["GetProject", "GetServerFeatures"]


async def test_malformed_filters_send_nothing(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    project = await api.project("lab/hunt")
    with pytest.raises(InvalidFilterError):
        project.sweeps(filters={"$or": []})
    assert wire.operations == ["GetProject"]


async def test_a_run_knows_its_sweep(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run = await api.run("lab/hunt/good")
    assert run.sweep_name == "grid"
    sweep = await run.sweep
    assert sweep is not None
    assert (sweep.id, await run.sweep is sweep) == ("grid", True)
    assert wire.operations == ["GetRun", "GetSweep"]
    await run.load(force=True)
    assert await run.sweep == sweep
    assert wire.operations[2:] == ["GetRun", "GetSweep"]


async def test_a_run_outside_any_sweep_asks_for_none(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    assert await (await api.run("lab/hunt/alone")).sweep is None
    assert wire.operations == ["GetRun"]


async def test_loading_fetches_only_when_forced(grid: wandql.AsyncSweep, wire: AsyncWire) -> None:
    runs, config = grid.runs, grid.config
    assert await grid.load() is grid
    assert wire.sent == []
    assert await grid.load(force=True) is grid
    assert wire.operations == ["GetSweep"]
    assert grid.runs is not runs
    assert grid.config == config
    assert grid.config is not config


async def test_a_failure_is_not_kept(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    wire.replies = {1: httpx.Response(500)}
    with pytest.raises(ServerError):
        await api.sweep("lab/hunt/grid")
    assert (await api.sweep("lab/hunt/grid")).id == "grid"


async def test_records_are_values(api: wandql.AsyncApi, grid: wandql.AsyncSweep) -> None:
    assert [run.id async for run in grid.runs] == ["nan", "missing", "good", "better", "null"]
    (agent, _) = await grid.agents()
    for record in (grid, agent):
        left = pickle.loads(pickle.dumps(record))
        assert (left == record, hash(left) == hash(record)) == (True, True)
        with pytest.raises(UsageError, match="has no client"):
            left.runs() if isinstance(left, wandql.AsyncAgent) else left.runs
    assert (await copy.deepcopy(grid).agents())[0] == agent
    assert len({grid, copy.copy(grid), await api.sweep("lab/hunt/grid")}) == 1


@pytest.mark.parametrize("text", ["- 1", "a: [", "text", "[" * 10_000, "&a [*a]", "!!python/object/apply:os.getpid []"])
async def test_a_definition_that_is_none_is_an_error_of_reading_it(
    api: wandql.AsyncApi, grid: wandql.AsyncSweep, wire: AsyncWire, text: str
) -> None:
    odd = type(grid).model_validate({**dict(grid), "config_yaml": text})
    with pytest.raises(DecodeError, match="a definition of the sweep lab/hunt/grid"):
        assert odd.config


async def test_a_definition_with_aliases_stays_small(grid: wandql.AsyncSweep) -> None:
    layers = "\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))
    odd = type(grid).model_validate({**dict(grid), "config_yaml": f"a0: &a0 [1]\n{layers}\n"})
    assert odd.config["a1"] == [[1], [1]]


async def test_without_the_library_for_yaml_the_rest_is_there(
    grid: wandql.AsyncSweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(UsageError, match="needs PyYAML") as caught:
        assert grid.config
    assert caught.value.hint == "pip install 'wandql[sweeps]'"
    assert (grid.state, grid.best_loss) == ("FINISHED", 0.25)
    best = await grid.best_run("+loss")
    assert best is not None
    assert best.id == "better"
