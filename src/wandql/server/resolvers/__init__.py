"""What answers the schema's fields, by noun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wandql.server.bindings import Records, Unserved
from wandql.server.records import (
    ApiKeyRecord,
    EntityRecord,
    FileRecord,
    LogLineRecord,
    ParquetHistoryRecord,
    ProjectRecord,
    RunRecord,
    UserRecord,
)
from wandql.server.resolvers import files, history, info, projects, runs, users
from wandql.server.scalars import SCALARS

if TYPE_CHECKING:
    from ariadne import SchemaBindable

__all__ = ["BINDABLES"]

RECORDS: Final[dict[str, type]] = {
    "ApiKey": ApiKeyRecord,
    "Entity": EntityRecord,
    "File": FileRecord,
    "LogLine": LogLineRecord,
    "ParquetHistory": ParquetHistoryRecord,
    "Project": ProjectRecord,
    "Run": RunRecord,
    "ServerFeature": info.ServerFeature,
    "ServerInfo": info.ServerInfo,
    "User": UserRecord,
}

BINDABLES: Final[list[SchemaBindable]] = [
    *SCALARS,
    *info.BINDABLES,
    *users.BINDABLES,
    *projects.BINDABLES,
    *runs.BINDABLES,
    *history.BINDABLES,
    *files.BINDABLES,
    Records(RECORDS),
    Unserved(),
]
