# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `UseArtifact`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class UseArtifact(BaseModel):
    """The data of `UseArtifact`."""

    use_artifact: UseArtifactUseArtifact | None
    """Records that a run uses an artifact version as input."""


class UseArtifactUseArtifact(BaseModel):
    """The answer of `useArtifact`."""

    artifact: UseArtifactUseArtifactArtifact
    """The version."""


class UseArtifactUseArtifactArtifact(BaseModel):
    """One version of an artifact: a set of files with a digest, metadata and lineage. A version is born in one
    sequence, its source, and may be linked into portfolios. Its `vN` number and its aliases differ from
    collection to collection; those here are of the source.
    """

    id: str
    """Opaque global id."""


UseArtifactReply = Reply[UseArtifact]
