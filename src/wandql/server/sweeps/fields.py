"""What filters of sweeps may name, and where the database holds it; and where a sweep's metric is in its runs."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from wandql.server import tables
from wandql.server.databases.functions import Document
from wandql.server.filters.fields import Column, FieldResolver, JSONDocument

__all__ = ["SUMMARY", "SWEEP_FIELDS"]

SUMMARY: Final = JSONDocument(Document(tables.runs.c.summary_index, tables.runs.c.summary_metrics))
"""The summary of a run."""


def _fields() -> FieldResolver:
    sweeps = tables.sweeps.c
    display_name, created_at = Column(sweeps.display_name), Column(sweeps.created_at, "datetime")
    updated_at = Column(sweeps.updated_at, "datetime")
    author = select(tables.users.c.username).where(tables.users.c.key == sweeps.user_key).scalar_subquery()
    return FieldResolver(
        columns={
            "name": Column(sweeps.name),
            "display_name": display_name,
            "displayName": display_name,
            "description": Column(sweeps.description),
            "state": Column(sweeps.state),
            "method": Column(sweeps.method),
            "username": Column(author),
            "created_at": created_at,
            "createdAt": created_at,
            "updated_at": updated_at,
            "updatedAt": updated_at,
        },
        documents={"config": JSONDocument(sweeps.document)},
    )


SWEEP_FIELDS: Final = _fields()
"""The names for sweeps."""
