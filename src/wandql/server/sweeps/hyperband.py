"""When runs of a sweep are judged: Hyperband, as the documented sweep configuration describes it.

A run is judged at brackets, which are numbers of values of the metric that it has logged. At a bracket, the values that
runs had there are ordered: the one that the best part goes up to, one of `eta`, is what a run must not be worse than.
That is how the official library decides.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Hyperband"]

LONGEST: Final = 10_000_000
"""No bracket is later than this number of values."""


class Hyperband(BaseModel):
    """When runs are judged, and how many of them go on.

    Attributes:
        type: The name of the way to judge.
        min_iter: The first bracket; each further one is `eta` times as late.
        max_iter: Instead, what the last bracket is the part of; each earlier one is `eta` times as early.
        s: How many brackets there are; with `max_iter` it must be given.
        eta: One of so many runs goes on.
        strict: Whether a run is judged by its value at the bracket, and not by the best that it has by now.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(strict=True, frozen=True)

    type: Literal["hyperband"]
    min_iter: Annotated[int, Field(gt=0)] | None = None
    max_iter: Annotated[int, Field(gt=0)] | None = None
    s: Annotated[int, Field(gt=0, le=100)] | None = None
    eta: Annotated[float, Field(gt=1, strict=False)] = 3
    strict: bool = True

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if (self.min_iter is None) is (self.max_iter is None):
            raise ValueError("it takes either `min_iter` or `max_iter`")
        if self.max_iter is not None and self.s is None:
            raise ValueError("`max_iter` needs `s`, the number of brackets")
        return self

    @property
    def brackets(self) -> list[int]:
        """The numbers of values at which runs are judged, the first one first."""
        return sorted({bracket for bracket in self._brackets() if 1 <= bracket <= LONGEST})

    def _brackets(self) -> Iterator[int]:
        count = self.s or 100
        if self.min_iter is not None:
            factors = (self.eta**number for number in range(min(count, math.ceil(math.log(LONGEST, self.eta)) + 1)))
            yield from (int(self.min_iter * factor) for factor in factors)
        elif self.max_iter is not None:
            yield from (int(self.max_iter / self.eta**number) for number in range(1, count + 1))
