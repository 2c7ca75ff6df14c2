# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRunHistory`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class GetRunHistory(BaseModel):
    """The data of `GetRunHistory`."""

    project: GetRunHistoryProject | None
    """One project."""


class GetRunHistoryProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetRunHistoryProjectRun | None
    """One run; null if there is none of that id."""


class GetRunHistoryProjectRun(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    history: list[str]
    """History rows in step order, each the JSON text of an object with `_step`, `_runtime` (seconds) and
    `_timestamp` (seconds since 1970, UTC). Either a sample of the whole history or every row of a window of
    steps.
    """


GetRunHistoryReply = Reply[GetRunHistory]
