"""What a filter says of a run that is here, by the rules that servers go by: those of MongoDB.

Values of two types are never equal and never in order; true is not 1. A list answers by any of its elements, and as a
whole. What is missing equals None, and is in order with nothing. Numbers that JSON lacks are what servers index for
them: the text `NaN`, and the largest floats.
"""

from __future__ import annotations

import math
import operator
import re
import sys
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias, TypeGuard

from wandql.errors import InvalidFilterError
from wandql.filters.names import ATTRIBUTES

if TYPE_CHECKING:
    from wandql.filters.names import Name
    from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["RunLike", "check_local", "holds", "look_up"]


class Author(Protocol):
    """Who made a run."""

    @property
    def username(self) -> str | None:
        """The user's name."""
        ...


class RunLike(Protocol):
    """What a filter reads of a run: `Run` and `AsyncRun` are such."""

    # What a run caches is declared as cached: for pyright a cached property is no property.

    @property
    def id(self) -> str:
        """The id."""
        ...

    @property
    def name(self) -> str | None:
        """The name that people read."""
        ...

    @property
    def state(self) -> str | None:
        """The state."""
        ...

    @cached_property
    def tags(self) -> list[str]:
        """The tags."""
        ...

    @property
    def user(self) -> Author | None:
        """Who made it."""
        ...

    @property
    def entity(self) -> str:
        """The project's owner."""
        ...

    @property
    def group(self) -> str | None:
        """The group."""
        ...

    @property
    def job_type(self) -> str | None:
        """The role in the group."""
        ...

    @property
    def sweep_name(self) -> str | None:
        """The id of its sweep."""
        ...

    @property
    def notes(self) -> str | None:
        """The notes."""
        ...

    @property
    def description(self) -> str | None:
        """The older free text."""
        ...

    @property
    def commit(self) -> str | None:
        """The git commit."""
        ...

    @property
    def created_at(self) -> datetime:
        """When it was created."""
        ...

    @property
    def heartbeat_at(self) -> datetime | None:
        """When it last reported."""
        ...

    @cached_property
    def config(self) -> JSONObject:
        """The config."""
        ...

    @cached_property
    def summary_metrics(self) -> JSONObject:
        """The summary."""
        ...


class _Missing(Enum):
    MISSING = "missing"


MISSING: Final = _Missing.MISSING
_TIMES: Final = {"created_at", "updated_at", "heartbeat_at"}

_Test: TypeAlias = Callable[[object], bool]


def check_local(name: Name) -> None:
    """Check that a run that is here tells a field.

    Raises:
        InvalidFilterError: Only the server knows it.
    """
    if not name.document and ATTRIBUTES.get(name.wire) not in _OF_RUN:
        raise InvalidFilterError(
            f"{name.source} is not fetched with a run, so only the server can filter by it.",
            hint="Keep it apart from what is filtered here: join it with '&' to the rest.",
        )


def look_up(record: RunLike | Mapping[str, object], name: Name) -> object:
    """Return the value of a name in a run, or `MISSING`.

    Args:
        record: The run, or a mapping of the attributes of `F`: `{"state": "finished", "config": {"lr": 0.1}}`.
        name: What to look for.

    Raises:
        InvalidFilterError: A run does not tell it.
    """
    if name.document:
        document = _document(record, name.document)
        found = (_walk(document, keys) for keys in name.readings())
        return next((value for value in found if value is not MISSING), MISSING)
    attribute = ATTRIBUTES.get(name.wire, name.wire)
    if isinstance(record, Mapping):
        value = record.get(attribute)
    else:
        check_local(name)
        value = _OF_RUN[attribute](record)
    return MISSING if value is None else value


def _document(record: RunLike | Mapping[str, object], name: Literal["config", "summary"]) -> object:
    if isinstance(record, Mapping):
        return record.get(name)
    return record.config if name == "config" else record.summary_metrics


def _walk(document: object, keys: tuple[str, ...]) -> object:
    value = document
    for key in keys:
        if _is_mapping(value):
            value = value.get(key, MISSING)
        elif _is_list(value) and key.isdecimal() and key == str(int(key)) and int(key) < len(value):
            value = value[int(key)]
        else:
            return MISSING
    return value


def _duration(run: RunLike) -> float | None:
    return None if run.heartbeat_at is None else (run.heartbeat_at - run.created_at).total_seconds()


_OF_RUN: Final[Mapping[str | None, Callable[[RunLike], object]]] = {
    "id": lambda run: run.id,
    "name": lambda run: run.name,
    "state": lambda run: run.state,
    "tags": lambda run: run.tags,
    "user": lambda run: run.user and run.user.username,
    "entity": lambda run: run.entity,
    "group": lambda run: run.group,
    "job_type": lambda run: run.job_type,
    "sweep": lambda run: run.sweep_name,
    "notes": lambda run: run.notes,
    "description": lambda run: run.description,
    "commit": lambda run: run.commit,
    "created_at": lambda run: run.created_at,
    "heartbeat_at": lambda run: run.heartbeat_at,
    "duration": _duration,
}


def holds(name: Name, value: object, asked: str, operand: JSONValue) -> bool:
    """Tell whether a value is what an operator asks for.

    Args:
        name: Whose value it is.
        value: The value, or `MISSING`.
        asked: The operator, such as `$lt`.
        operand: What the operator is given.

    Raises:
        InvalidFilterError: The pattern is of a dialect that only the server reads, or a time is none.
    """
    if not name.document and name.wire in _TIMES:
        value = MISSING if value is MISSING else _seconds(value, name)
        operand = [_moment(each, name) for each in operand] if isinstance(operand, list) else _moment(operand, name)
    match asked:
        case "$eq":
            return _equal(value, operand)
        case "$ne":
            return not _equal(value, operand)
        case "$in":
            return _is_list(operand) and any(_equal(value, each) for each in operand)
        case "$nin":
            return _is_list(operand) and not any(_equal(value, each) for each in operand)
        case "$exists":
            return (value is not MISSING) is operand
        case "$regex":
            pattern = _pattern(str(operand))
            return _anywhere(value, lambda one: _kind(one) == "text" and pattern.search(str(_plain(one))) is not None)
        case _:
            compare = _COMPARISONS[asked]
            return _anywhere(value, lambda one: _in_order(compare, one, operand))


_COMPARISONS: Final[Mapping[str, Callable[[float | str, float | str], bool]]] = {
    "$gt": operator.gt,
    "$gte": operator.ge,
    "$lt": operator.lt,
    "$lte": operator.le,
}


def _equal(value: object, operand: object) -> bool:
    if operand is None and value is MISSING:
        return True
    return _anywhere(value, lambda one: _same(one, operand))


def _anywhere(value: object, test: _Test) -> bool:
    """Tell whether a value or, if it is a list, any element of it passes a test."""
    return value is not MISSING and (test(value) or (_is_list(value) and any(map(test, value))))


def _in_order(compare: Callable[[float | str, float | str], bool], one: object, other: object) -> bool:
    kind, one, other = _kind(one), _plain(one), _plain(other)
    if kind != _kind(other) or kind not in {"number", "text", "boolean"}:
        return False
    return isinstance(one, (int, float, str)) and isinstance(other, (int, float, str)) and compare(one, other)


def _same(one: object, other: object) -> bool:
    if _kind(one) != _kind(other):
        return False
    if _is_list(one) and _is_list(other):
        return len(one) == len(other) and all(map(_same, one, other))
    if _is_mapping(one) and _is_mapping(other):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return _plain(one) == _plain(other)


def _kind(value: object) -> Literal["null", "boolean", "number", "text", "array", "object", "other"]:
    match _plain(value):
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list() | tuple():
            return "array"
        case Mapping():
            return "object"
        case _:
            return "other"


def _plain(value: object) -> object:
    """Return a scalar as servers index it: their JSON has neither NaN nor an infinity, and integers of 64 bits."""
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, float) and math.isinf(value):
        return math.copysign(sys.float_info.max, value)
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return float(value) if abs(value) <= sys.float_info.max else math.copysign(math.inf, value)
    return value


def _seconds(value: object, name: Name) -> object:
    """Return a time of a run as a number to compare."""
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise InvalidFilterError(f"{name.source} is a time without a zone in what is filtered.")
        return _microseconds(value)
    return _moment(value, name)


def _moment(operand: object, name: Name) -> JSONValue:
    """Return a time of a filter as a number to compare. Lists and the like are no times and equal none."""
    match operand:
        case bool():
            return operand
        case int() | float():
            return round(operand * 1_000_000)
        case str():
            try:
                time = datetime.fromisoformat(operand)
            except ValueError:
                raise InvalidFilterError(f"{name.source} is compared with {operand!r}, which is no time.") from None
            return _microseconds(time if time.tzinfo else time.replace(tzinfo=UTC))
        case _:
            return None if operand is None else []


def _microseconds(time: datetime) -> int:
    since = time - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            raise InvalidFilterError(
                f"{pattern!r} is no regular expression of Python, so only the server can filter by it: {error}"
            ) from None


# `isinstance` alone leaves the types of the contents unknown.
def _is_mapping(value: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(value, Mapping)


def _is_list(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(value, (list, tuple))
