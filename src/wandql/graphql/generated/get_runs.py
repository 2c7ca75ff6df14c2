# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRuns`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import PageInfoFields, RunFields


class GetRuns(BaseModel):
    """The data of `GetRuns`."""

    project: GetRunsProject | None
    """One project."""


class GetRunsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run_count: int | None
    """The number of runs that match."""
    runs: GetRunsProjectRuns | None
    """The runs that match, page by page."""


class GetRunsProjectRuns(BaseModel):
    """A page of runs."""

    page_info: GetRunsProjectRunsPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetRunsProjectRunsEdges]
    """The runs of this page, in order, each with its position."""


GetRunsProjectRunsPageInfo = PageInfoFields


class GetRunsProjectRunsEdges(BaseModel):
    """One entry of a page of runs."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    node: GetRunsProjectRunsEdgesNode
    """The item itself."""


GetRunsProjectRunsEdgesNode = RunFields
GetRunsReply = Reply[GetRuns]
