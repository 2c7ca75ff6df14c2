# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetArtifactType`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ArtifactTypeFields


class GetArtifactType(BaseModel):
    """The data of `GetArtifactType`."""

    project: GetArtifactTypeProject | None
    """One project."""


class GetArtifactTypeProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    artifact_type: GetArtifactTypeProjectArtifactType | None
    """One type of artifacts; null if there is none."""


GetArtifactTypeProjectArtifactType = ArtifactTypeFields
GetArtifactTypeReply = Reply[GetArtifactType]
