# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetCollection`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import CollectionFields


class GetCollection(BaseModel):
    """The data of `GetCollection`."""

    project: GetCollectionProject | None
    """One project."""


class GetCollectionProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    artifact_type: GetCollectionProjectArtifactType | None
    """One type of artifacts; null if there is none."""


class GetCollectionProjectArtifactType(BaseModel):
    """A kind of artifacts in a project, for example `dataset` or `model`."""

    artifact_collection: GetCollectionProjectArtifactTypeArtifactCollection | None
    """One collection of this type; null if there is none."""


class GetCollectionProjectArtifactTypeArtifactCollection(CollectionFields):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")


GetCollectionReply = Reply[GetCollection]
