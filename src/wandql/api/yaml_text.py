"""YAML, as definitions of sweeps are sent. The library that reads it is loaded when it is first needed."""

from __future__ import annotations

from typing import TypeGuard

from wandql.errors import DecodeError, UsageError
from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["read_yaml"]


def read_yaml(text: str, *, what: str) -> JSONObject:
    """Return the mapping that a text holds. Only plain values are made, never objects of other classes.

    Args:
        text: The YAML.
        what: What it is, for errors.

    Returns:
        The mapping; what JSON does not have, such as a date, as text.

    Raises:
        UsageError: The extra `sweeps` is not installed.
        DecodeError: It is no YAML, or holds something else than a mapping.
    """
    try:
        from yaml import YAMLError, safe_load
    except ModuleNotFoundError as error:
        raise UsageError(
            f"Reading {what} needs PyYAML, which is not installed.", hint="pip install 'wandql[sweeps]'"
        ) from error
    try:
        value = _plain(safe_load(text), {})
    except (YAMLError, RecursionError, ValueError) as error:
        raise DecodeError(f"The server sent {what} that is not YAML: {error}") from error
    if not isinstance(value, dict):
        raise DecodeError(f"The server sent {what} that is not a mapping but a {type(value).__name__}.")
    return value


def _plain(value: object, known: dict[int, JSONValue]) -> JSONValue:
    """Return a value as JSON has it. Where aliases share a value, so do the results: a short text stays small."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if id(value) not in known:
        known[id(value)] = _plain_inside(value, known)
    return known[id(value)]


def _plain_inside(value: object, known: dict[int, JSONValue]) -> JSONValue:
    if _is_mapping(value):
        return {str(key): _plain(item, known) for key, item in value.items()}
    if _is_list(value):
        return [_plain(item, known) for item in value]
    return str(value)


# `isinstance` alone leaves the types of the contents unknown.
def _is_mapping(value: object) -> TypeGuard[dict[object, object]]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object] | tuple[object, ...] | set[object]]:
    return isinstance(value, list | tuple | set)
