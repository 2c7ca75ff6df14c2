"""What filters and orders of runs may name, and where the database holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, Text, func, type_coerce
from sqlalchemy.sql.visitors import iterate

from wandql.server import tables
from wandql.server.fields import run_fields
from wandql.server.records import reported_state

if TYPE_CHECKING:
    from sqlalchemy import ClauseElement, FromClause

    from wandql.server.fields import FieldResolver

__all__ = ["resolver_of_runs", "source_of_runs"]


def source_of_runs(*clauses: ClauseElement) -> FromClause:
    """Return runs, with the tables that conditions and orders reach into.

    No others are joined: SQLite would look up a row of each for every run that it counts or skips.
    """
    projects, entities, users = tables.projects, tables.entities, tables.users
    named = {part.table for clause in clauses for part in iterate(clause) if isinstance(part, Column)}
    source: FromClause = tables.runs
    if entities in named:
        source = source.join(projects, projects.c.key == tables.runs.c.project_key)
        source = source.join(entities, entities.c.key == projects.c.entity_key)
    if users in named:
        source = source.outerjoin(users, users.c.key == tables.runs.c.user_key)
    return source


def resolver_of_runs(silent_since: int) -> FieldResolver:
    """Return the names for runs out of `source_of_runs`.

    Args:
        silent_since: A run that was last heard of before this moment (microseconds since 1970) has crashed.
    """
    runs = tables.runs.c
    return run_fields(
        name=runs.name,
        display_name=runs.display_name,
        state=reported_state(silent_since),
        tags=type_coerce(runs.tags, Text),
        entity=tables.entities.c.name,
        username=tables.users.c.username,
        group=runs.group,
        job_type=runs.job_type,
        sweep=runs.sweep_name,
        host=runs.host,
        commit=runs.commit,
        notes=runs.notes,
        description=runs.description,
        created_at=runs.created_at,
        updated_at=runs.updated_at,
        heartbeat_at=runs.heartbeat_at,
        duration=(runs.heartbeat_at - runs.created_at) / 1e6,
        config=func.coalesce(runs.config_index, runs.config),
        summary=func.coalesce(runs.summary_index, runs.summary_metrics),
        keys_info=runs.history_keys,
    )
