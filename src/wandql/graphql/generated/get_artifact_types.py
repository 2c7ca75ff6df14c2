# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetArtifactTypes`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ArtifactTypeFields, PageInfoFields


class GetArtifactTypes(BaseModel):
    """The data of `GetArtifactTypes`."""

    project: GetArtifactTypesProject | None
    """One project."""


class GetArtifactTypesProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    artifact_types: GetArtifactTypesProjectArtifactTypes
    """The types of artifacts, page by page."""


class GetArtifactTypesProjectArtifactTypes(BaseModel):
    """A page of artifact types."""

    page_info: GetArtifactTypesProjectArtifactTypesPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetArtifactTypesProjectArtifactTypesEdges]
    """The artifact types of this page, in order, each with its position."""


GetArtifactTypesProjectArtifactTypesPageInfo = PageInfoFields


class GetArtifactTypesProjectArtifactTypesEdges(BaseModel):
    """One entry of a page of artifact types."""

    node: GetArtifactTypesProjectArtifactTypesEdgesNode | None
    """The item itself; null if it was deleted."""


GetArtifactTypesProjectArtifactTypesEdgesNode = ArtifactTypeFields
GetArtifactTypesReply = Reply[GetArtifactTypes]
