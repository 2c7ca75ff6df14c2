# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `CreateArtifactFiles`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import FileUploadFields


class CreateArtifactFiles(BaseModel):
    """The data of `CreateArtifactFiles`."""

    create_artifact_files: CreateArtifactFilesCreateArtifactFiles | None
    """Announces files of artifact versions and returns where to upload each."""


class CreateArtifactFilesCreateArtifactFiles(BaseModel):
    """Where to upload the announced files."""

    files: CreateArtifactFilesCreateArtifactFilesFiles
    """The files, in the order of the input."""


class CreateArtifactFilesCreateArtifactFilesFiles(BaseModel):
    """A page of files."""

    edges: list[CreateArtifactFilesCreateArtifactFilesFilesEdges]
    """The files of this page, in order, each with its position."""


class CreateArtifactFilesCreateArtifactFilesFilesEdges(BaseModel):
    """One entry of a page of files."""

    node: CreateArtifactFilesCreateArtifactFilesFilesEdgesNode | None
    """The item itself; null if it was deleted."""


CreateArtifactFilesCreateArtifactFilesFilesEdgesNode = FileUploadFields
CreateArtifactFilesReply = Reply[CreateArtifactFiles]
