"""Finding versions of artifacts and their collections by name, id or key.

What is looked up by name or id is found only in entities that the user belongs to. What belongs to a row that was
found that way is looked up by key.
"""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import Select, exists, select

from wandql.server import tables
from wandql.server.artifacts.records import (
    ALIAS_COLUMNS,
    ARTIFACT_COLUMNS,
    COLLECTION_COLUMNS,
    MEMBERSHIP_COLUMNS,
    TYPE_COLUMNS,
    AliasRecord,
    ArtifactRecord,
    ArtifactTypeRecord,
    CollectionRecord,
    MembershipRecord,
)
from wandql.server.ids import decode_id
from wandql.server.lookups import check_may_change, get_project, own_project, readable
from wandql.server.messages import Refusal
from wandql.server.store import fetch, fetch_first, fetch_one

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

    from wandql.server.context import Context
    from wandql.server.records import ProjectRecord

__all__ = [
    "LATEST",
    "aliases_of",
    "fetch_memberships",
    "find_artifact",
    "find_artifact_by_client_id",
    "find_artifact_by_sequence_client_id",
    "find_collection",
    "find_collection_by_id",
    "find_held",
    "find_latest",
    "find_membership",
    "find_membership_by_name",
    "find_type",
    "get_artifact",
    "get_artifact_by_id",
    "get_collection",
    "get_membership",
    "get_type",
    "memberships",
    "own_artifact",
    "own_collection",
    "own_collection_by_id",
    "owner_of",
    "readable_artifacts",
    "version_number",
]

T = TypeVar("T")

LATEST: Final = "latest"
"""The alias that the newest version of a collection gets by itself."""


def version_number(text: str) -> int | None:
    """Return the number in a version such as `v3`; None if it is none."""
    match = re.fullmatch(r"v(0|[1-9][0-9]{0,8})", text)
    return int(match[1]) if match else None


def find_type(context: Context, project: ProjectRecord, name: str) -> ArtifactTypeRecord | None:
    """Return a type of artifacts of a project that was found."""
    types = tables.artifact_types.c
    query = select(*TYPE_COLUMNS).where(types.project_key == project.key, types.name == name)
    return fetch_first(context.connection, query, ArtifactTypeRecord)


def get_type(context: Context, key: int) -> ArtifactTypeRecord:
    """Return the type of a row."""
    if key not in context.artifact_types:
        query = select(*TYPE_COLUMNS).where(tables.artifact_types.c.key == key)
        context.artifact_types[key] = fetch_one(context.connection, query, ArtifactTypeRecord)
    return context.artifact_types[key]


def find_collection(context: Context, project: ProjectRecord, name: str) -> CollectionRecord | None:
    """Return a collection of a project that was found."""
    collections = tables.collections.c
    query = select(*COLLECTION_COLUMNS).where(collections.project_key == project.key, collections.name == name)
    return fetch_first(context.connection, query, CollectionRecord)


def find_collection_by_id(context: Context, id_: str) -> CollectionRecord | None:
    """Return a collection of an entity that the user belongs to."""
    query = select(*COLLECTION_COLUMNS).join_from(tables.collections, tables.projects).join(tables.entities)
    key = decode_id("ArtifactCollection", id_)
    return fetch_first(
        context.connection, query.where(tables.collections.c.key == key, readable(context)), CollectionRecord
    )


def get_collection(context: Context, key: int) -> CollectionRecord:
    """Return the collection of a row."""
    if key not in context.collections:
        query = select(*COLLECTION_COLUMNS).where(tables.collections.c.key == key)
        context.collections[key] = fetch_one(context.connection, query, CollectionRecord)
    return context.collections[key]


def own_collection(context: Context, entity: str, project: str, name: str) -> CollectionRecord:
    """Return a collection for a change.

    Raises:
        Refusal: There is no such collection (404), the user does not belong to the entity or may only view it (403),
            or the request carries no API key (401).
    """
    found = own_project(context, entity, project)
    collection = find_collection(context, found, name)
    return _there(collection, f"There is no collection {found.entity_name}/{project}/{name}.")


def own_collection_by_id(context: Context, id_: str, *, is_sequence: bool) -> CollectionRecord:
    """Return a sequence or a portfolio for a change.

    Raises:
        Refusal: There is none in an entity that the user belongs to (404), it is of the other kind (400), the user
            may only view it (403), or the request carries no API key (401).
    """
    _ = context.writer
    collection = _there(find_collection_by_id(context, id_), f"There is no collection with the id {id_!r}.")
    if collection.is_sequence is not is_sequence:
        kinds = ("portfolio", "sequence")
        raise Refusal(400, f"{collection.name} is a {kinds[not is_sequence]}, not a {kinds[is_sequence]}.")
    check_may_change(context, get_project(context, collection.project_key))
    return collection


def find_artifact(context: Context, id_: str) -> ArtifactRecord | None:
    """Return a version of an entity that the user belongs to."""
    query = _visible_artifacts(context).where(tables.artifacts.c.key == decode_id("Artifact", id_))
    return fetch_first(context.connection, query, ArtifactRecord)


def find_artifact_by_client_id(context: Context, client_id: str) -> ArtifactRecord | None:
    """Return a version of an entity that the user belongs to, by what a client called it before it was uploaded."""
    named = select(tables.client_ids.c.artifact_key).where(tables.client_ids.c.client_id == client_id)
    query = _visible_artifacts(context).where(tables.artifacts.c.key.in_(named)).order_by(tables.artifacts.c.key)
    return fetch_first(context.connection, query, ArtifactRecord)


def find_artifact_by_sequence_client_id(context: Context, client_id: str) -> ArtifactRecord | None:
    """Return a version of an entity that the user belongs to, by what a client called its sequence.

    Args:
        context: The request.
        client_id: The client's name for the sequence, with an alias behind it or without: `name:latest`.
    """
    name, _, alias = client_id.partition(":")
    named = select(tables.sequence_client_ids.c.collection_key).where(tables.sequence_client_ids.c.client_id == name)
    query = select(*COLLECTION_COLUMNS).join_from(tables.collections, tables.projects).join(tables.entities)
    query = query.where(tables.collections.c.key.in_(named), readable(context)).order_by(tables.collections.c.key)
    sequence = fetch_first(context.connection, query, CollectionRecord)
    member = find_membership(context, sequence, alias or LATEST) if sequence else None
    return member.artifact if member else None


def get_artifact_by_id(context: Context, id_: str) -> ArtifactRecord:
    """Return a version that a change elsewhere names: what is used, linked or built on.

    Raises:
        Refusal: There is none in an entity that the user belongs to (404), or the request carries no API key (401).
    """
    _ = context.writer
    return _there(find_artifact(context, id_), f"There is no artifact version with the id {id_!r}.")


def own_artifact(context: Context, id_: str) -> ArtifactRecord:
    """Return a version for a change.

    Raises:
        Refusal: There is none in an entity that the user belongs to (404), the user may only view it (403), or the
            request carries no API key (401).
    """
    artifact = get_artifact_by_id(context, id_)
    check_may_change(context, get_project(context, get_collection(context, artifact.sequence_key).project_key))
    return artifact


def get_artifact(context: Context, key: int) -> ArtifactRecord:
    """Return the version of a row."""
    query = select(*ARTIFACT_COLUMNS).where(tables.artifacts.c.key == key)
    return fetch_one(context.connection, query, ArtifactRecord)


def owner_of(context: Context, artifact: ArtifactRecord) -> int:
    """Return the key of the entity that a version belongs to."""
    return get_project(context, get_collection(context, artifact.sequence_key).project_key).entity_key


def memberships() -> Select[*tuple[Any, ...]]:
    """Return the query of all memberships, for `fetch_memberships`."""
    return select(*MEMBERSHIP_COLUMNS).join_from(tables.artifact_memberships, tables.artifacts)


def fetch_memberships(connection: Connection, query: Select[*tuple[Any, ...]]) -> list[MembershipRecord]:
    """Return the rows of a query as memberships."""
    return [
        MembershipRecord(key, collection_key, index, created_at, ArtifactRecord(*artifact))
        for key, collection_key, index, created_at, *artifact in connection.execute(query)
    ]


def find_membership(context: Context, collection: CollectionRecord, name: str) -> MembershipRecord | None:
    """Return a version of a collection that was found, by alias, version number (`v3`) or digest."""
    members, aliases = tables.artifact_memberships.c, tables.aliases.c
    aliased = select(aliases.membership_key).where(aliases.collection_key == collection.key, aliases.alias == name)
    number = version_number(name)
    by_digest = tables.artifacts.c.digest == name
    condition = members.version_index == number if number is not None else members.key.in_(aliased) | by_digest
    # An alias goes before a digest; of equal digests the newest counts.
    order = members.key.in_(aliased).desc(), members.version_index.desc()
    query = memberships().where(members.collection_key == collection.key, condition).order_by(*order).limit(1)
    return next(iter(fetch_memberships(context.connection, query)), None)


def find_membership_by_name(context: Context, project: ProjectRecord, name: str) -> MembershipRecord | None:
    """Return a version of a project that was found, as `collection:alias`; without an alias, the latest."""
    collection_name, _, alias = name.partition(":")
    collection = find_collection(context, project, collection_name)
    return find_membership(context, collection, alias or LATEST) if collection else None


def find_latest(context: Context, collection: CollectionRecord) -> MembershipRecord | None:
    """Return the newest version of a collection: the one that is called so, otherwise the one with the last number."""
    members = tables.artifact_memberships.c
    query = (
        memberships().where(members.collection_key == collection.key).order_by(members.version_index.desc()).limit(1)
    )
    named = find_membership(context, collection, LATEST)
    return named or next(iter(fetch_memberships(context.connection, query)), None)


def get_membership(context: Context, collection_key: int, artifact_key: int) -> MembershipRecord | None:
    """Return a version as part of a collection; None if it is not in it."""
    members = tables.artifact_memberships.c
    here = members.collection_key == collection_key, members.artifact_key == artifact_key
    return next(iter(fetch_memberships(context.connection, memberships().where(*here))), None)


def find_held(context: Context, entity: str, digest: str) -> str | None:
    """Return the token of a file that a version of an entity holds.

    Args:
        context: The request.
        entity: The name of the entity where the version was born, or into which it is linked.
        digest: The MD5 of the file, or the XXH128 that its manifest says, hex.
    """
    try:
        md5 = b64encode(bytes.fromhex(digest)).decode()
    except ValueError:
        return None
    files, members, collections = tables.artifact_files.c, tables.artifact_memberships, tables.collections
    query = select(tables.contents.c.token).join_from(tables.contents, tables.artifact_files)
    query = query.join(tables.artifacts, tables.artifacts.c.key == files.artifact_key)
    query = query.join(members, members.c.artifact_key == tables.artifacts.c.key)
    query = query.join(collections, collections.c.key == members.c.collection_key).join(tables.projects)
    query = query.join(tables.entities, tables.entities.c.key == tables.projects.c.entity_key)
    here = tables.entities.c.name == entity, tables.artifacts.c.state == "COMMITTED", readable(context)
    # The database has an index of MD5s alone, and nearly all files are known by them.
    for known in (tables.contents.c.md5 == md5, files.digest == md5):
        token: str | None = context.connection.execute(query.where(known, *here).limit(1)).scalar()
        if token is not None:
            return token
    return None


def readable_artifacts(context: Context) -> ColumnElement[bool]:
    """Return the condition on `artifacts` that they were born, or are linked, where the user may read."""
    collections, members = tables.collections, tables.artifact_memberships
    near = collections.join(tables.projects).join(tables.entities)
    linked = near.join(members, members.c.collection_key == collections.c.key)
    born_here = exists().select_from(near).where(collections.c.key == tables.artifacts.c.sequence_key)
    linked_here = exists().select_from(linked).where(members.c.artifact_key == tables.artifacts.c.key)
    return born_here.where(readable(context)).correlate(tables.artifacts) | linked_here.where(
        readable(context)
    ).correlate(tables.artifacts)


def aliases_of(context: Context, condition: ColumnElement[bool]) -> list[AliasRecord]:
    """Return the aliases of memberships that match, in the order in which they were given."""
    query = select(*ALIAS_COLUMNS).join_from(tables.aliases, tables.artifact_memberships)
    return fetch(context.connection, query.where(condition).order_by(tables.aliases.c.key), AliasRecord)


def _visible_artifacts(context: Context) -> Select[*tuple[Any, ...]]:
    return select(*ARTIFACT_COLUMNS).where(readable_artifacts(context))


def _there(row: T | None, message: str) -> T:
    if row is None:
        raise Refusal(404, message)
    return row
