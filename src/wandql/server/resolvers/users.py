"""Users, their API keys and their entities."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ariadne import ObjectType, QueryType
from sqlalchemy import or_, select

from wandql.server import tables
from wandql.server.lookups import find_entity, visible
from wandql.server.pages import Page, Window
from wandql.server.records import ENTITY_COLUMNS, USER_COLUMNS, ApiKeyRecord, EntityRecord, UserRecord

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.context import Context

__all__ = ["BINDABLES"]

QUERY = QueryType()
USER = ObjectType("User")

FLAGS = json.dumps({"code_saving_enabled": True})


@QUERY.field("viewer")
def resolve_viewer(_root: None, info: GraphQLResolveInfo) -> UserRecord | None:
    """Answer the user whose API key signs the request."""
    context: Context = info.context
    return context.user


@QUERY.field("entity")
def resolve_entity(_root: None, info: GraphQLResolveInfo, name: str | None = None) -> EntityRecord | None:
    """Answer an entity that the user belongs to."""
    return find_entity(info.context, name)


@QUERY.field("users")
def resolve_users(_root: None, info: GraphQLResolveInfo, query: str | None = None) -> Page[UserRecord]:
    """Answer the users who share an entity with the viewer and whose username or email holds the text."""
    context: Context = info.context
    users, memberships = tables.users, tables.memberships.c
    near = select(memberships.user_key).join_from(tables.memberships, tables.entities).where(visible(context))
    statement = (
        select(*USER_COLUMNS)
        .join_from(users, tables.entities, tables.entities.c.key == users.c.default_entity_key)
        .where(users.c.key.in_(near), users.c.deleted_at.is_(None))
        .order_by(users.c.key)
    )
    if query:
        matches = (column.contains(query, autoescape=True) for column in (users.c.username, users.c.email))
        statement = statement.where(or_(*matches))
    return Window.of(None, None).cut([UserRecord(*row) for row in context.connection.execute(statement)])


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
    statement = select(*ENTITY_COLUMNS).where(tables.entities.c.key.in_(members), visible(context))
    rows = context.connection.execute(statement.order_by(tables.entities.c.key))
    return Window.of(None, None).cut([EntityRecord(*row) for row in rows])


@USER.field("apiKeys")
def resolve_api_keys(user: UserRecord, info: GraphQLResolveInfo) -> Page[ApiKeyRecord] | None:
    """Answer the API keys of the viewer; null for anyone else."""
    context: Context = info.context
    if context.user is None or context.user.key != user.key:
        return None
    keys = tables.api_keys.c
    rows = context.connection.execute(
        select(keys.key, keys.name, keys.description).where(keys.user_key == user.key).order_by(keys.key)
    )
    return Window.of(None, None).cut([ApiKeyRecord(*row) for row in rows])


BINDABLES = [QUERY, USER]
