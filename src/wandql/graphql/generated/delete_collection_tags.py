# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `DeleteCollectionTags`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class DeleteCollectionTags(BaseModel):
    """The data of `DeleteCollectionTags`."""

    delete_artifact_collection_tag_assignments: DeleteCollectionTagsDeleteArtifactCollectionTagAssignments | None
    """Takes tags from a collection."""


class DeleteCollectionTagsDeleteArtifactCollectionTagAssignments(BaseModel):
    """The answer of `deleteArtifactCollectionTagAssignments`."""

    success: bool
    """Whether all were taken."""


DeleteCollectionTagsReply = Reply[DeleteCollectionTags]
