# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `MoveSequence`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import CollectionFields


class MoveSequence(BaseModel):
    """The data of `MoveSequence`."""

    move_artifact_sequence: MoveSequenceMoveArtifactSequence | None
    """Moves a sequence with all its versions to another artifact type."""


class MoveSequenceMoveArtifactSequence(BaseModel):
    """The sequence as it is after `moveArtifactSequence`."""

    artifact_collection: MoveSequenceMoveArtifactSequenceArtifactCollection | None
    """The sequence."""


class MoveSequenceMoveArtifactSequenceArtifactCollection(CollectionFields):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")


MoveSequenceReply = Reply[MoveSequence]
