"""What is in queues: added, taken by agents, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ariadne import MutationType, SchemaBindable
from sqlalchemy import delete, select, update

from wandql.server import tables
from wandql.server.ids import encode_id
from wandql.server.launch.items import push_item
from wandql.server.launch.lookups import config_of, own_agent_by_id, own_item_by_id, own_queue, own_queue_by_id
from wandql.server.launch.records import ITEM_COLUMNS, RunQueueItemRecord, RunQueueRecord
from wandql.server.launch.specs import complete_spec
from wandql.server.messages import Refusal
from wandql.server.store import fetch_first

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.context import Context

__all__ = ["BINDABLES"]

MUTATION = MutationType()


class PushInput(TypedDict):
    """The inputs of `pushToRunQueue` and `pushToRunQueueByName`."""

    queue_id: str
    entity_name: str
    project_name: str
    queue_name: str
    run_spec: str
    template_variable_values: str | None
    priority: int | None
    client_mutation_id: str | None


class PopInput(TypedDict):
    """The input of `popFromRunQueue`."""

    entity_name: str
    project_name: str
    queue_name: str
    launch_agent_id: str | None
    client_mutation_id: str | None


class ItemInput(TypedDict):
    """The inputs of mutations that tell what becomes of an item."""

    run_queue_item_id: str
    run_name: str
    queue_id: str
    message: str
    stage: str
    file_paths: list[str] | None
    client_mutation_id: str | None


@MUTATION.field("pushToRunQueue")
def resolve_push(_root: None, info: GraphQLResolveInfo, input: PushInput) -> dict[str, object]:  # noqa: A002
    """Add a run to a queue by the queue's id."""
    return _push(info.context, own_queue_by_id(info.context, input["queue_id"]), input)


@MUTATION.field("pushToRunQueueByName")
def resolve_push_by_name(_root: None, info: GraphQLResolveInfo, input: PushInput) -> dict[str, object]:  # noqa: A002
    """Add a run to a queue by the queue's name."""
    queue = own_queue(info.context, input["entity_name"], input["project_name"], input["queue_name"])
    return _push(info.context, queue, input)


@MUTATION.field("popFromRunQueue")
def resolve_pop(_root: None, info: GraphQLResolveInfo, input: PopInput) -> dict[str, object] | None:  # noqa: A002
    """Lease the next run of a queue to an agent."""
    context: Context = info.context
    queue = own_queue(context, input["entity_name"], input["project_name"], input["queue_name"])
    agent = own_agent_by_id(context, id_) if (id_ := input.get("launch_agent_id")) else None
    if agent is not None:
        agents = tables.launch_agents
        context.connection.execute(update(agents).where(agents.c.key == agent.key).values(heartbeat_at=context.now))
    items = tables.run_queue_items.c
    query = select(*ITEM_COLUMNS).where(items.queue_key == queue.key, items.state == "PENDING")
    order = [items.key] if queue.prioritization_mode == "DISABLED" else [items.priority, items.key]
    item = fetch_first(context.connection, query.order_by(*order), RunQueueItemRecord)
    if item is None:
        return None
    _change(context, item, state="LEASED", agent_key=agent.key if agent else None)
    return {
        "runQueueItemId": encode_id("RunQueueItem", item.key),
        "runSpec": complete_spec(item, config_of(context, queue)),
        "clientMutationId": input.get("client_mutation_id"),
    }


@MUTATION.field("ackRunQueueItem")
def resolve_ack(_root: None, info: GraphQLResolveInfo, input: ItemInput) -> dict[str, object]:  # noqa: A002
    """Write down which run was started for an item that an agent has leased."""
    item = own_item_by_id(info.context, input["run_queue_item_id"])
    leased = item.state == "LEASED"
    if leased:
        _change(info.context, item, state="CLAIMED", run_name=input["run_name"])
    return {"success": leased, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("failRunQueueItem")
def resolve_fail(_root: None, info: GraphQLResolveInfo, input: ItemInput) -> dict[str, object]:  # noqa: A002
    """Write down that an item could not be started."""
    item = own_item_by_id(info.context, input["run_queue_item_id"])
    _change(info.context, item, state="FAILED", trouble=_trouble(input))
    return {"success": True, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("updateRunQueueItemWarning")
def resolve_warn(_root: None, info: GraphQLResolveInfo, input: ItemInput) -> dict[str, object]:  # noqa: A002
    """Write down what is not as it should be with an item."""
    item = own_item_by_id(info.context, input["run_queue_item_id"])
    _change(info.context, item, trouble=_trouble(input))
    return {"success": True, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("deleteFromRunQueue")
def resolve_delete(_root: None, info: GraphQLResolveInfo, input: ItemInput) -> dict[str, object]:  # noqa: A002
    """Delete an item of a queue."""
    queue = own_queue_by_id(info.context, input["queue_id"])
    item = own_item_by_id(info.context, input["run_queue_item_id"])
    if item.queue_key != queue.key:
        raise Refusal(404, f"There is no such item in the queue {queue.name!r}.")
    items = tables.run_queue_items
    info.context.connection.execute(delete(items).where(items.c.key == item.key))
    return {"success": True, "clientMutationId": input.get("client_mutation_id")}


def _push(context: Context, queue: RunQueueRecord, given: PushInput) -> dict[str, object]:
    spec = given["run_spec"]
    return {
        "runQueueItemId": push_item(context, queue, spec, given.get("template_variable_values"), given.get("priority")),
        "runSpec": spec,
        "clientMutationId": given.get("client_mutation_id"),
    }


def _change(context: Context, item: RunQueueItemRecord, **values: object) -> None:
    items = tables.run_queue_items
    context.connection.execute(update(items).where(items.c.key == item.key).values(values))


def _trouble(given: ItemInput) -> dict[str, object]:
    return {"message": given["message"], "stage": given["stage"], "file_paths": given.get("file_paths") or []}


BINDABLES: list[SchemaBindable] = [MUTATION]
