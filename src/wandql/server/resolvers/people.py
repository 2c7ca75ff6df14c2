"""Changes of who there is: users, teams and their members, API keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypedDict

from ariadne import MutationType, SchemaBindable
from sqlalchemy import delete, func, select, true, update

from wandql.server import tables
from wandql.server.ids import decode_id, encode_id, kind_of
from wandql.server.lookups import find_administered, find_entity, get_entity, get_user, own_entity, role_in
from wandql.server.messages import Refusal
from wandql.server.names import flaw_of_name
from wandql.server.people import (
    ADMIN,
    MEMBER,
    SERVICE,
    add_key,
    add_members,
    add_service_account,
    add_team,
    add_user,
    close_account,
    invite,
    make_key,
)
from wandql.server.records import ApiKeyRecord, InviteRecord

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.context import Context
    from wandql.server.records import EntityRecord

__all__ = ["BINDABLES"]

MUTATION = MutationType()


class PeopleInput(TypedDict, total=False):
    """What the mutations of people take."""

    id: str | None
    team_name: str
    team_admin_user_name: str | None
    entity_name: str | None
    email: str | None
    username: str | None
    admin: bool | None
    default_entity: str | None
    description: str | None
    client_mutation_id: str | None


@MUTATION.field("createTeam")
def resolve_create_team(_root: None, info: GraphQLResolveInfo, input: PeopleInput) -> dict[str, object]:  # noqa: A002
    """Create a team that the viewer, or whoever is named, administers."""
    context: Context = info.context
    writer = context.writer
    name = _free_name(context, input.get("team_name") or "", "a team")
    admin = input.get("team_admin_user_name")
    if admin and _find_user(context, username=admin) is None:
        raise Refusal(404, f"There is no user {admin!r} on this server.")
    key = add_team(context.connection, name, {admin or writer.username: ADMIN})
    return _payload(input, entity=get_entity(context, key))


@MUTATION.field("createUser")
def resolve_create_user(_root: None, info: GraphQLResolveInfo, input: PeopleInput) -> dict[str, object]:  # noqa: A002
    """Create a user, named after the email address, with an entity of their own."""
    context: Context = info.context
    if not context.writer.admin:
        raise Refusal(403, "permission denied: only administrators of the server create users.")
    email = _valid_email(input.get("email"))
    if _find_user(context, email=email) is not None:
        raise Refusal(409, f"There is a user with the email address {email} already.")
    username = _unused(context, re.sub(r"[^a-z0-9_-]+", "-", email.partition("@")[0].lower()).strip("-") or "user")
    user = add_user(context.connection, username, admin=bool(input.get("admin")), email=email)
    return _payload(input, user=get_user(context, user))


@MUTATION.field("createInvite")
def resolve_create_invite(_root: None, info: GraphQLResolveInfo, input: PeopleInput) -> dict[str, object]:  # noqa: A002
    """Add a user to a team, or keep an invitation until there is a user with the address.

    Nobody has to accept it: this server sends no mail.
    """
    context: Context = info.context
    team = _administered(context, input.get("entity_name"))
    username, email, role = input.get("username"), input.get("email"), ADMIN if input.get("admin") else MEMBER
    user_key = _find_user(context, username=username, email=email)
    if user_key is None:
        if username or not email:
            # Older versions of the official SDK take 404 for a wrong address of the server.
            raise Refusal(400, f"There is no user {username!r} on this server.")
        invited = invite(context.connection, team.key, _valid_email(email), role)
        if invited is None:
            raise Refusal(409, f"{email} was invited to {team.name} already.")
        return _payload(input, invite=InviteRecord(encode_id("Invite", invited), team.name, email, context.now, None))
    memberships = tables.memberships.c
    own = (memberships.user_key == user_key) & (memberships.entity_key == team.key)
    if context.connection.execute(select(memberships.role).where(own)).first():
        raise Refusal(409, f"They belong to {team.name} already.")
    add_members(context.connection, team.key, {get_user(context, user_key).username: role})
    user = get_user(context, user_key)
    member = encode_id("Member", user_key)
    return _payload(input, invite=InviteRecord(member, team.name, user.email, context.now, user))


@MUTATION.field("deleteInvite")
def resolve_delete_invite(_root: None, info: GraphQLResolveInfo, input: PeopleInput) -> dict[str, object]:  # noqa: A002
    """End a membership of a team, or withdraw an invitation. A program's account ends with its membership."""
    context: Context = info.context
    writer, id_ = context.writer, input.get("id") or ""
    team = find_entity(context, input.get("entity_name"))
    if team is None or id_ != encode_id("Member", writer.key):
        team = _administered(context, input.get("entity_name"))
    if not team.is_team:
        raise Refusal(400, f"{team.name} is no team: nobody can leave it.")
    memberships, invites = tables.memberships, tables.invites
    if kind_of(id_) == "Invite":
        own = (invites.c.key == decode_id("Invite", id_)) & (invites.c.entity_key == team.key)
        ended = context.connection.execute(delete(invites).where(own)).rowcount > 0
    else:
        user_key = decode_id("Member", id_)
        own = (memberships.c.user_key == user_key) & (memberships.c.entity_key == team.key)
        role = context.connection.execute(select(memberships.c.role).where(own)).scalar()
        if role == SERVICE:
            close_account(context.connection, user_key)
        else:
            context.connection.execute(delete(memberships).where(own))
        ended = role is not None
    if not ended:
        raise Refusal(404, f"{team.name} has no member with the id {id_!r}.")
    return _payload(input, success=True)


@MUTATION.field("createServiceAccount")
def resolve_create_service_account(
    _root: None,
    info: GraphQLResolveInfo,
    input: PeopleInput,  # noqa: A002
) -> dict[str, object]:
    """Make an account for a program, with one API key. This once the key's name is the secret, which is not kept."""
    context: Context = info.context
    team = _administered(context, input.get("entity_name"))
    description = (input.get("description") or "").strip()
    if not description:
        raise Refusal(400, "A service account needs a description: what it is for.")
    user, key = add_service_account(context.connection, team.key, description), make_key()
    row = add_key(context.connection, user, key, description)
    context.made_keys[user] = ApiKeyRecord(row, key, description)
    return _payload(input, user=get_user(context, user))


@MUTATION.field("updateUser")
def resolve_update_user(_root: None, info: GraphQLResolveInfo, input: PeopleInput) -> dict[str, object]:  # noqa: A002
    """Set the viewer's default entity."""
    context: Context = info.context
    writer = context.writer
    if name := input.get("default_entity"):
        entity = own_entity(context, name)
        change = update(tables.users).where(tables.users.c.key == writer.key)
        context.connection.execute(change.values(default_entity_key=entity.key))
    return _payload(input, user=get_user(context, writer.key))


@MUTATION.field("generateApiKey")
def resolve_generate_api_key(
    _root: None,
    info: GraphQLResolveInfo,
    input: PeopleInput,  # noqa: A002
) -> dict[str, object]:
    """Make an API key. This once its name is the secret, which is not kept."""
    context: Context = info.context
    key, description = make_key(), input.get("description")
    row = add_key(context.connection, context.writer.key, key, description)
    return _payload(input, apiKey=ApiKeyRecord(row, key, description))


@MUTATION.field("deleteApiKey")
def resolve_delete_api_key(_root: None, info: GraphQLResolveInfo, input: PeopleInput) -> dict[str, object]:  # noqa: A002
    """Delete an API key of the viewer; of anybody, for whoever administers the server."""
    context: Context = info.context
    keys, writer = tables.api_keys.c, context.writer
    mine = true() if writer.admin else keys.user_key == writer.key
    condition = (keys.key == decode_id("ApiKey", input.get("id") or "")) & mine
    if context.connection.execute(delete(tables.api_keys).where(condition)).rowcount == 0:
        raise Refusal(404, "You have no API key with this id.")
    return _payload(input, success=True)


def _payload(input_: PeopleInput, **fields: object) -> dict[str, object]:
    return {**fields, "clientMutationId": input_.get("client_mutation_id")}


def _administered(context: Context, name: str | None) -> EntityRecord:
    """Return a team that the viewer may change.

    Raises:
        Refusal: They may not (403).
    """
    writer = context.writer
    team = find_administered(context, name) or own_entity(context, name)
    if not team.is_team or (role_in(context, team.key) != ADMIN and not writer.admin):
        raise Refusal(403, f"permission denied: {writer.username} does not administer a team {team.name}.")
    return team


def _find_user(context: Context, *, username: str | None = None, email: str | None = None) -> int | None:
    users = tables.users.c
    match = users.username == username if username else func.lower(users.email) == (email or "").lower()
    key: int | None = context.connection.execute(select(users.key).where(match, users.deleted_at.is_(None))).scalar()
    return key


def _valid_email(text: str | None) -> str:
    email = (text or "").strip()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise Refusal(400, f"{email!r} is no email address.")
    return email


def _free_name(context: Context, name: str, noun: str) -> str:
    if flaw := flaw_of_name(name, noun):
        raise Refusal(400, flaw)
    if _is_taken(context, name):
        raise Refusal(409, f"The name {name!r} is taken.")
    return name


def _unused(context: Context, name: str) -> str:
    number, free = 1, name
    while _is_taken(context, free):
        number += 1
        free = f"{name}-{number}"
    return free


def _is_taken(context: Context, name: str) -> bool:
    query = select(tables.entities.c.key).where(tables.entities.c.name == name)
    return context.connection.execute(query).first() is not None


BINDABLES: list[SchemaBindable] = [MUTATION]
