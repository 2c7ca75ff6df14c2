# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetProjectCollections`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import CollectionFields, PageInfoFields


class GetProjectCollections(BaseModel):
    """The data of `GetProjectCollections`."""

    project: GetProjectCollectionsProject | None
    """One project."""


class GetProjectCollectionsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    artifact_collections: GetProjectCollectionsProjectArtifactCollections | None
    """The collections of artifact versions of all types, page by page."""


class GetProjectCollectionsProjectArtifactCollections(BaseModel):
    """A page of collections."""

    total_count: int
    """The number of collections on all pages."""
    page_info: GetProjectCollectionsProjectArtifactCollectionsPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetProjectCollectionsProjectArtifactCollectionsEdges]
    """The collections of this page, in order, each with its position."""


GetProjectCollectionsProjectArtifactCollectionsPageInfo = PageInfoFields


class GetProjectCollectionsProjectArtifactCollectionsEdges(BaseModel):
    """One entry of a page of collections."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    node: GetProjectCollectionsProjectArtifactCollectionsEdgesNode | None
    """The item itself; null if it was deleted."""


class GetProjectCollectionsProjectArtifactCollectionsEdgesNode(CollectionFields):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")


GetProjectCollectionsReply = Reply[GetProjectCollections]
