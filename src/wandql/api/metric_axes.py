"""Which metric is the x-axis of another: `run.define_metric("val/*", step_metric="epoch")`. Pure.

The SDK notes definitions in the config, under `_wandb`, as a list `m` of objects with numbers for keys: "1" is a name,
"2" a pattern that ends in `*`, "5" the place of the axis in the list, counted from one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["STEP", "axes_of", "axis_of"]

STEP: Final = "_step"
NAME: Final = "1"
PATTERN: Final = "2"
AXIS: Final = "5"


def axis_of(rawconfig: JSONObject, key: str) -> str:
    """Return the axis that was defined for a key; `_step` where none was.

    A definition of the key itself comes before patterns, and of these the first counts, as in the SDK. The SDK's own
    keys, such as `_runtime`, match no pattern.
    """
    definitions = _definitions(rawconfig)
    exact = [each for each in definitions if each.get(NAME) == key]
    alike = [each for each in definitions if _matches(each.get(PATTERN), key)]
    for definition in [*exact, *alike][:1]:
        place = definition.get(AXIS)
        if isinstance(place, int) and 0 < place <= len(definitions):
            name = definitions[place - 1].get(NAME)
            return name if isinstance(name, str) else STEP
    return STEP


def axes_of(rawconfig: JSONObject, keys: Iterable[str]) -> list[str]:
    """Return the axes of keys, each once, without `_step`."""
    return [axis for axis in dict.fromkeys(axis_of(rawconfig, key) for key in keys) if axis != STEP]


def _definitions(rawconfig: JSONObject) -> list[JSONObject]:
    notes = rawconfig.get("_wandb")
    definitions = notes.get("m") if isinstance(notes, dict) else None
    # One that cannot be read keeps its place.
    return [each if isinstance(each, dict) else {} for each in definitions] if isinstance(definitions, list) else []


def _matches(pattern: JSONValue, key: str) -> bool:
    if not isinstance(pattern, str) or key.startswith("_"):
        return False
    return key.startswith(pattern[:-1]) if pattern.endswith("*") else key == pattern
