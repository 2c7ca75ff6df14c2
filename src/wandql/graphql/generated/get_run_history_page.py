# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRunHistoryPage`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class GetRunHistoryPage(BaseModel):
    """The data of `GetRunHistoryPage`."""

    project: GetRunHistoryPageProject | None
    """One project."""


class GetRunHistoryPageProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetRunHistoryPageProjectRun | None
    """One run; null if there is none of that id."""


class GetRunHistoryPageProjectRun(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    history: list[str]
    """History rows in step order, each the JSON text of an object with `_step`, `_runtime` (seconds) and
    `_timestamp` (seconds since 1970, UTC). Either a sample of the whole history or every row of a window of
    steps.
    """


GetRunHistoryPageReply = Reply[GetRunHistoryPage]
