# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetProjects`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import PageInfoFields, ProjectFields


class GetProjects(BaseModel):
    """The data of `GetProjects`."""

    projects: GetProjectsProjects | None
    """The projects of an entity, page by page."""


class GetProjectsProjects(BaseModel):
    """A page of projects."""

    page_info: GetProjectsProjectsPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetProjectsProjectsEdges]
    """The projects of this page, in order, each with its position."""


GetProjectsProjectsPageInfo = PageInfoFields


class GetProjectsProjectsEdges(BaseModel):
    """One entry of a page of projects."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    node: GetProjectsProjectsEdgesNode | None
    """The item itself; null if the viewer may not read it."""


GetProjectsProjectsEdgesNode = ProjectFields
GetProjectsReply = Reply[GetProjects]
