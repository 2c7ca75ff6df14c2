"""What versions of artifacts hold: each content is stored once per entity, named by its MD5."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, exists, insert, or_, select, update

from wandql.server import tables
from wandql.server.artifacts.parts import free_parts
from wandql.server.messages import Refusal
from wandql.server.store import among, fetch, fetch_first, fetch_one

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement, Connection, Select

    from wandql.server.blobs import Blobs

__all__ = [
    "Content",
    "announce_contents",
    "find_announced",
    "find_contents",
    "find_described",
    "free_contents",
    "held_contents",
    "store_content",
]

MD5_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that versions of artifacts hold.

    Attributes:
        key: The row's number.
        entity_key: Whose they are.
        md5: Their MD5, base64.
        token: The token of their blob.
        birth_key: The version that first announced them, if it still exists.
        size: How many there are; 0 while they have not arrived.
        arrived_at: When they arrived, in microseconds since 1970; None while they have not.
    """

    key: int
    entity_key: int
    md5: str
    token: str
    birth_key: int | None
    size: int
    arrived_at: int | None


def announce_contents(
    connection: Connection, blobs: Blobs, entity_key: int, artifact_key: int, digests: Collection[str]
) -> dict[str, Content]:
    """Return the contents of an entity by MD5. Those that are new wait for their upload.

    Args:
        connection: A connection that writes.
        blobs: Uploaded bytes.
        entity_key: Whose contents they are.
        artifact_key: The version that announces them.
        digests: MD5s, base64.

    Raises:
        Refusal: A digest is not an MD5 in base64 (400).
    """
    contents = tables.contents
    mine = (contents.c.entity_key == entity_key) & among(contents.c.md5, set(digests))
    orphans = mine & contents.c.birth_key.is_(None)
    connection.execute(update(contents).where(orphans).values(birth_key=artifact_key))
    known = set(connection.execute(select(contents.c.md5).where(mine)).scalars())
    if new := sorted(set(digests) - known):
        _check_digests(new)
        tokens = blobs.announce(connection, len(new))
        rows = [
            {"entity_key": entity_key, "md5": md5, "token": token, "birth_key": artifact_key}
            for md5, token in zip(new, tokens, strict=True)
        ]
        connection.execute(insert(contents), rows)
    return {content.md5: content for content in fetch(connection, _contents().where(mine), Content)}


def store_content(connection: Connection, blobs: Blobs, entity_key: int, artifact_key: int, data: bytes) -> Content:
    """Store bytes that the server has made, and return their content."""
    with blobs.receive() as upload:
        upload.write(data)
        upload.finish()
        content = announce_contents(connection, blobs, entity_key, artifact_key, [upload.md5])[upload.md5]
        if content.arrived_at is None:
            blobs.place(connection, content.token, upload)
    return fetch_one(connection, _contents().where(tables.contents.c.key == content.key), Content)


def find_announced(connection: Connection, condition: ColumnElement[bool]) -> Content | None:
    """Return the content that matches, whether it has arrived or not."""
    return fetch_first(connection, _contents().where(condition), Content)


def find_contents(
    connection: Connection, digests: Iterable[str], condition: ColumnElement[bool]
) -> list[tuple[str, Content]]:
    """Return the contents with these MD5s that have arrived, each behind its MD5.

    Args:
        connection: A connection.
        digests: MD5s, base64.
        condition: What else must be true of them and of their `entities`.
    """
    query = _contents().join(tables.entities)
    arrived = tables.blobs.c.content.is_not(None)
    found = fetch(connection, query.where(among(tables.contents.c.md5, set(digests)), arrived, condition), Content)
    return [(content.md5, content) for content in found]


def find_described(
    connection: Connection, digests: Iterable[str], artifact_keys: Iterable[int], condition: ColumnElement[bool]
) -> list[tuple[str, Content]]:
    """Return the contents that have arrived and that versions know by these digests, each behind its digest.

    Args:
        connection: A connection.
        digests: Digests as manifests say them, of any algorithm.
        artifact_keys: The versions that brought them in.
        condition: What else must be true of them and of their `entities`.
    """
    files, arrived = tables.artifact_files.c, tables.blobs.c.content.is_not(None)
    query = _contents().add_columns(files.digest).join(tables.entities)
    query = query.join(tables.artifact_files, files.content_key == tables.contents.c.key)
    query = query.where(among(files.artifact_key, artifact_keys), among(files.digest, set(digests)))
    rows = connection.execute(query.where(arrived, condition))
    return [(digest, Content(*values)) for *values, digest in rows]


def held_contents(connection: Connection, artifact_keys: Collection[int]) -> set[int]:
    """Return the keys of the contents that these versions hold, their manifests among them."""
    keys: set[int] = set()
    for table in (tables.artifact_files, tables.artifact_manifests):
        held = select(table.c.content_key).where(among(table.c.artifact_key, artifact_keys))
        keys |= set(connection.execute(held.where(table.c.content_key.is_not(None))).scalars())
    return keys


def free_contents(connection: Connection, blobs: Blobs, keys: Collection[int]) -> list[str]:
    """Delete those of these contents that nothing holds any more. Return what to `unlink` once that is on disk."""
    contents, files, manifests = tables.contents.c, tables.artifact_files.c, tables.artifact_manifests.c
    held = or_(exists().where(files.content_key == contents.key), exists().where(manifests.content_key == contents.key))
    idle = connection.execute(select(contents.key).where(among(contents.key, keys), ~held)).scalars().all()
    unlinked = free_parts(connection, blobs, among(tables.upload_parts.c.content_key, idle)) if idle else []
    rows = connection.execute(delete(tables.contents).where(among(contents.key, idle)).returning(contents.token))
    return [*unlinked, *blobs.forget(connection, [row.token for row in rows])]


def _contents() -> Select[*tuple[Any, ...]]:
    names = ("key", "entity_key", "md5", "token", "birth_key")
    columns = *(tables.contents.c[name] for name in names), tables.blobs.c.size, tables.blobs.c.updated_at
    return select(*columns).join_from(tables.contents, tables.blobs)


def _check_digests(digests: Iterable[str]) -> None:
    for digest in digests:
        try:
            size = len(b64decode(digest, validate=True))
        except (binascii.Error, ValueError):
            size = 0
        if size != MD5_BYTES:
            raise Refusal(400, f"{digest!r} is not an MD5 in base64.")
