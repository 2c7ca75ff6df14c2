"""What the server is, and what it can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ariadne import QueryType, SchemaBindable

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.graphql.scalars import JSONValue

__all__ = ["BINDABLES", "ServerFeature", "ServerInfo", "ServerSettings"]

QUERY = QueryType()

# A client uses these only from a server that lists them. What is not listed is off.
FEATURES: Final = (
    "ARTIFACT_COLLECTIONS_FILTERING_SORTING",
    "ARTIFACT_COLLECTION_MEMBERSHIP_FILES",
    "ARTIFACT_COLLECTION_MEMBERSHIP_FILE_DOWNLOAD_HANDLER",
    "ARTIFACT_DIGEST_ALGORITHM",
    "ARTIFACT_REGISTRY_SEARCH",
    "ARTIFACT_MEMBERSHIP_IN_LINK_ARTIFACT_RESPONSE",
    "ARTIFACT_TAGS",
    "ARTIFACT_V2_DOWNLOAD_HANDLER_SUPPORTS_ARTIFACT_ID",
    "AUTOMATIONS_ON_ORGANIZATION",
    "AUTOMATION_ACTION_ARIA",
    "AUTOMATION_ACTION_NO_OP",
    "AUTOMATION_EVENT_ADD_ARTIFACT_TAG",
    "AUTOMATION_EVENT_ADD_COLLECTION_TAG",
    "AUTOMATION_EVENT_REMOVE_ARTIFACT_TAG",
    "AUTOMATION_EVENT_REMOVE_COLLECTION_TAG",
    "AUTOMATION_EVENT_RUN_METRIC",
    "AUTOMATION_EVENT_RUN_METRIC_CHANGE",
    "AUTOMATION_EVENT_RUN_METRIC_ZSCORE",
    "AUTOMATION_EVENT_RUN_STATE",
    "AUTOMATION_EVENT_UNLINK_ARTIFACT",
    "AUTOMATION_SCOPE_ENTITY",
    "CLIENT_IDS",
    "FILESTREAM_GZIP",
    "INCLUDE_ARTIFACT_TYPES_IN_REGISTRY_CREATION",
    "MARK_RUN_FILES_UPLOADED",
    "PROJECT_ARTIFACT_COLLECTION_MEMBERSHIP",
    "QUERY_AUTOMATIONS_ON_ENTITY",
    "STRUCTURED_CONSOLE_LOGS",
    "SWEEPS_LOCAL_SCHEDULER",
    "SWEEPS_QUERY_FILTERING",
    "TOTAL_COUNT_IN_FILE_CONNECTION",
    "USE_ARTIFACT_WITH_ENTITY_AND_PROJECT_INFORMATION",
)


@dataclass(frozen=True, slots=True)
class ServerFeature:
    """An optional feature."""

    name: str
    is_enabled: bool


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What the server wants to tell whoever starts a run: nothing."""

    server_messages: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What a client must know before it asks more."""

    cli_version_info: JSONValue
    features: tuple[ServerFeature, ...]
    latest_local_version_info: None = None


SERVER_INFO: Final = ServerInfo(
    cli_version_info={"min_cli_version": "0.17.0", "max_cli_version": "0.31.0"},
    features=tuple(ServerFeature(name, is_enabled=True) for name in FEATURES),
)


@QUERY.field("serverInfo")
def resolve_server_info(_root: None, _info: GraphQLResolveInfo) -> ServerInfo:
    """Answer `serverInfo`."""
    return SERVER_INFO


BINDABLES: list[SchemaBindable] = [QUERY]
