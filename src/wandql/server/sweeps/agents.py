"""What an agent is told with the answer to its heartbeat.

The SDK obeys one command of an answer, so there is one at most, but for runs to stop. An agent executes one run at a
time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from wandql.server import tables
from wandql.server.documents import parse_object
from wandql.server.sweeps.definitions import read_definition
from wandql.server.sweeps.lookups import get_sweep
from wandql.server.sweeps.runs import (
    belongs,
    has_reached_target,
    is_exhausted,
    is_full,
    kill_untaken,
    next_point,
    propose_run,
    stop_runs,
)
from wandql.server.sweeps.stopping import find_hopeless

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement

    from wandql.graphql.scalars import JSONObject, JSONValue
    from wandql.server.context import Context
    from wandql.server.sweeps.records import AgentRecord, SweepRecord

__all__ = ["next_commands"]

UNHEARD: Final = 4_000_000
"""An agent that asks again so soon (in microseconds) has not got the answer: the SDK's heartbeats are five seconds
apart."""

EXIT: Final[JSONObject] = {"type": "exit"}


def next_commands(
    context: Context, sweep: SweepRecord, agent: AgentRecord, executing: Collection[str]
) -> list[JSONValue]:
    """Return what an agent shall do now, and write down that it was told.

    Args:
        context: The request.
        sweep: The agent's sweep.
        agent: The agent.
        executing: The ids of the runs whose processes it has.
    """
    _end_stopped(context, agent, executing)
    if sweep.state == "CANCELED":
        return _dismiss(context, agent)
    if executing:
        definition = read_definition(sweep.config)
        if definition.stopping and definition.metric:
            hopeless = find_hopeless(context, sweep, definition.stopping, definition.metric, [*executing])
            stop_runs(context, sweep, hopeless)
        return list(_stops(context, sweep, executing))
    if sweep.state == "PAUSED":
        return []
    if sweep.active and has_reached_target(context, sweep):
        _enter(context, sweep, "FINISHED")
        return _dismiss(context, agent)
    run = _next_run(context, sweep, agent) if sweep.active else None
    if run is not None:
        _enter(context, sweep, "RUNNING")
        return [run]
    if sweep.active:
        if not (read_definition(sweep.config).proposes or is_full(context, sweep)):
            return []
        _enter(context, sweep, "FINISHED")
        kill_untaken(context, sweep)
    return _dismiss(context, agent)


def _end_stopped(context: Context, agent: AgentRecord, executing: Collection[str]) -> None:
    """Take runs for killed whose processes the agent has ended: they had no time to say so."""
    runs, own = tables.runs.c, tables.sweep_runs.c
    given = select(own.run_key).where(own.agent_key == agent.key)
    ended = runs.key.in_(given) & (runs.state == "running") & runs.stopped & runs.name.not_in(executing)
    killed = update(tables.runs).where(ended).values(state="killed", updated_at=context.now)
    context.connection.execute(killed)


def _dismiss(context: Context, agent: AgentRecord) -> list[JSONValue]:
    agents = tables.agents
    context.connection.execute(update(agents).where(agents.c.key == agent.key).values(state="FINISHED"))
    return [EXIT]


def _stops(context: Context, sweep: SweepRecord, executing: Collection[str]) -> list[JSONObject]:
    """Return one command for each of these runs that somebody has asked to stop."""
    runs = tables.runs.c
    query = select(runs.name).where(belongs(sweep), runs.name.in_(executing), runs.stopped).order_by(runs.key)
    return [{"type": "stop", "run_id": name} for name in context.connection.execute(query).scalars()]


def _next_run(context: Context, sweep: SweepRecord, agent: AgentRecord) -> JSONObject | None:
    """Return the command to execute a run: the one whose command was lost, one that waits, or a new one."""
    own, runs, agents = tables.sweep_runs.c, tables.runs.c, tables.agents.c
    unbegun = (own.agent_key == agent.key) & (runs.state == "pending")
    lost = _first(context, sweep, unbegun & (own.given_at > context.now - UNHEARD))
    if lost is not None:
        return _command(context, agent, lost)
    # Their processes have ended before they reported anything.
    ended = select(own.run_key).join_from(tables.sweep_runs, tables.runs).where(unbegun)
    crash = update(tables.runs).where(runs.key.in_(ended))
    context.connection.execute(crash.values(state="crashed", updated_at=context.now))
    if is_exhausted(context, sweep):
        return None
    forsaken = (runs.state == "pending") & (own.agent_key.is_(None) | (agents.heartbeat_at < context.silent_since))
    waiting = _first(context, sweep, forsaken | (runs.state == "preempted"))
    if waiting is not None:
        return _command(context, agent, waiting)
    point = next_point(context, sweep)
    return None if point is None else _command(context, agent, propose_run(context, sweep, point))


def _first(context: Context, sweep: SweepRecord, condition: ColumnElement[bool]) -> int | None:
    """Return the key of the oldest run of a sweep that matches."""
    source = tables.sweep_runs.join(tables.runs).outerjoin(tables.agents)
    own = tables.sweep_runs.c
    query = select(own.run_key).select_from(source).where(own.sweep_key == sweep.key, condition)
    return context.connection.execute(query.order_by(own.run_key).limit(1)).scalar()


def _command(context: Context, agent: AgentRecord, key: int) -> JSONObject:
    """Give a run to an agent."""
    own, runs = tables.sweep_runs, tables.runs
    query = select(runs.c.name, runs.c.state, own.c.args).join_from(own, runs).where(runs.c.key == key)
    name, state, args = context.connection.execute(query).one()
    given = update(own).where(own.c.run_key == key).values(agent_key=agent.key, given_at=context.now)
    context.connection.execute(given)
    begun = update(runs).where(runs.c.key == key).values(state="pending", stopped=False, updated_at=context.now)
    context.connection.execute(begun)
    return {
        "type": "resume" if state == "preempted" else "run",
        "run_id": name,
        "args": parse_object(args, "The config of a run"),
        "program": read_definition(get_sweep(context, agent.sweep_key).config).program,
    }


def _enter(context: Context, sweep: SweepRecord, state: str) -> None:
    if sweep.state != state:
        sweeps = tables.sweeps
        change = update(sweeps).where(sweeps.c.key == sweep.key).values(state=state, updated_at=context.now)
        context.connection.execute(change)
