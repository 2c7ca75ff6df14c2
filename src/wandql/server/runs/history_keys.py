"""What a run's history holds, kept up to date row by row: the document that `Run.historyKeys` answers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["HistoryKeys", "count_row", "keys_of", "new_history_keys", "value_at"]


class TypeCount(TypedDict):
    """How many values of a key have a type."""

    type: str
    count: int


class KeyInfo(TypedDict):
    """What is known of a key. `monotonic`: all its values are numbers that never fall."""

    typeCounts: list[TypeCount]
    monotonic: bool
    previousValue: float | None


class HistoryKeys(TypedDict):
    """What is known of a history."""

    keys: dict[str, KeyInfo]
    lastStep: int
    sets: list[JSONValue]


def new_history_keys() -> HistoryKeys:
    """Return what is known of a history without rows."""
    return {"keys": {}, "lastStep": -1, "sets": []}


def count_row(known: HistoryKeys, row: JSONObject, step: int) -> None:
    """Add a row to what is known."""
    known["lastStep"] = max(known["lastStep"], step)
    for key, value in _leaves(row):
        kind = _type_of(value)
        info = known["keys"].get(key)
        if info is None:
            info = known["keys"][key] = {"typeCounts": [], "monotonic": True, "previousValue": None}
        for entry in info["typeCounts"]:
            if entry["type"] == kind:
                entry["count"] += 1
                break
        else:
            info["typeCounts"].append({"type": kind, "count": 1})
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            previous = info["previousValue"]
            info["monotonic"] = info["monotonic"] and (previous is None or value >= previous)
            info["previousValue"] = value
        else:
            info["monotonic"] = False


def keys_of(row: JSONObject) -> list[str]:
    """Return the keys under which a row has values, sorted: its own, and the dotted paths into nested objects."""
    return sorted({key for key, _ in _leaves(row)} | row.keys())


def value_at(row: JSONObject, key: str) -> JSONValue:
    """Return a row's value under one of `keys_of(row)`."""
    return row[key] if key in row else dict(_leaves(row))[key]


def _leaves(row: JSONObject, prefix: str = "") -> Iterator[tuple[str, JSONValue]]:
    for key, value in row.items():
        # An object with a `_type` is one value: a table, an image, a histogram.
        if isinstance(value, dict) and value and "_type" not in value:
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _type_of(value: JSONValue) -> str:
    match value:
        case None:
            return "nil"
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "list"
        case dict():
            kind = value.get("_type")
            return kind if isinstance(kind, str) else "map"
