"""The names that a filter or an order may use, and where the database holds their values.

A name resolves to an operand, which is data: a `Column`, a `JSONField` or a `JSONList`. `values.py` turns an
operand into SQL, `filters.py` and `orders.py` say what is asked of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import chain, combinations, islice, pairwise, product
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import SQLColumnExpression

    SQLValue: TypeAlias = SQLColumnExpression[object]

__all__ = ["Column", "FieldResolver", "JSONDocument", "JSONField", "JSONList", "Kind", "Operand", "run_fields"]

Kind: TypeAlias = Literal["text", "number", "boolean", "datetime"]
Step: TypeAlias = "str | int"
Path: TypeAlias = "tuple[Step, ...]"

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")

# A name of n dotted parts can be read in 2 ** (n - 1) ways. Six parts are read in all of them, and more parts in the
# likeliest; what follows the last part is one key. Each way costs time in every row.
_MAX_PARTS = 16
_MAX_SPLITS = 32
_MAX_INDEXED = 16


@dataclass(frozen=True, slots=True)
class Column:
    """A value in a column, or in any SQL expression. SQL NULL means that it is missing.

    Attributes:
        expr: The column or expression. A plain column stays plain in SQL, so that its index is of use.
        kind: What it holds. A `boolean` is 0 or 1, a `datetime` an INTEGER of microseconds since the epoch (UTC).
    """

    expr: SQLValue
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class JSONField:
    """A value inside a TEXT column of valid JSON.

    Attributes:
        column: The TEXT column or expression; SQL NULL is an empty document.
        paths: Where the value may be: the first path that exists counts. A step is a key or an index.
    """

    column: SQLValue
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class JSONList:
    """A TEXT column that holds a JSON list, such as the tags of a run; SQL NULL means that it is missing."""

    column: SQLValue


Operand: TypeAlias = Column | JSONField | JSONList


@dataclass(frozen=True, slots=True)
class JSONDocument:
    """A TEXT column of valid JSON objects, whose values are reached by dotted names.

    Attributes:
        column: The TEXT column or expression.
        wrapped: Whether each value sits in an object of its own, as in `{"lr": {"value": 0.1}}`. If so, `lr`,
            `lr.value` and, further in, `opt.lr` and `opt.value.lr` all reach the value.
    """

    column: SQLValue
    wrapped: bool = False

    def field(self, name: str) -> JSONField:
        """Return the operand of a dotted name.

        A dot may part two keys or be a part of one, and a number may be a key or an index: `a.b` is looked for as
        `{"a": {"b": …}}`, then as `{"a.b": …}`.
        """
        keys = islice(_splits(name.split(".", _MAX_PARTS - 1)), _MAX_SPLITS)
        paths = list(chain.from_iterable(map(_wrap, keys)) if self.wrapped else keys)
        indexed = chain.from_iterable(product(path[:1], *map(_readings, path[1:])) for path in paths)
        return JSONField(self.column, tuple(dict.fromkeys([*paths, *islice(indexed, _MAX_INDEXED)])))


def _splits(parts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield every way to join neighbours by dots: none joined first, then all joined, then what is near to these."""
    count = len(parts)
    for size in sorted(range(count), key=lambda size: (min(size, count - 1 - size), -size)):
        for cuts in combinations(range(1, count), size):
            yield tuple(".".join(parts[start:end]) for start, end in pairwise((0, *cuts, count)))


def _wrap(keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    key, *inner = keys
    if inner[:1] == ["value"]:
        yield keys
    if inner != ["value"]:
        yield (key, "value", *inner)


def _readings(key: str) -> tuple[Step, ...]:
    return (key, int(key)) if _INDEX.fullmatch(key) else (key,)


@dataclass(frozen=True, slots=True)
class FieldResolver:
    """What the dotted names of one noun stand for.

    Attributes:
        columns: Operands by their whole name.
        documents: JSON documents by the name that stands before the dotted names of their values.
    """

    columns: Mapping[str, Column | JSONList]
    documents: Mapping[str, JSONDocument] = field(default_factory=dict[str, JSONDocument])

    def resolve(self, name: str) -> Operand | None:
        """Return the operand of a name, or None where the name stands for nothing."""
        if name in self.columns:
            return self.columns[name]
        head, dot, rest = name.partition(".")
        return self.documents[head].field(rest) if dot and head in self.documents else None

    def describe_unknown(self, name: str) -> str:
        """Say, for an error's message, that a name stands for nothing, and which names are near it or exist."""
        _, dot, rest = name.partition(".")
        inner = [f"{document}.{rest}" for document in self.documents] if dot else []
        near = get_close_matches(name, [*self.columns, *inner], n=3, cutoff=0.7)
        known = [*self.columns, *(f"{document}.<key>" for document in self.documents)]
        hint = f"Did you mean {' or '.join(map(repr, near))}?" if near else f"There are {', '.join(known)}."
        return f"Unknown field {name!r}. {hint}"


def run_fields(
    *,
    name: SQLValue,
    display_name: SQLValue,
    state: SQLValue,
    tags: SQLValue,
    entity: SQLValue,
    username: SQLValue,
    group: SQLValue,
    job_type: SQLValue,
    sweep: SQLValue,
    host: SQLValue,
    commit: SQLValue,
    notes: SQLValue,
    description: SQLValue,
    created_at: SQLValue,
    updated_at: SQLValue,
    heartbeat_at: SQLValue,
    duration: SQLValue,
    config: SQLValue,
    summary: SQLValue,
    keys_info: SQLValue,
) -> FieldResolver:
    """Return what the names mean in filters and orders of runs, in every spelling that clients use.

    Args:
        name: The run's id, TEXT.
        display_name: The run's name that people read, TEXT.
        state: The state, TEXT: an expression where it depends on the heartbeat.
        tags: TEXT, a JSON list of texts.
        entity: The name of the run's entity, TEXT.
        username: The name of the user who made the run, TEXT.
        group: TEXT.
        job_type: TEXT.
        sweep: The sweep's name (its id on the wire), TEXT.
        host: TEXT.
        commit: TEXT.
        notes: TEXT.
        description: TEXT.
        created_at: INTEGER microseconds since the epoch, UTC.
        updated_at: The same.
        heartbeat_at: The same.
        duration: Seconds, INTEGER or REAL.
        config: TEXT, JSON as on the wire: `{"lr": {"value": 0.1}}`.
        summary: TEXT, JSON as on the wire: `{"loss": 0.5}`.
        keys_info: TEXT, JSON as `historyKeys` on the wire: `{"keys": {"loss": …}}`.
    """
    texts: dict[tuple[str, ...], SQLValue] = {
        ("name",): name,
        ("display_name", "displayName"): display_name,
        ("state",): state,
        ("entity",): entity,
        ("username", "user.username", "user"): username,
        ("group",): group,
        ("job_type", "jobType"): job_type,
        ("sweep",): sweep,
        ("host",): host,
        ("commit",): commit,
        ("notes",): notes,
        ("description",): description,
    }
    datetimes: dict[tuple[str, ...], SQLValue] = {
        ("created_at", "createdAt"): created_at,
        ("updated_at", "updatedAt"): updated_at,
        ("heartbeat_at", "heartbeatAt"): heartbeat_at,
    }
    numbers: dict[tuple[str, ...], SQLValue] = {("duration", "compute_seconds", "computeSeconds"): duration}
    kinds: dict[Kind, dict[tuple[str, ...], SQLValue]] = {"text": texts, "datetime": datetimes, "number": numbers}
    return FieldResolver(
        columns={
            **{
                alias: Column(expr, kind)
                for kind, columns in kinds.items()
                for aliases, expr in columns.items()
                for alias in aliases
            },
            "tags": JSONList(tags),
        },
        documents={
            "config": JSONDocument(config, wrapped=True),
            **dict.fromkeys(("summary_metrics", "summary", "summaryMetrics"), JSONDocument(summary)),
            "keys_info": JSONDocument(keys_info),
        },
    )
