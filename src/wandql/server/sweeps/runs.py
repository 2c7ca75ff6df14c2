"""The runs of a sweep: which belong to it, which it proposes next, and which wait for an agent."""

from __future__ import annotations

import string
import sys
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, case, func, insert, or_, select, update

from wandql.server import tables
from wandql.server.databases.upserts import replace
from wandql.server.documents import dump, index_of, parse_object
from wandql.server.filters.cells import cell_of
from wandql.server.runs.fields import source_of_runs
from wandql.server.runs.listing import add_run, count_runs, filter_runs
from wandql.server.runs.names import make_name_in_sweep
from wandql.server.sweeps.bayes import Observation, propose_point
from wandql.server.sweeps.definitions import read_definition
from wandql.server.sweeps.fields import SUMMARY
from wandql.server.sweeps.search import draw_point

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table

    from wandql.graphql.scalars import JSONObject
    from wandql.server.context import Context
    from wandql.server.sweeps.definitions import Metric
    from wandql.server.sweeps.records import SweepRecord

__all__ = [
    "Point",
    "attach_prior_runs",
    "belongs",
    "best_value",
    "has_reached_target",
    "is_exhausted",
    "is_full",
    "kill_untaken",
    "make_name",
    "next_point",
    "prior_to",
    "propose_run",
    "stop_runs",
]

LETTERS: Final = string.ascii_lowercase + string.digits

UNENDED: Final = ("pending", "preempting", "running")
"""The states of runs that a stop concerns."""


@dataclass(frozen=True, slots=True)
class Point:
    """What a run tries.

    Attributes:
        args: The run's config, as on the wire.
        number: Its number on the grid.
    """

    args: JSONObject
    number: int | None = None


def make_name(context: Context, table: Table, owner: ColumnElement[bool]) -> str:
    """Return a new id, as sweeps, their agents and their runs have it.

    Args:
        context: The request.
        table: Where the row will be that it names.
        owner: The condition on the rows among which it must be unique.
    """
    names = ("".join(context.chance.choices(LETTERS, k=8)) for _ in count())
    taken = select(table.c.key).where(owner)
    return next(name for name in names if context.connection.execute(taken.where(table.c.name == name)).first() is None)


def belongs(sweep: SweepRecord) -> ColumnElement[bool]:
    """Return the condition on `runs` that they belong to a sweep."""
    runs = tables.runs.c
    return and_(runs.project_key == sweep.project_key, runs.sweep_name == sweep.name)


def prior_to(sweep: SweepRecord) -> ColumnElement[bool]:
    """Return the condition on `runs` that they are from before a sweep and count in its search."""
    prior = tables.prior_runs.c
    return tables.runs.c.key.in_(select(prior.run_key).where(prior.sweep_key == sweep.key))


def next_point(context: Context, sweep: SweepRecord) -> Point | None:
    """Return what a sweep tries next; None if nothing is left to try, or if it is not this server that proposes."""
    definition = read_definition(sweep.config)
    if not definition.proposes:
        return None
    if is_full(context, sweep):
        return None
    if definition.method == "bayes" and definition.metric:
        observed = _observations(context, sweep, definition.metric)
        return Point(propose_point(definition.parameters, definition.metric.goal, observed, context.chance))
    grid = definition.grid
    if grid is None:
        return Point(draw_point(definition.parameters, context.chance))
    tried = _tried(context, sweep)
    number = next(number for number in count() if number not in tried)
    return Point(grid.point(number), number) if number < grid.size else None


def has_reached_target(context: Context, sweep: SweepRecord) -> bool:
    """Whether a run of a sweep has a value of the metric that is as good as the definition wants it."""
    metric = read_definition(sweep.config).metric
    if metric is None or metric.target is None:
        return False
    best = best_value(context, sweep, metric)
    return best is not None and (best <= metric.target if metric.goal == "minimize" else best >= metric.target)


def best_value(context: Context, sweep: SweepRecord, metric: Metric) -> float | None:
    """Return the best value of a metric in the summaries of a sweep's runs.

    What is not a finite number is passed over.
    """
    cell = cell_of(SUMMARY.field(metric.name), context.dialect)
    best = func.min(cell.number) if metric.goal == "minimize" else func.max(cell.number)
    finite = func.abs(cell.number) < sys.float_info.max
    return context.connection.execute(select(best).where(belongs(sweep), cell.is_a("number"), finite)).scalar()


def is_full(context: Context, sweep: SweepRecord) -> bool:
    """Whether a sweep has as many runs as its definition allows."""
    cap = read_definition(sweep.config).run_cap
    return cap is not None and count_runs(context, belongs(sweep)) >= cap


def is_exhausted(context: Context, sweep: SweepRecord) -> bool:
    """Whether agents have begun as many runs of a sweep as its definition allows."""
    cap = read_definition(sweep.config).run_cap
    if cap is None:
        return False
    return count_runs(context, belongs(sweep) & ~_untaken(sweep)) >= cap


def kill_untaken(context: Context, sweep: SweepRecord) -> None:
    """End the runs that no agent has begun, and that none will begin."""
    killed = update(tables.runs).where(belongs(sweep), _untaken(sweep))
    context.connection.execute(killed.values(state="killed", updated_at=context.now))


def _untaken(sweep: SweepRecord) -> ColumnElement[bool]:
    own, runs = tables.sweep_runs.c, tables.runs.c
    keys = select(own.run_key).where(own.sweep_key == sweep.key, own.agent_key.is_(None))
    return (runs.state == "pending") & runs.key.in_(keys)


def propose_run(context: Context, sweep: SweepRecord, point: Point, display_name: str | None = None) -> int:
    """Add a run that waits for an agent and return its key.

    Raises:
        Refusal: The request carries no API key (401).
    """
    config = dump(point.args)
    columns = {
        "state": "pending",
        "sweep_name": sweep.name,
        "config": config,
        "config_index": index_of(config, "The config"),
    }
    name = make_name(context, tables.runs, tables.runs.c.project_key == sweep.project_key)
    columns["display_name"] = display_name or make_name_in_sweep(name, count_runs(context, belongs(sweep)) + 1)
    key = add_run(context, sweep.project_key, name, columns)
    values = {"run_key": key, "sweep_key": sweep.key, "number": point.number, "args": config}
    context.connection.execute(insert(tables.sweep_runs).values(values))
    return key


def stop_runs(context: Context, sweep: SweepRecord, names: list[str] | None = None) -> None:
    """Ask runs of a sweep to stop; those that have not begun are killed at once.

    Args:
        context: The request.
        sweep: The sweep.
        names: The ids of the runs; all for None.
    """
    runs = tables.runs.c
    condition = belongs(sweep) & runs.state.in_(UNENDED)
    if names is not None:
        condition &= runs.name.in_(names)
    statement = update(tables.runs).where(condition)
    context.connection.execute(statement.values(stopped=True, updated_at=context.now))
    context.connection.execute(statement.where(runs.state == "pending").values(state="killed"))


def attach_prior_runs(context: Context, sweep: SweepRecord, filters: str | None = None) -> None:
    """Let earlier runs count in the search of a sweep: points of a grid that they have tried are not tried again.

    Args:
        context: The request.
        sweep: The sweep.
        filters: Which runs of the project, as JSON text; None for those that are attached already, which may stand
            elsewhere on another grid.

    Raises:
        Refusal: The filter cannot be read (400).
    """
    runs, prior = tables.runs.c, tables.prior_runs
    attached = prior_to(sweep)
    chosen = attached if filters is None else or_(attached, filter_runs(filters, context.dialect))
    query = select(runs.key, runs.config).select_from(source_of_runs(chosen))
    query = query.where(runs.project_key == sweep.project_key, chosen)
    grid = read_definition(sweep.config).grid
    rows = [
        {
            "sweep_key": sweep.key,
            "run_key": key,
            "number": grid.find(parse_object(config or "{}", "The config")) if grid else None,
        }
        for key, config in context.connection.execute(query, {"silent_since": context.silent_since})
    ]
    if rows:
        context.connection.execute(replace(prior), rows)


def _observations(context: Context, sweep: SweepRecord, metric: Metric) -> list[Observation]:
    """Return what the runs of a sweep have shown, and those that count in its search: the first one first."""
    runs, cell = tables.runs.c, cell_of(SUMMARY.field(metric.name), context.dialect)
    value = case((cell.is_a("number"), cell.number))
    query = select(runs.config, runs.state, value).where(or_(belongs(sweep), prior_to(sweep)))
    return [
        Observation(parse_object(config or "{}", "The config"), None if number is None else float(number))
        for config, state, number in context.connection.execute(query.order_by(runs.created_at, runs.key))
        if (number is not None and abs(number) < sys.float_info.max) or (number is None and state in UNENDED)
    ]


def _tried(context: Context, sweep: SweepRecord) -> set[int | None]:
    own, prior = tables.sweep_runs.c, tables.prior_runs.c
    numbers = select(own.number).where(own.sweep_key == sweep.key)
    earlier = select(prior.number).where(prior.sweep_key == sweep.key)
    return set(context.connection.execute(numbers.union(earlier)).scalars())
