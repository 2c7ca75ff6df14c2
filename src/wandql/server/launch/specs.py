"""What an agent is told to start: the run's own wishes, and for the rest the config of the queue."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from wandql.server.documents import dump, parse_object
from wandql.server.messages import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wandql.graphql.scalars import JSONObject, JSONValue
    from wandql.server.launch.records import ResourceConfigRecord, RunQueueItemRecord

__all__ = ["check_values", "complete_spec"]

TYPES: Final[Mapping[str, tuple[type, ...]]] = {"string": (str,), "integer": (int,), "number": (int, float)}
"""The types of values of variables."""

VARIABLE: Final = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")


def check_values(config: ResourceConfigRecord | None, text: str) -> None:
    """Make sure that every variable of a queue's config has a value, and one that its schema allows.

    Args:
        config: The config; None if the queue has none.
        text: The values, as a JSON object.

    Raises:
        Refusal: A variable has neither a value nor a default, a value is for no variable, or it is of another type, out
            of bounds or not among those that are listed (400).
    """
    given = parse_object(text, "The values of the template variables")
    variables = {variable.name: variable.document for variable in config.template_variables} if config else {}
    if missing := [name for name, schema in variables.items() if name not in given and "default" not in schema]:
        raise Refusal(400, f"The config of the queue needs values of its template variables {', '.join(missing)}.")
    if strange := [name for name in given if name not in variables]:
        raise Refusal(400, f"The config of the queue has no template variables {', '.join(strange)}.")
    for name, value in given.items():
        if flaw := _flaw(value, variables[name]):
            raise Refusal(400, f"The template variable {name} cannot be {dump(value)}: {flaw}.")


def _flaw(value: JSONValue, schema: Mapping[str, JSONValue]) -> str | None:
    """Return why a schema does not allow a value; None if it does. Only what the official SDK's schemas hold counts."""
    kind, listed, low, high = (schema.get(name) for name in ("type", "enum", "minimum", "maximum"))
    if isinstance(kind, str) and kind in TYPES and (isinstance(value, bool) or not isinstance(value, TYPES[kind])):
        return f"it must be of the type {kind}"
    if isinstance(listed, list) and value not in listed:
        return f"it must be one of {dump(listed)}"
    if isinstance(value, int | float) and isinstance(low, int | float) and value < low:
        return f"it must be at least {low}"
    if isinstance(value, int | float) and isinstance(high, int | float) and value > high:
        return f"it must be at most {high}"
    return None


def complete_spec(item: RunQueueItemRecord, config: ResourceConfigRecord | None) -> JSONObject:
    """Return what an agent is told to start.

    Args:
        item: The run in the queue.
        config: The config of the queue's machines; None if it has none.
    """
    spec = parse_object(item.run_spec, "The run")
    if config is None:
        return spec
    defaults = {each.name: each.document["default"] for each in config.template_variables if "default" in each.document}
    values = {**defaults, **parse_object(item.template_values, "The values")}
    ours = {"resource": config.resource, "resource_args": _fill(config.config.get("resource_args", {}), values)}
    return {**ours, **{name: value for name, value in spec.items() if value or name not in ours}}


def _fill(value: JSONValue, values: Mapping[str, JSONValue]) -> JSONValue:
    match value:
        case str() if (whole := VARIABLE.fullmatch(value)) and whole[1] in values:
            return values[whole[1]]
        case str():
            return VARIABLE.sub(lambda found: _text(values.get(found[1], found[0])), value)
        case list():
            return [_fill(item, values) for item in value]
        case dict():
            return {name: _fill(item, values) for name, item in value.items()}
        case _:
            return value


def _text(value: JSONValue) -> str:
    return value if isinstance(value, str) else dump(value)
