"""Versions of artifacts, as they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ariadne import ObjectType, QueryType, SchemaBindable, UnionType
from sqlalchemy import func, select

from wandql.server import tables
from wandql.server.artifacts.lookups import (
    aliases_of,
    fetch_memberships,
    find_artifact,
    find_artifact_by_client_id,
    find_artifact_by_sequence_client_id,
    find_membership_by_name,
    get_collection,
    get_type,
    memberships,
    readable_artifacts,
)
from wandql.server.artifacts.records import (
    ARTIFACT_COLUMNS,
    TAG_COLUMNS,
    AliasRecord,
    ArtifactRecord,
    ArtifactTypeRecord,
    CollectionRecord,
    MembershipRecord,
    TagRecord,
)
from wandql.server.ids import encode_id
from wandql.server.lookups import get_project, get_run, get_user, may_read, readable
from wandql.server.pages import Page, Window
from wandql.server.records import ProjectRecord, RunRecord, UserRecord, run_columns
from wandql.server.store import fetch

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo
    from sqlalchemy import Table

    from wandql.server.context import Context

__all__ = ["BINDABLES", "ClientID"]

QUERY = QueryType()
PROJECT = ObjectType("Project")
TYPE = ObjectType("ArtifactType")
RUN = ObjectType("Run")
ARTIFACT = ObjectType("Artifact")
MEMBERSHIP = ObjectType("ArtifactCollectionMembership")
ALIAS = ObjectType("ArtifactAlias")
INITIATOR = UnionType("Initiator")


@dataclass(frozen=True, slots=True)
class ClientID:
    """What the server calls a version that a client named."""

    server_id: str


@QUERY.field("artifact")
def resolve_artifact(_root: None, info: GraphQLResolveInfo, id: str) -> ArtifactRecord | None:  # noqa: A002
    """Answer a version."""
    return find_artifact(info.context, id)


@QUERY.field("clientIDMapping")
def resolve_client_id(_root: None, info: GraphQLResolveInfo, client_id: str) -> ClientID | None:
    """Answer the id of the version that a client called so before it was uploaded, or whose sequence it called so."""
    context: Context = info.context
    named = find_artifact_by_client_id(context, client_id)
    artifact = named or find_artifact_by_sequence_client_id(context, client_id)
    return ClientID(encode_id("Artifact", artifact.key)) if artifact else None


@TYPE.field("artifact")
def resolve_of_type(kind: ArtifactTypeRecord, info: GraphQLResolveInfo, name: str) -> ArtifactRecord | None:
    """Answer a version of a type by its name in the project."""
    context: Context = info.context
    member = find_membership_by_name(context, get_project(context, kind.project_key), name)
    return member.artifact if member and get_collection(context, member.collection_key).type_key == kind.key else None


@PROJECT.field("artifact")
def resolve_named(project: ProjectRecord, info: GraphQLResolveInfo, name: str) -> ArtifactRecord | None:
    """Answer a version by its name in the project."""
    member = find_membership_by_name(info.context, project, name)
    return member.artifact if member else None


@PROJECT.field("artifactCollectionMembership")
def resolve_membership(project: ProjectRecord, info: GraphQLResolveInfo, name: str) -> MembershipRecord | None:
    """Answer a version as part of the collection that it was asked for under."""
    return find_membership_by_name(info.context, project, name)


@RUN.field("inputArtifacts")
def resolve_inputs(
    run: RunRecord, info: GraphQLResolveInfo, first: int | None = None, after: str | None = None
) -> Page[ArtifactRecord]:
    """Answer the versions that a run has used, the first one first."""
    return _of_run(info.context, run, tables.artifact_uses, Window.of(first, after))


@RUN.field("outputArtifacts")
def resolve_outputs(
    run: RunRecord, info: GraphQLResolveInfo, first: int | None = None, after: str | None = None
) -> Page[ArtifactRecord]:
    """Answer the versions that a run has logged, the first one first."""
    return _of_run(info.context, run, tables.artifact_outputs, Window.of(first, after))


@ARTIFACT.field("artifactSequence")
def resolve_sequence(artifact: ArtifactRecord, info: GraphQLResolveInfo) -> CollectionRecord:
    """Answer the collection in which a version was born."""
    return get_collection(info.context, artifact.sequence_key)


@ARTIFACT.field("artifactType")
def resolve_type(artifact: ArtifactRecord, info: GraphQLResolveInfo) -> ArtifactTypeRecord:
    """Answer the type of a version: that of its sequence."""
    return get_type(info.context, get_collection(info.context, artifact.sequence_key).type_key)


@ARTIFACT.field("tags")
def resolve_tags(artifact: ArtifactRecord, info: GraphQLResolveInfo) -> list[TagRecord]:
    """Answer the tags of a version."""
    context: Context = info.context
    marks = tables.artifact_tags.c
    query = select(*TAG_COLUMNS).join_from(tables.tags, tables.artifact_tags)
    return fetch(context.connection, query.where(marks.artifact_key == artifact.key).order_by(marks.tag_key), TagRecord)


@ARTIFACT.field("aliases")
def resolve_aliases(artifact: ArtifactRecord, info: GraphQLResolveInfo) -> list[AliasRecord]:
    """Answer the aliases of a version in all collections that the viewer may read.

    Its number there, `v3`, is one of them, as on the official server: old clients read it from here.
    """
    context: Context = info.context
    near = select(tables.collections.c.key).join_from(tables.collections, tables.projects).join(tables.entities)
    members = tables.artifact_memberships.c
    here = (members.artifact_key == artifact.key) & members.collection_key.in_(near.where(readable(context)))
    numbered = fetch_memberships(context.connection, memberships().where(here).order_by(members.key))
    versions = [AliasRecord(-one.key, one.collection_key, f"v{one.version_index}") for one in numbered]
    return [*aliases_of(context, here), *versions]


@ARTIFACT.field("createdBy")
def resolve_created_by(artifact: ArtifactRecord, info: GraphQLResolveInfo) -> RunRecord | UserRecord | None:
    """Answer the run that logged a version, if the viewer may read it, or the user who made it without one."""
    if artifact.run_key is not None:
        run = get_run(info.context, artifact.run_key)
        return run if may_read(info.context, get_project(info.context, run.project_key)) else None
    return None if artifact.user_key is None else get_user(info.context, artifact.user_key)


@ARTIFACT.field("usedBy")
def resolve_used_by(
    artifact: ArtifactRecord, info: GraphQLResolveInfo, first: int | None = None, after: str | None = None
) -> Page[RunRecord]:
    """Answer the runs that have used a version, the first one first."""
    context: Context = info.context
    window = Window.of(first, after)
    uses, source = tables.artifact_uses.c, tables.runs.join(tables.artifact_uses)
    source = source.join(tables.projects).join(tables.entities)
    condition = (uses.artifact_key == artifact.key) & readable(context)
    query = select(*run_columns(context.silent_since)).select_from(source).where(condition)
    query = query.order_by(uses.created_at, uses.run_key).offset(window.offset).limit(window.reach)
    count = select(func.count()).select_from(source).where(condition)
    runs = fetch(context.connection, query, RunRecord)
    return window.page(runs, lambda: context.connection.execute(count).scalar_one())


@ARTIFACT.field("artifactMemberships")
def resolve_memberships(artifact: ArtifactRecord, info: GraphQLResolveInfo) -> Page[MembershipRecord]:
    """Answer all collections that hold a version and that the viewer may read."""
    context: Context = info.context
    here = tables.collections.c.key == tables.artifact_memberships.c.collection_key
    query = memberships().join(tables.collections, here).join(tables.projects).join(tables.entities)
    query = query.where(tables.artifacts.c.key == artifact.key, readable(context))
    found = fetch_memberships(context.connection, query.order_by(tables.artifact_memberships.c.key))
    return Window(0, len(found)).cut(found)


@MEMBERSHIP.field("artifactCollection")
def resolve_collection(member: MembershipRecord, info: GraphQLResolveInfo) -> CollectionRecord:
    """Answer the collection of a membership."""
    return get_collection(info.context, member.collection_key)


@MEMBERSHIP.field("aliases")
def resolve_member_aliases(member: MembershipRecord, info: GraphQLResolveInfo) -> list[AliasRecord]:
    """Answer the aliases of a version in one collection."""
    return aliases_of(info.context, tables.artifact_memberships.c.key == member.key)


@ALIAS.field("artifactCollection")
def resolve_alias_collection(alias: AliasRecord, info: GraphQLResolveInfo) -> CollectionRecord:
    """Answer the collection in which an alias points."""
    return get_collection(info.context, alias.collection_key)


def _of_run(context: Context, run: RunRecord, links: Table, window: Window) -> Page[ArtifactRecord]:
    artifacts = tables.artifacts
    source = artifacts.join(links)
    condition = (links.c.run_key == run.key) & (artifacts.c.state == "COMMITTED") & readable_artifacts(context)
    query = select(*ARTIFACT_COLUMNS).select_from(source).where(condition)
    query = query.order_by(links.c.created_at, links.c.artifact_key).offset(window.offset).limit(window.reach)
    count = select(func.count()).select_from(source).where(condition)
    found = fetch(context.connection, query, ArtifactRecord)
    return window.page(found, lambda: context.connection.execute(count).scalar_one())


def _kind(initiator: RunRecord | UserRecord, *_place: object) -> str:
    return "Run" if isinstance(initiator, RunRecord) else "User"


INITIATOR.set_type_resolver(_kind)

BINDABLES: list[SchemaBindable] = [QUERY, PROJECT, TYPE, RUN, ARTIFACT, MEMBERSHIP, ALIAS, INITIATOR]
