"""Three-way merges of JSON values: what two writers changed, each in a copy of the same value. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, Protocol, TypeAlias, runtime_checkable

from pydantic_core import from_json, to_json

from wandql.errors import UsageError
from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["Clash", "as_json", "merge_objects", "merge_sets", "overwrite", "same"]


class _Gone(Enum):
    GONE = "nothing"


GONE: Final = _Gone.GONE
LONGEST_QUOTE: Final = 60

Side: TypeAlias = JSONValue | Literal[_Gone.GONE]


@dataclass(frozen=True, slots=True)
class Clash:
    """What both writers changed, each to something else.

    Attributes:
        place: What it is, such as `config.lr`.
        theirs: What the other writer made of it.
        ours: What we made of it.
    """

    place: str
    theirs: Side
    ours: Side

    def __str__(self) -> str:
        return f"{self.place} is {_shown(self.theirs)} there and {_shown(self.ours)} here"


@runtime_checkable
class HasToList(Protocol):
    """A number or an array of NumPy, PyTorch and others."""

    def tolist(self) -> object:
        """Return it as a number or as lists of numbers."""
        ...


def as_json(values: Mapping[str, object], *, what: str) -> JSONObject:
    """Return an object as it will be read back: tuples as lists, times as text, NumPy's numbers and arrays as Python's.

    Raises:
        UsageError: A value cannot be written as JSON. The message has its place, which begins with `what`.
    """
    return {str(key): _as_json(value, f"{what}.{key}") for key, value in values.items()}


def same(one: Side, other: Side) -> bool:
    """Whether two values are written as the same JSON: 1, 1.0 and true differ, NaN is NaN."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and (one == other or (one != one and other != other))


def merge_objects(
    base: JSONObject, ours: JSONObject, theirs: JSONObject, *, what: str
) -> tuple[JSONObject, list[Clash]]:
    """Return `theirs` with all that `ours` changed since `base`, key by key at every depth, and where both did.

    >>> merge_objects({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 1, "c": 1}, what="config")
    ({'a': 2, 'b': 1, 'c': 1}, [])
    >>> merge_objects({"a": 1, "b": 1}, {"b": 2}, {"a": 1, "b": 3}, what="config")[1]
    [Clash(place='config.b', theirs=3, ours=2)]
    """
    clashes: list[Clash] = []
    return _merge_keys(base, ours, theirs, what, clashes), clashes


def merge_sets(base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
    """Return `theirs` without what `ours` left out of `base`, and with what it added.

    >>> merge_sets(["a", "b"], ["b", "mine"], ["a", "b", "theirs"])
    ['b', 'theirs', 'mine']
    """
    removed = set(base).difference(ours)
    added = [each for each in ours if each not in base]
    return list(dict.fromkeys([*(each for each in theirs if each not in removed), *added]))


def overwrite(target: JSONObject, source: JSONObject) -> None:
    """Make `target` equal to `source`, and keep it and the objects in it the same for whoever holds them."""
    for key in target.keys() - source.keys():
        del target[key]
    for key, value in source.items():
        present = target.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            overwrite(present, value)
        elif key not in target or not same(present, value):
            target[key] = value


def _merge_keys(base: JSONObject, ours: JSONObject, theirs: JSONObject, place: str, clashes: list[Clash]) -> JSONObject:
    merged = {
        key: _merge(base.get(key, GONE), ours.get(key, GONE), theirs.get(key, GONE), f"{place}.{key}", clashes)
        for key in {**theirs, **ours}
    }
    return {key: value for key, value in merged.items() if value is not GONE}


def _merge(base: Side, ours: Side, theirs: Side, place: str, clashes: list[Clash]) -> Side:
    if same(ours, base) or same(ours, theirs):
        return theirs
    if same(theirs, base):
        return ours
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return _merge_keys(base if isinstance(base, dict) else {}, ours, theirs, place, clashes)
    clashes.append(Clash(place, theirs, ours))
    return theirs


def _as_json(value: object, place: str) -> JSONValue:
    try:
        read: JSONValue = from_json(to_json(value, fallback=_without_numpy))
    except ValueError as error:
        reason = str(error).removeprefix("Error serializing to JSON: ")
        raise UsageError(
            f"{place} cannot be written as JSON: {reason}.",
            hint="None, numbers, text, lists and mappings can, and numbers and arrays of NumPy.",
        ) from error
    return read


def _without_numpy(value: object) -> object:
    if isinstance(value, HasToList):
        return value.tolist()
    raise ValueError(f"it is a {type(value).__name__}")


def _shown(value: Side) -> str:
    text = "gone" if value is GONE else repr(value)
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
