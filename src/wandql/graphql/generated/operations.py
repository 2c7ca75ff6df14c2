# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.
"""One function for every operation of `queries/`: its variables in, a typed `Operation` out.

Building an operation sends nothing; a client executes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wandql.graphql.operation import Operation, PagedOperation, given

if TYPE_CHECKING:
    from wandql.graphql.generated.create_project import CreateProject
    from wandql.graphql.generated.create_run_files import CreateRunFiles
    from wandql.graphql.generated.delete_files import DeleteFiles
    from wandql.graphql.generated.delete_run import DeleteRun
    from wandql.graphql.generated.fragments import FileFields, LogLineFields, ProjectFields, RunFields
    from wandql.graphql.generated.get_project import GetProject
    from wandql.graphql.generated.get_projects import GetProjects
    from wandql.graphql.generated.get_run import GetRun
    from wandql.graphql.generated.get_run_count import GetRunCount
    from wandql.graphql.generated.get_run_events import GetRunEvents
    from wandql.graphql.generated.get_run_files import GetRunFiles
    from wandql.graphql.generated.get_run_history import GetRunHistory
    from wandql.graphql.generated.get_run_history_keys import GetRunHistoryKeys
    from wandql.graphql.generated.get_run_history_page import GetRunHistoryPage
    from wandql.graphql.generated.get_run_log_lines import GetRunLogLines
    from wandql.graphql.generated.get_run_log_tail import GetRunLogTail
    from wandql.graphql.generated.get_run_parquet_history import GetRunParquetHistory
    from wandql.graphql.generated.get_run_state import GetRunState
    from wandql.graphql.generated.get_runs import GetRuns
    from wandql.graphql.generated.get_sampled_run_history import GetSampledRunHistory
    from wandql.graphql.generated.get_server_features import GetServerFeatures
    from wandql.graphql.generated.get_users import GetUsers
    from wandql.graphql.generated.get_viewer import GetViewer
    from wandql.graphql.generated.mark_run_files_uploaded import MarkRunFilesUploaded
    from wandql.graphql.generated.stop_run import StopRun
    from wandql.graphql.generated.update_run_state import UpdateRunState
    from wandql.graphql.generated.upsert_run import UpsertRun
__all__ = [
    "create_project",
    "create_run_files",
    "delete_files",
    "delete_run",
    "get_project",
    "get_projects",
    "get_run",
    "get_run_count",
    "get_run_events",
    "get_run_files",
    "get_run_history",
    "get_run_history_keys",
    "get_run_history_page",
    "get_run_log_lines",
    "get_run_log_tail",
    "get_run_parquet_history",
    "get_run_state",
    "get_runs",
    "get_sampled_run_history",
    "get_server_features",
    "get_users",
    "get_viewer",
    "mark_run_files_uploaded",
    "stop_run",
    "update_run_state",
    "upsert_run",
]
_FRAGMENT_ACCOUNT_FIELDS = """
fragment AccountFields on User {
  ...UserFields
  teams {
    edges {
      node {
        ...TeamNameFields
      }
    }
  }
  apiKeys {
    edges {
      node {
        ...ApiKeyFields
      }
    }
  }
}
"""
_FRAGMENT_API_KEY_FIELDS = """
fragment ApiKeyFields on ApiKey {
  id
  name
  description
}
"""
_FRAGMENT_AUTHOR_FIELDS = """
fragment AuthorFields on User {
  id
  username
  name
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
_FRAGMENT_LOG_LINE_FIELDS = """
fragment LogLineFields on LogLine {
  number
  timestamp
  level
  label
  line
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
_FRAGMENT_RUN_FIELDS = """
fragment RunFields on Run {
  storageId: id
  id: name
  name: displayName
  state
  tags
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
  configJson: config
  summaryJson: summaryMetrics
  systemMetricsJson: systemMetrics
  historyKeysJson: historyKeys @include(if: $withHistoryKeys)
}
"""
_FRAGMENT_SERVER_FEATURE_FIELDS = """
fragment ServerFeatureFields on ServerFeature {
  name
  isEnabled
}
"""
_FRAGMENT_TEAM_NAME_FIELDS = """
fragment TeamNameFields on Entity {
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
        entity:
        project:
        description:
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
        entity:
        project:
        run:
        files:
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
        files:
        project_id:
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
        storage_id:
        delete_artifacts:
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


_DOCUMENT_GET_PROJECTS = (
    """
query GetProjects($entity: String!, $after: String, $first: Int = 50) {
  projects: models(entityName: $entity, after: $after, first: $first) {
    pageInfo {
      ...PageInfoFields
    }
    edges {
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


_DOCUMENT_GET_RUN = (
    """
query GetRun($entity: String!, $project: String!, $run: String!, $withHistoryKeys: Boolean = true) {
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


def get_run(*, entity: str, project: str, run: str, with_history_keys: bool | None = True) -> Operation[GetRun]:
    """Fetch one run.

    Its data is a `GetRun`.

    Args:
        entity: The owner: a username or a team name; the viewer's default entity if absent.
        project: The project's name.
        run: The run's id, the last part of its URL; not its display name.
        with_history_keys: Whether to fetch `historyKeys`.
    """
    from wandql.graphql.generated.get_run import GetRunReply

    return Operation(
        "GetRun",
        "query",
        _DOCUMENT_GET_RUN,
        given(entity=entity, project=project, run=run, withHistoryKeys=with_history_keys),
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
      historyKeysJson: historyKeys
    }
  }
}
"""


def get_run_history_keys(*, entity: str, project: str, run: str) -> Operation[GetRunHistoryKeys]:
    """Fetch which keys a run's history holds, and its last step.

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


_DOCUMENT_GET_RUN_PARQUET_HISTORY = (
    """
query GetRunParquetHistory($entity: String!, $project: String!, $run: String!, $liveKeys: [String!]!) {
  project(name: $project, entityName: $entity) {
    run(name: $run) {
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
query GetRuns($entity: String!, $project: String!, $filters: JSONString, $order: String, $withHistoryKeys: Boolean = false, $after: String, $first: Int = 50) {
  project(name: $project, entityName: $entity) {
    runCount(filters: $filters)
    runs(filters: $filters, order: $order, after: $after, first: $first) {
      pageInfo {
        ...PageInfoFields
      }
      edges {
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
        entity:
        project:
        run:
        files:
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
        storage_id:
    """
    from wandql.graphql.generated.stop_run import StopRunReply

    return Operation("StopRun", "mutation", _DOCUMENT_STOP_RUN, given(storageId=storage_id), StopRunReply, False)


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
        storage_id:
        state:
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


_DOCUMENT_UPSERT_RUN = (
    """
mutation UpsertRun($storageId: String, $entity: String, $project: String, $run: String, $name: String, $state: String, $description: String, $notes: String, $tags: [String!], $group: String, $jobType: String, $configJson: JSONString, $summaryJson: JSONString, $withHistoryKeys: Boolean = false) {
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
    with_history_keys: bool | None = False,
) -> Operation[UpsertRun]:
    """Create a run, or update the run of that storage id; what is absent or null stays as it is.

    Its data is a `UpsertRun`.

    Args:
        storage_id:
        entity:
        project:
        run:
        name:
        state:
        description:
        notes:
        tags:
        group:
        job_type:
        config_json:
        summary_json:
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
            withHistoryKeys=with_history_keys,
        ),
        UpsertRunReply,
        False,
    )
