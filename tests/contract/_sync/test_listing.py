# Derived from tests/contract/_async/test_listing.py by `make generate`: edit that file instead.
"""Lists while the project changes under them: each run once, none left out; and what is asked for, no more."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

import pytest

import wandql
from tests.contract.seam_sync import open_on
from wandql import F, errors
from wandql.testing import Server


@pytest.fixture(params=["in-process", "tcp"])
def route(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def api(server: Server, route: str) -> Iterator[wandql.Api]:
    with open_on(server, route) as api:
        yield api


def add(server: Server, count: int, prefix: str = "r") -> list[str]:
    """Log runs, the oldest first."""
    ids = [f"{prefix}{number:03}" for number in range(count)]
    for number, run in enumerate(ids):
        server.add_run("p", run, config={"lr": number, "width": 7}, summary={"loss": -number, "acc": 1})
    return ids


def delete(server: Server, run: str) -> None:
    with server.api() as own:
        own.run(f"alice/p/{run}").delete()


def asked(server: Server) -> list[str]:
    return [exchange.operation for exchange in server.exchanges]


def variables(server: Server, name: str) -> list[Any]:
    return [exchange.variables.get(name) for exchange in server.exchanges]


@pytest.mark.parametrize("order", ["-created_at", "+created_at", "+config.lr", "-summary_metrics.loss"])
def test_each_run_is_seen_once_though_one_comes_and_one_goes_between_all_pages(
    server: Server, api: wandql.Api, order: str
) -> None:
    ids = add(server, 60)
    newest_first = order.startswith("-c")
    doomed = iter(reversed(ids) if newest_first else ids)
    gone: set[str] = set()

    def change() -> None:
        server.add_run("p", f"new{len(gone)}", config={"lr": -1}, summary={"loss": 1000})
        gone.add(victim := next(doomed))
        server.faults.exchanges.clear()
        delete(server, victim)

    for page in range(1, 30):
        server.faults.call(change, "GetRuns", skip=page)
    seen = [run.id for run in api.runs("alice/p", order=order, per_page=7)]
    assert len(seen) == len({*seen})
    assert {*ids} - gone <= {*seen}


def test_what_was_deleted_before_the_page_leaves_no_gap(server: Server, api: wandql.Api) -> None:
    ids = add(server, 12)
    server.faults.call(lambda: [delete(server, run) for run in ids[:3]], "GetRuns", skip=1)
    runs = api.runs("alice/p", order="+created_at", per_page=4)
    assert [run.id for run in runs] == ids
    report = runs.report()
    assert (report.seen, report.rewinds, report.complete) == (12, 1, True)
    assert (report.count_before, report.count_after) == (12, 9)


def test_what_was_inserted_before_the_page_is_dropped_where_it_was_seen(server: Server, api: wandql.Api) -> None:
    ids = add(server, 12)
    server.faults.call(lambda: add(server, 5, "new"), "GetRuns", skip=1)
    runs = api.runs("alice/p", per_page=4)
    assert [run.id for run in runs] == ids[::-1]
    report = runs.report()
    assert (report.seen, report.rewinds, report.complete) == (12, 0, True)
    assert report.duplicates > 0
    assert (report.count_before, report.count_after) == (12, 17)


def test_a_quiet_list_costs_one_request_for_each_page(server: Server, api: wandql.Api) -> None:
    add(server, 12)
    runs = api.runs("alice/p", per_page=5)
    assert len([run for run in runs]) == 12
    assert asked(server) == ["GetRuns"] * 3
    assert variables(server, "first") == [5, 6, 6]


def test_no_more_runs_are_asked_for_than_the_limit(server: Server, api: wandql.Api) -> None:
    ids = add(server, 12)
    runs = api.runs("alice/p", order="+created_at", per_page=5, limit=7)
    assert [run.id for run in runs] == ids[:7]
    assert variables(server, "first") == [5, 3]
    assert runs.count() == 7
    few = api.runs("alice/p", order="+created_at", limit=3)
    assert [run.id for run in few] == ids[:3]
    assert variables(server, "first")[2:] == [3]
    assert [run.id for run in api.runs("alice/p", F.config["lr"] > 3, "+created_at", limit=2)] == ids[4:6]
    with pytest.raises(ValueError, match="limit"):
        api.runs("alice/p", limit=0)


def test_counting_asks_for_no_runs(server: Server, api: wandql.Api) -> None:
    add(server, 3)
    assert api.runs("alice/p").count() == 3
    assert api.runs("alice/p", {"config.lr": 7}).exists() is False
    assert api.runs("alice/p", {"config.lr": 1}).exists() is True
    assert asked(server) == ["GetRunCount"] * 3


def test_whether_there_is_one_is_no_guess_where_the_server_fails(server: Server, api: wandql.Api) -> None:
    add(server, 1)
    server.faults.fail(500, "GetRunCount")
    with pytest.raises(errors.ServerError):
        api.runs("alice/p").exists()


def test_the_only_run_is_the_only_one(server: Server, api: wandql.Api) -> None:
    add(server, 3)
    assert api.runs("alice/p", {"config.lr": 1}).one().id == "r001"
    with pytest.raises(errors.NotFoundError, match="no run"):
        api.runs("alice/p", {"config.lr": 9}).one()
    with pytest.raises(errors.SeveralFoundError, match="r002, r001") as caught:
        api.runs("alice/p").one()
    assert isinstance(pickle.loads(pickle.dumps(caught.value)), ValueError)


def test_a_cursor_goes_on_with_exactly_the_rest(server: Server, api: wandql.Api) -> None:
    ids = add(server, 11)
    runs = api.runs("alice/p", order="+created_at", per_page=3)
    assert runs.cursor is None
    pages = runs.pages()
    assert [run.id for run in next(pages)] == ids[:3]
    assert [run.id for run in next(pages)] == ids[3:6]
    cursor = runs.cursor
    rest = api.runs("alice/p", order="+created_at", per_page=3, start=cursor)
    assert [run.id for run in rest] == ids[6:]
    delete(server, ids[0])
    api.flush()
    rest = api.runs("alice/p", order="+created_at", per_page=3, start=cursor)
    assert [run.id for run in rest] == ids[6:]
    delete(server, ids[5])
    api.flush()
    rest = api.runs("alice/p", order="+created_at", per_page=3, start=cursor)
    assert [run.id for run in rest] == ids[6:]
    delete(server, ids[4])
    api.flush()
    with pytest.raises(errors.PaginationError, match=r"not in .* any more"):
        [run for run in api.runs("alice/p", order="+created_at", per_page=3, start=cursor)]
    with pytest.raises(errors.UsageError, match="no cursor"):
        api.runs("alice/p", start="nonsense")


def test_a_page_that_takes_too_long_is_asked_for_in_parts(server: Server, api: wandql.Api) -> None:
    ids = add(server, 100)
    run = api.run("alice/p/r000")
    assert run.id == "r000"
    api.client.policy = wandql.RetryPolicy(attempts=1)
    server.faults.exchanges.clear()
    server.faults.fail(504, "GetRuns", times=2)
    assert [run.id for run in api.runs("alice/p", order="+created_at", per_page=80)] == ids
    assert variables(server, "first") == [80, 40, 20, 41, 81]
    server.faults.fail(504, "GetRuns", times=9)
    with pytest.raises(errors.ServerError, match="504"):
        [run for run in api.runs("alice/p", per_page=40)]


def test_a_page_is_halved_by_the_first_answer_that_is_late(server: Server, api: wandql.Api) -> None:
    ids = add(server, 100)
    api.run("alice/p/r000")
    api.client.policy = wandql.RetryPolicy(first_delay=0)
    server.faults.exchanges.clear()
    server.faults.fail(504, "GetRuns", times=2)
    assert [run.id for run in api.runs("alice/p", order="+created_at", per_page=80)] == ids
    assert variables(server, "first") == [80, 40, 20, 41, 81]
    server.faults.fail(504, "GetRuns", times=1)
    runs = api.runs("alice/p", order="+created_at", per_page=100, config_keys=["lr"])
    runs.slice()
    server.faults.fail(504, "GetRuns", times=1)
    runs.load_full()
    assert [run.config["width"] for run in runs.slice()] == [7] * 100


def test_only_the_keys_that_are_asked_for_are_sent(server: Server, api: wandql.Api) -> None:
    add(server, 2)
    runs = api.runs("alice/p", config_keys=["lr"], summary_keys=[], order="+created_at")
    run = runs.at(1)
    assert (run.config["lr"], run.config, dict(run.summary)) == (1, {"lr": 1}, {})
    assert run.config_json is not None
    assert "width" not in run.config_json
    for read in [
        lambda: run.config["width"],
        lambda: run.config.get("width"),
        lambda: "width" in run.config,
        lambda: run.summary["loss"],
        lambda: run.summary.get("loss", 0),
        lambda: run.rawconfig,
    ]:
        with pytest.raises(errors.NotLoadedError, match=r"width|loss|notes"):
            read()
    assert "lr" in run.config
    assert asked(server) == ["GetRuns"]
    assert variables(server, "configKeys") == [["lr"]]
    assert variables(server, "summaryKeys") == [[]]


def test_a_key_that_was_asked_for_and_is_not_there_is_missing(server: Server, api: wandql.Api) -> None:
    add(server, 1)
    run = api.runs("alice/p", config_keys=["none"]).at(0)
    assert run.config.get("none", 5) == 5
    assert "none" not in run.config
    with pytest.raises(KeyError):
        run.config["none"]


def test_the_rest_is_fetched_a_page_at_a_time(server: Server, api: wandql.Api) -> None:
    add(server, 5)
    runs = api.runs("alice/p", config_keys=["lr"], summary_keys=[], per_page=3, order="+created_at")
    held = [(run.config, run) for run in runs]
    held[0][0]["width"] = 8
    server.faults.exchanges.clear()
    runs.load_full()
    assert asked(server) == ["GetRuns", "GetRuns"]
    assert [config["width"] for config, _ in held] == [8, 7, 7, 7, 7]
    assert [run.summary["acc"] for _, run in held] == [1] * 5
    assert held[1][1].rawconfig["width"] == 7


def test_one_run_is_completed_by_itself(server: Server, api: wandql.Api) -> None:
    add(server, 1)
    run = api.runs("alice/p", config_keys=[], summary_keys=["acc"]).at(0)
    assert run.load().config == {"lr": 0, "width": 7}
    assert (run.summary["loss"], run.summary["acc"]) == (0, 1)
    assert asked(server) == ["GetRuns", "GetRun"]


def test_saving_a_run_of_few_keys_keeps_the_others(server: Server, api: wandql.Api) -> None:
    add(server, 1)
    run = api.runs("alice/p", config_keys=["lr"], summary_keys=["loss"]).at(0)
    run.config["lr"] = 5
    run.config["new"] = True
    run.summary["best"] = 3
    run.update()
    assert run.config == {"lr": 5, "new": True, "width": 7}
    fetched = api.run("alice/p/r000")
    assert fetched.config == {"lr": 5, "new": True, "width": 7}
    assert (fetched.summary["loss"], fetched.summary["acc"], fetched.summary["best"]) == (0, 1, 3)


def test_keys_are_a_list_of_text(server: Server, api: wandql.Api) -> None:
    with pytest.raises(errors.UsageError, match="list of keys"):
        api.runs("alice/p", config_keys="lr")
    assert asked(server) == []


def test_two_hundred_named_runs_are_one_request(server: Server, api: wandql.Api) -> None:
    ids = add(server, 200)
    found = api.runs("alice/p", F.id.in_(ids), per_page=200)
    assert sorted([run.id for run in found]) == ids
    assert asked(server) == ["GetRuns"]


def test_other_lists_are_scanned_in_the_same_way(server: Server, api: wandql.Api) -> None:
    names = [f"{number:02}.txt" for number in range(12)]
    server.add_run("p", "r", files=dict.fromkeys(names, b"x"))
    run = api.run("alice/p/r")

    def drop() -> None:
        with server.api() as own:
            for name in names[:3]:
                own.run("alice/p/r").file(name).delete()

    server.faults.call(drop, "GetRunFiles", skip=1)
    seen = [file.name for file in run.files(per_page=4)]
    assert seen == names
