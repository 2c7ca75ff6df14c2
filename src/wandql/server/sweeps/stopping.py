"""Ending runs of a sweep that promise nothing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sqlalchemy import select

from wandql.server import tables
from wandql.server.databases.functions import members_of
from wandql.server.documents import parse_object
from wandql.server.runs.history_keys import value_at
from wandql.server.store import among
from wandql.server.sweeps.runs import belongs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wandql.server.context import Context
    from wandql.server.sweeps.definitions import Metric
    from wandql.server.sweeps.hyperband import Hyperband
    from wandql.server.sweeps.records import SweepRecord

__all__ = ["find_hopeless"]


def find_hopeless(
    context: Context, sweep: SweepRecord, rule: Hyperband, metric: Metric, executing: Sequence[str]
) -> list[str]:
    """Return the ids of those runs that are worse than most at the last bracket that they have reached.

    Args:
        context: The request.
        sweep: The sweep.
        rule: How to judge.
        metric: What makes a run better than another.
        executing: The ids of the runs to judge.
    """
    runs, sign = tables.runs.c, 1 if metric.goal == "minimize" else -1
    query = select(runs.key, runs.name).where(belongs(sweep), runs.name.in_(executing), ~runs.stopped)
    hopeless: list[str] = []
    for key, name in context.connection.execute(query).all():
        own = [sign * value for value in _values(context, key, metric.name, None)]
        bracket = max((each for each in rule.brackets if each <= len(own)), default=None)
        if bracket is None:
            continue
        others = (_values(context, other, metric.name, bracket) for other in _others(context, sweep, key, metric.name))
        there = sorted([*(sign * values[-1] for values in others if len(values) == bracket), own[bracket - 1]])
        threshold = there[math.floor(len(there) / rule.eta)]
        if (own[bracket - 1] if rule.strict else min(own)) > threshold:
            hopeless.append(name)
    return hopeless


def _others(context: Context, sweep: SweepRecord, key: int, metric: str) -> list[int]:
    """Return the other runs of a sweep that have logged the metric."""
    runs, sets = tables.runs.c, tables.key_sets
    named = members_of(sets.c.names)
    query = select(runs.key).join(sets, sets.c.run_key == runs.key).join(named, named.c.value == metric)
    return [*context.connection.execute(query.where(belongs(sweep), runs.key != key).distinct()).scalars()]


def _values(context: Context, run_key: int, metric: str, count: int | None) -> list[float]:
    """Return the first values of a metric that a run has logged, as far as they are numbers; all for None."""
    sets, history = tables.key_sets, tables.history.c
    named = members_of(sets.c.names)
    having = select(sets.c.key).join(named, named.c.value == metric).where(sets.c.run_key == run_key)
    keys = context.connection.execute(having.distinct()).scalars().all()
    query = select(history.row).where(history.run_key == run_key, among(history.key_set_key, keys))
    values: list[float] = []
    for row in context.connection.execute(query.order_by(history.step, history.line)).scalars():
        value = value_at(parse_object(row, "A row of the history"), metric)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            values.append(value)
        if len(values) == count:
            break
    return values
