# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetSweeps`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import PageInfoFields, SweepFields


class GetSweeps(BaseModel):
    """The data of `GetSweeps`."""

    project: GetSweepsProject | None
    """One project."""


class GetSweepsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    total_sweeps: int
    """The number of sweeps, whatever the filter of `sweeps`."""
    sweeps: GetSweepsProjectSweeps | None
    """The sweeps, page by page."""


class GetSweepsProjectSweeps(BaseModel):
    """A page of sweeps."""

    page_info: GetSweepsProjectSweepsPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetSweepsProjectSweepsEdges]
    """The sweeps of this page, in order, each with its position."""


GetSweepsProjectSweepsPageInfo = PageInfoFields


class GetSweepsProjectSweepsEdges(BaseModel):
    """One entry of a page of sweeps."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    node: GetSweepsProjectSweepsEdgesNode
    """The item itself."""


GetSweepsProjectSweepsEdgesNode = SweepFields
GetSweepsReply = Reply[GetSweeps]
