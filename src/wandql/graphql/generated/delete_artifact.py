# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `DeleteArtifact`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class DeleteArtifact(BaseModel):
    """The data of `DeleteArtifact`."""

    delete_artifact: DeleteArtifactDeleteArtifact | None
    """Deletes an artifact version. This cannot be undone."""


class DeleteArtifactDeleteArtifact(BaseModel):
    """The version as it was before `deleteArtifact`."""

    artifact: DeleteArtifactDeleteArtifactArtifact
    """The version."""


class DeleteArtifactDeleteArtifactArtifact(BaseModel):
    """One version of an artifact: a set of files with a digest, metadata and lineage. A version is born in one
    sequence, its source, and may be linked into portfolios. Its `vN` number and its aliases differ from
    collection to collection; those here are of the source.
    """

    id: str
    """Opaque global id."""


DeleteArtifactReply = Reply[DeleteArtifact]
