# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetSweepPriorRuns`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import PageInfoFields, RunFields


class GetSweepPriorRuns(BaseModel):
    """The data of `GetSweepPriorRuns`."""

    project: GetSweepPriorRunsProject | None
    """One project."""


class GetSweepPriorRunsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    sweep: GetSweepPriorRunsProjectSweep | None
    """One sweep; null if there is none of that id."""


class GetSweepPriorRunsProjectSweep(BaseModel):
    """A search for good hyperparameters: it proposes configs, and agents execute a run for each. Trap: `name` is
    the sweep's id in paths and URLs, and `id` is an opaque key that only mutations need.
    """

    prior_runs: GetSweepPriorRunsProjectSweepPriorRuns | None
    """The runs from before the sweep that count in its search, page by page. They are none of its own."""


class GetSweepPriorRunsProjectSweepPriorRuns(BaseModel):
    """A page of runs."""

    page_info: GetSweepPriorRunsProjectSweepPriorRunsPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetSweepPriorRunsProjectSweepPriorRunsEdges]
    """The runs of this page, in order, each with its position."""


GetSweepPriorRunsProjectSweepPriorRunsPageInfo = PageInfoFields


class GetSweepPriorRunsProjectSweepPriorRunsEdges(BaseModel):
    """One entry of a page of runs."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    node: GetSweepPriorRunsProjectSweepPriorRunsEdgesNode
    """The item itself."""


GetSweepPriorRunsProjectSweepPriorRunsEdgesNode = RunFields
GetSweepPriorRunsReply = Reply[GetSweepPriorRuns]
