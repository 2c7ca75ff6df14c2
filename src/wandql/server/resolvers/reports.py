"""Reports, which the schema calls views: they are kept and found, and what they contain is the clients' affair."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final, TypedDict

from ariadne import MutationType, ObjectType, QueryType, SchemaBindable
from sqlalchemy import Select, delete, func, select, update

from wandql.server import tables
from wandql.server.documents import parse_object
from wandql.server.ids import decode_id
from wandql.server.lookups import find_project, get_project, get_user, own_entity, readable
from wandql.server.messages import Refusal
from wandql.server.pages import Page, Window
from wandql.server.records import ViewRecord
from wandql.server.store import add, fetch, fetch_first

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.context import Context
    from wandql.server.records import ProjectRecord, UserRecord

__all__ = ["BINDABLES"]

QUERY = QueryType()
MUTATION = MutationType()
PROJECT = ObjectType("Project")
VIEW = ObjectType("View")

COLUMNS: Final = tuple(tables.views.c[name] for name in ViewRecord.__slots__)
REPORT: Final = "runs"
SETTABLE: Final = ("type", "name", "display_name", "description", "spec")


class ViewInput(TypedDict, total=False):
    """What `upsertView` and `deleteView` take."""

    id: str | None
    entity_name: str | None
    project_name: str | None
    type: str | None
    name: str | None
    display_name: str | None
    description: str | None
    spec: str | None
    created_using: str | None
    delete_drafts: bool | None
    client_mutation_id: str | None


@QUERY.field("view")
def resolve_view(_root: None, info: GraphQLResolveInfo, id: str) -> ViewRecord | None:  # noqa: A002
    """Answer a report of a project that the user sees."""
    return _find(info.context, id)


@PROJECT.field("allViews")
def resolve_all_views(
    project: ProjectRecord,
    info: GraphQLResolveInfo,
    view_type: str | None = None,
    view_name: str | None = None,
    user_name: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[ViewRecord]:
    """Answer the reports of a project, the newest first."""
    context: Context = info.context
    views = tables.views.c
    matches = [views.project_key == project.key]
    matches += [views.type == view_type] if view_type else []
    matches += [views.name == view_name] if view_name else []
    if user_name:
        author = select(tables.users.c.key).where(tables.users.c.username == user_name)
        matches.append(views.user_key.in_(author))
    window = Window.of(first, after)
    query = select(*COLUMNS).where(*matches).order_by(views.created_at.desc(), views.key.desc())
    found = fetch(context.connection, query.offset(window.offset).limit(window.reach), ViewRecord)
    count = select(func.count()).where(*matches)
    return window.page(found, lambda: context.connection.execute(count).scalar_one())


@VIEW.field("user")
def resolve_user(view: ViewRecord, info: GraphQLResolveInfo) -> UserRecord | None:
    """Answer who wrote a report."""
    return None if view.user_key is None else get_user(info.context, view.user_key)


@VIEW.field("project")
def resolve_project(view: ViewRecord, info: GraphQLResolveInfo) -> ProjectRecord:
    """Answer which project a report belongs to."""
    return get_project(info.context, view.project_key)


@MUTATION.field("upsertView")
def resolve_upsert_view(_root: None, info: GraphQLResolveInfo, input: ViewInput) -> dict[str, object]:  # noqa: A002
    """Create a report, or change what the input names and is not null."""
    context: Context = info.context
    given = {name: input.get(name) for name in SETTABLE if input.get(name) is not None}
    if (spec := input.get("spec")) is not None:
        parse_object(spec, "the spec of a report")
    id_ = input.get("id")
    if id_:
        known = _owned(context, id_)
        changes = {**given, "updated_at": context.now}
        context.connection.execute(update(tables.views).where(tables.views.c.key == known.key).values(changes))
        key = known.key
    else:
        entity = own_entity(context, input.get("entity_name"))
        project = find_project(context, entity, input.get("project_name"))
        if project is None:
            raise Refusal(404, f"There is no project {entity.name}/{input.get('project_name')}.")
        values = {
            "project_key": project.key,
            "user_key": context.writer.key,
            "type": REPORT,
            "name": secrets.token_hex(6),
            "spec": "{}",
            "created_at": context.now,
            "updated_at": context.now,
            **given,
        }
        key = add(context.connection, tables.views, values)
    view = fetch_first(context.connection, select(*COLUMNS).where(tables.views.c.key == key), ViewRecord)
    return {"view": view, "inserted": not id_, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("deleteView")
def resolve_delete_view(_root: None, info: GraphQLResolveInfo, input: ViewInput) -> dict[str, object]:  # noqa: A002
    """Delete a report."""
    context: Context = info.context
    view = _owned(context, input.get("id") or "")
    context.connection.execute(delete(tables.views).where(tables.views.c.key == view.key))
    # A draft is a view of its own: nothing says which report it is a draft of.
    return {"success": True, "pendingDrafts": None, "clientMutationId": input.get("client_mutation_id")}


def _find(context: Context, id_: str) -> ViewRecord | None:
    query = _seen(context).where(tables.views.c.key == decode_id("View", id_))
    return fetch_first(context.connection, query, ViewRecord)


def _owned(context: Context, id_: str) -> ViewRecord:
    """Return a report for a change.

    Raises:
        Refusal: There is no such report where the user belongs (404), or the request carries no API key (401).
    """
    _ = context.writer
    view = _find(context, id_)
    if view is None:
        raise Refusal(404, f"There is no report with the id {id_!r}.")
    own_entity(context, get_project(context, view.project_key).entity_name)
    return view


def _seen(context: Context) -> Select[*tuple[Any, ...]]:
    return select(*COLUMNS).join_from(tables.views, tables.projects).join(tables.entities).where(readable(context))


BINDABLES: list[SchemaBindable] = [QUERY, MUTATION, PROJECT, VIEW]
