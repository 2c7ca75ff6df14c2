"""Histories that the server has exported to Parquet files: the same rows, in few requests."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

import wandql
from tests.contract._async.asking import AsyncWire
from tests.contract.exported import RAGGED, WHOLE, Row, place, served_exports, written_exports  # noqa: F401
from wandql.api.history_rows import How
from wandql.errors import IncompleteRunHistoryError, ReplyError, UnsupportedError

pytestmark = pytest.mark.anyio

KEYS = [*dict.fromkeys(key for row in RAGGED for key in row), "nested.deep.er", "nested.x"]
HOWS: tuple[How, How] = ("inner", "outer")
BEGIN = ["GetRunHistoryPlan", "GetRunParquetHistory"]


@pytest.fixture(autouse=True)
def one_page_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are counted here, and how many are sent ahead depends on how long they take."""
    monkeypatch.setattr("wandql.api._async.history.SLOW", math.inf)


@pytest.fixture
async def whole(api: wandql.AsyncApi, wire: AsyncWire) -> wandql.AsyncRun:
    """A finished run of 10,050 rows, which the embedded server exports. Its request is not counted."""
    run = await api.run("lab/logged/whole")
    wire.sent.clear()
    return run


@pytest.fixture
async def ragged(api: wandql.AsyncApi, wire: AsyncWire) -> wandql.AsyncRun:
    """A finished run of 8 rows, which the embedded server does not export. Its request is not counted."""
    run = await api.run("lab/logged/ragged")
    wire.sent.clear()
    return run


def shown(rows: list[Row]) -> list[str]:
    return [repr(sorted(row.items())) for row in rows]


async def scanned(scan: wandql.AsyncHistoryScan) -> list[Row]:
    return [row async for row in scan]


def answer(run: Row | None) -> httpx.Response:
    return httpx.Response(200, json={"data": {"project": {"run": run}}})


async def export(
    run: wandql.AsyncRun, wire: AsyncWire, *names: str, live: list[Any] | None = None, known: Iterable[str] = KEYS
) -> None:
    """Let the server say that it has exported the run to some of its files."""
    urls = [(await run.file(name)).direct_url for name in names]
    wire.sent.clear()
    keys = {key: {"typeCounts": [{"type": "number", "count": 1}]} for key in known}
    plan = {"historyLineCount": 8, "historyKeysValue": {"keys": keys, "lastStep": 12, "sets": []}}
    wire.replies[1] = answer(plan | {"parquetHistory": {"parquetUrls": urls}})
    exports = {"parquetUrls": urls, "liveData": live or []}
    wire.replies[2] = answer({"historyLineCount": 8, "parquetHistory": exports})


# The embedded server's own


async def test_rows_and_columns_of_an_exported_history_come_in_one_file(
    whole: wandql.AsyncRun, wire: AsyncWire
) -> None:
    scan = whole.scan_history()
    assert await scanned(scan) == WHOLE
    assert wire.operations == [*BEGIN, "GET file"]
    wire.sent.clear()
    table = await scan.to_arrow()
    assert table.to_pylist() == WHOLE
    assert [str(type_) for type_ in table.schema.types] == ["int64", "double", "int64", "string"]
    assert wire.operations == [*BEGIN, "GET file"]


async def test_parts_of_an_exported_history_are_those_of_pages(
    whole: wandql.AsyncRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [(0, 7), (10_000, None), (5, 5), (9, 3), (10_050, None), (None, 99)]
    for (first, end), keys, how in product(parts, [None, ["phase", "loss"]], HOWS):
        scan = whole.scan_history(keys, min_step=first, max_step=end, how=how)
        rows, table = await scanned(scan), await scan.to_arrow()
        with monkeypatch.context() as patched:
            patched.setattr("wandql.api._async.history.is_installed", lambda _: False)
            assert rows == await scanned(scan)
            assert table.equals(await scan.to_arrow(), check_metadata=True)


async def test_exported_histories_of_many_runs_are_one_frame(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    frame = await api.runs("lab/logged").histories(["loss"]).to_polars()
    assert frame.group_by("run_id").len().sort("run_id").rows() == [("drawn", 2), ("ragged", 3), ("whole", 10_050)]
    assert sorted(wire.operations) == [
        "GET file", *["GetRunHistoryPlan"] * 3, "GetRunParquetHistory", "GetRuns", *["GetSampledRunHistory"] * 2,
    ]  # fmt: skip


async def test_exports_are_downloaded_under_the_official_names(
    whole: wandql.AsyncRun, ragged: wandql.AsyncRun, wire: AsyncWire, tmp_path: Path
) -> None:
    result = await whole.download_history_exports(tmp_path / "new")
    assert (result.contains_live_data, result.errors) == (False, {})
    [path] = result.paths
    assert path == tmp_path / "new" / "lab_logged_whole_0.runhistory.parquet"
    assert pq.read_table(path).to_pylist() == WHOLE
    assert wire.operations == ["GetRunParquetHistory", "GET file"]
    with pytest.raises(IncompleteRunHistoryError, match="lab/logged/ragged"):
        await ragged.download_history_exports(tmp_path)
    nothing = await ragged.download_history_exports(str(tmp_path), False)
    assert (nothing.paths, nothing.contains_live_data) == ([], True)


# Those of other servers


@pytest.mark.parametrize(
    "names",
    [
        ["all.parquet"],
        ["head.parquet", "tail.parquet"],
        ["tail.parquet", "head.parquet"],
        ["odd.parquet", "even.parquet"],
    ],
)
async def test_what_rows_lack_is_null_in_an_export_and_missing_in_a_row(
    ragged: wandql.AsyncRun, wire: AsyncWire, names: list[str]
) -> None:
    choices = [None, ["loss"], ["loss", "val"], ["nested.deep.er"], ["nested"], ["flat.name"], ["_step", "val"]]
    for keys, how in product(choices, HOWS):
        scan = ragged.scan_history(keys, how=how)
        expected, table = await scanned(scan), await scan.to_arrow()
        await export(ragged, wire, *names)
        found = await scanned(scan)
        assert shown(sorted(found, key=repr)) == shown(sorted(expected, key=repr))
        assert [row["_step"] for row in found] == [row["_step"] for row in expected]
        assert wire.operations == [*BEGIN, *["GET file"] * len(names)]
        await export(ragged, wire, *names)
        columns = await scan.to_arrow()
        assert {(field.name, str(field.type)) for field in columns.schema} == {
            (field.name, str(field.type)) for field in table.schema
        }
        if names == ["all.parquet"]:
            assert repr(columns.select(table.column_names).to_pylist()) == repr(table.to_pylist())


@pytest.mark.parametrize(("live", "pages"), [([], 1), ([{"_step": 5.0}, {"_step": 7}], 1), ([{"_step": 1}], 1)])
@pytest.mark.parametrize("keys", [None, ["loss"]])
async def test_what_is_not_exported_follows_and_nothing_comes_twice(
    ragged: wandql.AsyncRun, wire: AsyncWire, live: list[Any], pages: int, keys: list[str] | None
) -> None:
    expected = await scanned(ragged.scan_history(keys))
    await export(ragged, wire, "head.parquet", live=live)
    assert shown(await scanned(ragged.scan_history(keys))) == shown(expected)
    page = "GetSampledRunHistory" if keys else "GetRunHistoryPage"
    assert wire.operations == [*BEGIN, "GET file", *[page] * pages]
    await export(ragged, wire, "head.parquet", live=live)
    table = await ragged.scan_history(keys).to_arrow()
    assert table["_step"].to_pylist() == [row["_step"] for row in expected]


@pytest.mark.parametrize("name", ["broken.parquet", "no steps.parquet", "times.parquet"])
async def test_rows_come_from_pages_where_an_export_cannot_be_read(
    ragged: wandql.AsyncRun, wire: AsyncWire, name: str
) -> None:
    await export(ragged, wire, "all.parquet", name)
    assert shown(await scanned(ragged.scan_history())) == shown(RAGGED)
    assert sorted(wire.operations[2:]) == ["GET file", "GET file", "GetRunHistoryPage"]


async def test_rows_come_from_pages_where_an_export_is_not_there(ragged: wandql.AsyncRun, wire: AsyncWire) -> None:
    await export(ragged, wire, "all.parquet")
    wire.replies[3] = httpx.Response(404)
    assert (await ragged.scan_history().to_arrow()).num_rows == 8
    assert wire.operations == [*BEGIN, "GET file", "GetRunParquetHistory", "GetRunHistoryPage"]


async def test_an_export_whose_address_has_expired_is_asked_for_anew(whole: wandql.AsyncRun, wire: AsyncWire) -> None:
    wire.replies[3] = httpx.Response(403)
    assert (await whole.scan_history().to_arrow()).num_rows == len(WHOLE)
    assert wire.operations == [*BEGIN, "GET file", "GetRunParquetHistory", "GET file"]


async def test_a_server_that_knows_no_exports_is_asked_as_before(ragged: wandql.AsyncRun, wire: AsyncWire) -> None:
    refusal = {"errors": [{"message": 'Cannot query field "parquetHistory" on type "Run".'}]}
    wire.replies[1] = httpx.Response(400, json=refusal)
    assert len(await scanned(ragged.scan_history())) == 8
    assert wire.operations == ["GetRunHistoryPlan", "GetRunHistoryKeys", "GetRunHistoryPage"]


async def test_rows_that_are_only_in_files_are_not_left_out_in_silence(
    ragged: wandql.AsyncRun, wire: AsyncWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    await export(ragged, wire, "broken.parquet")
    exports = wire.replies[2]
    wire.replies |= {4: answer({"history": ['{"_step": 12}']}), 5: exports}
    rows = aiter(ragged.scan_history())
    assert await anext(rows) == {"_step": 12}
    with pytest.raises(UnsupportedError, match=r"7 rows.*lab/logged/ragged.* 1 Parquet files.*cannot be read"):
        await anext(rows)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    wire.sent.clear()
    wire.replies = {2: answer({"history": []}), 3: exports}
    with pytest.raises(UnsupportedError, match=r"(?s)8 rows.* need pyarrow.*wandql\[arrow\]"):
        await scanned(ragged.scan_history())
    assert wire.operations == ["GetRunHistoryKeys", "GetRunHistoryPage", "GetRunParquetHistory"]


async def test_a_file_that_cannot_be_fetched_is_told_of_beside_those_that_were(
    ragged: wandql.AsyncRun, wire: AsyncWire, tmp_path: Path
) -> None:
    await export(ragged, wire, "head.parquet", live=[{"_step": 5}])
    wire.replies = {1: wire.replies[2], 2: httpx.Response(403)}
    result = await ragged.download_history_exports(tmp_path, require_complete_history=False)
    [(path, error)] = result.errors.items()
    assert (result.paths, result.contains_live_data) == ([], True)
    assert path.name == "lab_logged_ragged_0.runhistory.parquet"
    assert isinstance(error, ReplyError)
