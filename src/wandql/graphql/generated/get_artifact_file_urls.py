# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetArtifactFileUrls`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import FileUrlFields, PageInfoFields


class GetArtifactFileUrls(BaseModel):
    """The data of `GetArtifactFileUrls`."""

    project: GetArtifactFileUrlsProject | None
    """One project."""


class GetArtifactFileUrlsProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    artifact_collection: GetArtifactFileUrlsProjectArtifactCollection | None
    """One collection of artifact versions, of any type; null if there is none."""


class GetArtifactFileUrlsProjectArtifactCollection(BaseModel):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")
    artifact_membership: GetArtifactFileUrlsProjectArtifactCollectionArtifactMembership | None
    """One version as part of this collection; null if there is none."""


class GetArtifactFileUrlsProjectArtifactCollectionArtifactMembership(BaseModel):
    """An artifact version as part of one collection, with its number and aliases there."""

    files: GetArtifactFileUrlsProjectArtifactCollectionArtifactMembershipFiles | None
    """The version's files, page by page."""


class GetArtifactFileUrlsProjectArtifactCollectionArtifactMembershipFiles(BaseModel):
    """A page of files."""

    page_info: GetArtifactFileUrlsProjectArtifactCollectionArtifactMembershipFilesPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetArtifactFileUrlsProjectArtifactCollectionArtifactMembershipFilesEdges]
    """The files of this page, in order, each with its position."""


GetArtifactFileUrlsProjectArtifactCollectionArtifactMembershipFilesPageInfo = PageInfoFields


class GetArtifactFileUrlsProjectArtifactCollectionArtifactMembershipFilesEdges(BaseModel):
    """One entry of a page of files."""

    node: GetArtifactFileUrlsProjectArtifactCollectionArtifactMembershipFilesEdgesNode | None
    """The item itself; null if it was deleted."""


GetArtifactFileUrlsProjectArtifactCollectionArtifactMembershipFilesEdgesNode = FileUrlFields
GetArtifactFileUrlsReply = Reply[GetArtifactFileUrls]
