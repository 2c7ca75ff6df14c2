"""Finding queues, what is in them, and agents, by name, id or key.

What is looked up by name or id is found only in entities that the user belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import or_, select

from wandql.server import tables
from wandql.server.ids import decode_id
from wandql.server.launch.records import (
    AGENT_COLUMNS,
    CONFIG_COLUMNS,
    ITEM_COLUMNS,
    QUEUE_COLUMNS,
    LaunchAgentRecord,
    ResourceConfigRecord,
    RunQueueItemRecord,
    RunQueueRecord,
)
from wandql.server.lookups import check_may_change, find_project, get_project, own_entity, readable
from wandql.server.messages import Refusal
from wandql.server.store import fetch, fetch_first, fetch_one

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from wandql.server.context import Context
    from wandql.server.records import EntityRecord, ProjectRecord

__all__ = [
    "config_of",
    "fetch_queues",
    "find_agent",
    "find_config",
    "find_queue",
    "get_item",
    "get_queue",
    "own_agent_by_id",
    "own_item_by_id",
    "own_queue",
    "own_queue_by_id",
]

T = TypeVar("T")


def fetch_queues(context: Context, project: ProjectRecord) -> list[RunQueueRecord]:
    """Return the queues of a project that was found, by name."""
    queues = tables.run_queues.c
    query = select(*QUEUE_COLUMNS).where(queues.project_key == project.key, _mine(context)).order_by(queues.name)
    return fetch(context.connection, query, RunQueueRecord)


def find_queue(context: Context, project: ProjectRecord | None, name: str) -> RunQueueRecord | None:
    """Return a queue of a project that was found."""
    if project is None:
        return None
    queues = tables.run_queues.c
    query = select(*QUEUE_COLUMNS).where(queues.project_key == project.key, queues.name == name, _mine(context))
    return fetch_first(context.connection, query, RunQueueRecord)


def own_queue(context: Context, entity: str, project: str, name: str) -> RunQueueRecord:
    """Return a queue for a change.

    Raises:
        Refusal: There is no such queue (404), the user does not belong to the entity or may only view it (403), or the
            request carries no API key (401).
    """
    owner = own_entity(context, entity)
    return _there(find_queue(context, find_project(context, owner, project), name), f"queue {name!r} in {project}")


def own_queue_by_id(context: Context, id_: str) -> RunQueueRecord:
    """Return a queue by its opaque id, for a change.

    Raises:
        Refusal: There is no such queue in an entity that the user belongs to (404), the user may only view it (403), or
            the request carries no API key (401).
    """
    _ = context.writer
    source = tables.run_queues.join(tables.projects).join(tables.entities)
    query = select(*QUEUE_COLUMNS).select_from(source)
    query = query.where(tables.run_queues.c.key == decode_id("RunQueue", id_), readable(context), _mine(context))
    queue = _there(fetch_first(context.connection, query, RunQueueRecord), f"queue with the id {id_!r}")
    check_may_change(context, get_project(context, queue.project_key))
    return queue


def get_queue(context: Context, key: int | None) -> RunQueueRecord | None:
    """Return the queue of a row, if it is still there."""
    return fetch_first(context.connection, select(*QUEUE_COLUMNS).where(tables.run_queues.c.key == key), RunQueueRecord)


def get_item(context: Context, condition: ColumnElement[bool]) -> RunQueueItemRecord | None:
    """Return the first item that a condition on `run_queue_items` is true of."""
    query = select(*ITEM_COLUMNS).where(condition).order_by(tables.run_queue_items.c.key)
    return fetch_first(context.connection, query, RunQueueItemRecord)


def own_item_by_id(context: Context, id_: str) -> RunQueueItemRecord:
    """Return an item of a queue by its opaque id, for a change.

    Raises:
        Refusal: There is no such item in an entity that the user belongs to (404), the user may only view it (403), or
            the request carries no API key (401).
    """
    _ = context.writer
    items = tables.run_queue_items.c
    key = decode_id("RunQueueItem", id_)
    source = tables.run_queue_items.join(tables.run_queues).join(tables.projects).join(tables.entities)
    seen = select(items.key).select_from(source).where(readable(context), _mine(context))
    item = _there(get_item(context, (items.key == key) & items.key.in_(seen)), f"item with the id {id_!r}")
    query = select(*QUEUE_COLUMNS).where(tables.run_queues.c.key == item.queue_key)
    queue = fetch_one(context.connection, query, RunQueueRecord)
    check_may_change(context, get_project(context, queue.project_key))
    return item


def find_config(context: Context, entity: EntityRecord, id_: str) -> ResourceConfigRecord | None:
    """Return a config of an entity that was found, by its opaque id."""
    configs = tables.resource_configs.c
    key = decode_id("DefaultResourceConfig", id_)
    query = select(*CONFIG_COLUMNS).where(configs.entity_key == entity.key, configs.key == key)
    return fetch_first(context.connection, query, ResourceConfigRecord)


def config_of(context: Context, queue: RunQueueRecord) -> ResourceConfigRecord | None:
    """Return the config of a queue's machines."""
    query = select(*CONFIG_COLUMNS).where(tables.resource_configs.c.key == queue.config_key)
    return fetch_first(context.connection, query, ResourceConfigRecord)


def find_agent(context: Context, id_: str) -> LaunchAgentRecord | None:
    """Return an agent by its opaque id."""
    source = tables.launch_agents.join(tables.projects).join(tables.entities)
    query = select(*AGENT_COLUMNS).select_from(source)
    query = query.where(tables.launch_agents.c.key == decode_id("LaunchAgent", id_), readable(context))
    return fetch_first(context.connection, query, LaunchAgentRecord)


def own_agent_by_id(context: Context, id_: str) -> LaunchAgentRecord:
    """Return an agent by its opaque id, for a change.

    Raises:
        Refusal: There is no such agent in an entity that the user belongs to (404), the user may only view it (403), or
            the request carries no API key (401).
    """
    _ = context.writer
    agent = _there(find_agent(context, id_), f"launch agent with the id {id_!r}")
    check_may_change(context, get_project(context, agent.project_key))
    return agent


def _mine(context: Context) -> ColumnElement[bool]:
    queues = tables.run_queues.c
    return or_(queues.access == "PROJECT", queues.user_key == (context.user.key if context.user else None))


def _there(found: T | None, what: str) -> T:
    if found is None:
        raise Refusal(404, f"There is no {what}.")
    return found
