# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetArtifactMemberships`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import LinkFields


class GetArtifactMemberships(BaseModel):
    """The data of `GetArtifactMemberships`."""

    artifact: GetArtifactMembershipsArtifact | None
    """One artifact version."""


class GetArtifactMembershipsArtifact(BaseModel):
    """One version of an artifact: a set of files with a digest, metadata and lineage. A version is born in one
    sequence, its source, and may be linked into portfolios. Its `vN` number and its aliases differ from
    collection to collection; those here are of the source.
    """

    artifact_memberships: GetArtifactMembershipsArtifactArtifactMemberships
    """All collections that hold the version: its source, and where it is linked."""


class GetArtifactMembershipsArtifactArtifactMemberships(BaseModel):
    """A page of memberships in collections."""

    edges: list[GetArtifactMembershipsArtifactArtifactMembershipsEdges]
    """The memberships in collections of this page, in order, each with its position."""


class GetArtifactMembershipsArtifactArtifactMembershipsEdges(BaseModel):
    """One entry of a page of memberships in collections."""

    node: GetArtifactMembershipsArtifactArtifactMembershipsEdgesNode | None
    """The item itself; null if it was deleted."""


GetArtifactMembershipsArtifactArtifactMembershipsEdgesNode = LinkFields
GetArtifactMembershipsReply = Reply[GetArtifactMemberships]
