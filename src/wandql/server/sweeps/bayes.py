"""Proposing configs by what the runs so far have shown: a tree-structured Parzen estimator, which is optuna's.

Each parameter is searched on the scale on which its values are as likely: the logarithm for `log_uniform_values`, the
quantile for `normal`. The first runs are drawn at random.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import NormalDist
from typing import TYPE_CHECKING, Final, Literal

from wandql.server.sweeps.parameters import (
    SCALES,
    Beta,
    Categorical,
    Constant,
    Continuous,
    IntUniform,
    Normal,
    Range,
    Weighted,
    inverse_of,
)
from wandql.server.sweeps.search import config_of, draw_point, leaves_of, value_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from random import Random

    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

    from wandql.graphql.scalars import JSONObject, JSONValue
    from wandql.server.sweeps.parameters import Drawable, Parameter

__all__ = ["INSTALLED", "Observation", "propose_point"]

INSTALLED: Final = find_spec("optuna") is not None
"""Whether the library is there."""

RANDOM_RUNS: Final = 10
"""How many runs with a value there are before their values count: fewer say too little."""

MOST: Final = 2_000
"""How many of the latest runs count: each proposal looks at all of them."""

EDGE: Final = 1e-12
"""How near a quantile comes to 0 and 1."""

_silencing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Observation:
    """What a run has shown.

    Attributes:
        config: The run's config, as on the wire.
        value: Its metric; None while it goes on.
    """

    config: Mapping[str, JSONValue]
    value: float | None


def propose_point(
    parameters: Mapping[str, Parameter],
    goal: Literal["minimize", "maximize"],
    observations: Sequence[Observation],
    chance: Random,
) -> JSONObject:
    """Return the point that promises most.

    Args:
        parameters: What is searched.
        goal: Whether a small value of the metric is good, or a large one.
        observations: The runs so far. Those that lie outside the parameters are passed over.
        chance: Where choices are free.
    """
    if sum(each.value is not None for each in observations) < RANDOM_RUNS:
        return draw_point(parameters, chance)
    axes = {".".join(path): (path, _Axis(parameter)) for path, parameter in leaves_of(parameters)}
    searched = {name: axis for name, (_, axis) in axes.items() if axis.free}
    trials = [trial for each in observations[-MOST:] if (trial := _trial(each, axes)) is not None]
    found = _ask(searched, goal, trials, chance.getrandbits(32)) if searched else {}
    return config_of(
        (path, axis.value(found[name]) if axis.free else axis.draw(chance)) for name, (path, axis) in axes.items()
    )


class _Axis:
    """A parameter as optuna knows it: by places on a scale, or by numbers of choices."""

    def __init__(self, parameter: Drawable) -> None:
        self._parameter = parameter

    @property
    def free(self) -> bool:
        """Whether there is anything to choose."""
        return not isinstance(self._parameter, Constant)

    def draw(self, chance: Random) -> JSONValue:
        """Return a value at random."""
        return self._parameter.draw(chance)

    @property
    def distribution(self) -> BaseDistribution:
        """The places."""
        from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

        match self._parameter:
            case Weighted(values=values, probabilities=weights):
                return CategoricalDistribution([at for at in range(len(values)) if weights[at] > 0])
            case Categorical(count=count):
                return CategoricalDistribution(range(count))
            case IntUniform(min=low, max=high):
                return IntDistribution(low, high)
            case Range() as bounded:
                there, _ = SCALES[bounded.scale]
                first, last = sorted((there(bounded.min), there(bounded.max)))
                return FloatDistribution(first, last)
            case _:
                return FloatDistribution(0, 1)

    def value(self, place: float) -> JSONValue:
        """Return the value at a place."""
        match self._parameter:
            case Weighted(values=values):
                return values[int(place)]
            case Categorical() as listed:
                return listed.at(int(place))
            case IntUniform():
                return int(place)
            case Range() as bounded:
                _, back = SCALES[bounded.scale]
                return bounded.rounded(bounded.clamped(back(place)))
            case Normal(mu=mu, sigma=sigma) as normal:
                deviation = NormalDist().inv_cdf(min(max(place, EDGE), 1 - EDGE))
                number = mu + sigma * deviation
                return normal.rounded(number if normal.scale == "normal" else math.exp(number))
            case Beta() as beta:
                return beta.rounded(place)
            case other:
                raise TypeError(f"A {type(other).__name__} has no place")

    def place(self, value: JSONValue) -> float | None:
        """Return the place of a value; None where there is none."""
        match self._parameter, value:
            case (Weighted(values=values), _):
                return next((at for at, one in enumerate(values) if one == value), None)
            case (Categorical() as listed, _):
                return listed.find(value)
            case (IntUniform() as whole, _):
                return None if whole.find(value) is None else value if isinstance(value, int | float) else None
            case (Continuous() as scaled, int() | float()):
                return _place_on(scaled, value)
            case _:
                return None


def _place_on(parameter: Continuous, value: float) -> float | None:
    try:
        match parameter:
            case Range() as bounded:
                place = inverse_of(bounded.scale)(value)
                there, _ = SCALES[bounded.scale]
                low, high = sorted((there(bounded.min), there(bounded.max)))
                # Rounding to steps leads a little past the ends.
                reach = (high - low) / 100
                return min(max(place, low), high) if low - reach <= place <= high + reach else None
            case Normal(mu=mu, sigma=sigma) as normal:
                number = value if normal.scale == "normal" else math.log(value)
                return NormalDist().cdf((number - mu) / sigma) if sigma else 0.5
            case _:
                return value if 0 <= value <= 1 else None
    except ValueError:
        return None  # the logarithm of what is not above zero


def _trial(observed: Observation, axes: Mapping[str, tuple[tuple[str, ...], _Axis]]) -> FrozenTrial | None:
    from optuna.trial import TrialState, create_trial

    places: dict[str, float] = {}
    for name, (path, axis) in axes.items():
        if axis.free:
            place = axis.place(value_in(observed.config, path))
            if place is None:
                return None
            places[name] = place
    state = TrialState.RUNNING if observed.value is None else TrialState.COMPLETE
    distributions = {name: axes[name][1].distribution for name in places}
    return create_trial(state=state, params=dict(places), distributions=distributions, value=observed.value)


def _ask(
    axes: Mapping[str, _Axis], goal: Literal["minimize", "maximize"], trials: Iterable[FrozenTrial], seed: int
) -> dict[str, float]:
    """Return the place on each axis that optuna proposes."""
    import optuna

    sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=1, multivariate=True, constant_liar=True)
    with _silencing:  # making a study is logged for whoever uses optuna by hand
        verbosity = optuna.logging.get_verbosity()
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        try:
            study = optuna.create_study(sampler=sampler, direction=goal)
        finally:
            optuna.logging.set_verbosity(verbosity)
    study.add_trials(trials)
    asked = study.ask({name: axis.distribution for name, axis in axes.items()})
    return {name: float(place) for name, place in asked.params.items()}
