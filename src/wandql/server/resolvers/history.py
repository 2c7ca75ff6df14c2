"""A run's history, system metrics and printed lines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ariadne import ObjectType, SchemaBindable
from pydantic import ValidationError
from pydantic_core import from_json
from sqlalchemy import select

from wandql.server import tables
from wandql.server.documents import dump
from wandql.server.messages import Refusal
from wandql.server.pages import DEFAULT, LARGEST, Edge, Page, PageInfo, cursor_of, offset_of
from wandql.server.records import LogLineRecord, ParquetHistoryRecord, RunRecord
from wandql.server.runs.history import SampleSpec, history_window, sample_history
from wandql.server.runs.sampling import spread
from wandql.server.store import among, fetch

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo
    from sqlalchemy import Connection, Table

    from wandql.graphql.scalars import JSONObject, JSONValue
    from wandql.server.context import Context

__all__ = ["BINDABLES"]

RUN = ObjectType("Run")

DEFAULT_SAMPLES = 500
ALL_SAMPLES = sys.maxsize


@RUN.field("historyKeys")
def resolve_history_keys(run: RunRecord, _info: GraphQLResolveInfo) -> JSONValue:
    """Answer what the history holds."""
    keys: JSONValue = from_json(run.history_keys) if run.history_keys else None
    return keys


@RUN.field("history")
def resolve_history(
    run: RunRecord,
    info: GraphQLResolveInfo,
    min_step: int | None = None,
    max_step: int | None = None,
    samples: int | None = None,
) -> list[str]:
    """Answer history rows as they were sent."""
    context: Context = info.context
    whole = min_step is None and max_step is None
    most = samples if samples is not None else DEFAULT_SAMPLES if whole else ALL_SAMPLES
    return history_window(context.connection, run.key, min_step, max_step, most)


@RUN.field("sampledHistory")
def resolve_sampled_history(run: RunRecord, info: GraphQLResolveInfo, specs: list[str]) -> list[list[JSONObject]]:
    """Answer, for each spec, the rows that have all its keys."""
    context: Context = info.context
    try:
        parsed = [SampleSpec.model_validate_json(spec) for spec in specs]
    except ValidationError as error:
        raise Refusal(400, f"A spec of sampledHistory cannot be read: {error.errors()[0]['msg']}.") from None
    return [sample_history(context.connection, run.key, spec) for spec in parsed]


@RUN.field("parquetHistory")
def resolve_parquet_history(run: RunRecord, info: GraphQLResolveInfo, live_keys: list[str]) -> ParquetHistoryRecord:  # noqa: ARG001
    """Answer where the file with the whole history is; where there is none, clients read all through `history`."""
    context: Context = info.context
    token = context.exports.token(context.connection, run) if context.exports else None
    path = context.signer.path("GET", token, "history.parquet", context.now) if token else None
    return ParquetHistoryRecord((context.origin + path,) if path else (), ())


@RUN.field("events")
def resolve_events(run: RunRecord, info: GraphQLResolveInfo, samples: int | None = None) -> list[str]:
    """Answer rows of system metrics, evenly spread over the whole run."""
    context: Context = info.context
    events = tables.events.c
    wanted = spread(run.events_line_count, DEFAULT_SAMPLES if samples is None else samples)
    rows = select(events.row).where(events.run_key == run.key, among(events.line, wanted)).order_by(events.line)
    return list(context.connection.execute(rows).scalars())


@RUN.field("historyTail")
def resolve_history_tail(run: RunRecord, info: GraphQLResolveInfo) -> str:
    """Answer the last history row, which a resumed run continues behind."""
    return _tail(info.context.connection, tables.history, run)


@RUN.field("eventsTail")
def resolve_events_tail(run: RunRecord, info: GraphQLResolveInfo) -> str:
    """Answer the last row of system metrics, which a resumed run continues behind."""
    return _tail(info.context.connection, tables.events, run)


@RUN.field("logLines")
def resolve_log_lines(
    run: RunRecord,
    info: GraphQLResolveInfo,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    use_improved_pagination: bool | None = None,  # noqa: ARG001, FBT001 - pages are always cut by line number
) -> Page[LogLineRecord]:
    """Answer printed lines. A cursor is a line number, so pages stay as they are while the run prints."""
    context: Context = info.context
    lines = tables.log_lines.c
    begin = offset_of(after) if after else 0
    size = min(DEFAULT if first is None else first, LARGEST)
    query = select(lines.number, lines.timestamp, lines.level, lines.label, lines.line).where(lines.run_key == run.key)
    if last is None:
        query = query.where(lines.number >= begin).order_by(lines.number).limit(size + 1)
        found = fetch(context.connection, query, LogLineRecord)
    else:
        query = query.order_by(lines.number.desc()).limit(min(last, LARGEST))
        found = fetch(context.connection, query, LogLineRecord)[::-1]
        size = len(found)
    edges = [Edge(cursor_of(line.number + 1), line) for line in found[:size]]
    start, end = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
    return Page(edges, PageInfo(start, end, len(found) > size, begin > 0), lambda: run.log_line_count)


def _tail(connection: Connection, table: Table, run: RunRecord) -> str:
    query = select(table.c.row).where(table.c.run_key == run.key).order_by(table.c.line.desc()).limit(1)
    rows: list[JSONValue] = list(connection.execute(query).scalars())
    return dump(rows)


BINDABLES: list[SchemaBindable] = [RUN]
