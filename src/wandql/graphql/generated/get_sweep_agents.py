# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetSweepAgents`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import AgentFields


class GetSweepAgents(BaseModel):
    """The data of `GetSweepAgents`."""

    project: GetSweepAgentsProject | None
    """One project."""


class GetSweepAgentsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    sweep: GetSweepAgentsProjectSweep | None
    """One sweep; null if there is none of that id."""


class GetSweepAgentsProjectSweep(BaseModel):
    """A search for good hyperparameters: it proposes configs, and agents execute a run for each. Trap: `name` is
    the sweep's id in paths and URLs, and `id` is an opaque key that only mutations need.
    """

    agents: GetSweepAgentsProjectSweepAgents
    """The agents that execute the sweep's runs."""


class GetSweepAgentsProjectSweepAgents(BaseModel):
    """A page of agents."""

    edges: list[GetSweepAgentsProjectSweepAgentsEdges]
    """The agents of this page, in order, each with its position."""


class GetSweepAgentsProjectSweepAgentsEdges(BaseModel):
    """One entry of a page of agents."""

    node: GetSweepAgentsProjectSweepAgentsEdgesNode
    """The item itself."""


GetSweepAgentsProjectSweepAgentsEdgesNode = AgentFields
GetSweepAgentsReply = Reply[GetSweepAgents]
