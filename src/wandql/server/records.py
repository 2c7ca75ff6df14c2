"""Rows as typed values: one class per GraphQL type that is a row.

An attribute answers the field of the same name (`display_name` for `displayName`); `key` answers `id`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import case

from wandql.server import tables
from wandql.server.ids import encode_id

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from wandql.graphql.scalars import JSONValue

    # A row's types are those of its record, and no type checker can follow.
    Columns: TypeAlias = tuple[ColumnElement[Any], ...]

__all__ = [
    "ENTITY_COLUMNS",
    "PROJECT_COLUMNS",
    "USER_COLUMNS",
    "ApiKeyRecord",
    "CustomChartRecord",
    "EntityRecord",
    "FileRecord",
    "InviteRecord",
    "LogLineRecord",
    "MemberRecord",
    "OrganizationRecord",
    "ParquetHistoryRecord",
    "ProjectRecord",
    "RunRecord",
    "UserRecord",
    "ViewRecord",
    "reported_state",
    "run_columns",
]


@dataclass(frozen=True, slots=True)
class EntityRecord:
    """A user's or a team's namespace."""

    key: int
    name: str
    is_team: bool


@dataclass(frozen=True, slots=True)
class OrganizationRecord:
    """What teams belong to. `entity_key` is the entity that owns its registries."""

    key: int
    entity_key: int
    name: str


@dataclass(frozen=True, slots=True)
class CustomChartRecord:
    """A chart that an entity has defined. Its `id` is what plots name it by: `entity/name`."""

    id: str


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A person with an account. `entity` is the name of the default entity."""

    key: int
    username: str
    name: str
    email: str | None
    admin: bool
    deleted_at: int | None
    entity_key: int
    entity: str


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """A user as a member of an entity, or whom it has invited: `key` is the invitation's then."""

    key: int
    username: str | None
    name: str
    email: str | None
    role: str

    @property
    def pending(self) -> bool:
        """Whether there is no such user yet."""
        return self.username is None

    @property
    def id(self) -> str:
        """The opaque id of the membership, or of the invitation."""
        return encode_id("Invite" if self.pending else "Member", self.key)


@dataclass(frozen=True, slots=True)
class InviteRecord:
    """A membership that was just given; pending where there is no such user yet."""

    id: str
    name: str
    email: str | None
    created_at: int
    to_user: UserRecord | None


@dataclass(frozen=True, slots=True)
class ViewRecord:
    """A report."""

    key: int
    project_key: int
    user_key: int | None
    type: str
    name: str
    display_name: str | None
    description: str | None
    spec: str
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class ApiKeyRecord:
    """An API key without its secret."""

    key: int
    name: str
    description: str | None


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """A collection of runs."""

    key: int
    entity_key: int
    entity_name: str
    user_key: int | None
    name: str
    description: str | None
    repo: str | None
    access: str
    is_benchmark: bool
    created_at: int
    updated_at: int
    views: str | None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run. `state` is what is reported: a run whose process has fallen silent is `crashed`."""

    key: int
    project_key: int
    user_key: int | None
    name: str
    display_name: str | None
    state: str
    exitcode: int | None
    stopped: bool
    created_at: int
    heartbeat_at: int
    group: str | None
    job_type: str | None
    sweep_name: str | None
    commit: str | None
    tags: list[str]
    history_line_count: int
    events_line_count: int
    log_line_count: int
    description: str | None
    notes: str | None
    config: str | None
    summary_metrics: str | None
    system_metrics: str | None
    history_keys: str | None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of a run. What has no content yet has no MD5."""

    key: int
    token: str
    name: str
    mimetype: str | None
    size_bytes: int
    md5: str | None
    updated_at: int | None
    ref: None = None
    digest: None = None
    storage_path: None = None


@dataclass(frozen=True, slots=True)
class LogLineRecord:
    """A line that a run's program printed."""

    number: int
    timestamp: str | None
    level: str | None
    label: str | None
    line: str


@dataclass(frozen=True, slots=True)
class ParquetHistoryRecord:
    """A history in exported files, with the rows that are not in them yet."""

    parquet_urls: tuple[str, ...]
    live_data: tuple[JSONValue, ...]


ENTITY_COLUMNS: Columns = (tables.entities.c.key, tables.entities.c.name, tables.entities.c.is_team)

# Needs `entities` joined as the user's default entity.
USER_COLUMNS: Columns = (
    *(tables.users.c[name] for name in ("key", "username", "name", "email", "admin", "deleted_at")),
    tables.entities.c.key,
    tables.entities.c.name,
)

# Needs `entities` joined as the project's owner.
PROJECT_COLUMNS: Columns = (
    tables.projects.c.key,
    tables.projects.c.entity_key,
    tables.entities.c.name,
    *(
        tables.projects.c[name]
        for name in (
            "user_key", "name", "description", "repo", "access", "is_benchmark", "created_at", "updated_at", "views",
        )
    ),
)  # fmt: skip


def reported_state(silent_since: int | ColumnElement[int]) -> ColumnElement[str]:
    """Return the state of a run as reported: one that was last heard of before `silent_since` is `crashed`.

    If somebody had asked it to stop, it is `killed`.

    Args:
        silent_since: Microseconds since 1970.
    """
    runs = tables.runs.c
    silent = (runs.state == "running") & (runs.heartbeat_at < silent_since)
    return case((silent & runs.stopped, "killed"), (silent, "crashed"), else_=runs.state)


def run_columns(silent_since: int | ColumnElement[int]) -> list[ColumnElement[Any]]:
    """Return the columns of a `RunRecord`, in its order."""
    columns: dict[str, ColumnElement[Any]] = {column.name: column for column in tables.runs.c}
    columns["state"] = reported_state(silent_since)
    return [columns[name].label(name) for name in RunRecord.__slots__]
