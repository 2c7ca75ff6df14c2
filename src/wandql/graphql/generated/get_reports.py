# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetReports`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import PageInfoFields, ReportFields


class GetReports(BaseModel):
    """The data of `GetReports`."""

    project: GetReportsProject | None
    """One project."""


class GetReportsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    all_views: GetReportsProjectAllViews | None
    """The saved views of the web app, page by page."""


class GetReportsProjectAllViews(BaseModel):
    """A page of saved views."""

    page_info: GetReportsProjectAllViewsPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetReportsProjectAllViewsEdges]
    """The saved views of this page, in order, each with its position."""


GetReportsProjectAllViewsPageInfo = PageInfoFields


class GetReportsProjectAllViewsEdges(BaseModel):
    """One entry of a page of saved views."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    node: GetReportsProjectAllViewsEdgesNode | None
    """The item itself; null if it was deleted."""


GetReportsProjectAllViewsEdgesNode = ReportFields
GetReportsReply = Reply[GetReports]
