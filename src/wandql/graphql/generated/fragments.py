# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of the named fragments: what records are made of."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.scalars import JSONString, JSONValue, UTCDatetime

from .base_model import BaseModel
from .enums import ArtifactState


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


class AccountFieldsApiKeyPageEdges(BaseModel):
    """One entry of a page of API keys."""

    node: ApiKeyFields | None
    """The item itself; null if the key was deleted."""


class AccountFieldsApiKeyPage(BaseModel):
    """A page of API keys."""

    edges: list[AccountFieldsApiKeyPageEdges]
    """The API keys of this page, in order, each with its position."""


class AccountFieldsTeamPageEdges(BaseModel):
    """One entry of a page of entities."""

    node: TeamNameFields | None
    """The item itself; null if it was deleted."""


class AccountFieldsTeamPage(BaseModel):
    """A page of entities."""

    edges: list[AccountFieldsTeamPageEdges]
    """The entities of this page, in order, each with its position."""


class AccountFields(UserFields):
    """A person with an account."""

    team_page: AccountFieldsTeamPage | None
    """The teams the user is a member of."""
    api_key_page: AccountFieldsApiKeyPage | None
    """The user's API keys by name, never the secrets; null or empty for anyone but the user and administrators."""


class AgentFields(BaseModel):
    """A process that executes runs of a sweep."""

    storage_id: str
    """Opaque global id, the key that mutations take."""
    id: str
    """The agent's id within its sweep."""
    host: str
    """The name of the machine."""
    state: str | None
    """Where the agent stands, for example `RUNNING`."""
    total_runs: int
    """The number of runs the agent has executed."""
    created_at: UTCDatetime
    """When the agent registered (UTC)."""
    heartbeat_at: UTCDatetime | None
    """When the agent last reported (UTC)."""


class AliasNameFields(BaseModel):
    """A name that points to one version of a collection, for example `latest`, until it is moved."""

    id: str
    """Opaque global id."""
    alias: str
    """The name, for example `latest` or `production`. Some servers list the version number, `v3`, as an alias,
    too.
    """


class ProjectPathFields(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    entity: str
    """The owner's name: a username or a team name."""
    name: str
    """The name in paths and URLs, unique within its entity."""


class CollectionPathFields(BaseModel):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    id: str
    """Opaque global id."""
    name: str
    """The name, unique among the collections of its project."""
    project: ProjectPathFields
    """The project it belongs to."""


class AliasFieldsArtifactCollection(CollectionPathFields):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")


class AliasFields(AliasNameFields):
    """A name that points to one version of a collection, for example `latest`, until it is moved."""

    artifact_collection: AliasFieldsArtifactCollection | None
    """The collection in which it points; null if the viewer may not read that."""


class SequencePathFields(BaseModel):
    """The collection that artifact versions are born in; each new one gets the next `vN` number."""

    id: str
    """Opaque global id."""
    name: str
    """The name, unique among the collections of its project."""
    project: ProjectPathFields
    """The project it belongs to."""


class TagFields(BaseModel):
    """A label on artifact versions and collections, for filtering. Unlike an alias, many may carry it."""

    id: str
    """Opaque global id."""
    name: str
    """The label."""


class TypeNameFields(BaseModel):
    """A kind of artifacts in a project, for example `dataset` or `model`."""

    name: str
    """The name, unique within the project."""


class ArtifactFields(BaseModel):
    """One version of an artifact: a set of files with a digest, metadata and lineage. A version is born in one
    sequence, its source, and may be linked into portfolios. Its `vN` number and its aliases differ from
    collection to collection; those here are of the source.
    """

    id: str
    """Opaque global id."""
    artifact_sequence: SequencePathFields
    """The collection the version was born in."""
    version_index: int | None
    """The number in `vN` within its source, from 0; null until it is committed."""
    artifact_type: TypeNameFields
    """The type, for example `dataset` or `model`."""
    state: ArtifactState
    """Whether the version can be used: only a committed one can."""
    digest: str
    """The hash of the manifest, hex. Equal digests mean equal content."""
    commit_hash: str | None
    """The hash that the server gives the version when it is committed."""
    size: int
    """The size of all files, in bytes."""
    file_count: int
    """The number of files."""
    description: str | None
    """What the version is about, in Markdown."""
    metadata_json: JSONString | None
    """The metadata, a JSON object; null if there is none."""
    ttl_duration_seconds: int
    """How long the version lives, in seconds from its creation; zero or less means for ever."""
    ttl_is_inherited: bool
    """Whether the lifetime comes from the project or team, not from the version itself."""
    next_history_step: int | None
    """The step of the run's history at which the version was logged; null if it was not logged with one."""
    created_at: UTCDatetime
    """When the version was created (UTC)."""
    updated_at: UTCDatetime | None
    """When the version was last changed (UTC)."""
    tag_nodes: list[TagFields]
    """The tags of the version."""
    alias_nodes: list[AliasFields]
    """The aliases of the version in all collections that the viewer may read."""


class ArtifactFileFields(BaseModel):
    """A file of a run or of an artifact."""

    id: str
    """Opaque global id."""
    name: str
    """The file's path within its artifact. For a run's file it equals `name`."""
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
    digest: str | None
    """The digest that the artifact's manifest records; null for a run's file."""
    storage_path: str | None
    """The key under which the store of artifacts holds the content."""
    updated_at: UTCDatetime | None
    """When the content last changed (UTC); null while it is not uploaded."""


class ArtifactTypeFields(BaseModel):
    """A kind of artifacts in a project, for example `dataset` or `model`."""

    id: str
    """Opaque global id."""
    name: str
    """The name, unique within the project."""
    description: str | None
    """What the type is for."""
    created_at: UTCDatetime
    """When the type was created (UTC)."""


class AuthorFields(BaseModel):
    """A person with an account."""

    id: str
    """Opaque global id, base64 of `User:<number>`."""
    username: str | None
    """The login name, unique on the server; also the name of the user's own entity."""
    name: str
    """The full name, for display."""


class CollectionFieldsTagPageEdges(BaseModel):
    """One entry of a page of tags."""

    node: TagFields
    """The item itself."""


class CollectionFieldsTagPage(BaseModel):
    """A page of tags."""

    edges: list[CollectionFieldsTagPageEdges]
    """The tags of this page, in order, each with its position."""


class CollectionFields(BaseModel):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    id: str
    """Opaque global id."""
    name: str
    """The name, unique among the collections of its project."""
    description: str | None
    """What the collection is about, in Markdown."""
    created_at: UTCDatetime
    """When the collection was created (UTC)."""
    updated_at: UTCDatetime | None
    """When the collection was last changed (UTC)."""
    home: ProjectPathFields
    """The project it belongs to."""
    default_artifact_type: TypeNameFields
    """The type of its versions."""
    tag_page: CollectionFieldsTagPage
    """The tags of the collection itself."""


class EntityFields(BaseModel):
    """A namespace that owns projects: a user's own or a team."""

    id: str
    """Opaque global id, base64 of `Entity:<number>`."""
    name: str
    """The name in paths and URLs: a username or a team name."""
    entity_type: str | None
    """What kind of owner this is, for example `user`, `team` or `organization`."""


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


class FileUrlFields(BaseModel):
    """A file of a run or of an artifact."""

    name: str
    """The path within the run or artifact, with forward slashes."""
    direct_url: str
    """Where to download it straight from the store that holds it; signed, so it may expire."""


class InviteFields(BaseModel):
    """An invitation into a team."""

    id: str
    """The opaque id of the membership."""
    name: str
    """The team's name."""
    email: str | None
    """Where the invitation goes; null where no address is known."""
    created_at: UTCDatetime | None
    """When it was made (UTC)."""
    to_user: UserFields | None
    """The invited user; null where there is no account yet."""


class LinkFieldsArtifactCollection(CollectionPathFields):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")


class LinkFields(BaseModel):
    """An artifact version as part of one collection, with its number and aliases there."""

    id: str
    """Opaque global id."""
    version_index: int | None
    """The number in `vN` within this collection, from 0."""
    aliases: list[AliasNameFields]
    """The aliases of the version in this collection."""
    artifact_collection: LinkFieldsArtifactCollection | None
    """The collection; null if the viewer may not read it."""


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


class ManifestFieldsFile(BaseModel):
    """A file of a run or of an artifact."""

    direct_url: str
    """Where to download it straight from the store that holds it; signed, so it may expire."""


class ManifestFields(BaseModel):
    """The list of an artifact version's files."""

    file: ManifestFieldsFile
    """The manifest itself: a JSON file with the path, digest and size of each file."""


class MemberFields(BaseModel):
    """A user or service account as a member of a team, or someone who is invited."""

    id: str | None
    """Opaque id of the membership."""
    username: str | None
    """The login name; null while the invitation is pending."""
    name: str
    """The full name, for display."""
    email: str | None
    """The email address; null if the viewer may not see it."""
    role: str | None
    """The role within the team, for example `admin` or `member`."""
    admin: bool | None
    """Whether the member administers the team."""
    pending: bool | None
    """Whether the invitation is not accepted yet."""
    photo_url: str | None
    """Where the portrait is served; null if there is none."""
    account_type: str | None
    """What kind of account this is, for example `MEMBER` or `SERVICE`."""


class MembershipFields(LinkFields):
    """An artifact version as part of one collection, with its number and aliases there."""

    artifact: ArtifactFields | None
    """The version; null if the viewer may not read it."""


class OrganizationFields(BaseModel):
    """A company or group that owns teams and a registry."""

    id: str
    """Opaque global id."""
    name: str
    """The name in registry paths."""
    org_entity: EntityFields | None
    """The entity that owns the organization's registry."""


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


class ReportFields(BaseModel):
    """A saved view of the web app. Those of the kind `runs` are reports."""

    id: str
    """Opaque global id; without its padding it ends the report's URL."""
    name: str | None
    """The internal name, by which `allViews` finds it; not the title."""
    display_name: str | None
    """The title."""
    description: str | None
    """The subtitle."""
    spec_json: JSONString | None
    """What the report contains, as JSON: blocks, panels and the sets of runs they show."""
    created_at: UTCDatetime
    """When the report was created (UTC)."""
    updated_at: UTCDatetime | None
    """When the report was last changed (UTC)."""
    user: UserFields | None
    """Who wrote it; null if the account is gone."""


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
    tags_or_null: list[str] | None
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
    history_keys_value: JSONValue | None = None
    """What the history holds: `{"keys": {"loss": {"typeCounts": [...], "monotonic": false}}, "lastStep": 19,
    "sets": []}`. Null before anything was logged.
    """


class ServerFeatureFields(BaseModel):
    """An optional feature of the server."""

    name: str
    """The feature's name, for example `ARTIFACT_TAGS`. Newer servers list names that older clients do not know."""
    is_enabled: bool
    """Whether the feature may be used."""


class SweepFields(BaseModel):
    """A search for good hyperparameters: it proposes configs, and agents execute a run for each. Trap: `name` is
    the sweep's id in paths and URLs, and `id` is an opaque key that only mutations need.
    """

    storage_id: str
    """Opaque global id, the key that mutations take. It is not the id in the sweep's URL: that is `name`."""
    id: str
    """The sweep's id, unique within its project: the last part of its path and URL."""
    display_name: str | None
    """The name people read; null if the sweep never got one."""
    description: str | None
    """What the sweep is about."""
    method: str
    """How configs are proposed, for example `grid`, `random` or `bayes`."""
    state: str
    """Where the sweep stands: `PENDING`, `RUNNING`, `PAUSED`, `FINISHED` or `CANCELED`."""
    best_loss: float | None
    """The best value of the sweep's metric so far; null without a metric or a finished run."""
    config_yaml: str
    """The definition of the sweep, as YAML text."""
    created_at: UTCDatetime
    """When the sweep was created (UTC)."""
    updated_at: UTCDatetime | None
    """When the sweep was last changed (UTC)."""
    run_count: int
    """The number of runs so far."""
    expected_run_count: int | None
    """The number of runs the sweep will have; null if it has no end, as a random search."""


class TeamFields(BaseModel):
    """A namespace that owns projects: a user's own or a team."""

    id: str
    """Opaque global id, base64 of `Entity:<number>`."""
    name: str
    """The name in paths and URLs: a username or a team name."""
    is_team: bool
    """Whether this is a team, not a user's own namespace."""
    entity_type: str | None
    """What kind of owner this is, for example `user`, `team` or `organization`."""
    available: bool | None
    """Whether the name is still free to take."""
    photo_url: str | None
    """Where the picture is served; null if there is none."""
    read_only: bool | None
    """Whether the viewer may read the entity but not change it."""
    read_only_admin: bool
    """Whether the viewer sees the entity as a read-only administrator of the server."""
    private_only: bool
    """Whether all projects of the entity must be private."""
    default_access: str
    """Who may see new projects unless they say otherwise, for example `PRIVATE` or `USER_READ`."""
    code_saving_enabled: bool
    """Whether runs save their source code unless they say otherwise."""
    is_paid: bool | None
    """Whether a subscription pays for the entity."""
    storage_bytes: int
    """The size of everything stored, in bytes."""
    member_list: list[MemberFields]
    """The members of a team."""
