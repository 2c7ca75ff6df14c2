"""What type checkers refuse to do with a run."""

from __future__ import annotations

import wandql


def wrong(run: wandql.Run) -> None:
    run.history(stream="bogus")  # error: str
    run.tags = "abc"  # error: str
    run.notes = 1  # error: "str
    run.summary = {}  # error: summary
    run.nosuchfield = 1  # error: nosuchfield
    run.config["x"] = object()  # error: object
    run.scan_history(how="left")  # error: left
    plot_all(run.history())  # error: SampledHistory
    plot_all(run.history(pandas=False))  # error: SampledRows


def plot_all(history: wandql.HistoryScan) -> None: ...


def wrong_for_many(runs: wandql.Runs) -> None:
    runs.add_tags(["a"])  # error: str
    runs.set_group()  # error: group
    runs.delete(True)  # error: positional
