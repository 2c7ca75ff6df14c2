"""What a parameter of a sweep may be: values one by one for a grid, or drawn at random.

The forms are those of the documented sweep configuration. A parameter that names no `distribution` shows by its other
keys which one it has.
"""

from __future__ import annotations

import json
import math
from decimal import Decimal
from functools import cached_property
from typing import (
    TYPE_CHECKING,
    Annotated,
    ClassVar,
    Final,
    Literal,
    Protocol,
    Self,
    TypeAlias,
    TypeGuard,
    runtime_checkable,
)

from pydantic import BaseModel, ConfigDict, Discriminator, Field, FiniteFloat, Tag, model_validator

from wandql.graphql.scalars import JSONValue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

__all__ = [
    "SCALES",
    "Beta",
    "Categorical",
    "Constant",
    "Continuous",
    "Countable",
    "Drawable",
    "IntUniform",
    "Nested",
    "Normal",
    "Parameter",
    "Range",
    "Weighted",
    "inverse_of",
]

Whole: TypeAlias = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Number: TypeAlias = Whole | FiniteFloat

EXACT: Final = 2**53
"""Beyond this number of steps from zero, a float no longer tells a step from the next."""

TAIL: Final = 9
"""No normal number is drawn that lies more standard deviations from the mean: a draw has 53 random bits."""

# From what is written as `min` and `max` to the scale on which all values are as likely, and from there to the value.
SCALES: Final[dict[str, tuple[Callable[[float], float], Callable[[float], float]]]] = {
    "uniform": (float, float),
    "log_uniform": (float, math.exp),
    "log_uniform_values": (math.log, math.exp),
    "inv_log_uniform": (float, lambda x: math.exp(-x)),
    "inv_log_uniform_values": (lambda x: -math.log(x), lambda x: math.exp(-x)),
}


def inverse_of(scale: str) -> Callable[[float], float]:
    """Return what leads from a value to its place on a scale."""
    if scale == "uniform":
        return float
    return math.log if scale.startswith("log") else lambda value: -math.log(value)


class Drawable(Protocol):
    """A parameter that gives a value at random."""

    def draw(self, chance: Random) -> JSONValue:
        """Return a value."""
        ...


@runtime_checkable
class Countable(Drawable, Protocol):
    """A parameter that has one value after another."""

    @property
    def count(self) -> int:
        """How many values there are."""
        ...

    def at(self, index: int) -> JSONValue:
        """Return the value of a number, from 0."""
        ...

    def find(self, value: JSONValue) -> int | None:
        """Return the number of a value; None where it is none of these."""
        ...


class _Form(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True, frozen=True)

    def check(self) -> None:
        """Check what the fields' types alone do not tell.

        Raises:
            ValueError: The fields do not go together.
        """

    @model_validator(mode="after")
    def _checked(self) -> Self:
        self.check()
        return self


class _Listed(_Form):
    """Values that are listed. Of equal ones the first counts."""

    def listed(self) -> Sequence[JSONValue]:
        """Return the values."""
        raise NotImplementedError

    @cached_property
    def _distinct(self) -> dict[str, JSONValue]:
        return {_identity(value): value for value in reversed(self.listed())}

    @cached_property
    def _order(self) -> list[str]:
        return list(dict.fromkeys(map(_identity, self.listed())))

    @property
    def count(self) -> int:
        """How many values there are."""
        return len(self._order)

    def at(self, index: int) -> JSONValue:
        """Return the value of a number."""
        return self._distinct[self._order[index]]

    def find(self, value: JSONValue) -> int | None:
        """Return the number of a value."""
        identity = _identity(value)
        return self._order.index(identity) if identity in self._distinct else None

    def draw(self, chance: Random) -> JSONValue:
        """Return any of the values."""
        return chance.choice(self.listed())


class Constant(_Listed):
    """One value."""

    distribution: Literal["constant"] = "constant"
    value: JSONValue

    def listed(self) -> Sequence[JSONValue]:
        """Return the value."""
        return [self.value]


class Categorical(_Listed):
    """Some values."""

    distribution: Literal["categorical"] = "categorical"
    values: Annotated[list[JSONValue], Field(min_length=1)]

    def listed(self) -> Sequence[JSONValue]:
        """Return the values."""
        return self.values


class Weighted(_Form):
    """Some values, each with how likely it is."""

    distribution: Literal["categorical", "categorical_w_probabilities"] = "categorical_w_probabilities"
    values: Annotated[list[JSONValue], Field(min_length=1)]
    probabilities: list[Annotated[Number, Field(ge=0)]]

    def check(self) -> None:
        """Check the probabilities."""
        if len(self.probabilities) != len(self.values):
            raise ValueError(f"{len(self.values)} values have {len(self.probabilities)} probabilities")
        if not 0 < sum(self.probabilities) < math.inf:
            raise ValueError("the probabilities are all 0, or too large")

    def draw(self, chance: Random) -> JSONValue:
        """Return one of the values."""
        return chance.choices(self.values, self.probabilities)[0]


class IntUniform(_Form):
    """Whole numbers from `min` to `max`, both included."""

    distribution: Literal["int_uniform"] = "int_uniform"
    min: Whole
    max: Whole

    def check(self) -> None:
        """Check the bounds."""
        _check_order(self.min, self.max)

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return self.max - self.min + 1

    def at(self, index: int) -> JSONValue:
        """Return the number at a place."""
        return self.min + index

    def find(self, value: JSONValue) -> int | None:
        """Return the place of a number."""
        if not (_is_number(value) and self.min <= value <= self.max):
            return None
        return int(value) - self.min if value == int(value) else None

    def draw(self, chance: Random) -> JSONValue:
        """Return one of the numbers."""
        return chance.randint(self.min, self.max)


class Continuous(_Form):
    """Numbers that are not counted. Those of a distribution whose name begins with `q_` are multiples of `q`."""

    distribution: Literal[
        "uniform", "log_uniform", "log_uniform_values", "inv_log_uniform", "inv_log_uniform_values",
        "q_uniform", "q_log_uniform", "q_log_uniform_values",
        "normal", "log_normal", "q_normal", "q_log_normal", "beta", "q_beta",
    ] = "uniform"  # fmt: skip
    q: Annotated[Number, Field(gt=0)] = 1

    def check(self) -> None:
        """Check that every value is a number that can be stored."""
        if "q" in self.model_fields_set and not self.in_steps:
            raise ValueError(f"q belongs to q_{self.distribution}")
        try:
            furthest = max(map(abs, self.ends()))
        except OverflowError:
            furthest = math.inf
        if furthest == math.inf:
            raise ValueError("it has values that are too large for a number")
        if self.in_steps and furthest / self.q > EXACT:
            raise ValueError(f"q is too small for values as large as {furthest}")

    @property
    def in_steps(self) -> bool:
        """Whether the values are rounded to multiples of `q`."""
        return self.distribution.startswith("q_")

    @property
    def scale(self) -> str:
        """The distribution before any rounding."""
        return self.distribution.removeprefix("q_")

    @property
    def of_exponents(self) -> bool:
        """Whether what is written as `min` and `max` are exponents, as few expect."""
        return self.scale.endswith("log_uniform")

    def ends(self) -> tuple[float, float]:
        """Return two values that all others lie between."""
        raise NotImplementedError

    def sample(self, chance: Random) -> float:
        """Return a value that is not rounded to steps yet."""
        raise NotImplementedError

    def draw(self, chance: Random) -> JSONValue:
        """Return a value."""
        return self.rounded(self.sample(chance))

    def rounded(self, value: float) -> JSONValue:
        """Return the multiple of `q` that is nearest to a value, where there are steps; otherwise the value."""
        return _multiple(round(value / self.q), self.q) if self.in_steps else value


class Range(Continuous):
    """Numbers between two others, as likely as the scale says."""

    min: Number
    max: Number

    def check(self) -> None:
        """Check the bounds."""
        _check_order(self.min, self.max)
        if self.distribution.endswith("_values") and self.min <= 0:
            raise ValueError(f"min is {self.min}, which has no logarithm")
        super().check()

    def ends(self) -> tuple[float, float]:
        """Return the values that `min` and `max` stand for."""
        there, back = SCALES[self.scale]
        return back(there(self.min)), back(there(self.max))

    def sample(self, chance: Random) -> float:
        """Return a number in between."""
        there, back = SCALES[self.scale]
        return self.clamped(back(chance.uniform(there(self.min), there(self.max))))

    def clamped(self, value: float) -> float:
        """Return a value, or the end that it is beyond: the way to the scale and back may lead a little too far."""
        first, last = sorted(self.ends())
        return min(max(value, first), last)


class Steps(Range):
    """Numbers from `min` in steps of `q` that are less than `max`; at random, the multiples of `q`.

    A grid leaves `max` out as the official library does, so that it has as many runs here as there.
    """

    @property
    def count(self) -> int:
        """How many steps there are."""
        return math.ceil((_exact(self.max) - _exact(self.min)) / _exact(self.q))

    def at(self, index: int) -> JSONValue:
        """Return the number of a step."""
        value = _exact(self.min) + index * _exact(self.q)
        return int(value) if isinstance(self.min, int) and isinstance(self.q, int) else float(value)

    def find(self, value: JSONValue) -> int | None:
        """Return the step of a number."""
        if not (_is_number(value) and self.min <= value <= self.max):
            return None
        index = round((_exact(value) - _exact(self.min)) / _exact(self.q))
        return index if index < self.count and self.at(index) == value else None


class Normal(Continuous):
    """Numbers around `mu`, or numbers whose logarithms are."""

    mu: Number = 0
    sigma: Annotated[Number, Field(ge=0)] = 1

    def ends(self) -> tuple[float, float]:
        """Return what no draw goes beyond."""
        low, high = self.mu - TAIL * self.sigma, self.mu + TAIL * self.sigma
        return (low, high) if self.scale == "normal" else (math.exp(low), math.exp(high))

    def sample(self, chance: Random) -> float:
        """Return a number."""
        return (chance.normalvariate if self.scale == "normal" else chance.lognormvariate)(self.mu, self.sigma)


class Beta(Continuous):
    """Numbers from 0 to 1."""

    a: Annotated[Number, Field(gt=0)] = 1
    b: Annotated[Number, Field(gt=0)] = 1

    def ends(self) -> tuple[float, float]:
        """Return 0 and 1."""
        return 0.0, 1.0

    def sample(self, chance: Random) -> float:
        """Return a number."""
        return chance.betavariate(self.a, self.b)


class Nested(_Form):
    """Parameters in a parameter."""

    parameters: Annotated[dict[str, Parameter], Field(min_length=1)]


_FORMS: Final = {
    "constant": "constant",
    "categorical": "categorical",
    "categorical_w_probabilities": "weighted",
    "int_uniform": "integers",
    **dict.fromkeys([*SCALES, "q_log_uniform", "q_log_uniform_values"], "range"),
    "q_uniform": "steps",
    **dict.fromkeys(("normal", "log_normal", "q_normal", "q_log_normal"), "normal"),
    **dict.fromkeys(("beta", "q_beta"), "beta"),
}
"""Which form a parameter of each distribution has."""


def _form_of(given: JSONValue) -> str | None:
    match given:
        case {"distribution": "categorical", "probabilities": _}:
            return "weighted"
        case {"distribution": str(name)}:
            return _FORMS.get(name)
        case {"parameters": _}:
            return "nested"
        case {"value": _}:
            return "constant"
        case {"values": _, "probabilities": _}:
            return "weighted"
        case {"values": _}:
            return "categorical"
        case {"min": int(), "max": int()}:
            return "integers"
        case {"min": _, "max": _}:
            return "range"
        case _:
            return None


Parameter: TypeAlias = Annotated[
    Annotated[Constant, Tag("constant")]
    | Annotated[Categorical, Tag("categorical")]
    | Annotated[Weighted, Tag("weighted")]
    | Annotated[IntUniform, Tag("integers")]
    | Annotated[Range, Tag("range")]
    | Annotated[Steps, Tag("steps")]
    | Annotated[Normal, Tag("normal")]
    | Annotated[Beta, Tag("beta")]
    | Annotated[Nested, Tag("nested")],
    Discriminator(
        _form_of,
        custom_error_type="form",
        custom_error_message="a parameter has `value`, `values`, `min` and `max`, `parameters`, or a `distribution` of "
        + ", ".join(_FORMS),
    ),
]


def _check_order(low: float, high: float) -> None:
    if not low < high:
        raise ValueError(f"min is {low}, which is not less than max, {high}")


def _is_number(value: JSONValue) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _exact(value: float) -> Decimal:
    """Return the number that was written: 0.1 is a tenth."""
    return Decimal(repr(value))


def _multiple(count: int, q: float) -> int | float:
    return count * q if isinstance(q, int) else float(count * _exact(q))


def _identity(value: JSONValue) -> str:
    """Return a text that is the same for equal values: 1 is 1.0, and not true."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: JSONValue) -> JSONValue:
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_plain(item) for item in value]
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case _:
            return value
