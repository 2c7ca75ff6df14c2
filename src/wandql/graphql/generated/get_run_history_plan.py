# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRunHistoryPlan`."""

from __future__ import annotations

from wandql.graphql.operation import Reply
from wandql.graphql.scalars import JSONValue

from .base_model import BaseModel


class GetRunHistoryPlan(BaseModel):
    """The data of `GetRunHistoryPlan`."""

    project: GetRunHistoryPlanProject | None
    """One project."""


class GetRunHistoryPlanProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetRunHistoryPlanProjectRun | None
    """One run; null if there is none of that id."""


class GetRunHistoryPlanProjectRun(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    history_line_count: int | None
    """The number of history rows."""
    history_keys_value: JSONValue | None
    """What the history holds: `{"keys": {"loss": {"typeCounts": [...], "monotonic": false}}, "lastStep": 19,
    "sets": []}`. Null before anything was logged.
    """
    parquet_history: GetRunHistoryPlanProjectRunParquetHistory
    """The history as exported files, with what is not exported yet."""


class GetRunHistoryPlanProjectRunParquetHistory(BaseModel):
    """A run's history in files, for bulk reading."""

    parquet_urls: list[str]
    """URLs of Parquet files that together hold the exported rows; empty before the first export."""


GetRunHistoryPlanReply = Reply[GetRunHistoryPlan]
