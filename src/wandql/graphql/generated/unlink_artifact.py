# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `UnlinkArtifact`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class UnlinkArtifact(BaseModel):
    """The data of `UnlinkArtifact`."""

    unlink_artifact: UnlinkArtifactUnlinkArtifact | None
    """Takes an artifact version out of a portfolio. The version itself stays."""


class UnlinkArtifactUnlinkArtifact(BaseModel):
    """The answer of `unlinkArtifact`."""

    success: bool
    """Whether it was taken out."""


UnlinkArtifactReply = Reply[UnlinkArtifact]
