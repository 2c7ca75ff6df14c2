"""JSON documents as clients send them: text that may hold the bare words `NaN` and `Infinity`."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

from pydantic_core import from_json, to_json

from wandql.server.messages import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["dump", "index_of", "only_keys", "parse_object", "sdk_notes"]


def parse_object(text: str, what: str) -> JSONObject:
    """Parse the text of a JSON object.

    Args:
        text: JSON, in which `NaN` and infinities may stand as bare words.
        what: What the text is, for the message.

    Raises:
        Refusal: It is not the text of a JSON object (400).
    """
    try:
        value: JSONValue = from_json(text, allow_inf_nan=True)
    except ValueError as error:
        raise Refusal(400, f"{what} is not JSON: {error}.") from None
    if not isinstance(value, dict):
        raise Refusal(400, f"{what} is not a JSON object.")
    return value


def dump(value: object) -> str:
    """Return the JSON text of a value, with `NaN` and infinities as bare words."""
    return to_json(value, inf_nan_mode="constants").decode()


def only_keys(text: str | None, keys: Sequence[str] | None) -> str | None:
    """Return a JSON object's text with only these of its top-level keys; all of them for None."""
    if text is None or keys is None:
        return text
    document = parse_object(text, "The document")
    return dump({key: document[key] for key in keys if key in document})


def index_of(text: str, what: str) -> str | None:
    """Return the text of valid JSON to filter and order by, or None where the document itself is that.

    `NaN` becomes the text "NaN", which orders behind all numbers; infinities become the largest numbers.

    Raises:
        Refusal: The document is not the text of a JSON object (400).
    """
    document = parse_object(text, what)
    try:
        from_json(text, allow_inf_nan=False)
    except ValueError:
        return dump(_finite(document))
    return None


def _finite(value: JSONValue) -> JSONValue:
    match value:
        case float() if math.isnan(value):
            return "NaN"
        case float() if math.isinf(value):
            return math.copysign(sys.float_info.max, value)
        case dict():
            return {key: _finite(item) for key, item in value.items()}
        case list():
            return [_finite(item) for item in value]
        case _:
            return value


def sdk_notes(config: JSONObject) -> JSONObject:
    """Return what the official SDK notes for itself in the config of a run; nothing where it does not."""
    notes = config.get("_wandb")
    value = notes.get("value") if isinstance(notes, dict) else None
    return value if isinstance(value, dict) else {}
