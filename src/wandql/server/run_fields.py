"""What filters and orders of runs may name, and where the database holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text, func, type_coerce

from wandql.server import tables
from wandql.server.fields import run_fields
from wandql.server.records import reported_state

if TYPE_CHECKING:
    from sqlalchemy import FromClause

    from wandql.server.fields import FieldResolver

__all__ = ["RUN_SOURCE", "resolver_of_runs"]


def _source() -> FromClause:
    projects, entities, users = tables.projects, tables.entities, tables.users
    owned = tables.runs.join(projects, projects.c.key == tables.runs.c.project_key)
    owned = owned.join(entities, entities.c.key == projects.c.entity_key)
    return owned.outerjoin(users, users.c.key == tables.runs.c.user_key)


RUN_SOURCE = _source()
"""Runs with the tables that their filters reach into. SQLite leaves out of a query those that it does not."""


def resolver_of_runs(silent_since: int) -> FieldResolver:
    """Return the names for runs out of `RUN_SOURCE`.

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
