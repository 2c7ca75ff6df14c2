# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRunParquetHistory`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ParquetHistoryFields


class GetRunParquetHistory(BaseModel):
    """The data of `GetRunParquetHistory`."""

    project: GetRunParquetHistoryProject | None
    """One project."""


class GetRunParquetHistoryProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetRunParquetHistoryProjectRun | None
    """One run; null if there is none of that id."""


class GetRunParquetHistoryProjectRun(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    history_line_count: int | None
    """The number of history rows."""
    parquet_history: GetRunParquetHistoryProjectRunParquetHistory
    """The history as exported files, with what is not exported yet."""


GetRunParquetHistoryProjectRunParquetHistory = ParquetHistoryFields
GetRunParquetHistoryReply = Reply[GetRunParquetHistory]
