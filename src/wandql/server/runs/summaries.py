"""Summaries that a client leaves to the server: of each metric what its definition says, else its last value.

The official SDK does so with `x_server_side_derived_summary`. It says so in the config, by the number of a feature, and
where it defines metrics, by the numbers of what their summaries hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic_core import from_json

from wandql.server.documents import parse_object

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wandql.graphql.scalars import JSONObject, JSONValue
    from wandql.server.runs.history_keys import HistoryKeys

__all__ = ["Derivation"]

FEATURE: Final = 68
"""The number of the feature among those that a client says it uses."""

NONE: Final = 6
"""The number that keeps a metric out of the summary."""

KINDS: Final = {1: "min", 2: "max", 3: "mean", 5: "last", 8: "first"}


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a run's summary follows from its history.

    Attributes:
        kinds: What the summary holds of a metric, by its name; empty for nothing, None for the last value, as of those
            that are not defined.
        globs: The same of metrics whose names begin so, where they have no definition of their own.
    """

    kinds: dict[str, frozenset[str] | None]
    globs: tuple[tuple[str, frozenset[str] | None], ...] = ()

    @classmethod
    def of(cls, config: str | None) -> Derivation | None:
        """Read the config of a run; None if its client sends the summary itself."""
        if config is None or str(FEATURE) not in config:
            return None
        match parse_object(config, "The config").get("_wandb"):
            case {"value": {"t": {"3": [*features]}}} if FEATURE in features:
                return cls.defined(config)
            case _:
                return None

    @classmethod
    def defined(cls, config: str | None) -> Derivation:
        """Read what the metrics in the config of a run are, whoever makes its summary."""
        match parse_object(config or "{}", "The config").get("_wandb"):
            case {"value": {"m": [*metrics]}}:
                return cls(dict(_definitions(metrics, "1")), tuple(_globs(metrics)))
            case _:
                return cls({})

    def update(self, summary: JSONObject, rows: Iterable[JSONObject], known: str | None) -> JSONObject:
        """Return a summary after some rows.

        Args:
            summary: What it was before.
            rows: The new rows, in order.
            known: What was known of the history's keys before them, as on the wire.
        """
        keys: HistoryKeys | None = from_json(known) if known else None
        counts = {
            name: sum(each["count"] for each in info["typeCounts"])
            for name, info in (keys["keys"] if keys else {}).items()
        }
        result = dict(summary)
        for row in rows:
            for name, value in row.items():
                counts[name] = counts.get(name, 0) + 1
                kinds = self._kinds_of(name)
                if kinds is None:
                    result[name] = value
                elif kinds:
                    before = result.get(name)
                    result[name] = _merge(before if isinstance(before, dict) else {}, kinds, value, counts[name])
        return result

    def _kinds_of(self, name: str) -> frozenset[str] | None:
        if name in self.kinds or name.startswith("_"):
            return self.kinds.get(name)
        return next((kinds for beginning, kinds in self.globs if name.startswith(beginning)), None)


def _definitions(defined: list[JSONValue], number: str) -> Iterable[tuple[str, frozenset[str] | None]]:
    """Yield what summaries hold of metrics, which definitions name under a number."""
    for metric in defined:
        match metric:
            case {"7": [*numbers], **rest} if isinstance(name := rest.get(number), str):
                known = frozenset(KINDS[each] for each in numbers if isinstance(each, int) and each in KINDS)
                yield name, known if known or NONE in numbers else None
            case _:
                pass


def _globs(defined: list[JSONValue]) -> Iterable[tuple[str, frozenset[str] | None]]:
    """Yield the same by beginnings of names: the SDK takes an asterisk only at the end."""
    for name, kinds in _definitions(defined, "2"):
        yield name.removesuffix("*"), kinds


def _merge(before: JSONObject, kinds: frozenset[str], value: JSONValue, count: int) -> JSONObject:
    after = dict(before)
    if "first" in kinds:
        after.setdefault("first", value)
    if "last" in kinds:
        after["last"] = value
    if isinstance(value, int | float):
        numbers = {name: number for name in kinds if isinstance(number := before.get(name), int | float)}
        if "min" in kinds:
            after["min"] = min(numbers.get("min", value), value)
        if "max" in kinds:
            after["max"] = max(numbers.get("max", value), value)
        if "mean" in kinds:
            mean = numbers.get("mean", 0.0)
            after["mean"] = mean + (value - mean) / count
    return after
