"""Queues of runs to start, the configs of their machines, and the agents that start what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ariadne import MutationType, ObjectType, QueryType, SchemaBindable
from sqlalchemy import delete, func, select, update

from wandql.server import tables
from wandql.server.documents import parse_object
from wandql.server.ids import decode_id, encode_id
from wandql.server.launch.lookups import (
    fetch_queues,
    find_agent,
    find_config,
    find_queue,
    get_item,
    own_agent_by_id,
    own_queue_by_id,
)
from wandql.server.launch.records import (
    ITEM_COLUMNS,
    LaunchAgentRecord,
    ResourceConfigRecord,
    RunQueueItemRecord,
    RunQueueRecord,
)
from wandql.server.lookups import find_project, own_entity
from wandql.server.messages import Refusal
from wandql.server.pages import Page, Window
from wandql.server.records import EntityRecord, ProjectRecord
from wandql.server.resolvers.projects import make_project, valid_name
from wandql.server.store import add, fetch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import GraphQLResolveInfo

    from wandql.server.context import Context

__all__ = ["BINDABLES"]

QUERY = QueryType()
MUTATION = MutationType()
ENTITY = ObjectType("Entity")
PROJECT = ObjectType("Project")
QUEUE = ObjectType("RunQueue")


class ResourceConfigInput(TypedDict):
    """The input of `createDefaultResourceConfig`."""

    entity_name: str
    resource: str
    config: str
    template_variables: str | None
    client_mutation_id: str | None


class QueueInput(TypedDict):
    """The inputs of `createRunQueue` and `upsertRunQueue`."""

    entity_name: str
    project_name: str
    queue_name: str
    access: str
    prioritization_mode: str | None
    default_resource_config_id: str | None
    resource_type: str
    resource_config: str
    template_variables: str | None
    external_links: str | None
    client_mutation_id: str | None


class DeleteQueuesInput(TypedDict):
    """The input of `deleteRunQueues`."""

    queue_ids: list[str]
    client_mutation_id: str | None


class AgentInput(TypedDict):
    """The inputs of `createLaunchAgent` and `updateLaunchAgent`."""

    entity_name: str
    project_name: str
    run_queues: list[str]
    hostname: str
    agent_config: str | None
    version: str | None
    launch_agent_id: str
    agent_status: str | None
    client_mutation_id: str | None


@QUERY.field("launchAgent")
def resolve_agent(_root: None, info: GraphQLResolveInfo, id: str) -> LaunchAgentRecord | None:  # noqa: A002
    """Answer an agent."""
    return find_agent(info.context, id)


@ENTITY.field("defaultResourceConfig")
def resolve_config(entity: EntityRecord, info: GraphQLResolveInfo, id: str) -> ResourceConfigRecord | None:  # noqa: A002
    """Answer the config of a queue's machines."""
    return find_config(info.context, entity, id)


@PROJECT.field("runQueues")
def resolve_queues(project: ProjectRecord, info: GraphQLResolveInfo) -> list[RunQueueRecord]:
    """Answer the queues of a project."""
    return fetch_queues(info.context, project)


@PROJECT.field("runQueue")
def resolve_queue(project: ProjectRecord, info: GraphQLResolveInfo, name: str) -> RunQueueRecord | None:
    """Answer a queue."""
    return find_queue(info.context, project, name)


@QUEUE.field("runQueueItems")
def resolve_items(
    queue: RunQueueRecord, info: GraphQLResolveInfo, first: int | None = None, after: str | None = None
) -> Page[RunQueueItemRecord]:
    """Answer what is in a queue."""
    context: Context = info.context
    items, window = tables.run_queue_items.c, Window.of(first, after)
    query = select(*ITEM_COLUMNS).where(items.queue_key == queue.key).order_by(items.key)
    found = fetch(context.connection, query.offset(window.offset).limit(window.reach), RunQueueItemRecord)
    count = select(func.count()).where(items.queue_key == queue.key)
    return window.page(found, lambda: context.connection.execute(count).scalar_one())


@QUEUE.field("runQueueItem")
def resolve_item(queue: RunQueueRecord, info: GraphQLResolveInfo, id: str) -> RunQueueItemRecord | None:  # noqa: A002
    """Answer one item of a queue."""
    items = tables.run_queue_items.c
    try:
        key = decode_id("RunQueueItem", id)
    except Refusal:
        return None
    return get_item(info.context, (items.queue_key == queue.key) & (items.key == key))


@MUTATION.field("createDefaultResourceConfig")
def resolve_create_config(_root: None, info: GraphQLResolveInfo, input: ResourceConfigInput) -> dict[str, object]:  # noqa: A002
    """Keep the config of a queue's machines."""
    context: Context = info.context
    entity = own_entity(context, input["entity_name"])
    key = _add_config(context, entity, input["resource"], input["config"], input.get("template_variables"))
    return _payload(input, success=True, defaultResourceConfigID=encode_id("DefaultResourceConfig", key))


@MUTATION.field("createRunQueue")
def resolve_create_queue(_root: None, info: GraphQLResolveInfo, input: QueueInput) -> dict[str, object]:  # noqa: A002
    """Make a queue."""
    context: Context = info.context
    entity = own_entity(context, input["entity_name"])
    if _known_queue(context, entity, input) is not None:
        raise Refusal(409, f"There is a queue {input['queue_name']!r} in {input['project_name']} already.")
    config_id = input.get("default_resource_config_id")
    config = find_config(context, entity, config_id) if config_id else None
    if config_id and config is None:
        raise Refusal(404, f"There is no config with the id {config_id!r} in {entity.name}.")
    key = _add_queue(context, entity, input, {"resource_config_key": config.key if config else None})
    return _payload(input, success=True, queueID=encode_id("RunQueue", key))


@MUTATION.field("upsertRunQueue")
def resolve_upsert_queue(_root: None, info: GraphQLResolveInfo, input: QueueInput) -> dict[str, object]:  # noqa: A002
    """Make a queue with its config, or change both. No kind of machines is known here that a config could violate."""
    context: Context = info.context
    entity = own_entity(context, input["entity_name"])
    config = _add_config(
        context, entity, input["resource_type"], input["resource_config"], input.get("template_variables")
    )
    if (links := input.get("external_links")) is not None:
        parse_object(links, "The external links")
    given = {"prioritization_mode": input.get("prioritization_mode"), "external_links": links}
    values: dict[str, object] = {
        "resource_config_key": config,
        **{name: value for name, value in given.items() if value is not None},
    }
    if (known := _known_queue(context, entity, input)) is None:
        _add_queue(context, entity, input, values)
    else:
        queues = tables.run_queues
        context.connection.execute(update(queues).where(queues.c.key == known.key).values(values))
        context.connection.execute(
            delete(tables.resource_configs).where(tables.resource_configs.c.key == known.config_key)
        )
    return _payload(input, success=True, configSchemaValidationErrors=list[str]())


@MUTATION.field("deleteRunQueues")
def resolve_delete_queues(_root: None, info: GraphQLResolveInfo, input: DeleteQueuesInput) -> dict[str, object]:  # noqa: A002
    """Delete queues with all that is in them."""
    context: Context = info.context
    for queue in [own_queue_by_id(context, id_) for id_ in input["queue_ids"]]:
        context.connection.execute(delete(tables.run_queues).where(tables.run_queues.c.key == queue.key))
    return _payload(input, success=True)


@MUTATION.field("createLaunchAgent")
def resolve_create_agent(_root: None, info: GraphQLResolveInfo, input: AgentInput) -> dict[str, object]:  # noqa: A002
    """Register an agent."""
    context: Context = info.context
    queues = [own_queue_by_id(context, id_) for id_ in input["run_queues"]]
    project = find_project(context, own_entity(context, input["entity_name"]), input["project_name"])
    if project is None or any(queue.project_key != project.key for queue in queues):
        raise Refusal(404, f"Not all of the queues are in {input['entity_name']}/{input['project_name']}.")
    agents = tables.launch_agents
    number: int = context.connection.execute(
        select(func.count()).where(agents.c.project_key == project.key)
    ).scalar_one()
    values = {
        "project_key": project.key,
        "name": f"{input['hostname']}-{number + 1}",
        "hostname": input["hostname"],
        "run_queues": input["run_queues"],
        "status": "POLLING",
        "config": input.get("agent_config"),
        "version": input.get("version"),
        "created_at": context.now,
        "heartbeat_at": context.now,
    }
    return _payload(input, launchAgentId=encode_id("LaunchAgent", add(context.connection, agents, values)))


@MUTATION.field("updateLaunchAgent")
def resolve_update_agent(_root: None, info: GraphQLResolveInfo, input: AgentInput) -> dict[str, object]:  # noqa: A002
    """Write down what an agent does."""
    context: Context = info.context
    agent = own_agent_by_id(context, input["launch_agent_id"])
    values = {"status": input.get("agent_status") or agent.agent_status, "heartbeat_at": context.now}
    agents = tables.launch_agents
    context.connection.execute(update(agents).where(agents.c.key == agent.key).values(values))
    return _payload(input, success=True)


def _known_queue(context: Context, entity: EntityRecord, given: QueueInput) -> RunQueueRecord | None:
    return find_queue(context, find_project(context, entity, given["project_name"]), given["queue_name"])


def _add_queue(context: Context, entity: EntityRecord, given: QueueInput, values: Mapping[str, object]) -> int:
    project = find_project(context, entity, given["project_name"])
    row: dict[str, object] = {
        "project_key": project.key if project else make_project(context, entity, given["project_name"]),
        "user_key": context.writer.key,
        "name": valid_name(given["queue_name"], "a queue"),
        "access": given.get("access") or "PROJECT",
        "prioritization_mode": given.get("prioritization_mode") or "DISABLED",
        "created_at": context.now,
    }
    return add(context.connection, tables.run_queues, {**row, **values})


def _add_config(context: Context, entity: EntityRecord, resource: str, config: str, variables: str | None) -> int:
    parse_object(config, "The config")
    for name, value in parse_object(variables or "{}", "The template variables").items():
        if not isinstance(value, dict):
            raise Refusal(400, f"The template variable {name!r} has no schema.")
    values = {
        "entity_key": entity.key,
        "resource": resource,
        "config": config,
        "template_variables": variables or "{}",
        "created_at": context.now,
    }
    return add(context.connection, tables.resource_configs, values)


def _payload(
    given: ResourceConfigInput | QueueInput | DeleteQueuesInput | AgentInput, **fields: object
) -> dict[str, object]:
    return {**fields, "clientMutationId": given.get("client_mutation_id")}


BINDABLES: list[SchemaBindable] = [QUERY, MUTATION, ENTITY, PROJECT, QUEUE]
