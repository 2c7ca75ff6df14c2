# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRunState`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class GetRunState(BaseModel):
    """The data of `GetRunState`."""

    project: GetRunStateProject | None
    """One project."""


class GetRunStateProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetRunStateProjectRun | None
    """One run; null if there is none of that id."""


class GetRunStateProjectRun(BaseModel):
    """One execution of a program that logs: its config, its history of metrics, its summary and its files. Trap:
    `name` is the run's id in paths and URLs, `displayName` is its name, and `id` is an opaque key that only
    mutations need.
    """

    state: str | None
    """Where the run stands: `running`, `finished`, `crashed`, `killed`, `failed`, `pending`, `preempting` or
    `preempted`.
    """


GetRunStateReply = Reply[GetRunState]
