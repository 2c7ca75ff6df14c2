"""Filters as documents, as they travel: what the server could read, and what it could not.

A filter is a MongoDB-style document: `{"state": "finished", "config.lr": {"$lt": 0.01}}`. It is checked whole before
any request, and travels as JSON text. What a field is called is the server's business and is not checked, because a
newer server may know more; but `summary.x` is sent as `summary_metrics.x`, which is its name on the wire.

| operator                     | stands              | wants                             |
| ---------------------------- | ------------------- | --------------------------------- |
| `$and`, `$or`, `$nor`        | in place of a field | a list of one or more documents   |
| `$eq`, `$ne`                 | at a field          | any value                         |
| `$gt`, `$gte`, `$lt`, `$lte` | at a field          | a number, text or time            |
| `$in`, `$nin`, `$all`        | at a field          | a list of values                  |
| `$exists`                    | at a field          | True or False                     |
| `$regex`                     | at a field          | text that is a regular expression |
| `$options`                   | beside `$regex`     | flags: letters of `imsx`          |
| `$not`                       | at a field          | a document of operators           |

A time is a `datetime` with a zone; it is sent in UTC as `2024-01-02T03:04:05.000006Z`, always with six digits, so that
texts sort as times do. An enum is sent as its value, a NumPy scalar as the number that it holds.

Nothing is sent here.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol, TypeGuard, runtime_checkable

from wandql.errors import InvalidFilterError
from wandql.filters.names import wire_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["canonical_filters", "check_document", "check_operand", "encode_filters"]

# Documents that are nested deeper than this hold themselves.
_DEEPEST: Final = 100

# The server's patterns are RE2: these parts of them mean nothing to Python, which cannot check them.
_RE2_ALONE: Final = re.compile(
    r"""(?P<backslash>\\\\) | \(\?[imsU-]+(?P<flags>[:)]) | (?P<name>\(\?<(?=\w))
    | \\[pP](?:\{\^?\w+\}|\w) | \\x\{[0-9A-Fa-f]+\} | \\[zC] | \\Q.*?(?:\\E|$) | \[:\^?\w+:\]""",
    re.VERBOSE | re.DOTALL,
)
# Python compiles these with a warning about what they may mean one day.
_SET_IN_SET: Final = re.compile(r"\[[^\]]*?(?:\[|--|&&|~~|\|\|)")


def encode_filters(filters: Mapping[str, object] | None) -> str:
    """Check a filter and write it as JSON text, in the order of its keys. No request is sent.

    Args:
        filters: The filter; None means no filter, as `{}` does.

    Returns:
        The text that the server's `JSONString` arguments take.

    Raises:
        InvalidFilterError: The server could not read it. The message names the place, such as
            `filters["$and"][1]["config.lr"]["$lte"]`.

    Example:
        >>> encode_filters({"state": {"$in": ["finished", "crashed"]}, "summary.loss": {"$lt": 0.1}})
        '{"state":{"$in":["finished","crashed"]},"summary_metrics.loss":{"$lt":0.1}}'
        >>> encode_filters(None)
        '{}'
    """
    return _dumped(check_document(filters), sort_keys=False)


def canonical_filters(filters: Mapping[str, object] | None) -> str:
    """Check a filter and write it as JSON text that is equal for documents that differ in the order of keys only.

    It is what a cache keys on; it is not sent. No request is sent.

    Args:
        filters: The filter; None means no filter, as `{}` does.

    Returns:
        The text.

    Raises:
        InvalidFilterError: As with `encode_filters`.

    Example:
        >>> canonical_filters({"b": 1, "a": 2}) == canonical_filters({"a": 2, "b": 1})
        True
    """
    return _dumped(check_document(filters), sort_keys=True)


def check_operand(operator: str, operand: object, place: str) -> JSONValue:
    """Check what an operator is given, and write it as JSON has it.

    Args:
        operator: The operator, such as `$lt`.
        operand: What it is given.
        place: What the message of an error calls it.

    Raises:
        InvalidFilterError: The operator does not take it.
    """
    return _OPERATORS[operator](operand, place, 0)


def check_document(filters: object) -> JSONObject:
    """Check a filter, and write it as JSON has it. No request is sent.

    Raises:
        InvalidFilterError: The server could not read it. The message names the place.
    """
    if filters is None:
        return {}
    if not _is_mapping(filters):
        raise InvalidFilterError(
            f"filters is {type(filters).__name__} and no document.", hint='Write {"state": "finished"}, for example.'
        )
    if list(filters) == ["order"]:
        raise InvalidFilterError(
            'filters["order"] is the only key: "order" is no field of a run.',
            hint="Pass order= as an argument of its own.",
        )
    return _document(filters, "filters", 0)


# The checks of a document


def _document(given: object, place: str, depth: int) -> JSONObject:
    """Check a document: fields with their conditions, and `$and`, `$or`, `$nor`."""
    document: JSONObject = {}
    for name, value in _entries(given, place, depth):
        here = f"{place}[{json.dumps(name, ensure_ascii=False)}]"
        key = wire_name(name)
        if key in document:
            raise _fault(here, f"names {key!r} a second time")
        if name in _COMBINATIONS:
            document[key] = _documents(value, here, depth)
        elif name.startswith("$"):
            raise _misplaced(name, here)
        else:
            document[key] = _condition(value, here, depth)
    return document


def _documents(given: object, place: str, depth: int) -> JSONValue:
    if not _is_list(given) or not given:
        raise _fault(place, f"wants a list of one or more documents, not {_described(given)}")
    return [_document(each, f"{place}[{index}]", depth + 1) for index, each in enumerate(given)]


def _condition(given: object, place: str, depth: int) -> JSONValue:
    """Check what a field is compared with: a document of operators, or a value that it equals."""
    if not _is_mapping(given):
        return _value(given, place, depth)
    entries = _entries(given, place, depth)
    names = [name for name, _ in entries if name.startswith("$")]
    if not names:
        bare = next((name for name, _ in entries if f"${name}" in _OPERATORS), None)
        if bare is not None:
            raise _fault(f'{place}["{bare}"]', "is no operator without '$'", f"Did you mean '${bare}'?")
        return _value(given, place, depth)
    if len(names) < len(entries):
        field = next(name for name, _ in entries if not name.startswith("$"))
        raise _fault(
            place, f"mixes operators ({names[0]!r}) and fields ({field!r})", "A field below another is written 'a.b'."
        )
    return _operators(given, place, depth)


def _operators(given: object, place: str, depth: int) -> JSONValue:
    checked: JSONObject = {}
    for name, operand in _entries(given, place, depth):
        here = f'{place}["{name}"]'
        check = _OPERATORS.get(name)
        if check is None:
            raise _misplaced(name, here)
        checked[name] = check(operand, here, depth + 1)
    if "$options" in checked and "$regex" not in checked:
        raise _fault(f'{place}["$options"]', "stands without '$regex'")
    return checked


def _value(given: object, place: str, depth: int) -> JSONValue:
    """Write a value as JSON has it."""
    if isinstance(given, Enum):
        return _value(given.value, place, depth)
    if given is None or isinstance(given, bool):
        return given
    if isinstance(given, str):
        return str(given)
    if isinstance(given, int):
        return int(given)
    if isinstance(given, float):
        if not math.isfinite(given):
            raise _fault(place, f"is {float(given)!r}, which JSON does not have")
        return float(given)
    if isinstance(given, datetime):
        return _time(given, place)
    if _is_list(given):
        _check_depth(place, depth)
        return [_value(each, f"{place}[{index}]", depth + 1) for index, each in enumerate(given)]
    if _is_mapping(given):
        return _plain(given, place, depth)
    if isinstance(given, _Scalar) and given.ndim == 0 and type(given).__name__ not in _NUMPY_TIMES:
        return _value(given.item(), place, depth)
    raise _fault(place, f"is {_described(given)}, which JSON does not have", _HINTS.get(type(given).__name__))


def _plain(given: object, place: str, depth: int) -> JSONValue:
    entries = _entries(given, place, depth)
    operator = next((name for name, _ in entries if name.startswith("$")), None)
    if operator is not None:
        raise _fault(place, f"holds the operator {operator!r} where a value stands")
    return {
        name: _value(value, f"{place}[{json.dumps(name, ensure_ascii=False)}]", depth + 1) for name, value in entries
    }


def _time(given: datetime, place: str) -> str:
    if given.utcoffset() is None:
        raise _fault(
            place, "is a time without a zone", "Write datetime(…, tzinfo=UTC), or .astimezone() for your own zone."
        )
    return given.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


# The operands of operators


def _comparable(given: object, place: str, depth: int) -> JSONValue:
    value = _value(given, place, depth)
    if value is None or isinstance(value, (list, dict)):
        raise _fault(place, f"wants a number, text or time, not {_described(given)}")
    return value


def _values(given: object, place: str, depth: int) -> JSONValue:
    if not _is_list(given):
        hint = f"Write [{given!r}]." if isinstance(given, str) else _HINTS.get(type(given).__name__)
        raise _fault(place, f"wants a list of values, not {_described(given)}", hint)
    return _value(given, place, depth)


def _truth(given: object, place: str, depth: int) -> JSONValue:
    value = _value(given, place, depth)
    if not isinstance(value, bool):
        raise _fault(place, f"wants True or False, not {_described(given)}")
    return value


def _pattern(given: object, place: str, depth: int) -> JSONValue:
    value = _value(given, place, depth)
    if not isinstance(value, str):
        raise _fault(place, f"wants text, not {_described(given)}")
    pattern = _RE2_ALONE.sub(_as_python, value)
    try:
        if not _SET_IN_SET.search(pattern):
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        hint = "re.escape(…) makes a pattern of plain text."
        raise _fault(place, f"is {value!r}, which is no regular expression: {error}", hint) from None
    return value


def _flags(given: object, place: str, depth: int) -> JSONValue:
    value = _value(given, place, depth)
    if not isinstance(value, str) or not set(value) <= set("imsx"):
        raise _fault(place, f"wants letters of 'imsx', not {value!r}")
    return value


def _as_python(match: re.Match[str]) -> str:
    if match["backslash"]:
        return match["backslash"]
    if match["flags"]:
        return "(?:" if match["flags"] == ":" else ""
    return "(?:" if match["name"] else "."


def _negated(given: object, place: str, depth: int) -> JSONValue:
    if not _is_mapping(given) or not given or not all(isinstance(name, str) and name.startswith("$") for name in given):
        raise _fault(place, f"wants a document of operators, not {_described(given)}", "For a value, write '$ne'.")
    return _operators(given, place, depth)


_COMBINATIONS: Final = {"$and", "$or", "$nor"}

_OPERATORS: Final[Mapping[str, Callable[[object, str, int], JSONValue]]] = {
    "$eq": _value,
    "$ne": _value,
    "$gt": _comparable,
    "$gte": _comparable,
    "$lt": _comparable,
    "$lte": _comparable,
    "$in": _values,
    "$nin": _values,
    "$all": _values,
    "$exists": _truth,
    "$regex": _pattern,
    "$options": _flags,
    "$not": _negated,
}

_NUMPY_TIMES: Final = {"datetime64", "timedelta64"}

# By the name of the type: NumPy is not imported to ask.
_HINTS: Final = {
    "set": "Write sorted(…): a list has an order.",
    "frozenset": "Write sorted(…): a list has an order.",
    "date": "Write a datetime with a zone.",
    "datetime64": "Write a datetime with a zone.",
    "timedelta": "Write .total_seconds().",
    "timedelta64": "Write the number of seconds.",
    "ndarray": "Write .tolist().",
    "Pattern": 'Write {"$regex": pattern.pattern}.',
    "bytes": "Write .decode().",
    "Decimal": "Write float(…).",
}


# What they share


def _entries(given: object, place: str, depth: int) -> list[tuple[str, object]]:
    """Return the entries of a document, its keys checked."""
    _check_depth(place, depth)
    if not _is_mapping(given):
        raise _fault(place, f"wants a document, not {_described(given)}")
    entries: list[tuple[str, object]] = []
    for name, value in given.items():
        if not isinstance(name, str):
            raise _fault(place, f"has the key {name!r}, which is no text")
        if not name.strip():
            raise _fault(place, "has an empty key")
        entries.append((str(name), value))
    return entries


def _check_depth(place: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise _fault(f"{place[:60]}…", f"is nested deeper than {_DEEPEST} levels, as a document that holds itself is")


def _misplaced(name: str, place: str) -> InvalidFilterError:
    if name in _COMBINATIONS:
        return _fault(place, "combines documents and no values", f'Write {{"{name}": [{{field: …}}, {{field: …}}]}}.')
    if name == "$not":
        return _fault(place, "stands at a field", 'Write {"$nor": [{…}]} to negate a whole document.')
    if name in _OPERATORS:
        return _fault(place, "needs a field", f'Write {{field: {{"{name}": …}}}}.')
    known = sorted({*_COMBINATIONS, *_OPERATORS})
    close = get_close_matches(name.lower(), known, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else f"The operators are {' '.join(known)}."
    return _fault(place, "is no operator that the server has", hint)


def _fault(place: str, reason: str, hint: str | None = None) -> InvalidFilterError:
    return InvalidFilterError(f"{place} {reason}.", hint=hint)


def _described(given: object) -> str:
    if given is None or isinstance(given, (bool, int, float)):
        return repr(given)
    is_empty = (_is_text(given) or _is_list(given) or _is_mapping(given)) and not given
    return f"{'an empty' if is_empty else 'of type'} {type(given).__name__}"


def _dumped(document: JSONObject, *, sort_keys: bool) -> str:
    return json.dumps(document, allow_nan=False, separators=(",", ":"), sort_keys=sort_keys)


@runtime_checkable
class _Scalar(Protocol):
    """What NumPy's scalars have in common."""

    ndim: int

    def item(self) -> object: ...


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


# `isinstance` alone leaves the types of the contents unknown.
def _is_mapping(value: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(value, Mapping)


def _is_list(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(value, (list, tuple))
