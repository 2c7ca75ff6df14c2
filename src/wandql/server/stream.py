"""`file_stream`: what a live run reports every few seconds."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, Field
from sqlalchemy import insert, update

from wandql.server import tables
from wandql.server.console import parse_console_line
from wandql.server.documents import dump, index_of, parse_object
from wandql.server.history import append_history

if TYPE_CHECKING:
    from collections.abc import Callable

    from wandql.server.context import Context
    from wandql.server.records import RunRecord

__all__ = ["ENDED", "Chunk", "Report", "receive_report"]

logger: logging.Logger = logging.getLogger(__name__)

ENDED: Final = frozenset({"finished", "failed", "killed", "preempted"})
"""The states that a run itself, or whoever stopped it, has declared final."""


class Chunk(BaseModel):
    """Lines of a file, from line number `offset` on."""

    offset: int = Field(0, ge=0)
    content: list[str]


class Report(BaseModel):
    """One message. An empty one is a sign of life."""

    files: dict[str, Chunk] = {}
    uploaded: list[str] = []
    preempting: bool = False
    complete: bool = False
    exitcode: int | None = None


def receive_report(context: Context, run: RunRecord, report: Report) -> dict[str, object]:
    """Write down what a run reports.

    Returns:
        The answer: empty, or the wish that the run stop.

    Raises:
        Refusal: A line of history, summary or system metrics is not a JSON object (400).
    """
    changes: dict[str, object] = {"heartbeat_at": context.now, "updated_at": context.now, **_progress(run, report)}
    for name, chunk in report.files.items():
        write = WRITERS.get(name)
        if write is None:
            logger.warning("run %s streams a file that this server does not keep: %s", run.name, name)
        elif chunk.content:
            changes |= write(context, run, chunk)
    context.connection.execute(update(tables.runs).where(tables.runs.c.key == run.key).values(changes))
    return {"stopped": True} if run.stopped and not report.complete and not _is_over(run) else {}


def _is_over(run: RunRecord) -> bool:
    """Whether the run itself said that it ended. One that was asked to stop and fell silent is just believed to."""
    return run.state in ENDED and not (run.stopped and run.exitcode is None)


def _progress(run: RunRecord, report: Report) -> dict[str, object]:
    """Return the state after a report. One that is not the last wakes a run that has ended: it was resumed."""
    if report.complete:
        failed = "preempted" if run.state == "preempting" else "failed"
        state = "killed" if run.stopped else failed if report.exitcode else "finished"
        return {"state": state, "exitcode": report.exitcode or 0}
    if report.preempting:
        return {"state": "preempting"}
    if _is_over(run):
        return {"state": "running", "exitcode": None, "stopped": False}
    return {} if run.state == "preempting" else {"state": "running"}


def _history(context: Context, run: RunRecord, chunk: Chunk) -> dict[str, object]:
    change = append_history(context.connection, run, chunk.offset, chunk.content)
    return {"history_line_count": change.history_line_count, "history_keys": change.history_keys}


def _events(context: Context, run: RunRecord, chunk: Chunk) -> dict[str, object]:
    rows = [parse_object(text, "A line of system metrics") for text in chunk.content]
    lines = enumerate(chunk.content, start=chunk.offset)
    values = [{"run_key": run.key, "line": line, "row": text} for line, text in lines]
    context.connection.execute(insert(tables.events).prefix_with("OR REPLACE"), values)
    latest = parse_object(run.system_metrics or "{}", "The system metrics")
    for row in rows:
        latest |= {key: value for key, value in row.items() if not key.startswith("_")}
    return {
        "system_metrics": dump(latest),
        "events_line_count": max(run.events_line_count, chunk.offset + len(chunk.content)),
    }


def _summary(_context: Context, _run: RunRecord, chunk: Chunk) -> dict[str, object]:
    text = chunk.content[-1]
    return {"summary_metrics": text, "summary_index": index_of(text, "The summary")}


def _log(context: Context, run: RunRecord, chunk: Chunk) -> dict[str, object]:
    lines = [parse_console_line(text) for text in chunk.content]
    values = [
        {
            "run_key": run.key, "number": number,
            "timestamp": line.timestamp, "level": line.level, "label": line.label, "line": line.line,
        }
        for number, line in enumerate(lines, start=chunk.offset)
    ]  # fmt: skip
    context.connection.execute(insert(tables.log_lines).prefix_with("OR REPLACE"), values)
    return {"log_line_count": max(run.log_line_count, chunk.offset + len(chunk.content))}


WRITERS: Final[dict[str, Callable[[Context, RunRecord, Chunk], dict[str, object]]]] = {
    "wandb-history.jsonl": _history,
    "wandb-events.jsonl": _events,
    "wandb-summary.json": _summary,
    "output.log": _log,
}
