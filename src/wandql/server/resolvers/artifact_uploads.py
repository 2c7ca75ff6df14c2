"""Making versions: announced, uploaded, committed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypedDict

from ariadne import MutationType, SchemaBindable
from sqlalchemy import select, update

from wandql.server import tables
from wandql.server.artifacts.commits import commit_artifact
from wandql.server.artifacts.contents import announce_contents, find_announced, free_contents
from wandql.server.artifacts.lookups import (
    find_artifact_by_client_id,
    get_artifact,
    get_artifact_by_id,
    get_collection,
    get_membership,
    own_artifact,
    owner_of,
    version_number,
)
from wandql.server.artifacts.manifests import MANIFEST_MD5, is_safe_path
from wandql.server.artifacts.parts import PartialUpload, announce_parts, find_parts, free_parts, md5_of_part
from wandql.server.artifacts.records import (
    ARTIFACT_COLUMNS,
    INHERITED,
    ArtifactFileRecord,
    ArtifactRecord,
    CollectionRecord,
    ManifestRecord,
)
from wandql.server.artifacts.registries import is_registry_name
from wandql.server.artifacts.versions import (
    ABANDONED,
    expire_artifacts,
    give_aliases,
    make_collection,
    valid_alias,
)
from wandql.server.databases.upserts import upsert
from wandql.server.ids import decode_id, encode_id
from wandql.server.lookups import find_project, find_run, get_project, own_entity
from wandql.server.messages import Refusal
from wandql.server.pages import Window
from wandql.server.resolvers.artifact_changes import AliasInput, TagInput, mark_artifact, metadata_columns, valid_ttl
from wandql.server.resolvers.artifact_files import find_manifests
from wandql.server.resolvers.projects import make_project
from wandql.server.store import add, among, fetch_first

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.artifacts.contents import Content
    from wandql.server.artifacts.parts import Part
    from wandql.server.context import Context
    from wandql.server.records import RunRecord

__all__ = ["BINDABLES"]

MUTATION = MutationType()

REGIONS: Final = ("default", "coreweave-us")
"""The names of storage regions that the official SDK knows. This server keeps all files in one place."""


class CreateArtifactInput(TypedDict):
    """The input of `createArtifact`."""

    entity_name: str
    project_name: str
    run_name: str | None
    artifact_type_name: str
    artifact_collection_name: str | None
    artifact_collection_names: list[str] | None
    digest: str
    digest_algorithm: str | None
    enable_digest_deduplication: bool | None
    description: str | None
    metadata: str | None
    aliases: list[AliasInput] | None
    tags: list[TagInput] | None
    ttl_duration_seconds: int | None
    history_step: int | None
    client_id: str | None
    sequence_client_id: str | None
    distributed_id: str | None
    storage_region: str | None
    client_mutation_id: str | None


class CreateManifestInput(TypedDict):
    """The input of `createArtifactManifest`."""

    artifact_id: str
    base_artifact_id: str | None
    name: str
    digest: str
    type: str | None
    client_mutation_id: str | None


class UpdateManifestInput(TypedDict):
    """The input of `updateArtifactManifest`."""

    artifact_manifest_id: str
    base_artifact_id: str | None
    digest: str | None
    client_mutation_id: str | None


class PartInput(TypedDict):
    """A part of a large file."""

    part_number: int
    hex_md5: str


class FileSpecInput(TypedDict):
    """A file to announce."""

    artifact_id: str
    name: str
    md5: str
    digest: str | None
    upload_parts_input: list[PartInput] | None


class CreateFilesInput(TypedDict):
    """The input of `createArtifactFiles`."""

    artifact_files: list[FileSpecInput]
    client_mutation_id: str | None


class CompleteInput(TypedDict):
    """The input of `completeMultipartUploadArtifact`."""

    complete_multipart_action: str
    completed_parts: list[PartInput]
    artifact_id: str
    storage_path: str
    upload_id: str
    client_mutation_id: str | None


class CommitInput(TypedDict):
    """The input of `commitArtifact`."""

    artifact_id: str
    client_mutation_id: str | None


@MUTATION.field("createArtifact")
def resolve_create(_root: None, info: GraphQLResolveInfo, input: CreateArtifactInput) -> dict[str, object]:  # noqa: A002
    """Begin a version, or find the one that the client means: by its own id for it, or by its content."""
    context: Context = info.context
    if (region := input.get("storage_region")) not in {None, "", *REGIONS}:
        raise Refusal(400, f"malformed region: {region}: there are {', '.join(REGIONS)}, and all files are kept here.")
    context.unlinked += expire_artifacts(context.connection, context.blobs, context.now)
    entity = own_entity(context, input["entity_name"])
    name = input["project_name"]
    if is_registry_name(name):
        raise Refusal(
            400, f"No version is logged into a registry, such as {entity.name}/{name}: log elsewhere, then link."
        )
    project = find_project(context, entity, name) or get_project(context, make_project(context, entity, name))
    run_name = input.get("run_name")
    run = find_run(context, project, run_name) if run_name else None
    if run is None and run_name:
        raise Refusal(404, f"There is no run {entity.name}/{project.name}/{run_name}.")
    collection_name = input.get("artifact_collection_name") or next(
        iter(input.get("artifact_collection_names") or ()), ""
    )
    sequence = make_collection(
        context, project, _without_version(collection_name), input["artifact_type_name"], is_sequence=True
    )
    artifact = _known(context, sequence, input) or _begin(context, sequence, run, input)
    _claim(context, artifact, run, input)
    return {
        "artifact": get_artifact(context, artifact.key),
        "clientMutationId": input.get("client_mutation_id"),
    }


@MUTATION.field("createArtifactManifest")
def resolve_create_manifest(_root: None, info: GraphQLResolveInfo, input: CreateManifestInput) -> dict[str, object]:  # noqa: A002
    """Announce a manifest. A version has one whole manifest, and any number of parts."""
    context: Context = info.context
    artifact = _pending(context, input["artifact_id"])
    base = get_artifact_by_id(context, id_) if (id_ := input.get("base_artifact_id")) else None
    kind, manifests = input.get("type") or "FULL", tables.artifact_manifests
    whole = manifests.c.artifact_key == artifact.key, manifests.c.type == "FULL"
    key = context.connection.execute(select(manifests.c.key).where(*whole)).scalar() if kind == "FULL" else None
    if key is None:
        values = {"artifact_key": artifact.key, "type": kind, "name": input["name"]}
        key = add(context.connection, manifests, values)
    manifest = _describe(context, artifact, key, base, input["digest"])
    return {"artifactManifest": manifest, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("updateArtifactManifest")
def resolve_update_manifest(_root: None, info: GraphQLResolveInfo, input: UpdateManifestInput) -> dict[str, object]:  # noqa: A002
    """Say what an announced manifest will be."""
    context: Context = info.context
    key = decode_id("ArtifactManifest", input["artifact_manifest_id"])
    manifests = tables.artifact_manifests.c
    artifact_key = context.connection.execute(select(manifests.artifact_key).where(manifests.key == key)).scalar()
    artifact = _pending(context, encode_id("Artifact", artifact_key or 0))
    base = get_artifact_by_id(context, id_) if (id_ := input.get("base_artifact_id")) else None
    manifest = _describe(context, artifact, key, base, input.get("digest") or "")
    return {"artifactManifest": manifest, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("createArtifactFiles")
def resolve_create_files(_root: None, info: GraphQLResolveInfo, input: CreateFilesInput) -> dict[str, object]:  # noqa: A002
    """Announce files. What the entity has already needs no upload: its URL is null."""
    context: Context = info.context
    specs: dict[str, list[FileSpecInput]] = {}
    for spec in input["artifact_files"]:
        specs.setdefault(spec["artifact_id"], []).append(spec)
    announced = {id_: _announce(context, _pending(context, id_), files) for id_, files in specs.items()}
    files = [announced[spec["artifact_id"]][spec["name"]] for spec in input["artifact_files"]]
    return {"files": Window(0, len(files)).cut(files), "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("completeMultipartUploadArtifact")
def resolve_complete(_root: None, info: GraphQLResolveInfo, input: CompleteInput) -> dict[str, object]:  # noqa: A002
    """Join the parts of a large file, or give them up. Joining what is there already changes nothing."""
    context: Context = info.context
    artifact = own_artifact(context, input["artifact_id"])
    here = tables.upload_parts.c
    mine = (here.upload_id == input["upload_id"]) & (here.artifact_key == artifact.key)
    parts = find_parts(context.connection, mine)
    digest = None
    if input["complete_multipart_action"] == "Complete":
        content = _content(context, artifact, input["storage_path"])
        digest = content.md5
        if content.arrived_at is None:
            _join(context, content, parts, input)
    elif not parts:
        raise Refusal(404, f"There is no upload {input['upload_id']!r} of this version.")
    context.unlinked += free_parts(context.connection, context.blobs, mine)
    return {"digest": digest, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("commitArtifact")
def resolve_commit(_root: None, info: GraphQLResolveInfo, input: CommitInput) -> dict[str, object]:  # noqa: A002
    """Complete a version."""
    context: Context = info.context
    artifact = commit_artifact(context, own_artifact(context, input["artifact_id"]))
    return {"artifact": artifact, "clientMutationId": input.get("client_mutation_id")}


def _known(context: Context, sequence: CollectionRecord, given: CreateArtifactInput) -> ArtifactRecord | None:
    """Return the version that a client means: the one it has begun, the one all writers write, or an equal one."""
    client_id, distributed_id = given.get("client_id"), given.get("distributed_id")
    named = find_artifact_by_client_id(context, client_id) if client_id else None
    if named and named.sequence_key == sequence.key:
        return named
    artifacts = tables.artifacts.c
    query = select(*ARTIFACT_COLUMNS).where(artifacts.sequence_key == sequence.key).order_by(artifacts.key.desc())
    if distributed_id:
        query = query.where(artifacts.distributed_id == distributed_id, artifacts.state == "PENDING")
    elif given.get("enable_digest_deduplication"):
        algorithm = given.get("digest_algorithm") or MANIFEST_MD5
        equal = artifacts.digest == given["digest"], artifacts.digest_algorithm == algorithm
        query = query.where(*equal, artifacts.state == "COMMITTED")
    else:
        return None
    return fetch_first(context.connection, query.limit(1), ArtifactRecord)


def _begin(
    context: Context, sequence: CollectionRecord, run: RunRecord | None, given: CreateArtifactInput
) -> ArtifactRecord:
    values: dict[str, object] = {
        "sequence_key": sequence.key,
        "run_key": run.key if run else None,
        "user_key": None if run else context.writer.key,
        "state": "PENDING",
        "digest": given["digest"],
        "digest_algorithm": given.get("digest_algorithm") or MANIFEST_MD5,
        "size": 0,
        "file_count": 0,
        "ttl_duration_seconds": valid_ttl(given.get("ttl_duration_seconds") or INHERITED),
        "history_step": given.get("history_step"),
        "distributed_id": given.get("distributed_id"),
        "aliases": list[str](),
        "description": given.get("description"),
        "created_at": context.now,
        "updated_at": context.now,
        **metadata_columns(given.get("metadata")),
    }
    return get_artifact(context, add(context.connection, tables.artifacts, values))


def _claim(context: Context, artifact: ArtifactRecord, run: RunRecord | None, given: CreateArtifactInput) -> None:
    """Record what a client wants of a version, whether that is new or not."""
    connection, artifacts = context.connection, tables.artifacts
    sequence = get_collection(context, artifact.sequence_key)
    for alias in given.get("aliases") or ():
        if _without_version(alias["artifact_collection_name"]) != sequence.name:
            raise Refusal(
                400,
                f"An alias in {alias['artifact_collection_name']!r} is none of {sequence.name!r}: link the version.",
            )
    names = [valid_alias(alias["alias"]) for alias in given.get("aliases") or ()]
    here = artifacts.c.key == artifact.key
    if member := get_membership(context, sequence.key, artifact.key):
        give_aliases(connection, member, names)
    else:
        wanted = connection.execute(select(artifacts.c.aliases).where(here)).scalar_one()
        columns = {"aliases": list(dict.fromkeys([*wanted, *names])), "expires_at": context.now + ABANDONED}
        connection.execute(update(artifacts).where(here).values(columns))
    mark_artifact(context, artifact, given.get("tags"))
    if run:
        row = {"run_key": run.key, "artifact_key": artifact.key, "created_at": context.now}
        connection.execute(upsert(tables.artifact_outputs).values(row).on_conflict_do_nothing())
    if client_id := given.get("client_id"):
        name = {"client_id": client_id, "artifact_key": artifact.key}
        connection.execute(upsert(tables.client_ids).values(name).on_conflict_do_nothing())
    if client_id := given.get("sequence_client_id"):
        name = {"client_id": client_id, "collection_key": sequence.key}
        connection.execute(upsert(tables.sequence_client_ids).values(name).on_conflict_do_nothing())


def _without_version(name: str) -> str:
    """Return the name of a collection: clients that log a version again say its number, too, as in `data:v3`."""
    collection, _, version = name.partition(":")
    return name if version_number(version) is None else collection


def _pending(context: Context, id_: str) -> ArtifactRecord:
    """Return a version that is being made, and put off the day on which it counts as abandoned."""
    artifact = own_artifact(context, id_)
    if artifact.state != "PENDING":
        raise Refusal(409, "This version is complete: its files cannot change any more. Log a new version instead.")
    statement = update(tables.artifacts).where(tables.artifacts.c.key == artifact.key)
    context.connection.execute(statement.values(expires_at=context.now + ABANDONED))
    return artifact


def _describe(
    context: Context, artifact: ArtifactRecord, key: int, base: ArtifactRecord | None, digest: str
) -> ManifestRecord:
    connection, manifests = context.connection, tables.artifact_manifests
    columns: dict[str, object] = {"base_key": base.key} if base else {}
    if digest:
        entity_key = owner_of(context, artifact)
        content = announce_contents(connection, context.blobs, entity_key, artifact.key, [digest])[digest]
        columns["content_key"] = content.key
    here = manifests.c.key == key
    former = connection.execute(select(manifests.c.content_key).where(here)).scalar()
    if columns:
        connection.execute(update(manifests).where(here).values(columns))
    if former is not None:
        context.unlinked += free_contents(connection, context.blobs, [former])
    (manifest,) = find_manifests(context, here)
    # Clients insist on uploading a manifest, even where the same one is there already.
    return replace(manifest, file=replace(manifest.file, updated_at=None))


def _content(context: Context, artifact: ArtifactRecord, token: str) -> Content:
    """Return a content of the entity of a version by where it is stored."""
    contents = tables.contents.c
    found = find_announced(
        context.connection, (contents.token == token) & (contents.entity_key == owner_of(context, artifact))
    )
    if found is None:
        raise Refusal(404, f"There is no file {token!r} to complete.")
    return found


def _join(context: Context, content: Content, parts: list[Part], given: CompleteInput) -> None:
    """Make parts a content. They must have been joined before this transaction, which would hold up all others."""
    if not parts or any(part.content_key != content.key for part in parts):
        raise Refusal(404, f"There is no upload {given['upload_id']!r} of this file: announce it again.")
    completed = {part["part_number"]: md5_of_part(part["hex_md5"]) for part in given["completed_parts"]}
    if completed != {part.part_number: part.md5 for part in parts}:
        raise Refusal(400, "What is to be joined are not the parts that were announced.")
    if missing := [part.part_number for part in parts if part.content is None]:
        raise Refusal(400, f"Part {missing[0]} of {len(parts)} has not arrived: upload it before they are joined.")
    upload = context.joined.get(given["upload_id"])
    if upload is None:
        context.unjoined.append(PartialUpload(given["upload_id"], tuple(parts)))
        raise Refusal(503, "The parts of this file are not joined yet.")
    context.blobs.place(context.connection, content.token, upload)


def _announce(context: Context, artifact: ArtifactRecord, specs: list[FileSpecInput]) -> dict[str, ArtifactFileRecord]:
    connection, files = context.connection, tables.artifact_files
    for spec in specs:
        if not is_safe_path(spec["name"]):
            raise Refusal(400, f"{spec['name']!r} cannot be in an artifact: it must be a path within its directory.")
    named = {spec["name"]: spec for spec in specs}
    md5s = {spec["md5"] for spec in specs}
    contents = announce_contents(connection, context.blobs, owner_of(context, artifact), artifact.key, md5s)
    here = (files.c.artifact_key == artifact.key) & among(files.c.name, named)
    former = set(connection.execute(select(files.c.content_key).where(here)).scalars())
    rows = [
        {
            "artifact_key": artifact.key,
            "name": name,
            "content_key": contents[spec["md5"]].key,
            "digest": spec.get("digest") or spec["md5"],
            "size": 0,
        }
        for name, spec in named.items()
    ]
    statement = upsert(files)
    changed = {name: statement.excluded[name] for name in ("content_key", "digest")}
    connection.execute(statement.on_conflict_do_update(["artifact_key", "name"], set_=changed), rows)
    context.unlinked += free_contents(connection, context.blobs, former)
    found = [(name, spec.get("digest") or spec["md5"], contents[spec["md5"]]) for name, spec in named.items()]
    return {
        name: ArtifactFileRecord(
            artifact.key, name, digest, content.size, None, content.token, content.md5, content.birth_key,
            content.arrived_at, _parts(context, artifact, content, named[name]),
        )
        for name, digest, content in found
    }  # fmt: skip


def _parts(context: Context, artifact: ArtifactRecord, content: Content, spec: FileSpecInput) -> PartialUpload | None:
    given = spec.get("upload_parts_input")
    if not given or content.arrived_at is not None:
        return None
    md5s = {part["part_number"]: part["hex_md5"] for part in given}
    return announce_parts(context.connection, context.blobs, artifact.key, content, md5s)


BINDABLES: list[SchemaBindable] = [MUTATION]
