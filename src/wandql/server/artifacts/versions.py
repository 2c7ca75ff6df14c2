"""The life of versions: where they are born, what they are called, when they go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, exists, select, update

from wandql.server import tables
from wandql.server.artifacts.contents import free_contents, held_contents
from wandql.server.artifacts.lookups import (
    LATEST,
    fetch_memberships,
    find_collection,
    find_type,
    get_collection,
    get_membership,
    get_type,
    memberships,
)
from wandql.server.artifacts.parts import free_parts
from wandql.server.databases.upserts import upsert
from wandql.server.lookups import get_project
from wandql.server.messages import Refusal
from wandql.server.store import add, among

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement, Connection

    from wandql.server.artifacts.records import ArtifactTypeRecord, CollectionRecord, MembershipRecord
    from wandql.server.blobs import Blobs
    from wandql.server.context import Context
    from wandql.server.records import ProjectRecord

__all__ = [
    "ABANDONED",
    "delete_artifacts",
    "enter_collection",
    "expire_artifacts",
    "give_aliases",
    "leave_collection",
    "make_collection",
    "make_tags",
    "make_type",
    "own_type",
    "valid_alias",
    "valid_collection_name",
]

ABANDONED: Final = 7 * 24 * 60 * 60 * 1_000_000
"""After how many microseconds without news a version that was never completed is deleted."""

LONGEST_NAME: Final = 128
SEPARATORS: Final = frozenset("/:")


def own_type(context: Context, project: ProjectRecord, name: str) -> ArtifactTypeRecord:
    """Return a type of artifacts for a change. It is created if it does not exist.

    Raises:
        Refusal: The name is empty, too long or holds a character that a path cannot hold (400).
    """
    return find_type(context, project, name) or make_type(context, project, name)


def make_type(
    context: Context, project: ProjectRecord, name: str, description: str | None = None
) -> ArtifactTypeRecord:
    """Create a type of artifacts.

    Raises:
        Refusal: The name is empty, too long or holds a character that a path cannot hold (400).
    """
    values = {
        "project_key": project.key,
        "name": _valid(name, "type of artifacts"),
        "description": description,
        "created_at": context.now,
    }
    return get_type(context, add(context.connection, tables.artifact_types, values))


def make_collection(
    context: Context, project: ProjectRecord, name: str, type_name: str, *, is_sequence: bool
) -> CollectionRecord:
    """Return a collection for new versions. It is created if it does not exist.

    Raises:
        Refusal: There is one of the other kind or of another type (409), or a name cannot be one (400).
    """
    found = find_collection(context, project, name)
    wanted = own_type(context, project, type_name)
    if found is None:
        values = {
            "project_key": project.key,
            "type_key": wanted.key,
            "is_sequence": is_sequence,
            "name": valid_collection_name(name),
            "next_index": 0,
            "created_at": context.now,
            "updated_at": context.now,
        }
        return get_collection(context, add(context.connection, tables.collections, values))
    if found.is_sequence is not is_sequence:
        raise Refusal(
            409,
            f"{project.name}/{name} is a sequence, in which versions are born: nothing can be linked into it."
            if found.is_sequence
            else f"{project.name}/{name} is a portfolio, into which versions are linked: none can be born in it.",
        )
    if found.type_key != wanted.key:
        raise Refusal(409, f"{project.name}/{name} holds artifacts of another type than {type_name!r}.")
    return found


def valid_collection_name(name: str) -> str:
    """Return a name that a collection can have.

    Raises:
        Refusal: It is empty, too long or holds a character that a path cannot hold (400).
    """
    return _valid(name, "collection")


def valid_alias(alias: str) -> str:
    """Return a name that an alias can have.

    Raises:
        Refusal: It is empty, too long, holds a character that a path cannot hold, or reads like a version's number
            (400): clients would take it for one.
    """
    if re.fullmatch(r"v\d+", alias):
        raise Refusal(400, f"{alias!r} cannot be an alias: it is the number of a version.")
    return _valid(alias, "alias")


def enter_collection(context: Context, collection: CollectionRecord, artifact_key: int) -> MembershipRecord:
    """Make a version a member of a collection, its latest one. One that is a member already keeps its number."""
    member = get_membership(context, collection.key, artifact_key)
    if member is None:
        collections = tables.collections
        count = update(collections).where(collections.c.key == collection.key)
        count = count.values(next_index=collections.c.next_index + 1, updated_at=context.now)
        index: int = context.connection.execute(count.returning(collections.c.next_index)).scalar_one() - 1
        values = {
            "collection_key": collection.key,
            "artifact_key": artifact_key,
            "version_index": index,
            "created_at": context.now,
        }
        key = add(context.connection, tables.artifact_memberships, values)
        (member,) = fetch_memberships(context.connection, memberships().where(tables.artifact_memberships.c.key == key))
    give_aliases(context.connection, member, [LATEST])
    return member


def leave_collection(connection: Connection, membership: MembershipRecord) -> None:
    """Take a version out of a collection, with its aliases there."""
    here = tables.artifact_memberships.c.key == membership.key
    headed = _headed(connection, here)
    connection.execute(delete(tables.artifact_memberships).where(here))
    _restore_latest(connection, headed)


def give_aliases(connection: Connection, membership: MembershipRecord, names: Iterable[str]) -> None:
    """Give a version aliases in a collection. Each moves here from any other version of the collection."""
    rows = [
        {"collection_key": membership.collection_key, "membership_key": membership.key, "alias": name}
        for name in dict.fromkeys(names)
    ]
    if rows:
        statement = upsert(tables.aliases)
        moved = {"membership_key": statement.excluded.membership_key}
        connection.execute(statement.on_conflict_do_update(["collection_key", "alias"], set_=moved), rows)


def make_tags(context: Context, collection: CollectionRecord, names: Iterable[str]) -> list[int]:
    """Return the keys of tags for a collection or its versions. Those that do not exist are created.

    Raises:
        Refusal: A name cannot be one (400).
    """
    entity_key = get_project(context, collection.project_key).entity_key
    wanted = [_valid(name, "tag") for name in dict.fromkeys(names)]
    if not wanted:
        return []
    rows = [{"entity_key": entity_key, "name": name} for name in wanted]
    context.connection.execute(upsert(tables.tags).on_conflict_do_nothing(), rows)
    tags = tables.tags.c
    mine = tags.entity_key == entity_key, among(tags.name, wanted)
    return list(context.connection.execute(select(tags.key).where(*mine)).scalars())


def delete_artifacts(connection: Connection, blobs: Blobs, keys: Collection[int]) -> list[str]:
    """Delete versions from all collections. Return what to `unlink` once that is on disk."""
    headed = _headed(connection, among(tables.artifact_memberships.c.artifact_key, keys))
    unlinked = free_parts(connection, blobs, among(tables.upload_parts.c.artifact_key, keys))
    contents = held_contents(connection, keys)
    connection.execute(delete(tables.artifacts).where(among(tables.artifacts.c.key, keys)))
    _restore_latest(connection, headed)
    return [*unlinked, *free_contents(connection, blobs, contents)]


def expire_artifacts(connection: Connection, blobs: Blobs, moment: int) -> list[str]:
    """Delete the versions that nobody completed, and those whose time to live is over unless they are linked.

    Returns:
        What to `unlink` once that is on disk.
    """
    artifacts, members = tables.artifacts.c, tables.artifact_memberships.c
    linked = exists().where(members.artifact_key == artifacts.key, members.collection_key != artifacts.sequence_key)
    over = connection.execute(select(artifacts.key).where(artifacts.expires_at < moment, ~linked)).scalars().all()
    return delete_artifacts(connection, blobs, over) if over else []


def _headed(connection: Connection, condition: ColumnElement[bool]) -> list[int]:
    """Return the collections whose latest version is among these memberships."""
    latest = select(tables.aliases.c.collection_key).join_from(tables.aliases, tables.artifact_memberships)
    return list(connection.execute(latest.where(tables.aliases.c.alias == LATEST, condition)).scalars())


def _restore_latest(connection: Connection, collection_keys: Iterable[int]) -> None:
    """Call the newest version of each collection the latest, where the one that was called so is gone."""
    members = tables.artifact_memberships.c
    for key in collection_keys:
        newest = select(members.key).where(members.collection_key == key).order_by(members.version_index.desc())
        member = connection.execute(newest.limit(1)).scalar()
        if member is not None:
            row = {"collection_key": key, "membership_key": member, "alias": LATEST}
            connection.execute(upsert(tables.aliases).values(row).on_conflict_do_nothing())


def _valid(name: str, noun: str) -> str:
    if not name or len(name) > LONGEST_NAME or name != name.strip() or set(name) & SEPARATORS or not name.isprintable():
        rule = f"a name has 1 to {LONGEST_NAME} printable characters, none of / : and no blanks around it"
        raise Refusal(400, f"{name!r} cannot name a {noun}: {rule}.")
    return name
