"""Large files that arrive in parts: each part is a blob of its own, until all of them become the content."""

from __future__ import annotations

import secrets
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, delete, insert, select

from wandql.server import tables
from wandql.server.messages import Refusal
from wandql.server.store import fetch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sqlalchemy import ColumnElement, Connection

    from wandql.server.artifacts.contents import Content
    from wandql.server.blobs import Blobs, Upload

__all__ = ["Part", "PartialUpload", "announce_parts", "find_parts", "free_parts", "join_parts", "md5_of_part"]

MOST_PARTS: Final = 10_000
MD5_BYTES: Final = 16

PIECE: Final = 1024 * 1024
"""How many bytes are copied at once when parts are joined."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a large file.

    Attributes:
        upload_id: The upload that it belongs to.
        part_number: Its place, from 1.
        artifact_key: The version that it is uploaded for.
        content_key: What it is a part of.
        md5: The MD5 that was announced, base64.
        token: The token of its blob.
        content: The name of its file; None while it has not arrived.
        size: How many bytes it has; 0 while it has not arrived.
    """

    upload_id: str
    part_number: int
    artifact_key: int
    content_key: int
    md5: str
    token: str
    content: str | None
    size: int


@dataclass(frozen=True, slots=True)
class PartialUpload:
    """An upload in parts.

    Attributes:
        upload_id: What clients call it.
        parts: The parts, in order.
    """

    upload_id: str
    parts: tuple[Part, ...]


def announce_parts(
    connection: Connection, blobs: Blobs, artifact_key: int, content: Content, md5s: Mapping[int, str]
) -> PartialUpload:
    """Return where the parts of a content go. Whoever asks again gets other places: nobody joins what another uploads.

    Args:
        connection: A connection that writes.
        blobs: Uploaded bytes.
        artifact_key: The version that announces them.
        content: What they are parts of.
        md5s: Their MD5s, hex, by number.

    Raises:
        Refusal: The numbers do not count from 1, there are too many, or a digest is no MD5 in hex (400).
    """
    if sorted(md5s) != list(range(1, len(md5s) + 1)) or len(md5s) > MOST_PARTS:
        raise Refusal(400, f"The parts of a file are numbered from 1 without a gap, up to {MOST_PARTS:,}.")
    wanted = {number: md5_of_part(md5s[number]) for number in sorted(md5s)}
    upload_id, tokens = secrets.token_hex(16), blobs.announce(connection, len(wanted))
    made = [
        Part(upload_id, number, artifact_key, content.key, md5, token, None, 0)
        for (number, md5), token in zip(wanted.items(), tokens, strict=True)
    ]
    names = tables.upload_parts.c.keys()
    connection.execute(insert(tables.upload_parts), [{name: getattr(part, name) for name in names} for part in made])
    return PartialUpload(upload_id, tuple(made))


def md5_of_part(hexadecimal: str) -> str:
    """Return an MD5 in base64. Clients give it as the tag of a part's upload, too, with quotes.

    Raises:
        Refusal: It is not one (400).
    """
    try:
        digest = bytes.fromhex(hexadecimal.strip('"'))
    except ValueError:
        digest = b""
    if len(digest) != MD5_BYTES:
        raise Refusal(400, f"{hexadecimal!r} is not an MD5 in hex.")
    return b64encode(digest).decode()


def find_parts(connection: Connection, condition: ColumnElement[bool]) -> list[Part]:
    """Return the parts that match, in order."""
    parts = tables.upload_parts.c
    return fetch(connection, _parts().where(condition).order_by(parts.upload_id, parts.part_number), Part)


def free_parts(connection: Connection, blobs: Blobs, condition: ColumnElement[bool]) -> list[str]:
    """Delete the parts that match. Return what to `unlink` once that is on disk."""
    parts = tables.upload_parts
    gone = connection.execute(delete(parts).where(condition).returning(parts.c.token)).scalars().all()
    return blobs.forget(connection, gone) if gone else []


def join_parts(upload: Upload, files: Iterable[Path]) -> None:
    """Write parts one behind the other. It takes as long as the disk does: hold no transaction meanwhile.

    Raises:
        Refusal: A part was given up meanwhile (404).
    """
    try:
        for file in files:
            with file.open("rb") as part:
                while piece := part.read(PIECE):
                    upload.write(piece)
    except FileNotFoundError:
        raise Refusal(404, "A part of this file was given up.") from None
    upload.finish()


def _parts() -> Select[*tuple[Any, ...]]:
    parts, blobs = tables.upload_parts, tables.blobs.c
    return select(*parts.c, blobs.content, blobs.size).join_from(parts, tables.blobs)
