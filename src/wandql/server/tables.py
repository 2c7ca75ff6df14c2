"""The tables of the embedded server's database.

Moments are integers: microseconds since 1970, UTC. JSON documents are kept as the text that the client sent, because
`NaN` in them must come back as it was.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

VERSION: Final = 1

metadata = MetaData()


def _key() -> Column[int]:
    return Column("key", Integer, primary_key=True)


def _owner(name: str, target: str, *, primary_key: bool = False) -> Column[int]:
    """A reference to the row that owns this one and takes it along when it goes."""
    return Column(name, Integer, ForeignKey(target, ondelete="CASCADE"), primary_key=primary_key, nullable=False)


entities = Table(
    "entities",
    metadata,
    _key(),
    Column("name", Text, nullable=False, unique=True),
    Column("is_team", Boolean, nullable=False),
    Column("created_at", Integer, nullable=False),
)

users = Table(
    "users",
    metadata,
    _key(),
    Column("username", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("admin", Boolean, nullable=False),
    Column("default_entity_key", Integer, ForeignKey("entities.key"), nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("deleted_at", Integer),
)

memberships = Table(
    "memberships",
    metadata,
    _owner("user_key", "users.key", primary_key=True),
    _owner("entity_key", "entities.key", primary_key=True),
    Column("role", Text, nullable=False),
    sqlite_with_rowid=False,
)

# A key itself is never stored: `digest` is its SHA-256, `name` its first characters.
api_keys = Table(
    "api_keys",
    metadata,
    _key(),
    _owner("user_key", "users.key"),
    Column("digest", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("created_at", Integer, nullable=False),
)

projects = Table(
    "projects",
    metadata,
    _key(),
    _owner("entity_key", "entities.key"),
    Column("user_key", Integer, ForeignKey("users.key")),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("repo", Text),
    Column("access", Text, nullable=False),
    Column("is_benchmark", Boolean, nullable=False),
    Column("views", Text),
    Column("created_at", Integer, nullable=False),
    Column("updated_at", Integer, nullable=False),
    UniqueConstraint("entity_key", "name"),
)

# The long documents come last: SQLite reads a row from the front, and only as far as it must. `…_index` holds valid
# JSON for filters and orders where the document is not valid JSON (`NaN`), and NULL where the document itself will do.
runs = Table(
    "runs",
    metadata,
    _key(),
    _owner("project_key", "projects.key"),
    Column("user_key", Integer, ForeignKey("users.key")),
    Column("name", Text, nullable=False),
    Column("display_name", Text),
    Column("state", Text, nullable=False),
    Column("exitcode", Integer),
    Column("stopped", Boolean, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("updated_at", Integer, nullable=False),
    Column("heartbeat_at", Integer, nullable=False),
    Column("group", Text),
    Column("job_type", Text),
    Column("sweep_name", Text),
    Column("commit", Text),
    Column("host", Text),
    Column("job_program", Text),
    Column("job_repo", Text),
    Column("tags", JSON, nullable=False),
    Column("history_line_count", Integer, nullable=False),
    Column("events_line_count", Integer, nullable=False),
    Column("log_line_count", Integer, nullable=False),
    Column("description", Text),
    Column("notes", Text),
    Column("config", Text),
    Column("config_index", Text),
    Column("summary_metrics", Text),
    Column("summary_index", Text),
    Column("system_metrics", Text),
    Column("history_keys", Text),
    UniqueConstraint("project_key", "name"),
    Index("runs_by_creation", "project_key", "created_at", "key"),
)

# The distinct sets of keys that a run's history rows have. There are few of them, so the rows that have all of some
# keys are found without reading a row.
key_sets = Table(
    "key_sets",
    metadata,
    _key(),
    _owner("run_key", "runs.key"),
    Column("names", Text, nullable=False),
    UniqueConstraint("run_key", "names"),
)

history = Table(
    "history",
    metadata,
    _owner("run_key", "runs.key", primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("step", Integer, nullable=False),
    Column("key_set_key", Integer, nullable=False),
    Column("row", Text, nullable=False),
    Index("history_by_step", "run_key", "step", "line", "key_set_key"),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    _owner("run_key", "runs.key", primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("row", Text, nullable=False),
    sqlite_with_rowid=False,
)

log_lines = Table(
    "log_lines",
    metadata,
    _owner("run_key", "runs.key", primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("timestamp", Text),
    Column("level", Text),
    Column("label", Text),
    Column("line", Text, nullable=False),
    sqlite_with_rowid=False,
)

alerts = Table(
    "alerts",
    metadata,
    _key(),
    _owner("run_key", "runs.key"),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    Index("alerts_by_title", "run_key", "title", "created_at"),
)

# What was uploaded. `token` is in the upload's URL; `content` names the file on disk, a new one for every upload.
blobs = Table(
    "blobs",
    metadata,
    Column("token", Text, primary_key=True),
    Column("content", Text),
    Column("size", Integer, nullable=False),
    Column("md5", Text),
    Column("updated_at", Integer),
    sqlite_with_rowid=False,
)

files = Table(
    "files",
    metadata,
    _key(),
    _owner("run_key", "runs.key"),
    Column("token", Text, ForeignKey("blobs.token"), nullable=False),
    Column("name", Text, nullable=False),
    Column("mimetype", Text),
    UniqueConstraint("run_key", "name"),
)
