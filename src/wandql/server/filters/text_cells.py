"""Values inside JSON documents that are texts, by SQLite's functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Float, Text, and_, case, exists, func, literal, literal_column, or_, select, type_coerce

from wandql.server.databases.functions import matches
from wandql.server.filters.values import all_of, any_of, bracket_of, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression, TableValuedAlias

    from wandql.graphql.scalars import JSONValue
    from wandql.server.filters.fields import Path
    from wandql.server.filters.values import Bracket, Comparison, Condition, Scalar, Value

__all__ = ["TextCell", "cell_at", "first_of"]

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


@dataclass(frozen=True, slots=True)
class TextCell:
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

    @property
    def number(self) -> SQLColumnExpression[float]:
        """The value where it is a number."""
        return type_coerce(self.value, Float)

    @property
    def sort_keys(self) -> tuple[SQLColumnExpression[object], ...]:
        """What values of one type are ordered by."""
        return (self.value,)

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
        return and_(self.is_a("text"), matches(pattern, self.value))

    def composite(self, *brackets: Bracket) -> SQLColumnExpression[object]:
        """Return the JSON text of a list or an object, and SQL NULL for a value of another type."""
        # SQLite may evaluate in any order, and its JSON functions fail on a text that is not JSON.
        return case((self.is_a(*brackets), self.value))


def first_of(cells: Sequence[TextCell]) -> TextCell:
    """Return the first cell that has a value."""
    return TextCell(_first([cell.type for cell in cells]), _first([cell.value for cell in cells]))


def _first(expressions: Sequence[SQLColumnExpression[object]]) -> SQLColumnExpression[object]:
    # The value may then be another's than the type where the first is JSON's null. Null is told by the type alone.
    return expressions[0] if len(expressions) == 1 else func.coalesce(*expressions)


def cell_at(document: SQLColumnExpression[object], path: Path) -> TextCell:
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
    cell = cell or TextCell(func.json_type(document, at), func.json_extract(document, at))
    if not joined:
        return cell
    found = select(cell.type).select_from(*joined).where(*keys).limit(1)
    return TextCell(found.scalar_subquery(), found.with_only_columns(cell.value).scalar_subquery())


def _members(text: SQLColumnExpression[object], at: str = "$") -> tuple[TableValuedAlias, TextCell]:
    """Return the rows of a list's elements or an object's members, and the value of the row at hand."""
    rows = func.json_each(text, at).table_valued("key", "value", "type", joins_implicitly=True)
    return rows, TextCell(rows.c.type, rows.c.value)


def _sameness(document: SQLColumnExpression[object], path: Path, value: JSONValue) -> Iterator[Condition]:
    """Yield the conditions under which the value at a path inside a JSON text is wholly the same as another."""
    cell = cell_at(document, path)
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
    return func.json_extract(encode(value), _ROOT)


def _rows(values: Sequence[Scalar]) -> Select[tuple[object]]:
    """Return scalars as rows: one parameter, however many there are."""
    rows = func.json_each(f"[{','.join(map(encode, values))}]").table_valued("value")
    return select(rows.c.value)
