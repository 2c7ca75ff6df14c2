"""Completing a version: its manifests become its list of files, and it gets its number."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from sqlalchemy import delete, insert, select, update

from wandql.server import tables
from wandql.server.artifacts.contents import find_contents, find_described, free_contents, held_contents, store_content
from wandql.server.artifacts.lookups import get_artifact, get_collection, owner_of
from wandql.server.artifacts.manifests import MANIFEST_NAME, digest_of, merge_manifests, read_manifest
from wandql.server.artifacts.parts import free_parts
from wandql.server.artifacts.versions import enter_collection, give_aliases
from wandql.server.ids import decode_id
from wandql.server.lookups import visible
from wandql.server.messages import Refusal
from wandql.server.store import add, fetch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select

    from wandql.server.artifacts.contents import Content
    from wandql.server.artifacts.manifests import Entry
    from wandql.server.artifacts.records import ArtifactRecord
    from wandql.server.context import Context

__all__ = ["commit_artifact"]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A manifest that has arrived."""

    key: int
    base_key: int | None
    type: str
    token: str


class FileRow(TypedDict):
    """A row of `artifact_files`."""

    artifact_key: int
    name: str
    content_key: int | None
    digest: str
    size: int
    ref: str | None


def commit_artifact(context: Context, artifact: ArtifactRecord) -> ArtifactRecord:
    """Complete a version. One that is complete already stays as it is.

    Raises:
        Refusal: Its manifest or a file in that has not arrived, or the manifest cannot be read (400).
    """
    if artifact.state == "COMMITTED":
        return artifact
    connection, artifacts = context.connection, tables.artifacts
    manifest, data = _manifest(context, artifact)
    entries = read_manifest(data)
    files = _files(context, artifact, entries)
    held = held_contents(connection, [artifact.key])
    connection.execute(delete(tables.artifact_files).where(tables.artifact_files.c.artifact_key == artifact.key))
    if files:
        connection.execute(insert(tables.artifact_files), files)
    _keep_manifest(context, artifact, manifest, data)
    context.unlinked += free_contents(connection, context.blobs, held)
    context.unlinked += free_parts(connection, context.blobs, tables.upload_parts.c.artifact_key == artifact.key)
    member = enter_collection(context, get_collection(context, artifact.sequence_key), artifact.key)
    wanted = connection.execute(select(artifacts.c.aliases).where(artifacts.c.key == artifact.key)).scalar_one()
    give_aliases(connection, member, wanted)
    ttl = artifact.ttl_duration_seconds
    values = {
        "state": "COMMITTED",
        "version_index": member.version_index,
        "digest": digest_of(entries, artifact.digest_algorithm) if manifest is None else artifact.digest,
        "commit_hash": secrets.token_hex(10),
        "size": sum(file["size"] for file in files),
        "file_count": len(files),
        "updated_at": context.now,
        "expires_at": artifact.created_at + ttl * 1_000_000 if ttl > 0 else None,
    }
    connection.execute(update(artifacts).where(artifacts.c.key == artifact.key).values(values))
    return get_artifact(context, artifact.key)


def _manifest(context: Context, artifact: ArtifactRecord) -> tuple[Uploaded | None, bytes]:
    """Return the manifest that a client uploaded whole; None if it had to be merged. Return its bytes, too."""
    manifests = fetch(context.connection, _arrived(artifact.key), Uploaded)
    if not manifests:
        raise Refusal(400, "The manifest of this version has not arrived: upload it before the version is committed.")
    if all(manifest.type == "FULL" for manifest in manifests):
        return manifests[-1], _bytes(context, manifests[-1])
    # Clients name the version before for every manifest, also for shares of a version that several write anew.
    added = (manifest.base_key for manifest in manifests if manifest.type == "INCREMENTAL")
    bases = dict.fromkeys(key for key in added if key is not None)
    parts = [*(_base(context, key) for key in bases), *manifests]
    return None, merge_manifests([_bytes(context, part) for part in parts])


def _base(context: Context, artifact_key: int) -> Uploaded:
    manifests = fetch(context.connection, _arrived(artifact_key), Uploaded)
    if not manifests:
        raise Refusal(400, "The version that this one adds to was deleted: log all files instead.")
    return manifests[-1]


def _arrived(artifact_key: int) -> Select[*tuple[Any, ...]]:
    manifests, contents, blobs = tables.artifact_manifests.c, tables.contents.c, tables.blobs.c
    query = select(manifests.key, manifests.base_key, manifests.type, contents.token)
    query = query.join_from(tables.artifact_manifests, tables.contents).join(tables.blobs)
    return query.where(manifests.artifact_key == artifact_key, blobs.content.is_not(None)).order_by(manifests.key)


def _bytes(context: Context, manifest: Uploaded) -> bytes:
    blob = context.blobs.find(context.connection, manifest.token)
    return blob.path.read_bytes() if blob else b""


def _files(context: Context, artifact: ArtifactRecord, entries: Mapping[str, Entry]) -> list[FileRow]:
    """Return the rows of a version's files.

    Raises:
        Refusal: A file has not arrived, or has another size than the manifest says (400).
    """
    entity_key = owner_of(context, artifact)
    digests = {entry.digest for entry in entries.values() if entry.ref is None}
    births = {decode_id("Artifact", id_) for entry in entries.values() if (id_ := entry.birth_artifact_id)}
    # A draft of another entity's version names contents that are there, not here.
    known: dict[str, Content] = {}
    for found in (
        find_contents(context.connection, digests, visible(context)),
        find_described(context.connection, digests, births - {artifact.key}, visible(context)),
        find_described(context.connection, digests, {artifact.key}, visible(context)),
    ):
        known |= dict(sorted(found, key=lambda described: described[1].entity_key == entity_key))
    rows: list[FileRow] = []
    for name, entry in entries.items():
        content = known.get(entry.digest) if entry.ref is None else None
        if content is None and entry.ref is None:
            raise Refusal(400, f"The file {name!r} has not arrived: upload it before the version is committed.")
        if content and entry.size not in {None, content.size}:
            raise Refusal(400, f"The file {name!r} has {content.size} bytes, and the manifest says {entry.size}.")
        rows.append(
            {
                "artifact_key": artifact.key,
                "name": name,
                "content_key": content.key if content else None,
                "digest": entry.digest,
                "size": content.size if content else entry.size or 0,
                "ref": entry.ref,
            }
        )
    return rows


def _keep_manifest(context: Context, artifact: ArtifactRecord, whole: Uploaded | None, data: bytes) -> None:
    """Leave a version one manifest, a full one."""
    connection, manifests = context.connection, tables.artifact_manifests
    others = manifests.c.artifact_key == artifact.key
    if whole is not None:
        connection.execute(delete(manifests).where(others, manifests.c.key != whole.key))
        return
    entity_key = owner_of(context, artifact)
    content = store_content(connection, context.blobs, entity_key, artifact.key, data)
    connection.execute(delete(manifests).where(others))
    values = {"artifact_key": artifact.key, "content_key": content.key, "type": "FULL", "name": MANIFEST_NAME}
    add(connection, manifests, values)
