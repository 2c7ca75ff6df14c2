"""What filters and orders of runs may name, and where the database holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, Text, type_coerce
from sqlalchemy.sql.visitors import iterate

from wandql.server import tables
from wandql.server.databases.functions import Document
from wandql.server.filters.fields import run_fields
from wandql.server.records import reported_state
from wandql.server.statements import SILENT_SINCE

if TYPE_CHECKING:
    from sqlalchemy import ClauseElement, FromClause

    from wandql.server.filters.fields import FieldResolver

__all__ = ["RUN_FIELDS", "source_of_runs"]


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


_RUNS: Final = tables.runs.c

RUN_FIELDS: Final[FieldResolver] = run_fields(
    name=_RUNS.name,
    display_name=_RUNS.display_name,
    state=reported_state(SILENT_SINCE),
    tags=type_coerce(_RUNS.tags, Text),
    entity=tables.entities.c.name,
    username=tables.users.c.username,
    group=_RUNS.group,
    job_type=_RUNS.job_type,
    sweep=_RUNS.sweep_name,
    host=_RUNS.host,
    commit=_RUNS.commit,
    notes=_RUNS.notes,
    description=_RUNS.description,
    created_at=_RUNS.created_at,
    updated_at=_RUNS.updated_at,
    heartbeat_at=_RUNS.heartbeat_at,
    duration=(_RUNS.heartbeat_at - _RUNS.created_at) / 1e6,
    config=Document(_RUNS.config_index, _RUNS.config),
    summary=Document(_RUNS.summary_index, _RUNS.summary_metrics),
    keys_info=_RUNS.history_keys,
)
"""The names for runs out of `source_of_runs`. Statements with `state` in them take the parameter `silent_since`."""
