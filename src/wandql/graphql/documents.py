"""The one decoder of JSON documents: configs, summaries, rows of histories. Pure.

What SDKs have written over the years is not always JSON. This is what it means here:

- `NaN`, `Infinity` and `-Infinity`, bare, are floats; a number that no float holds is infinite, such as `1e999`. In
  quotes they are text, but where the wire cannot send them bare: see `with_floats`.
- An integer is an `int`, however large it is, up to 4,300 digits.
- Control characters inside of texts stand for themselves.
- Half of a surrogate pair is no character: it becomes U+FFFD, so that the text can be written and sent again.
- Of a key that occurs twice, the last value counts.
- Nesting ends at 200 levels: what is deeper is an error, as is everything else that is no JSON.
"""

from __future__ import annotations

import json
import math
import re
from typing import Final

from pydantic import JsonValue
from pydantic_core import from_json

__all__ = ["decode", "with_floats"]

DEEPEST: Final = 200
HALF_PAIR: Final = re.compile("[\ud800-\udfff]")
NOT_FINITE: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def decode(text: str) -> JsonValue:
    """Return the value of a JSON document. See this module for what is not quite JSON.

    Raises:
        ValueError: It is no JSON, or nested deeper than 200 levels.
    """
    try:
        value: JsonValue = from_json(text, allow_inf_nan=True)
    except (ValueError, TypeError) as error:
        return _decode_leniently(text, error)
    return value


def with_floats(value: JsonValue) -> JsonValue:
    """Return a value whose texts "NaN", "Infinity" and "-Infinity" are floats, for where the wire cannot send these."""
    match value:
        case str():
            return NOT_FINITE.get(value, value)
        case list():
            return [with_floats(each) for each in value]
        case dict():
            return {key: with_floats(each) for key, each in value.items()}
        case _:
            return value


def _decode_leniently(text: str, error: Exception) -> JsonValue:
    """Read what the fast parser refuses: it knows neither control characters nor halves of surrogate pairs."""
    try:
        value: JsonValue = json.loads(text, strict=False)
    except RecursionError:
        raise ValueError(f"it is nested deeper than {DEEPEST} levels") from None
    except ValueError:
        # The fast parser's words tell the place.
        raise error if isinstance(error, ValueError) else ValueError(str(error)) from None
    return _checked(value, 0)


def _checked(value: JsonValue, depth: int) -> JsonValue:
    """Return a value without halves of surrogate pairs."""
    if depth > DEEPEST:
        raise ValueError(f"it is nested deeper than {DEEPEST} levels")
    match value:
        case str():
            return HALF_PAIR.sub("\ufffd", value)
        case list():
            return [_checked(each, depth + 1) for each in value]
        case dict():
            return {HALF_PAIR.sub("\ufffd", key): _checked(each, depth + 1) for key, each in value.items()}
        case _:
            return value
