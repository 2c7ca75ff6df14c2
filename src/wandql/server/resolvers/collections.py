"""Types of artifacts, and collections of their versions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from ariadne import InterfaceType, MutationType, ObjectType, QueryType, SchemaBindable
from sqlalchemy import delete, select, update

from wandql.server import tables
from wandql.server.artifacts.lookups import (
    find_collection,
    find_collection_by_id,
    find_latest,
    find_membership,
    find_type,
    get_collection,
    get_type,
    own_collection,
    own_collection_by_id,
)
from wandql.server.artifacts.pages import page_of_collections, page_of_versions
from wandql.server.artifacts.records import (
    ALIAS_COLUMNS,
    TAG_COLUMNS,
    TYPE_COLUMNS,
    AliasRecord,
    ArtifactRecord,
    ArtifactTypeRecord,
    CollectionRecord,
    MembershipRecord,
    TagRecord,
)
from wandql.server.artifacts.versions import delete_artifacts, make_tags, make_type, own_type, valid_collection_name
from wandql.server.databases.upserts import upsert
from wandql.server.ids import encode_id
from wandql.server.lookups import find_project, get_project, own_entity
from wandql.server.messages import Refusal
from wandql.server.pages import Edge, Page, Window
from wandql.server.records import ProjectRecord
from wandql.server.store import among, fetch

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.context import Context

__all__ = ["BINDABLES"]

QUERY = QueryType()
MUTATION = MutationType()
PROJECT = ObjectType("Project")
TYPE = ObjectType("ArtifactType")
SEQUENCE = ObjectType("ArtifactSequence")
COLLECTION = InterfaceType("ArtifactCollection")
EDGE = ObjectType("VersionedArtifactEdge")


class CreateTypeInput(TypedDict):
    """The input of `createArtifactType`."""

    entity_name: str
    project_name: str
    name: str
    description: str | None
    client_mutation_id: str | None


class SequenceInput(TypedDict):
    """The input of `deleteArtifactSequence`."""

    artifact_sequence_id: str
    client_mutation_id: str | None


class PortfolioInput(TypedDict):
    """The input of `deleteArtifactPortfolio`."""

    artifact_portfolio_id: str
    client_mutation_id: str | None


class UpdateInput(TypedDict):
    """What to change of a collection. What is absent or null stays as it is."""

    name: str | None
    description: str | None
    client_mutation_id: str | None


class UpdateSequenceInput(UpdateInput):
    """The input of `updateArtifactSequence`."""

    artifact_sequence_id: str


class UpdatePortfolioInput(UpdateInput):
    """The input of `updateArtifactPortfolio`."""

    artifact_portfolio_id: str


class MoveInput(SequenceInput):
    """The input of `moveArtifactSequence`."""

    destination_artifact_type_name: str


class TagInput(TypedDict):
    """A tag to give or take."""

    tag_name: str


class TagsInput(TypedDict):
    """The input of `createArtifactCollectionTagAssignments` and of `deleteArtifactCollectionTagAssignments`."""

    entity_name: str
    project_name: str
    artifact_collection_name: str
    tags: list[TagInput]
    client_mutation_id: str | None


@PROJECT.field("artifactType")
def resolve_type(project: ProjectRecord, info: GraphQLResolveInfo, name: str) -> ArtifactTypeRecord | None:
    """Answer a type of artifacts."""
    return find_type(info.context, project, name)


@PROJECT.field("artifactTypes")
def resolve_types(
    project: ProjectRecord,
    info: GraphQLResolveInfo,
    first: int | None = None,
    after: str | None = None,
    include_all: bool | None = None,  # noqa: ARG001, FBT001 - types that are not in use are listed anyway
) -> Page[ArtifactTypeRecord]:
    """Answer the types of artifacts, by name."""
    context: Context = info.context
    types = tables.artifact_types.c
    query = select(*TYPE_COLUMNS).where(types.project_key == project.key).order_by(types.name)
    return Window.of(first, after).cut(fetch(context.connection, query, ArtifactTypeRecord))


@QUERY.field("artifactCollection")
def resolve_by_id(_root: None, info: GraphQLResolveInfo, id: str) -> CollectionRecord | None:  # noqa: A002
    """Answer a collection."""
    return find_collection_by_id(info.context, id)


@PROJECT.field("artifactCollection")
def resolve_named(project: ProjectRecord, info: GraphQLResolveInfo, name: str) -> CollectionRecord | None:
    """Answer a collection by its name."""
    return find_collection(info.context, project, name)


@TYPE.field("artifactCollection")
def resolve_of_type(kind: ArtifactTypeRecord, info: GraphQLResolveInfo, name: str) -> CollectionRecord | None:
    """Answer a collection of this type by its name."""
    context: Context = info.context
    found = find_collection(context, get_project(context, kind.project_key), name)
    return found if found and found.type_key == kind.key else None


@TYPE.field("artifactSequence")
def resolve_sequence(kind: ArtifactTypeRecord, info: GraphQLResolveInfo, name: str) -> CollectionRecord | None:
    """Answer a sequence of this type by its name."""
    context: Context = info.context
    found = find_collection(context, get_project(context, kind.project_key), name)
    return found if found and found.type_key == kind.key and found.is_sequence else None


@PROJECT.field("artifactCollections")
def resolve_all(
    project: ProjectRecord,
    info: GraphQLResolveInfo,
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[CollectionRecord]:
    """Answer the collections of a project that match, the newest first."""
    condition = tables.collections.c.project_key == project.key
    return page_of_collections(info.context, condition, filters, order, Window.of(first, after))


@TYPE.field("artifactCollections")
def resolve_all_of_type(
    kind: ArtifactTypeRecord,
    info: GraphQLResolveInfo,
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[CollectionRecord]:
    """Answer the collections of a type that match, the newest first."""
    condition = tables.collections.c.type_key == kind.key
    return page_of_collections(info.context, condition, filters, order, Window.of(first, after))


@COLLECTION.field("id")
def resolve_id(collection: CollectionRecord, _info: GraphQLResolveInfo) -> str:
    """Answer the id: both kinds of collections are numbered together."""
    return encode_id("ArtifactCollection", collection.key)


@COLLECTION.field("project")
def resolve_project(collection: CollectionRecord, info: GraphQLResolveInfo) -> ProjectRecord:
    """Answer the project of a collection."""
    return get_project(info.context, collection.project_key)


@COLLECTION.field("defaultArtifactType")
def resolve_default_type(collection: CollectionRecord, info: GraphQLResolveInfo) -> ArtifactTypeRecord:
    """Answer the type of a collection's versions."""
    return get_type(info.context, collection.type_key)


@COLLECTION.field("tags")
def resolve_tags(collection: CollectionRecord, info: GraphQLResolveInfo) -> Page[TagRecord]:
    """Answer the tags of a collection."""
    context: Context = info.context
    marks = tables.collection_tags.c
    query = select(*TAG_COLUMNS).join_from(tables.tags, tables.collection_tags)
    query = query.where(marks.collection_key == collection.key).order_by(marks.tag_key)
    found = fetch(context.connection, query, TagRecord)
    return Window(0, len(found)).cut(found)


@COLLECTION.field("aliases")
def resolve_aliases(
    collection: CollectionRecord, info: GraphQLResolveInfo, first: int | None = None, after: str | None = None
) -> Page[AliasRecord]:
    """Answer the aliases of all versions of a collection, by name."""
    context: Context = info.context
    window = Window.of(first, after)
    aliases = tables.aliases.c
    query = select(*ALIAS_COLUMNS).where(aliases.collection_key == collection.key).order_by(aliases.alias)
    return window.cut(fetch(context.connection, query, AliasRecord))


@COLLECTION.field("artifacts")
def resolve_artifacts(
    collection: CollectionRecord,
    info: GraphQLResolveInfo,
    filters: str | None = None,
    order: str | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[MembershipRecord]:
    """Answer the versions of a collection that match, the newest first."""
    condition = tables.artifact_memberships.c.collection_key == collection.key
    return page_of_versions(info.context, condition, filters, order, Window.of(first, after))


@EDGE.field("node")
def resolve_node(edge: Edge[MembershipRecord], _info: GraphQLResolveInfo) -> ArtifactRecord:
    """Answer the version at a place in its collection."""
    return edge.node.artifact


@EDGE.field("version")
def resolve_version(edge: Edge[MembershipRecord], _info: GraphQLResolveInfo) -> str:
    """Answer the number of a version in the collection."""
    return f"v{edge.node.version_index}"


@COLLECTION.field("artifactMembership")
def resolve_membership(
    collection: CollectionRecord, info: GraphQLResolveInfo, alias_name: str
) -> MembershipRecord | None:
    """Answer a version as part of a collection."""
    return find_membership(info.context, collection, alias_name)


@SEQUENCE.field("digestAlgorithm")
def resolve_digest_algorithm(sequence: CollectionRecord, info: GraphQLResolveInfo) -> str | None:
    """Answer how the digest of the newest version is computed: clients go on with it."""
    member = find_latest(info.context, sequence)
    return member.artifact.digest_algorithm if member else None


@SEQUENCE.field("latestArtifact")
def resolve_latest(sequence: CollectionRecord, info: GraphQLResolveInfo) -> ArtifactRecord | None:
    """Answer the newest version."""
    member = find_latest(info.context, sequence)
    return member.artifact if member else None


@MUTATION.field("createArtifactType")
def resolve_create_type(_root: None, info: GraphQLResolveInfo, input: CreateTypeInput) -> dict[str, object]:  # noqa: A002
    """Create a type of artifacts. One that exists stays as it is."""
    context: Context = info.context
    entity = own_entity(context, input["entity_name"])
    project = find_project(context, entity, input["project_name"])
    if project is None:
        raise Refusal(404, f"There is no project {entity.name}/{input['project_name']}.")
    known = find_type(context, project, input["name"])
    made = known or make_type(context, project, input["name"], input.get("description"))
    return {"artifactType": made, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("updateArtifactSequence")
def resolve_update_sequence(_root: None, info: GraphQLResolveInfo, input: UpdateSequenceInput) -> dict[str, object]:  # noqa: A002
    """Change the name or the description of a sequence."""
    return _update(
        info.context, input, own_collection_by_id(info.context, input["artifact_sequence_id"], is_sequence=True)
    )


@MUTATION.field("updateArtifactPortfolio")
def resolve_update_portfolio(_root: None, info: GraphQLResolveInfo, input: UpdatePortfolioInput) -> dict[str, object]:  # noqa: A002
    """Change the name or the description of a portfolio."""
    return _update(
        info.context, input, own_collection_by_id(info.context, input["artifact_portfolio_id"], is_sequence=False)
    )


@MUTATION.field("moveArtifactSequence")
def resolve_move(_root: None, info: GraphQLResolveInfo, input: MoveInput) -> dict[str, object]:  # noqa: A002
    """Move a sequence with all its versions to another type, which is created if it does not exist."""
    context: Context = info.context
    sequence = own_collection_by_id(context, input["artifact_sequence_id"], is_sequence=True)
    kind = own_type(context, get_project(context, sequence.project_key), input["destination_artifact_type_name"])
    _change(context, sequence, {"type_key": kind.key})
    return {
        "artifactCollection": get_collection(context, sequence.key),
        "clientMutationId": input.get("client_mutation_id"),
    }


@MUTATION.field("deleteArtifactSequence")
def resolve_delete_sequence(_root: None, info: GraphQLResolveInfo, input: SequenceInput) -> dict[str, object]:  # noqa: A002
    """Delete a sequence with all its versions, wherever these are linked."""
    context: Context = info.context
    sequence = own_collection_by_id(context, input["artifact_sequence_id"], is_sequence=True)
    born = select(tables.artifacts.c.key).where(tables.artifacts.c.sequence_key == sequence.key)
    keys = context.connection.execute(born).scalars().all()
    context.unlinked += delete_artifacts(context.connection, context.blobs, keys)
    return _delete(context, input, sequence)


@MUTATION.field("deleteArtifactPortfolio")
def resolve_delete_portfolio(_root: None, info: GraphQLResolveInfo, input: PortfolioInput) -> dict[str, object]:  # noqa: A002
    """Delete a portfolio. The versions in it stay where they were born."""
    return _delete(
        info.context, input, own_collection_by_id(info.context, input["artifact_portfolio_id"], is_sequence=False)
    )


@MUTATION.field("createArtifactCollectionTagAssignments")
def resolve_add_tags(_root: None, info: GraphQLResolveInfo, input: TagsInput) -> dict[str, object]:  # noqa: A002
    """Give a collection tags."""
    context: Context = info.context
    collection = _tagged(context, input)
    keys = make_tags(context, collection, [tag["tag_name"] for tag in input["tags"]])
    if keys:
        rows = [{"collection_key": collection.key, "tag_key": key} for key in keys]
        context.connection.execute(upsert(tables.collection_tags).on_conflict_do_nothing(), rows)
    query = select(*TAG_COLUMNS).where(among(tables.tags.c.key, keys)).order_by(tables.tags.c.key)
    return {
        "tags": fetch(context.connection, query, TagRecord),
        "clientMutationId": input.get("client_mutation_id"),
    }


@MUTATION.field("deleteArtifactCollectionTagAssignments")
def resolve_delete_tags(_root: None, info: GraphQLResolveInfo, input: TagsInput) -> dict[str, object]:  # noqa: A002
    """Take tags from a collection."""
    context: Context = info.context
    collection = _tagged(context, input)
    names = {tag["tag_name"] for tag in input["tags"]}
    marks, named = tables.collection_tags.c, select(tables.tags.c.key).where(among(tables.tags.c.name, names))
    taken = delete(tables.collection_tags).where(marks.collection_key == collection.key, marks.tag_key.in_(named))
    success = context.connection.execute(taken).rowcount == len(names)
    return {"success": success, "clientMutationId": input.get("client_mutation_id")}


def _kind(collection: CollectionRecord, *_place: object) -> str:
    return "ArtifactSequence" if collection.is_sequence else "ArtifactPortfolio"


def _update(context: Context, given: UpdateInput, collection: CollectionRecord) -> dict[str, object]:
    changes: dict[str, object] = {}
    if (name := given.get("name")) is not None and name != collection.name:
        if find_collection(context, get_project(context, collection.project_key), valid_collection_name(name)):
            raise Refusal(409, f"There is another collection {name!r} in the project.")
        changes["name"] = name
    if (description := given.get("description")) is not None:
        changes["description"] = description
    _change(context, collection, changes)
    return {
        "artifactCollection": get_collection(context, collection.key),
        "clientMutationId": given.get("client_mutation_id"),
    }


def _change(context: Context, collection: CollectionRecord, columns: dict[str, object]) -> None:
    statement = update(tables.collections).where(tables.collections.c.key == collection.key)
    context.connection.execute(statement.values({**columns, "updated_at": context.now}))
    context.collections.pop(collection.key, None)


def _delete(context: Context, given: SequenceInput | PortfolioInput, collection: CollectionRecord) -> dict[str, object]:
    context.connection.execute(delete(tables.collections).where(tables.collections.c.key == collection.key))
    return {
        "artifactCollection": replace(collection, state="DELETED"),
        "clientMutationId": given.get("client_mutation_id"),
    }


def _tagged(context: Context, given: TagsInput) -> CollectionRecord:
    return own_collection(context, given["entity_name"], given["project_name"], given["artifact_collection_name"])


COLLECTION.set_type_resolver(_kind)

BINDABLES: list[SchemaBindable] = [QUERY, MUTATION, PROJECT, TYPE, COLLECTION, SEQUENCE, EDGE]
