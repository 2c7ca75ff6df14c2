# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `AddCollectionTags`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import TagFields


class AddCollectionTags(BaseModel):
    """The data of `AddCollectionTags`."""

    create_artifact_collection_tag_assignments: AddCollectionTagsCreateArtifactCollectionTagAssignments | None
    """Gives a collection tags."""


class AddCollectionTagsCreateArtifactCollectionTagAssignments(BaseModel):
    """The answer of `createArtifactCollectionTagAssignments`."""

    tags: list[AddCollectionTagsCreateArtifactCollectionTagAssignmentsTags]
    """The tags that were given."""


AddCollectionTagsCreateArtifactCollectionTagAssignmentsTags = TagFields
AddCollectionTagsReply = Reply[AddCollectionTags]
