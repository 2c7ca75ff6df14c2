# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetAgentRuns`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import PageInfoFields, RunFields


class GetAgentRuns(BaseModel):
    """The data of `GetAgentRuns`."""

    project: GetAgentRunsProject | None
    """One project."""


class GetAgentRunsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    sweep: GetAgentRunsProjectSweep | None
    """One sweep; null if there is none of that id."""


class GetAgentRunsProjectSweep(BaseModel):
    """A search for good hyperparameters: it proposes configs, and agents execute a run for each. Trap: `name` is
    the sweep's id in paths and URLs, and `id` is an opaque key that only mutations need.
    """

    agent: GetAgentRunsProjectSweepAgent | None
    """One agent; null if there is none of that name."""


class GetAgentRunsProjectSweepAgent(BaseModel):
    """A process that executes runs of a sweep."""

    total_runs: int
    """The number of runs the agent has executed."""
    runs: GetAgentRunsProjectSweepAgentRuns
    """The agent's runs, page by page."""


class GetAgentRunsProjectSweepAgentRuns(BaseModel):
    """A page of runs."""

    page_info: GetAgentRunsProjectSweepAgentRunsPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetAgentRunsProjectSweepAgentRunsEdges]
    """The runs of this page, in order, each with its position."""


GetAgentRunsProjectSweepAgentRunsPageInfo = PageInfoFields


class GetAgentRunsProjectSweepAgentRunsEdges(BaseModel):
    """One entry of a page of runs."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    node: GetAgentRunsProjectSweepAgentRunsEdgesNode
    """The item itself."""


GetAgentRunsProjectSweepAgentRunsEdgesNode = RunFields
GetAgentRunsReply = Reply[GetAgentRuns]
