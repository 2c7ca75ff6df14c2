# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetCollections`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import CollectionFields, PageInfoFields


class GetCollections(BaseModel):
    """The data of `GetCollections`."""

    project: GetCollectionsProject | None
    """One project."""


class GetCollectionsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    artifact_type: GetCollectionsProjectArtifactType | None
    """One type of artifacts; null if there is none."""


class GetCollectionsProjectArtifactType(BaseModel):
    """A kind of artifacts in a project, for example `dataset` or `model`."""

    artifact_collections: GetCollectionsProjectArtifactTypeArtifactCollections | None
    """The collections of this type, page by page."""


class GetCollectionsProjectArtifactTypeArtifactCollections(BaseModel):
    """A page of collections."""

    total_count: int
    """The number of collections on all pages."""
    page_info: GetCollectionsProjectArtifactTypeArtifactCollectionsPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetCollectionsProjectArtifactTypeArtifactCollectionsEdges]
    """The collections of this page, in order, each with its position."""


GetCollectionsProjectArtifactTypeArtifactCollectionsPageInfo = PageInfoFields


class GetCollectionsProjectArtifactTypeArtifactCollectionsEdges(BaseModel):
    """One entry of a page of collections."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    node: GetCollectionsProjectArtifactTypeArtifactCollectionsEdgesNode | None
    """The item itself; null if it was deleted."""


class GetCollectionsProjectArtifactTypeArtifactCollectionsEdgesNode(CollectionFields):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")


GetCollectionsReply = Reply[GetCollections]
