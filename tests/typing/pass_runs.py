"""What a run's verbs give, as type checkers see it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import assert_type

from pandas import DataFrame
from polars import DataFrame as PolarsFrame
from pyarrow import Table

import wandql
from wandql.graphql.scalars import JSONObject, JSONValue


def read(run: wandql.Run, flag: bool) -> None:
    assert_type(run.history(), wandql.SampledHistory)
    assert_type(run.history(10, ["loss"], stream="system"), wandql.SampledHistory)
    assert_type(run.history(pandas=False), wandql.SampledRows)
    assert_type(run.history(10, None, "_step", False), wandql.SampledRows)
    assert_type(run.history(pandas=flag), wandql.SampledHistory | wandql.SampledRows)
    frames: list[DataFrame] = [run.history()]
    assert_type(frames[0], DataFrame)
    sample = run.history(pandas=False)
    assert_type((sample.sampled, sample.rows_total), tuple[bool, int | None])
    scan = run.scan_history(["loss"], how="outer")
    assert_type(scan, wandql.HistoryScan)
    assert_type(scan.to_arrow(), Table)
    assert_type(scan.to_pandas(), DataFrame)
    assert_type(scan.to_polars(), PolarsFrame)
    for row in run.scan_history(["loss"]):
        assert_type(row, JSONObject)
    for line in run.console_logs(last=1):
        assert_type(line.timestamp, datetime | None)
    for file in run.files():
        assert_type(file, wandql.File)
        assert_type(file.download(), Path)
        assert_type(file.read(), bytes)
    assert_type(run.metadata, JSONObject | None)
    assert_type(run.lastHistoryStep, int)
    assert_type(run.summary, wandql.Summary)
    assert_type(run.summary["loss"], JSONValue)


def write(run: wandql.Run) -> None:
    run.name, run.notes, run.display_name = "x", None, "y"
    run.tags = ["a"]
    run.config["lr"] = 0.1
    run.summary["best"] = {"acc": 1}
    run.update()
    run.summary.update({"acc": 1}, overwrite=False)
    assert_type(run.load(force=True), wandql.Run)
    assert_type(run.stop(), bool)
    assert_type(run.wait_until_finished(), str)


async def read_async(run: wandql.AsyncRun) -> None:
    assert_type(await run.history(), wandql.SampledHistory)
    assert_type(await run.history(pandas=False), wandql.SampledRows)
    async for row in run.scan_history():
        assert_type(row, JSONObject)
    assert_type(await run.metadata, JSONObject | None)
    assert_type(await (await run.file("x")).download(), Path)
    await run.summary.update({"acc": 1})


def write_many(runs: wandql.Runs) -> None:
    plan = runs.add_tags("a", "b", dry_run=True)
    assert_type(plan, wandql.BulkPlan)
    assert_type(plan.changes, tuple[wandql.RunChange, ...])
    assert_type(plan.diff, str)
    assert_type(runs.remove_tags("a", concurrency=2, journal=Path("x")), wandql.BulkPlan)
    assert_type(runs.set_group("g", journal="x"), wandql.BulkPlan)
    assert_type(runs.delete().gone, tuple[str, ...])


async def write_many_async(runs: wandql.AsyncRuns) -> None:
    assert_type(await runs.add_tags("a"), wandql.BulkPlan)
