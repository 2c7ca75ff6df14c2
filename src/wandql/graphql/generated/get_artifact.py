# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetArtifact`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import MembershipFields


class GetArtifact(BaseModel):
    """The data of `GetArtifact`."""

    project: GetArtifactProject | None
    """One project."""


class GetArtifactProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    artifact_collection_membership: GetArtifactProjectArtifactCollectionMembership | None
    """One artifact version in the collection it was asked for under; null if there is none."""


GetArtifactProjectArtifactCollectionMembership = MembershipFields
GetArtifactReply = Reply[GetArtifact]
