"""X-axes of keys: those that are asked for, and those that the program defined."""

from __future__ import annotations

from typing import Any

import pytest

import wandql
from tests.contract._async.asking import AsyncWire
from tests.contract._async.test_exports import export, scanned
from tests.contract.exported import DRAWN, place, served_exports, written_exports  # noqa: F401
from wandql.api.history_rows import How
from wandql.errors import NotLoadedError, UnknownKeyError

pytestmark = pytest.mark.anyio

CASES: list[tuple[list[str], How, str | None, list[str], list[int]]] = [
    (["val"], "inner", None, ["epoch", "val"], [1, 5]),
    (["val"], "outer", None, ["epoch", "val"], [1, 5]),
    (["reward"], "inner", None, ["frames", "reward"], [2]),
    (["reward"], "outer", None, ["frames", "reward"], [2, 3]),
    (["val", "reward"], "outer", None, ["epoch", "frames", "val", "reward"], [1, 2, 3, 5]),
    (["val", "epoch"], "outer", None, ["val", "epoch"], [1, 4, 5]),
    (["loss"], "inner", None, ["loss"], [0, 5]),
    (["loss"], "inner", "epoch", ["epoch", "loss"], [5]),
    (["loss"], "outer", "epoch", ["epoch", "loss"], [0, 5]),
    (["loss"], "outer", "_step", ["loss"], [0, 5]),
]


@pytest.fixture
async def drawn(api: wandql.AsyncApi, wire: AsyncWire) -> wandql.AsyncRun:
    run = await api.run("lab/logged/drawn")
    wire.sent.clear()
    return run


@pytest.mark.parametrize("is_exported", [False, True])
async def test_rows_and_columns_have_their_axis(drawn: wandql.AsyncRun, wire: AsyncWire, is_exported: bool) -> None:
    for keys, how, x_axis, names, steps in CASES:
        scan = drawn.scan_history(keys, how=how, x_axis=x_axis)
        assert scan.x_axis == x_axis
        columns = ["_step", *names]
        rows = [row for row in DRAWN if row["_step"] in steps]
        if is_exported:
            await export(drawn, wire, "all.parquet", known=names)
        assert await scanned(scan) == [{name: row[name] for name in columns if name in row} for row in rows]
        if is_exported:
            await export(drawn, wire, "all.parquet", known=names)
        table = await scan.to_arrow()
        never = ["never"] if "loss" in keys and x_axis is None else []
        assert table.column_names == ["_step", *never, *names]
        assert table.select(columns).to_pylist() == [{name: row.get(name) for name in columns} for row in rows]


async def test_an_axis_that_no_row_has_is_an_error_where_it_was_named(drawn: wandql.AsyncRun) -> None:
    with pytest.raises(UnknownKeyError, match="'never'"):
        await scanned(drawn.scan_history(["loss"], x_axis="never"))


async def test_a_sample_has_the_axes_of_its_keys(drawn: wandql.AsyncRun, wire: AsyncWire) -> None:
    rows = await drawn.history(keys=["val"], x_axis=None, pandas=False)
    assert rows == [{"_step": 1, "epoch": 1, "val": 1.5}, {"_step": 5, "epoch": 2, "val": 1.0}]
    assert await drawn.history(keys=["loss"], x_axis=None, pandas=False) == [
        {"_step": 0, "loss": 3.0},
        {"_step": 5, "loss": 2.0},
    ]
    assert len(await drawn.history(x_axis=None, pandas=False)) == len(DRAWN)
    assert wire.operations == ["GetSampledRunHistory"] * 2 + ["GetRunHistory"]


async def test_the_axis_of_a_key_costs_no_request(
    drawn: wandql.AsyncRun, api: wandql.AsyncApi, wire: AsyncWire
) -> None:
    assert [drawn.step_metric(key) for key in ("val", "reward", "epoch", "other")] == [
        "epoch",
        "frames",
        "_step",
        "_step",
    ]
    assert wire.operations == []
    [some] = [run async for run in api.runs("lab/logged", config_keys=["lr"]) if run.id == "drawn"]
    with pytest.raises(NotLoadedError):
        some.step_metric("val")
    with pytest.raises(NotLoadedError):
        some.scan_history(["val"], x_axis=None)


@pytest.mark.parametrize("samples", [None, 10])
async def test_histories_of_many_runs_have_the_axes_of_each(api: wandql.AsyncApi, samples: int | None) -> None:
    table = await api.runs("lab/logged").histories(["val"], samples=samples, x_axis=None).to_arrow()
    rows: list[dict[str, Any]] = [row for row in table.to_pylist() if row["run_id"] == "drawn"]
    assert table.column_names == ["run_id", "sampled", "_step", "epoch", "val"]
    assert [(row["_step"], row["epoch"], row["val"]) for row in rows] == [(1, 1, 1.5), (5, 2, 1.0)]
