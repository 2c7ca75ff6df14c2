# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `UpdateSequence`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import CollectionFields


class UpdateSequence(BaseModel):
    """The data of `UpdateSequence`."""

    update_artifact_sequence: UpdateSequenceUpdateArtifactSequence | None
    """Changes the name or description of a sequence."""


class UpdateSequenceUpdateArtifactSequence(BaseModel):
    """The sequence as it is after `updateArtifactSequence`."""

    artifact_collection: UpdateSequenceUpdateArtifactSequenceArtifactCollection
    """The sequence."""


class UpdateSequenceUpdateArtifactSequenceArtifactCollection(CollectionFields):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")


UpdateSequenceReply = Reply[UpdateSequence]
