"""SQL for what may be asked of one value, with MongoDB's rules of types.

Values of two types are never equal and never in order: number and number compare, text and text, boolean and
boolean; true is not 1. A list answers by any of its elements.

A condition is true or not true in SQL: NULL counts as false, and only `negate` may turn one round. How a value is
taken out of a JSON document is its database's affair: see `text_cells.py` and `binary_cells.py`.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, TypeGuard

from sqlalchemy import and_, false, literal, or_, true

from wandql.server.databases.columns import Integer, Number, Text
from wandql.server.databases.functions import matches, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, SQLColumnExpression

    from wandql.graphql.scalars import JSONValue
    from wandql.server.filters.fields import Kind

    Condition: TypeAlias = ColumnElement[bool]
    Comparison: TypeAlias = Callable[[SQLColumnExpression[object], SQLColumnExpression[object]], Condition]

__all__ = [
    "Bracket",
    "Cell",
    "ColumnValue",
    "Comparison",
    "Condition",
    "Scalar",
    "Value",
    "all_of",
    "any_of",
    "bracket_of",
    "encode",
    "negate",
]

Scalar: TypeAlias = "bool | int | float | str"
Bracket: TypeAlias = Literal["null", "boolean", "number", "text", "array", "object"]

# SQLite parses `a AND b AND c` into a tree as deep as the chain is long, and refuses one deeper than 1,000.
_MAX_CHAIN = 200

# No column holds such a text: SQLite would cut it short, PostgreSQL has no NUL, and no UTF-8 spells it.
_NO_TEXT = re.compile(r"[\0\ud800-\udfff]")
_MAX_INT = 2**63 - 1
_MAX_SECONDS = _MAX_INT // 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def bracket_of(value: JSONValue) -> Bracket:
    """Return the type of a JSON value, as far as comparing it goes."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return "array"
        case dict():
            return "object"


def negate(condition: Condition) -> Condition:
    """Return a condition that is true where the other is false or NULL."""
    return condition.is_not(true())


def all_of(conditions: Sequence[Condition]) -> Condition:
    """Return a condition that is true where all are."""
    return _chain(conditions, and_, neutral=true(), deciding=false())


def any_of(conditions: Sequence[Condition]) -> Condition:
    """Return a condition that is true where one is."""
    return _chain(conditions, or_, neutral=false(), deciding=true())


# SQLAlchemy leaves a nested `false` standing, and SQLite then scans the table instead of an index.
def _chain(
    conditions: Sequence[Condition], join: Callable[..., Condition], *, neutral: Condition, deciding: Condition
) -> Condition:
    if any(condition is deciding for condition in conditions):
        return deciding
    links = [condition for condition in conditions if condition is not neutral]
    if len(links) > _MAX_CHAIN:
        size = math.ceil(len(links) / _MAX_CHAIN)
        links = [join(*links[at : at + size]).is_(true()) for at in range(0, len(links), size)]
    return join(*links) if len(links) > 1 else next(iter(links), neutral)


class Value(Protocol):
    """What may be asked of a value, in a column or in a JSON document."""

    @property
    def missing(self) -> Condition:
        """Whether there is no value. JSON's null is one."""
        ...

    def anywhere(self, test: Callable[[Value], Condition]) -> Condition:
        """Whether the value or, if it is a list, any element of it passes a test."""
        ...

    def equals(self, value: JSONValue) -> Condition:
        """Whether this is that value. The order of an object's keys is of no account."""
        ...

    def compares(self, comparison: Comparison, value: Scalar) -> Condition:
        """Whether the value is of that one's type, and in order with it."""
        ...

    def among(self, values: Sequence[Scalar]) -> Condition:
        """Whether this is one of those values."""
        ...

    def matches(self, pattern: str) -> Condition:
        """Whether this is a text that holds a match of a regular expression."""
        ...


class Cell(Value, Protocol):
    """A value inside a JSON document."""

    @property
    def number(self) -> SQLColumnExpression[float]:
        """The value where it is a number. Ask for no other: it may be anything, or fail."""
        ...

    @property
    def sort_keys(self) -> tuple[SQLColumnExpression[object], ...]:
        """What values of one type are ordered by."""
        ...

    def is_a(self, *brackets: Bracket) -> Condition:
        """Whether the value is of one of these types."""
        ...


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """A value in a column of one kind."""

    expr: SQLColumnExpression[object]
    kind: Kind

    @property
    def missing(self) -> Condition:
        """Whether there is no value."""
        return self.expr.is_(None)

    def anywhere(self, test: Callable[[Value], Condition]) -> Condition:
        """Whether the value passes a test."""
        return test(self)

    def equals(self, value: JSONValue) -> Condition:
        """Whether this is that value."""
        bound = self._bind(value)
        return false() if bound is None else self.expr == bound

    def compares(self, comparison: Comparison, value: Scalar) -> Condition:
        """Whether the value is of that one's type, and in order with it."""
        bound = self._bind(value)
        return false() if bound is None else comparison(self.expr, bound)

    def among(self, values: Sequence[Scalar]) -> Condition:
        """Whether this is one of those values."""
        if self.kind == "text":
            texts = json.dumps([value for value in values if _is_column_text(value)])
            return self.expr.in_(rows_of(literal(texts, Text), Text))
        return self.expr.in_([bound for value in values if (bound := self._bind(value)) is not None])

    def matches(self, pattern: str) -> Condition:
        """Whether this is a text that holds a match of a regular expression."""
        return matches(pattern, self.expr) if self.kind == "text" else false()

    def _bind(self, value: JSONValue) -> SQLColumnExpression[object] | None:
        """Return a value as this kind of column holds it, or None where it is of another type."""
        match self.kind, value:
            case "datetime", None | bool() | list() | dict():
                return None
            case "datetime", str() | int() | float():
                return literal(_microseconds(value), Integer)
            case "boolean", bool():
                return literal(value)
            case "number", int() | float() if not isinstance(value, bool):
                whole = isinstance(value, int) and -_MAX_INT <= value <= _MAX_INT
                return literal(value, Integer) if whole else literal(_as_float(value), Number)
            case "text", str() if _is_column_text(value):
                return literal(value)
            case _:
                return None


def _is_column_text(value: Scalar) -> TypeGuard[str]:
    return isinstance(value, str) and not _NO_TEXT.search(value)


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _microseconds(value: str | float) -> int:
    """Return a time as microseconds since the epoch.

    Raises:
        ValueError: The text is no time, or the number none that can be stored.
    """
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value!r} is not an ISO 8601 time such as '2026-01-31T12:00:00Z'") from None
        return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // timedelta(microseconds=1)
    if not abs(value) <= _MAX_SECONDS:
        raise ValueError(f"{value!r} is not a number of seconds since the epoch")
    return round(value * 1_000_000)


def encode(value: Scalar) -> str:
    """Return the JSON text of a scalar. An infinity is a number that is too large for a float."""
    match value:
        case float() if math.isinf(value):
            return "9e999" if value > 0 else "-9e999"
        case _:
            return json.dumps(value)
