# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetArtifactByID`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ArtifactFields


class GetArtifactByID(BaseModel):
    """The data of `GetArtifactByID`."""

    artifact: GetArtifactByIDArtifact | None
    """One artifact version."""


GetArtifactByIDArtifact = ArtifactFields
GetArtifactByIDReply = Reply[GetArtifactByID]
