# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `DeleteSequence`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .enums import ArtifactCollectionState


class DeleteSequence(BaseModel):
    """The data of `DeleteSequence`."""

    delete_artifact_sequence: DeleteSequenceDeleteArtifactSequence | None
    """Deletes a sequence with all its versions. This cannot be undone."""


class DeleteSequenceDeleteArtifactSequence(BaseModel):
    """The sequence as it is after `deleteArtifactSequence`."""

    artifact_collection: DeleteSequenceDeleteArtifactSequenceArtifactCollection
    """The sequence, with state `DELETED`."""


class DeleteSequenceDeleteArtifactSequenceArtifactCollection(BaseModel):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")
    state: ArtifactCollectionState
    """Whether it exists; a deleted one shows up only as the answer of its deletion."""


DeleteSequenceReply = Reply[DeleteSequence]
