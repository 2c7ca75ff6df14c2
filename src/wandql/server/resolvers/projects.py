"""Projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ariadne import MutationType, ObjectType, QueryType, SchemaBindable
from pydantic_core import from_json
from sqlalchemy import func, select, update

from wandql.server import tables
from wandql.server.artifacts.registries import (
    ACCESSES,
    ArtifactTypeInput,
    change_registry,
    is_organization,
    is_registry,
    is_registry_name,
    set_role,
)
from wandql.server.ids import encode_id
from wandql.server.lookups import (
    check_may_change,
    find_entity,
    find_project,
    find_projects,
    get_entity,
    get_project,
    get_user,
    may_change,
    near_entity,
    own_entity,
    own_project_by_id,
    unrestricted,
)
from wandql.server.messages import Refusal
from wandql.server.names import flaw_of_name
from wandql.server.pages import Page, Window
from wandql.server.people import ADMIN
from wandql.server.records import EntityRecord, ProjectRecord, UserRecord
from wandql.server.statements import RESTRICTED
from wandql.server.store import add

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.graphql.scalars import JSONValue
    from wandql.server.context import Context

__all__ = ["BINDABLES", "make_project", "valid_name"]

QUERY = QueryType()
MUTATION = MutationType()
PROJECT = ObjectType("Project")


class UpsertModelInput(TypedDict, total=False):
    """The input of `upsertModel`."""

    id: str | None
    name: str | None
    entity_name: str | None
    description: str | None
    repo: str | None
    access: str | None
    allow_all_artifact_types_in_registry: bool | None
    artifact_types: list[ArtifactTypeInput] | None
    is_benchmark: bool | None
    views: str | None
    client_mutation_id: str | None


@QUERY.field("project")
@QUERY.field("model")
def resolve_project(
    _root: None, info: GraphQLResolveInfo, name: str | None = None, entity_name: str | None = None
) -> ProjectRecord | None:
    """Answer a project of an entity that the user belongs to."""
    return find_project(info.context, find_entity(info.context, entity_name), name)


@QUERY.field("models")
def resolve_projects(
    _root: None,
    info: GraphQLResolveInfo,
    entity_name: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[ProjectRecord] | None:
    """Answer the projects of an entity that the user belongs to; null for any other, as if there were none."""
    context: Context = info.context
    window = Window.of(first, after)
    entity = find_entity(context, entity_name)
    if entity is None:
        return None
    projects = find_projects(context, entity, offset=window.offset, limit=window.reach)
    count = select(func.count()).where(tables.projects.c.entity_key == entity.key, unrestricted(context))
    return window.page(projects, lambda: context.connection.execute(count).scalar_one())


@PROJECT.field("internalId")
def resolve_internal_id(project: ProjectRecord, _info: GraphQLResolveInfo) -> str:
    """Answer the id that clients read the project's number from."""
    return encode_id("ProjectInternalId", project.key)


@PROJECT.field("entity")
def resolve_entity(project: ProjectRecord, info: GraphQLResolveInfo) -> EntityRecord:
    """Answer the project's owner."""
    return get_entity(info.context, project.entity_key)


@PROJECT.field("user")
def resolve_user(project: ProjectRecord, info: GraphQLResolveInfo) -> UserRecord | None:
    """Answer who created the project."""
    return None if project.user_key is None else get_user(info.context, project.user_key)


@PROJECT.field("dockerImage")
def resolve_docker_image(_project: ProjectRecord, _info: GraphQLResolveInfo) -> None:
    """Answer that no client can name one to this server."""


@PROJECT.field("views")
def resolve_views(project: ProjectRecord, _info: GraphQLResolveInfo) -> JSONValue:
    """Answer the saved layout of a workspace."""
    views: JSONValue = from_json(project.views) if project.views else None
    return views


@PROJECT.field("readOnly")
def resolve_read_only(project: ProjectRecord, info: GraphQLResolveInfo) -> bool:
    """Answer whether the user may only view the project."""
    return not may_change(info.context, project)


@MUTATION.field("upsertModel")
def resolve_upsert_model(_root: None, info: GraphQLResolveInfo, input: UpsertModelInput) -> dict[str, object]:  # noqa: A002
    """Create a project, or change what the input names and is not null."""
    context: Context = info.context
    owner = input.get("entity_name")
    id_, name, access = input.get("id"), input.get("name"), input.get("access")
    if access not in {None, *ACCESSES}:
        raise Refusal(400, f"{access!r} is no access to a project: there are {', '.join(sorted(ACCESSES))}.")
    known = own_project_by_id(context, id_) if id_ else find_project(context, near_entity(context, owner), name)
    if known is None:
        key = make_project(context, own_entity(context, owner), name, registry=is_registry_name(name or ""))
    else:
        check_may_change(context, known)
        key = known.key
    values = {name: input.get(name) for name in ("name", "description", "repo", "access", "is_benchmark", "views")}
    changes = {name: value for name, value in values.items() if value is not None} | {"updated_at": context.now}
    context.connection.execute(update(tables.projects).where(tables.projects.c.key == key).values(changes))
    project = get_project(context, key)
    if is_registry(project):
        allows_all, types = input.get("allow_all_artifact_types_in_registry"), input.get("artifact_types") or ()
        change_registry(context, project, allows_all_types=allows_all, types=types)
    if access == RESTRICTED or (known is None and is_registry(project)):
        set_role(context, project, ADMIN, user=context.writer.key, team=None)
    return {
        "project": project,
        "model": project,
        "inserted": known is None,
        "clientMutationId": input.get("client_mutation_id"),
    }


def make_project(context: Context, entity: EntityRecord, name: str | None, *, registry: bool = False) -> int:
    """Create a project and return its key.

    Args:
        context: The request.
        entity: Its owner.
        name: Its name.
        registry: Whether a registry is wanted: an organization has no other projects, and clients that list its
            registries take all of them for such.

    Raises:
        Refusal: The name is empty, too long or holds a character that a path cannot hold (400), the user was not
            admitted to the project of this name, or the owner is an organization (403).
    """
    projects = tables.projects.c
    if not registry and is_organization(context, entity):
        raise Refusal(403, f"permission denied: {entity.name} belongs to an organization: log to a team or a user.")
    hidden = select(projects.key).where(projects.entity_key == entity.key, projects.name == name)
    if context.connection.execute(hidden).first():
        raise Refusal(403, f"permission denied: {entity.name}/{name} is restricted to those who were admitted.")
    values = {
        "entity_key": entity.key,
        "user_key": context.writer.key,
        "name": valid_name(name, "a project"),
        "access": "PRIVATE",
        "is_benchmark": False,
        "created_at": context.now,
        "updated_at": context.now,
    }
    return add(context.connection, tables.projects, values)


def valid_name(name: str | None, noun: str) -> str:
    """Return a name that can be a part of a path.

    Raises:
        Refusal: It is empty, too long or holds a character that a path cannot hold (400).
    """
    if flaw := flaw_of_name(name, noun):
        raise Refusal(400, flaw)
    return name or ""


BINDABLES: list[SchemaBindable] = [QUERY, MUTATION, PROJECT]
