# Derived from tests/contract/_async/test_sweeps.py by `make generate`: edit that file instead.
"""Sweeps: what is read of them, which run is the best, and how many requests that takes."""

from __future__ import annotations

import copy
import pickle
import sys
from datetime import UTC

import httpx
import pytest

import wandql
from tests.contract._sync.asking import Wire
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


@pytest.fixture
def grid(api: wandql.Api, wire: Wire) -> wandql.Sweep:
    """A sweep of five runs, two of which have a number as their loss. Its request is not counted."""
    sweep = api.sweep("lab/hunt/grid")
    wire.sent.clear()
    return sweep


def test_a_sweep_says_what_was_defined(grid: wandql.Sweep, wire: Wire) -> None:
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
def test_a_name_is_the_first_that_there_is(
    api: wandql.Api, sweep: str, name: str, state: str, order: str | None
) -> None:
    found = api.sweep(["lab", "hunt", sweep])
    assert (found.name, found.state, found.order) == (name, state, order)


def test_the_old_name_of_the_entity_warns(grid: wandql.Sweep) -> None:
    with pytest.warns(DeprecationWarning, match=r"Sweep\.entity"):
        assert grid.username == "lab"


def test_a_sweep_is_kept_until_flush(api: wandql.Api, wire: Wire) -> None:
    sweep = api.sweep("lab/hunt/grid")
    assert api.sweep("/lab/hunt/sweeps/grid/") is sweep
    assert api.sweep(sweep.url) is sweep
    assert wire.operations == ["GetSweep"]
    api.flush()
    again = api.sweep("lab/hunt/grid")
    assert again is not sweep
    assert again == sweep
    assert wire.operations == ["GetSweep"] * 2


def test_the_entity_of_a_short_path_is_asked_for(api: wandql.Api, wire: Wire) -> None:
    assert api.sweep("hunt/grid").path == ["lab", "hunt", "grid"]
    assert wire.operations == ["GetViewer", "GetSweep"]


def test_a_path_that_names_no_sweep_sends_nothing(api: wandql.Api, wire: Wire) -> None:
    for path in ["", "a/b/c/d", "lab/hunt/runs/grid"]:
        with pytest.raises(InvalidPathError):
            api.sweep(path)
    assert wire.sent == []


@pytest.mark.parametrize(("path", "missing"), [("lab/hunt/none", "sweep"), ("lab/none/grid", "project")])
def test_what_is_not_there_is_an_error_that_names_it(api: wandql.Api, path: str, missing: str) -> None:
    with pytest.raises(NotFoundError, match=f"There is no {missing}") as caught:
        api.sweep(path)
    assert caught.value.operation == "GetSweep"


def test_the_runs_of_a_sweep_are_a_list_of_their_own(grid: wandql.Sweep, wire: Wire) -> None:
    assert grid.runs is grid.runs
    assert [run.id for run in grid.runs] == ["nan", "missing", "good", "better", "null"]
    assert grid.runs.count() == 5
    assert (grid.runs.filters, grid.runs.order) == ('{"sweep":"grid"}', "+created_at")
    assert wire.operations == ["GetRuns"]


def test_the_runs_of_a_large_sweep_come_in_pages(api: wandql.Api, wire: Wire) -> None:
    sweep = api.sweep("lab/hunt/plain")
    assert len([run for run in sweep.runs]) == MANY
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
def test_the_best_run_is_one_request_away(grid: wandql.Sweep, wire: Wire, order: str | None, best: str) -> None:
    run = grid.best_run(order)
    assert run is not None
    assert run.id == best
    assert wire.operations == ["GetRuns"]
    assert wire.sent[0].variables["first"] == 1


def test_a_server_that_puts_nan_first_does_not_decide(grid: wandql.Sweep, wire: Wire) -> None:
    page = {"pageInfo": {"endCursor": None, "hasNextPage": False}}
    listed = {"data": {"project": {"runCount": 5, "runs": {**page, "edges": []}}}}
    nodes = _nodes(grid, wire, ["nan", "missing", "better"])
    for number, some in enumerate([nodes[:1], nodes], start=1):
        reply = copy.deepcopy(listed)
        reply["data"]["project"]["runs"]["edges"] = [{"cursor": node["id"], "node": node} for node in some]
        wire.replies[len(wire.sent) + number] = httpx.Response(200, json=reply)
    before = len(wire.sent)
    run = grid.best_run()
    assert run is not None
    assert run.id == "better"
    assert [request.variables["first"] for request in wire.sent[before:]] == [1, 50]


def _nodes(sweep: wandql.Sweep, wire: Wire, ids: list[str]) -> list[object]:
    """Return runs as the server sends them."""
    runs = {run.id: run for run in sweep.runs}
    return [runs[id_].model_dump(mode="json", by_alias=True, include=set(RunFields.model_fields)) for id_ in ids]


def test_where_no_run_has_the_metric_the_first_is_as_good_as_any(api: wandql.Api, wire: Wire) -> None:
    run = api.sweep("lab/hunt/hopeless").best_run()
    assert run is not None
    assert run.id == "dull"
    assert wire.operations == ["GetSweep", "GetRuns", "GetRuns"]


def test_a_sweep_without_runs_has_no_best_one(api: wandql.Api, wire: Wire) -> None:
    assert api.sweep("lab/hunt/empty").best_run() is None
    assert wire.operations == ["GetSweep", "GetRuns"]


def test_without_a_metric_somebody_must_say_what_counts(api: wandql.Api, wire: Wire) -> None:
    sweep = api.sweep("lab/hunt/plain")
    with pytest.raises(UsageError, match="names no metric") as caught:
        sweep.best_run()
    assert "best_run(" in (caught.value.hint or "")
    assert wire.operations == ["GetSweep"]
    run = sweep.best_run("+created_at")
    assert run is not None
    assert run.id == "r000"


@pytest.mark.parametrize("order", ["", "+", "+-loss", "a,b"])
def test_a_malformed_order_sends_nothing(grid: wandql.Sweep, wire: Wire, order: str) -> None:
    with pytest.raises(InvalidOrderError):
        grid.best_run(order)
    assert wire.sent == []


def test_agents_say_where_they_are_and_what_they_ran(grid: wandql.Sweep, wire: Wire) -> None:
    one, other = grid.agents()
    assert (one.id, one.name, one.host, one.state, one.total_runs) == ("agent-1", "agent-1", "gpu-1", "FINISHED", 3)
    assert (other.id, other.host, other.total_runs) == ("agent-2", "gpu-2", 2)
    assert (one.entity, one.project, one.sweep) == ("lab", "hunt", "grid")
    assert repr(one) == "<Agent lab/hunt/grid/agent-1 (FINISHED)>"
    assert one.storage_id != one.id
    assert grid.agent("agent-2") == other
    assert wire.operations == ["GetSweepAgents", "GetSweepAgent"]
    assert [run.id for run in one.runs()] == ["nan", "missing", "good"]
    assert wire.operations[2:] == ["GetAgentRuns"]


def test_the_runs_of_an_agent_come_in_pages(api: wandql.Api, wire: Wire) -> None:
    agent = api.sweep("lab/hunt/plain").agent("agent-4")
    runs = agent.runs(per_page=100)
    assert runs.count() == MANY
    assert [run.id for run in runs] == [f"r{number:03}" for number in range(MANY)]
    assert wire.operations == ["GetSweep", "GetSweepAgent", "GetAgentRuns", "GetAgentRuns"]
    assert repr(runs).endswith(" lab/hunt/plain/agent-4>")
    with pytest.raises(ValueError, match="per_page"):
        agent.runs(per_page=0)


def test_prior_runs_are_read_apart(grid: wandql.Sweep, wire: Wire) -> None:
    assert [run.id for run in grid.prior_runs(per_page=1)] == ["alone", "r000"]
    assert wire.operations == ["GetSweepPriorRuns"] * 2
    assert repr(grid.prior_runs()).endswith("PriorRuns lab/hunt/grid>")
    assert {"alone", "r000"}.isdisjoint([run.id for run in grid.runs])


def test_an_agent_that_is_not_there_is_an_error(grid: wandql.Sweep) -> None:
    with pytest.raises(NotFoundError, match="has no agent 'gpu-1'"):
        grid.agent("gpu-1")


def test_the_sweeps_of_a_project_are_listed_newest_first(api: wandql.Api, wire: Wire) -> None:
    sweeps = api.project("lab/hunt").sweeps(per_page=3)
    assert sweeps.count() == 4
    assert [sweep.id for sweep in sweeps] == ["empty", "plain", "hopeless", "grid"]
    assert wire.operations == ["GetProject", "GetSweeps", "GetSweeps"]
    assert (sweeps.entity, sweeps.project, sweeps.filters) == ("lab", "hunt", "{}")
    assert repr(sweeps).endswith(" lab/hunt>")


def test_a_listed_sweep_is_whole(api: wandql.Api, grid: wandql.Sweep) -> None:
    listed = api.project("lab/hunt").sweeps().at(-1)
    assert listed == grid
    assert [run.id for run in listed.runs] == [run.id for run in grid.runs]


def test_sweeps_are_filtered_by_the_server_that_can(api: wandql.Api, wire: Wire) -> None:
    project = api.project("lab/hunt")
    sweeps = project.sweeps(filters={"method": "random", "state": {"$ne": "RUNNING"}})
    assert [sweep.id for sweep in sweeps] == ["hopeless"]
    assert sweeps.count() == 1
    assert [sweep.id for sweep in project.sweeps(filters={"state": "CANCELED"})] == ["empty"]
    assert wire.operations == ["GetProject", "GetServerFeatures", "GetMatchingSweeps", "GetMatchingSweeps"]


def test_a_server_that_cannot_filter_is_not_asked_to(api: wandql.Api, wire: Wire) -> None:
    project = api.project("lab/hunt")
    wire.replies = {2: httpx.Response(200, json={"data": {"serverInfo": {"features": []}}})}
    with pytest.raises(UnsupportedError, match="cannot filter"):
        project.sweeps(filters={"state": "CANCELED"}).first()
    assert wire.operations == ["GetProject", "GetServerFeatures"]


def test_malformed_filters_send_nothing(api: wandql.Api, wire: Wire) -> None:
    project = api.project("lab/hunt")
    with pytest.raises(InvalidFilterError):
        project.sweeps(filters={"$or": []})
    assert wire.operations == ["GetProject"]


def test_a_run_knows_its_sweep(api: wandql.Api, wire: Wire) -> None:
    run = api.run("lab/hunt/good")
    assert run.sweep_name == "grid"
    sweep = run.sweep
    assert sweep is not None
    assert (sweep.id, run.sweep is sweep) == ("grid", True)
    assert wire.operations == ["GetRun", "GetSweep"]
    run.load(force=True)
    assert run.sweep == sweep
    assert wire.operations[2:] == ["GetRun", "GetSweep"]


def test_a_run_outside_any_sweep_asks_for_none(api: wandql.Api, wire: Wire) -> None:
    assert api.run("lab/hunt/alone").sweep is None
    assert wire.operations == ["GetRun"]


def test_loading_fetches_only_when_forced(grid: wandql.Sweep, wire: Wire) -> None:
    runs, config = grid.runs, grid.config
    assert grid.load() is grid
    assert wire.sent == []
    assert grid.load(force=True) is grid
    assert wire.operations == ["GetSweep"]
    assert grid.runs is not runs
    assert grid.config == config
    assert grid.config is not config


def test_a_failure_is_not_kept(api: wandql.Api, wire: Wire) -> None:
    wire.replies = {1: httpx.Response(500)}
    with pytest.raises(ServerError):
        api.sweep("lab/hunt/grid")
    assert api.sweep("lab/hunt/grid").id == "grid"


def test_records_are_values(api: wandql.Api, grid: wandql.Sweep) -> None:
    assert [run.id for run in grid.runs] == ["nan", "missing", "good", "better", "null"]
    (agent, _) = grid.agents()
    for record in (grid, agent):
        left = pickle.loads(pickle.dumps(record))
        assert (left == record, hash(left) == hash(record)) == (True, True)
        with pytest.raises(UsageError, match="has no client"):
            left.runs() if isinstance(left, wandql.Agent) else left.runs
    assert copy.deepcopy(grid).agents()[0] == agent
    assert len({grid, copy.copy(grid), api.sweep("lab/hunt/grid")}) == 1


@pytest.mark.parametrize("text", ["- 1", "a: [", "text", "[" * 10_000, "&a [*a]", "!!python/object/apply:os.getpid []"])
def test_a_definition_that_is_none_is_an_error_of_reading_it(
    api: wandql.Api, grid: wandql.Sweep, wire: Wire, text: str
) -> None:
    odd = type(grid).model_validate({**dict(grid), "config_yaml": text})
    with pytest.raises(DecodeError, match="a definition of the sweep lab/hunt/grid"):
        assert odd.config


def test_a_definition_with_aliases_stays_small(grid: wandql.Sweep) -> None:
    layers = "\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))
    odd = type(grid).model_validate({**dict(grid), "config_yaml": f"a0: &a0 [1]\n{layers}\n"})
    assert odd.config["a1"] == [[1], [1]]


def test_without_the_library_for_yaml_the_rest_is_there(grid: wandql.Sweep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(UsageError, match="needs PyYAML") as caught:
        assert grid.config
    assert caught.value.hint == "pip install 'wandql[sweeps]'"
    assert (grid.state, grid.best_loss) == ("FINISHED", 0.25)
    best = grid.best_run("+loss")
    assert best is not None
    assert best.id == "better"
