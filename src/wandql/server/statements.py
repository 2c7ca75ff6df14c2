"""The statements of nearly every request. They are built once: building one takes longer than executing it.

Parameters that are the request's own have one name everywhere: `asker`, the key of the user who asks, and
`silent_since`, the moment since which a run must have been heard of to be alive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import bindparam, select

from wandql.server import tables
from wandql.server.databases.columns import Integer, Text
from wandql.server.people import ADMIN
from wandql.server.records import ENTITY_COLUMNS, PROJECT_COLUMNS, USER_COLUMNS, run_columns
from wandql.server.store import among

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    Statement: TypeAlias = Select[*tuple[Any, ...]]
    UserKey: TypeAlias = ColumnElement[int] | int | None

__all__ = [
    "ENTITY",
    "ENTITY_BY_NAME",
    "PROJECT",
    "PROJECTS",
    "PROJECT_BY_NAME",
    "RESTRICTED",
    "ROLE",
    "RUN",
    "RUNS_AMONG",
    "RUN_BY_NAME",
    "SILENT_SINCE",
    "USER",
    "USER_BY_DIGEST",
    "open_to",
    "owned_by",
]

RESTRICTED: Final = "RESTRICTED"
"""The access to a project that only those have who were admitted to it, and who administers its entity."""

SILENT_SINCE: Final = bindparam("silent_since", type_=Integer)

_ASKER: Final = bindparam("asker", type_=Integer)
_KEY: Final = bindparam("key", type_=Integer)
_NAME: Final = bindparam("name", type_=Text)
_OWNER: Final = bindparam("owner", type_=Integer)


def owned_by(user_key: UserKey) -> ColumnElement[bool]:
    """Return the condition on `entities` that a user belongs to them."""
    memberships = tables.memberships.c
    return tables.entities.c.key.in_(select(memberships.entity_key).where(memberships.user_key == user_key))


def open_to(user_key: UserKey) -> ColumnElement[bool]:
    """Return the condition on `projects` that they are open to whoever belongs to their entity, or to a user."""
    projects, members, teams = tables.projects.c, tables.project_members.c, tables.project_teams.c
    mine = select(tables.memberships.c.entity_key).where(tables.memberships.c.user_key == user_key)
    administered = projects.entity_key.in_(mine.where(tables.memberships.c.role == ADMIN))
    admitted = projects.key.in_(select(members.project_key).where(members.user_key == user_key))
    through = projects.key.in_(select(teams.project_key).where(teams.entity_key.in_(mine)))
    return (projects.access != RESTRICTED) | administered | admitted | through


ENTITY: Final[Statement] = select(*ENTITY_COLUMNS).where(tables.entities.c.key == _KEY)
ENTITY_BY_NAME: Final[Statement] = select(*ENTITY_COLUMNS).where(tables.entities.c.name == _NAME, owned_by(_ASKER))

_USERS: Final[Statement] = select(*USER_COLUMNS).join_from(
    tables.users, tables.entities, tables.entities.c.key == tables.users.c.default_entity_key
)
USER: Final[Statement] = _USERS.where(tables.users.c.key == _KEY)
USER_BY_DIGEST: Final[Statement] = _USERS.join(tables.api_keys, tables.api_keys.c.user_key == tables.users.c.key).where(
    tables.api_keys.c.digest == bindparam("digest", type_=Text), tables.users.c.deleted_at.is_(None)
)

ROLE: Final[Select[str]] = select(tables.memberships.c.role).where(
    tables.memberships.c.user_key == _ASKER, tables.memberships.c.entity_key == _OWNER
)

PROJECTS: Final[Statement] = select(*PROJECT_COLUMNS).join_from(tables.projects, tables.entities)
PROJECT: Final[Statement] = PROJECTS.where(tables.projects.c.key == _KEY)
PROJECT_BY_NAME: Final[Statement] = PROJECTS.where(
    tables.projects.c.entity_key == _OWNER, tables.projects.c.name == _NAME, open_to(_ASKER)
)

_RUNS: Final[Statement] = select(*run_columns(SILENT_SINCE))
RUN: Final[Statement] = _RUNS.where(tables.runs.c.key == _KEY)
RUN_BY_NAME: Final[Statement] = _RUNS.where(tables.runs.c.project_key == _OWNER, tables.runs.c.name == _NAME)
RUNS_AMONG: Final[Statement] = _RUNS.where(among(tables.runs.c.key, bindparam("keys", type_=Text)))
