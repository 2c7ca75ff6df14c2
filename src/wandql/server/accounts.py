"""Who may ask: the owner of a server, and the user behind an API key."""

from __future__ import annotations

import base64
import binascii
import getpass
import re
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from wandql.errors import SettingsError
from wandql.server import tables
from wandql.server.messages import Refusal
from wandql.server.names import flaw_of_name
from wandql.server.people import ADMIN, add_key, add_team, add_user, digest_of_key, flaw_of_key
from wandql.server.records import UserRecord
from wandql.server.statements import USER_BY_DIGEST
from wandql.server.store import fetch_first

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

__all__ = ["authenticate", "check_settings", "found", "name_of_os_user"]

SERVER_KEY = "The key that the server prints when it starts"


def name_of_os_user() -> str:
    """Return the operating system's name of this user as an entity name; `local` if there is none."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "local"
    return re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-") or "local"


def check_settings(api_key: str | None, entity: str | None) -> None:
    """Check what whoever opens a server asks for.

    Raises:
        SettingsError: The key cannot be sent in a header, or the name cannot be a part of a path.
    """
    if entity is not None and (flaw := flaw_of_name(entity, "an entity")):
        raise SettingsError(flaw)
    if api_key is not None and (flaw := flaw_of_key(api_key)):
        raise SettingsError(
            flaw,
            hint="Leave it out to have one made. The official SDK takes only keys of 40 letters, digits, - and _.",
        )


def found(connection: Connection, entity: str | None, key: str) -> str:
    """Make sure that there is a user with this key and this default entity.

    Args:
        connection: A connection that writes.
        entity: The default entity; None for the one there is, or one named after the operating system's user.
        key: The user's only API key for the server's owner; a former one stops working.

    Returns:
        The name of the default entity.

    Raises:
        UsageError: The entity or the key is another user's.
    """
    keys, users = tables.api_keys, tables.users
    owned = select(users.c.key, users.c.default_entity_key).join_from(users, keys)
    owner = connection.execute(owned.where(keys.c.description == SERVER_KEY)).first()
    if owner is None:
        name = entity or name_of_os_user()
        add_key(connection, add_user(connection, name, admin=True), key, SERVER_KEY)
        return name
    if entity is not None:
        mine = _own_entity(connection, owner.key, entity)
        connection.execute(update(users).where(users.c.key == owner.key).values(default_entity_key=mine))
    row = add_key(connection, owner.key, key, SERVER_KEY)
    connection.execute(delete(keys).where(keys.c.description == SERVER_KEY, keys.c.key != row))
    names = select(tables.entities.c.name).join_from(
        tables.entities, users, users.c.default_entity_key == tables.entities.c.key
    )
    default: str = connection.execute(names.where(users.c.key == owner.key)).scalar_one()
    return default


def authenticate(connection: Connection, headers: Mapping[str, str]) -> UserRecord | None:
    """Return the user whose API key the request carries; None if it carries none.

    Raises:
        Refusal: The key is not known, or the header cannot be read (401).
    """
    header = headers.get("authorization")
    if header is None:
        return None
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            key = base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            raise Refusal(401, "The Authorization header is not Basic base64(api:KEY).") from None
    elif scheme.lower() == "bearer":
        key = value.strip()
    else:
        raise Refusal(401, f"The server knows Basic and Bearer authorization, not {scheme!r}.")
    user = fetch_first(connection, USER_BY_DIGEST, UserRecord, {"digest": digest_of_key(key)})
    if user is None:
        raise Refusal(401, "The API key is not known to this server.")
    return user


def _own_entity(connection: Connection, user_key: int, name: str) -> int:
    """Return an entity that the server's owner belongs to; a team that is made, if there is none of this name."""
    entities, members = tables.entities.c, tables.memberships.c
    mine = select(members.entity_key).where(members.user_key == user_key)
    known: int | None = connection.execute(
        select(entities.key).where(entities.name == name, entities.key.in_(mine))
    ).scalar()
    if known is not None:
        return known
    username: str = connection.execute(
        select(tables.users.c.username).where(tables.users.c.key == user_key)
    ).scalar_one()
    return add_team(connection, name, {username: ADMIN})
