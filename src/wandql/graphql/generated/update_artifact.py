# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `UpdateArtifact`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ArtifactFields


class UpdateArtifact(BaseModel):
    """The data of `UpdateArtifact`."""

    update_artifact: UpdateArtifactUpdateArtifact | None
    """Changes a version's description, metadata, lifetime or tags. A field that is absent or null stays as it
    is.
    """


class UpdateArtifactUpdateArtifact(BaseModel):
    """The version as it is after `updateArtifact`."""

    artifact: UpdateArtifactUpdateArtifactArtifact
    """The version."""


UpdateArtifactUpdateArtifactArtifact = ArtifactFields
UpdateArtifactReply = Reply[UpdateArtifact]
