# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetArtifactVersions`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ArtifactFields, PageInfoFields


class GetArtifactVersions(BaseModel):
    """The data of `GetArtifactVersions`."""

    project: GetArtifactVersionsProject | None
    """One project."""


class GetArtifactVersionsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    artifact_type: GetArtifactVersionsProjectArtifactType | None
    """One type of artifacts; null if there is none."""


class GetArtifactVersionsProjectArtifactType(BaseModel):
    """A kind of artifacts in a project, for example `dataset` or `model`."""

    artifact_collection: GetArtifactVersionsProjectArtifactTypeArtifactCollection | None
    """One collection of this type; null if there is none."""


class GetArtifactVersionsProjectArtifactTypeArtifactCollection(BaseModel):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")
    artifacts: GetArtifactVersionsProjectArtifactTypeArtifactCollectionArtifacts | None
    """Its versions, page by page."""


class GetArtifactVersionsProjectArtifactTypeArtifactCollectionArtifacts(BaseModel):
    """A page of artifact versions of one collection."""

    total_count: int
    """The number of versions on all pages."""
    page_info: GetArtifactVersionsProjectArtifactTypeArtifactCollectionArtifactsPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetArtifactVersionsProjectArtifactTypeArtifactCollectionArtifactsEdges]
    """The artifact versions of one collection of this page, in order, each with its position."""


GetArtifactVersionsProjectArtifactTypeArtifactCollectionArtifactsPageInfo = PageInfoFields


class GetArtifactVersionsProjectArtifactTypeArtifactCollectionArtifactsEdges(BaseModel):
    """One entry of a page of artifact versions of one collection."""

    cursor: str
    """The opaque position of this entry: give it as `after` to continue behind it."""
    version: str
    """The version within this collection, as `v3`."""
    node: GetArtifactVersionsProjectArtifactTypeArtifactCollectionArtifactsEdgesNode
    """The item itself."""


GetArtifactVersionsProjectArtifactTypeArtifactCollectionArtifactsEdgesNode = ArtifactFields
GetArtifactVersionsReply = Reply[GetArtifactVersions]
