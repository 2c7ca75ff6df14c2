"""SQL for what may be asked of one value, with MongoDB's rules of types.

Values of two types are never equal and never in order: number and number compare, text and text, boolean and
boolean; true is not 1. A list answers by any of its elements.

A condition is true or not true in SQL: NULL counts as false, and only `negate` may turn one round.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeGuard

from sqlalchemy import (
    Boolean,
    LargeBinary,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)

from wandql.server.fields import Column, JSONField, JSONList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression, TableValuedAlias

    from wandql.graphql.scalars import JSONValue
    from wandql.server.fields import Kind, Operand, Path

    Condition: TypeAlias = ColumnElement[bool]
    Comparison: TypeAlias = Callable[[SQLColumnExpression[object], SQLColumnExpression[object]], Condition]

__all__ = ["ColumnValue", "JSONCell", "Scalar", "Value", "all_of", "any_of", "negate", "value_of"]

Scalar: TypeAlias = "bool | int | float | str"
Bracket: TypeAlias = Literal["null", "boolean", "number", "text", "array", "object"]

_JSON_TYPES: dict[Bracket, tuple[str, ...]] = {
    "null": ("null",),
    "boolean": ("true", "false"),
    "number": ("integer", "real"),
    "text": ("text",),
    "array": ("array",),
    "object": ("object",),
}
_ROOT: ColumnElement[str] = literal_column("'$'")
_ONE: ColumnElement[int] = literal_column("1")

# SQLite 3.40 compares a key in a path with the stored JSON as it is spelled, escapes and all. These characters
# are spelled in one way by every encoder; a key that has others is looked up among the decoded keys.
_PLAIN_KEY = re.compile(r"[ !#-%'-;=?-\[\]-~]*")

# SQLite parses `a AND b AND c` into a tree as deep as the chain is long, and refuses one deeper than 1,000.
_MAX_CHAIN = 200

# No column holds such a text: SQLite would cut it short, and no UTF-8 spells it.
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
            return self.expr.in_(_rows([value for value in values if _is_column_text(value)]))
        return self.expr.in_([bound for value in values if (bound := self._bind(value)) is not None])

    def matches(self, pattern: str) -> Condition:
        """Whether this is a text that holds a match of a regular expression."""
        return _regexp(pattern, self.expr) if self.kind == "text" else false()

    def _bind(self, value: JSONValue) -> SQLColumnExpression[object] | None:
        """Return a value as this kind of column holds it, or None where it is of another type."""
        match self.kind, value:
            case "datetime", None | bool() | list() | dict():
                return None
            case "datetime", str() | int() | float():
                return literal(_microseconds(value))
            case "boolean", bool():
                return literal(int(value))
            case "number", int() | float() if not isinstance(value, bool):
                return literal(value if -_MAX_INT <= value <= _MAX_INT else _as_float(value))
            case "text", str() if _is_column_text(value):
                return literal(value)
            case _:
                return None


@dataclass(frozen=True, slots=True)
class JSONCell:
    """A value inside a JSON document.

    Attributes:
        type: SQLite's name of its type, or SQL NULL where it is missing.
        value: A scalar as SQL has it, a list or an object as JSON text.
    """

    type: SQLColumnExpression[object]
    value: SQLColumnExpression[object]

    @property
    def missing(self) -> Condition:
        """Whether there is no value. JSON's null is one."""
        return self.type.is_(None)

    def is_a(self, *brackets: Bracket) -> Condition:
        """Whether the value is of one of these types."""
        names = [name for bracket in brackets for name in _JSON_TYPES[bracket]]
        return self.type.in_([literal_column(f"'{name}'") for name in names])

    def anywhere(self, test: Callable[[Value], Condition]) -> Condition:
        """Whether the value or, if it is a list, any element of it passes a test."""
        elements, element = _members(self.composite("array"))
        return or_(test(self), exists(select(_ONE).select_from(elements).where(test(element))))

    def equals(self, value: JSONValue) -> Condition:
        """Whether this is that value. The order of an object's keys is of no account."""
        match value:
            case None:
                return self.is_a("null")
            case list() | dict():
                # As the only element of a list, the text is computed once however much there is to compare.
                rows, row = _members(literal("[", Text).concat(self.composite(bracket_of(value))).concat("]"))
                same = all_of([*_sameness(row.value, (), value)])
                return exists(select(_ONE).select_from(rows).where(same))
            case _:
                return and_(self.is_a(bracket_of(value)), self.value == _constant(value))

    def compares(self, comparison: Comparison, value: Scalar) -> Condition:
        """Whether the value is of that one's type, and in order with it."""
        return and_(self.is_a(bracket_of(value)), comparison(self.value, _constant(value)))

    def among(self, values: Sequence[Scalar]) -> Condition:
        """Whether this is one of those values."""
        groups: dict[Bracket, list[Scalar]] = {}
        for value in values:
            groups.setdefault(bracket_of(value), []).append(value)
        return any_of([and_(self.is_a(bracket), self.value.in_(_rows(group))) for bracket, group in groups.items()])

    def matches(self, pattern: str) -> Condition:
        """Whether this is a text that holds a match of a regular expression."""
        return and_(self.is_a("text"), _regexp(pattern, self.value))

    def composite(self, *brackets: Bracket) -> SQLColumnExpression[object]:
        """Return the JSON text of a list or an object, and SQL NULL for a value of another type."""
        # SQLite may evaluate in any order, and its JSON functions fail on a text that is not JSON.
        return case((self.is_a(*brackets), self.value))


Value: TypeAlias = ColumnValue | JSONCell


def value_of(operand: Operand) -> Value:
    """Return the SQL of an operand's value."""
    match operand:
        case Column(expr, kind):
            return ColumnValue(expr, kind)
        case JSONList(column):
            return _cell(column, ())
        case JSONField(column, paths):
            cells = [_cell(column, path) for path in paths]
            return JSONCell(_first([cell.type for cell in cells]), _first([cell.value for cell in cells]))


def _first(expressions: Sequence[SQLColumnExpression[object]]) -> SQLColumnExpression[object]:
    # The value may then be another's than the type where the first is JSON's null. Null is told by the type alone.
    return expressions[0] if len(expressions) == 1 else func.coalesce(*expressions)


def _cell(document: SQLColumnExpression[object], path: Path) -> JSONCell:
    """Return the value at a path inside a JSON text."""
    joined: list[TableValuedAlias] = []
    keys: list[Condition] = []
    cell, at = None, "$"
    for step in path:
        if isinstance(step, str) and not _PLAIN_KEY.fullmatch(step):
            members, member = _members(document, at)
            joined.append(members)
            keys.append(members.c.key == _constant(step))
            cell, document, at = member, member.composite("array", "object"), "$"
        else:
            cell, at = None, at + (f"[{step}]" if isinstance(step, int) else f'."{step}"')
    cell = cell or JSONCell(func.json_type(document, at), func.json_extract(document, at))
    if not joined:
        return cell
    found = select(cell.type).select_from(*joined).where(*keys).limit(1)
    return JSONCell(found.scalar_subquery(), found.with_only_columns(cell.value).scalar_subquery())


def _members(text: SQLColumnExpression[object], at: str = "$") -> tuple[TableValuedAlias, JSONCell]:
    """Return the rows of a list's elements or an object's members, and the value of the row at hand."""
    rows = func.json_each(text, at).table_valued("key", "value", "type", joins_implicitly=True)
    return rows, JSONCell(rows.c.type, rows.c.value)


def _sameness(document: SQLColumnExpression[object], path: Path, value: JSONValue) -> Iterator[Condition]:
    """Yield the conditions under which the value at a path inside a JSON text is wholly the same as another."""
    cell = _cell(document, path)
    match value:
        case list():
            yield cell.is_a("array")
            yield func.json_array_length(cell.composite("array")) == len(value)
            for index, item in enumerate(value):
                yield from _sameness(document, (*path, index), item)
        case dict():
            members, _ = _members(cell.composite("object"))
            yield cell.is_a("object")
            yield select(func.count()).select_from(members).scalar_subquery() == len(value)
            for key, item in value.items():
                yield from _sameness(document, (*path, key), item)
        case _:
            yield cell.equals(value)


def _constant(value: Scalar) -> SQLColumnExpression[object]:
    """Return a scalar as SQLite reads it from JSON, by the same conversion as the values that it is compared with."""
    return func.json_extract(_encode(value), _ROOT)


def _rows(values: Sequence[Scalar]) -> Select[tuple[object]]:
    """Return scalars as rows: one parameter, however many there are."""
    rows = func.json_each(f"[{','.join(map(_encode, values))}]").table_valued("value")
    return select(rows.c.value)


def _encode(value: Scalar) -> str:
    match value:
        case float() if math.isinf(value):
            return "9e999" if value > 0 else "-9e999"
        case _:
            return json.dumps(value)


def _regexp(pattern: str, text: SQLColumnExpression[object]) -> Condition:
    # As bytes: Python refuses to make a text of a lone surrogate, and one such value would fail the whole query.
    return func.regexp(pattern, cast(text, LargeBinary), type_=Boolean)


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
