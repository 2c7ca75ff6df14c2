# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.
"""One function for every operation of `queries/`: its variables in, a typed `Operation` out.

Building an operation sends nothing; a client executes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wandql.graphql.operation import Operation, PagedOperation, given

if TYPE_CHECKING:
    from wandql.graphql.generated.add_aliases import AddAliases
    from wandql.graphql.generated.add_collection_tags import AddCollectionTags
    from wandql.graphql.generated.agent_heartbeat import AgentHeartbeat
    from wandql.graphql.generated.commit_artifact import CommitArtifact
    from wandql.graphql.generated.create_agent import CreateAgent
    from wandql.graphql.generated.create_artifact import CreateArtifact
    from wandql.graphql.generated.create_artifact_files import CreateArtifactFiles
    from wandql.graphql.generated.create_artifact_manifest import CreateArtifactManifest
    from wandql.graphql.generated.create_invite import CreateInvite
    from wandql.graphql.generated.create_project import CreateProject
    from wandql.graphql.generated.create_run_files import CreateRunFiles
    from wandql.graphql.generated.create_service_account import CreateServiceAccount
    from wandql.graphql.generated.create_team import CreateTeam
    from wandql.graphql.generated.create_user import CreateUser
    from wandql.graphql.generated.delete_aliases import DeleteAliases
    from wandql.graphql.generated.delete_api_key import DeleteApiKey
    from wandql.graphql.generated.delete_artifact import DeleteArtifact
    from wandql.graphql.generated.delete_collection_tags import DeleteCollectionTags
    from wandql.graphql.generated.delete_files import DeleteFiles
    from wandql.graphql.generated.delete_invite import DeleteInvite
    from wandql.graphql.generated.delete_portfolio import DeletePortfolio
    from wandql.graphql.generated.delete_report import DeleteReport
    from wandql.graphql.generated.delete_run import DeleteRun
    from wandql.graphql.generated.delete_sequence import DeleteSequence
    from wandql.graphql.generated.fragments import (
        AliasNameFields,
        ArtifactFields,
        ArtifactFileFields,
        ArtifactTypeFields,
        CollectionFields,
        FileFields,
        FileUrlFields,
        LogLineFields,
        ProjectFields,
        ReportFields,
        RunFields,
        SweepFields,
    )
    from wandql.graphql.generated.generate_api_key import GenerateApiKey
    from wandql.graphql.generated.get_agent_runs import GetAgentRuns
    from wandql.graphql.generated.get_artifact import GetArtifact
    from wandql.graphql.generated.get_artifact_by_id import GetArtifactByID
    from wandql.graphql.generated.get_artifact_created_by import GetArtifactCreatedBy
    from wandql.graphql.generated.get_artifact_file_urls import GetArtifactFileUrls
    from wandql.graphql.generated.get_artifact_file_urls_by_id import GetArtifactFileUrlsByID
    from wandql.graphql.generated.get_artifact_files import GetArtifactFiles
    from wandql.graphql.generated.get_artifact_manifest import GetArtifactManifest
    from wandql.graphql.generated.get_artifact_memberships import GetArtifactMemberships
    from wandql.graphql.generated.get_artifact_type import GetArtifactType
    from wandql.graphql.generated.get_artifact_types import GetArtifactTypes
    from wandql.graphql.generated.get_artifact_used_by import (
        GetArtifactUsedBy,
        GetArtifactUsedByArtifactUsedByEdgesNode,
    )
    from wandql.graphql.generated.get_artifact_versions import GetArtifactVersions
    from wandql.graphql.generated.get_client_artifact import GetClientArtifact
    from wandql.graphql.generated.get_collection import GetCollection
    from wandql.graphql.generated.get_collection_aliases import GetCollectionAliases
    from wandql.graphql.generated.get_collections import GetCollections
    from wandql.graphql.generated.get_entity_organizations import GetEntityOrganizations
    from wandql.graphql.generated.get_matching_sweeps import GetMatchingSweeps
    from wandql.graphql.generated.get_organization import GetOrganization
    from wandql.graphql.generated.get_project import GetProject
    from wandql.graphql.generated.get_project_collections import GetProjectCollections
    from wandql.graphql.generated.get_projects import GetProjects
    from wandql.graphql.generated.get_report import GetReport
    from wandql.graphql.generated.get_reports import GetReports
    from wandql.graphql.generated.get_run import GetRun
    from wandql.graphql.generated.get_run_count import GetRunCount
    from wandql.graphql.generated.get_run_events import GetRunEvents
    from wandql.graphql.generated.get_run_files import GetRunFiles
    from wandql.graphql.generated.get_run_history import GetRunHistory
    from wandql.graphql.generated.get_run_history_keys import GetRunHistoryKeys
    from wandql.graphql.generated.get_run_history_page import GetRunHistoryPage
    from wandql.graphql.generated.get_run_history_plan import GetRunHistoryPlan
    from wandql.graphql.generated.get_run_input_artifacts import GetRunInputArtifacts
    from wandql.graphql.generated.get_run_log_lines import GetRunLogLines
    from wandql.graphql.generated.get_run_log_tail import GetRunLogTail
    from wandql.graphql.generated.get_run_output_artifacts import GetRunOutputArtifacts
    from wandql.graphql.generated.get_run_parquet_history import GetRunParquetHistory
    from wandql.graphql.generated.get_run_state import GetRunState
    from wandql.graphql.generated.get_runs import GetRuns
    from wandql.graphql.generated.get_sampled_run_history import GetSampledRunHistory
    from wandql.graphql.generated.get_server_features import GetServerFeatures
    from wandql.graphql.generated.get_service_accounts import GetServiceAccounts
    from wandql.graphql.generated.get_sweep import GetSweep
    from wandql.graphql.generated.get_sweep_agent import GetSweepAgent
    from wandql.graphql.generated.get_sweep_agents import GetSweepAgents
    from wandql.graphql.generated.get_sweep_prior_runs import GetSweepPriorRuns
    from wandql.graphql.generated.get_sweeps import GetSweeps
    from wandql.graphql.generated.get_team import GetTeam
    from wandql.graphql.generated.get_users import GetUsers
    from wandql.graphql.generated.get_viewer import GetViewer
    from wandql.graphql.generated.input_types import (
        ArtifactAliasInput,
        ArtifactCollectionAliasInput,
        CreateArtifactFileSpecInput,
        TagInput,
    )
    from wandql.graphql.generated.link_artifact import LinkArtifact
    from wandql.graphql.generated.mark_run_files_uploaded import MarkRunFilesUploaded
    from wandql.graphql.generated.move_sequence import MoveSequence
    from wandql.graphql.generated.stop_run import StopRun
    from wandql.graphql.generated.unlink_artifact import UnlinkArtifact
    from wandql.graphql.generated.update_artifact import UpdateArtifact
    from wandql.graphql.generated.update_portfolio import UpdatePortfolio
    from wandql.graphql.generated.update_run_state import UpdateRunState
    from wandql.graphql.generated.update_sequence import UpdateSequence
    from wandql.graphql.generated.upsert_report import UpsertReport
    from wandql.graphql.generated.upsert_run import UpsertRun
    from wandql.graphql.generated.upsert_sweep import UpsertSweep
    from wandql.graphql.generated.use_artifact import UseArtifact
__all__ = [
    "add_aliases",
    "add_collection_tags",
    "agent_heartbeat",
    "commit_artifact",
    "create_agent",
    "create_artifact",
    "create_artifact_files",
    "create_artifact_manifest",
    "create_invite",
    "create_project",
    "create_run_files",
    "create_service_account",
    "create_team",
    "create_user",
    "delete_aliases",
    "delete_api_key",
    "delete_artifact",
    "delete_collection_tags",
    "delete_files",
    "delete_invite",
    "delete_portfolio",
    "delete_report",
    "delete_run",
    "delete_sequence",
    "generate_api_key",
    "get_agent_runs",
    "get_artifact",
    "get_artifact_by_id",
    "get_artifact_created_by",
    "get_artifact_file_urls",
    "get_artifact_file_urls_by_id",
    "get_artifact_files",
    "get_artifact_manifest",
    "get_artifact_memberships",
    "get_artifact_type",
    "get_artifact_types",
    "get_artifact_used_by",
    "get_artifact_versions",
    "get_client_artifact",
    "get_collection",
    "get_collection_aliases",
    "get_collections",
    "get_entity_organizations",
    "get_matching_sweeps",
    "get_organization",
    "get_project",
    "get_project_collections",
    "get_projects",
    "get_report",
    "get_reports",
    "get_run",
    "get_run_count",
    "get_run_events",
    "get_run_files",
    "get_run_history",
    "get_run_history_keys",
    "get_run_history_page",
    "get_run_history_plan",
    "get_run_input_artifacts",
    "get_run_log_lines",
    "get_run_log_tail",
    "get_run_output_artifacts",
    "get_run_parquet_history",
    "get_run_state",
    "get_runs",
    "get_sampled_run_history",
    "get_server_features",
    "get_service_accounts",
    "get_sweep",
    "get_sweep_agent",
    "get_sweep_agents",
    "get_sweep_prior_runs",
    "get_sweeps",
    "get_team",
    "get_users",
    "get_viewer",
    "link_artifact",
    "mark_run_files_uploaded",
    "move_sequence",
    "stop_run",
    "unlink_artifact",
    "update_artifact",
    "update_portfolio",
    "update_run_state",
    "update_sequence",
    "upsert_report",
    "upsert_run",
    "upsert_sweep",
    "use_artifact",
]
_FRAGMENT_ACCOUNT_FIELDS = """
fragment AccountFields on User {
  ...UserFields
  teamPage: teams {
    edges {
      node {
        ...TeamNameFields
      }
    }
  }
  apiKeyPage: apiKeys {
    edges {
      node {
        ...ApiKeyFields
      }
    }
  }
}
"""
_FRAGMENT_AGENT_FIELDS = """
fragment AgentFields on Agent {
  storageId: id
  id: name
  host
  state
  totalRuns
  createdAt
  heartbeatAt
}
"""
_FRAGMENT_ALIAS_FIELDS = """
fragment AliasFields on ArtifactAlias {
  ...AliasNameFields
  artifactCollection {
    __typename
    ...CollectionPathFields
  }
}
"""
_FRAGMENT_ALIAS_NAME_FIELDS = """
fragment AliasNameFields on ArtifactAlias {
  id
  alias
}
"""
_FRAGMENT_API_KEY_FIELDS = """
fragment ApiKeyFields on ApiKey {
  id
  name
  description
}
"""
_FRAGMENT_ARTIFACT_FIELDS = """
fragment ArtifactFields on Artifact {
  id
  artifactSequence {
    ...SequencePathFields
  }
  versionIndex
  artifactType {
    ...TypeNameFields
  }
  state
  digest
  commitHash
  size
  fileCount
  description
  metadataJson: metadata
  ttlDurationSeconds
  ttlIsInherited
  nextHistoryStep: historyStep
  createdAt
  updatedAt
  tagNodes: tags {
    ...TagFields
  }
  aliasNodes: aliases {
    ...AliasFields
  }
}
"""
_FRAGMENT_ARTIFACT_FILE_FIELDS = """
fragment ArtifactFileFields on File {
  id
  name: displayName
  url
  directUrl
  size: sizeBytes
  mimetype
  md5
  digest
  storagePath
  updatedAt
}
"""
_FRAGMENT_ARTIFACT_TYPE_FIELDS = """
fragment ArtifactTypeFields on ArtifactType {
  id
  name
  description
  createdAt
}
"""
_FRAGMENT_AUTHOR_FIELDS = """
fragment AuthorFields on User {
  id
  username
  name
}
"""
_FRAGMENT_COLLECTION_FIELDS = """
fragment CollectionFields on ArtifactCollection {
  id
  name
  description
  createdAt
  updatedAt
  home: project {
    ...ProjectPathFields
  }
  defaultArtifactType {
    ...TypeNameFields
  }
  tagPage: tags {
    edges {
      node {
        ...TagFields
      }
    }
  }
}
"""
_FRAGMENT_COLLECTION_PATH_FIELDS = """
fragment CollectionPathFields on ArtifactCollection {
  id
  name
  project {
    ...ProjectPathFields
  }
}
"""
_FRAGMENT_ENTITY_FIELDS = """
fragment EntityFields on Entity {
  id
  name
  entityType
}
"""
_FRAGMENT_FILE_FIELDS = """
fragment FileFields on File {
  id
  name
  url
  directUrl
  size: sizeBytes
  mimetype
  md5
  updatedAt
}
"""
_FRAGMENT_FILE_UPLOAD_FIELDS = """
fragment FileUploadFields on File {
  name
  uploadUrl
}
"""
_FRAGMENT_FILE_URL_FIELDS = """
fragment FileUrlFields on File {
  name
  directUrl
}
"""
_FRAGMENT_INVITE_FIELDS = """
fragment InviteFields on Invite {
  id
  name
  email
  createdAt
  toUser {
    ...UserFields
  }
}
"""
_FRAGMENT_LINK_FIELDS = """
fragment LinkFields on ArtifactCollectionMembership {
  id
  versionIndex
  aliases {
    ...AliasNameFields
  }
  artifactCollection {
    __typename
    ...CollectionPathFields
  }
}
"""
_FRAGMENT_LOG_LINE_FIELDS = """
fragment LogLineFields on LogLine {
  number
  timestamp
  level
  label
  line
}
"""
_FRAGMENT_MANIFEST_FIELDS = """
fragment ManifestFields on ArtifactManifest {
  file {
    directUrl
  }
}
"""
_FRAGMENT_MEMBER_FIELDS = """
fragment MemberFields on Member {
  id
  username
  name
  email
  role
  admin
  pending
  photoUrl
  accountType
}
"""
_FRAGMENT_MEMBERSHIP_FIELDS = """
fragment MembershipFields on ArtifactCollectionMembership {
  ...LinkFields
  artifact {
    ...ArtifactFields
  }
}
"""
_FRAGMENT_ORGANIZATION_FIELDS = """
fragment OrganizationFields on Organization {
  id
  name
  orgEntity {
    ...EntityFields
  }
}
"""
_FRAGMENT_PAGE_INFO_FIELDS = """
fragment PageInfoFields on PageInfo {
  endCursor
  hasNextPage
}
"""
_FRAGMENT_PARQUET_HISTORY_FIELDS = """
fragment ParquetHistoryFields on ParquetHistory {
  parquetUrls
  liveData
}
"""
_FRAGMENT_PROJECT_FIELDS = """
fragment ProjectFields on Project {
  id
  internalId
  entity: entityName
  name
  description
  access
  isBenchmark
  createdAt
  user {
    ...UserFields
  }
}
"""
_FRAGMENT_PROJECT_PATH_FIELDS = """
fragment ProjectPathFields on Project {
  entity: entityName
  name
}
"""
_FRAGMENT_REPORT_FIELDS = """
fragment ReportFields on View {
  id
  name
  displayName
  description
  specJson: spec
  createdAt
  updatedAt
  user {
    ...UserFields
  }
}
"""
_FRAGMENT_RUN_FIELDS = """
fragment RunFields on Run {
  storageId: id
  id: name
  name: displayName
  state
  tagsOrNull: tags
  group
  jobType
  description
  notes
  commit
  sweepName
  projectId
  readOnly
  createdAt
  heartbeatAt
  historyLineCount
  user {
    ...AuthorFields
  }
  configJson: config(keys: $configKeys)
  summaryJson: summaryMetrics(keys: $summaryKeys)
  systemMetricsJson: systemMetrics
  historyKeysValue: historyKeys @include(if: $withHistoryKeys)
}
"""
_FRAGMENT_SEQUENCE_PATH_FIELDS = """
fragment SequencePathFields on ArtifactSequence {
  id
  name
  project {
    ...ProjectPathFields
  }
}
"""
_FRAGMENT_SERVER_FEATURE_FIELDS = """
fragment ServerFeatureFields on ServerFeature {
  name
  isEnabled
}
"""
_FRAGMENT_SWEEP_FIELDS = """
fragment SweepFields on Sweep {
  storageId: id
  id: name
  displayName
  description
  method
  state
  bestLoss
  configYaml: config
  createdAt
  updatedAt
  runCount
  expectedRunCount: runCountExpected
}
"""
_FRAGMENT_TAG_FIELDS = """
fragment TagFields on Tag {
  id
  name
}
"""
_FRAGMENT_TEAM_FIELDS = """
fragment TeamFields on Entity {
  id
  name
  isTeam
  entityType
  available
  photoUrl
  readOnly
  readOnlyAdmin
  privateOnly
  defaultAccess
  codeSavingEnabled
  isPaid
  storageBytes
  memberList: members {
    ...MemberFields
  }
}
"""
_FRAGMENT_TEAM_NAME_FIELDS = """
fragment TeamNameFields on Entity {
  name
}
"""
_FRAGMENT_TYPE_NAME_FIELDS = """
fragment TypeNameFields on ArtifactType {
  name
}
"""
_FRAGMENT_USER_FIELDS = """
fragment UserFields on User {
  id
  username
  name
  email
  admin
  entity
  flagsJson: flags
  photoUrl
  deletedAt
}
"""
_DOCUMENT_ADD_ALIASES = """
mutation AddAliases($id: ID!, $aliases: [ArtifactCollectionAliasInput!]!) {
  addAliases(input: {artifactID: $id, aliases: $aliases}) {
    success
  }
}
"""


def add_aliases(*, id: str, aliases: list[ArtifactCollectionAliasInput]) -> Operation[AddAliases]:
    """Give an artifact version aliases.

    Its data is a `AddAliases`.

    Args:
        id: The version's opaque id.
        aliases: The aliases.
    """
    from wandql.graphql.generated.add_aliases import AddAliasesReply

    return Operation(
        "AddAliases", "mutation", _DOCUMENT_ADD_ALIASES, given(id=id, aliases=aliases), AddAliasesReply, False
    )


_DOCUMENT_ADD_COLLECTION_TAGS = (
    """
mutation AddCollectionTags($entity: String!, $project: String!, $collection: String!, $tags: [TagInput!]!) {
  createArtifactCollectionTagAssignments(
    input: {entityName: $entity, projectName: $project, artifactCollectionName: $collection, tags: $tags}
  ) {
    tags {
      ...TagFields
    }
  }
}
"""
    + _FRAGMENT_TAG_FIELDS
)


def add_collection_tags(
    *, entity: str, project: str, collection: str, tags: list[TagInput]
) -> Operation[AddCollectionTags]:
    """Give a collection tags.

    Its data is a `AddCollectionTags`.

    Args:
        entity: The owner: a username or a team name.
        project: The project's name.
        collection: The collection's name.
        tags: The tags, at most 20 in one request.
    """
    from wandql.graphql.generated.add_collection_tags import AddCollectionTagsReply

    return Operation(
        "AddCollectionTags",
        "mutation",
        _DOCUMENT_ADD_COLLECTION_TAGS,
        given(entity=entity, project=project, collection=collection, tags=tags),
        AddCollectionTagsReply,
        False,
    )


_DOCUMENT_AGENT_HEARTBEAT = (
    """
mutation AgentHeartbeat($storageId: ID!, $runsJson: JSONString) {
  agentHeartbeat(input: {id: $storageId, metrics: "{}", runState: $runsJson}) {
    agent {
      ...AgentFields
    }
    commandsJson: commands
  }
}
"""
    + _FRAGMENT_AGENT_FIELDS
)


def agent_heartbeat(*, storage_id: str, runs_json: str | None = None) -> Operation[AgentHeartbeat]:
    """Report which runs an agent is executing, and learn what it shall do next.

    Its data is a `AgentHeartbeat`.

    Args:
        storage_id: The agent's opaque id.
        runs_json: The runs that the agent is executing: a JSON object of run id to true.
    """
    from wandql.graphql.generated.agent_heartbeat import AgentHeartbeatReply

    return Operation(
        "AgentHeartbeat",
        "mutation",
        _DOCUMENT_AGENT_HEARTBEAT,
        given(storageId=storage_id, runsJson=runs_json),
        AgentHeartbeatReply,
        False,
    )


_DOCUMENT_COMMIT_ARTIFACT = (
    """
mutation CommitArtifact($id: ID!) {
  commitArtifact(input: {artifactID: $id}) {
    artifact {
      ...ArtifactFields
    }
  }
}
"""
    + _FRAGMENT_ALIAS_FIELDS
    + _FRAGMENT_ALIAS_NAME_FIELDS
    + _FRAGMENT_ARTIFACT_FIELDS
    + _FRAGMENT_COLLECTION_PATH_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_SEQUENCE_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def commit_artifact(*, id: str) -> Operation[CommitArtifact]:
    """Complete an artifact version whose files and manifest are uploaded.

    Its data is a `CommitArtifact`.

    Args:
        id: The version's opaque id.
    """
    from wandql.graphql.generated.commit_artifact import CommitArtifactReply

    return Operation("CommitArtifact", "mutation", _DOCUMENT_COMMIT_ARTIFACT, given(id=id), CommitArtifactReply, True)


_DOCUMENT_CREATE_AGENT = (
    """
mutation CreateAgent($entity: String!, $project: String!, $sweep: String!, $host: String!) {
  createAgent(
    input: {entityName: $entity, projectName: $project, sweep: $sweep, host: $host}
  ) {
    agent {
      ...AgentFields
    }
  }
}
"""
    + _FRAGMENT_AGENT_FIELDS
)


def create_agent(*, entity: str, project: str, sweep: str, host: str) -> Operation[CreateAgent]:
    """Register a process that will execute runs of a sweep.

    Its data is a `CreateAgent`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        sweep: The sweep's id in its path.
        host: The name of the machine.
    """
    from wandql.graphql.generated.create_agent import CreateAgentReply

    return Operation(
        "CreateAgent",
        "mutation",
        _DOCUMENT_CREATE_AGENT,
        given(entity=entity, project=project, sweep=sweep, host=host),
        CreateAgentReply,
        False,
    )


_DOCUMENT_CREATE_ARTIFACT = (
    """
mutation CreateArtifact($entity: String!, $project: String!, $run: String, $artifactType: String!, $collections: [String!]!, $digest: String!, $description: String, $metadataJson: JSONString, $aliases: [ArtifactAliasInput!], $tags: [TagInput!]) {
  createArtifact(
    input: {entityName: $entity, projectName: $project, runName: $run, artifactTypeName: $artifactType, artifactCollectionNames: $collections, digest: $digest, enableDigestDeduplication: true, description: $description, metadata: $metadataJson, aliases: $aliases, tags: $tags}
  ) {
    artifact {
      ...ArtifactFields
    }
  }
}
"""
    + _FRAGMENT_ALIAS_FIELDS
    + _FRAGMENT_ALIAS_NAME_FIELDS
    + _FRAGMENT_ARTIFACT_FIELDS
    + _FRAGMENT_COLLECTION_PATH_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_SEQUENCE_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def create_artifact(
    *,
    entity: str,
    project: str,
    artifact_type: str,
    collections: list[str],
    digest: str,
    run: str | None = None,
    description: str | None = None,
    metadata_json: str | None = None,
    aliases: list[ArtifactAliasInput] | None = None,
    tags: list[TagInput] | None = None,
) -> Operation[CreateArtifact]:
    """Record an artifact version as output of a run; content that is there already is found by its digest.

    Its data is a `CreateArtifact`.

    Args:
        entity: The owner: a username or a team name.
        project: The project's name; created if it does not exist.
        artifact_type: The type's name; created if it does not exist.
        collections: The same as a list of one name, as some clients send it.
        digest: The hash of the manifest, hex.
        run: The id in its path of the run that logs the version; null if none does.
        description: What the version is about, in Markdown.
        metadata_json: The metadata, a JSON object.
        aliases: The aliases it shall have.
        tags: The tags it shall have.
    """
    from wandql.graphql.generated.create_artifact import CreateArtifactReply

    return Operation(
        "CreateArtifact",
        "mutation",
        _DOCUMENT_CREATE_ARTIFACT,
        given(
            entity=entity,
            project=project,
            artifactType=artifact_type,
            collections=collections,
            digest=digest,
            run=run,
            description=description,
            metadataJson=metadata_json,
            aliases=aliases,
            tags=tags,
        ),
        CreateArtifactReply,
        False,
    )


_DOCUMENT_CREATE_ARTIFACT_FILES = (
    """
mutation CreateArtifactFiles($files: [CreateArtifactFileSpecInput!]!) {
  createArtifactFiles(input: {artifactFiles: $files}) {
    files {
      edges {
        node {
          ...FileUploadFields
        }
      }
    }
  }
}
"""
    + _FRAGMENT_FILE_UPLOAD_FIELDS
)


def create_artifact_files(*, files: list[CreateArtifactFileSpecInput]) -> Operation[CreateArtifactFiles]:
    """Announce files of an artifact version and learn where to upload each; what is there already has no place.

    Its data is a `CreateArtifactFiles`.

    Args:
        files: The files. The payload lists them in the same order.
    """
    from wandql.graphql.generated.create_artifact_files import CreateArtifactFilesReply

    return Operation(
        "CreateArtifactFiles",
        "mutation",
        _DOCUMENT_CREATE_ARTIFACT_FILES,
        given(files=files),
        CreateArtifactFilesReply,
        False,
    )


_DOCUMENT_CREATE_ARTIFACT_MANIFEST = (
    """
mutation CreateArtifactManifest($id: ID!, $entity: String!, $project: String!, $run: String!, $name: String!, $digest: String!) {
  createArtifactManifest(
    input: {artifactID: $id, entityName: $entity, projectName: $project, runName: $run, name: $name, digest: $digest, type: FULL}
  ) {
    artifactManifest {
      file {
        ...FileUploadFields
      }
    }
  }
}
"""
    + _FRAGMENT_FILE_UPLOAD_FIELDS
)


def create_artifact_manifest(
    *, id: str, entity: str, project: str, run: str, name: str, digest: str
) -> Operation[CreateArtifactManifest]:
    """Announce the manifest of an artifact version and learn where to upload it.

    Its data is a `CreateArtifactManifest`.

    Args:
        id: The version's opaque id.
        entity: The owner: a username or a team name.
        project: The project's name.
        run: The id in its path of the run that logs the version.
        name: The name of the manifest's file.
        digest: The MD5 of the manifest's file, base64; empty if it is not known yet.
    """
    from wandql.graphql.generated.create_artifact_manifest import CreateArtifactManifestReply

    return Operation(
        "CreateArtifactManifest",
        "mutation",
        _DOCUMENT_CREATE_ARTIFACT_MANIFEST,
        given(id=id, entity=entity, project=project, run=run, name=name, digest=digest),
        CreateArtifactManifestReply,
        False,
    )


_DOCUMENT_CREATE_INVITE = (
    """
mutation CreateInvite($team: String!, $email: String, $username: String, $admin: Boolean = false) {
  createInvite(
    input: {entityName: $team, email: $email, username: $username, admin: $admin}
  ) {
    invite {
      ...InviteFields
    }
  }
}
"""
    + _FRAGMENT_INVITE_FIELDS
    + _FRAGMENT_USER_FIELDS
)


def create_invite(
    *, team: str, email: str | None = None, username: str | None = None, admin: bool | None = False
) -> Operation[CreateInvite]:
    """Add a user to a team, by email address or username.

    Its data is a `CreateInvite`.

    Args:
        team: The team's name.
        email: The email address; null where the username is given.
        username: The username; null where the email address is given.
        admin: Whether they administer the team.
    """
    from wandql.graphql.generated.create_invite import CreateInviteReply

    return Operation(
        "CreateInvite",
        "mutation",
        _DOCUMENT_CREATE_INVITE,
        given(team=team, email=email, username=username, admin=admin),
        CreateInviteReply,
        False,
    )


_DOCUMENT_CREATE_PROJECT = (
    """
mutation CreateProject($entity: String!, $project: String!, $description: String) {
  upsertModel(
    input: {entityName: $entity, name: $project, description: $description}
  ) {
    inserted
    project {
      ...ProjectFields
    }
  }
}
"""
    + _FRAGMENT_PROJECT_FIELDS
    + _FRAGMENT_USER_FIELDS
)


def create_project(*, entity: str, project: str, description: str | None = None) -> Operation[CreateProject]:
    """Create a project, or update it if it exists.

    Its data is a `CreateProject`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        description: What the project is about, in Markdown.
    """
    from wandql.graphql.generated.create_project import CreateProjectReply

    return Operation(
        "CreateProject",
        "mutation",
        _DOCUMENT_CREATE_PROJECT,
        given(entity=entity, project=project, description=description),
        CreateProjectReply,
        False,
    )


_DOCUMENT_CREATE_RUN_FILES = (
    """
mutation CreateRunFiles($entity: String!, $project: String!, $run: String!, $files: [String!]!) {
  createRunFiles(
    input: {entityName: $entity, projectName: $project, runName: $run, files: $files}
  ) {
    runID
    uploadHeaders
    files {
      ...FileUploadFields
    }
  }
}
"""
    + _FRAGMENT_FILE_UPLOAD_FIELDS
)


def create_run_files(*, entity: str, project: str, run: str, files: list[str]) -> Operation[CreateRunFiles]:
    """Announce files of a run and learn where to upload each.

    Its data is a `CreateRunFiles`.

    Args:
        entity: The owner: a username or a team name.
        project: The project's name.
        run: The run's id in its path.
        files: The paths within the run, with forward slashes.
    """
    from wandql.graphql.generated.create_run_files import CreateRunFilesReply

    return Operation(
        "CreateRunFiles",
        "mutation",
        _DOCUMENT_CREATE_RUN_FILES,
        given(entity=entity, project=project, run=run, files=files),
        CreateRunFilesReply,
        False,
    )


_DOCUMENT_CREATE_SERVICE_ACCOUNT = """
mutation CreateServiceAccount($team: String!, $description: String!) {
  createServiceAccount(input: {entityName: $team, description: $description}) {
    user {
      id
      username
      apiKeyPage: apiKeys {
        edges {
          node {
            id
            secret: name
          }
        }
      }
    }
  }
}
"""


def create_service_account(*, team: str, description: str) -> Operation[CreateServiceAccount]:
    """Make an account for a program, which belongs to a team. The name of its key may be the secret, this once.

    Its data is a `CreateServiceAccount`.

    Args:
        team: The team's name.
        description: What the account is for. It is its full name, too.
    """
    from wandql.graphql.generated.create_service_account import CreateServiceAccountReply

    return Operation(
        "CreateServiceAccount",
        "mutation",
        _DOCUMENT_CREATE_SERVICE_ACCOUNT,
        given(team=team, description=description),
        CreateServiceAccountReply,
        False,
    )


_DOCUMENT_CREATE_TEAM = (
    """
mutation CreateTeam($team: String!, $admin: String) {
  createTeam(input: {teamName: $team, teamAdminUserName: $admin}) {
    team: entity {
      ...TeamFields
    }
  }
}
"""
    + _FRAGMENT_MEMBER_FIELDS
    + _FRAGMENT_TEAM_FIELDS
)


def create_team(*, team: str, admin: str | None = None) -> Operation[CreateTeam]:
    """Create a team.

    Its data is a `CreateTeam`.

    Args:
        team: The team's name.
        admin: Who administers it; the viewer if absent.
    """
    from wandql.graphql.generated.create_team import CreateTeamReply

    return Operation(
        "CreateTeam", "mutation", _DOCUMENT_CREATE_TEAM, given(team=team, admin=admin), CreateTeamReply, False
    )


_DOCUMENT_CREATE_USER = (
    """
mutation CreateUser($email: String!, $admin: Boolean = false) {
  createUser(input: {email: $email, admin: $admin}) {
    user {
      ...AccountFields
    }
  }
}
"""
    + _FRAGMENT_ACCOUNT_FIELDS
    + _FRAGMENT_API_KEY_FIELDS
    + _FRAGMENT_TEAM_NAME_FIELDS
    + _FRAGMENT_USER_FIELDS
)


def create_user(*, email: str, admin: bool | None = False) -> Operation[CreateUser]:
    """Create a user, whom the server invites by email.

    Its data is a `CreateUser`.

    Args:
        email: The email address, where the invitation goes.
        admin: Whether the user administers the whole server.
    """
    from wandql.graphql.generated.create_user import CreateUserReply

    return Operation(
        "CreateUser", "mutation", _DOCUMENT_CREATE_USER, given(email=email, admin=admin), CreateUserReply, False
    )


_DOCUMENT_DELETE_ALIASES = """
mutation DeleteAliases($id: ID!, $aliases: [ArtifactCollectionAliasInput!]!) {
  deleteAliases(input: {artifactID: $id, aliases: $aliases}) {
    success
  }
}
"""


def delete_aliases(*, id: str, aliases: list[ArtifactCollectionAliasInput]) -> Operation[DeleteAliases]:
    """Take aliases from an artifact version.

    Its data is a `DeleteAliases`.

    Args:
        id: The version's opaque id.
        aliases: The aliases.
    """
    from wandql.graphql.generated.delete_aliases import DeleteAliasesReply

    return Operation(
        "DeleteAliases", "mutation", _DOCUMENT_DELETE_ALIASES, given(id=id, aliases=aliases), DeleteAliasesReply, False
    )


_DOCUMENT_DELETE_API_KEY = """
mutation DeleteApiKey($id: String!) {
  deleteApiKey(input: {id: $id}) {
    success
  }
}
"""


def delete_api_key(*, id: str) -> Operation[DeleteApiKey]:
    """Delete an API key of the user whose key signs the request.

    Its data is a `DeleteApiKey`.

    Args:
        id: The key's opaque id.
    """
    from wandql.graphql.generated.delete_api_key import DeleteApiKeyReply

    return Operation("DeleteApiKey", "mutation", _DOCUMENT_DELETE_API_KEY, given(id=id), DeleteApiKeyReply, False)


_DOCUMENT_DELETE_ARTIFACT = """
mutation DeleteArtifact($id: ID!, $deleteAliases: Boolean = false) {
  deleteArtifact(input: {artifactID: $id, deleteAliases: $deleteAliases}) {
    artifact {
      id
    }
  }
}
"""


def delete_artifact(*, id: str, delete_aliases: bool | None = False) -> Operation[DeleteArtifact]:
    """Delete an artifact version.

    Its data is a `DeleteArtifact`.

    Args:
        id: The version's opaque id.
        delete_aliases: Whether to delete it although it has aliases; otherwise that is an error.
    """
    from wandql.graphql.generated.delete_artifact import DeleteArtifactReply

    return Operation(
        "DeleteArtifact",
        "mutation",
        _DOCUMENT_DELETE_ARTIFACT,
        given(id=id, deleteAliases=delete_aliases),
        DeleteArtifactReply,
        False,
    )


_DOCUMENT_DELETE_COLLECTION_TAGS = """
mutation DeleteCollectionTags($entity: String!, $project: String!, $collection: String!, $tags: [TagInput!]!) {
  deleteArtifactCollectionTagAssignments(
    input: {entityName: $entity, projectName: $project, artifactCollectionName: $collection, tags: $tags}
  ) {
    success
  }
}
"""


def delete_collection_tags(
    *, entity: str, project: str, collection: str, tags: list[TagInput]
) -> Operation[DeleteCollectionTags]:
    """Take tags from a collection.

    Its data is a `DeleteCollectionTags`.

    Args:
        entity: The owner: a username or a team name.
        project: The project's name.
        collection: The collection's name.
        tags: The tags, at most 20 in one request.
    """
    from wandql.graphql.generated.delete_collection_tags import DeleteCollectionTagsReply

    return Operation(
        "DeleteCollectionTags",
        "mutation",
        _DOCUMENT_DELETE_COLLECTION_TAGS,
        given(entity=entity, project=project, collection=collection, tags=tags),
        DeleteCollectionTagsReply,
        False,
    )


_DOCUMENT_DELETE_FILES = """
mutation DeleteFiles($files: [ID!]!, $projectId: Int) {
  deleteFiles(input: {files: $files, projectId: $projectId}) {
    success
  }
}
"""


def delete_files(*, files: list[str], project_id: int | None = None) -> Operation[DeleteFiles]:
    """Delete files of a run.

    Its data is a `DeleteFiles`.

    Args:
        files: The files' opaque ids.
        project_id: The number of their project, `Run.projectId`.
    """
    from wandql.graphql.generated.delete_files import DeleteFilesReply

    return Operation(
        "DeleteFiles",
        "mutation",
        _DOCUMENT_DELETE_FILES,
        given(files=files, projectId=project_id),
        DeleteFilesReply,
        False,
    )


_DOCUMENT_DELETE_INVITE = """
mutation DeleteInvite($id: String!, $team: String!) {
  deleteInvite(input: {id: $id, entityName: $team}) {
    success
  }
}
"""


def delete_invite(*, id: str, team: str) -> Operation[DeleteInvite]:
    """Take a member out of a team.

    Its data is a `DeleteInvite`.

    Args:
        id: The opaque id of the membership.
        team: The team's name.
    """
    from wandql.graphql.generated.delete_invite import DeleteInviteReply

    return Operation(
        "DeleteInvite", "mutation", _DOCUMENT_DELETE_INVITE, given(id=id, team=team), DeleteInviteReply, True
    )


_DOCUMENT_DELETE_PORTFOLIO = """
mutation DeletePortfolio($id: ID!) {
  deleteArtifactPortfolio(input: {artifactPortfolioID: $id}) {
    artifactCollection {
      __typename
      state
    }
  }
}
"""


def delete_portfolio(*, id: str) -> Operation[DeletePortfolio]:
    """Delete a portfolio; the versions in it stay where they come from.

    Its data is a `DeletePortfolio`.

    Args:
        id: The portfolio's opaque id.
    """
    from wandql.graphql.generated.delete_portfolio import DeletePortfolioReply

    return Operation(
        "DeletePortfolio", "mutation", _DOCUMENT_DELETE_PORTFOLIO, given(id=id), DeletePortfolioReply, False
    )


_DOCUMENT_DELETE_REPORT = """
mutation DeleteReport($id: ID!) {
  deleteView(input: {id: $id}) {
    success
  }
}
"""


def delete_report(*, id: str) -> Operation[DeleteReport]:
    """Delete a report.

    Its data is a `DeleteReport`.

    Args:
        id: The report's opaque id.
    """
    from wandql.graphql.generated.delete_report import DeleteReportReply

    return Operation("DeleteReport", "mutation", _DOCUMENT_DELETE_REPORT, given(id=id), DeleteReportReply, False)


_DOCUMENT_DELETE_RUN = """
mutation DeleteRun($storageId: ID!, $deleteArtifacts: Boolean = false) {
  deleteRun(input: {id: $storageId, deleteArtifacts: $deleteArtifacts}) {
    clientMutationId
  }
}
"""


def delete_run(*, storage_id: str, delete_artifacts: bool | None = False) -> Operation[DeleteRun]:
    """Delete a run with its history and files, and on request the artifacts it logged.

    Its data is a `DeleteRun`.

    Args:
        storage_id: The run's opaque id.
        delete_artifacts: Whether to delete the artifacts the run has logged, too.
    """
    from wandql.graphql.generated.delete_run import DeleteRunReply

    return Operation(
        "DeleteRun",
        "mutation",
        _DOCUMENT_DELETE_RUN,
        given(storageId=storage_id, deleteArtifacts=delete_artifacts),
        DeleteRunReply,
        False,
    )


_DOCUMENT_DELETE_SEQUENCE = """
mutation DeleteSequence($id: ID!) {
  deleteArtifactSequence(input: {artifactSequenceID: $id}) {
    artifactCollection {
      __typename
      state
    }
  }
}
"""


def delete_sequence(*, id: str) -> Operation[DeleteSequence]:
    """Delete a sequence with all its versions.

    Its data is a `DeleteSequence`.

    Args:
        id: The sequence's opaque id.
    """
    from wandql.graphql.generated.delete_sequence import DeleteSequenceReply

    return Operation("DeleteSequence", "mutation", _DOCUMENT_DELETE_SEQUENCE, given(id=id), DeleteSequenceReply, False)


_DOCUMENT_GENERATE_API_KEY = """
mutation GenerateApiKey($description: String) {
  generateApiKey(input: {description: $description}) {
    apiKey {
      id
      secret: name
      description
    }
  }
}
"""


def generate_api_key(*, description: str | None = None) -> Operation[GenerateApiKey]:
    """Make an API key for the user whose key signs the request. Its name is the secret, this once.

    Its data is a `GenerateApiKey`.

    Args:
        description: What the key is for.
    """
    from wandql.graphql.generated.generate_api_key import GenerateApiKeyReply

    return Operation(
        "GenerateApiKey",
        "mutation",
        _DOCUMENT_GENERATE_API_KEY,
        given(description=description),
        GenerateApiKeyReply,
        False,
    )


_DOCUMENT_GET_AGENT_RUNS = (
    """
query GetAgentRuns($entity: String!, $project: String!, $sweep: String!, $agent: String!, $order: String, $configKeys: [String!], $summaryKeys: [String!], $withHistoryKeys: Boolean = false, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    sweep(sweepName: $sweep) {
      agent(agentName: $agent) {
        totalRuns
        runs(order: $order, after: $after, first: $first) {
          pageInfo {
            ...PageInfoFields
          }
          edges {
            cursor
            node {
              ...RunFields
            }
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_AUTHOR_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_RUN_FIELDS
)


def get_agent_runs(
    *,
    entity: str,
    project: str,
    sweep: str,
    agent: str,
    order: str | None = None,
    config_keys: list[str] | None = None,
    summary_keys: list[str] | None = None,
    with_history_keys: bool | None = False,
    after: str | None = None,
    first: int | None = 50,
) -> PagedOperation[GetAgentRuns, RunFields]:
    """Fetch the runs that an agent of a sweep has executed, page by page, and their number.

    Its data is a `GetAgentRuns`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        sweep: The sweep's id, the last part of its URL; not its display name.
        agent: The agent's `name`, not its opaque id.
        order: `+` or `-` and a field, for example `-created_at`.
        config_keys: Only these top-level keys; all if absent.
        summary_keys: Only these top-level keys; all if absent.
        with_history_keys: Whether to fetch `historyKeys`.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most runs to return on this page.
    """
    from wandql.graphql.generated.get_agent_runs import GetAgentRunsReply

    return PagedOperation(
        "GetAgentRuns",
        "query",
        _DOCUMENT_GET_AGENT_RUNS,
        given(
            entity=entity,
            project=project,
            sweep=sweep,
            agent=agent,
            order=order,
            configKeys=config_keys,
            summaryKeys=summary_keys,
            withHistoryKeys=with_history_keys,
            after=after,
            first=first,
        ),
        GetAgentRunsReply,
        True,
        lambda data: (
            None
            if (v0 := data.project) is None
            else None
            if (v1 := v0.sweep) is None
            else None
            if (v2 := v1.agent) is None
            else v2.runs
        ),
    )


_DOCUMENT_GET_ARTIFACT = (
    """
query GetArtifact($entity: String!, $project: String!, $artifact: String!) {
  project(name: $project, entityName: $entity) {
    artifactCollectionMembership(name: $artifact) {
      ...MembershipFields
    }
  }
}
"""
    + _FRAGMENT_ALIAS_FIELDS
    + _FRAGMENT_ALIAS_NAME_FIELDS
    + _FRAGMENT_ARTIFACT_FIELDS
    + _FRAGMENT_COLLECTION_PATH_FIELDS
    + _FRAGMENT_LINK_FIELDS
    + _FRAGMENT_MEMBERSHIP_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_SEQUENCE_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def get_artifact(*, entity: str, project: str, artifact: str) -> Operation[GetArtifact]:
    """Fetch one artifact version by its name in a project, as `collection:alias`.

    Its data is a `GetArtifact`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        artifact: Its name in the project: `collection:alias` or `collection:v3`.
    """
    from wandql.graphql.generated.get_artifact import GetArtifactReply

    return Operation(
        "GetArtifact",
        "query",
        _DOCUMENT_GET_ARTIFACT,
        given(entity=entity, project=project, artifact=artifact),
        GetArtifactReply,
        True,
    )


_DOCUMENT_GET_ARTIFACT_BY_ID = (
    """
query GetArtifactByID($id: ID!) {
  artifact(id: $id) {
    ...ArtifactFields
  }
}
"""
    + _FRAGMENT_ALIAS_FIELDS
    + _FRAGMENT_ALIAS_NAME_FIELDS
    + _FRAGMENT_ARTIFACT_FIELDS
    + _FRAGMENT_COLLECTION_PATH_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_SEQUENCE_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def get_artifact_by_id(*, id: str) -> Operation[GetArtifactByID]:
    """Fetch one artifact version by its opaque id.

    Its data is a `GetArtifactByID`.

    Args:
        id: The version's opaque id.
    """
    from wandql.graphql.generated.get_artifact_by_id import GetArtifactByIDReply

    return Operation("GetArtifactByID", "query", _DOCUMENT_GET_ARTIFACT_BY_ID, given(id=id), GetArtifactByIDReply, True)


_DOCUMENT_GET_ARTIFACT_CREATED_BY = (
    """
query GetArtifactCreatedBy($id: ID!, $configKeys: [String!], $summaryKeys: [String!], $withHistoryKeys: Boolean = false) {
  artifact(id: $id) {
    createdBy {
      __typename
      ... on Run {
        ...RunFields
        project {
          ...ProjectPathFields
        }
      }
    }
  }
}
"""
    + _FRAGMENT_AUTHOR_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_RUN_FIELDS
)


def get_artifact_created_by(
    *,
    id: str,
    config_keys: list[str] | None = None,
    summary_keys: list[str] | None = None,
    with_history_keys: bool | None = False,
) -> Operation[GetArtifactCreatedBy]:
    """Fetch the run that has logged an artifact version; of a version that a user uploaded, only the kind of its

    maker.

    Its data is a `GetArtifactCreatedBy`.

    Args:
        id: The version's opaque id.
        config_keys: Only these top-level keys; all if absent.
        summary_keys: Only these top-level keys; all if absent.
        with_history_keys: Whether to fetch `historyKeys`.
    """
    from wandql.graphql.generated.get_artifact_created_by import GetArtifactCreatedByReply

    return Operation(
        "GetArtifactCreatedBy",
        "query",
        _DOCUMENT_GET_ARTIFACT_CREATED_BY,
        given(id=id, configKeys=config_keys, summaryKeys=summary_keys, withHistoryKeys=with_history_keys),
        GetArtifactCreatedByReply,
        True,
    )


_DOCUMENT_GET_ARTIFACT_FILE_URLS = (
    """
query GetArtifactFileUrls($entity: String!, $project: String!, $collection: String!, $version: String!, $names: [String!], $after: String, $first: Int = 5000) {
  project(name: $project, entityName: $entity) {
    artifactCollection(name: $collection) {
      __typename
      artifactMembership(aliasName: $version) {
        files(names: $names, after: $after, first: $first) {
          pageInfo {
            ...PageInfoFields
          }
          edges {
            node {
              ...FileUrlFields
            }
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_FILE_URL_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
)


def get_artifact_file_urls(
    *,
    entity: str,
    project: str,
    collection: str,
    version: str,
    names: list[str] | None = None,
    after: str | None = None,
    first: int | None = 5000,
) -> PagedOperation[GetArtifactFileUrls, FileUrlFields]:
    """Fetch where to download the files of an artifact version, page by page.

    Its data is a `GetArtifactFileUrls`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        collection: The collection's name.
        version: An alias or a version number as `v3`.
        names: Only files of exactly these names; all if absent or empty.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most files to return on this page.
    """
    from wandql.graphql.generated.get_artifact_file_urls import GetArtifactFileUrlsReply

    return PagedOperation(
        "GetArtifactFileUrls",
        "query",
        _DOCUMENT_GET_ARTIFACT_FILE_URLS,
        given(
            entity=entity,
            project=project,
            collection=collection,
            version=version,
            names=names,
            after=after,
            first=first,
        ),
        GetArtifactFileUrlsReply,
        True,
        lambda data: (
            None
            if (v0 := data.project) is None
            else None
            if (v1 := v0.artifact_collection) is None
            else None
            if (v2 := v1.artifact_membership) is None
            else v2.files
        ),
    )


_DOCUMENT_GET_ARTIFACT_FILE_URLS_BY_ID = (
    """
query GetArtifactFileUrlsByID($id: ID!, $names: [String!]!, $first: Int!) {
  artifact(id: $id) {
    artifactMemberships {
      edges {
        node {
          files(names: $names, first: $first) {
            edges {
              node {
                ...FileUrlFields
              }
            }
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_FILE_URL_FIELDS
)


def get_artifact_file_urls_by_id(*, id: str, names: list[str], first: int) -> Operation[GetArtifactFileUrlsByID]:
    """Fetch where to download some files of an artifact version, known by its opaque id.

    Its data is a `GetArtifactFileUrlsByID`.

    Args:
        id: The version's opaque id.
        names: Only files of exactly these names; all if absent or empty.
        first: The most files to return on this page.
    """
    from wandql.graphql.generated.get_artifact_file_urls_by_id import GetArtifactFileUrlsByIDReply

    return Operation(
        "GetArtifactFileUrlsByID",
        "query",
        _DOCUMENT_GET_ARTIFACT_FILE_URLS_BY_ID,
        given(id=id, names=names, first=first),
        GetArtifactFileUrlsByIDReply,
        True,
    )


_DOCUMENT_GET_ARTIFACT_FILES = (
    """
query GetArtifactFiles($entity: String!, $project: String!, $collection: String!, $version: String!, $names: [String!], $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    artifactCollection(name: $collection) {
      __typename
      artifactMembership(aliasName: $version) {
        files(names: $names, after: $after, first: $first) {
          totalCount
          pageInfo {
            ...PageInfoFields
          }
          edges {
            node {
              ...ArtifactFileFields
            }
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_ARTIFACT_FILE_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
)


def get_artifact_files(
    *,
    entity: str,
    project: str,
    collection: str,
    version: str,
    names: list[str] | None = None,
    after: str | None = None,
    first: int | None = 50,
) -> PagedOperation[GetArtifactFiles, ArtifactFileFields]:
    """Fetch the files of an artifact version, page by page, and their number.

    Its data is a `GetArtifactFiles`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        collection: The collection's name.
        version: An alias or a version number as `v3`.
        names: Only files of exactly these names; all if absent or empty.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most files to return on this page.
    """
    from wandql.graphql.generated.get_artifact_files import GetArtifactFilesReply

    return PagedOperation(
        "GetArtifactFiles",
        "query",
        _DOCUMENT_GET_ARTIFACT_FILES,
        given(
            entity=entity,
            project=project,
            collection=collection,
            version=version,
            names=names,
            after=after,
            first=first,
        ),
        GetArtifactFilesReply,
        True,
        lambda data: (
            None
            if (v0 := data.project) is None
            else None
            if (v1 := v0.artifact_collection) is None
            else None
            if (v2 := v1.artifact_membership) is None
            else v2.files
        ),
    )


_DOCUMENT_GET_ARTIFACT_MANIFEST = (
    """
query GetArtifactManifest($id: ID!) {
  artifact(id: $id) {
    currentManifest {
      ...ManifestFields
    }
  }
}
"""
    + _FRAGMENT_MANIFEST_FIELDS
)


def get_artifact_manifest(*, id: str) -> Operation[GetArtifactManifest]:
    """Fetch where to download the manifest of an artifact version.

    Its data is a `GetArtifactManifest`.

    Args:
        id: The version's opaque id.
    """
    from wandql.graphql.generated.get_artifact_manifest import GetArtifactManifestReply

    return Operation(
        "GetArtifactManifest", "query", _DOCUMENT_GET_ARTIFACT_MANIFEST, given(id=id), GetArtifactManifestReply, True
    )


_DOCUMENT_GET_ARTIFACT_MEMBERSHIPS = (
    """
query GetArtifactMemberships($id: ID!) {
  artifact(id: $id) {
    artifactMemberships {
      edges {
        node {
          ...LinkFields
        }
      }
    }
  }
}
"""
    + _FRAGMENT_ALIAS_NAME_FIELDS
    + _FRAGMENT_COLLECTION_PATH_FIELDS
    + _FRAGMENT_LINK_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
)


def get_artifact_memberships(*, id: str) -> Operation[GetArtifactMemberships]:
    """Fetch the collections that an artifact version is part of: its source and its links.

    Its data is a `GetArtifactMemberships`.

    Args:
        id: The version's opaque id.
    """
    from wandql.graphql.generated.get_artifact_memberships import GetArtifactMembershipsReply

    return Operation(
        "GetArtifactMemberships",
        "query",
        _DOCUMENT_GET_ARTIFACT_MEMBERSHIPS,
        given(id=id),
        GetArtifactMembershipsReply,
        True,
    )


_DOCUMENT_GET_ARTIFACT_TYPE = (
    """
query GetArtifactType($entity: String!, $project: String!, $artifactType: String!) {
  project(name: $project, entityName: $entity) {
    artifactType(name: $artifactType) {
      ...ArtifactTypeFields
    }
  }
}
"""
    + _FRAGMENT_ARTIFACT_TYPE_FIELDS
)


def get_artifact_type(*, entity: str, project: str, artifact_type: str) -> Operation[GetArtifactType]:
    """Fetch one type of artifacts.

    Its data is a `GetArtifactType`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        artifact_type: The type's name, for example `dataset`.
    """
    from wandql.graphql.generated.get_artifact_type import GetArtifactTypeReply

    return Operation(
        "GetArtifactType",
        "query",
        _DOCUMENT_GET_ARTIFACT_TYPE,
        given(entity=entity, project=project, artifactType=artifact_type),
        GetArtifactTypeReply,
        True,
    )


_DOCUMENT_GET_ARTIFACT_TYPES = (
    """
query GetArtifactTypes($entity: String!, $project: String!, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    artifactTypes(after: $after, first: $first) {
      pageInfo {
        ...PageInfoFields
      }
      edges {
        node {
          ...ArtifactTypeFields
        }
      }
    }
  }
}
"""
    + _FRAGMENT_ARTIFACT_TYPE_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
)


def get_artifact_types(
    *, entity: str, project: str, after: str | None = None, first: int | None = 50
) -> PagedOperation[GetArtifactTypes, ArtifactTypeFields]:
    """Fetch the types of artifacts in a project, page by page.

    Its data is a `GetArtifactTypes`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most types to return on this page.
    """
    from wandql.graphql.generated.get_artifact_types import GetArtifactTypesReply

    return PagedOperation(
        "GetArtifactTypes",
        "query",
        _DOCUMENT_GET_ARTIFACT_TYPES,
        given(entity=entity, project=project, after=after, first=first),
        GetArtifactTypesReply,
        True,
        lambda data: None if (v0 := data.project) is None else v0.artifact_types,
    )


_DOCUMENT_GET_ARTIFACT_USED_BY = (
    """
query GetArtifactUsedBy($id: ID!, $configKeys: [String!], $summaryKeys: [String!], $withHistoryKeys: Boolean = false, $after: String, $first: Int = 50) {
  artifact(id: $id) {
    usedBy(after: $after, first: $first) {
      pageInfo {
        ...PageInfoFields
      }
      edges {
        node {
          ...RunFields
          project {
            ...ProjectPathFields
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_AUTHOR_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_RUN_FIELDS
)


def get_artifact_used_by(
    *,
    id: str,
    config_keys: list[str] | None = None,
    summary_keys: list[str] | None = None,
    with_history_keys: bool | None = False,
    after: str | None = None,
    first: int | None = 50,
) -> PagedOperation[GetArtifactUsedBy, GetArtifactUsedByArtifactUsedByEdgesNode]:
    """Fetch the runs that have used an artifact version, page by page.

    Its data is a `GetArtifactUsedBy`.

    Args:
        id: The version's opaque id.
        config_keys: Only these top-level keys; all if absent.
        summary_keys: Only these top-level keys; all if absent.
        with_history_keys: Whether to fetch `historyKeys`.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most runs to return on this page.
    """
    from wandql.graphql.generated.get_artifact_used_by import GetArtifactUsedByReply

    return PagedOperation(
        "GetArtifactUsedBy",
        "query",
        _DOCUMENT_GET_ARTIFACT_USED_BY,
        given(
            id=id,
            configKeys=config_keys,
            summaryKeys=summary_keys,
            withHistoryKeys=with_history_keys,
            after=after,
            first=first,
        ),
        GetArtifactUsedByReply,
        True,
        lambda data: None if (v0 := data.artifact) is None else v0.used_by,
    )


_DOCUMENT_GET_ARTIFACT_VERSIONS = (
    """
query GetArtifactVersions($entity: String!, $project: String!, $artifactType: String!, $collection: String!, $filters: JSONString, $order: String, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    artifactType(name: $artifactType) {
      artifactCollection(name: $collection) {
        __typename
        artifacts(filters: $filters, order: $order, after: $after, first: $first) {
          totalCount
          pageInfo {
            ...PageInfoFields
          }
          edges {
            cursor
            version
            node {
              ...ArtifactFields
            }
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_ALIAS_FIELDS
    + _FRAGMENT_ALIAS_NAME_FIELDS
    + _FRAGMENT_ARTIFACT_FIELDS
    + _FRAGMENT_COLLECTION_PATH_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_SEQUENCE_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def get_artifact_versions(
    *,
    entity: str,
    project: str,
    artifact_type: str,
    collection: str,
    filters: str | None = None,
    order: str | None = None,
    after: str | None = None,
    first: int | None = 50,
) -> PagedOperation[GetArtifactVersions, ArtifactFields]:
    """Fetch the versions of a collection that match, page by page, and their number.

    Its data is a `GetArtifactVersions`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        artifact_type: The type's name, for example `dataset`.
        collection: The collection's name.
        filters: A MongoDB-style query as JSON, for example `{"state": "COMMITTED"}`.
        order: `+` or `-` and a field, for example `-created_at`.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most versions to return on this page.
    """
    from wandql.graphql.generated.get_artifact_versions import GetArtifactVersionsReply

    return PagedOperation(
        "GetArtifactVersions",
        "query",
        _DOCUMENT_GET_ARTIFACT_VERSIONS,
        given(
            entity=entity,
            project=project,
            artifactType=artifact_type,
            collection=collection,
            filters=filters,
            order=order,
            after=after,
            first=first,
        ),
        GetArtifactVersionsReply,
        True,
        lambda data: (
            None
            if (v0 := data.project) is None
            else None
            if (v1 := v0.artifact_type) is None
            else None
            if (v2 := v1.artifact_collection) is None
            else v2.artifacts
        ),
    )


_DOCUMENT_GET_CLIENT_ARTIFACT = """
query GetClientArtifact($clientId: ID!) {
  clientIDMapping(clientID: $clientId) {
    serverId: serverID
  }
}
"""


def get_client_artifact(*, client_id: str) -> Operation[GetClientArtifact]:
    """Fetch the opaque id of an artifact version that a client named before it was uploaded.

    Its data is a `GetClientArtifact`.

    Args:
        client_id: The name the client made up, as in `wandb-client-artifact://<id>/...`; for a sequence,
            with an alias behind it.
    """
    from wandql.graphql.generated.get_client_artifact import GetClientArtifactReply

    return Operation(
        "GetClientArtifact",
        "query",
        _DOCUMENT_GET_CLIENT_ARTIFACT,
        given(clientId=client_id),
        GetClientArtifactReply,
        True,
    )


_DOCUMENT_GET_COLLECTION = (
    """
query GetCollection($entity: String!, $project: String!, $artifactType: String!, $collection: String!) {
  project(name: $project, entityName: $entity) {
    artifactType(name: $artifactType) {
      artifactCollection(name: $collection) {
        __typename
        ...CollectionFields
      }
    }
  }
}
"""
    + _FRAGMENT_COLLECTION_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def get_collection(*, entity: str, project: str, artifact_type: str, collection: str) -> Operation[GetCollection]:
    """Fetch one collection of artifact versions.

    Its data is a `GetCollection`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        artifact_type: The type's name, for example `dataset`.
        collection: The collection's name.
    """
    from wandql.graphql.generated.get_collection import GetCollectionReply

    return Operation(
        "GetCollection",
        "query",
        _DOCUMENT_GET_COLLECTION,
        given(entity=entity, project=project, artifactType=artifact_type, collection=collection),
        GetCollectionReply,
        True,
    )


_DOCUMENT_GET_COLLECTION_ALIASES = (
    """
query GetCollectionAliases($id: ID!, $after: String, $first: Int = 1000) {
  artifactCollection(id: $id) {
    __typename
    aliases(after: $after, first: $first) {
      pageInfo {
        ...PageInfoFields
      }
      edges {
        node {
          ...AliasNameFields
        }
      }
    }
  }
}
"""
    + _FRAGMENT_ALIAS_NAME_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
)


def get_collection_aliases(
    *, id: str, after: str | None = None, first: int | None = 1000
) -> PagedOperation[GetCollectionAliases, AliasNameFields]:
    """Fetch all aliases of a collection's versions, page by page.

    Its data is a `GetCollectionAliases`.

    Args:
        id: The collection's opaque id.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most aliases to return on this page.
    """
    from wandql.graphql.generated.get_collection_aliases import GetCollectionAliasesReply

    return PagedOperation(
        "GetCollectionAliases",
        "query",
        _DOCUMENT_GET_COLLECTION_ALIASES,
        given(id=id, after=after, first=first),
        GetCollectionAliasesReply,
        True,
        lambda data: None if (v0 := data.artifact_collection) is None else v0.aliases,
    )


_DOCUMENT_GET_COLLECTIONS = (
    """
query GetCollections($entity: String!, $project: String!, $artifactType: String!, $filters: JSONString, $order: String, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    artifactType(name: $artifactType) {
      artifactCollections(
        filters: $filters
        order: $order
        after: $after
        first: $first
      ) {
        totalCount
        pageInfo {
          ...PageInfoFields
        }
        edges {
          cursor
          node {
            __typename
            ...CollectionFields
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_COLLECTION_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def get_collections(
    *,
    entity: str,
    project: str,
    artifact_type: str,
    filters: str | None = None,
    order: str | None = None,
    after: str | None = None,
    first: int | None = 50,
) -> PagedOperation[GetCollections, CollectionFields]:
    """Fetch the collections of one type of artifacts, page by page, and their number.

    Its data is a `GetCollections`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        artifact_type: The type's name, for example `dataset`.
        filters: A MongoDB-style query as JSON.
        order: `+` or `-` and a field, for example `-created_at`.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most collections to return on this page.
    """
    from wandql.graphql.generated.get_collections import GetCollectionsReply

    return PagedOperation(
        "GetCollections",
        "query",
        _DOCUMENT_GET_COLLECTIONS,
        given(
            entity=entity,
            project=project,
            artifactType=artifact_type,
            filters=filters,
            order=order,
            after=after,
            first=first,
        ),
        GetCollectionsReply,
        True,
        lambda data: (
            None
            if (v0 := data.project) is None
            else None
            if (v1 := v0.artifact_type) is None
            else v1.artifact_collections
        ),
    )


_DOCUMENT_GET_ENTITY_ORGANIZATIONS = (
    """
query GetEntityOrganizations($entity: String!) {
  entity(name: $entity) {
    organization {
      ...OrganizationFields
    }
    user {
      organizations {
        ...OrganizationFields
      }
    }
  }
}
"""
    + _FRAGMENT_ENTITY_FIELDS
    + _FRAGMENT_ORGANIZATION_FIELDS
)


def get_entity_organizations(*, entity: str) -> Operation[GetEntityOrganizations]:
    """Fetch the organization that a team belongs to, and those that the user of a user's own entity belongs to.

    Its data is a `GetEntityOrganizations`.

    Args:
        entity: Username or team name; the viewer's default entity if absent.
    """
    from wandql.graphql.generated.get_entity_organizations import GetEntityOrganizationsReply

    return Operation(
        "GetEntityOrganizations",
        "query",
        _DOCUMENT_GET_ENTITY_ORGANIZATIONS,
        given(entity=entity),
        GetEntityOrganizationsReply,
        True,
    )


_DOCUMENT_GET_MATCHING_SWEEPS = (
    """
query GetMatchingSweeps($entity: String!, $project: String!, $filters: JSONString!, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    sweeps(filters: $filters, after: $after, first: $first) {
      pageInfo {
        ...PageInfoFields
      }
      edges {
        cursor
        node {
          ...SweepFields
        }
      }
    }
  }
}
"""
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_SWEEP_FIELDS
)


def get_matching_sweeps(
    *, entity: str, project: str, filters: str, after: str | None = None, first: int | None = 50
) -> PagedOperation[GetMatchingSweeps, SweepFields]:
    """Fetch the sweeps of a project that match, page by page; the server must have `SWEEPS_QUERY_FILTERING`.

    Its data is a `GetMatchingSweeps`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        filters: A MongoDB-style query as JSON. Servers without the feature `SWEEPS_QUERY_FILTERING` refuse
            it.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most sweeps to return on this page.
    """
    from wandql.graphql.generated.get_matching_sweeps import GetMatchingSweepsReply

    return PagedOperation(
        "GetMatchingSweeps",
        "query",
        _DOCUMENT_GET_MATCHING_SWEEPS,
        given(entity=entity, project=project, filters=filters, after=after, first=first),
        GetMatchingSweepsReply,
        True,
        lambda data: None if (v0 := data.project) is None else v0.sweeps,
    )


_DOCUMENT_GET_ORGANIZATION = (
    """
query GetOrganization($organization: String!) {
  organization(name: $organization) {
    ...OrganizationFields
  }
}
"""
    + _FRAGMENT_ENTITY_FIELDS
    + _FRAGMENT_ORGANIZATION_FIELDS
)


def get_organization(*, organization: str) -> Operation[GetOrganization]:
    """Fetch an organization and the entity that owns its registry.

    Its data is a `GetOrganization`.

    Args:
        organization: The organization's name.
    """
    from wandql.graphql.generated.get_organization import GetOrganizationReply

    return Operation(
        "GetOrganization",
        "query",
        _DOCUMENT_GET_ORGANIZATION,
        given(organization=organization),
        GetOrganizationReply,
        True,
    )


_DOCUMENT_GET_PROJECT = (
    """
query GetProject($entity: String!, $project: String!) {
  project(name: $project, entityName: $entity) {
    ...ProjectFields
  }
}
"""
    + _FRAGMENT_PROJECT_FIELDS
    + _FRAGMENT_USER_FIELDS
)


def get_project(*, entity: str, project: str) -> Operation[GetProject]:
    """Fetch one project.

    Its data is a `GetProject`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
    """
    from wandql.graphql.generated.get_project import GetProjectReply

    return Operation(
        "GetProject", "query", _DOCUMENT_GET_PROJECT, given(entity=entity, project=project), GetProjectReply, True
    )


_DOCUMENT_GET_PROJECT_COLLECTIONS = (
    """
query GetProjectCollections($entity: String!, $project: String!, $filters: JSONString, $order: String, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    artifactCollections(
      filters: $filters
      order: $order
      after: $after
      first: $first
    ) {
      totalCount
      pageInfo {
        ...PageInfoFields
      }
      edges {
        cursor
        node {
          __typename
          ...CollectionFields
        }
      }
    }
  }
}
"""
    + _FRAGMENT_COLLECTION_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def get_project_collections(
    *,
    entity: str,
    project: str,
    filters: str | None = None,
    order: str | None = None,
    after: str | None = None,
    first: int | None = 50,
) -> PagedOperation[GetProjectCollections, CollectionFields]:
    """Fetch the collections of all types of artifacts, page by page, and their number.

    Its data is a `GetProjectCollections`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        filters: A MongoDB-style query as JSON.
        order: `+` or `-` and a field, for example `-created_at`.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most collections to return on this page.
    """
    from wandql.graphql.generated.get_project_collections import GetProjectCollectionsReply

    return PagedOperation(
        "GetProjectCollections",
        "query",
        _DOCUMENT_GET_PROJECT_COLLECTIONS,
        given(entity=entity, project=project, filters=filters, order=order, after=after, first=first),
        GetProjectCollectionsReply,
        True,
        lambda data: None if (v0 := data.project) is None else v0.artifact_collections,
    )


_DOCUMENT_GET_PROJECTS = (
    """
query GetProjects($entity: String!, $after: String, $first: Int = 50) {
  projects: models(entityName: $entity, after: $after, first: $first) {
    pageInfo {
      ...PageInfoFields
    }
    edges {
      cursor
      node {
        ...ProjectFields
      }
    }
  }
}
"""
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_PROJECT_FIELDS
    + _FRAGMENT_USER_FIELDS
)


def get_projects(
    *, entity: str, after: str | None = None, first: int | None = 50
) -> PagedOperation[GetProjects, ProjectFields]:
    """Fetch the projects of a user or team, page by page.

    Its data is a `GetProjects`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most projects to return on this page.
    """
    from wandql.graphql.generated.get_projects import GetProjectsReply

    return PagedOperation(
        "GetProjects",
        "query",
        _DOCUMENT_GET_PROJECTS,
        given(entity=entity, after=after, first=first),
        GetProjectsReply,
        True,
        lambda data: data.projects,
    )


_DOCUMENT_GET_REPORT = (
    """
query GetReport($id: ID!) {
  view(id: $id) {
    ...ReportFields
    home: project {
      ...ProjectPathFields
    }
  }
}
"""
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_REPORT_FIELDS
    + _FRAGMENT_USER_FIELDS
)


def get_report(*, id: str) -> Operation[GetReport]:
    """Fetch one report and where it belongs.

    Its data is a `GetReport`.

    Args:
        id: The report's opaque id: the end of its URL behind `--`, padded with `=` to a multiple of four.
    """
    from wandql.graphql.generated.get_report import GetReportReply

    return Operation("GetReport", "query", _DOCUMENT_GET_REPORT, given(id=id), GetReportReply, True)


_DOCUMENT_GET_REPORTS = (
    """
query GetReports($entity: String!, $project: String!, $name: String, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    allViews(viewType: "runs", viewName: $name, after: $after, first: $first) {
      pageInfo {
        ...PageInfoFields
      }
      edges {
        cursor
        node {
          ...ReportFields
        }
      }
    }
  }
}
"""
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_REPORT_FIELDS
    + _FRAGMENT_USER_FIELDS
)


def get_reports(
    *, entity: str, project: str, name: str | None = None, after: str | None = None, first: int | None = 50
) -> PagedOperation[GetReports, ReportFields]:
    """Fetch the reports of a project, page by page, on request only those of one name.

    Its data is a `GetReports`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        name: Only views of exactly this name; all if absent. It is the view's `name`, not its title.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most views to return on this page.
    """
    from wandql.graphql.generated.get_reports import GetReportsReply

    return PagedOperation(
        "GetReports",
        "query",
        _DOCUMENT_GET_REPORTS,
        given(entity=entity, project=project, name=name, after=after, first=first),
        GetReportsReply,
        True,
        lambda data: None if (v0 := data.project) is None else v0.all_views,
    )


_DOCUMENT_GET_RUN = (
    """
query GetRun($entity: String!, $project: String!, $run: String!, $configKeys: [String!], $summaryKeys: [String!], $withHistoryKeys: Boolean = true) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      ...RunFields
    }
  }
}
"""
    + _FRAGMENT_AUTHOR_FIELDS
    + _FRAGMENT_RUN_FIELDS
)


def get_run(
    *,
    entity: str,
    project: str,
    run: str,
    config_keys: list[str] | None = None,
    summary_keys: list[str] | None = None,
    with_history_keys: bool | None = True,
) -> Operation[GetRun]:
    """Fetch one run.

    Its data is a `GetRun`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
        config_keys: Only these top-level keys; all if absent.
        summary_keys: Only these top-level keys; all if absent.
        with_history_keys: Whether to fetch `historyKeys`.
    """
    from wandql.graphql.generated.get_run import GetRunReply

    return Operation(
        "GetRun",
        "query",
        _DOCUMENT_GET_RUN,
        given(
            entity=entity,
            project=project,
            run=run,
            configKeys=config_keys,
            summaryKeys=summary_keys,
            withHistoryKeys=with_history_keys,
        ),
        GetRunReply,
        True,
    )


_DOCUMENT_GET_RUN_COUNT = """
query GetRunCount($entity: String!, $project: String!, $filters: JSONString) {
  project(name: $project, entityName: $entity) {
    runCount(filters: $filters)
  }
}
"""


def get_run_count(*, entity: str, project: str, filters: str | None = None) -> Operation[GetRunCount]:
    """Fetch the number of runs of a project that match, and none of the runs.

    Its data is a `GetRunCount`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        filters: A MongoDB-style query as JSON, as for `runs`.
    """
    from wandql.graphql.generated.get_run_count import GetRunCountReply

    return Operation(
        "GetRunCount",
        "query",
        _DOCUMENT_GET_RUN_COUNT,
        given(entity=entity, project=project, filters=filters),
        GetRunCountReply,
        True,
    )


_DOCUMENT_GET_RUN_EVENTS = """
query GetRunEvents($entity: String!, $project: String!, $run: String!, $samples: Int = 500) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      events(samples: $samples)
    }
  }
}
"""


def get_run_events(*, entity: str, project: str, run: str, samples: int | None = 500) -> Operation[GetRunEvents]:
    """Fetch system metrics of a run over time, picked evenly, each row as JSON text.

    Its data is a `GetRunEvents`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
        samples: The most rows to return, picked evenly over the whole run.
    """
    from wandql.graphql.generated.get_run_events import GetRunEventsReply

    return Operation(
        "GetRunEvents",
        "query",
        _DOCUMENT_GET_RUN_EVENTS,
        given(entity=entity, project=project, run=run, samples=samples),
        GetRunEventsReply,
        True,
    )


_DOCUMENT_GET_RUN_FILES = (
    """
query GetRunFiles($entity: String!, $project: String!, $run: String!, $names: [String!], $pattern: String, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      fileCount
      files(names: $names, pattern: $pattern, after: $after, first: $first) {
        pageInfo {
          ...PageInfoFields
        }
        edges {
          cursor
          node {
            ...FileFields
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_FILE_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
)


def get_run_files(
    *,
    entity: str,
    project: str,
    run: str,
    names: list[str] | None = None,
    pattern: str | None = None,
    after: str | None = None,
    first: int | None = 50,
) -> PagedOperation[GetRunFiles, FileFields]:
    """Fetch the files of a run, page by page, and their number.

    Its data is a `GetRunFiles`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
        names: Only files of exactly these names; all if absent or empty.
        pattern: Only files whose name matches this SQL LIKE pattern, for example `media/%.png`.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most files to return on this page.
    """
    from wandql.graphql.generated.get_run_files import GetRunFilesReply

    return PagedOperation(
        "GetRunFiles",
        "query",
        _DOCUMENT_GET_RUN_FILES,
        given(entity=entity, project=project, run=run, names=names, pattern=pattern, after=after, first=first),
        GetRunFilesReply,
        True,
        lambda data: None if (v0 := data.project) is None else None if (v1 := v0.run) is None else v1.files,
    )


_DOCUMENT_GET_RUN_HISTORY = """
query GetRunHistory($entity: String!, $project: String!, $run: String!, $samples: Int = 500) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      history(samples: $samples)
    }
  }
}
"""


def get_run_history(*, entity: str, project: str, run: str, samples: int | None = 500) -> Operation[GetRunHistory]:
    """Fetch history rows of a run, picked evenly, each as JSON text.

    Its data is a `GetRunHistory`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
        samples: The most rows to return; without a window they are picked evenly over the whole history.
    """
    from wandql.graphql.generated.get_run_history import GetRunHistoryReply

    return Operation(
        "GetRunHistory",
        "query",
        _DOCUMENT_GET_RUN_HISTORY,
        given(entity=entity, project=project, run=run, samples=samples),
        GetRunHistoryReply,
        True,
    )


_DOCUMENT_GET_RUN_HISTORY_KEYS = """
query GetRunHistoryKeys($entity: String!, $project: String!, $run: String!) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      historyLineCount
      historyKeysValue: historyKeys
    }
  }
}
"""


def get_run_history_keys(*, entity: str, project: str, run: str) -> Operation[GetRunHistoryKeys]:
    """Fetch how many rows a run's history has, which keys they hold, and the last step.

    Its data is a `GetRunHistoryKeys`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
    """
    from wandql.graphql.generated.get_run_history_keys import GetRunHistoryKeysReply

    return Operation(
        "GetRunHistoryKeys",
        "query",
        _DOCUMENT_GET_RUN_HISTORY_KEYS,
        given(entity=entity, project=project, run=run),
        GetRunHistoryKeysReply,
        True,
    )


_DOCUMENT_GET_RUN_HISTORY_PAGE = """
query GetRunHistoryPage($entity: String!, $project: String!, $run: String!, $minStep: Int64!, $maxStep: Int64!, $samples: Int!) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      history(minStep: $minStep, maxStep: $maxStep, samples: $samples)
    }
  }
}
"""


def get_run_history_page(
    *, entity: str, project: str, run: str, min_step: int, max_step: int, samples: int
) -> Operation[GetRunHistoryPage]:
    """Fetch every history row of a window of steps, each as JSON text; `max_step` is exclusive.

    Its data is a `GetRunHistoryPage`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
        min_step: The first step of the window, inclusive.
        max_step: The end of the window, exclusive.
        samples: The most rows to return; without a window they are picked evenly over the whole history.
    """
    from wandql.graphql.generated.get_run_history_page import GetRunHistoryPageReply

    return Operation(
        "GetRunHistoryPage",
        "query",
        _DOCUMENT_GET_RUN_HISTORY_PAGE,
        given(entity=entity, project=project, run=run, minStep=min_step, maxStep=max_step, samples=samples),
        GetRunHistoryPageReply,
        True,
    )


_DOCUMENT_GET_RUN_HISTORY_PLAN = """
query GetRunHistoryPlan($entity: String!, $project: String!, $run: String!) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      historyLineCount
      historyKeysValue: historyKeys
      parquetHistory(liveKeys: ["_step"]) {
        parquetUrls
      }
    }
  }
}
"""


def get_run_history_plan(*, entity: str, project: str, run: str) -> Operation[GetRunHistoryPlan]:
    """Fetch what a scan begins with: how many rows there are, which keys they hold, the last step, and the exported

    files.

    Its data is a `GetRunHistoryPlan`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
    """
    from wandql.graphql.generated.get_run_history_plan import GetRunHistoryPlanReply

    return Operation(
        "GetRunHistoryPlan",
        "query",
        _DOCUMENT_GET_RUN_HISTORY_PLAN,
        given(entity=entity, project=project, run=run),
        GetRunHistoryPlanReply,
        True,
    )


_DOCUMENT_GET_RUN_INPUT_ARTIFACTS = (
    """
query GetRunInputArtifacts($entity: String!, $project: String!, $run: String!, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      inputArtifacts(after: $after, first: $first) {
        totalCount
        pageInfo {
          ...PageInfoFields
        }
        edges {
          cursor
          node {
            ...ArtifactFields
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_ALIAS_FIELDS
    + _FRAGMENT_ALIAS_NAME_FIELDS
    + _FRAGMENT_ARTIFACT_FIELDS
    + _FRAGMENT_COLLECTION_PATH_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_SEQUENCE_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def get_run_input_artifacts(
    *, entity: str, project: str, run: str, after: str | None = None, first: int | None = 50
) -> PagedOperation[GetRunInputArtifacts, ArtifactFields]:
    """Fetch the artifact versions that a run has used, page by page, and their number.

    Its data is a `GetRunInputArtifacts`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most versions to return on this page.
    """
    from wandql.graphql.generated.get_run_input_artifacts import GetRunInputArtifactsReply

    return PagedOperation(
        "GetRunInputArtifacts",
        "query",
        _DOCUMENT_GET_RUN_INPUT_ARTIFACTS,
        given(entity=entity, project=project, run=run, after=after, first=first),
        GetRunInputArtifactsReply,
        True,
        lambda data: None if (v0 := data.project) is None else None if (v1 := v0.run) is None else v1.input_artifacts,
    )


_DOCUMENT_GET_RUN_LOG_LINES = (
    """
query GetRunLogLines($entity: String!, $project: String!, $run: String!, $after: String, $first: Int = 1000) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      logLineCount
      logLines(after: $after, first: $first, useImprovedPagination: true) {
        pageInfo {
          ...PageInfoFields
        }
        edges {
          node {
            ...LogLineFields
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_LOG_LINE_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
)


def get_run_log_lines(
    *, entity: str, project: str, run: str, after: str | None = None, first: int | None = 1000
) -> PagedOperation[GetRunLogLines, LogLineFields]:
    """Fetch what a run's program printed, page by page from the start.

    Its data is a `GetRunLogLines`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most lines to return from the start, or behind `after`.
    """
    from wandql.graphql.generated.get_run_log_lines import GetRunLogLinesReply

    return PagedOperation(
        "GetRunLogLines",
        "query",
        _DOCUMENT_GET_RUN_LOG_LINES,
        given(entity=entity, project=project, run=run, after=after, first=first),
        GetRunLogLinesReply,
        True,
        lambda data: None if (v0 := data.project) is None else None if (v1 := v0.run) is None else v1.log_lines,
    )


_DOCUMENT_GET_RUN_LOG_TAIL = (
    """
query GetRunLogTail($entity: String!, $project: String!, $run: String!, $last: Int!) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      logLineCount
      logLines(last: $last) {
        edges {
          node {
            ...LogLineFields
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_LOG_LINE_FIELDS
)


def get_run_log_tail(*, entity: str, project: str, run: str, last: int) -> Operation[GetRunLogTail]:
    """Fetch the last lines a run's program printed.

    Its data is a `GetRunLogTail`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
        last: The most lines to return from the end; instead of `first`.
    """
    from wandql.graphql.generated.get_run_log_tail import GetRunLogTailReply

    return Operation(
        "GetRunLogTail",
        "query",
        _DOCUMENT_GET_RUN_LOG_TAIL,
        given(entity=entity, project=project, run=run, last=last),
        GetRunLogTailReply,
        True,
    )


_DOCUMENT_GET_RUN_OUTPUT_ARTIFACTS = (
    """
query GetRunOutputArtifacts($entity: String!, $project: String!, $run: String!, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      outputArtifacts(after: $after, first: $first) {
        totalCount
        pageInfo {
          ...PageInfoFields
        }
        edges {
          cursor
          node {
            ...ArtifactFields
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_ALIAS_FIELDS
    + _FRAGMENT_ALIAS_NAME_FIELDS
    + _FRAGMENT_ARTIFACT_FIELDS
    + _FRAGMENT_COLLECTION_PATH_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_SEQUENCE_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def get_run_output_artifacts(
    *, entity: str, project: str, run: str, after: str | None = None, first: int | None = 50
) -> PagedOperation[GetRunOutputArtifacts, ArtifactFields]:
    """Fetch the artifact versions that a run has logged, page by page, and their number.

    Its data is a `GetRunOutputArtifacts`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most versions to return on this page.
    """
    from wandql.graphql.generated.get_run_output_artifacts import GetRunOutputArtifactsReply

    return PagedOperation(
        "GetRunOutputArtifacts",
        "query",
        _DOCUMENT_GET_RUN_OUTPUT_ARTIFACTS,
        given(entity=entity, project=project, run=run, after=after, first=first),
        GetRunOutputArtifactsReply,
        True,
        lambda data: None if (v0 := data.project) is None else None if (v1 := v0.run) is None else v1.output_artifacts,
    )


_DOCUMENT_GET_RUN_PARQUET_HISTORY = (
    """
query GetRunParquetHistory($entity: String!, $project: String!, $run: String!, $liveKeys: [String!]!) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      historyLineCount
      parquetHistory(liveKeys: $liveKeys) {
        ...ParquetHistoryFields
      }
    }
  }
}
"""
    + _FRAGMENT_PARQUET_HISTORY_FIELDS
)


def get_run_parquet_history(
    *, entity: str, project: str, run: str, live_keys: list[str]
) -> Operation[GetRunParquetHistory]:
    """Fetch the URLs of a run's exported history, with the rows that are not exported yet.

    Its data is a `GetRunParquetHistory`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
        live_keys: The keys to return of the rows that are not exported yet.
    """
    from wandql.graphql.generated.get_run_parquet_history import GetRunParquetHistoryReply

    return Operation(
        "GetRunParquetHistory",
        "query",
        _DOCUMENT_GET_RUN_PARQUET_HISTORY,
        given(entity=entity, project=project, run=run, liveKeys=live_keys),
        GetRunParquetHistoryReply,
        True,
    )


_DOCUMENT_GET_RUN_STATE = """
query GetRunState($entity: String!, $project: String!, $run: String!) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      state
    }
  }
}
"""


def get_run_state(*, entity: str, project: str, run: str) -> Operation[GetRunState]:
    """Fetch only where a run stands, to wait for its end.

    Its data is a `GetRunState`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
    """
    from wandql.graphql.generated.get_run_state import GetRunStateReply

    return Operation(
        "GetRunState",
        "query",
        _DOCUMENT_GET_RUN_STATE,
        given(entity=entity, project=project, run=run),
        GetRunStateReply,
        True,
    )


_DOCUMENT_GET_RUNS = (
    """
query GetRuns($entity: String!, $project: String!, $filters: JSONString, $order: String, $configKeys: [String!], $summaryKeys: [String!], $withHistoryKeys: Boolean = false, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    runCount(filters: $filters)
    runs(filters: $filters, order: $order, after: $after, first: $first) {
      pageInfo {
        ...PageInfoFields
      }
      edges {
        cursor
        node {
          ...RunFields
        }
      }
    }
  }
}
"""
    + _FRAGMENT_AUTHOR_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_RUN_FIELDS
)


def get_runs(
    *,
    entity: str,
    project: str,
    filters: str | None = None,
    order: str | None = None,
    config_keys: list[str] | None = None,
    summary_keys: list[str] | None = None,
    with_history_keys: bool | None = False,
    after: str | None = None,
    first: int | None = 50,
) -> PagedOperation[GetRuns, RunFields]:
    """Fetch the runs of a project that match, page by page, and their number.

    Its data is a `GetRuns`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        filters: A MongoDB-style query as JSON, as for `runs`.
        order: `+` or `-` and a field, for example `-summary_metrics.loss`; without a sign ascending.
        config_keys: Only these top-level keys; all if absent.
        summary_keys: Only these top-level keys; all if absent.
        with_history_keys: Whether to fetch `historyKeys`.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most runs to return on this page.
    """
    from wandql.graphql.generated.get_runs import GetRunsReply

    return PagedOperation(
        "GetRuns",
        "query",
        _DOCUMENT_GET_RUNS,
        given(
            entity=entity,
            project=project,
            filters=filters,
            order=order,
            configKeys=config_keys,
            summaryKeys=summary_keys,
            withHistoryKeys=with_history_keys,
            after=after,
            first=first,
        ),
        GetRunsReply,
        True,
        lambda data: None if (v0 := data.project) is None else v0.runs,
    )


_DOCUMENT_GET_SAMPLED_RUN_HISTORY = """
query GetSampledRunHistory($entity: String!, $project: String!, $run: String!, $specs: [JSONString!]!) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
      sampledHistory(specs: $specs)
    }
  }
}
"""


def get_sampled_run_history(
    *, entity: str, project: str, run: str, specs: list[str]
) -> Operation[GetSampledRunHistory]:
    """Fetch rows that have all keys of a spec, sampled, one list per spec; a spec's `maxStep` is inclusive.

    Its data is a `GetSampledRunHistory`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
        specs: JSON objects such as `{"keys": ["_step", "loss"], "samples": 500}`, with `minStep` and
            `maxStep` if wanted. Trap: `maxStep` is inclusive here, and exclusive in `history`.
    """
    from wandql.graphql.generated.get_sampled_run_history import GetSampledRunHistoryReply

    return Operation(
        "GetSampledRunHistory",
        "query",
        _DOCUMENT_GET_SAMPLED_RUN_HISTORY,
        given(entity=entity, project=project, run=run, specs=specs),
        GetSampledRunHistoryReply,
        True,
    )


_DOCUMENT_GET_SERVER_FEATURES = (
    """
query GetServerFeatures {
  serverInfo {
    features {
      ...ServerFeatureFields
    }
  }
}
"""
    + _FRAGMENT_SERVER_FEATURE_FIELDS
)


def get_server_features() -> Operation[GetServerFeatures]:
    """Fetch the server's optional features; one that is not listed is off.

    Its data is a `GetServerFeatures`.
    """
    from wandql.graphql.generated.get_server_features import GetServerFeaturesReply

    return Operation("GetServerFeatures", "query", _DOCUMENT_GET_SERVER_FEATURES, given(), GetServerFeaturesReply, True)


_DOCUMENT_GET_SERVICE_ACCOUNTS = (
    """
query GetServiceAccounts($team: String!) {
  entity(name: $team) {
    memberList: members {
      ...MemberFields
      secret: apiKey
    }
  }
}
"""
    + _FRAGMENT_MEMBER_FIELDS
)


def get_service_accounts(*, team: str) -> Operation[GetServiceAccounts]:
    """Fetch the members of a team, with the API keys of those that are programs: secrets, for who administers the

    team.

    Its data is a `GetServiceAccounts`.

    Args:
        team: Username or team name; the viewer's default entity if absent.
    """
    from wandql.graphql.generated.get_service_accounts import GetServiceAccountsReply

    return Operation(
        "GetServiceAccounts", "query", _DOCUMENT_GET_SERVICE_ACCOUNTS, given(team=team), GetServiceAccountsReply, True
    )


_DOCUMENT_GET_SWEEP = (
    """
query GetSweep($entity: String!, $project: String!, $sweep: String!) {
  project(name: $project, entityName: $entity) {
    sweep(sweepName: $sweep) {
      ...SweepFields
    }
  }
}
"""
    + _FRAGMENT_SWEEP_FIELDS
)


def get_sweep(*, entity: str, project: str, sweep: str) -> Operation[GetSweep]:
    """Fetch one sweep, without its runs.

    Its data is a `GetSweep`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        sweep: The sweep's id, the last part of its URL; not its display name.
    """
    from wandql.graphql.generated.get_sweep import GetSweepReply

    return Operation(
        "GetSweep",
        "query",
        _DOCUMENT_GET_SWEEP,
        given(entity=entity, project=project, sweep=sweep),
        GetSweepReply,
        True,
    )


_DOCUMENT_GET_SWEEP_AGENT = (
    """
query GetSweepAgent($entity: String!, $project: String!, $sweep: String!, $agent: String!) {
  project(name: $project, entityName: $entity) {
    sweep(sweepName: $sweep) {
      agent(agentName: $agent) {
        ...AgentFields
      }
    }
  }
}
"""
    + _FRAGMENT_AGENT_FIELDS
)


def get_sweep_agent(*, entity: str, project: str, sweep: str, agent: str) -> Operation[GetSweepAgent]:
    """Fetch one agent of a sweep.

    Its data is a `GetSweepAgent`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        sweep: The sweep's id, the last part of its URL; not its display name.
        agent: The agent's `name`, not its opaque id.
    """
    from wandql.graphql.generated.get_sweep_agent import GetSweepAgentReply

    return Operation(
        "GetSweepAgent",
        "query",
        _DOCUMENT_GET_SWEEP_AGENT,
        given(entity=entity, project=project, sweep=sweep, agent=agent),
        GetSweepAgentReply,
        True,
    )


_DOCUMENT_GET_SWEEP_AGENTS = (
    """
query GetSweepAgents($entity: String!, $project: String!, $sweep: String!) {
  project(name: $project, entityName: $entity) {
    sweep(sweepName: $sweep) {
      agents {
        edges {
          node {
            ...AgentFields
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_AGENT_FIELDS
)


def get_sweep_agents(*, entity: str, project: str, sweep: str) -> Operation[GetSweepAgents]:
    """Fetch all agents of a sweep.

    Its data is a `GetSweepAgents`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        sweep: The sweep's id, the last part of its URL; not its display name.
    """
    from wandql.graphql.generated.get_sweep_agents import GetSweepAgentsReply

    return Operation(
        "GetSweepAgents",
        "query",
        _DOCUMENT_GET_SWEEP_AGENTS,
        given(entity=entity, project=project, sweep=sweep),
        GetSweepAgentsReply,
        True,
    )


_DOCUMENT_GET_SWEEP_PRIOR_RUNS = (
    """
query GetSweepPriorRuns($entity: String!, $project: String!, $sweep: String!, $configKeys: [String!], $summaryKeys: [String!], $withHistoryKeys: Boolean = false, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    sweep(sweepName: $sweep) {
      priorRuns(after: $after, first: $first) {
        pageInfo {
          ...PageInfoFields
        }
        edges {
          cursor
          node {
            ...RunFields
          }
        }
      }
    }
  }
}
"""
    + _FRAGMENT_AUTHOR_FIELDS
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_RUN_FIELDS
)


def get_sweep_prior_runs(
    *,
    entity: str,
    project: str,
    sweep: str,
    config_keys: list[str] | None = None,
    summary_keys: list[str] | None = None,
    with_history_keys: bool | None = False,
    after: str | None = None,
    first: int | None = 50,
) -> PagedOperation[GetSweepPriorRuns, RunFields]:
    """Fetch the runs from before a sweep that count in its search, page by page.

    Its data is a `GetSweepPriorRuns`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        sweep: The sweep's id, the last part of its URL; not its display name.
        config_keys: Only these top-level keys; all if absent.
        summary_keys: Only these top-level keys; all if absent.
        with_history_keys: Whether to fetch `historyKeys`.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most runs to return on this page.
    """
    from wandql.graphql.generated.get_sweep_prior_runs import GetSweepPriorRunsReply

    return PagedOperation(
        "GetSweepPriorRuns",
        "query",
        _DOCUMENT_GET_SWEEP_PRIOR_RUNS,
        given(
            entity=entity,
            project=project,
            sweep=sweep,
            configKeys=config_keys,
            summaryKeys=summary_keys,
            withHistoryKeys=with_history_keys,
            after=after,
            first=first,
        ),
        GetSweepPriorRunsReply,
        True,
        lambda data: None if (v0 := data.project) is None else None if (v1 := v0.sweep) is None else v1.prior_runs,
    )


_DOCUMENT_GET_SWEEPS = (
    """
query GetSweeps($entity: String!, $project: String!, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    totalSweeps
    sweeps(after: $after, first: $first) {
      pageInfo {
        ...PageInfoFields
      }
      edges {
        cursor
        node {
          ...SweepFields
        }
      }
    }
  }
}
"""
    + _FRAGMENT_PAGE_INFO_FIELDS
    + _FRAGMENT_SWEEP_FIELDS
)


def get_sweeps(
    *, entity: str, project: str, after: str | None = None, first: int | None = 50
) -> PagedOperation[GetSweeps, SweepFields]:
    """Fetch the sweeps of a project, page by page, and their number.

    Its data is a `GetSweeps`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        after: Opaque position to continue behind: `pageInfo.endCursor` of the page before.
        first: The most sweeps to return on this page.
    """
    from wandql.graphql.generated.get_sweeps import GetSweepsReply

    return PagedOperation(
        "GetSweeps",
        "query",
        _DOCUMENT_GET_SWEEPS,
        given(entity=entity, project=project, after=after, first=first),
        GetSweepsReply,
        True,
        lambda data: None if (v0 := data.project) is None else v0.sweeps,
    )


_DOCUMENT_GET_TEAM = (
    """
query GetTeam($team: String!) {
  entity(name: $team) {
    ...TeamFields
  }
}
"""
    + _FRAGMENT_MEMBER_FIELDS
    + _FRAGMENT_TEAM_FIELDS
)


def get_team(*, team: str) -> Operation[GetTeam]:
    """Fetch a team with its members.

    Its data is a `GetTeam`.

    Args:
        team: Username or team name; the viewer's default entity if absent.
    """
    from wandql.graphql.generated.get_team import GetTeamReply

    return Operation("GetTeam", "query", _DOCUMENT_GET_TEAM, given(team=team), GetTeamReply, True)


_DOCUMENT_GET_USERS = (
    """
query GetUsers($query: String!) {
  users(query: $query) {
    edges {
      node {
        ...AccountFields
      }
    }
  }
}
"""
    + _FRAGMENT_ACCOUNT_FIELDS
    + _FRAGMENT_API_KEY_FIELDS
    + _FRAGMENT_TEAM_NAME_FIELDS
    + _FRAGMENT_USER_FIELDS
)


def get_users(*, query: str) -> Operation[GetUsers]:
    """Fetch the users whose username or email address matches.

    Its data is a `GetUsers`.

    Args:
        query: A username or an email address. Matching is loose: check what comes back.
    """
    from wandql.graphql.generated.get_users import GetUsersReply

    return Operation("GetUsers", "query", _DOCUMENT_GET_USERS, given(query=query), GetUsersReply, True)


_DOCUMENT_GET_VIEWER = (
    """
query GetViewer {
  viewer {
    ...AccountFields
  }
}
"""
    + _FRAGMENT_ACCOUNT_FIELDS
    + _FRAGMENT_API_KEY_FIELDS
    + _FRAGMENT_TEAM_NAME_FIELDS
    + _FRAGMENT_USER_FIELDS
)


def get_viewer() -> Operation[GetViewer]:
    """Fetch the user whose API key signs the request.

    Its data is a `GetViewer`.
    """
    from wandql.graphql.generated.get_viewer import GetViewerReply

    return Operation("GetViewer", "query", _DOCUMENT_GET_VIEWER, given(), GetViewerReply, True)


_DOCUMENT_LINK_ARTIFACT = (
    """
mutation LinkArtifact($id: ID!, $entity: String!, $project: String!, $portfolio: String!, $aliases: [ArtifactAliasInput!]) {
  linkArtifact(
    input: {artifactID: $id, entityName: $entity, projectName: $project, artifactPortfolioName: $portfolio, aliases: $aliases}
  ) {
    versionIndex
    artifactMembership {
      ...MembershipFields
    }
  }
}
"""
    + _FRAGMENT_ALIAS_FIELDS
    + _FRAGMENT_ALIAS_NAME_FIELDS
    + _FRAGMENT_ARTIFACT_FIELDS
    + _FRAGMENT_COLLECTION_PATH_FIELDS
    + _FRAGMENT_LINK_FIELDS
    + _FRAGMENT_MEMBERSHIP_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_SEQUENCE_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def link_artifact(
    *, id: str, entity: str, project: str, portfolio: str, aliases: list[ArtifactAliasInput] | None = None
) -> Operation[LinkArtifact]:
    """Link an artifact version into a portfolio, which is created if it does not exist.

    Its data is a `LinkArtifact`.

    Args:
        id: The version's opaque id.
        entity: The owner of the portfolio's project.
        project: The name of the portfolio's project.
        portfolio: The portfolio's name.
        aliases: The aliases the version shall have there.
    """
    from wandql.graphql.generated.link_artifact import LinkArtifactReply

    return Operation(
        "LinkArtifact",
        "mutation",
        _DOCUMENT_LINK_ARTIFACT,
        given(id=id, entity=entity, project=project, portfolio=portfolio, aliases=aliases),
        LinkArtifactReply,
        False,
    )


_DOCUMENT_MARK_RUN_FILES_UPLOADED = """
mutation MarkRunFilesUploaded($entity: String!, $project: String!, $run: String!, $files: [String!]!) {
  markRunFilesUploaded(
    input: {entityName: $entity, projectName: $project, runName: $run, files: $files}
  ) {
    success
  }
}
"""


def mark_run_files_uploaded(
    *, entity: str, project: str, run: str, files: list[str]
) -> Operation[MarkRunFilesUploaded]:
    """Tell the server that announced files have arrived.

    Its data is a `MarkRunFilesUploaded`.

    Args:
        entity: The owner: a username or a team name.
        project: The project's name.
        run: The run's id in its path.
        files: The paths within the run, as announced.
    """
    from wandql.graphql.generated.mark_run_files_uploaded import MarkRunFilesUploadedReply

    return Operation(
        "MarkRunFilesUploaded",
        "mutation",
        _DOCUMENT_MARK_RUN_FILES_UPLOADED,
        given(entity=entity, project=project, run=run, files=files),
        MarkRunFilesUploadedReply,
        False,
    )


_DOCUMENT_MOVE_SEQUENCE = (
    """
mutation MoveSequence($id: ID!, $artifactType: String!) {
  moveArtifactSequence(
    input: {artifactSequenceID: $id, destinationArtifactTypeName: $artifactType}
  ) {
    artifactCollection {
      __typename
      ...CollectionFields
    }
  }
}
"""
    + _FRAGMENT_COLLECTION_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def move_sequence(*, id: str, artifact_type: str) -> Operation[MoveSequence]:
    """Move a sequence with all its versions to another type.

    Its data is a `MoveSequence`.

    Args:
        id: The sequence's opaque id.
        artifact_type: The name of the type; created if it does not exist.
    """
    from wandql.graphql.generated.move_sequence import MoveSequenceReply

    return Operation(
        "MoveSequence",
        "mutation",
        _DOCUMENT_MOVE_SEQUENCE,
        given(id=id, artifactType=artifact_type),
        MoveSequenceReply,
        False,
    )


_DOCUMENT_STOP_RUN = """
mutation StopRun($storageId: ID!) {
  stopRun(input: {id: $storageId}) {
    success
  }
}
"""


def stop_run(*, storage_id: str) -> Operation[StopRun]:
    """Ask the process behind a live run to stop.

    Its data is a `StopRun`.

    Args:
        storage_id: The run's opaque id.
    """
    from wandql.graphql.generated.stop_run import StopRunReply

    return Operation("StopRun", "mutation", _DOCUMENT_STOP_RUN, given(storageId=storage_id), StopRunReply, False)


_DOCUMENT_UNLINK_ARTIFACT = """
mutation UnlinkArtifact($id: ID!, $portfolioId: ID!) {
  unlinkArtifact(input: {artifactID: $id, artifactPortfolioID: $portfolioId}) {
    success
  }
}
"""


def unlink_artifact(*, id: str, portfolio_id: str) -> Operation[UnlinkArtifact]:
    """Take an artifact version out of a portfolio.

    Its data is a `UnlinkArtifact`.

    Args:
        id: The version's opaque id.
        portfolio_id: The portfolio's opaque id.
    """
    from wandql.graphql.generated.unlink_artifact import UnlinkArtifactReply

    return Operation(
        "UnlinkArtifact",
        "mutation",
        _DOCUMENT_UNLINK_ARTIFACT,
        given(id=id, portfolioId=portfolio_id),
        UnlinkArtifactReply,
        False,
    )


_DOCUMENT_UPDATE_ARTIFACT = (
    """
mutation UpdateArtifact($id: ID!, $description: String, $metadataJson: JSONString, $ttlDurationSeconds: Int64, $tagsToAdd: [TagInput!], $tagsToDelete: [TagInput!]) {
  updateArtifact(
    input: {artifactID: $id, description: $description, metadata: $metadataJson, ttlDurationSeconds: $ttlDurationSeconds, tagsToAdd: $tagsToAdd, tagsToDelete: $tagsToDelete}
  ) {
    artifact {
      ...ArtifactFields
    }
  }
}
"""
    + _FRAGMENT_ALIAS_FIELDS
    + _FRAGMENT_ALIAS_NAME_FIELDS
    + _FRAGMENT_ARTIFACT_FIELDS
    + _FRAGMENT_COLLECTION_PATH_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_SEQUENCE_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def update_artifact(
    *,
    id: str,
    description: str | None = None,
    metadata_json: str | None = None,
    ttl_duration_seconds: int | None = None,
    tags_to_add: list[TagInput] | None = None,
    tags_to_delete: list[TagInput] | None = None,
) -> Operation[UpdateArtifact]:
    """Change the description, metadata, lifetime or tags of an artifact version; what is absent or null stays as it

    is.

    Its data is a `UpdateArtifact`.

    Args:
        id: The version's opaque id.
        description: What the version is about, in Markdown.
        metadata_json: The whole metadata, a JSON object: it replaces the former one.
        ttl_duration_seconds: How long it shall live, in seconds from its creation; -1 to inherit, -2 for
            ever.
        tags_to_add: Tags to give.
        tags_to_delete: Tags to take.
    """
    from wandql.graphql.generated.update_artifact import UpdateArtifactReply

    return Operation(
        "UpdateArtifact",
        "mutation",
        _DOCUMENT_UPDATE_ARTIFACT,
        given(
            id=id,
            description=description,
            metadataJson=metadata_json,
            ttlDurationSeconds=ttl_duration_seconds,
            tagsToAdd=tags_to_add,
            tagsToDelete=tags_to_delete,
        ),
        UpdateArtifactReply,
        False,
    )


_DOCUMENT_UPDATE_PORTFOLIO = (
    """
mutation UpdatePortfolio($id: ID!, $name: String, $description: String) {
  updateArtifactPortfolio(
    input: {artifactPortfolioID: $id, name: $name, description: $description}
  ) {
    artifactCollection {
      __typename
      ...CollectionFields
    }
  }
}
"""
    + _FRAGMENT_COLLECTION_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def update_portfolio(*, id: str, name: str | None = None, description: str | None = None) -> Operation[UpdatePortfolio]:
    """Change the name or description of a portfolio.

    Its data is a `UpdatePortfolio`.

    Args:
        id: The portfolio's opaque id.
        name: The new name.
        description: What the portfolio is about, in Markdown.
    """
    from wandql.graphql.generated.update_portfolio import UpdatePortfolioReply

    return Operation(
        "UpdatePortfolio",
        "mutation",
        _DOCUMENT_UPDATE_PORTFOLIO,
        given(id=id, name=name, description=description),
        UpdatePortfolioReply,
        False,
    )


_DOCUMENT_UPDATE_RUN_STATE = """
mutation UpdateRunState($storageId: ID!, $state: String!) {
  updateRunState(input: {id: $storageId, state: $state}) {
    success
  }
}
"""


def update_run_state(*, storage_id: str, state: str) -> Operation[UpdateRunState]:
    """Set the state of a run that no process reports to.

    Its data is a `UpdateRunState`.

    Args:
        storage_id: The run's opaque id.
        state: The new state: `pending` or `failed`. The server refuses other changes.
    """
    from wandql.graphql.generated.update_run_state import UpdateRunStateReply

    return Operation(
        "UpdateRunState",
        "mutation",
        _DOCUMENT_UPDATE_RUN_STATE,
        given(storageId=storage_id, state=state),
        UpdateRunStateReply,
        False,
    )


_DOCUMENT_UPDATE_SEQUENCE = (
    """
mutation UpdateSequence($id: ID!, $name: String, $description: String) {
  updateArtifactSequence(
    input: {artifactSequenceID: $id, name: $name, description: $description}
  ) {
    artifactCollection {
      __typename
      ...CollectionFields
    }
  }
}
"""
    + _FRAGMENT_COLLECTION_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_TAG_FIELDS
    + _FRAGMENT_TYPE_NAME_FIELDS
)


def update_sequence(*, id: str, name: str | None = None, description: str | None = None) -> Operation[UpdateSequence]:
    """Change the name or description of a sequence.

    Its data is a `UpdateSequence`.

    Args:
        id: The sequence's opaque id.
        name: The new name.
        description: What the sequence is about, in Markdown.
    """
    from wandql.graphql.generated.update_sequence import UpdateSequenceReply

    return Operation(
        "UpdateSequence",
        "mutation",
        _DOCUMENT_UPDATE_SEQUENCE,
        given(id=id, name=name, description=description),
        UpdateSequenceReply,
        False,
    )


_DOCUMENT_UPSERT_REPORT = (
    """
mutation UpsertReport($id: ID, $entity: String, $project: String, $type: String = "runs", $name: String, $displayName: String, $description: String, $specJson: String) {
  upsertView(
    input: {id: $id, entityName: $entity, projectName: $project, type: $type, name: $name, displayName: $displayName, description: $description, spec: $specJson}
  ) {
    inserted
    report: view {
      ...ReportFields
    }
  }
}
"""
    + _FRAGMENT_REPORT_FIELDS
    + _FRAGMENT_USER_FIELDS
)


def upsert_report(
    *,
    id: str | None = None,
    entity: str | None = None,
    project: str | None = None,
    type: str | None = "runs",
    name: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    spec_json: str | None = None,
) -> Operation[UpsertReport]:
    """Create a report, or change the one of that id; what is absent or null stays as it is.

    Its data is a `UpsertReport`.

    Args:
        id: The report's opaque id; null to create one.
        entity: The owner of its project: a username or a team name.
        project: The name of its project.
        type: The kind of view: `runs` for reports.
        name: The internal name, by which `allViews` finds it; not the title.
        display_name: The title.
        description: The subtitle.
        spec_json: What the report contains, as JSON: blocks, panels and the sets of runs they show.
    """
    from wandql.graphql.generated.upsert_report import UpsertReportReply

    return Operation(
        "UpsertReport",
        "mutation",
        _DOCUMENT_UPSERT_REPORT,
        given(
            id=id,
            entity=entity,
            project=project,
            type=type,
            name=name,
            displayName=display_name,
            description=description,
            specJson=spec_json,
        ),
        UpsertReportReply,
        False,
    )


_DOCUMENT_UPSERT_RUN = (
    """
mutation UpsertRun($storageId: String, $entity: String, $project: String, $run: String, $name: String, $state: String, $description: String, $notes: String, $tags: [String!], $group: String, $jobType: String, $configJson: JSONString, $summaryJson: JSONString, $configKeys: [String!], $summaryKeys: [String!], $withHistoryKeys: Boolean = false) {
  upsertBucket(
    input: {id: $storageId, entityName: $entity, modelName: $project, name: $run, displayName: $name, state: $state, description: $description, notes: $notes, tags: $tags, groupName: $group, jobType: $jobType, config: $configJson, summaryMetrics: $summaryJson}
  ) {
    inserted
    run: bucket {
      ...RunFields
      project {
        ...ProjectPathFields
      }
    }
  }
}
"""
    + _FRAGMENT_AUTHOR_FIELDS
    + _FRAGMENT_PROJECT_PATH_FIELDS
    + _FRAGMENT_RUN_FIELDS
)


def upsert_run(
    *,
    storage_id: str | None = None,
    entity: str | None = None,
    project: str | None = None,
    run: str | None = None,
    name: str | None = None,
    state: str | None = None,
    description: str | None = None,
    notes: str | None = None,
    tags: list[str] | None = None,
    group: str | None = None,
    job_type: str | None = None,
    config_json: str | None = None,
    summary_json: str | None = None,
    config_keys: list[str] | None = None,
    summary_keys: list[str] | None = None,
    with_history_keys: bool | None = False,
) -> Operation[UpsertRun]:
    """Create a run, or update the run of that storage id; what is absent or null stays as it is.

    Its data is a `UpsertRun`.

    Args:
        storage_id: The opaque id of an existing run; instead of the names.
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name; created if it does not exist.
        run: The run's id in its path; a new run is created under it.
        name: The name people read.
        state: The state to begin in: `running` or `pending`.
        description: An older free text about the run.
        notes: What the run is about, in Markdown.
        tags: All labels: they replace the former ones.
        group: The name under which related runs are grouped.
        job_type: The role within the group, for example `train` or `eval`.
        config_json: The whole config as JSON, each key as `{"value": ...}`: it replaces the former one.
        summary_json: The whole summary as JSON: it replaces the former one.
        config_keys: Only these top-level keys; all if absent.
        summary_keys: Only these top-level keys; all if absent.
        with_history_keys: Whether to fetch `historyKeys`.
    """
    from wandql.graphql.generated.upsert_run import UpsertRunReply

    return Operation(
        "UpsertRun",
        "mutation",
        _DOCUMENT_UPSERT_RUN,
        given(
            storageId=storage_id,
            entity=entity,
            project=project,
            run=run,
            name=name,
            state=state,
            description=description,
            notes=notes,
            tags=tags,
            group=group,
            jobType=job_type,
            configJson=config_json,
            summaryJson=summary_json,
            configKeys=config_keys,
            summaryKeys=summary_keys,
            withHistoryKeys=with_history_keys,
        ),
        UpsertRunReply,
        False,
    )


_DOCUMENT_UPSERT_SWEEP = (
    """
mutation UpsertSweep($storageId: ID, $entity: String, $project: String, $configYaml: String, $name: String, $description: String, $state: String) {
  upsertSweep(
    input: {id: $storageId, entityName: $entity, projectName: $project, config: $configYaml, displayName: $name, description: $description, state: $state}
  ) {
    sweep {
      ...SweepFields
    }
    configValidationWarnings
  }
}
"""
    + _FRAGMENT_SWEEP_FIELDS
)


def upsert_sweep(
    *,
    storage_id: str | None = None,
    entity: str | None = None,
    project: str | None = None,
    config_yaml: str | None = None,
    name: str | None = None,
    description: str | None = None,
    state: str | None = None,
) -> Operation[UpsertSweep]:
    """Create a sweep, or change the one of this id; what is absent or null stays as it is.

    Its data is a `UpsertSweep`.

    Args:
        storage_id: The opaque id of an existing sweep; null or absent to create one.
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        config_yaml: The definition of the sweep, as YAML text.
        name: The name people read.
        description: What the sweep is about.
        state: The state to move to: `RUNNING`, `PAUSED`, `FINISHED` or `CANCELED`.
    """
    from wandql.graphql.generated.upsert_sweep import UpsertSweepReply

    return Operation(
        "UpsertSweep",
        "mutation",
        _DOCUMENT_UPSERT_SWEEP,
        given(
            storageId=storage_id,
            entity=entity,
            project=project,
            configYaml=config_yaml,
            name=name,
            description=description,
            state=state,
        ),
        UpsertSweepReply,
        False,
    )


_DOCUMENT_USE_ARTIFACT = """
mutation UseArtifact($id: ID!, $entity: String!, $project: String!, $run: String!, $usedAs: String, $artifactEntity: String, $artifactProject: String) {
  useArtifact(
    input: {artifactID: $id, entityName: $entity, projectName: $project, runName: $run, usedAs: $usedAs, artifactEntityName: $artifactEntity, artifactProjectName: $artifactProject}
  ) {
    artifact {
      id
    }
  }
}
"""


def use_artifact(
    *,
    id: str,
    entity: str,
    project: str,
    run: str,
    used_as: str | None = None,
    artifact_entity: str | None = None,
    artifact_project: str | None = None,
) -> Operation[UseArtifact]:
    """Record that a run uses an artifact version as input.

    Its data is a `UseArtifact`.

    Args:
        id: The version's opaque id.
        entity: The owner of the run's project: a username or a team name.
        project: The name of the run's project.
        run: The run's id in its path.
        used_as: The role the version plays in the run; null for none.
        artifact_entity: The owner of the collection under which the version was asked for.
        artifact_project: The project of the collection under which the version was asked for.
    """
    from wandql.graphql.generated.use_artifact import UseArtifactReply

    return Operation(
        "UseArtifact",
        "mutation",
        _DOCUMENT_USE_ARTIFACT,
        given(
            id=id,
            entity=entity,
            project=project,
            run=run,
            usedAs=used_as,
            artifactEntity=artifact_entity,
            artifactProject=artifact_project,
        ),
        UseArtifactReply,
        False,
    )
