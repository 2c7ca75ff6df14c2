# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetSampledRunHistory`."""

from __future__ import annotations

from wandql.graphql.operation import Reply
from wandql.graphql.scalars import JSONValue

from .base_model import BaseModel


class GetSampledRunHistory(BaseModel):
    """The data of `GetSampledRunHistory`."""

    project: GetSampledRunHistoryProject | None
    """One project."""


class GetSampledRunHistoryProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetSampledRunHistoryProjectRun | None
    """One run; null if there is none of that id."""


class GetSampledRunHistoryProjectRun(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    sampled_history: list[JSONValue]
    """Sampled rows as JSON values, one list per spec. A row is there only if it has all keys of its spec, and
    holds just them. `NaN` and `Infinity` arrive as strings.
    """


GetSampledRunHistoryReply = Reply[GetSampledRunHistory]
