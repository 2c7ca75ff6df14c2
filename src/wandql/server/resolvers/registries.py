"""Registries: what an entity's projects hold together, and who is admitted to each."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ariadne import MutationType, ObjectType, SchemaBindable
from sqlalchemy import delete, select, update

from wandql.server import tables
from wandql.server.artifacts.pages import (
    collections_that_match,
    page_of_collections,
    page_of_projects,
    page_of_versions,
    projects_that_match,
)
from wandql.server.artifacts.registries import (
    ProjectMemberRecord,
    ProjectTeamRecord,
    admit,
    admits_all_types,
    decode_ids,
    dismiss,
    is_registry,
    is_registry_name,
    members_of,
    own_registry,
    set_role,
    teams_of,
)
from wandql.server.artifacts.versions import delete_artifacts
from wandql.server.lookups import (
    find_project,
    get_entity,
    get_project,
    may_read,
    own_project,
    own_project_by_id,
    readable,
)
from wandql.server.messages import Refusal
from wandql.server.pages import Page, Window
from wandql.server.resolvers.projects import valid_name
from wandql.server.runs.history_exports import forget_exports

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.artifacts.records import CollectionRecord, MembershipRecord
    from wandql.server.context import Context
    from wandql.server.records import EntityRecord, ProjectRecord

__all__ = ["BINDABLES"]

MUTATION = MutationType()
ENTITY = ObjectType("Entity")
PROJECT = ObjectType("Project")
TEAM = ObjectType("ProjectTeamMember")


class RenameInput(TypedDict):
    """The input of `renameProject`."""

    entity_name: str
    old_project_name: str
    new_project_name: str
    client_mutation_id: str | None


class DeleteInput(TypedDict):
    """The input of `deleteModel`."""

    id: str
    client_mutation_id: str | None


class MembersInput(TypedDict):
    """The input of `createProjectMembers` and of `deleteProjectMembers`."""

    project_id: str
    user_ids: list[str] | None
    team_ids: list[str] | None
    client_mutation_id: str | None


class UserRoleInput(TypedDict):
    """The input of `updateProjectMember`."""

    project_id: str
    user_id: str
    user_project_role: str
    client_mutation_id: str | None


class TeamRoleInput(TypedDict):
    """The input of `updateProjectTeamMember`."""

    project_id: str
    team_id: str
    team_project_role: str
    client_mutation_id: str | None


@ENTITY.field("project")
def resolve_project(entity: EntityRecord, info: GraphQLResolveInfo, name: str | None = None) -> ProjectRecord | None:
    """Answer a project of an entity."""
    project = find_project(info.context, entity, name)
    return project if project and may_read(info.context, project) else None


@ENTITY.field("projects")
def resolve_projects(
    entity: EntityRecord,
    info: GraphQLResolveInfo,
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[ProjectRecord]:
    """Answer the projects of an entity that match, the newest first."""
    context: Context = info.context
    condition = (tables.projects.c.entity_key == entity.key) & readable(context)
    return page_of_projects(context, condition, filters, order, Window.of(first, after))


@ENTITY.field("artifactCollections")
def resolve_collections(
    entity: EntityRecord,
    info: GraphQLResolveInfo,
    project_filters: str | None = None,
    filters: str | None = None,
    collection_types: list[str] | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[CollectionRecord]:
    """Answer the collections of an entity that match, the newest first."""
    context: Context = info.context
    mine = (tables.projects.c.entity_key == entity.key) & readable(context)
    condition = projects_that_match(context, mine, project_filters)
    if collection_types:
        kinds = {"SEQUENCE": True, "PORTFOLIO": False}
        condition &= tables.collections.c.is_sequence.in_([kinds[kind] for kind in collection_types])
    return page_of_collections(context, condition, filters, order, Window.of(first, after))


@ENTITY.field("artifactMemberships")
def resolve_memberships(
    entity: EntityRecord,
    info: GraphQLResolveInfo,
    project_filters: str | None = None,
    collection_filters: str | None = None,
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[MembershipRecord]:
    """Answer the versions that are linked into portfolios of an entity and that match, the last linked one first."""
    context: Context = info.context
    mine = (tables.projects.c.entity_key == entity.key) & readable(context)
    here = projects_that_match(context, mine, project_filters) & ~tables.collections.c.is_sequence
    condition = collections_that_match(context, here, collection_filters)
    return page_of_versions(context, condition, filters, order or "-linked_at", Window.of(first, after))


@PROJECT.field("allowAllArtifactTypesInRegistry")
def resolve_allow_all(project: ProjectRecord, info: GraphQLResolveInfo) -> bool:
    """Answer whether versions of every type may be linked into a registry."""
    return admits_all_types(info.context, project)


@PROJECT.field("members")
def resolve_members(project: ProjectRecord, info: GraphQLResolveInfo) -> list[ProjectMemberRecord]:
    """Answer the users who were admitted to a registry."""
    return members_of(info.context, project)


@PROJECT.field("teamMembers")
def resolve_team_members(project: ProjectRecord, info: GraphQLResolveInfo) -> list[ProjectTeamRecord]:
    """Answer the teams that were admitted to a registry."""
    return teams_of(info.context, project)


@TEAM.field("team")
def resolve_team(member: ProjectTeamRecord, info: GraphQLResolveInfo) -> EntityRecord:
    """Answer a team that was admitted to a registry."""
    return get_entity(info.context, member.entity_key)


@MUTATION.field("renameProject")
def resolve_rename(_root: None, info: GraphQLResolveInfo, input: RenameInput) -> dict[str, object]:  # noqa: A002
    """Give a project another name."""
    context: Context = info.context
    project = own_project(context, input["entity_name"], input["old_project_name"])
    name = valid_name(input["new_project_name"], "a project")
    if is_registry(project) and not is_registry_name(name):
        raise Refusal(400, f"The name of a registry begins as {project.name!r} does: {name!r} does not.")
    projects = tables.projects
    taken = select(projects.c.key).where(projects.c.entity_key == project.entity_key, projects.c.name == name)
    if context.connection.execute(taken.where(projects.c.key != project.key)).first():
        raise Refusal(409, f"There is another project {project.entity_name}/{name}.")
    change = update(projects).where(projects.c.key == project.key)
    context.connection.execute(change.values(name=name, updated_at=context.now))
    context.projects.pop(project.key, None)
    return {
        "project": get_project(context, project.key),
        "inserted": False,
        "clientMutationId": input.get("client_mutation_id"),
    }


@MUTATION.field("deleteModel")
def resolve_delete(_root: None, info: GraphQLResolveInfo, input: DeleteInput) -> dict[str, object]:  # noqa: A002
    """Delete a project with all that belongs to it. What is linked into a registry stays where it was born."""
    context: Context = info.context
    project = own_registry(context, own_project_by_id(context, input["id"]))
    runs, collections = tables.runs, tables.collections
    sequences = select(collections.c.key).where(collections.c.project_key == project.key)
    born = select(tables.artifacts.c.key).where(tables.artifacts.c.sequence_key.in_(sequences))
    keys = context.connection.execute(born).scalars().all()
    context.unlinked += delete_artifacts(context.connection, context.blobs, keys)
    files = select(tables.files.c.token).join_from(tables.files, runs).where(runs.c.project_key == project.key)
    tokens = context.connection.execute(files).scalars().all()
    forget_exports(context, runs.c.project_key == project.key)
    # Their types cannot go before them, and those go with the project.
    context.connection.execute(delete(collections).where(collections.c.project_key == project.key))
    context.connection.execute(delete(tables.projects).where(tables.projects.c.key == project.key))
    context.unlinked += context.blobs.forget(context.connection, tokens)
    return {"success": True, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("createProjectMembers")
def resolve_admit(_root: None, info: GraphQLResolveInfo, input: MembersInput) -> dict[str, object]:  # noqa: A002
    """Admit users and teams to a registry."""
    context: Context = info.context
    project = _registry(context, input["project_id"])
    admit(context, project, *_whom(input))
    return {"success": True, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("deleteProjectMembers")
def resolve_dismiss(_root: None, info: GraphQLResolveInfo, input: MembersInput) -> dict[str, object]:  # noqa: A002
    """Take users and teams out of a registry."""
    context: Context = info.context
    project = _registry(context, input["project_id"])
    dismiss(context, project, *_whom(input))
    return {"success": True, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("updateProjectMember")
def resolve_user_role(_root: None, info: GraphQLResolveInfo, input: UserRoleInput) -> dict[str, object]:  # noqa: A002
    """Set the role of a user in a registry."""
    context: Context = info.context
    project = _registry(context, input["project_id"])
    (user,) = decode_ids("User", [input["user_id"]])
    set_role(context, project, input["user_project_role"], user=user, team=None)
    return {"success": True, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("updateProjectTeamMember")
def resolve_team_role(_root: None, info: GraphQLResolveInfo, input: TeamRoleInput) -> dict[str, object]:  # noqa: A002
    """Set the role of a team in a registry."""
    context: Context = info.context
    project = _registry(context, input["project_id"])
    (team,) = decode_ids("Entity", [input["team_id"]])
    set_role(context, project, input["team_project_role"], user=None, team=team)
    return {"success": True, "clientMutationId": input.get("client_mutation_id")}


def _registry(context: Context, id_: str) -> ProjectRecord:
    return own_registry(context, own_project_by_id(context, id_))


def _whom(given: MembersInput) -> tuple[set[int], set[int]]:
    return decode_ids("User", given.get("user_ids")), decode_ids("Entity", given.get("team_ids"))


BINDABLES: list[SchemaBindable] = [MUTATION, ENTITY, PROJECT, TEAM]
