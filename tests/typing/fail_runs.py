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
