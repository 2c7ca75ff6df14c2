"""Users, their API keys and their entities."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ariadne import ObjectType, QueryType, SchemaBindable
from sqlalchemy import cast, func, null, or_, select, true

from wandql.server import tables
from wandql.server.artifacts.pages import page_of_projects
from wandql.server.artifacts.registries import is_organization
from wandql.server.databases.columns import Integer
from wandql.server.lookups import find_administered, find_entity, get_user, may_write, readable, visible
from wandql.server.pages import Page, Window
from wandql.server.people import MEMBER as MEMBERS_ROLE
from wandql.server.people import SERVICE
from wandql.server.records import (
    ENTITY_COLUMNS,
    USER_COLUMNS,
    ApiKeyRecord,
    EntityRecord,
    MemberRecord,
    ProjectRecord,
    UserRecord,
)
from wandql.server.store import fetch

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.context import Context

__all__ = ["BINDABLES"]

QUERY = QueryType()
USER = ObjectType("User")
ENTITY = ObjectType("Entity")
MEMBER = ObjectType("Member")

FLAGS = json.dumps({"code_saving_enabled": False})


@QUERY.field("viewer")
def resolve_viewer(_root: None, info: GraphQLResolveInfo) -> UserRecord | None:
    """Answer the user whose API key signs the request."""
    context: Context = info.context
    return context.user


@QUERY.field("entity")
def resolve_entity(_root: None, info: GraphQLResolveInfo, name: str | None = None) -> EntityRecord | None:
    """Answer an entity that the user belongs to, or any entity to whoever administers the server."""
    return find_entity(info.context, name) or find_administered(info.context, name)


@QUERY.field("users")
def resolve_users(_root: None, info: GraphQLResolveInfo, query: str | None = None) -> Page[UserRecord]:
    """Answer the users whose username or email holds the text: those who share an entity with the viewer.

    Whoever administers the server sees all.
    """
    context: Context = info.context
    users, memberships = tables.users, tables.memberships.c
    near = users.c.key.in_(
        select(memberships.user_key).join_from(tables.memberships, tables.entities).where(visible(context))
    )
    everybody = context.user is not None and context.user.admin
    statement = (
        select(*USER_COLUMNS)
        .join_from(users, tables.entities, tables.entities.c.key == users.c.default_entity_key)
        .where(true() if everybody else near, users.c.deleted_at.is_(None))
        .order_by(users.c.key)
    )
    if query:
        matches = (column.contains(query, autoescape=True) for column in (users.c.username, users.c.email))
        statement = statement.where(or_(*matches))
    return Window.of(None, None).cut(fetch(context.connection, statement, UserRecord))


@USER.field("flags")
def resolve_flags(_user: UserRecord, _info: GraphQLResolveInfo) -> str:
    """Answer the switches of an account. They are the same for all accounts of this server."""
    return FLAGS


@USER.field("photoUrl")
def resolve_photo_url(_user: UserRecord, _info: GraphQLResolveInfo) -> None:
    """Answer that this server keeps no portraits."""


@USER.field("teams")
def resolve_teams(user: UserRecord, info: GraphQLResolveInfo) -> Page[EntityRecord]:
    """Answer the entities that a user belongs to, as far as the viewer sees them."""
    context: Context = info.context
    members = select(tables.memberships.c.entity_key).where(tables.memberships.c.user_key == user.key)
    organizational = select(tables.organizations.c.entity_key)
    teams = tables.entities.c.key.in_(members) & tables.entities.c.key.not_in(organizational)
    statement = select(*ENTITY_COLUMNS).where(teams, visible(context))
    return Window.of(None, None).cut(fetch(context.connection, statement.order_by(tables.entities.c.key), EntityRecord))


@USER.field("projects")
def resolve_projects(
    user: UserRecord, info: GraphQLResolveInfo, first: int | None = None, after: str | None = None
) -> Page[ProjectRecord]:
    """Answer the projects of the entities that a user belongs to, as far as the viewer may read them."""
    context: Context = info.context
    theirs = select(tables.memberships.c.entity_key).where(tables.memberships.c.user_key == user.key)
    condition = tables.projects.c.entity_key.in_(theirs) & readable(context)
    return page_of_projects(context, condition, None, None, Window.of(first, after))


@USER.field("apiKeys")
def resolve_api_keys(user: UserRecord, info: GraphQLResolveInfo) -> Page[ApiKeyRecord] | None:
    """Answer the API keys of the viewer, and one that was just made; null for anyone else.

    Whoever administers the server sees those of all users, to delete them.
    """
    context: Context = info.context
    if made := context.made_keys.get(user.key):
        return Window.of(None, None).cut([made])
    if context.user is None or not (context.user.key == user.key or context.user.admin):
        return None
    keys = tables.api_keys.c
    query = select(keys.key, keys.name, keys.description).where(keys.user_key == user.key).order_by(keys.key)
    return Window.of(None, None).cut(fetch(context.connection, query, ApiKeyRecord))


@ENTITY.field("entityType")
def resolve_entity_type(entity: EntityRecord, info: GraphQLResolveInfo) -> str:
    """Answer what kind of owner an entity is."""
    if is_organization(info.context, entity):
        return "organization"
    return "team" if entity.is_team else "user"


@ENTITY.field("user")
def resolve_user(entity: EntityRecord, info: GraphQLResolveInfo) -> UserRecord | None:
    """Answer the user whose own namespace an entity is."""
    context: Context = info.context
    key = select(tables.users.c.key).where(tables.users.c.username == entity.name)
    found = None if entity.is_team else context.connection.execute(key).scalar()
    return None if found is None else get_user(context, found)


@ENTITY.field("members")
def resolve_members(entity: EntityRecord, info: GraphQLResolveInfo) -> list[MemberRecord]:
    """Answer who belongs to an entity, and who is invited. Programs come last: clients take the last for a new one."""
    context: Context = info.context
    users, memberships, invites = tables.users.c, tables.memberships.c, tables.invites.c
    query = (
        select(users.key, users.username, users.name, users.email, memberships.role)
        .join_from(tables.memberships, tables.users)
        .where(memberships.entity_key == entity.key)
        .order_by(users.key)
    )
    invited = select(invites.key, null(), invites.email, invites.email, invites.role)
    invited = invited.where(invites.entity_key == entity.key).order_by(invites.key)
    members = fetch(context.connection, query, MemberRecord)
    people = [member for member in members if member.role != SERVICE]
    programs = [member for member in members if member.role == SERVICE]
    return [*people, *fetch(context.connection, invited, MemberRecord), *programs]


@ENTITY.field("available")
def resolve_available(_entity: EntityRecord, _info: GraphQLResolveInfo) -> bool:
    """Answer that the name of an entity that exists is taken."""
    return False


@ENTITY.field("readOnly")
def resolve_read_only(entity: EntityRecord, info: GraphQLResolveInfo) -> bool:
    """Answer whether the user may only view what belongs to an entity."""
    return not may_write(info.context, entity.key)


@ENTITY.field("readOnlyAdmin")
@ENTITY.field("isPaid")
@ENTITY.field("codeSavingEnabled")
def resolve_never(_entity: EntityRecord, _info: GraphQLResolveInfo) -> bool:
    """Answer that it is so with no entity of this server."""
    return False


@ENTITY.field("privateOnly")
@ENTITY.field("xxhashDigestsEnabled")
def resolve_always(_entity: EntityRecord, _info: GraphQLResolveInfo) -> bool:
    """Answer that it is so with every entity of this server."""
    return True


@ENTITY.field("defaultAccess")
def resolve_default_access(_entity: EntityRecord, _info: GraphQLResolveInfo) -> str:
    """Answer that only members see an entity's projects."""
    return "PRIVATE"


@ENTITY.field("limits")
@ENTITY.field("photoUrl")
def resolve_none(_entity: EntityRecord, _info: GraphQLResolveInfo) -> None:
    """Answer that no entity of this server has one."""


@ENTITY.field("storageBytes")
def resolve_storage_bytes(entity: EntityRecord, info: GraphQLResolveInfo) -> int:
    """Answer the size of the files of an entity's runs and artifacts, in bytes."""
    context: Context = info.context
    files = tables.files.join(tables.blobs).join(tables.runs).join(tables.projects)
    contents = tables.contents.join(tables.blobs)
    size = select(cast(func.coalesce(func.sum(tables.blobs.c.size), 0), Integer))
    of_runs = size.select_from(files).where(tables.projects.c.entity_key == entity.key)
    of_artifacts = size.select_from(contents).where(tables.contents.c.entity_key == entity.key)
    total: int = context.connection.execute(
        select(of_runs.scalar_subquery() + of_artifacts.scalar_subquery())
    ).scalar_one()
    return total


@MEMBER.field("admin")
def resolve_admin(member: MemberRecord, _info: GraphQLResolveInfo) -> bool:
    """Answer whether a member administers the entity."""
    return member.role == "admin"


@MEMBER.field("accountType")
def resolve_account_type(member: MemberRecord, _info: GraphQLResolveInfo) -> str:
    """Answer whether a member is a program."""
    return "SERVICE" if member.role == SERVICE else "MEMBER"


@MEMBER.field("role")
def resolve_role(member: MemberRecord, _info: GraphQLResolveInfo) -> str:
    """Answer what a member may do. Programs may do what members may."""
    return MEMBERS_ROLE if member.role == SERVICE else member.role


@MEMBER.field("apiKey")
@MEMBER.field("photoUrl")
def resolve_nothing(_member: MemberRecord, _info: GraphQLResolveInfo) -> None:
    """Answer that no member has one to show: keys are not kept."""


BINDABLES: list[SchemaBindable] = [QUERY, USER, ENTITY, MEMBER]
