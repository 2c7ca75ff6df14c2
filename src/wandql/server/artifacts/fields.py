"""What filters and orders of projects, collections and versions may name, and where the database holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Text, literal, select, type_coerce

from wandql.server import tables
from wandql.server.databases.functions import Document, gather
from wandql.server.filters.fields import Column, FieldResolver, JSONDocument, JSONList

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, SQLColumnExpression, Table

    from wandql.server.filters.fields import Kind

__all__ = ["COLLECTION_FIELDS", "COLLECTION_SOURCE", "PROJECT_FIELDS", "VERSION_FIELDS"]

COLLECTION_SOURCE: Final = tables.collections.join(tables.artifact_types)
"""Collections with the table that their filters reach into."""


def _columns(kind: Kind, **names: SQLColumnExpression[object]) -> dict[str, Column]:
    """Return columns by their name in both spellings: `created_at` and `createdAt`."""
    return {
        spelling: Column(expression, kind)
        for name, expression in names.items()
        for spelling in (name, name.split("_")[0] + "".join(map(str.capitalize, name.split("_")[1:])))
    }


def _listed(
    texts: SQLColumnExpression[str], source: FromClause, *, owner: Table, where: ColumnElement[bool]
) -> JSONList:
    """Return the texts that belong to a row of `owner` as a list."""
    query = select(gather(texts)).select_from(source).where(where).correlate(owner)
    return JSONList(type_coerce(query.scalar_subquery(), Text))


def _collection_fields() -> FieldResolver:
    collections, marks = tables.collections.c, tables.collection_tags.c
    labelled = tables.tags.join(tables.collection_tags)
    here = marks.collection_key == collections.key
    tagged = _listed(tables.tags.c.name, labelled, owner=tables.collections, where=here)
    return FieldResolver(
        columns={
            **_columns("text", name=collections.name, description=collections.description),
            **_columns("text", collection_name=collections.name, artifact_collection_name=collections.name),
            **_columns("text", type=tables.artifact_types.c.name),
            **dict.fromkeys(("id", "collection_id", "artifact_collection_id"), Column(collections.key, "number")),
            **_columns("datetime", created_at=collections.created_at, updated_at=collections.updated_at),
            **dict.fromkeys(("tag", "tags"), tagged),
        }
    )


def _version_fields() -> FieldResolver:
    members, artifacts, marks = tables.artifact_memberships.c, tables.artifacts.c, tables.artifact_tags.c
    aliases, labelled = tables.aliases, tables.tags.join(tables.artifact_tags)
    here = marks.artifact_key == artifacts.key
    tagged = _listed(tables.tags.c.name, labelled, owner=tables.artifacts, where=here)
    here = aliases.c.membership_key == members.key
    aliased = _listed(aliases.c.alias, aliases, owner=tables.artifact_memberships, where=here)
    return FieldResolver(
        columns={
            **_columns("text", state=artifacts.state, digest=artifacts.digest, description=artifacts.description),
            **_columns("text", version=literal("v").concat(members.version_index)),
            **_columns("number", id=artifacts.key, artifact_id=artifacts.key),
            **_columns("number", version_index=members.version_index, size=artifacts.size),
            **_columns("number", artifact_size=artifacts.size),
            **_columns("datetime", artifact_created_at=artifacts.created_at),
            **_columns("datetime", acm_created_at=members.created_at, linked_at=members.created_at),
            **_columns("number", file_count=artifacts.file_count, history_step=artifacts.history_step),
            **_columns("datetime", created_at=artifacts.created_at, updated_at=artifacts.updated_at),
            **dict.fromkeys(("tag", "tags"), tagged),
            **dict.fromkeys(("alias", "aliases"), aliased),
        },
        documents={"metadata": JSONDocument(Document(artifacts.metadata_index, artifacts.metadata))},
    )


def _project_fields() -> FieldResolver:
    projects = tables.projects.c
    return FieldResolver(
        columns={
            **_columns("text", name=projects.name, description=projects.description),
            **_columns("text", entity=tables.entities.c.name),
            **_columns("number", id=projects.key, project_id=projects.key, entity_id=projects.entity_key),
            **_columns("datetime", created_at=projects.created_at, updated_at=projects.updated_at),
        }
    )


PROJECT_FIELDS: Final = _project_fields()
COLLECTION_FIELDS: Final = _collection_fields()
VERSION_FIELDS: Final = _version_fields()
