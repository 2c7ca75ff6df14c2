"""The tables of the embedded server's database, which is SQLite or PostgreSQL.

Moments are integers: microseconds since 1970, UTC. JSON documents are kept as the text that the client sent, because
`NaN` in them must come back as it was.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, MetaData, Table, UniqueConstraint, text

from wandql.server.databases.columns import Integer, Text

VERSION: Final = 18

metadata: MetaData = MetaData()

HAS_SWEEP: Final = text("sweep_name IS NOT NULL")


def _key() -> Column[int]:
    return Column("key", Integer, primary_key=True)


def _owner(name: str, target: str, *, primary_key: bool = False) -> Column[int]:
    """A reference to the row that owns this one and takes it along when it goes."""
    return Column(name, Integer, ForeignKey(target, ondelete="CASCADE"), primary_key=primary_key, nullable=False)


entities: Table = Table(
    "entities",
    metadata,
    _key(),
    Column("name", Text, nullable=False, unique=True),
    Column("is_team", Boolean, nullable=False),
    Column("created_at", Integer, nullable=False),
)

users: Table = Table(
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

memberships: Table = Table(
    "memberships",
    metadata,
    _owner("user_key", "users.key", primary_key=True),
    _owner("entity_key", "entities.key", primary_key=True),
    Column("role", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Who is invited to a team by an address that no user has yet.
invites: Table = Table(
    "invites",
    metadata,
    _key(),
    _owner("entity_key", "entities.key"),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    UniqueConstraint("entity_key", "email"),
)

# `entity_key` is the entity that owns an organization's registries. Who belongs to that belongs to the organization.
organizations: Table = Table(
    "organizations",
    metadata,
    _key(),
    _owner("entity_key", "entities.key"),
    Column("name", Text, nullable=False, unique=True),
    Column("created_at", Integer, nullable=False),
    UniqueConstraint("entity_key"),
)

# A team belongs to one organization at most.
organization_teams: Table = Table(
    "organization_teams",
    metadata,
    _owner("entity_key", "entities.key", primary_key=True),
    _owner("organization_key", "organizations.key"),
    sqlite_with_rowid=False,
)

# A key itself is never stored: `digest` is its SHA-256, `name` its first characters.
api_keys: Table = Table(
    "api_keys",
    metadata,
    _key(),
    _owner("user_key", "users.key"),
    Column("digest", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("created_at", Integer, nullable=False),
)

projects: Table = Table(
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

# What a registry is beyond its project. A project without such a row admits artifacts of every type.
registries: Table = Table(
    "registries",
    metadata,
    _owner("project_key", "projects.key", primary_key=True),
    Column("allows_all_types", Boolean, nullable=False),
)

# Who was admitted to a project, besides those who belong to its entity; to a restricted one only they are.
project_members: Table = Table(
    "project_members",
    metadata,
    _owner("project_key", "projects.key", primary_key=True),
    _owner("user_key", "users.key", primary_key=True),
    Column("role", Text, nullable=False),
    sqlite_with_rowid=False,
)

project_teams: Table = Table(
    "project_teams",
    metadata,
    _owner("project_key", "projects.key", primary_key=True),
    _owner("entity_key", "entities.key", primary_key=True),
    Column("role", Text, nullable=False),
    sqlite_with_rowid=False,
)

# The long documents come last: SQLite reads a row from the front, and only as far as it must. `…_index` holds valid
# JSON for filters and orders where the document is not valid JSON (`NaN`), and NULL where the document itself will do.
runs: Table = Table(
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
    Index("runs_by_sweep", "project_key", "sweep_name", sqlite_where=HAS_SWEEP, postgresql_where=HAS_SWEEP),
)

# The ids of runs that were deleted: what still reports to one, or begins one again, must hear of it.
deleted_runs: Table = Table(
    "deleted_runs",
    metadata,
    _owner("project_key", "projects.key", primary_key=True),
    Column("name", Text, primary_key=True),
    sqlite_with_rowid=False,
)

# The distinct sets of keys that a run's history rows have. There are few of them, so the rows that have all of some
# keys are found without reading a row.
key_sets: Table = Table(
    "key_sets",
    metadata,
    _key(),
    _owner("run_key", "runs.key"),
    Column("names", Text, nullable=False),
    UniqueConstraint("run_key", "names"),
)

history: Table = Table(
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

events: Table = Table(
    "events",
    metadata,
    _owner("run_key", "runs.key", primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("row", Text, nullable=False),
    sqlite_with_rowid=False,
)

log_lines: Table = Table(
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

# Where the lines are that a process sent to a run which several processes write: `count` of them, which the process
# counts from `first`, begin at line `place` of the run's file.
client_lines: Table = Table(
    "client_lines",
    metadata,
    _owner("run_key", "runs.key", primary_key=True),
    Column("client_id", Text, primary_key=True),
    Column("file", Text, primary_key=True),
    Column("first", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    sqlite_with_rowid=False,
)

alerts: Table = Table(
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
blobs: Table = Table(
    "blobs",
    metadata,
    Column("token", Text, primary_key=True),
    Column("content", Text),
    Column("size", Integer, nullable=False),
    Column("md5", Text),
    Column("updated_at", Integer),
    sqlite_with_rowid=False,
)

files: Table = Table(
    "files",
    metadata,
    _key(),
    _owner("run_key", "runs.key"),
    Column("token", Text, ForeignKey("blobs.token"), nullable=False),
    Column("name", Text, nullable=False),
    Column("mimetype", Text),
    UniqueConstraint("run_key", "name"),
)

# Whole histories as Parquet files. They can be made again from `history`.
history_exports: Table = Table(
    "history_exports",
    metadata,
    _owner("run_key", "runs.key", primary_key=True),
    Column("token", Text, ForeignKey("blobs.token"), nullable=False),
    sqlite_with_rowid=False,
)

# Runs whose rows have changed since they were exported: the official SDK keeps what it has read by their paths.
outdated_exports: Table = Table(
    "outdated_exports",
    metadata,
    _owner("run_key", "runs.key", primary_key=True),
    sqlite_with_rowid=False,
)

# What versions of artifacts hold, by MD5 (base64), once per entity. `birth_key` is the version that first announced it.
contents: Table = Table(
    "contents",
    metadata,
    _key(),
    _owner("entity_key", "entities.key"),
    Column("md5", Text, nullable=False),
    Column("token", Text, ForeignKey("blobs.token"), nullable=False, unique=True),
    Column("birth_key", Integer, ForeignKey("artifacts.key", ondelete="SET NULL"), index=True),
    UniqueConstraint("md5", "entity_key"),
)

# Parts of large files on their way in: each is a blob until they are joined. `md5` (base64) is what was announced.
upload_parts: Table = Table(
    "upload_parts",
    metadata,
    Column("upload_id", Text, primary_key=True),
    Column("part_number", Integer, primary_key=True),
    Column("artifact_key", Integer, ForeignKey("artifacts.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("content_key", Integer, ForeignKey("contents.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("md5", Text, nullable=False),
    Column("token", Text, ForeignKey("blobs.token"), nullable=False, unique=True),
    sqlite_with_rowid=False,
)

artifact_types: Table = Table(
    "artifact_types",
    metadata,
    _key(),
    _owner("project_key", "projects.key"),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("created_at", Integer, nullable=False),
    UniqueConstraint("project_key", "name"),
)

# Sequences, in which versions are born, and portfolios, into which they are linked. No version number is given twice:
# `next_index` counts those that were deleted, too.
collections: Table = Table(
    "collections",
    metadata,
    _key(),
    _owner("project_key", "projects.key"),
    Column("type_key", Integer, ForeignKey("artifact_types.key"), nullable=False, index=True),
    Column("is_sequence", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("next_index", Integer, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("updated_at", Integer, nullable=False),
    UniqueConstraint("project_key", "name"),
    sqlite_autoincrement=True,
)

# Versions. `aliases` are those to give on commit. After `expires_at` a version may be deleted: a pending one because
# nobody completes it, a committed one because its time to live is over. No id is given twice: clients remember them.
artifacts: Table = Table(
    "artifacts",
    metadata,
    _key(),
    _owner("sequence_key", "collections.key"),
    Column("run_key", Integer, ForeignKey("runs.key", ondelete="SET NULL"), index=True),
    Column("user_key", Integer, ForeignKey("users.key")),
    Column("state", Text, nullable=False),
    Column("version_index", Integer),
    Column("digest", Text, nullable=False),
    Column("digest_algorithm", Text, nullable=False, server_default="MANIFEST_MD5"),
    Column("commit_hash", Text),
    Column("size", Integer, nullable=False),
    Column("file_count", Integer, nullable=False),
    Column("ttl_duration_seconds", Integer, nullable=False),
    Column("history_step", Integer),
    Column("distributed_id", Text),
    Column("aliases", JSON, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("updated_at", Integer, nullable=False),
    Column("expires_at", Integer, index=True),
    Column("description", Text),
    Column("metadata", Text),
    Column("metadata_index", Text),
    Index("artifacts_by_digest", "sequence_key", "digest"),
    sqlite_autoincrement=True,
)

# What clients call versions before they are uploaded.
client_ids: Table = Table(
    "client_ids",
    metadata,
    Column("client_id", Text, primary_key=True),
    _owner("artifact_key", "artifacts.key", primary_key=True),
    Index("client_ids_by_artifact", "artifact_key"),
    sqlite_with_rowid=False,
)

# What clients call sequences before they have made them. Several may call one so, since each makes up its own.
sequence_client_ids: Table = Table(
    "sequence_client_ids",
    metadata,
    Column("client_id", Text, primary_key=True),
    _owner("collection_key", "collections.key", primary_key=True),
    Index("sequence_client_ids_by_collection", "collection_key"),
    sqlite_with_rowid=False,
)

artifact_memberships: Table = Table(
    "artifact_memberships",
    metadata,
    _key(),
    _owner("collection_key", "collections.key"),
    _owner("artifact_key", "artifacts.key"),
    Column("version_index", Integer, nullable=False),
    Column("created_at", Integer, nullable=False),
    UniqueConstraint("artifact_key", "collection_key"),
    UniqueConstraint("collection_key", "version_index"),
)

aliases: Table = Table(
    "aliases",
    metadata,
    _key(),
    _owner("collection_key", "collections.key"),
    _owner("membership_key", "artifact_memberships.key"),
    Column("alias", Text, nullable=False),
    UniqueConstraint("collection_key", "alias"),
    Index("aliases_by_membership", "membership_key"),
)

tags: Table = Table(
    "tags",
    metadata,
    _key(),
    _owner("entity_key", "entities.key"),
    Column("name", Text, nullable=False),
    UniqueConstraint("entity_key", "name"),
)

artifact_tags: Table = Table(
    "artifact_tags",
    metadata,
    _owner("artifact_key", "artifacts.key", primary_key=True),
    _owner("tag_key", "tags.key", primary_key=True),
    sqlite_with_rowid=False,
)

collection_tags: Table = Table(
    "collection_tags",
    metadata,
    _owner("collection_key", "collections.key", primary_key=True),
    _owner("tag_key", "tags.key", primary_key=True),
    sqlite_with_rowid=False,
)

# A manifest that is announced before it is written has no content yet. `base_key` is the version that it adds to, even
# if that is deleted meanwhile.
artifact_manifests: Table = Table(
    "artifact_manifests",
    metadata,
    _key(),
    _owner("artifact_key", "artifacts.key"),
    Column("base_key", Integer),
    Column("content_key", Integer, ForeignKey("contents.key"), index=True),
    Column("type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Index("manifests_by_artifact", "artifact_key"),
)

# The files of a version: those announced while it is pending, those of its manifest afterwards. What is stored
# elsewhere has a `ref` instead of a content.
artifact_files: Table = Table(
    "artifact_files",
    metadata,
    _owner("artifact_key", "artifacts.key", primary_key=True),
    Column("name", Text, primary_key=True),
    Column("content_key", Integer, ForeignKey("contents.key"), index=True),
    Column("digest", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("ref", Text),
    sqlite_with_rowid=False,
)

artifact_uses: Table = Table(
    "artifact_uses",
    metadata,
    _owner("run_key", "runs.key", primary_key=True),
    _owner("artifact_key", "artifacts.key", primary_key=True),
    Column("used_as", Text),
    Column("created_at", Integer, nullable=False),
    Index("uses_by_artifact", "artifact_key"),
    sqlite_with_rowid=False,
)

# A run may log a version that another run has made.
artifact_outputs: Table = Table(
    "artifact_outputs",
    metadata,
    _owner("run_key", "runs.key", primary_key=True),
    _owner("artifact_key", "artifacts.key", primary_key=True),
    Column("created_at", Integer, nullable=False),
    Index("outputs_by_artifact", "artifact_key"),
    sqlite_with_rowid=False,
)

# `config` is the definition as it was sent, `document` the same as JSON.
sweeps: Table = Table(
    "sweeps",
    metadata,
    _key(),
    _owner("project_key", "projects.key"),
    Column("user_key", Integer, ForeignKey("users.key")),
    Column("name", Text, nullable=False),
    Column("display_name", Text),
    Column("description", Text),
    Column("state", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("run_count_expected", Integer),
    Column("created_at", Integer, nullable=False),
    Column("updated_at", Integer, nullable=False),
    Column("heartbeat_at", Integer),
    Column("config", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("controller", Text),
    Column("scheduler", Text),
    UniqueConstraint("project_key", "name"),
)

agents: Table = Table(
    "agents",
    metadata,
    _key(),
    _owner("sweep_key", "sweeps.key"),
    Column("name", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("heartbeat_at", Integer, nullable=False),
    UniqueConstraint("sweep_key", "name"),
)

# Runs that a sweep has proposed: `args` as its agent gets them, the `number` of the point on a grid. A run that waits
# for an agent has none.
sweep_runs: Table = Table(
    "sweep_runs",
    metadata,
    _owner("run_key", "runs.key", primary_key=True),
    _owner("sweep_key", "sweeps.key"),
    Column("agent_key", Integer, ForeignKey("agents.key", ondelete="SET NULL"), index=True),
    Column("number", Integer),
    Column("given_at", Integer),
    Column("args", Text, nullable=False),
    Index("sweep_runs_by_number", "sweep_key", "number"),
    sqlite_with_rowid=False,
)

# Runs from before a sweep that count as if it had proposed them.
prior_runs: Table = Table(
    "prior_runs",
    metadata,
    _owner("sweep_key", "sweeps.key", primary_key=True),
    _owner("run_key", "runs.key", primary_key=True),
    Column("number", Integer),
    Index("prior_runs_by_run", "run_key"),
    sqlite_with_rowid=False,
)

# Definitions of charts, kept as they were sent.
custom_charts: Table = Table(
    "custom_charts",
    metadata,
    _key(),
    _owner("entity_key", "entities.key"),
    Column("user_key", Integer, ForeignKey("users.key")),
    Column("name", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("access", Text, nullable=False),
    Column("spec", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    UniqueConstraint("entity_key", "name"),
)

# Reports. No id is given twice: it is a part of the report's address.
views: Table = Table(
    "views",
    metadata,
    _key(),
    _owner("project_key", "projects.key"),
    Column("user_key", Integer, ForeignKey("users.key")),
    Column("type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("display_name", Text),
    Column("description", Text),
    Column("spec", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("updated_at", Integer, nullable=False),
    Index("views_by_project", "project_key", "type", "created_at"),
    sqlite_autoincrement=True,
)

# What the machines of queues are like: `config` and `template_variables` as they were sent.
resource_configs: Table = Table(
    "resource_configs",
    metadata,
    _key(),
    _owner("entity_key", "entities.key"),
    Column("resource", Text, nullable=False),
    Column("config", Text, nullable=False),
    Column("template_variables", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
)

# Queues of runs to start. One whose `access` is USER is for `user_key` alone.
run_queues: Table = Table(
    "run_queues",
    metadata,
    _key(),
    _owner("project_key", "projects.key"),
    Column("user_key", Integer, ForeignKey("users.key")),
    Column("resource_config_key", Integer, ForeignKey("resource_configs.key", ondelete="SET NULL"), index=True),
    Column("name", Text, nullable=False),
    Column("access", Text, nullable=False),
    Column("prioritization_mode", Text, nullable=False),
    Column("external_links", Text),
    Column("created_at", Integer, nullable=False),
    UniqueConstraint("project_key", "name"),
)

# Processes that start runs from queues: `run_queues` are the opaque ids that they named.
launch_agents: Table = Table(
    "launch_agents",
    metadata,
    _key(),
    _owner("project_key", "projects.key"),
    Column("name", Text, nullable=False),
    Column("hostname", Text, nullable=False),
    Column("run_queues", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Column("config", Text),
    Column("version", Text),
    Column("created_at", Integer, nullable=False),
    Column("heartbeat_at", Integer, nullable=False),
)

# Runs in queues. `trouble` is what agents said of it last. No id is given twice: agents remember them.
run_queue_items: Table = Table(
    "run_queue_items",
    metadata,
    _key(),
    _owner("queue_key", "run_queues.key"),
    Column("agent_key", Integer, ForeignKey("launch_agents.key", ondelete="SET NULL"), index=True),
    Column("state", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("run_name", Text),
    Column("trouble", JSON),
    Column("run_spec", Text, nullable=False),
    Column("template_values", Text, nullable=False),
    Column("created_at", Integer, nullable=False),
    Index("items_by_turn", "queue_key", "state", "priority", "key"),
    sqlite_autoincrement=True,
)

# Addresses that take requests. `…_ref` are names of secrets, which are nowhere here.
webhook_integrations: Table = Table(
    "webhook_integrations",
    metadata,
    _key(),
    _owner("entity_key", "entities.key"),
    Column("name", Text, nullable=False),
    Column("url_endpoint", Text, nullable=False),
    Column("secret_ref", Text),
    Column("access_token_ref", Text),
    Column("created_at", Integer, nullable=False),
    UniqueConstraint("entity_key", "name"),
)

# What shall happen where something happens, kept as it was sent. It watches the collection, else the project, else all
# of the entity. `action` is what the action needs beyond its integration or queue. No id is given twice.
automations: Table = Table(
    "automations",
    metadata,
    _key(),
    _owner("entity_key", "entities.key"),
    Column("project_key", Integer, ForeignKey("projects.key", ondelete="CASCADE"), index=True),
    Column("collection_key", Integer, ForeignKey("collections.key", ondelete="CASCADE"), index=True),
    Column("integration_key", Integer, ForeignKey("webhook_integrations.key"), index=True),
    Column("queue_key", Integer, ForeignKey("run_queues.key", ondelete="SET NULL"), index=True),
    Column("user_key", Integer, ForeignKey("users.key")),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("enabled", Boolean, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("event_filter", Text, nullable=False),
    Column("action_type", Text, nullable=False),
    Column("action", JSON, nullable=False),
    Column("created_at", Integer, nullable=False),
    Column("updated_at", Integer, nullable=False),
    UniqueConstraint("entity_key", "name"),
    sqlite_autoincrement=True,
)
