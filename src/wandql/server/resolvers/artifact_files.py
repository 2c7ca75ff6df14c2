"""Files of versions, and their manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from ariadne import ObjectType, SchemaBindable
from sqlalchemy import Select, func, select

from wandql.server import tables
from wandql.server.artifacts.lookups import get_artifact, get_collection
from wandql.server.artifacts.records import (
    ARTIFACT_FILE_COLUMNS,
    ArtifactFileRecord,
    ArtifactRecord,
    ManifestRecord,
    MembershipRecord,
)
from wandql.server.lookups import get_project, may_read
from wandql.server.pages import Page, Window
from wandql.server.records import FileRecord
from wandql.server.store import among, fetch

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo
    from sqlalchemy import ColumnElement

    from wandql.server.context import Context

__all__ = ["BINDABLES", "find_manifests"]

ARTIFACT = ObjectType("Artifact")
MEMBERSHIP = ObjectType("ArtifactCollectionMembership")
FILE = ObjectType("File")


class EntryInput(TypedDict):
    """An entry of a manifest."""

    name: str


@ARTIFACT.field("files")
def resolve_files(
    artifact: ArtifactRecord,
    info: GraphQLResolveInfo,
    names: list[str] | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[ArtifactFileRecord]:
    """Answer the files of a version, by name."""
    return _page(info.context, artifact, names, Window.of(first, after))


@MEMBERSHIP.field("files")
def resolve_member_files(
    member: MembershipRecord,
    info: GraphQLResolveInfo,
    names: list[str] | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[ArtifactFileRecord]:
    """Answer the files of a version, by name."""
    return _page(info.context, member.artifact, names, Window.of(first, after))


@ARTIFACT.field("filesByManifestEntries")
def resolve_files_by_entries(
    artifact: ArtifactRecord,
    info: GraphQLResolveInfo,
    entries: list[EntryInput] | None = None,
    **_layout: str | None,
) -> Page[ArtifactFileRecord]:
    """Answer those files of a version that the client lists. How it stores them is the server's own business."""
    names = [entry["name"] for entry in entries or ()]
    window = Window(0, len(names))
    return _page(info.context, artifact, names, window) if names else window.cut([])


@ARTIFACT.field("currentManifest")
def resolve_manifest(artifact: ArtifactRecord, info: GraphQLResolveInfo) -> ManifestRecord | None:
    """Answer the manifest of a version that is complete."""
    if artifact.state != "COMMITTED":
        return None
    condition = tables.artifact_manifests.c.artifact_key == artifact.key
    return next(iter(find_manifests(info.context, condition)), None)


@FILE.field("artifact")
def resolve_birth(file: FileRecord | ArtifactFileRecord, info: GraphQLResolveInfo) -> ArtifactRecord | None:
    """Answer the version that first brought in a file's content, if the viewer may read it. A run's file has none."""
    context: Context = info.context
    if isinstance(file, FileRecord):
        return None
    artifact = get_artifact(context, file.artifact_key if file.birth_key is None else file.birth_key)
    project = get_project(context, get_collection(context, artifact.sequence_key).project_key)
    return artifact if may_read(context, project) else None


def find_manifests(context: Context, condition: ColumnElement[bool]) -> list[ManifestRecord]:
    """Return the manifests that match."""
    manifests, contents, blobs = tables.artifact_manifests.c, tables.contents.c, tables.blobs.c
    columns = (
        manifests.key,
        manifests.artifact_key,
        manifests.name,
        contents.md5,
        contents.token,
        blobs.size,
        blobs.updated_at,
    )
    source = tables.artifact_manifests.outerjoin(tables.contents).outerjoin(tables.blobs)
    query = select(*columns).select_from(source).where(condition).order_by(manifests.key)
    return [
        ManifestRecord(
            key, ArtifactFileRecord(artifact_key, name, md5, size or 0, None, token, md5, artifact_key, updated_at)
        )
        for key, artifact_key, name, md5, token, size, updated_at in context.connection.execute(query)
    ]


def _page(
    context: Context, artifact: ArtifactRecord, names: list[str] | None, window: Window
) -> Page[ArtifactFileRecord]:
    """Return a page of the files of a version that is complete: of one that is not, nothing is there yet."""
    files = tables.artifact_files.c
    if artifact.state != "COMMITTED":
        return window.cut([])
    condition = files.artifact_key == artifact.key
    if names:
        condition &= among(files.name, names)
    query = _files().where(condition).order_by(files.name).offset(window.offset).limit(window.reach)
    count = select(func.count()).select_from(tables.artifact_files).where(condition)
    found = fetch(context.connection, query, ArtifactFileRecord)
    return window.page(found, lambda: context.connection.execute(count).scalar_one())


def _files() -> Select[*tuple[Any, ...]]:
    source = tables.artifact_files.outerjoin(tables.contents).outerjoin(tables.blobs)
    return select(*ARTIFACT_FILE_COLUMNS).select_from(source)


BINDABLES: list[SchemaBindable] = [ARTIFACT, MEMBERSHIP, FILE]
