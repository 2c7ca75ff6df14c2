# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRunEvents`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class GetRunEvents(BaseModel):
    """The data of `GetRunEvents`."""

    project: GetRunEventsProject | None
    """One project."""


class GetRunEventsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetRunEventsProjectRun | None
    """One run; null if there is none of that id."""


class GetRunEventsProjectRun(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    events: list[str]
    """System metrics over time, sampled: each the JSON text of an object such as `{"system.cpu": 12.5}`."""


GetRunEventsReply = Reply[GetRunEvents]
