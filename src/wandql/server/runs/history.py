"""A run's history: its lines are kept as they come, and read in windows and samples."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import from_json, to_json
from sqlalchemy import delete, func, select

from wandql.server import tables
from wandql.server.databases.columns import Integer
from wandql.server.databases.upserts import replace
from wandql.server.documents import dump, parse_object
from wandql.server.runs.history_keys import HistoryKeys, count_row, keys_of, new_history_keys, value_at
from wandql.server.runs.sampling import spread
from wandql.server.runs.summaries import Derivation
from wandql.server.store import add, among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

    from wandql.graphql.scalars import JSONObject
    from wandql.server.records import RunRecord

__all__ = [
    "HistoryChange",
    "SampleSpec",
    "append_history",
    "describe_history",
    "history_window",
    "rewind_history",
    "sample_history",
]

LARGEST_STEP = 2**63 - 1

ALL: Final = LARGEST_STEP
"""As many samples as there are rows."""


class SampleSpec(BaseModel):
    """What `sampledHistory` is asked for. Steps are inclusive at both ends."""

    model_config: ClassVar[ConfigDict] = ConfigDict(populate_by_name=True)

    keys: list[str] = []
    samples: int = 500
    min_step: float = Field(0, alias="minStep")
    max_step: float | None = Field(None, alias="maxStep")


@dataclass(frozen=True, slots=True)
class HistoryChange:
    """What a change of the history makes of the run's own columns."""

    history_line_count: int
    history_keys: str | None


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with what it says: its step, its row, and the names of the row's keys as JSON text."""

    number: int
    text: str
    row: JSONObject
    step: int
    names: str

    @classmethod
    def of(cls, number: int, text: str) -> _Line:
        row = parse_object(text, f"Line {number} of the history")
        given = row.get("_step")
        step = int(given) if isinstance(given, int | float) and 0 <= given <= LARGEST_STEP else number
        return cls(number, text, row, step, to_json(keys_of(row)).decode())


def append_history(connection: Connection, run: RunRecord, offset: int, lines: Sequence[str]) -> HistoryChange:
    """Write lines from number `offset` on. Lines that are there already are replaced: a chunk may come twice.

    The official SDK appends a run that it syncs once more, or whose upload was broken off, to what is there. So a row
    that is there already under another number is left out.

    Raises:
        Refusal: A line is not a JSON object (400).
    """
    known = _lines(connection, run.key, offset) if offset < run.history_line_count else {}
    keys: HistoryKeys = from_json(run.history_keys) if run.history_keys else new_history_keys()
    sent = [_Line.of(number, text) for number, text in enumerate(lines, start=offset) if known.get(number) != text]
    repeated = _repeated(connection, run.key, [line for line in sent if line.step <= keys["lastStep"]])
    new = [line for line in sent if line.number not in repeated]
    sets = _key_sets(connection, run.key, {line.names for line in new})
    values = [
        {
            "run_key": run.key, "line": line.number, "step": line.step,
            "key_set_key": sets[line.names], "row": line.text,
        }
        for line in new
    ]  # fmt: skip
    if values:
        connection.execute(replace(tables.history), values)
    count = max(run.history_line_count, offset + len(lines))
    if any(line.number in known for line in new):
        return HistoryChange(count, _recount(connection, run.key))
    for line in new:
        count_row(keys, line.row, line.step)
    return HistoryChange(count, dump(keys) if count else None)


def rewind_history(connection: Connection, run: RunRecord, last_step: int) -> tuple[HistoryChange, JSONObject]:
    """Delete the rows behind a step.

    Returns:
        What it makes of the run's columns, and the summary of the rows that are left.
    """
    history = tables.history.c
    connection.execute(delete(tables.history).where(history.run_key == run.key, history.step > last_step))
    return describe_history(connection, run.key, run.config)


def describe_history(connection: Connection, run_key: int, config: str | None) -> tuple[HistoryChange, JSONObject]:
    """Return what a history makes of the run's columns, and its summary by the metrics that a config defines."""
    history = tables.history.c
    last = connection.execute(select(func.max(history.line)).where(history.run_key == run_key)).scalar()
    # Forks that older versions of this server made have inherited lines below zero.
    count = 0 if last is None else max(last + 1, 0)
    rows = connection.execute(
        select(history.row).where(history.run_key == run_key).order_by(history.step, history.line)
    ).scalars()
    parsed = (parse_object(row, "A line of the history") for row in rows)
    summary = Derivation.defined(config).update({}, parsed, None)
    return HistoryChange(count, _recount(connection, run_key) if last is not None else None), summary


def history_window(
    connection: Connection, run_key: int, min_step: int | None, max_step: int | None, samples: int
) -> list[str]:
    """Return at most `samples` rows, evenly spread over the steps from `min_step` up to, not including, `max_step`.

    A window of no more steps than samples is asked for by who wants all of it: several rows of a step come, too.
    """
    if min_step is not None and max_step is not None and samples >= max_step - min_step:
        samples = ALL
    history = tables.history.c
    first = history.step >= min_step if min_step is not None else None
    end = history.step < max_step if max_step is not None else None
    return _pick(connection, [history.run_key == run_key, *(c for c in (first, end) if c is not None)], samples)


def sample_history(connection: Connection, run_key: int, spec: SampleSpec) -> list[JSONObject]:
    """Return rows that have all keys of a spec, cut down to these keys, evenly spread over its steps."""
    history, wanted = tables.history.c, dict.fromkeys(spec.keys)
    sets = connection.execute(
        select(tables.key_sets.c.key, tables.key_sets.c.names).where(tables.key_sets.c.run_key == run_key)
    )
    having = [key for key, names in sets if wanted.keys() <= set(from_json(names))]
    conditions = [
        history.run_key == run_key,
        history.step >= math.ceil(_in_range(spec.min_step)),
        among(history.key_set_key, having),
    ]
    if spec.max_step is not None:
        conditions.append(history.step <= math.floor(_in_range(spec.max_step)))
    # As with `history_window`: who asks for no more steps than rows wants them all.
    whole = spec.max_step is not None and spec.samples > spec.max_step - spec.min_step
    samples = ALL if whole else spec.samples
    rows = (parse_object(text, "A line of the history") for text in _pick(connection, conditions, samples))
    return [{key: value_at(row, key) for key in wanted} for row in rows]


def _in_range(step: float) -> float:
    """Return a step that the database can compare with those that it has."""
    return max(min(step, LARGEST_STEP), -1)


def _pick(connection: Connection, conditions: Sequence[ColumnElement[bool]], samples: int) -> list[str]:
    history = tables.history.c
    order = history.step, history.line
    count = connection.execute(select(func.count()).select_from(tables.history).where(*conditions)).scalar_one()
    query = select(history.row).where(*conditions).order_by(*order)
    if count > samples:
        # The numbering reads the index alone; only the picked rows are read whole.
        number = (func.row_number(type_=Integer).over(order_by=order) - 1).label("number")
        numbered = select(history.run_key, history.line, number).where(*conditions).subquery()
        picked = select(numbered.c.line).where(among(numbered.c.number, spread(count, samples)))
        query = select(history.row).where(conditions[0], history.line.in_(picked)).order_by(*order)
    return list(connection.execute(query).scalars())


def _lines(connection: Connection, run_key: int, offset: int) -> dict[int, str]:
    history = tables.history.c
    rows = connection.execute(
        select(history.line, history.row).where(history.run_key == run_key, history.line >= offset)
    )
    return {row.line: row.row for row in rows}


def _repeated(connection: Connection, run_key: int, lines: Sequence[_Line]) -> set[int]:
    """Return the numbers of lines whose rows are there under another number: those of the same step and moment."""
    dated = {line.number: _identity(line.row) for line in lines if "_timestamp" in line.row}
    if not dated:
        return set()
    history, steps = tables.history.c, [line.step for line in lines if line.number in dated]
    query = select(history.line, history.row).where(
        history.run_key == run_key, history.step >= min(steps), history.step <= max(steps)
    )
    there: dict[str, set[int]] = {}
    for row in connection.execute(query):
        there.setdefault(_identity(parse_object(row.row, "A line of the history")), set()).add(row.line)
    return {number for number, identity in dated.items() if there.get(identity, set()) - {number}}


def _identity(row: JSONObject) -> str:
    """Return the same text for the same row, in whatever order it has its keys."""
    return json.dumps(row, sort_keys=True)


def _key_sets(connection: Connection, run_key: int, texts: set[str]) -> dict[str, int]:
    """Return the key of each key set by its text; the ones that are new are made."""
    sets = tables.key_sets
    known = {row.names: row.key for row in connection.execute(select(sets).where(sets.c.run_key == run_key))}
    for text in texts - known.keys():
        values = {"run_key": run_key, "names": text}
        known[text] = add(connection, sets, values)
    return known


def _recount(connection: Connection, run_key: int) -> str:
    history, keys = tables.history.c, new_history_keys()
    for row, step in connection.execute(
        select(history.row, history.step).where(history.run_key == run_key).order_by(history.line)
    ):
        count_row(keys, parse_object(row, "A line of the history"), step)
    return dump(keys)
