# Derived from tests/contract/_async/test_axes.py by `make generate`: edit that file instead.
"""X-axes of keys: those that are asked for, and those that the program defined."""

from __future__ import annotations

from typing import Any

import pytest

import wandql
from tests.contract._sync.asking import Wire
from tests.contract._sync.test_exports import export, scanned
from tests.contract.exported import DRAWN, place, served_exports, written_exports  # noqa: F401
from wandql.api.history_rows import How
from wandql.errors import NotLoadedError, UnknownKeyError

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
def drawn(api: wandql.Api, wire: Wire) -> wandql.Run:
    run = api.run("lab/logged/drawn")
    wire.sent.clear()
    return run


@pytest.mark.parametrize("is_exported", [False, True])
def test_rows_and_columns_have_their_axis(drawn: wandql.Run, wire: Wire, is_exported: bool) -> None:
    for keys, how, x_axis, names, steps in CASES:
        scan = drawn.scan_history(keys, how=how, x_axis=x_axis)
        assert scan.x_axis == x_axis
        columns = ["_step", *names]
        rows = [row for row in DRAWN if row["_step"] in steps]
        if is_exported:
            export(drawn, wire, "all.parquet", known=names)
        assert scanned(scan) == [{name: row[name] for name in columns if name in row} for row in rows]
        if is_exported:
            export(drawn, wire, "all.parquet", known=names)
        table = scan.to_arrow()
        never = ["never"] if "loss" in keys and x_axis is None else []
        assert table.column_names == ["_step", *never, *names]
        assert table.select(columns).to_pylist() == [{name: row.get(name) for name in columns} for row in rows]


def test_an_axis_that_no_row_has_is_an_error_where_it_was_named(drawn: wandql.Run) -> None:
    with pytest.raises(UnknownKeyError, match="'never'"):
        scanned(drawn.scan_history(["loss"], x_axis="never"))


def test_a_sample_has_the_axes_of_its_keys(drawn: wandql.Run, wire: Wire) -> None:
    rows = drawn.history(keys=["val"], x_axis=None, pandas=False)
    assert rows == [{"_step": 1, "epoch": 1, "val": 1.5}, {"_step": 5, "epoch": 2, "val": 1.0}]
    assert drawn.history(keys=["loss"], x_axis=None, pandas=False) == [
        {"_step": 0, "loss": 3.0},
        {"_step": 5, "loss": 2.0},
    ]
    assert len(drawn.history(x_axis=None, pandas=False)) == len(DRAWN)
    assert wire.operations == ["GetSampledRunHistory"] * 2 + ["GetRunHistory"]


def test_the_axis_of_a_key_costs_no_request(drawn: wandql.Run, api: wandql.Api, wire: Wire) -> None:
    assert [drawn.step_metric(key) for key in ("val", "reward", "epoch", "other")] == [
        "epoch",
        "frames",
        "_step",
        "_step",
    ]
    assert wire.operations == []
    [some] = [run for run in api.runs("lab/logged", config_keys=["lr"]) if run.id == "drawn"]
    with pytest.raises(NotLoadedError):
        some.step_metric("val")
    with pytest.raises(NotLoadedError):
        some.scan_history(["val"], x_axis=None)


@pytest.mark.parametrize("samples", [None, 10])
def test_histories_of_many_runs_have_the_axes_of_each(api: wandql.Api, samples: int | None) -> None:
    table = api.runs("lab/logged").histories(["val"], samples=samples, x_axis=None).to_arrow()
    rows: list[dict[str, Any]] = [row for row in table.to_pylist() if row["run_id"] == "drawn"]
    assert table.column_names == ["run_id", "sampled", "_step", "epoch", "val"]
    assert [(row["_step"], row["epoch"], row["val"]) for row in rows] == [(1, 1, 1.5), (5, 2, 1.0)]
