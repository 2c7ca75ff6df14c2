"""A typed, fast, sync and async client for the Weights & Biases server.

    import wandql

    with wandql.Api() as api:
        for run in api.runs("entity/project"):
            print(run.name, run.state, run.summary)

Importing this package is cheap: each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wandql import errors
    from wandql.api._async.api import AsyncApi
    from wandql.api._async.artifact_collections import (
        AsyncArtifactCollection,
        AsyncArtifactCollections,
        AsyncArtifactType,
        AsyncArtifactTypes,
        AsyncProjectCollections,
    )
    from wandql.api._async.artifact_files import AsyncArtifactFile, AsyncArtifactFiles
    from wandql.api._async.artifacts import AsyncArtifact, AsyncArtifactEntry, AsyncArtifacts, AsyncRunArtifacts
    from wandql.api._async.console import AsyncConsoleLogs
    from wandql.api._async.files import AsyncFile, AsyncFiles
    from wandql.api._async.histories import AsyncHistories
    from wandql.api._async.history import AsyncHistoryScan
    from wandql.api._async.projects import AsyncProject, AsyncProjects
    from wandql.api._async.reports import AsyncBetaReport, AsyncReports
    from wandql.api._async.run import AsyncRun
    from wandql.api._async.runs import AsyncRuns
    from wandql.api._async.summary import AsyncSummary
    from wandql.api._async.sweeps import AsyncAgent, AsyncAgentRuns, AsyncPriorRuns, AsyncSweep, AsyncSweeps
    from wandql.api._async.users import AsyncMember, AsyncTeam, AsyncUser
    from wandql.api._sync.api import Api
    from wandql.api._sync.artifact_collections import (
        ArtifactCollection,
        ArtifactCollections,
        ArtifactType,
        ArtifactTypes,
        ProjectCollections,
    )
    from wandql.api._sync.artifact_files import ArtifactFile, ArtifactFiles
    from wandql.api._sync.artifacts import Artifact, ArtifactEntry, Artifacts, RunArtifacts
    from wandql.api._sync.console import ConsoleLogs
    from wandql.api._sync.files import File, Files
    from wandql.api._sync.histories import Histories
    from wandql.api._sync.history import HistoryScan
    from wandql.api._sync.projects import Project, Projects
    from wandql.api._sync.reports import BetaReport, Reports
    from wandql.api._sync.run import Run
    from wandql.api._sync.runs import Runs
    from wandql.api._sync.summary import Summary
    from wandql.api._sync.sweeps import Agent, AgentRuns, PriorRuns, Sweep, Sweeps
    from wandql.api._sync.users import Member, Team, User
    from wandql.api.bulk_plan import BulkPlan, RunChange
    from wandql.api.console_line import ConsoleLogLine
    from wandql.api.downloaded_history import DownloadHistoryResult
    from wandql.api.explanation import Explanation
    from wandql.api.local import async_local, local
    from wandql.api.manifest import Manifest, ManifestEntry
    from wandql.api.organization_view import Organization
    from wandql.api.tables import Table
    from wandql.api.typed_values import TypedValues
    from wandql.client._async.client import AsyncClient
    from wandql.client._sync.client import Client
    from wandql.client.events import RequestEvent
    from wandql.client.rates import RateLimit
    from wandql.client.retry import RetryPolicy
    from wandql.errors import (
        AuthenticationError,
        CommError,
        Error,
        GraphQLError,
        NotFoundError,
        RateLimitError,
        RequestError,
        ServerError,
        TransportError,
        UsageError,
        WandqlError,
    )
    from wandql.filters import F, Filter, Order
    from wandql.frames.sampled import SampledRows
    from wandql.frames.sampled_history import SampledHistory
    from wandql.settings import ApiKey, Settings
    from wandql.version import __version__

_MODULES = {
    "wandql.api._async.api": ["AsyncApi"],
    "wandql.api._async.artifact_collections": [
        "AsyncArtifactCollection", "AsyncArtifactCollections", "AsyncArtifactType", "AsyncArtifactTypes",
        "AsyncProjectCollections",
    ],
    "wandql.api._async.artifact_files": ["AsyncArtifactFile", "AsyncArtifactFiles"],
    "wandql.api._async.artifacts": ["AsyncArtifact", "AsyncArtifactEntry", "AsyncArtifacts", "AsyncRunArtifacts"],
    "wandql.api._async.projects": ["AsyncProject", "AsyncProjects"],
    "wandql.api._async.console": ["AsyncConsoleLogs"],
    "wandql.api._async.files": ["AsyncFile", "AsyncFiles"],
    "wandql.api._async.histories": ["AsyncHistories"],
    "wandql.api._async.history": ["AsyncHistoryScan"],
    "wandql.api._async.reports": ["AsyncBetaReport", "AsyncReports"],
    "wandql.api._async.run": ["AsyncRun"],
    "wandql.api._async.runs": ["AsyncRuns"],
    "wandql.api._async.summary": ["AsyncSummary"],
    "wandql.api._async.sweeps": ["AsyncAgent", "AsyncAgentRuns", "AsyncPriorRuns", "AsyncSweep", "AsyncSweeps"],
    "wandql.api._async.users": ["AsyncMember", "AsyncTeam", "AsyncUser"],
    "wandql.api._sync.api": ["Api"],
    "wandql.api._sync.artifact_collections": [
        "ArtifactCollection", "ArtifactCollections", "ArtifactType", "ArtifactTypes", "ProjectCollections",
    ],
    "wandql.api._sync.artifact_files": ["ArtifactFile", "ArtifactFiles"],
    "wandql.api._sync.artifacts": ["Artifact", "ArtifactEntry", "Artifacts", "RunArtifacts"],
    "wandql.api._sync.projects": ["Project", "Projects"],
    "wandql.api._sync.console": ["ConsoleLogs"],
    "wandql.api._sync.files": ["File", "Files"],
    "wandql.api._sync.histories": ["Histories"],
    "wandql.api._sync.history": ["HistoryScan"],
    "wandql.api._sync.reports": ["BetaReport", "Reports"],
    "wandql.api._sync.run": ["Run"],
    "wandql.api._sync.runs": ["Runs"],
    "wandql.api._sync.summary": ["Summary"],
    "wandql.api._sync.sweeps": ["Agent", "AgentRuns", "PriorRuns", "Sweep", "Sweeps"],
    "wandql.api._sync.users": ["Member", "Team", "User"],
    "wandql.api.bulk_plan": ["BulkPlan", "RunChange"],
    "wandql.api.console_line": ["ConsoleLogLine"],
    "wandql.api.downloaded_history": ["DownloadHistoryResult"],
    "wandql.api.explanation": ["Explanation"],
    "wandql.api.local": ["async_local", "local"],
    "wandql.api.manifest": ["Manifest", "ManifestEntry"],
    "wandql.api.organization_view": ["Organization"],
    "wandql.api.tables": ["Table"],
    "wandql.api.typed_values": ["TypedValues"],
    "wandql.client._async.client": ["AsyncClient"],
    "wandql.client._sync.client": ["Client"],
    "wandql.client.events": ["RequestEvent"],
    "wandql.client.rates": ["RateLimit"],
    "wandql.client.retry": ["RetryPolicy"],
    "wandql.errors": [
        "AuthenticationError", "CommError", "Error", "GraphQLError", "NotFoundError", "RateLimitError", "RequestError",
        "ServerError", "TransportError", "UsageError", "WandqlError",
    ],
    "wandql.filters": ["F", "Filter", "Order"],
    "wandql.frames.sampled": ["SampledRows"],
    "wandql.frames.sampled_history": ["SampledHistory"],
    "wandql.settings": ["ApiKey", "Settings"],
    "wandql.version": ["__version__"],
}  # fmt: skip
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "Agent",
    "AgentRuns",
    "Api",
    "ApiKey",
    "Artifact",
    "ArtifactCollection",
    "ArtifactCollections",
    "ArtifactEntry",
    "ArtifactFile",
    "ArtifactFiles",
    "ArtifactType",
    "ArtifactTypes",
    "Artifacts",
    "AsyncAgent",
    "AsyncAgentRuns",
    "AsyncApi",
    "AsyncArtifact",
    "AsyncArtifactCollection",
    "AsyncArtifactCollections",
    "AsyncArtifactEntry",
    "AsyncArtifactFile",
    "AsyncArtifactFiles",
    "AsyncArtifactType",
    "AsyncArtifactTypes",
    "AsyncArtifacts",
    "AsyncBetaReport",
    "AsyncClient",
    "AsyncConsoleLogs",
    "AsyncFile",
    "AsyncFiles",
    "AsyncHistories",
    "AsyncHistoryScan",
    "AsyncMember",
    "AsyncPriorRuns",
    "AsyncProject",
    "AsyncProjectCollections",
    "AsyncProjects",
    "AsyncReports",
    "AsyncRun",
    "AsyncRunArtifacts",
    "AsyncRuns",
    "AsyncSummary",
    "AsyncSweep",
    "AsyncSweeps",
    "AsyncTeam",
    "AsyncUser",
    "AuthenticationError",
    "BetaReport",
    "BulkPlan",
    "Client",
    "CommError",
    "ConsoleLogLine",
    "ConsoleLogs",
    "DownloadHistoryResult",
    "Error",
    "Explanation",
    "F",
    "File",
    "Files",
    "Filter",
    "GraphQLError",
    "Histories",
    "HistoryScan",
    "Manifest",
    "ManifestEntry",
    "Member",
    "NotFoundError",
    "Order",
    "Organization",
    "PriorRuns",
    "Project",
    "ProjectCollections",
    "Projects",
    "RateLimit",
    "RateLimitError",
    "Reports",
    "RequestError",
    "RequestEvent",
    "RetryPolicy",
    "Run",
    "RunArtifacts",
    "RunChange",
    "Runs",
    "SampledHistory",
    "SampledRows",
    "ServerError",
    "Settings",
    "Summary",
    "Sweep",
    "Sweeps",
    "Table",
    "Team",
    "TransportError",
    "TypedValues",
    "UsageError",
    "User",
    "WandqlError",
    "__version__",
    "async_local",
    "errors",
    "local",
]


# Hidden from type checkers: a module with `__getattr__` has, for them, every name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "errors":
            return import_module("wandql.errors")
        if name not in _MODULE_OF:
            raise AttributeError(f"module 'wandql' has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_MODULE_OF[name]), name)
        if isinstance(value, type) and "._" in value.__module__:
            value.__module__ = "wandql"  # tracebacks and reprs say wandql.Api, not wandql.api._sync.api.Api
        return value


def __dir__() -> list[str]:
    return __all__
