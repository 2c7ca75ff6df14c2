"""Automations and the addresses that they send requests to. They are kept: this server carries out none."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypedDict

from ariadne import MutationType, ObjectType, SchemaBindable, UnionType
from pydantic_core import to_json
from sqlalchemy import and_, delete, func, or_, select, update

from wandql.server import tables
from wandql.server.artifacts.lookups import find_collection_by_id, get_collection
from wandql.server.artifacts.records import CollectionRecord
from wandql.server.documents import parse_object
from wandql.server.filters.conditions import compile_filter, read_filter
from wandql.server.filters.orders import compile_order
from wandql.server.ids import decode_id
from wandql.server.launch.automations import (
    AUTOMATION_COLUMNS,
    AUTOMATION_FIELDS,
    INTEGRATION_COLUMNS,
    Action,
    AriaAction,
    AutomationRecord,
    Condition,
    NoAction,
    QueueAction,
    WebhookAction,
    WebhookRecord,
)
from wandql.server.launch.lookups import get_queue, own_queue_by_id
from wandql.server.lookups import (
    check_may_change,
    check_may_write,
    get_entity,
    get_project,
    own_entity,
    own_project_by_id,
    readable,
    visible,
)
from wandql.server.messages import Refusal
from wandql.server.pages import Page, Window
from wandql.server.records import EntityRecord, OrganizationRecord, ProjectRecord
from wandql.server.store import add, fetch, fetch_first, fetch_one

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import GraphQLResolveInfo
    from sqlalchemy import ColumnElement

    from wandql.server.context import Context

__all__ = ["BINDABLES"]

logger: logging.Logger = logging.getLogger(__name__)

MUTATION = MutationType()
ENTITY = ObjectType("Entity")
ORGANIZATION = ObjectType("Organization")
PROJECT = ObjectType("Project")
TRIGGER = ObjectType("Trigger")
SCOPE = UnionType("TriggerScope")
ACTION = UnionType("TriggeredAction")
INTEGRATION = UnionType("Integration")

ACTIONS: Final[dict[type, str]] = {
    NoAction: "NoOpTriggeredAction",
    WebhookAction: "GenericWebhookTriggeredAction",
    QueueAction: "QueueJobTriggeredAction",
    AriaAction: "ARIATriggeredAction",
}


RUN_EVENTS: Final = frozenset(
    {"RUN_METRIC", "RUN_METRIC_CHANGE", "RUN_METRIC_ZSCORE", "RUN_STATE", "WEAVE_METRIC_THRESHOLD"}
)
"""Events whose filter comes back as it was sent."""


class WebhookActionInput(TypedDict):
    """A request to send."""

    integration_id: str
    request_payload: str | None


class QueueActionInput(TypedDict):
    """A run to add to a queue."""

    queue_id: str
    template: str


class AriaActionInput(TypedDict):
    """A task for an assistant."""

    prompt: str


class ActionInput(TypedDict, total=False):
    """What an action needs, by its kind."""

    generic_webhook_action_input: WebhookActionInput | None
    queue_job_action_input: QueueActionInput | None
    aria_action_input: AriaActionInput | None


class AutomationInput(TypedDict, total=False):
    """The inputs of `createFilterTrigger` and `updateFilterTrigger`. What is absent or null stays as it is."""

    id: str
    scope_type: str | None
    scope_id: str | None
    triggering_event_type: str | None
    event_filter: str | None
    triggered_action_type: str | None
    triggered_action_config: ActionInput | None
    name: str | None
    description: str | None
    enabled: bool | None
    client_mutation_id: str | None


class DeleteInput(TypedDict):
    """The input of `deleteTrigger`."""

    trigger_id: str
    client_mutation_id: str | None


class WebhookInput(TypedDict):
    """The input of `createGenericWebhookIntegration`."""

    entity_name: str
    name: str
    url_endpoint: str
    secret_ref: str | None
    access_token_ref: str | None
    client_mutation_id: str | None


@dataclass(frozen=True, slots=True)
class _Scope:
    """What an automation watches, as keys; the project is that of the collection, too."""

    entity_key: int
    project_key: int | None = None
    collection_key: int | None = None


@ENTITY.field("triggers")
def resolve_triggers(
    entity: EntityRecord,
    info: GraphQLResolveInfo,
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[AutomationRecord]:
    """Answer the automations of an entity and of what belongs to it."""
    return _page(info.context, entity.key, filters, order, Window.of(first, after))


@ORGANIZATION.field("triggers")
def resolve_triggers_of_organization(
    organization: OrganizationRecord,
    info: GraphQLResolveInfo,
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[AutomationRecord]:
    """Answer the automations of an organization and of its registries."""
    return _page(info.context, organization.entity_key, filters, order, Window.of(first, after))


@PROJECT.field("triggers")
def resolve_triggers_of_project(project: ProjectRecord, info: GraphQLResolveInfo) -> list[AutomationRecord]:
    """Answer the automations that watch a project or a collection of it."""
    automations = tables.automations.c
    query = select(*AUTOMATION_COLUMNS).where(automations.project_key == project.key).order_by(automations.key)
    return fetch(info.context.connection, query, AutomationRecord)


@ENTITY.field("integrations")
def resolve_integrations(
    entity: EntityRecord, info: GraphQLResolveInfo, first: int | None = None, after: str | None = None
) -> Page[WebhookRecord]:
    """Answer the addresses that an entity has connected."""
    context: Context = info.context
    webhooks, window = tables.webhook_integrations.c, Window.of(first, after)
    query = select(*INTEGRATION_COLUMNS).where(webhooks.entity_key == entity.key).order_by(webhooks.key)
    found = fetch(context.connection, query.offset(window.offset).limit(window.reach), WebhookRecord)
    count = select(func.count()).where(webhooks.entity_key == entity.key)
    return window.page(found, lambda: context.connection.execute(count).scalar_one())


@TRIGGER.field("scope")
def resolve_scope(
    automation: AutomationRecord, info: GraphQLResolveInfo
) -> CollectionRecord | ProjectRecord | EntityRecord:
    """Answer what an automation watches."""
    if automation.collection_key is not None:
        return get_collection(info.context, automation.collection_key)
    if automation.project_key is not None:
        return get_project(info.context, automation.project_key)
    return get_entity(info.context, automation.entity_key)


@TRIGGER.field("triggeringCondition")
def resolve_condition(automation: AutomationRecord, _info: GraphQLResolveInfo) -> Condition:
    """Answer what an automation waits for. The filter of what happens to artifacts comes back within an object."""
    text = automation.event_filter
    whole = automation.event_type in RUN_EVENTS
    return Condition(automation.event_type, text if whole else to_json({"filter": text}).decode())


@TRIGGER.field("triggeredAction")
def resolve_action(automation: AutomationRecord, info: GraphQLResolveInfo) -> Action:
    """Answer what an automation does."""
    context: Context = info.context
    if automation.integration_key is not None:
        query = select(*INTEGRATION_COLUMNS).where(tables.webhook_integrations.c.key == automation.integration_key)
        payload = automation.action.get("payload")
        webhook = fetch_one(context.connection, query, WebhookRecord)
        return WebhookAction(webhook, payload if isinstance(payload, str) else None)
    match automation.action:
        case {"template": str(template)}:
            return QueueAction(get_queue(context, automation.queue_key), template)
        case {"prompt": str(prompt)}:
            return AriaAction(prompt)
        case _:
            return NoAction()


@MUTATION.field("createFilterTrigger")
def resolve_create(_root: None, info: GraphQLResolveInfo, input: AutomationInput) -> dict[str, object]:  # noqa: A002
    """Keep an automation."""
    context: Context = info.context
    scope = _scope(context, input.get("scope_type"), input.get("scope_id") or "")
    values = {
        "user_key": context.writer.key,
        "created_at": context.now,
        **_changes(context, input, scope),
        "updated_at": context.now,
    }
    if not (name := input.get("name")):
        raise Refusal(400, "An automation needs a name.")
    _check_name(context, scope, name, None)
    key = add(context.connection, tables.automations, values)
    logger.warning("the automation %s is kept, but this server carries out none", input.get("name"))
    return _payload(input.get("client_mutation_id"), trigger=_get(context, key))


@MUTATION.field("updateFilterTrigger")
def resolve_update(_root: None, info: GraphQLResolveInfo, input: AutomationInput) -> dict[str, object]:  # noqa: A002
    """Change what the input names and is not null."""
    context: Context = info.context
    automation = _own(context, input.get("id") or "")
    scope = _Scope(automation.entity_key, automation.project_key, automation.collection_key)
    if id_ := input.get("scope_id"):
        scope = _scope(context, input.get("scope_type"), id_)
    _check_name(context, scope, input.get("name") or automation.name, automation.key)
    values = {**_changes(context, input, scope), "updated_at": context.now}
    automations = tables.automations
    context.connection.execute(update(automations).where(automations.c.key == automation.key).values(values))
    return _payload(input.get("client_mutation_id"), trigger=_get(context, automation.key))


@MUTATION.field("deleteTrigger")
def resolve_delete(_root: None, info: GraphQLResolveInfo, input: DeleteInput) -> dict[str, object]:  # noqa: A002
    """Delete an automation."""
    automation = _own(info.context, input["trigger_id"])
    automations = tables.automations
    info.context.connection.execute(delete(automations).where(automations.c.key == automation.key))
    return _payload(input.get("client_mutation_id"), success=True)


@MUTATION.field("createGenericWebhookIntegration")
def resolve_connect(_root: None, info: GraphQLResolveInfo, input: WebhookInput) -> dict[str, object]:  # noqa: A002
    """Keep an address."""
    context: Context = info.context
    entity, webhooks = own_entity(context, input["entity_name"]), tables.webhook_integrations
    known = select(webhooks.c.key).where(webhooks.c.entity_key == entity.key, webhooks.c.name == input["name"])
    if context.connection.execute(known).first():
        raise Refusal(409, f"There is an address {input['name']!r} in {entity.name} already.")
    values = {
        "entity_key": entity.key,
        "name": input["name"],
        "url_endpoint": input["url_endpoint"],
        "secret_ref": input.get("secret_ref"),
        "access_token_ref": input.get("access_token_ref"),
        "created_at": context.now,
    }
    webhook = WebhookRecord(add(context.connection, webhooks, values), input["name"], input["url_endpoint"])
    return _payload(input.get("client_mutation_id"), integration=webhook)


def _scope(context: Context, kind: str | None, id_: str) -> _Scope:
    """Find what an automation is to watch, which the user may change.

    Raises:
        Refusal: There is no such thing (404), or the user may only view it (403).
    """
    if kind == "ENTITY":
        query = select(tables.entities.c.key).where(tables.entities.c.key == decode_id("Entity", id_), visible(context))
        key: int | None = context.connection.execute(query).scalar()
        if key is None:
            raise Refusal(404, f"There is no entity with the id {id_!r}.")
        check_may_write(context, key)
        return _Scope(key)
    if kind == "PROJECT":
        project = own_project_by_id(context, id_)
        return _Scope(project.entity_key, project.key)
    collection = find_collection_by_id(context, id_)
    if collection is None:
        raise Refusal(404, f"There is no collection with the id {id_!r}.")
    project = get_project(context, collection.project_key)
    check_may_change(context, project)
    return _Scope(project.entity_key, project.key, collection.key)


def _changes(context: Context, given: AutomationInput, scope: _Scope) -> dict[str, object]:
    """Return what an input sets, by column."""
    if (text := given.get("event_filter")) is not None:
        parse_object(text, "The filter of the event")
    values: dict[str, object] = {
        "entity_key": scope.entity_key,
        "project_key": scope.project_key,
        "collection_key": scope.collection_key,
    }
    columns: Mapping[str, object] = {
        "name": given.get("name"),
        "description": given.get("description"),
        "enabled": given.get("enabled"),
        "event_type": given.get("triggering_event_type"),
        "event_filter": text,
    }
    values |= {name: value for name, value in columns.items() if value is not None}
    if (config := given.get("triggered_action_config")) is not None:
        values |= _action(context, given.get("triggered_action_type"), config, scope)
    return values


def _action(context: Context, kind: str | None, config: ActionInput, scope: _Scope) -> dict[str, object]:
    """Return what the action of an automation is, by column.

    Raises:
        Refusal: The server keeps no such action, or its part of the input is missing (400); or what it names does not
            exist (404).
    """
    values: dict[str, object] = {"action_type": kind, "integration_key": None, "queue_key": None, "action": {}}
    if kind == "NO_OP":
        return values
    if kind == "GENERIC_WEBHOOK" and (request := config.get("generic_webhook_action_input")):
        webhooks = tables.webhook_integrations.c
        key = decode_id("GenericWebhookIntegration", request["integration_id"])
        known = select(webhooks.key).join_from(tables.webhook_integrations, tables.entities)
        known = known.where(webhooks.key == key, visible(context), _may_lend(scope))
        if context.connection.execute(known).first() is None:
            raise Refusal(404, f"There is no address with the id {request['integration_id']!r} in the entity.")
        return {**values, "integration_key": key, "action": {"payload": request.get("request_payload")}}
    if kind == "QUEUE_JOB" and (job := config.get("queue_job_action_input")):
        queue = own_queue_by_id(context, job["queue_id"])
        return {**values, "queue_key": queue.key, "action": {"template": job["template"]}}
    if kind == "ARIA" and (task := config.get("aria_action_input")):
        return {**values, "action": {"prompt": task["prompt"]}}
    raise Refusal(
        400, f"This server keeps no automation with the action {kind}: no such service can be connected here."
    )


def _may_lend(scope: _Scope) -> ColumnElement[bool]:
    """Return the condition on `entities` that a scope may use their addresses.

    They are its own, and those of its organization's teams: automations of registries have no others.
    """
    owned, organizations = tables.organization_teams, tables.organizations
    teams = select(owned.c.entity_key).join_from(owned, organizations)
    teams = teams.where(organizations.c.entity_key == scope.entity_key)
    entities = tables.entities.c
    return or_(entities.key == scope.entity_key, entities.key.in_(teams))


def _check_name(context: Context, scope: _Scope, name: str, key: int | None) -> None:
    automations = tables.automations.c
    known = select(automations.key).where(automations.entity_key == scope.entity_key, automations.name == name)
    if context.connection.execute(known.where(automations.key.is_distinct_from(key))).first():
        owner = get_entity(context, scope.entity_key).name
        raise Refusal(409, f"There is an automation {name!r} in {owner} already.")


def _own(context: Context, id_: str) -> AutomationRecord:
    _ = context.writer
    automations = tables.automations.c
    query = select(*AUTOMATION_COLUMNS).where(automations.key == decode_id("Trigger", id_), _readable(context))
    automation = fetch_first(context.connection, query, AutomationRecord)
    if automation is None:
        raise Refusal(404, f"There is no automation with the id {id_!r}.")
    if automation.project_key is None:
        check_may_write(context, automation.entity_key)
    else:
        check_may_change(context, get_project(context, automation.project_key))
    return automation


def _get(context: Context, key: int) -> AutomationRecord:
    query = select(*AUTOMATION_COLUMNS).where(tables.automations.c.key == key)
    return fetch_one(context.connection, query, AutomationRecord)


def _page(
    context: Context, entity_key: int, filters: str | None, order: str | None, window: Window
) -> Page[AutomationRecord]:
    automations = tables.automations.c
    try:
        matching = compile_filter(read_filter(filters), AUTOMATION_FIELDS, context.dialect)
        terms = compile_order(order, AUTOMATION_FIELDS, automations.key, context.dialect)
    except ValueError as error:
        raise Refusal(400, str(error)) from None
    condition = (automations.entity_key == entity_key) & _readable(context) & matching
    query = select(*AUTOMATION_COLUMNS).where(condition).order_by(*terms)
    found = fetch(context.connection, query.offset(window.offset).limit(window.reach), AutomationRecord)
    count = select(func.count()).select_from(tables.automations).where(condition)
    return window.page(found, lambda: context.connection.execute(count).scalar_one())


def _readable(context: Context) -> ColumnElement[bool]:
    """Return the condition on `automations` that the user may read what they watch."""
    automations = tables.automations.c
    projects = select(tables.projects.c.key).join_from(tables.projects, tables.entities).where(readable(context))
    entities = select(tables.entities.c.key).where(visible(context))
    whole = and_(automations.project_key.is_(None), automations.entity_key.in_(entities))
    return or_(automations.project_key.in_(projects), whole)


def _payload(client_mutation_id: str | None, **fields: object) -> dict[str, object]:
    return {**fields, "clientMutationId": client_mutation_id}


def _kind_of_scope(scope: CollectionRecord | ProjectRecord | EntityRecord, *_place: object) -> str:
    match scope:
        case CollectionRecord():
            return "ArtifactSequence" if scope.is_sequence else "ArtifactPortfolio"
        case ProjectRecord():
            return "Project"
        case _:
            return "Entity"


def _kind_of_action(action: Action, *_place: object) -> str:
    return ACTIONS[type(action)]


def _kind_of_integration(_integration: WebhookRecord, *_place: object) -> str:
    return "GenericWebhookIntegration"


SCOPE.set_type_resolver(_kind_of_scope)
ACTION.set_type_resolver(_kind_of_action)
INTEGRATION.set_type_resolver(_kind_of_integration)

BINDABLES: list[SchemaBindable] = [
    MUTATION, ENTITY, ORGANIZATION, PROJECT, TRIGGER, SCOPE, ACTION, INTEGRATION,
]  # fmt: skip
