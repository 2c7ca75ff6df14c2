"""What a sweep tries: every point of a grid, in order, or points at random.

A point is the beginning of a run's config, as on the wire: `{"lr": {"value": 0.1}}`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from wandql.server.sweeps.parameters import Countable, Nested

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from random import Random

    from wandql.graphql.scalars import JSONObject, JSONValue
    from wandql.server.sweeps.parameters import Drawable, Parameter

    Path: TypeAlias = tuple[str, ...]

__all__ = ["Grid", "config_of", "draw_point", "leaves_of", "value_in"]


class Grid:
    """All points, numbered from 0: parameters go by name, and the last one changes first.

    Args:
        parameters: The parameters.

    Raises:
        ValueError: A parameter has values that cannot be counted. The message names it.
    """

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._axes: list[tuple[Path, Countable]] = []
        for path, parameter in leaves_of(parameters):
            if not isinstance(parameter, Countable):
                raise ValueError(  # noqa: TRY004 - the value is at fault, not its type in Python
                    f"{'.'.join(path)} has no values that a grid could go through: give it `values`, whole numbers as "
                    "`min` and `max`, or the distribution q_uniform"
                )
            self._axes.append((path, parameter))
        self.size: int = math.prod(axis.count for _, axis in self._axes)

    def point(self, number: int) -> JSONObject:
        """Return the point of a number below `size`."""
        values: list[tuple[Path, JSONValue]] = []
        for path, axis in reversed(self._axes):
            number, index = divmod(number, axis.count)
            values.append((path, axis.at(index)))
        return config_of(reversed(values))

    def find(self, config: Mapping[str, JSONValue]) -> int | None:
        """Return the number of the point that a run's config holds; None where it is off the grid."""
        number = 0
        for path, axis in self._axes:
            index = _index_on(axis, path, config)
            if index is None:
                return None
            number = number * axis.count + index
        return number


def draw_point(parameters: Mapping[str, Parameter], chance: Random) -> JSONObject:
    """Return a point at random."""
    return config_of((path, parameter.draw(chance)) for path, parameter in leaves_of(parameters))


def leaves_of(parameters: Mapping[str, Parameter], path: Path = ()) -> Iterator[tuple[Path, Drawable]]:
    """Yield the parameters that have values, with where each stands, by name."""
    for name, parameter in sorted(parameters.items()):
        if isinstance(parameter, Nested):
            yield from leaves_of(parameter.parameters, (*path, name))
        else:
            yield (*path, name), parameter


def config_of(values: Iterable[tuple[Path, JSONValue]]) -> JSONObject:
    """Return the config in which these values stand at these paths."""
    tree: JSONObject = {}
    for (*groups, name), value in values:
        here = tree
        for group in groups:
            inner = here.get(group)
            if not isinstance(inner, dict):
                inner = here[group] = {}
            here = inner
        here[name] = value
    return {name: {"value": value} for name, value in tree.items()}


def value_in(config: Mapping[str, JSONValue], path: Path) -> JSONValue:
    """Return what stands at a path in a run's config; None where nothing does."""
    value: JSONValue = dict(config)
    for step in (path[0], "value", *path[1:]):
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return value


def _index_on(axis: Countable, path: Path, config: Mapping[str, JSONValue]) -> int | None:
    return axis.find(value_in(config, path))
