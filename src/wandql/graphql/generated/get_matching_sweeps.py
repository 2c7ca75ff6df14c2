# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetMatchingSweeps`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import PageInfoFields, SweepFields


class GetMatchingSweeps(BaseModel):
    """The data of `GetMatchingSweeps`."""

    project: GetMatchingSweepsProject | None
    """One project."""


class GetMatchingSweepsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    sweeps: GetMatchingSweepsProjectSweeps | None
    """The sweeps, page by page."""


class GetMatchingSweepsProjectSweeps(BaseModel):
    """A page of sweeps."""

    page_info: GetMatchingSweepsProjectSweepsPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetMatchingSweepsProjectSweepsEdges]
    """The sweeps of this page, in order, each with its position."""


GetMatchingSweepsProjectSweepsPageInfo = PageInfoFields


class GetMatchingSweepsProjectSweepsEdges(BaseModel):
    """One entry of a page of sweeps."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    node: GetMatchingSweepsProjectSweepsEdgesNode
    """The item itself."""


GetMatchingSweepsProjectSweepsEdgesNode = SweepFields
GetMatchingSweepsReply = Reply[GetMatchingSweeps]
