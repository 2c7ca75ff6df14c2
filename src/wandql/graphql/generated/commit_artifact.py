# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `CommitArtifact`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ArtifactFields


class CommitArtifact(BaseModel):
    """The data of `CommitArtifact`."""

    commit_artifact: CommitArtifactCommitArtifact | None
    """Completes a version: it gets its number and aliases, and can be used from then on."""


class CommitArtifactCommitArtifact(BaseModel):
    """The version as it is after `commitArtifact`."""

    artifact: CommitArtifactCommitArtifactArtifact
    """The version."""


CommitArtifactCommitArtifactArtifact = ArtifactFields
CommitArtifactReply = Reply[CommitArtifact]
