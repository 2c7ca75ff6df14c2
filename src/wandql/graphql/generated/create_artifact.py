# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `CreateArtifact`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ArtifactFields


class CreateArtifact(BaseModel):
    """The data of `CreateArtifact`."""

    create_artifact: CreateArtifactCreateArtifact | None
    """Begins a new version of an artifact, or finds the version that already has this content."""


class CreateArtifactCreateArtifact(BaseModel):
    """The version as it is after `createArtifact`."""

    artifact: CreateArtifactCreateArtifactArtifact
    """The version. If it is committed, its content was there already and nothing is to be uploaded."""


CreateArtifactCreateArtifactArtifact = ArtifactFields
CreateArtifactReply = Reply[CreateArtifact]
