# Derived from tests/contract/_async/test_history.py by `make generate`: edit that file instead.
"""Histories: what was logged comes back whole and in order, and few requests bring it."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import httpx
import pandas as pd
import pytest

import wandql
from tests.contract._sync.asking import Wire
from tests.contract.logged import EVENTS, HISTORIES, LINES, own_place, place, served_runs, written_runs  # noqa: F401
from tests.contract.seam_sync import at_once
from wandql.api.history_rows import How
from wandql.errors import DecodeError, NotFoundError, ServerError, UnknownKeyError, UsageError

Row = dict[str, Any]
DENSE = HISTORIES["dense"]


def shown(rows: list[Row]) -> list[str]:
    """Return rows as text: NaN equals itself there, and the order of keys does not count."""
    return [repr(sorted(row.items())) for row in rows]


def having(rows: list[Row], keys: list[str]) -> list[Row]:
    """Return what a scan with keys finds in rows."""
    return [{key: row[key] for key in ["_step", *keys]} for row in rows if all(key in row for key in keys)]


def scanned(scan: wandql.HistoryScan) -> list[Row]:
    return [row for row in scan]


@pytest.fixture(autouse=True)
def one_page_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are counted here, and how many are sent ahead depends on how long they take."""
    monkeypatch.setattr("wandql.api._sync.history.SLOW", math.inf)


@pytest.fixture
def dense(api: wandql.Api, wire: Wire) -> wandql.Run:
    """A finished run of 2,500 rows. Its request is not counted."""
    run = api.run("lab/logged/dense")
    wire.sent.clear()
    return run


@pytest.mark.parametrize("name", HISTORIES)
def test_a_scan_returns_every_row_as_it_was_logged(api: wandql.Api, name: str) -> None:
    run = api.run(f"lab/logged/{name}")
    assert shown(scanned(run.scan_history())) == shown(HISTORIES[name])


@pytest.mark.parametrize("page_size", [1, 7, 100, 999, 5000])
@pytest.mark.parametrize("name", ["same step", "odd", "late"])
def test_pages_of_any_size_bring_the_same_rows(api: wandql.Api, name: str, page_size: int) -> None:
    run = api.run(f"lab/logged/{name}")
    assert shown(scanned(run.scan_history(page_size=page_size))) == shown(HISTORIES[name])


@pytest.mark.parametrize(
    ("name", "page_size", "pages"),
    [
        ("dense", 1000, 3),
        ("dense", 2500, 1),
        ("dense", 500, 5),
        ("sparse", 1000, 1),
        ("sparse", 100, 9),
        ("late", 1000, 1),
        ("gap", 1000, 13),
        ("odd", 1000, 1),
        ("empty", 1000, 0),
    ],
)
def test_a_scan_asks_for_the_length_and_for_few_pages(
    api: wandql.Api, wire: Wire, name: str, page_size: int, pages: int
) -> None:
    run = api.run(f"lab/logged/{name}")
    scanned(run.scan_history(page_size=page_size))
    assert wire.operations == ["GetRun", "GetRunHistoryPlan", *["GetRunHistoryPage"] * pages]


def test_making_a_scan_sends_nothing_and_leaving_it_sends_no_more(dense: wandql.Run, wire: Wire) -> None:
    scan = dense.scan_history()
    assert (scan.keys, scan.page_size, scan.min_step, scan.max_step) == ([], 1000, 0, None)
    assert repr(scan).endswith("HistoryScan of lab/logged/dense>")
    assert wire.operations == []
    for _ in scan:
        break
    assert wire.operations == ["GetRunHistoryPlan", "GetRunHistoryPage"]


@pytest.mark.parametrize("keys", [["loss"], ["val"], ["val", "eval/acc"], ["eval/acc", "loss", "val"]])
def test_a_scan_with_keys_returns_the_rows_that_have_all_of_them(
    dense: wandql.Run, wire: Wire, keys: list[str]
) -> None:
    assert scanned(dense.scan_history(keys=keys)) == having(DENSE, keys)
    assert wire.operations == ["GetRunHistoryPlan", *["GetSampledRunHistory"] * (3 if keys == ["loss"] else 1)]


@pytest.mark.parametrize("keys", [["nosuchkey"], ["loss", "nosuchkey"]])
@pytest.mark.parametrize("how", ["inner", "outer"])
def test_a_scan_for_a_key_that_no_row_has_is_an_error(dense: wandql.Run, wire: Wire, keys: list[str], how: How) -> None:
    with pytest.raises(UnknownKeyError, match=r"(?s)lab/logged/dense has 'nosuchkey'"):
        scanned(dense.scan_history(keys=keys, how=how))
    with pytest.raises(UnknownKeyError, match="did you mean 'loss'"):
        dense.scan_history(keys=["los"], how=how).to_arrow()
    assert wire.operations == ["GetRunHistoryPlan"] * 2


def test_a_history_without_rows_has_no_unknown_keys(api: wandql.Api) -> None:
    run = api.run("lab/logged/empty")
    assert scanned(run.scan_history(keys=["loss"])) == []
    assert run.scan_history(keys=["loss"]).to_arrow().column_names == ["_step", "loss"]


@pytest.mark.parametrize("keys", [None, ["loss"]])
@pytest.mark.parametrize(
    ("first", "end"),
    [
        (0, 2500),
        (0, 2499),
        (0, 2501),
        (None, 10**12),
        (2499, None),
        (2500, None),
        (1000, 2000),
        (7, 8),
        (7, 7),
        (8, 7),
        (-5, 3),
    ],
)
def test_the_last_step_of_a_scan_is_before_its_bound(
    dense: wandql.Run, keys: list[str] | None, first: int | None, end: int | None
) -> None:
    rows = scanned(dense.scan_history(keys, min_step=first, max_step=end))
    begin = max(first or 0, 0)
    assert rows == (having(DENSE[begin:end], ["loss"]) if keys else DENSE[begin:end])


def test_a_part_of_a_history_with_gaps_is_whole(api: wandql.Api) -> None:
    run = api.run("lab/logged/gap")
    rows = scanned(run.scan_history(min_step=1000, max_step=10**7 + 100, page_size=300))
    assert [row["_step"] for row in rows] == [*range(1000, 1500), *range(10**7, 10**7 + 100)]


def test_a_scan_can_be_iterated_again_and_at_the_same_time(dense: wandql.Run) -> None:
    scan = dense.scan_history(min_step=2000, page_size=200)
    ahead, behind = iter(scan), iter(scan)
    for _ in range(300):
        next(ahead)
    assert [row for row in behind] == DENSE[2000:]
    assert [row for row in ahead] == DENSE[2300:]
    assert [row for row in ahead] == []
    assert scanned(scan) == DENSE[2000:]


def test_pages_are_fetched_side_by_side_where_requests_are_slow(
    dense: wandql.Run, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wandql.api._sync.history.SLOW", -1)
    rows = iter(dense.scan_history(page_size=100))
    found = [next(rows)]
    assert wire.operations == ["GetRunHistoryPlan", "GetRunHistoryPage"]
    found += [next(rows) for _ in range(100)]
    assert wire.operations == ["GetRunHistoryPlan", *["GetRunHistoryPage"] * 5]
    assert found + [row for row in rows] == DENSE
    assert wire.operations == ["GetRunHistoryPlan", *["GetRunHistoryPage"] * 25]


def test_pages_side_by_side_bring_the_same_rows(api: wandql.Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wandql.api._sync.history.SLOW", -1)
    for name, rows in HISTORIES.items():
        run = api.run(f"lab/logged/{name}")
        # Sixteen pages go at once: these are many more, some, and one.
        for page_size in [max(7, len(rows) // 80), 100, 1000]:
            assert shown(scanned(run.scan_history(page_size=page_size))) == shown(rows)


def test_workers_may_share_one_iteration(dense: wandql.Run) -> None:
    rows = iter(dense.scan_history(page_size=100))

    def work() -> list[int]:
        return [row["_step"] for row in rows]

    shares = at_once(8, work)
    assert sorted(step for share in shares for step in share) == list(range(2500))


def test_an_iteration_goes_on_after_an_error(dense: wandql.Run, wire: Wire) -> None:
    wire.replies = {1: httpx.Response(500), 4: httpx.Response(500)}
    rows = iter(dense.scan_history())
    with pytest.raises(ServerError):
        next(rows)
    seen = [next(rows) for _ in range(1000)]
    with pytest.raises(ServerError):
        next(rows)
    assert seen + [row for row in rows] == DENSE
    assert wire.operations == ["GetRunHistoryPlan"] * 2 + ["GetRunHistoryPage"] * 4


def test_not_a_number_is_a_float_in_every_reading(api: wandql.Api) -> None:
    run = api.run("lab/logged/odd")
    expected = ["nan", "inf", "-inf", "1.5"]
    scans = [scanned(run.scan_history()), scanned(run.scan_history(["x"]))]
    samples = [run.history(pandas=False), run.history(keys=["x"], pandas=False)]
    for rows in scans + samples:
        assert [repr(row["x"]) for row in rows if "x" in row] == expected


def test_a_history_that_is_not_there_is_an_error(api: wandql.Api, wire: Wire) -> None:
    run = api.run("lab/logged/odd")
    gone = run.model_copy(update={"id": "gone"})
    for ask in [lambda: scanned(gone.scan_history()), gone.history, lambda: gone.history(stream="system")]:
        with pytest.raises(NotFoundError, match="lab/logged/gone"):
            ask()
    with pytest.raises(NotFoundError, match="lab/logged/gone"):
        _ = gone.lastHistoryStep


# Columns


@pytest.mark.parametrize("name", HISTORIES)
def test_columns_hold_what_rows_hold(api: wandql.Api, name: str) -> None:
    run = api.run(f"lab/logged/{name}")
    table = run.scan_history().to_arrow()
    for key, value in [*table.to_pydict().items()]:
        expected = [row.get(key) for row in HISTORIES[name]]
        if any(isinstance(each, dict) for each in expected) or key == "list":
            expected = [None if each is None else json.dumps(each, separators=(",", ":")) for each in expected]
        assert repr(value) == repr([None if each is None else type(value[0] or each)(each) for each in expected]), key
    assert table.num_rows == len(HISTORIES[name])


@pytest.mark.parametrize("how", ["inner", "outer"])
def test_an_outer_scan_has_every_row_with_a_value_of_some_key(dense: wandql.Run, how: How) -> None:
    keys = ["val", "eval/acc"]
    some = [row for row in DENSE if (all if how == "inner" else any)(key in row for key in keys)]
    expected = [{key: row[key] for key in ["_step", *keys] if key in row} for row in some]
    scan = dense.scan_history(keys, how=how, page_size=300)
    assert scanned(scan) == expected
    table = scan.to_arrow()
    assert table.to_pylist() == [{key: row.get(key) for key in ["_step", *keys]} for row in expected]


def test_an_inner_scan_is_the_inner_merge_of_one_scan_for_each_key(dense: wandql.Run) -> None:
    frames = [dense.scan_history([key]).to_pandas() for key in ["val", "eval/acc"]]
    both = dense.scan_history(["val", "eval/acc"]).to_pandas()
    pd.testing.assert_frame_equal(both, frames[0].merge(frames[1], how="inner", on="_step"))
    either = dense.scan_history(["val", "eval/acc"], how="outer").to_pandas()
    pd.testing.assert_frame_equal(either, frames[0].merge(frames[1], how="outer", on="_step"), check_dtype=False)


def test_a_part_of_an_object_is_a_key_of_its_own(api: wandql.Api) -> None:
    run = api.run("lab/logged/odd")
    for how in ("inner", "outer"):
        scan = run.scan_history(["nested.deep.er"], how=how)
        assert scanned(scan) == [{"_step": 1, "nested.deep.er": 1}]
        assert scan.to_arrow().to_pydict() == {"_step": [1], "nested.deep.er": [1]}


def test_columns_are_the_same_for_any_page_size_and_without_rows(api: wandql.Api) -> None:
    for name in ["dense", "gap", "odd"]:
        run = api.run(f"lab/logged/{name}")
        whole = run.scan_history().to_arrow()
        larger = run.scan_history(page_size=9999).to_arrow()
        assert whole.schema == larger.schema
        assert repr(whole.to_pydict()) == repr(larger.to_pydict())
    nothing = run.scan_history(min_step=10**6).to_arrow()
    assert nothing.num_rows == 0
    assert [(field.name, str(field.type)) for field in nothing.schema][:4] == [
        ("_step", "int64"), ("x", "double"), ("text", "string"), ("nested.deep.er", "double"),
    ]  # fmt: skip


def test_columns_come_in_few_requests(dense: wandql.Run, wire: Wire) -> None:
    frame = dense.scan_history().to_polars()
    assert frame.shape == (2500, 4)
    assert wire.operations == ["GetRunHistoryPlan", "GetRunHistoryPage"]


def test_a_row_that_is_no_object_is_no_column(dense: wandql.Run, wire: Wire) -> None:
    wire.replies = {2: answer({"history": ['{"_step": 1}', "[1]"]})}
    with pytest.raises(DecodeError, match="lab/logged/dense"):
        dense.scan_history(max_step=10).to_arrow()


# Of many runs


def test_histories_of_many_runs_are_one_frame_in_long_form(api: wandql.Api) -> None:
    table = api.runs("lab/logged").histories().to_arrow()
    for name, rows in HISTORIES.items():
        own = [row for row in table.select(["run_id", "sampled", "_step"]).to_pylist() if row["run_id"] == name]
        assert [row["_step"] for row in own] == [row["_step"] for row in rows]
        assert not any(row["sampled"] for row in own)
    assert table.num_rows == sum(map(len, HISTORIES.values()))


@pytest.mark.parametrize("how", ["inner", "outer"])
def test_histories_of_some_keys_leave_out_runs_without_them(api: wandql.Api, how: How) -> None:
    frame = api.runs("lab/logged").histories(["loss"], how=how).to_pandas()
    assert [*frame.columns] == ["run_id", "sampled", "_step", "loss"]
    assert {*frame["run_id"]} == {"dense", "late", "gap"}
    assert [*frame[frame["run_id"] == "late"]["loss"]] == [0, 1, 2, 3, 4]
    with pytest.raises(UnknownKeyError, match="'los'"):
        api.runs("lab/logged").histories(["los"], how=how).to_polars()


def test_samples_of_many_runs_say_that_they_are_samples(api: wandql.Api, wire: Wire) -> None:
    frame = api.runs("lab/logged").histories(samples=100).to_polars()
    assert frame.group_by("run_id").len().sort("run_id").rows() == [
        (name, min(len(rows), 100)) for name, rows in sorted(HISTORIES.items()) if rows
    ]
    assert {*frame.filter(frame["sampled"])["run_id"]} == {"dense", "sparse", "gap", "same step"}
    assert wire.operations == ["GetRuns", *["GetRunHistory"] * len(HISTORIES)]


# Samples


def test_a_sample_says_that_it_is_one(dense: wandql.Run, api: wandql.Api) -> None:
    for sample in [dense.history(), dense.history(pandas=False)]:
        assert (len(sample), sample.sampled, sample.rows_total) == (500, True, 2500)
    for whole in [dense.history(2501), dense.history(2501, pandas=False)]:
        assert (len(whole), whole.sampled, whole.rows_total) == (2500, False, 2500)
    few = dense.history(1000, keys=["val"], pandas=False)
    assert (len(few), few.sampled) == (250, True)
    assert dense.history(stream="system").rows_total is None


def test_a_sample_is_a_frame_of_at_most_500_rows(dense: wandql.Run, wire: Wire) -> None:
    frame = dense.history()
    assert isinstance(frame, pd.DataFrame)
    assert len(frame) == 500
    assert set(frame.columns) == {"_step", "loss", "val", "eval/acc"}
    assert frame["_step"].is_monotonic_increasing
    assert wire.operations == ["GetRunHistory"]


def test_a_sample_without_pandas_is_a_list_of_rows(dense: wandql.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    rows = dense.history(samples=3, pandas=False)
    assert [DENSE[row["_step"]] == row for row in rows] == [True] * 3
    with pytest.raises(UsageError, match=r"(?s)pandas.*wandql\[pandas\]"):
        dense.history(samples=3)


@pytest.mark.parametrize("samples", [1, 2, 10, 2499, 2500, 9999])
def test_a_sample_has_at_most_the_rows_that_were_asked_for(dense: wandql.Run, samples: int) -> None:
    assert len(dense.history(samples)) == min(samples, 2500)


@pytest.mark.parametrize(
    ("keys", "x_axis", "columns"),
    [
        (["loss"], "_step", {"_step", "loss"}),
        (("val", "eval/acc"), "_step", {"_step", "val", "eval/acc"}),
        (["val"], "eval/acc", {"eval/acc", "val"}),
        (["_step"], "_step", {"_step"}),
        ([], "val", {"_step", "loss", "val", "eval/acc"}),
    ],
)
def test_a_sample_of_keys_has_these_and_the_axis(
    dense: wandql.Run, keys: list[str], x_axis: str, columns: set[str]
) -> None:
    frame = dense.history(keys=keys, x_axis=x_axis)
    assert set(frame.columns) == columns
    if keys:
        assert not frame.isna().any(axis=None)


def test_system_metrics_are_a_stream_of_their_own(dense: wandql.Run, wire: Wire) -> None:
    assert dense.history(stream="system", pandas=False) == EVENTS
    frame = dense.history(4, stream="system")
    assert [*frame["system.cpu"]] == [0, 9, 19, 29]
    assert wire.operations == ["GetRunEvents"] * 2


def test_the_last_step_is_asked_for_each_time(api: wandql.Api, wire: Wire) -> None:
    for name, rows in HISTORIES.items():
        run = api.run(f"lab/logged/{name}")
        assert run.lastHistoryStep == (rows[-1]["_step"] if rows else -1)
    assert wire.operations == ["GetRun", "GetRunHistoryKeys"] * len(HISTORIES)


def test_wrong_arguments_fail_before_any_request(dense: wandql.Run, wire: Wire) -> None:
    for wrong, match in [
        ({"keys": "loss"}, "keys=\\['loss'\\]"),
        ({"keys": [1]}, "text"),
        ({"keys": ["a", None]}, "text"),
    ]:
        with pytest.raises(UsageError, match=match):
            dense.scan_history(**wrong)
        with pytest.raises(UsageError, match=match):
            dense.history(**wrong)
    with pytest.raises(UsageError, match="'bogus'"):
        dense.history(stream="bogus")
    with pytest.raises(UsageError, match="keys"):
        dense.history(stream="system", keys=["system.cpu"])
    for number in [0, -1]:
        with pytest.raises(ValueError, match="samples"):
            dense.history(samples=number)
        with pytest.raises(ValueError, match="page_size"):
            dense.scan_history(page_size=number)
        with pytest.raises(ValueError, match="per_page"):
            dense.console_logs(per_page=number)
        with pytest.raises(ValueError, match="last"):
            dense.console_logs(last=number)
    assert wire.sent == []


# What servers may send


def answer(run: Row | None) -> httpx.Response:
    return httpx.Response(200, json={"data": {"project": {"run": run}}})


@pytest.mark.parametrize("row", ["[]", "1", "{", '"text"'])
def test_a_row_that_is_no_object_is_refused_by_the_name_of_its_run(dense: wandql.Run, wire: Wire, row: str) -> None:
    wire.replies = {1: answer({"history": [row]})}
    with pytest.raises(DecodeError, match="lab/logged/dense"):
        dense.history(pandas=False)


@pytest.mark.parametrize("sampled", [[], [[], []], [{}], [[1]], ["x"]])
def test_sampled_rows_of_another_form_are_refused_by_the_name_of_their_run(
    dense: wandql.Run, wire: Wire, sampled: list[object]
) -> None:
    wire.replies = {1: answer({"sampledHistory": sampled})}
    with pytest.raises(DecodeError, match="lab/logged/dense"):
        dense.history(keys=["loss"], pandas=False)


def test_infinities_in_sampled_rows_may_be_text_at_any_depth(dense: wandql.Run, wire: Wire) -> None:
    row = {"_step": 0, "x": "NaN", "list": ["Infinity", 1, "text"], "nested": {"y": "-Infinity"}}
    wire.replies = {1: answer({"sampledHistory": [[row]]})}
    [read] = dense.history(keys=["x"], pandas=False)
    assert repr(read) == "{'_step': 0, 'x': nan, 'list': [inf, 1, 'text'], 'nested': {'y': -inf}}"


def test_a_count_of_rows_that_is_too_high_is_no_fault_where_nothing_was_exported(api: wandql.Api, wire: Wire) -> None:
    run = api.run("lab/logged/late")
    known = {"historyLineCount": 99, "historyKeysValue": {"lastStep": 10**9 + 4, "keys": {}, "sets": []}}
    wire.replies = {2: answer(known | {"parquetHistory": {"parquetUrls": []}})}
    assert scanned(run.scan_history()) == HISTORIES["late"]


def test_an_outer_scan_takes_no_row_for_its_step_alone(dense: wandql.Run) -> None:
    expected = [{"_step": row["_step"], "val": row["val"]} for row in DENSE if "val" in row]
    scan = dense.scan_history(["_step", "val"], how="outer")
    assert scanned(scan) == expected
    assert scan.to_arrow().to_pylist() == expected
    steps = dense.scan_history(["_step"], how="outer")
    assert scanned(steps) == steps.to_arrow().to_pylist() == [{"_step": step} for step in range(2500)]


# Printed lines


def test_printed_lines_come_with_number_time_and_level(dense: wandql.Run, wire: Wire) -> None:
    logs = dense.console_logs()
    lines = [line for line in logs]
    assert [line.content for line in lines] == [f"line {number}" for number in range(LINES)]
    assert [line.number for line in lines] == list(range(LINES))
    assert [line.level for line in lines] == ["", "", "", "", "error"] * 5
    assert {line.label for line in lines} == {""}
    assert lines[7].timestamp is not None
    assert lines[7].timestamp.isoformat() == "2027-01-15T08:00:07.500000+00:00"
    assert logs.count() == LINES
    assert wire.operations == ["GetRunLogLines"]


def test_printed_lines_come_page_by_page(dense: wandql.Run, wire: Wire) -> None:
    assert [line.number for line in dense.console_logs(per_page=10)] == list(range(LINES))
    assert wire.operations == ["GetRunLogLines"] * 3


@pytest.mark.parametrize(("last", "numbers"), [(1, [24]), (3, [22, 23, 24]), (99, list(range(LINES)))])
def test_the_last_printed_lines_cost_one_request(dense: wandql.Run, wire: Wire, last: int, numbers: list[int]) -> None:
    logs = dense.console_logs(last=last)
    assert [line.number for line in logs] == numbers
    assert logs.count() == len(numbers)
    assert wire.operations == ["GetRunLogTail"]


def test_a_run_that_printed_nothing_has_no_lines(api: wandql.Api) -> None:
    run = api.run("lab/logged/odd")
    assert [line for line in run.console_logs()] == []
    assert [line for line in run.console_logs(last=5)] == []


def test_a_line_whose_time_cannot_be_read_is_there_without_it(dense: wandql.Run, wire: Wire) -> None:
    times = [
        None,
        "",
        "yesterday",
        "2027-01-15T08:00:00Z",
        "2027-01-15T10:00:00+02:00",
        "2027-01-15T08:00:00.123456789",
    ]
    nodes = [{"number": None, "timestamp": time, "level": None, "label": None, "line": None} for time in times]
    page = {"edges": [{"node": node} for node in nodes], "pageInfo": {"endCursor": None, "hasNextPage": False}}
    wire.replies = {1: answer({"logLineCount": 6, "logLines": page})}
    lines = [line for line in dense.console_logs()]
    assert [line.number for line in lines] == list(range(6))
    assert [line.timestamp and line.timestamp.isoformat() for line in lines] == [
        *[None] * 3, *["2027-01-15T08:00:00+00:00"] * 2, "2027-01-15T08:00:00.123456+00:00",
    ]  # fmt: skip
    assert {(line.level, line.label, line.content) for line in lines} == {("", "", "")}
