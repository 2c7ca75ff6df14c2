"""Who may ask: users, their API keys, and the entities that they belong to."""

from __future__ import annotations

import base64
import binascii
import getpass
import hashlib
import re
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from wandql.errors import SettingsError
from wandql.server import tables
from wandql.server.messages import Refusal
from wandql.server.names import flaw_of_name
from wandql.server.records import USER_COLUMNS, UserRecord
from wandql.server.store import add, fetch_first, now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

__all__ = ["authenticate", "check_settings", "digest_of", "found", "make_key", "name_of_os_user"]

SERVER_KEY = "The key that the server prints when it starts"


def make_key() -> str:
    """Return a new API key: 40 hexadecimal digits, the shape that the official SDK insists on."""
    return secrets.token_hex(20)


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
    if api_key is not None and not re.fullmatch(r"[!-~]{8,}", api_key):
        raise SettingsError(
            "An API key has at least 8 characters, all of them visible ASCII.",
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
    """
    user = connection.execute(select(tables.users.c.key, tables.users.c.default_entity_key)).first()
    if user is None:
        username = entity or name_of_os_user()
        entity_key = _entity(connection, username, is_team=False)
        values = {
            "username": username,
            "name": username,
            "admin": True,
            "default_entity_key": entity_key,
            "created_at": now(),
        }
        user_key = add(connection, tables.users, values)
    else:
        user_key = user.key
        entity_key = user.default_entity_key if entity is None else _entity(connection, entity, is_team=True)
    membership = {"user_key": user_key, "entity_key": entity_key, "role": "admin"}
    connection.execute(upsert(tables.memberships).values(membership).on_conflict_do_nothing())
    connection.execute(update(tables.users).where(tables.users.c.key == user_key).values(default_entity_key=entity_key))
    _set_key(connection, user_key, key)
    query = select(tables.entities.c.name).where(tables.entities.c.key == entity_key)
    name: str = connection.execute(query).scalar_one()
    return name


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
    keys, users = tables.api_keys.c, tables.users.c
    query = (
        select(*USER_COLUMNS)
        .join_from(tables.users, tables.api_keys, keys.user_key == users.key)
        .join(tables.entities, tables.entities.c.key == users.default_entity_key)
        .where(keys.digest == digest_of(key), users.deleted_at.is_(None))
    )
    user = fetch_first(connection, query, UserRecord)
    if user is None:
        raise Refusal(401, "The API key is not known to this server.")
    return user


def _entity(connection: Connection, name: str, *, is_team: bool) -> int:
    query = select(tables.entities.c.key).where(tables.entities.c.name == name)
    known: int | None = connection.execute(query).scalar()
    if known is not None:
        return known
    values = {"name": name, "is_team": is_team, "created_at": now()}
    return add(connection, tables.entities, values)


def _set_key(connection: Connection, user_key: int, key: str) -> None:
    keys = tables.api_keys
    values = {"user_key": user_key, "digest": digest_of(key), "name": f"{key[:4]}…"}
    owned = (keys.c.user_key == user_key) & (keys.c.description == SERVER_KEY)
    if connection.execute(update(keys).where(owned).values(values)).rowcount == 0:
        connection.execute(insert(keys).values(**values, description=SERVER_KEY, created_at=now()))


def digest_of(key: str) -> str:
    """Return what is kept of an API key."""
    return hashlib.sha256(key.encode()).hexdigest()
