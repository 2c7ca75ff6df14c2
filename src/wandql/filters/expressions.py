"""Filters as expressions: immutable values that compile to what travels, and can be asked of a run that is here."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NoReturn

from wandql.filters.documents import check_operand
from wandql.filters.evaluation import RunLike, holds, look_up
from wandql.filters.names import quoted

if TYPE_CHECKING:
    from wandql.filters.names import Name
    from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["EVERYTHING", "All", "AnyOf", "Condition", "Filter", "Not", "all_of", "any_of", "condition"]


class Filter(ABC):
    """What must hold of a run: `F.state == "finished"`, and such joined by `&` (and), `|` (or) and `~` (not).

    A filter is immutable and hashable, and equal filters are equal. It has no truth: `if F.state == "finished":` raises
    a `TypeError`. Its repr is Python that makes it again.

    Example:
        >>> from wandql import F
        >>> best = (F.state == "finished") & (F.summary["loss"] < 0.4)
        >>> [run.name for run in api.runs("alice/mnist", best)]
        ['baseline']
        >>> best
        (F.state == "finished") & (F.summary["loss"] < 0.4)
    """

    __slots__ = ()

    @property
    @abstractmethod
    def wire(self) -> JSONObject:
        """The filter in the server's dialect, that of MongoDB: a new document, which `F.parse` reads."""

    @abstractmethod
    def matches(self, run: RunLike | Mapping[str, object]) -> bool:
        """Return whether a run that is here is one that the filter selects. Sends no request.

        A run counts as it is here: with edits that were not saved, and with the state that it was fetched with.

        Args:
            run: The run, or a mapping of the attributes of `F`, such as `{"state": "finished", "config": {"lr": 0.1}}`.

        Raises:
            InvalidFilterError: Only the server knows a field, or reads a pattern.
            NotLoadedError: The run was fetched without a value that is asked for.

        Example:
            >>> from wandql import F
            >>> (F.config["lr"] < 1).matches(api.run("alice/mnist/run-1"))
            True
            >>> (F.tags.has("best")).matches({"tags": ["best", "cnn"]})
            True
        """

    @property
    @abstractmethod
    def names(self) -> Iterator[Name]:
        """The names that it asks for."""

    def __and__(self, other: Filter) -> Filter:
        return all_of([self, other]) if _is_filter(other) else NotImplemented

    def __or__(self, other: Filter) -> Filter:
        return any_of([self, other]) if _is_filter(other) else NotImplemented

    @abstractmethod
    def __invert__(self) -> Filter: ...

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"{self!r} is a filter, which is neither true nor false. Join filters with &, | and ~ and not with "
            "'and', 'or' and 'not', and write (F.x > 1) & (F.x < 2) for 1 < F.x < 2. For a run that is here, "
            "ask filter.matches(run)."
        )


@dataclass(frozen=True, slots=True, repr=False)
class Condition(Filter):
    """What must hold of one field.

    Attributes:
        name: The field.
        operator: The operator of the dialect, such as `$lt`.
        operand: What it is given, as JSON text: immutable, and 1 is not true there.
    """

    name: Name
    operator: str
    operand: str

    @property
    def value(self) -> JSONValue:
        """What the operator is given."""
        value: JSONValue = json.loads(self.operand)
        return value

    @property
    def wire(self) -> JSONObject:
        """The filter in the server's dialect."""
        value = self.value
        is_plain = self.operator == "$eq" and not isinstance(value, (list, dict))
        return {self.name.wire: value if is_plain else {self.operator: value}}

    def matches(self, run: RunLike | Mapping[str, object]) -> bool:
        """Return whether a run that is here is one that the filter selects. Sends no request."""
        return holds(self.name, look_up(run, self.name), self.operator, _read(self.operand))

    @property
    def names(self) -> Iterator[Name]:
        """The name that it asks for."""
        yield self.name

    def __invert__(self) -> Filter:
        if self.operator == "$exists":
            return condition(self.name, "$exists", not self.value)
        opposite = _OPPOSITES.get(self.operator)
        return Not(self) if opposite is None else Condition(self.name, opposite, self.operand)

    def __repr__(self) -> str:
        field, value = self.name.source, self.value
        if field == "F.tags" and self.operator in _HAS and not _is_misfit(field, self.operator, value):
            return f"{_HAS[self.operator]}({_source(value)})"
        if field in {"F.created_at", "F.updated_at", "F.heartbeat_at"}:
            values = value if isinstance(value, list) and self.operator in {"$in", "$nin"} else [value]
            if self.operator not in {"$exists", "$regex"} and not all(map(_is_time, values)):
                field = f"F.field({quoted(self.name.wire)})"
            else:
                return _called(field, self.operator, value, _time_source)
        elif _is_misfit(field, self.operator, value):
            field = f"F.field({quoted(self.name.wire)})"
        return _called(field, self.operator, value, _source)


@dataclass(frozen=True, slots=True, repr=False)
class All(Filter):
    """All of these must hold. Without any, all runs are selected."""

    parts: tuple[Filter, ...]

    @property
    def wire(self) -> JSONObject:
        """The filter in the server's dialect."""
        return {"$and": [part.wire for part in self.parts]} if self.parts else {}

    def matches(self, run: RunLike | Mapping[str, object]) -> bool:
        """Return whether a run that is here is one that the filter selects. Sends no request."""
        return all(part.matches(run) for part in self.parts)

    @property
    def names(self) -> Iterator[Name]:
        """The names that they ask for."""
        for part in self.parts:
            yield from part.names

    def __invert__(self) -> Filter:
        return Not(self)

    def __repr__(self) -> str:
        return " & ".join(_bracketed(part) for part in self.parts) or "F.parse({})"


@dataclass(frozen=True, slots=True, repr=False)
class AnyOf(Filter):
    """One of these must hold."""

    parts: tuple[Filter, ...]

    @property
    def wire(self) -> JSONObject:
        """The filter in the server's dialect."""
        return {"$or": [part.wire for part in self.parts]}

    def matches(self, run: RunLike | Mapping[str, object]) -> bool:
        """Return whether a run that is here is one that the filter selects. Sends no request."""
        return any(part.matches(run) for part in self.parts)

    @property
    def names(self) -> Iterator[Name]:
        """The names that they ask for."""
        for part in self.parts:
            yield from part.names

    def __invert__(self) -> Filter:
        return Not(self)

    def __repr__(self) -> str:
        return " | ".join(_bracketed(part) for part in self.parts)


@dataclass(frozen=True, slots=True, repr=False)
class Not(Filter):
    """This must not hold: runs without the field are selected then."""

    part: Filter

    @property
    def wire(self) -> JSONObject:
        """The filter in the server's dialect."""
        inner = self.part.parts if isinstance(self.part, AnyOf) else (self.part,)
        return {"$nor": [part.wire for part in inner]}

    def matches(self, run: RunLike | Mapping[str, object]) -> bool:
        """Return whether a run that is here is one that the filter selects. Sends no request."""
        return not self.part.matches(run)

    @property
    def names(self) -> Iterator[Name]:
        """The names that it asks for."""
        yield from self.part.names

    def __invert__(self) -> Filter:
        return self.part

    def __repr__(self) -> str:
        return f"~{_bracketed(self.part)}"


EVERYTHING: Final = All(())
"""The filter that selects all runs."""

_OPPOSITES: Final[Mapping[str, str]] = {"$eq": "$ne", "$ne": "$eq", "$in": "$nin", "$nin": "$in"}


def condition(name: Name, operator: str, operand: object) -> Condition:
    """Return the filter that asks one thing of a field.

    Raises:
        InvalidFilterError: The operator does not take the operand.
    """
    checked = check_operand(operator, operand, name.source)
    return Condition(name, operator, json.dumps(checked, allow_nan=False, sort_keys=True))


def all_of(filters: Iterable[Filter]) -> Filter:
    """Return the filter that selects what all of them do; all runs without any."""
    parts = tuple(part for each in filters for part in (each.parts if isinstance(each, All) else (each,)))
    return parts[0] if len(parts) == 1 else All(parts)


def any_of(filters: Iterable[Filter]) -> Filter:
    """Return the filter that selects what one of them does; at least one has to be given."""
    parts = tuple(part for each in filters for part in (each.parts if isinstance(each, AnyOf) else (each,)))
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _is_filter(value: object) -> bool:
    return isinstance(value, Filter)


@lru_cache(maxsize=1024)
def _read(operand: str) -> JSONValue:
    value: JSONValue = json.loads(operand)
    return value


# Filters as Python


_SIGNS: Final[Mapping[str, str]] = {"$eq": "==", "$ne": "!=", "$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}
_HAS: Final[Mapping[str, str]] = {
    "$eq": "F.tags.has",
    "$ne": "~F.tags.has",
    "$in": "F.tags.has_any",
    "$nin": "~F.tags.has_any",
}
_TEXTS: Final = {
    *("F.id", "F.name", "F.state", "F.user", "F.entity", "F.group", "F.job_type", "F.sweep", "F.notes"),
    *("F.description", "F.commit", "F.host"),
}


def _called(field: str, operator: str, value: JSONValue, source: Callable[[JSONValue], str]) -> str:
    if operator in _SIGNS:
        return f"{field} {_SIGNS[operator]} {source(value)}"
    match operator, value:
        case "$exists", bool():
            return f"{'' if value else '~'}{field}.exists()"
        case "$regex", _:
            return f"{field}.matches({source(value)})"
        case "$in" | "$nin", list():
            return f"{field}.{'in_' if operator == '$in' else 'not_in'}([{', '.join(map(source, value))}])"
        case _:
            return f"{field} {operator} {source(value)}"


def _is_misfit(field: str, operator: str, value: JSONValue) -> bool:
    """Tell whether a field of `F` refuses what a document may ask of it."""
    values = value if isinstance(value, list) and operator in {"$in", "$nin"} else [value]
    if operator == "$exists":
        return False
    if field in _TEXTS:
        return not all(
            isinstance(each, str) or (each is None and operator in {"$eq", "$ne", "$in", "$nin"}) for each in values
        )
    if field == "F.tags":
        return not ((operator in _HAS or operator == "$regex") and all(isinstance(each, str) for each in values))
    if field == "F.duration":
        return operator == "$regex" or any(isinstance(each, (bool, str, list, dict)) for each in values)
    return False


def _source(value: JSONValue) -> str:
    match value:
        case str():
            return quoted(value)
        case list():
            return f"[{', '.join(map(_source, value))}]"
        case dict():
            return f"{{{', '.join(f'{quoted(key)}: {_source(each)}' for key, each in value.items())}}}"
        case _:
            return repr(value)


def _is_time(value: JSONValue) -> bool:
    return value is None or (isinstance(value, str) and _time(value) is not None)


def _time(value: str) -> datetime | None:
    """Return a time that is written as filters write it."""
    try:
        time = datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return time if time.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z" == value else None


def _time_source(value: JSONValue) -> str:
    time = _time(value) if isinstance(value, str) else None
    if time is None:
        return repr(value)
    parts = [time.year, time.month, time.day, time.hour, time.minute, time.second, time.microsecond]
    while len(parts) > 3 and parts[-1] == 0:
        parts.pop()
    return f"datetime({', '.join(map(str, parts))}, tzinfo=UTC)"


def _bracketed(part: Filter) -> str:
    """Return a filter as an operand of `&`, `|` or `~`, which bind more closely than comparisons do."""
    source = repr(part)
    is_call = isinstance(part, Condition) and part.operator not in _SIGNS and not source.startswith("~")
    is_call = is_call or (isinstance(part, Condition) and source.startswith("F.tags.has("))
    return source if is_call or isinstance(part, Not) else f"({source})"
