"""Users, teams and organizations: how they come to be, and who belongs to what."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import TYPE_CHECKING, Final

from sqlalchemy import case, delete, select, update

from wandql.errors import UsageError
from wandql.server import tables
from wandql.server.databases.upserts import upsert
from wandql.server.names import flaw_of_name
from wandql.server.store import add, now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

__all__ = [
    "ADMIN",
    "MEMBER",
    "SERVICE",
    "VIEWER",
    "WRITERS",
    "add_key",
    "add_members",
    "add_organization",
    "add_service_account",
    "add_team",
    "add_user",
    "close_account",
    "digest_of_key",
    "flaw_of_key",
    "invite",
    "make_key",
    "name_of_key",
    "valid_role",
]

ADMIN: Final = "admin"
MEMBER: Final = "member"
VIEWER: Final = "viewer"
SERVICE: Final = "service"
WRITERS: Final = frozenset({ADMIN, MEMBER, SERVICE})
"""The roles whose holders may change what belongs to an entity."""

SPELLINGS: Final = {ADMIN: ADMIN, MEMBER: MEMBER, VIEWER: VIEWER, "view-only": VIEWER, "owner": ADMIN}


LONG: Final = 40
"""How long the secret of a key is at least that has something before it, as the official SDK understands keys."""


def make_key() -> str:
    """Return a new API key: 40 hexadecimal digits, the shape that every version of the official SDK takes."""
    return secrets.token_hex(20)


def flaw_of_key(key: str) -> str | None:
    """Return why a text cannot be an API key; None if it can."""
    if re.fullmatch(r"[!-~]{8,}", key):
        return None
    return "An API key has at least 8 characters, all of them visible ASCII."


def name_of_key(key: str) -> str:
    """Return what a key is listed as: what is before its secret, if anything, and how the secret begins.

    It is ASCII: older versions of the official SDK take it for a key, and send it in a header.
    """
    label, dash, secret = key.rpartition("-")
    return f"{label}{dash}{secret[:4]}..." if len(secret) >= LONG else f"{key[:4]}..."


def digest_of_key(key: str) -> str:
    """Return what the database knows a key by."""
    return hashlib.sha256(key.encode()).hexdigest()


def valid_role(role: str) -> str:
    """Return a role as the database spells it.

    Raises:
        UsageError: There is no such role.
    """
    if found := SPELLINGS.get(role.casefold()):
        return found
    raise UsageError(f"There is no role {role!r}.", hint=f"The roles are {ADMIN}, {MEMBER} and {VIEWER}.")


def add_user(connection: Connection, username: str, *, admin: bool = False, email: str | None = None) -> int:
    """Add a user with a namespace of their own, or return the one there is.

    Args:
        connection: A connection that writes.
        username: Their name, and that of their namespace.
        admin: Whether they administer the server. Who does already stays so.
        email: Their address.

    Returns:
        The user's key in the database.

    Raises:
        UsageError: The name cannot be a part of a path, or a team or an organization has it.
    """
    users = tables.users
    known: int | None = connection.execute(select(users.c.key).where(users.c.username == username)).scalar()
    if known is not None:
        changes: dict[str, object] = {"deleted_at": None}
        changes |= {"admin": True} if admin else {}
        changes |= {"email": email} if email else {}
        connection.execute(update(users).where(users.c.key == known).values(changes))
        _accept_invites(connection, known, email)
        return known
    entity_key = _add_entity(connection, username, is_team=False)
    values = {
        "username": username,
        "name": username,
        "email": email,
        "admin": admin,
        "default_entity_key": entity_key,
        "created_at": now(),
    }
    user_key = add(connection, users, values)
    _enter(connection, user_key, entity_key, ADMIN)
    _accept_invites(connection, user_key, email)
    return user_key


def add_service_account(connection: Connection, team_key: int, description: str) -> int:
    """Add an account for a program, whose default entity is its team.

    Args:
        connection: A connection that writes.
        team_key: The team.
        description: What it is for; it is the account's full name.

    Returns:
        The account's key in the database.
    """
    users = tables.users
    user_key = add_user(connection, f"service-{secrets.token_hex(6)}")
    values = {"name": description, "default_entity_key": team_key}
    connection.execute(update(users).where(users.c.key == user_key).values(values))
    _enter(connection, user_key, team_key, SERVICE)
    return user_key


def close_account(connection: Connection, user_key: int) -> None:
    """Let a user belong to nothing and have no keys. What they have made stays theirs by name.

    Args:
        connection: A connection that writes.
        user_key: The user.
    """
    for table in (tables.api_keys, tables.memberships, tables.project_members):
        connection.execute(delete(table).where(table.c.user_key == user_key))
    connection.execute(update(tables.users).where(tables.users.c.key == user_key).values(deleted_at=now()))


def add_key(connection: Connection, user_key: int, key: str, description: str | None = None) -> int:
    """Let an API key open the server for a user. The key itself is not kept.

    Args:
        connection: A connection that writes.
        user_key: Whose it is.
        key: The API key.
        description: What it is for; it replaces what was said of the same key before.

    Returns:
        The row's key in the database.

    Raises:
        UsageError: It cannot be an API key, or is somebody else's.
    """
    if flaw := flaw_of_key(key):
        raise UsageError(flaw, hint="The official SDK takes only 40 or more letters, digits, - and _.")
    keys = tables.api_keys.c
    known = connection.execute(select(keys.key, keys.user_key).where(keys.digest == digest_of_key(key))).first()
    if known is None:
        values = {
            "user_key": user_key,
            "digest": digest_of_key(key),
            "name": name_of_key(key),
            "description": description,
            "created_at": now(),
        }
        return add(connection, tables.api_keys, values)
    if known.user_key != user_key:
        raise UsageError("This API key belongs to another user.", hint="Name another one.")
    row: int = known.key
    if description is not None:
        connection.execute(update(tables.api_keys).where(keys.key == row).values(description=description))
    return row


def add_team(connection: Connection, name: str, members: Mapping[str, str], *, organization: str | None = None) -> int:
    """Add a team, or members to the one there is.

    Args:
        connection: A connection that writes.
        name: The team's name.
        members: The roles of users, by username. A role replaces a former one.
        organization: The organization that it belongs to; None for the only one of its administrators, if there is.

    Returns:
        The team's key in the database.

    Raises:
        UsageError: The name cannot be a part of a path or belongs to a user or an organization, or there is no such
            user, role or organization.
    """
    known = _entity(connection, name)
    if known is not None and (not known[1] or _organization_of_entity(connection, known[0]) is not None):
        raise UsageError(f"{name!r} is not a team: a user or an organization has this name.")
    entity_key = known[0] if known else _add_entity(connection, name, is_team=True)
    add_members(connection, entity_key, members)
    if organization is not None:
        owner = _organization(connection, organization)
        if owner is None:
            raise UsageError(f"There is no organization {organization!r}.", hint="Add it with `wandql orgs add`.")
        _join_organization(connection, entity_key, owner[0])
    else:
        _settle_teams(connection, [entity_key])
    return entity_key


def add_organization(connection: Connection, name: str, members: Mapping[str, str]) -> int:
    """Add an organization, or members to the one there is.

    Teams that a member administers join it if they belong to no other.

    Args:
        connection: A connection that writes.
        name: The organization's name.
        members: The roles of users, by username. A team's name instead makes the team a part of it.

    Returns:
        The key in the database of the entity that owns its registries.

    Raises:
        UsageError: The name cannot be a part of a path, or there is no such user, team or role.
    """
    if flaw := flaw_of_name(name, "an organization"):
        raise UsageError(flaw)
    known = _organization(connection, name)
    if known is None:
        entity_key = _add_entity(connection, _free_name(connection, f"{name}-org"), is_team=True)
        values = {"name": name, "entity_key": entity_key, "created_at": now()}
        organization_key = add(connection, tables.organizations, values)
    else:
        organization_key, entity_key = known
    users = dict(members)
    for member in members:
        entity = _entity(connection, member)
        if entity is not None and entity[1]:
            _join_organization(connection, entity[0], organization_key)
            del users[member]
    add_members(connection, entity_key, users)
    _settle_teams(connection, _administered(connection, entity_key))
    return entity_key


def invite(connection: Connection, entity_key: int, email: str, role: str) -> int | None:
    """Let whoever becomes a user with an address belong to a team.

    Args:
        connection: A connection that writes.
        entity_key: The team.
        email: The address.
        role: The role that they will have.

    Returns:
        The invitation's key in the database; None if there is one already.
    """
    values = {"entity_key": entity_key, "email": email.casefold(), "role": role, "created_at": now()}
    statement = upsert(tables.invites).values(values).on_conflict_do_nothing().returning(tables.invites.c.key)
    return connection.execute(statement).scalar()


def add_members(connection: Connection, entity_key: int, members: Mapping[str, str]) -> None:
    """Make users members of an entity. A role replaces a former one.

    Args:
        connection: A connection that writes.
        entity_key: The team, or the entity of an organization.
        members: The roles, by username.

    Raises:
        UsageError: There is no such user, or no such role.
    """
    users = tables.users.c
    for username, role in members.items():
        query = select(users.key).where(users.username == username, users.deleted_at.is_(None))
        user_key = connection.execute(query).scalar()
        if user_key is None:
            raise UsageError(f"There is no user {username!r}.", hint="Add them with `wandql users add`.")
        _enter(connection, user_key, entity_key, valid_role(role))


def _enter(connection: Connection, user_key: int, entity_key: int, role: str) -> None:
    statement = upsert(tables.memberships).values(user_key=user_key, entity_key=entity_key, role=role)
    connection.execute(statement.on_conflict_do_update(["user_key", "entity_key"], set_={"role": role}))
    _enter_organization(connection, entity_key)


def _accept_invites(connection: Connection, user_key: int, email: str | None) -> None:
    """Let a user belong to the teams that their address was invited to."""
    if email is None:
        return
    invites = tables.invites
    statement = delete(invites).where(invites.c.email == email.casefold())
    for entity_key, role in connection.execute(statement.returning(invites.c.entity_key, invites.c.role)).all():
        _enter(connection, user_key, entity_key, role)


def _enter_organization(connection: Connection, team: int) -> None:
    """Let those who belong to a team belong to its organization, too. Nobody administers that by a team."""
    organizations, teams, members = tables.organizations, tables.organization_teams, tables.memberships
    source = members.join(teams, teams.c.entity_key == members.c.entity_key).join(organizations)
    role = case((members.c.role == VIEWER, VIEWER), else_=MEMBER)
    theirs = select(members.c.user_key, organizations.c.entity_key, role).select_from(source)
    entering = upsert(members).from_select(
        ["user_key", "entity_key", "role"], theirs.where(members.c.entity_key == team)
    )
    connection.execute(entering.on_conflict_do_nothing())


def _entity(connection: Connection, name: str) -> tuple[int, bool] | None:
    entities = tables.entities.c
    row = connection.execute(select(entities.key, entities.is_team).where(entities.name == name)).first()
    return None if row is None else (row.key, row.is_team)


def _add_entity(connection: Connection, name: str, *, is_team: bool) -> int:
    if flaw := flaw_of_name(name, "a team" if is_team else "a user"):
        raise UsageError(flaw)
    if _entity(connection, name) is not None:
        raise UsageError(f"The name {name!r} is taken.", hint="Users, teams and organizations share their names.")
    return add(connection, tables.entities, {"name": name, "is_team": is_team, "created_at": now()})


def _free_name(connection: Connection, name: str) -> str:
    number = 1
    while _entity(connection, name if number == 1 else f"{name}-{number}") is not None:
        number += 1
    return name if number == 1 else f"{name}-{number}"


def _organization(connection: Connection, name: str) -> tuple[int, int] | None:
    organizations = tables.organizations.c
    query = select(organizations.key, organizations.entity_key).where(organizations.name == name)
    row = connection.execute(query).first()
    return None if row is None else (row.key, row.entity_key)


def _organization_of_entity(connection: Connection, entity_key: int) -> int | None:
    organizations = tables.organizations.c
    return connection.execute(select(organizations.key).where(organizations.entity_key == entity_key)).scalar()


def _join_organization(connection: Connection, entity_key: int, organization_key: int) -> None:
    statement = upsert(tables.organization_teams).values(entity_key=entity_key, organization_key=organization_key)
    change = statement.on_conflict_do_update(["entity_key"], set_={"organization_key": organization_key})
    connection.execute(change)
    _enter_organization(connection, entity_key)


def _administered(connection: Connection, organization_entity: int) -> list[int]:
    """Return the teams that a member of an organization administers."""
    members, entities = tables.memberships.c, tables.entities.c
    people = select(members.user_key).where(members.entity_key == organization_entity)
    query = select(members.entity_key).join_from(tables.memberships, tables.entities)
    query = query.where(members.user_key.in_(people), members.role == ADMIN, entities.is_team)
    organizational = select(tables.organizations.c.entity_key)
    return [*connection.execute(query.where(members.entity_key.not_in(organizational)).distinct()).scalars()]


def _settle_teams(connection: Connection, teams: list[int]) -> None:
    """Make teams that belong to no organization a part of the only one that their administrators belong to."""
    members, organizations = tables.memberships.c, tables.organizations
    for team in teams:
        people = select(members.user_key).where(members.entity_key == team, members.role == ADMIN)
        query = select(organizations.c.key).join_from(
            organizations, tables.memberships, organizations.c.entity_key == members.entity_key
        )
        theirs = connection.execute(query.where(members.user_key.in_(people)).distinct()).scalars().all()
        if len(theirs) == 1:
            row = {"entity_key": team, "organization_key": theirs[0]}
            connection.execute(upsert(tables.organization_teams).values(row).on_conflict_do_nothing())
            _enter_organization(connection, team)
