# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetArtifactFiles`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ArtifactFileFields, PageInfoFields


class GetArtifactFiles(BaseModel):
    """The data of `GetArtifactFiles`."""

    project: GetArtifactFilesProject | None
    """One project."""


class GetArtifactFilesProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    artifact_collection: GetArtifactFilesProjectArtifactCollection | None
    """One collection of artifact versions, of any type; null if there is none."""


class GetArtifactFilesProjectArtifactCollection(BaseModel):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")
    artifact_membership: GetArtifactFilesProjectArtifactCollectionArtifactMembership | None
    """One version as part of this collection; null if there is none."""


class GetArtifactFilesProjectArtifactCollectionArtifactMembership(BaseModel):
    """An artifact version as part of one collection, with its number and aliases there."""

    files: GetArtifactFilesProjectArtifactCollectionArtifactMembershipFiles | None
    """The version's files, page by page."""


class GetArtifactFilesProjectArtifactCollectionArtifactMembershipFiles(BaseModel):
    """A page of files."""

    total_count: int | None
    """The number of files on all pages. Servers without the feature `TOTAL_COUNT_IN_FILE_CONNECTION` do not have
    it.
    """
    page_info: GetArtifactFilesProjectArtifactCollectionArtifactMembershipFilesPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetArtifactFilesProjectArtifactCollectionArtifactMembershipFilesEdges]
    """The files of this page, in order, each with its position."""


GetArtifactFilesProjectArtifactCollectionArtifactMembershipFilesPageInfo = PageInfoFields


class GetArtifactFilesProjectArtifactCollectionArtifactMembershipFilesEdges(BaseModel):
    """One entry of a page of files."""

    node: GetArtifactFilesProjectArtifactCollectionArtifactMembershipFilesEdgesNode | None
    """The item itself; null if it was deleted."""


GetArtifactFilesProjectArtifactCollectionArtifactMembershipFilesEdgesNode = ArtifactFileFields
GetArtifactFilesReply = Reply[GetArtifactFiles]
