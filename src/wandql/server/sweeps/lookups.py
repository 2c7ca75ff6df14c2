"""Finding sweeps and agents by name, id or key.

What is looked up by name or id is found only in entities that the user belongs to. What belongs to a row that was
found that way is looked up by key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from wandql.server import tables
from wandql.server.ids import decode_id
from wandql.server.lookups import check_may_change, find_project, get_project, own_entity, readable
from wandql.server.messages import Refusal
from wandql.server.store import fetch, fetch_first, fetch_one
from wandql.server.sweeps.records import SWEEP_COLUMNS, AgentRecord, SweepRecord, agent_columns

if TYPE_CHECKING:
    from wandql.server.context import Context
    from wandql.server.records import ProjectRecord

__all__ = [
    "fetch_agents",
    "find_agent",
    "find_sweep",
    "get_agent",
    "get_sweep",
    "own_agent_by_id",
    "own_sweep",
    "own_sweep_by_id",
]


def find_sweep(context: Context, project: ProjectRecord | None, name: str) -> SweepRecord | None:
    """Return a sweep of a project that was found."""
    if project is None:
        return None
    sweeps = tables.sweeps.c
    query = select(*SWEEP_COLUMNS).where(sweeps.project_key == project.key, sweeps.name == name)
    return fetch_first(context.connection, query, SweepRecord)


def own_sweep(context: Context, entity: str | None, project: str | None, name: str) -> SweepRecord:
    """Return a sweep for a change.

    Raises:
        Refusal: There is no such sweep (404), the user does not belong to the entity or may only view it (403), or the
            request carries no API key (401).
    """
    owner = own_entity(context, entity)
    sweep = find_sweep(context, find_project(context, owner, project), name)
    if sweep is None:
        raise Refusal(404, f"There is no sweep {owner.name}/{project}/{name}.")
    return sweep


def own_sweep_by_id(context: Context, id_: str) -> SweepRecord:
    """Return a sweep by its opaque id, for a change.

    Raises:
        Refusal: There is no such sweep in an entity that the user belongs to (404), the user may only view it (403),
            or the request carries no API key (401).
    """
    _ = context.writer
    source = tables.sweeps.join(tables.projects).join(tables.entities)
    query = select(*SWEEP_COLUMNS).select_from(source)
    query = query.where(tables.sweeps.c.key == decode_id("Sweep", id_), readable(context))
    sweep = fetch_first(context.connection, query, SweepRecord)
    if sweep is None:
        raise Refusal(404, f"There is no sweep with the id {id_!r}.")
    check_may_change(context, get_project(context, sweep.project_key))
    return sweep


def get_sweep(context: Context, key: int) -> SweepRecord:
    """Return the sweep of a row."""
    return fetch_one(context.connection, select(*SWEEP_COLUMNS).where(tables.sweeps.c.key == key), SweepRecord)


def fetch_agents(context: Context, sweep: SweepRecord) -> list[AgentRecord]:
    """Return the agents of a sweep that was found, the first to register first."""
    agents = tables.agents.c
    query = select(*agent_columns(context.silent_since)).where(agents.sweep_key == sweep.key).order_by(agents.key)
    return fetch(context.connection, query, AgentRecord)


def find_agent(context: Context, sweep: SweepRecord, name: str) -> AgentRecord | None:
    """Return an agent of a sweep that was found."""
    agents = tables.agents.c
    query = select(*agent_columns(context.silent_since)).where(agents.sweep_key == sweep.key, agents.name == name)
    return fetch_first(context.connection, query, AgentRecord)


def own_agent_by_id(context: Context, id_: str) -> AgentRecord:
    """Return an agent by its opaque id, for a change.

    Raises:
        Refusal: There is no such agent of a sweep in an entity that the user belongs to (404): the sweep may be
            gone. The user may only view it (403), or the request carries no API key (401).
    """
    _ = context.writer
    source = tables.agents.join(tables.sweeps).join(tables.projects).join(tables.entities)
    query = select(*agent_columns(context.silent_since)).select_from(source)
    query = query.where(tables.agents.c.key == decode_id("Agent", id_), readable(context))
    agent = fetch_first(context.connection, query, AgentRecord)
    if agent is None:
        raise Refusal(404, f"There is no agent with the id {id_!r}, or its sweep was deleted.")
    check_may_change(context, get_project(context, get_sweep(context, agent.sweep_key).project_key))
    return agent


def get_agent(context: Context, key: int) -> AgentRecord:
    """Return the agent of a row."""
    query = select(*agent_columns(context.silent_since)).where(tables.agents.c.key == key)
    return fetch_one(context.connection, query, AgentRecord)
