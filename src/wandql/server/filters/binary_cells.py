"""Values inside JSON documents in PostgreSQL, by its type `jsonb`."""

from __future__ import annotations

import json
import math
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy import Double, Numeric, and_, case, cast, exists, func, literal, literal_column, null, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from wandql.server.databases.columns import REPLACEMENT
from wandql.server.databases.functions import Document, matches
from wandql.server.filters.values import bracket_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement, SQLColumnExpression

    from wandql.graphql.scalars import JSONValue
    from wandql.server.filters.fields import Path
    from wandql.server.filters.values import Bracket, Comparison, Condition, Scalar, Value

__all__ = ["BinaryCell", "cell_at", "first_of"]

_JSON_TYPES: dict[Bracket, str] = {
    "null": "null",
    "boolean": "boolean",
    "number": "number",
    "text": "string",
    "array": "array",
    "object": "object",
}
_ONE: ColumnElement[int] = literal_column("1")
_ITSELF: ColumnElement[str] = literal_column("'{}'")
_SMALLEST: ColumnElement[int] = literal_column("5e-324")
_LARGEST: ColumnElement[int] = literal_column(repr(sys.float_info.max))

# `jsonb` has neither, and the database's function `wandql_jsonb` has put the same in their place.
_NO_TEXT = re.compile(r"[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class BinaryCell:
    """A value inside a JSON document.

    Attributes:
        json: The value as `jsonb`; SQL NULL where it is missing.
    """

    json: SQLColumnExpression[object]

    @property
    def missing(self) -> Condition:
        """Whether there is no value. JSON's null is one."""
        return self.json.is_(None)

    @property
    def number(self) -> SQLColumnExpression[float]:
        """The value where it is a number that a float can hold: the cast refuses all others."""
        number = case((self.is_a("number"), cast(self.text, Numeric)))
        size = func.abs(number)
        held = or_(number == 0, and_(size >= _SMALLEST, size <= _LARGEST))
        return case((held, cast(number, Double)))

    @property
    def text(self) -> SQLColumnExpression[str]:
        """A text without its quotes, in the order of its bytes; other values as JSON text."""
        return self.json.op("#>>", return_type=sqlalchemy.Text())(_ITSELF).collate("C")

    @property
    def sort_keys(self) -> tuple[SQLColumnExpression[object], ...]:
        """What values of one type are ordered by. `jsonb` has texts in the order of the database's collation."""
        return case((self.is_a("text"), null()), else_=self.json), case((self.is_a("text"), self.text))

    def is_a(self, *brackets: Bracket) -> Condition:
        """Whether the value is of one of these types."""
        return func.jsonb_typeof(self.json).in_([literal_column(f"'{_JSON_TYPES[bracket]}'") for bracket in brackets])

    def anywhere(self, test: Callable[[Value], Condition]) -> Condition:
        """Whether the value or, if it is a list, any element of it passes a test."""
        elements = func.jsonb_array_elements(case((self.is_a("array"), self.json)))
        rows = elements.table_valued("value", joins_implicitly=True)
        return or_(test(self), exists(select(_ONE).select_from(rows).where(test(BinaryCell(rows.c.value)))))

    def equals(self, value: JSONValue) -> Condition:
        """Whether this is that value. The order of an object's keys is of no account."""
        return self.json == _constant(value)

    def compares(self, comparison: Comparison, value: Scalar) -> Condition:
        """Whether the value is of that one's type, and in order with it."""
        match value:
            case str():
                return and_(self.is_a("text"), comparison(self.text, literal(_clean(value), sqlalchemy.Text)))
            case _:
                return and_(self.is_a(bracket_of(value)), comparison(self.json, _constant(value)))

    def among(self, values: Sequence[Scalar]) -> Condition:
        """Whether this is one of those values."""
        return self.json.in_(select(func.jsonb_array_elements(_constant(list(values))).table_valued("value").c.value))

    def matches(self, pattern: str) -> Condition:
        """Whether this is a text that holds a match of a regular expression."""
        return and_(self.is_a("text"), matches(pattern, self.text))


def cell_at(document: SQLColumnExpression[object], path: Path) -> BinaryCell:
    """Return the value at a path inside a JSON text."""
    cell: SQLColumnExpression[object] = (
        document if isinstance(document, Document) else func.wandql_jsonb(cast(document, sqlalchemy.Text))
    )
    for step in path:
        key = literal(step) if isinstance(step, int) else literal(_clean(step), sqlalchemy.Text)
        inner = cell.op("->", return_type=JSONB())(key)
        # To PostgreSQL a number or a text is also a list of itself.
        cell = case((func.jsonb_typeof(cell) == literal_column("'array'"), inner)) if isinstance(step, int) else inner
    return BinaryCell(cell)


def first_of(cells: Sequence[BinaryCell]) -> BinaryCell:
    """Return the first cell that has a value."""
    return cells[0] if len(cells) == 1 else BinaryCell(func.coalesce(*(cell.json for cell in cells), type_=JSONB()))


def _constant(value: JSONValue) -> SQLColumnExpression[object]:
    return cast(literal(_encode(value), sqlalchemy.Text), JSONB)


def _encode(value: JSONValue) -> str:
    match value:
        case float() if math.isnan(value):
            return '"NaN"'
        case float() if math.isinf(value):
            return "9e999" if value > 0 else "-9e999"
        case str():
            return json.dumps(_clean(value))
        case list():
            return f"[{','.join(map(_encode, value))}]"
        case dict():
            return f"{{{','.join(f'{_encode(key)}:{_encode(item)}' for key, item in value.items())}}}"
        case _:
            return json.dumps(value)


def _clean(text: str) -> str:
    return _NO_TEXT.sub(REPLACEMENT, text)
