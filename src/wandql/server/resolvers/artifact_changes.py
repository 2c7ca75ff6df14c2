"""Changes of versions that are there: their fields, aliases, tags, links and uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from ariadne import MutationType, SchemaBindable
from sqlalchemy import delete, func, null, select, update

from wandql.server import tables
from wandql.server.artifacts.lookups import (
    aliases_of,
    find_artifact_by_client_id,
    get_artifact,
    get_artifact_by_id,
    get_collection,
    get_membership,
    get_type,
    own_artifact,
    own_collection,
    own_collection_by_id,
)
from wandql.server.artifacts.registries import CORE, check_type, is_organization, is_registry_name
from wandql.server.artifacts.versions import (
    delete_artifacts,
    enter_collection,
    give_aliases,
    leave_collection,
    make_collection,
    make_tags,
    valid_alias,
)
from wandql.server.databases.upserts import upsert
from wandql.server.documents import index_of
from wandql.server.ids import decode_id
from wandql.server.lookups import check_may_change, find_project, get_project, near_entity, own_entity, own_run
from wandql.server.messages import Refusal
from wandql.server.resolvers.projects import make_project
from wandql.server.store import among

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.artifacts.records import ArtifactRecord
    from wandql.server.context import Context
    from wandql.server.records import ProjectRecord

__all__ = ["BINDABLES", "AliasInput", "TagInput", "mark_artifact", "metadata_columns", "valid_ttl"]

MUTATION = MutationType()

FOREVER: Final = -2
"""The least time to live: none of its own, and none that it inherits."""


class AliasInput(TypedDict):
    """An alias to give in the version's own collection or in a portfolio."""

    artifact_collection_name: str
    alias: str


class CollectionAliasInput(AliasInput):
    """An alias to give or take in any collection."""

    entity_name: str
    project_name: str


class TagInput(TypedDict):
    """A tag to give or take."""

    tag_name: str


class UpdateArtifactInput(TypedDict):
    """The input of `updateArtifact`. What is absent or null stays as it is."""

    artifact_id: str
    description: str | None
    metadata: str | None
    ttl_duration_seconds: int | None
    tags_to_add: list[TagInput] | None
    tags_to_delete: list[TagInput] | None
    client_mutation_id: str | None


class DeleteArtifactInput(TypedDict):
    """The input of `deleteArtifact`."""

    artifact_id: str
    delete_aliases: bool | None
    client_mutation_id: str | None


class UseArtifactInput(TypedDict):
    """The input of `useArtifact`."""

    artifact_id: str
    entity_name: str
    project_name: str
    run_name: str
    used_as: str | None
    client_mutation_id: str | None


class AliasesInput(TypedDict):
    """The input of `addAliases` and of `deleteAliases`."""

    artifact_id: str
    aliases: list[CollectionAliasInput]
    client_mutation_id: str | None


class LinkArtifactInput(TypedDict):
    """The input of `linkArtifact`."""

    artifact_id: str | None
    client_id: str | None
    entity_name: str | None
    project_name: str | None
    artifact_portfolio_name: str | None
    aliases: list[AliasInput] | None
    client_mutation_id: str | None


class UnlinkArtifactInput(TypedDict):
    """The input of `unlinkArtifact`."""

    artifact_id: str
    artifact_portfolio_id: str
    client_mutation_id: str | None


@MUTATION.field("updateArtifact")
def resolve_update(_root: None, info: GraphQLResolveInfo, input: UpdateArtifactInput) -> dict[str, object]:  # noqa: A002
    """Change a version."""
    context: Context = info.context
    artifact = own_artifact(context, input["artifact_id"])
    columns: dict[str, object] = {"updated_at": context.now, **metadata_columns(input.get("metadata"))}
    if (description := input.get("description")) is not None:
        columns["description"] = description
    if (ttl := input.get("ttl_duration_seconds")) is not None:
        columns["ttl_duration_seconds"] = valid_ttl(ttl)
        if artifact.state == "COMMITTED":
            columns["expires_at"] = artifact.created_at + ttl * 1_000_000 if ttl > 0 else null()
    context.connection.execute(update(tables.artifacts).where(tables.artifacts.c.key == artifact.key).values(columns))
    mark_artifact(context, artifact, input.get("tags_to_add"))
    if names := [tag["tag_name"] for tag in input.get("tags_to_delete") or ()]:
        marks, named = tables.artifact_tags.c, select(tables.tags.c.key).where(among(tables.tags.c.name, names))
        taken = delete(tables.artifact_tags).where(marks.artifact_key == artifact.key, marks.tag_key.in_(named))
        context.connection.execute(taken)
    return {
        "artifact": get_artifact(context, artifact.key),
        "clientMutationId": input.get("client_mutation_id"),
    }


@MUTATION.field("deleteArtifact")
def resolve_delete(_root: None, info: GraphQLResolveInfo, input: DeleteArtifactInput) -> dict[str, object]:  # noqa: A002
    """Delete a version from all collections. One that has aliases is deleted only if the client says so."""
    context: Context = info.context
    artifact = own_artifact(context, input["artifact_id"])
    aliases = aliases_of(context, tables.artifact_memberships.c.artifact_key == artifact.key)
    if aliases and not input.get("delete_aliases"):
        names = ", ".join(alias.alias for alias in aliases)
        raise Refusal(409, f"This version has aliases ({names}): delete them first, or say that they may go with it.")
    context.unlinked += delete_artifacts(context.connection, context.blobs, [artifact.key])
    return {"artifact": artifact, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("useArtifact")
def resolve_use(_root: None, info: GraphQLResolveInfo, input: UseArtifactInput) -> dict[str, object]:  # noqa: A002
    """Record that a run uses a version. The first time and the last role count."""
    context: Context = info.context
    run = own_run(context, input["entity_name"], input["project_name"], input["run_name"])
    artifact = get_artifact_by_id(context, input["artifact_id"])
    statement = upsert(tables.artifact_uses)
    role = func.coalesce(statement.excluded.used_as, tables.artifact_uses.c.used_as)
    statement = statement.on_conflict_do_update(["run_key", "artifact_key"], set_={"used_as": role})
    row = {"run_key": run.key, "artifact_key": artifact.key, "used_as": input.get("used_as"), "created_at": context.now}
    context.connection.execute(statement, [row])
    return {"artifact": artifact, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("addAliases")
def resolve_add_aliases(_root: None, info: GraphQLResolveInfo, input: AliasesInput) -> dict[str, object]:  # noqa: A002
    """Give a version aliases. Each moves here from any other version of its collection."""
    context: Context = info.context
    artifact = get_artifact_by_id(context, input["artifact_id"])
    for given in input["aliases"]:
        collection = own_collection(
            context, given["entity_name"], given["project_name"], given["artifact_collection_name"]
        )
        member = get_membership(context, collection.key, artifact.key)
        if member is None:
            raise Refusal(404, f"This version is not in {collection.name}: link it there first.")
        give_aliases(context.connection, member, [valid_alias(given["alias"])])
    return {"success": True, "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("deleteAliases")
def resolve_delete_aliases(_root: None, info: GraphQLResolveInfo, input: AliasesInput) -> dict[str, object]:  # noqa: A002
    """Take aliases from a version. Answer whether it had them all."""
    context: Context = info.context
    artifact = get_artifact_by_id(context, input["artifact_id"])
    aliases, taken = tables.aliases.c, 0
    for given in input["aliases"]:
        collection = own_collection(
            context, given["entity_name"], given["project_name"], given["artifact_collection_name"]
        )
        member = get_membership(context, collection.key, artifact.key)
        here = aliases.membership_key == (member.key if member else None), aliases.alias == given["alias"]
        taken += context.connection.execute(delete(tables.aliases).where(*here)).rowcount
    return {"success": taken == len(input["aliases"]), "clientMutationId": input.get("client_mutation_id")}


@MUTATION.field("linkArtifact")
def resolve_link(_root: None, info: GraphQLResolveInfo, input: LinkArtifactInput) -> dict[str, object]:  # noqa: A002
    """Link a version into a portfolio, which is created if it does not exist. It becomes the latest one there."""
    context: Context = info.context
    artifact = _linked(context, input)
    if artifact.state != "COMMITTED":
        raise Refusal(409, "This version is not complete yet: wait until it is committed, then link it.")
    source = get_collection(context, artifact.sequence_key)
    home = get_project(context, source.project_key)
    project = _target(context, input.get("entity_name") or home.entity_name, input.get("project_name") or home.name)
    kind = get_type(context, source.type_key).name
    check_type(context, project, kind)
    portfolio = make_collection(context, project, input.get("artifact_portfolio_name") or "", kind, is_sequence=False)
    member = enter_collection(context, portfolio, artifact.key)
    give_aliases(context.connection, member, [valid_alias(given["alias"]) for given in input.get("aliases") or ()])
    return {
        "versionIndex": member.version_index,
        "artifactMembership": member,
        "clientMutationId": input.get("client_mutation_id"),
    }


@MUTATION.field("unlinkArtifact")
def resolve_unlink(_root: None, info: GraphQLResolveInfo, input: UnlinkArtifactInput) -> dict[str, object]:  # noqa: A002
    """Take a version out of a portfolio."""
    context: Context = info.context
    portfolio = own_collection_by_id(context, input["artifact_portfolio_id"], is_sequence=False)
    member = get_membership(context, portfolio.key, decode_id("Artifact", input["artifact_id"]))
    if member is None:
        raise Refusal(404, f"This version is not in {portfolio.name}.")
    leave_collection(context.connection, member)
    return {
        "success": True,
        "artifactID": input["artifact_id"],
        "clientMutationId": input.get("client_mutation_id"),
    }


def mark_artifact(context: Context, artifact: ArtifactRecord, tags: list[TagInput] | None) -> None:
    """Give a version tags."""
    keys = make_tags(context, get_collection(context, artifact.sequence_key), [tag["tag_name"] for tag in tags or ()])
    rows = [{"artifact_key": artifact.key, "tag_key": key} for key in keys]
    if rows:
        context.connection.execute(upsert(tables.artifact_tags).on_conflict_do_nothing(), rows)


def metadata_columns(metadata: str | None) -> dict[str, object]:
    """Return what a version's metadata set, by column.

    Raises:
        Refusal: They are not the text of a JSON object (400).
    """
    if metadata is None:
        return {}
    return {"metadata": metadata, "metadata_index": index_of(metadata, "The metadata") or null()}


def valid_ttl(seconds: int) -> int:
    """Return a time to live.

    Raises:
        Refusal: It is less than there is a meaning for (400).
    """
    if seconds < FOREVER or seconds == 0:
        raise Refusal(
            400, f"A time to live is a number of seconds from 1, -1 to inherit it, or -2 for ever: not {seconds}."
        )
    return seconds


def _target(context: Context, entity_name: str, name: str) -> ProjectRecord:
    """Return the project to link into. It is created if it does not exist, unless it would be a registry."""
    entity = near_entity(context, entity_name)
    project = find_project(context, entity, name)
    if project is None:
        core = name in CORE and is_organization(context, entity)
        if is_registry_name(name) and not core:
            raise Refusal(404, f"There is no registry {entity.name}/{name}: create it first.")
        return get_project(context, make_project(context, own_entity(context, entity_name), name, registry=core))
    check_may_change(context, project)
    return project


def _linked(context: Context, given: LinkArtifactInput) -> ArtifactRecord:
    if id_ := given.get("artifact_id"):
        return get_artifact_by_id(context, id_)
    _ = context.writer
    artifact = find_artifact_by_client_id(context, given.get("client_id") or "")
    if artifact is None:
        raise Refusal(404, f"There is no artifact version that was called {given.get('client_id')!r}.")
    return artifact


BINDABLES: list[SchemaBindable] = [MUTATION]
