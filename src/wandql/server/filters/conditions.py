"""Filters in the MongoDB dialect, translated to SQL.

`{"config.lr": {"$gt": 0.01}, "$or": [{"state": "finished"}, {"tags": "best"}]}` becomes one SQL condition. The
meaning is MongoDB's, with these decisions:

- Objects are equal whatever the order of their keys: JSON on its way here may lose it.
- A dotted name reaches into the objects inside a list by index only.
- Lists and objects can be equal, but are not in order: `$gt` and the like refuse them.
- Not a number and the infinities, which JSON lacks, equal what stands for them: the texts `NaN`, `Infinity` and
  `-Infinity`, and the largest floats.
- `"$and": []` is true, since the filters of saved reports hold it. An empty `$or` or `$nor` is an error.
- `$regex` is a pattern of Python's `re`. Where PostgreSQL searches, the pattern must be one of its own, too: `$` is no
  place before a last line break there, and the classes of letters and digits are the database's.
- `$contains`, which only the official SDK has, is a part of a text.
- A time is ISO 8601 text, in UTC where it names no zone, or a number of seconds since the epoch.
"""

from __future__ import annotations

import json
import math
import operator
import re
import sys
import warnings
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from sqlalchemy import false

from wandql.server.filters.cells import value_of
from wandql.server.filters.values import all_of, any_of, negate

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement

    from wandql.graphql.scalars import JSONObject, JSONValue
    from wandql.server.filters.fields import FieldResolver
    from wandql.server.filters.values import Comparison, Condition, Scalar, Value

    Place: TypeAlias = tuple[str | int, ...]
    Operator: TypeAlias = Callable[[Value, JSONValue], Condition]

__all__ = ["FilterError", "compile_filter", "read_filter", "register_functions"]

T = TypeVar("T")

# The steps from the top to the deepest operator, two to a group: `$or` and the number in its list. People and reports
# take fewer than ten. SQLite's parser overflows at some forty.
_MAX_DEPTH = 24

# Lists and objects are compared value by value in SQL. The values of `$in` go as one parameter, and are not counted.
_MAX_LITERAL = 1_000

_GROUPS: dict[str, Callable[[Sequence[Condition]], Condition]] = {
    "$and": all_of,
    "$or": any_of,
    "$nor": lambda conditions: negate(any_of(conditions)),
}


class FilterError(ValueError):
    """A filter that cannot be read. The message names the place in it, as a JSON Pointer (RFC 6901)."""


def read_filter(text: str | None) -> JSONObject:
    """Return a filter from the JSON text that clients send. None, an empty text and `null` filter nothing.

    Args:
        text: JSON. `NaN`, `Infinity` and `-Infinity` are read as numbers.

    Raises:
        FilterError: The text is not JSON, or not an object.
    """
    try:
        document: JSONValue = json.loads(text) if text else None
    except (ValueError, RecursionError) as error:
        raise FilterError(f"The filter is not JSON: {error}.") from error
    if document is not None and not isinstance(document, dict):
        raise FilterError(f"The filter must be an object, not {_quote(document)}.")
    return document or {}


def compile_filter(document: Mapping[str, JSONValue], fields: FieldResolver, dialect: str) -> ColumnElement[bool]:
    """Return the SQL condition that is true of the rows that a filter selects.

    It may be NULL where it is not true, so compose it with `and_` and `or_`, but do not negate it. In SQLite it calls
    the functions that `register_functions` defines.

    Args:
        document: The filter. An empty one selects every row.
        fields: What the names in it stand for.
        dialect: The database's, as SQLAlchemy calls it.

    Raises:
        FilterError: A field or an operator is unknown, or an operand is one that the operator does not take.
    """
    return _document(dict(document), _Names(fields, dialect), ())


def register_functions(connection: sqlite3.Connection) -> None:
    """Define the SQL functions that compiled filters call. Every connection needs it once."""
    connection.create_function("regexp", 2, _search, deterministic=True)


@dataclass(frozen=True, slots=True)
class _Names:
    """What the names of a filter stand for, and the database that they are in."""

    fields: FieldResolver
    dialect: str


def _document(document: JSONValue, names: _Names, place: Place) -> Condition:
    if not isinstance(document, dict):
        raise _error(place, f"A filter must be an object, not {_quote(document)}")
    return all_of([_clause(name, operand, names, (*place, name)) for name, operand in document.items()])


def _clause(name: str, operand: JSONValue, names: _Names, place: Place) -> Condition:
    if len(place) > _MAX_DEPTH:
        raise _error(place[:4], f"The filter is nested more than {_MAX_DEPTH} steps deep")
    if name in _GROUPS:
        if not isinstance(operand, list) or not (operand or name == "$and"):
            raise _error(place, f"{name} takes a list of one filter or more, not {_quote(operand)}")
        return _GROUPS[name]([_document(item, names, (*place, at)) for at, item in enumerate(operand)])
    if name in _OPERATORS or name == "$not":
        raise _error(place, f"{name} stands behind a field, as in {{'state': {{{name!r}: …}}}}")
    if name.startswith("$"):
        raise _error(place, _unknown_operator(name, _GROUPS))
    field = names.fields.resolve(name)
    if field is None:
        raise _error(place, names.fields.describe_unknown(name))
    return _asked(value_of(field, names.dialect), operand, place)


def _asked(value: Value, operand: JSONValue, place: Place) -> Condition:
    """Return the condition that a field's operand makes: operators, or a value to be equal to."""
    if isinstance(operand, dict) and any(name.startswith("$") for name in operand):
        return _operators(value, operand, place)
    return _applied("$eq", value, operand, place)


def _operators(value: Value, document: JSONObject, place: Place) -> Condition:
    return all_of([_applied(name, value, operand, (*place, name)) for name, operand in _with_options(document, place)])


def _applied(name: str, value: Value, operand: JSONValue, place: Place) -> Condition:
    if len(place) > _MAX_DEPTH:
        raise _error(place[:4], f"The filter is nested more than {_MAX_DEPTH} steps deep")
    if name == "$not":
        if not isinstance(operand, dict) or not operand:
            raise _error(place, f"$not takes operators, as in {{'$not': {{'$gt': 1}}}}, not {_quote(operand)}")
        return negate(_operators(value, operand, place))
    if name not in _OPERATORS:
        raise _error(place, _unknown_operator(name, [*_OPERATORS, "$not", "$options"]))
    try:
        return _OPERATORS[name](value, operand)
    except ValueError as error:
        raise _error(place, str(error)) from error


def _with_options(document: JSONObject, place: Place) -> Iterable[tuple[str, JSONValue]]:
    """Return the operators of a document, with `$options` made a part of the pattern beside it."""
    if "$options" not in document:
        return document.items()
    pattern, options = document.get("$regex"), document["$options"]
    if not isinstance(pattern, str) or not isinstance(options, str) or not set(options) <= set("imsx"):
        raise _error((*place, "$options"), "$options takes letters of 'imsx', beside the text of $regex")
    flagged = {**document, "$regex": f"(?{options}){pattern}" if options else pattern}
    return [(name, operand) for name, operand in flagged.items() if name != "$options"]


def _equal(value: Value, operand: JSONValue) -> Condition:
    _check_size(operand)
    found = value.anywhere(lambda one: any_of([one.equals(spelling) for spelling in _spellings(operand)]))
    return any_of([value.missing, found]) if operand is None else found


def _ordered(comparison: Comparison) -> Operator:
    def compare(value: Value, operand: JSONValue) -> Condition:
        match operand:
            case None:
                return _equal(value, None) if comparison in {operator.ge, operator.le} else false()
            case float() if math.isnan(operand):
                return false()
            case bool() | int() | float() | str():
                return value.anywhere(lambda one: one.compares(comparison, operand))
            case _:
                raise ValueError(f"It takes a number, a text or a boolean, not {_quote(operand)}")

    return compare


def _among(value: Value, operand: JSONValue) -> Condition:
    if not isinstance(operand, list):
        raise ValueError(f"It takes a list, not {_quote(operand)}")  # noqa: TRY004 - a ValueError becomes a FilterError
    scalars: list[Scalar] = []
    others: list[JSONValue] = []
    for item in operand:
        match item:
            case bool() | int() | float() | str():
                scalars.extend(_spellings(item))
            case dict() if any(name.startswith("$") for name in item):
                raise ValueError(f"It takes values, not operators such as {_quote(item)}: use $or")
            case _:
                others.append(item)
    return any_of([value.anywhere(lambda one: one.among(scalars)), *(_equal(value, item) for item in others)])


def _all(value: Value, operand: JSONValue) -> Condition:
    if not isinstance(operand, list):
        raise ValueError(f"It takes a list, not {_quote(operand)}")  # noqa: TRY004 - as above
    return all_of([_equal(value, item) for item in operand]) if operand else false()


def _contains(value: Value, operand: JSONValue) -> Condition:
    if not isinstance(operand, str):
        raise ValueError(f"It takes a text, not {_quote(operand)}")  # noqa: TRY004 - as above
    return _regex(value, re.escape(operand))


def _exists(value: Value, operand: JSONValue) -> Condition:
    if not isinstance(operand, bool | int | float):
        raise ValueError(f"It takes true or false, not {_quote(operand)}")  # noqa: TRY004 - as above
    return negate(value.missing) if operand else value.missing


def _regex(value: Value, operand: JSONValue) -> Condition:
    if not isinstance(operand, str):
        raise ValueError(f"It takes a text, not {_quote(operand)}")  # noqa: TRY004 - as above
    try:
        operand.encode()
        _pattern(operand)
    except (UnicodeError, re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"{_quote(operand)} is not a regular expression: {error}") from error
    return value.anywhere(lambda one: one.matches(operand))


_OPERATORS: dict[str, Operator] = {
    "$eq": _equal,
    "$ne": lambda value, operand: negate(_equal(value, operand)),
    "$gt": _ordered(operator.gt),
    "$gte": _ordered(operator.ge),
    "$lt": _ordered(operator.lt),
    "$lte": _ordered(operator.le),
    "$in": _among,
    "$nin": lambda value, operand: negate(_among(value, operand)),
    "$all": _all,
    "$exists": _exists,
    "$regex": _regex,
    "$contains": _contains,
}


def _spellings(value: T) -> list[T | float | str]:
    """Return a value as documents may hold it: JSON has no number that is infinite or none."""
    match value:
        case float() if math.isnan(value):
            return ["NaN"]
        case float() if math.isinf(value):
            return [value, math.copysign(sys.float_info.max, value), "Infinity" if value > 0 else "-Infinity"]
        case _:
            return [value]


def _check_size(value: JSONValue) -> None:
    """Refuse a list or an object that would make the SQL too long or too deep."""
    size, layer = 0, [value]
    for _ in range(_MAX_DEPTH):
        layer = [
            inner
            for item in layer
            if isinstance(item, list | dict)
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
        size += len(layer)
        if not layer or size > _MAX_LITERAL:
            break
    if layer:
        raise ValueError(
            f"A list or an object to compare with holds at most {_MAX_LITERAL:,} values, {_MAX_DEPTH} deep"
        )


def _search(pattern: str, value: bytes | None) -> bool:
    return value is not None and _pattern(pattern).search(value.decode(errors="replace")) is not None


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    with warnings.catch_warnings():
        # `[[` will mean something else to a later Python; whoever wrote the filter cannot see the warning.
        warnings.simplefilter("ignore", FutureWarning)
        return re.compile(pattern)


def _unknown_operator(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"Unknown operator {name!r}. " + (f"Did you mean {near[0]!r}?" if near else f"There are {', '.join(known)}")


def _quote(value: JSONValue) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _error(place: Place, message: str) -> FilterError:
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)
    return FilterError(
        f"{message}{'' if message.endswith(('?', '.')) else '.'} (In the filter at {pointer or 'its top'})"
    )
