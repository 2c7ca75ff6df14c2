"""Configs: on the server each value is in an object of its own, and the SDK's notes are among the user's keys. Pure."""

from __future__ import annotations

from typing import Final

from pydantic_core import to_json

from wandql.api.merging import same
from wandql.api.records import read_object
from wandql.graphql.scalars import JSONObject, JSONString, JSONValue

__all__ = ["INTERNAL_KEYS", "read_config", "write_config"]

INTERNAL_KEYS: Final = frozenset({"_wandb", "wandb_version"})
"""What the SDK notes beside the user's own config."""


def read_config(text: JSONString | None, *, of: str) -> tuple[JSONObject, JSONObject]:
    """Return the user's part of a config and the SDK's own, both without the objects around the values.

    Args:
        text: The config as the server sends it.
        of: Whose it is, for the error.

    Raises:
        DecodeError: It is no JSON object.
    """
    wrapped = read_object(text, what=f"a config of {of}")
    # `_unwrap`, written out: this is what reading the configs of thousands of runs costs.
    values = {
        key: value["value"] if isinstance(value, dict) and "value" in value else value for key, value in wrapped.items()
    }
    internal = {key: values.pop(key) for key in INTERNAL_KEYS if key in values}
    return values, internal


def write_config(values: JSONObject, text: JSONString | None, *, of: str) -> str:
    """Return the text of a config of these values. What is beside them in `text` stays: descriptions, the SDK's notes.

    Args:
        values: The user's part.
        text: The config as the server has it.
        of: Whose it is, for the error.

    Raises:
        DecodeError: `text` is no JSON object.
    """
    wrapped = read_object(text, what=f"a config of {of}")
    internal = {key: wrapped[key] for key in INTERNAL_KEYS if key in wrapped}
    rewrapped = {key: _rewrap(value, wrapped.get(key)) for key, value in values.items() if key not in INTERNAL_KEYS}
    return to_json({**rewrapped, **internal}).decode()


def _unwrap(value: JSONValue) -> JSONValue:
    return value["value"] if isinstance(value, dict) and "value" in value else value


def _rewrap(value: JSONValue, wrapped: JSONValue) -> JSONValue:
    if wrapped is not None and same(_unwrap(wrapped), value):
        return wrapped
    return {**wrapped, "value": value} if isinstance(wrapped, dict) and "value" in wrapped else {"value": value}
