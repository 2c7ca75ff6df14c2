# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `CreateArtifactManifest`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import FileUploadFields


class CreateArtifactManifest(BaseModel):
    """The data of `CreateArtifactManifest`."""

    create_artifact_manifest: CreateArtifactManifestCreateArtifactManifest | None
    """Announces the manifest of an artifact version and returns where to upload it."""


class CreateArtifactManifestCreateArtifactManifest(BaseModel):
    """The manifest as it is after `createArtifactManifest`."""

    artifact_manifest: CreateArtifactManifestCreateArtifactManifestArtifactManifest
    """The manifest, with where to upload its file."""


class CreateArtifactManifestCreateArtifactManifestArtifactManifest(BaseModel):
    """The list of an artifact version's files."""

    file: CreateArtifactManifestCreateArtifactManifestArtifactManifestFile
    """The manifest itself: a JSON file with the path, digest and size of each file."""


CreateArtifactManifestCreateArtifactManifestArtifactManifestFile = FileUploadFields
CreateArtifactManifestReply = Reply[CreateArtifactManifest]
