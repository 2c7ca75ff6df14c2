# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of the named fragments: what records are made of."""

from __future__ import annotations

from wandql.graphql.scalars import JSONString, JSONValue, UTCDatetime

from .base_model import BaseModel


class ApiKeyFields(BaseModel):
    """An API key, without its secret."""

    id: str
    """Opaque global id."""
    name: str
    """The name the key is listed under, not its secret."""
    description: str | None
    """What the key is for, in its owner's words."""


class TeamNameFields(BaseModel):
    """A namespace that owns projects: a user's own or a team."""

    name: str
    """The name in paths and URLs: a username or a team name."""


class UserFields(BaseModel):
    """A person with an account."""

    id: str
    """Opaque global id, base64 of `User:<number>`."""
    username: str | None
    """The login name, unique on the server; also the name of the user's own entity."""
    name: str
    """The full name, for display."""
    email: str | None
    """The email address; null if the viewer may not see it."""
    admin: bool | None
    """Whether the user administers the whole server, not just a team."""
    entity: str | None
    """The name of the entity that new runs go to when none is given: the user's own or a team."""
    flags_json: JSONString | None
    """Switches of the account, a JSON object, for example `{"code_saving_enabled": true}`."""
    photo_url: str | None
    """Where the portrait is served; null if there is none."""
    deleted_at: UTCDatetime | None
    """When the account was deleted (UTC); null while it is active."""


class AccountFields(UserFields):
    """A person with an account."""

    teams: AccountFieldsTeams | None
    """The teams the user is a member of."""
    api_keys: AccountFieldsApiKeys | None
    """The user's API keys by name, never the secrets; null or empty for anyone but the user and administrators."""


class AccountFieldsTeams(BaseModel):
    """A page of entities."""

    edges: list[AccountFieldsTeamsEdges]
    """The entities of this page, in order, each with its position."""


class AccountFieldsTeamsEdges(BaseModel):
    """One entry of a page of entities."""

    node: TeamNameFields | None
    """The item itself; null if it was deleted."""


class AccountFieldsApiKeys(BaseModel):
    """A page of API keys."""

    edges: list[AccountFieldsApiKeysEdges]
    """The API keys of this page, in order, each with its position."""


class AccountFieldsApiKeysEdges(BaseModel):
    """One entry of a page of API keys."""

    node: ApiKeyFields | None
    """The item itself; null if the key was deleted."""


class AuthorFields(BaseModel):
    """A person with an account."""

    id: str
    """Opaque global id, base64 of `User:<number>`."""
    username: str | None
    """The login name, unique on the server; also the name of the user's own entity."""
    name: str
    """The full name, for display."""


class FileFields(BaseModel):
    """A file of a run or of an artifact."""

    id: str
    """Opaque global id."""
    name: str
    """The path within the run or artifact, with forward slashes."""
    url: str | None
    """Where to download it. It may be signed and expire: fetch it soon, and ask again rather than store it."""
    direct_url: str
    """Where to download it straight from the store that holds it; signed, so it may expire."""
    size: int
    """The size in bytes; 0 while it is not uploaded."""
    mimetype: str | None
    """The media type, for example `image/png`; null if unknown."""
    md5: str | None
    """The MD5 of the content, base64; null while it is not uploaded."""
    updated_at: UTCDatetime | None
    """When the content last changed (UTC); null while it is not uploaded."""


class FileUploadFields(BaseModel):
    """A file of a run or of an artifact."""

    name: str
    """The path within the run or artifact, with forward slashes."""
    upload_url: str | None
    """Where to upload the content with PUT; null if the server already has it."""


class LogLineFields(BaseModel):
    """A line that a run's program printed."""

    number: int | None
    """The line's number, from 0."""
    timestamp: str | None
    """When it was printed (UTC, ISO 8601); null if unknown."""
    level: str | None
    """`error` for standard error, otherwise empty or null."""
    label: str | None
    """Which of several writers printed it; null for the only one."""
    line: str | None
    """The text, without its line break."""


class PageInfoFields(BaseModel):
    """Where a page ends. Pages go forward only."""

    end_cursor: str | None
    """The position of the page's last item, to give as `after` for the next page; null or empty for an empty
    page.
    """
    has_next_page: bool
    """Whether another page follows."""


class ParquetHistoryFields(BaseModel):
    """A run's history in files, for bulk reading."""

    parquet_urls: list[str]
    """URLs of Parquet files that together hold the exported rows; empty before the first export."""
    live_data: list[JSONValue]
    """Rows that are not exported yet, with the requested keys only."""


class ProjectFields(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    id: str
    """Opaque global id."""
    internal_id: str
    """Base64 of `Project:<number>` or `ProjectInternalId:<number>`; the number is what `Run.projectId` holds."""
    entity: str
    """The owner's name: a username or a team name."""
    name: str
    """The name in paths and URLs, unique within its entity."""
    description: str | None
    """What the project is about, in Markdown."""
    access: str | None
    """Who may see the project, for example `PRIVATE`, `RESTRICTED` or `USER_READ`."""
    is_benchmark: bool
    """Whether the project is a public benchmark that others submit runs to."""
    created_at: UTCDatetime
    """When the project was created (UTC)."""
    user: UserFields | None
    """Who created the project; null if the account is gone."""


class ProjectPathFields(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    entity: str
    """The owner's name: a username or a team name."""
    name: str
    """The name in paths and URLs, unique within its entity."""


class RunFields(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    storage_id: str
    """Opaque global id, the key that mutations take. It is not the id in the run's URL: that is `name`."""
    id: str
    """The run's id, unique within its project: the last part of its path and URL."""
    name: str | None
    """The name people read, for example `fancy-dawn-12`. It need not be unique and may change."""
    state: str | None
    """Where the run stands: `running`, `finished`, `crashed`, `killed`, `failed`, `pending`, `preempting` or
    `preempted`.
    """
    tags: list[str] | None
    """Labels, for filtering."""
    group: str | None
    """The name under which related runs are grouped, for example the workers of one training."""
    job_type: str | None
    """The role within the group, for example `train` or `eval`."""
    description: str | None
    """An older free text about the run; `notes` has taken its place."""
    notes: str | None
    """What the run is about, in Markdown."""
    commit: str | None
    """The git commit the program ran from, a hex hash."""
    sweep_name: str | None
    """The id of the sweep the run belongs to; null for a run outside any sweep."""
    project_id: int | None
    """The number of the run's project, the same as in its `internalId`; `deleteFiles` asks for it."""
    read_only: bool | None
    """Whether the viewer may read the run but not change it."""
    created_at: UTCDatetime
    """When the run was created (UTC)."""
    heartbeat_at: UTCDatetime | None
    """When its process last reported (UTC); null before the first report."""
    history_line_count: int | None
    """The number of history rows."""
    user: AuthorFields | None
    """Who started the run; null if the account is gone."""
    config_json: JSONString | None
    """The config as JSON: an object of `{"value": ..., "desc": ...}` per key. The key `_wandb` holds the SDK's
    own notes.
    """
    summary_json: JSONString | None
    """The summary as JSON, by default the last value of each metric. It may hold the bare words `NaN` and
    `Infinity`.
    """
    system_metrics_json: JSONString | None
    """The last value of each system metric as JSON, for example CPU and GPU use; null if none was recorded."""
    history_keys_json: JSONValue | None = None
    """What the history holds: `{"keys": {"loss": {"typeCounts": [...], "monotonic": false}}, "lastStep": 19,
    "sets": []}`. Null before anything was logged.
    """


class ServerFeatureFields(BaseModel):
    """An optional feature of the server."""

    name: str
    """The feature's name, for example `ARTIFACT_TAGS`. Newer servers list names that older clients do not know."""
    is_enabled: bool
    """Whether the feature may be used."""
