"""Files: of all, where to get them; of runs, how they come and go."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict

from ariadne import MutationType, ObjectType, SchemaBindable
from sqlalchemy import delete, func, insert, select

from wandql.server import tables
from wandql.server.artifacts.records import ArtifactFileRecord
from wandql.server.ids import decode_id, encode_id
from wandql.server.lookups import check_may_write, own_run, readable
from wandql.server.messages import Refusal
from wandql.server.names import flaw_of_file_name
from wandql.server.pages import Page, Window
from wandql.server.records import FileRecord, RunRecord
from wandql.server.store import among, fetch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphql import GraphQLResolveInfo
    from sqlalchemy import ColumnElement, Select

    from wandql.server.artifacts.parts import Part, PartialUpload
    from wandql.server.context import Context

__all__ = ["BINDABLES"]

MUTATION = MutationType()
RUN = ObjectType("Run")
FILE = ObjectType("File")
FILE_CONNECTION = ObjectType("FileConnection")
MULTIPART = ObjectType("UploadMultipartUrls")
PART = ObjectType("UploadUrlPart")

FILE_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = (
    *(tables.files.c[name] for name in ("key", "token", "name", "mimetype")),
    *(tables.blobs.c[name] for name in ("size", "md5", "updated_at")),
)


class RunFilesInput(TypedDict):
    """The input of `createRunFiles` and of `markRunFilesUploaded`."""

    entity_name: str
    project_name: str
    run_name: str
    files: list[str]
    client_mutation_id: str | None


class DeleteFilesInput(TypedDict):
    """The input of `deleteFiles`."""

    files: list[str]
    client_mutation_id: str | None


@RUN.field("fileCount")
def resolve_file_count(run: RunRecord, info: GraphQLResolveInfo) -> int:
    """Answer how many files a run has."""
    return _count(info.context, _uploaded(run))


@RUN.field("files")
def resolve_files(
    run: RunRecord,
    info: GraphQLResolveInfo,
    names: list[str | None] | None = None,
    pattern: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[FileRecord]:
    """Answer the files of a run that have arrived, by name."""
    context: Context = info.context
    window = Window.of(first, after)
    condition = _uploaded(run)
    if names:
        condition &= among(tables.files.c.name, [name.removeprefix("./") for name in names if name])
    if pattern:
        condition &= tables.files.c.name.like(pattern)
    query = _files().where(condition).order_by(tables.files.c.name).offset(window.offset).limit(window.reach)
    files = fetch(context.connection, query, FileRecord)
    return window.page(files, lambda: _count(context, condition))


@FILE.field("id")
def resolve_id(file: FileRecord | ArtifactFileRecord, _info: GraphQLResolveInfo) -> str:
    """Answer the id. A version's file is known by the version and its name."""
    if isinstance(file, FileRecord):
        return encode_id("File", file.key)
    return encode_id("ArtifactFile", f"{file.artifact_key}/{file.name}")


@FILE.field("url")
def resolve_url(
    file: FileRecord | ArtifactFileRecord,
    info: GraphQLResolveInfo,
    upload: bool | None = None,  # noqa: FBT001
) -> str | None:
    """Answer where to download a file, or where to upload it."""
    url: str | None = (resolve_upload_url if upload else resolve_direct_url)(file, info)
    return url


@FILE.field("directUrl")
def resolve_direct_url(file: FileRecord | ArtifactFileRecord, info: GraphQLResolveInfo) -> str | None:
    """Answer where to download a file: what is stored elsewhere, there."""
    return file.ref if file.token is None else _url(info.context, file.token, file.name, "GET")


@FILE.field("uploadUrl")
def resolve_upload_url(file: FileRecord | ArtifactFileRecord, info: GraphQLResolveInfo) -> str | None:
    """Answer where to upload a file; null if its content is there already, for a version's file never changes."""
    if file.token is None or (isinstance(file, ArtifactFileRecord) and file.updated_at is not None):
        return None
    return _url(info.context, file.token, file.name, "PUT")


@FILE.field("displayName")
def resolve_display_name(file: FileRecord | ArtifactFileRecord, _info: GraphQLResolveInfo) -> str:
    """Answer the name: a file has no other."""
    return file.name


@FILE.field("uploadHeaders")
@FILE_CONNECTION.field("uploadHeaders")
def resolve_upload_headers(_source: object, _info: GraphQLResolveInfo) -> list[str]:
    """Answer that an upload needs no headers: its URL says it all."""
    return []


@FILE.field("uploadMultipartUrls")
def resolve_multipart(file: FileRecord | ArtifactFileRecord, _info: GraphQLResolveInfo) -> PartialUpload | None:
    """Answer where the parts of a file go; null if it goes up in one piece, or is there already."""
    return file.parts if isinstance(file, ArtifactFileRecord) else None


@MULTIPART.field("uploadUrlParts")
def resolve_parts(upload: PartialUpload, _info: GraphQLResolveInfo) -> tuple[Part, ...]:
    """Answer the parts of a large file."""
    return upload.parts


@PART.field("uploadUrl")
def resolve_part_url(part: Part, info: GraphQLResolveInfo) -> str:
    """Answer where to upload a part."""
    return _url(info.context, part.token, f"part-{part.part_number}", "PUT")


@MUTATION.field("createRunFiles")
def resolve_create_run_files(_root: None, info: GraphQLResolveInfo, input: RunFilesInput) -> dict[str, object]:  # noqa: A002
    """Announce files of a run. One that exists keeps its content until the new one has arrived."""
    context: Context = info.context
    run = own_run(context, input["entity_name"], input["project_name"], input["run_name"])
    names = [_safe_name(name) for name in input["files"]]
    new = sorted(set(names) - _named(context, run, names).keys())
    if new:
        tokens = context.blobs.announce(context.connection, len(new))
        rows = [
            {"run_key": run.key, "token": token, "name": name, "mimetype": mimetypes.guess_type(name, strict=False)[0]}
            for name, token in zip(new, tokens, strict=True)
        ]
        context.connection.execute(insert(tables.files), rows)
    known = _named(context, run, names)
    return {
        "runID": encode_id("Run", run.key),
        "uploadHeaders": [],
        "files": [known[name] for name in names],
        "clientMutationId": input.get("client_mutation_id"),
    }


@MUTATION.field("markRunFilesUploaded")
def resolve_mark_run_files_uploaded(
    _root: None,
    info: GraphQLResolveInfo,
    input: RunFilesInput,  # noqa: A002
) -> dict[str, object]:
    """Answer whether all these files have arrived. The server itself saw them arrive: there is nothing to mark."""
    context: Context = info.context
    run = own_run(context, input["entity_name"], input["project_name"], input["run_name"])
    known = _named(context, run, input["files"])
    arrived = all(name in known and known[name].md5 is not None for name in input["files"])
    return {"success": arrived, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("deleteFiles")
def resolve_delete_files(_root: None, info: GraphQLResolveInfo, input: DeleteFilesInput) -> dict[str, object]:  # noqa: A002
    """Delete files."""
    context: Context = info.context
    _ = context.writer
    keys = {decode_id("File", id_) for id_ in input["files"]}
    query = _files().join(tables.runs).join(tables.projects).join(tables.entities)
    files = fetch(context.connection, query.where(among(tables.files.c.key, keys), readable(context)), FileRecord)
    if len(files) < len(keys):
        raise Refusal(404, "Not all of these files exist.")
    owners = select(tables.projects.c.entity_key).join_from(tables.files, tables.runs).join(tables.projects).distinct()
    for owner in context.connection.execute(owners.where(among(tables.files.c.key, keys))).scalars():
        check_may_write(context, owner)
    context.connection.execute(delete(tables.files).where(among(tables.files.c.key, keys)))
    context.unlinked += context.blobs.forget(context.connection, [file.token for file in files])
    return {"success": True, "clientMutationId": input.get("client_mutation_id")}


def _files() -> Select[*tuple[Any, ...]]:
    return select(*FILE_COLUMNS).join_from(tables.files, tables.blobs)


def _uploaded(run: RunRecord) -> ColumnElement[bool]:
    return (tables.files.c.run_key == run.key) & tables.blobs.c.content.is_not(None)


def _count(context: Context, condition: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(tables.files.join(tables.blobs)).where(condition)
    return context.connection.execute(query).scalar_one()


def _named(context: Context, run: RunRecord, names: Sequence[str]) -> dict[str, FileRecord]:
    query = _files().where(tables.files.c.run_key == run.key, among(tables.files.c.name, names))
    return {file.name: file for file in fetch(context.connection, query, FileRecord)}


def _url(context: Context, token: str, name: str, method: Literal["GET", "PUT"]) -> str:
    return context.origin + context.signer.path(method, token, name, context.now)


def _safe_name(name: str) -> str:
    """Return a file's name if it stays within whatever directory a client will put it into."""
    name = name.removeprefix("./")
    if flaw := flaw_of_file_name(name):
        raise Refusal(400, flaw)
    return name


BINDABLES: list[SchemaBindable] = [MUTATION, RUN, FILE, FILE_CONNECTION, MULTIPART, PART]
