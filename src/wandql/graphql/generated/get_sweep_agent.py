# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetSweepAgent`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import AgentFields


class GetSweepAgent(BaseModel):
    """The data of `GetSweepAgent`."""

    project: GetSweepAgentProject | None
    """One project."""


class GetSweepAgentProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    sweep: GetSweepAgentProjectSweep | None
    """One sweep; null if there is none of that id."""


class GetSweepAgentProjectSweep(BaseModel):
    """A search for good hyperparameters: it proposes configs, and agents execute a run for each. Trap: `name` is
    the sweep's id in paths and URLs, and `id` is an opaque key that only mutations need.
    """

    agent: GetSweepAgentProjectSweepAgent | None
    """One agent; null if there is none of that name."""


GetSweepAgentProjectSweepAgent = AgentFields
GetSweepAgentReply = Reply[GetSweepAgent]
