"""Rows of a history as the server sends them, and what may be asked for. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final, Literal, TypeAlias

from pydantic_core import to_json

from wandql.errors import DecodeError, UnknownKeyError, UsageError
from wandql.frames.histories import value_at
from wandql.frames.shapes import Kind
from wandql.graphql.documents import decode, with_floats
from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = [
    "How",
    "Stream",
    "check_how",
    "check_keys",
    "check_known",
    "check_positive",
    "check_stream",
    "expected_rows",
    "having_any",
    "kinds_of",
    "known_axes",
    "last_step",
    "parse_rows",
    "read_sampled",
    "spec_of",
    "steps_of",
]

Stream: TypeAlias = Literal["default", "system"]
How: TypeAlias = Literal["inner", "outer"]

STREAMS: Final = ("default", "system")
HOWS: Final = ("inner", "outer")
KINDS: Final = {"number": Kind.FLOAT, "string": Kind.TEXT, "bool": Kind.BOOL}
NUMBERS: Final[frozenset[type]] = frozenset({int, float})


def check_keys(keys: Sequence[str] | None) -> list[str]:
    """Return the keys as a list; no keys at all mean all keys.

    Raises:
        UsageError: It is one text, or holds something else than text.
    """
    if isinstance(keys, str):
        raise UsageError(f"keys is a list of keys, not the text {keys!r}.", hint=f"Write keys=[{keys!r}].")
    listed: list[object] = list(keys or [])
    texts = [key for key in listed if isinstance(key, str)]
    if len(texts) < len(listed):
        raise UsageError(f"keys is a list of text, not {listed!r}.")
    return texts


def check_stream(stream: str, keys: Sequence[str]) -> None:
    """Check that there is such a stream, and that keys are asked for of the one that has them.

    Raises:
        UsageError: It is not so.
    """
    if stream not in STREAMS:
        raise UsageError(f"There is no stream {stream!r}.", hint="'default' is the history, 'system' system metrics.")
    if keys and stream == "system":
        raise UsageError("System metrics are sampled whole: no keys can be chosen.", hint="Leave keys out.")


def check_how(how: str) -> None:
    """Check that there is such a way to join keys.

    Raises:
        UsageError: There is none.
    """
    if how not in HOWS:
        raise UsageError(f"how is 'inner' or 'outer', not {how!r}.")


def check_known(keys: Sequence[str], history_keys: JSONValue, *, of: str, operation: str) -> None:
    """Check that some row of a history has each key. A history without rows has none, and is no reason to complain.

    Raises:
        UnknownKeyError: No row has a key. The message names those that are near to it.
    """
    known = _keys(history_keys)
    unknown = [key for key in keys if not key.startswith("_") and not _is_known(key, known)]
    if not known or not unknown:
        return
    near = {key: tuple(get_close_matches(key, known, n=3, cutoff=0.6)) for key in unknown}
    hints = [f"For {key!r}, did you mean {' or '.join(map(repr, found))}?" for key, found in near.items() if found]
    some = ", ".join(map(repr, [key for key in known if not key.startswith("_")][:10]))
    raise UnknownKeyError(
        f"No row of the history of {of} has {' or '.join(map(repr, unknown))}.",
        hint=" ".join(hints) or f"It has {some}, for example.",
        keys=near,
        operation=operation,
        path=of,
    )


def check_positive(**numbers: int) -> None:
    """Check numbers by the name of their parameter.

    Raises:
        ValueError: One is less than 1.
    """
    for name, number in numbers.items():
        if number < 1:
            raise ValueError(f"{name} must be at least 1, not {number}")


def parse_rows(lines: Sequence[str], *, of: str) -> list[JSONObject]:
    """Read rows, each the text of a JSON object. `NaN`, `Infinity` and `-Infinity` are read as floats.

    Raises:
        DecodeError: A row is something else. The message says whose it is.
    """
    return [_parse_row(line, of) for line in lines]


def read_sampled(sampled: Sequence[JSONValue], *, of: str) -> list[JSONObject]:
    """Read the rows of the one spec that was sent. "NaN", "Infinity" and "-Infinity", as text, are floats there.

    Raises:
        DecodeError: It is something else. The message says whose it is.
    """
    match list(sampled):
        case [list(rows)]:
            objects = [row for row in rows if isinstance(row, dict)]
            if len(objects) == len(rows):
                return [_with_floats(row) for row in objects]
        case _:
            pass
    raise DecodeError(f"The server sent sampled history rows of {of} that are not one list of JSON objects.", path=of)


def spec_of(keys: Sequence[str], *, samples: int, first: int | None = None, last: int | None = None) -> str:
    """Return the spec of sampled rows that have all of these keys; `last` is inclusive."""
    steps = {"minStep": first, "maxStep": last}
    given = {name: step for name, step in steps.items() if step is not None}
    return to_json({"keys": list(dict.fromkeys(keys)), **given, "samples": samples}).decode()


def last_step(history_keys: JSONValue) -> int:
    """Return the last step that a document of history keys tells; -1 where there is none."""
    step = history_keys.get("lastStep") if isinstance(history_keys, dict) else None
    return int(step) if isinstance(step, int | float) else -1


def expected_rows(history_keys: JSONValue, keys: Sequence[str], rows: int | None) -> int:
    """Return about how many rows have all of these keys, at most: as many as the rarest of them."""
    known = _keys(history_keys)
    counts = [_count(known.get(key)) for key in keys]
    return min([count for count in [*counts, rows] if count], default=1)


def having_any(rows: Iterable[JSONObject], keys: Sequence[str], axes: Sequence[str] = ()) -> list[JSONObject]:
    """Return the rows that have a value, and not null, of one of these keys: these values, its step and its axes."""
    found: list[JSONObject] = []
    for row in rows:
        values = {key: value for key in keys if (value := value_at(row, key)) is not None}
        if values:
            places = {axis: value for axis in axes if (value := value_at(row, axis)) is not None}
            found.append({"_step": row.get("_step"), **places, **values})
    return found


def known_axes(axes: Sequence[str], history_keys: JSONValue) -> list[str]:
    """Return the axes that some row has. A program may define one that it never logs."""
    known = _keys(history_keys)
    return [axis for axis in axes if _is_known(axis, known)]


def kinds_of(history_keys: JSONValue) -> dict[str, Kind]:
    """Return what the values of each key are, as far as a document of history keys tells. It knows no integers."""
    known = _keys(history_keys)
    kinds: dict[str, Kind] = {}
    for key, info in known.items():
        counts = info.get("typeCounts") if isinstance(info, dict) else None
        match counts:
            case [{"type": str(only)}]:
                kinds[key] = KINDS.get(only, Kind.NONE)
            case _:
                kinds[key] = Kind.NONE
    return kinds


def steps_of(rows: Sequence[JSONObject]) -> list[int]:
    """Return the steps of rows; none at all where one does not say."""
    steps = [row.get("_step") for row in rows]
    known = [int(step) for step in steps if isinstance(step, int | float) and math.isfinite(step)]
    return known if len(known) == len(steps) else []


def _keys(history_keys: JSONValue) -> JSONObject:
    known = history_keys.get("keys") if isinstance(history_keys, dict) else None
    return known if isinstance(known, dict) else {}


def _is_known(key: str, known: JSONObject) -> bool:
    # What is asked for may be an object whose parts are known.
    return key in known or any(each.startswith(f"{key}.") for each in known)


def _parse_row(line: str, of: str) -> JSONObject:
    try:
        row = decode(line)
    except ValueError as error:
        raise DecodeError(f"The server sent a history row of {of} that is not JSON: {error}.", path=of) from error
    if not isinstance(row, dict):
        raise DecodeError(
            f"The server sent a history row of {of} that is not a JSON object but {line[:60]!r}.", path=of
        )
    return row


def _with_floats(row: JSONObject) -> JSONObject:
    # Most values are numbers, which need no second look.
    return {key: value if type(value) in NUMBERS else with_floats(value) for key, value in row.items()}


def _count(info: JSONValue) -> int | None:
    counts = info.get("typeCounts") if isinstance(info, dict) else None
    numbers = [entry.get("count") for entry in counts if isinstance(entry, dict)] if isinstance(counts, list) else []
    return sum(int(number) for number in numbers if isinstance(number, int | float)) or None
