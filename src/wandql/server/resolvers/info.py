"""What the server is, and what it can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ariadne import QueryType

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.graphql.scalars import JSONValue

__all__ = ["BINDABLES", "ServerFeature", "ServerInfo"]

QUERY = QueryType()

# A client uses these only from a server that lists them. What is not listed is off.
FEATURES: Final = (
    "FILESTREAM_GZIP",
    "MARK_RUN_FILES_UPLOADED",
    "STRUCTURED_CONSOLE_LOGS",
    "TOTAL_COUNT_IN_FILE_CONNECTION",
)


@dataclass(frozen=True, slots=True)
class ServerFeature:
    """An optional feature."""

    name: str
    is_enabled: bool


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What a client must know before it asks more."""

    cli_version_info: JSONValue
    features: tuple[ServerFeature, ...]
    latest_local_version_info: None = None


SERVER_INFO: Final = ServerInfo(
    cli_version_info={"min_cli_version": "0.20.0", "max_cli_version": "0.31.0"},
    features=tuple(ServerFeature(name, is_enabled=True) for name in FEATURES),
)


@QUERY.field("serverInfo")
def resolve_server_info(_root: None, _info: GraphQLResolveInfo) -> ServerInfo:
    """Answer `serverInfo`."""
    return SERVER_INFO


BINDABLES = [QUERY]
