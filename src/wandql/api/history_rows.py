"""Rows of a history as the server sends them, and what may be asked for. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from pydantic_core import from_json, to_json

from wandql.errors import DecodeError, UsageError
from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = [
    "Stream",
    "check_keys",
    "check_positive",
    "check_stream",
    "expected_rows",
    "last_step",
    "parse_rows",
    "read_sampled",
    "spec_of",
    "steps_of",
]

Stream: TypeAlias = Literal["default", "system"]

STREAMS: Final = ("default", "system")
NOT_FINITE: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


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
                return [{key: _with_floats(value) for key, value in row.items()} for row in objects]
        case _:
            pass
    raise DecodeError(f"The server sent sampled history rows of {of} that are not one list of JSON objects.")


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
    known = history_keys.get("keys") if isinstance(history_keys, dict) else None
    counts = [_count(known.get(key)) for key in keys] if isinstance(known, dict) else []
    return min([count for count in [*counts, rows] if count], default=1)


def steps_of(rows: Sequence[JSONObject]) -> list[int]:
    """Return the steps of rows; none at all where one does not say."""
    steps = [row.get("_step") for row in rows]
    known = [int(step) for step in steps if isinstance(step, int | float) and math.isfinite(step)]
    return known if len(known) == len(steps) else []


def _parse_row(line: str, of: str) -> JSONObject:
    try:
        row: JSONValue = from_json(line, allow_inf_nan=True)
    except ValueError as error:
        raise DecodeError(f"The server sent a history row of {of} that is not JSON: {error}.") from error
    if not isinstance(row, dict):
        raise DecodeError(f"The server sent a history row of {of} that is not a JSON object but {line[:60]!r}.")
    return row


def _with_floats(value: JSONValue) -> JSONValue:
    match value:
        case str():
            return NOT_FINITE.get(value, value)
        case list():
            return [_with_floats(each) for each in value]
        case dict():
            return {key: _with_floats(each) for key, each in value.items()}
        case _:
            return value


def _count(info: JSONValue) -> int | None:
    counts = info.get("typeCounts") if isinstance(info, dict) else None
    numbers = [entry.get("count") for entry in counts if isinstance(entry, dict)] if isinstance(counts, list) else []
    return sum(int(number) for number in numbers if isinstance(number, int | float)) or None
