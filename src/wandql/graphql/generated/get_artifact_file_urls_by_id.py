# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetArtifactFileUrlsByID`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import FileUrlFields


class GetArtifactFileUrlsByID(BaseModel):
    """The data of `GetArtifactFileUrlsByID`."""

    artifact: GetArtifactFileUrlsByIDArtifact | None
    """One artifact version."""


class GetArtifactFileUrlsByIDArtifact(BaseModel):
    """One version of an artifact: a set of files with a digest, metadata and lineage. A version is born in one
    sequence, its source, and may be linked into portfolios. Its `vN` number and its aliases differ from
    collection to collection; those here are of the source.
    """

    artifact_memberships: GetArtifactFileUrlsByIDArtifactArtifactMemberships
    """All collections that hold the version: its source, and where it is linked."""


class GetArtifactFileUrlsByIDArtifactArtifactMemberships(BaseModel):
    """A page of memberships in collections."""

    edges: list[GetArtifactFileUrlsByIDArtifactArtifactMembershipsEdges]
    """The memberships in collections of this page, in order, each with its position."""


class GetArtifactFileUrlsByIDArtifactArtifactMembershipsEdges(BaseModel):
    """One entry of a page of memberships in collections."""

    node: GetArtifactFileUrlsByIDArtifactArtifactMembershipsEdgesNode | None
    """The item itself; null if it was deleted."""


class GetArtifactFileUrlsByIDArtifactArtifactMembershipsEdgesNode(BaseModel):
    """An artifact version as part of one collection, with its number and aliases there."""

    files: GetArtifactFileUrlsByIDArtifactArtifactMembershipsEdgesNodeFiles | None
    """The version's files, page by page."""


class GetArtifactFileUrlsByIDArtifactArtifactMembershipsEdgesNodeFiles(BaseModel):
    """A page of files."""

    edges: list[GetArtifactFileUrlsByIDArtifactArtifactMembershipsEdgesNodeFilesEdges]
    """The files of this page, in order, each with its position."""


class GetArtifactFileUrlsByIDArtifactArtifactMembershipsEdgesNodeFilesEdges(BaseModel):
    """One entry of a page of files."""

    node: GetArtifactFileUrlsByIDArtifactArtifactMembershipsEdgesNodeFilesEdgesNode | None
    """The item itself; null if it was deleted."""


GetArtifactFileUrlsByIDArtifactArtifactMembershipsEdgesNodeFilesEdgesNode = FileUrlFields
GetArtifactFileUrlsByIDReply = Reply[GetArtifactFileUrlsByID]
