"""`file_stream`: what a live run reports every few seconds."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, Field
from sqlalchemy import update

from wandql.server import tables
from wandql.server.databases.upserts import replace
from wandql.server.documents import dump, index_of, parse_object
from wandql.server.lookups import get_run
from wandql.server.runs.console import parse_console_line
from wandql.server.runs.history import append_history
from wandql.server.runs.history_exports import forget_exports
from wandql.server.runs.sharing import place_lines
from wandql.server.runs.summaries import Derivation

if TYPE_CHECKING:
    from collections.abc import Callable

    from wandql.server.context import Context
    from wandql.server.records import RunRecord

__all__ = ["ENDED", "Chunk", "Report", "receive_report"]

logger: logging.Logger = logging.getLogger(__name__)

HISTORY: Final = "wandb-history.jsonl"
EVENTS: Final = "wandb-events.jsonl"
SUMMARY: Final = "wandb-summary.json"
LOG: Final = "output.log"

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


def receive_report(context: Context, run: RunRecord, report: Report, client_id: str | None = None) -> dict[str, object]:
    """Write down what a run reports.

    Args:
        context: The request.
        run: The run.
        report: What it reports.
        client_id: Which of several processes that write the run reports; None if there is but one.

    Returns:
        The answer: empty, or the wish that the run stop.

    Raises:
        Refusal: A line of history, summary or system metrics is not a JSON object (400).
    """
    changes: dict[str, object] = {"heartbeat_at": context.now, "updated_at": context.now, **_progress(run, report)}
    derivation = Derivation.of(run.config)
    for name, chunk in report.files.items():
        write = WRITERS.get(name)
        if write is None:
            logger.warning("run %s streams a file that this server does not keep: %s", run.name, name)
        elif chunk.content and client_id is None:
            changes |= write(context, run, chunk)
        elif chunk.content:
            changes |= _write_shared(context, run, client_id or "", name, chunk)
    if derivation:
        changes |= _derive(derivation, run, report, alone=client_id is None)
    context.connection.execute(update(tables.runs).where(tables.runs.c.key == run.key).values(changes))
    return {"stopped": True} if run.stopped and not report.complete and not _is_over(run) else {}


def _write_shared(context: Context, run: RunRecord, client_id: str, name: str, chunk: Chunk) -> dict[str, object]:
    """Write what one of several processes reports, where it is in nobody's way."""
    if name == SUMMARY:
        return _summary(context, run, Chunk(offset=0, content=[_merged(run.summary_metrics, chunk.content[-1])]))
    write, changes = WRITERS[name], dict[str, object]()
    pieces = place_lines(context, run, client_id, name, chunk.offset, len(chunk.content), _line_count(run, name))
    for first, place, length in [*pieces]:
        changes |= write(context, run, Chunk(offset=place, content=chunk.content[first : first + length]))
        context.connection.execute(update(tables.runs).where(tables.runs.c.key == run.key).values(changes))
        run = get_run(context, run.key)
    return changes


def _derive(derivation: Derivation, run: RunRecord, report: Report, *, alone: bool) -> dict[str, object]:
    """Return the summary that the new rows make, under what the client itself says of it. A chunk may come twice."""
    history, said = report.files.get(HISTORY), report.files.get(SUMMARY)
    if not (history or said):
        return {}
    lines = history.content if history else []
    counted = run.history_line_count - history.offset if history and alone else 0
    rows = [parse_object(text, "A line of the history") for text in lines[max(counted, 0) :]]
    summary = derivation.update(parse_object(run.summary_metrics or "{}", "The summary"), rows, run.history_keys)
    text = dump(summary)
    return _summary_columns(_merged(text, said.content[-1]) if said and said.content else text)


def _merged(known: str | None, new: str) -> str:
    return dump({**parse_object(known or "{}", "The summary"), **parse_object(new, "The summary")})


def _line_count(run: RunRecord, name: str) -> int:
    counts = {HISTORY: run.history_line_count, EVENTS: run.events_line_count, LOG: run.log_line_count}
    return counts[name]


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
    forget_exports(context, tables.runs.c.key == run.key)
    change = append_history(context.connection, run, chunk.offset, chunk.content)
    return {"history_line_count": change.history_line_count, "history_keys": change.history_keys}


def _events(context: Context, run: RunRecord, chunk: Chunk) -> dict[str, object]:
    rows = [parse_object(text, "A line of system metrics") for text in chunk.content]
    lines = enumerate(chunk.content, start=chunk.offset)
    values = [{"run_key": run.key, "line": line, "row": text} for line, text in lines]
    context.connection.execute(replace(tables.events), values)
    latest = parse_object(run.system_metrics or "{}", "The system metrics")
    for row in rows:
        latest |= {key: value for key, value in row.items() if not key.startswith("_")}
    return {
        "system_metrics": dump(latest),
        "events_line_count": max(run.events_line_count, chunk.offset + len(chunk.content)),
    }


def _summary(_context: Context, _run: RunRecord, chunk: Chunk) -> dict[str, object]:
    return _summary_columns(chunk.content[-1])


def _summary_columns(text: str) -> dict[str, object]:
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
    context.connection.execute(replace(tables.log_lines), values)
    return {"log_line_count": max(run.log_line_count, chunk.offset + len(chunk.content))}


WRITERS: Final[dict[str, Callable[[Context, RunRecord, Chunk], dict[str, object]]]] = {
    HISTORY: _history,
    EVENTS: _events,
    SUMMARY: _summary,
    LOG: _log,
}
