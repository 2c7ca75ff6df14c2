# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetArtifactManifest`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ManifestFields


class GetArtifactManifest(BaseModel):
    """The data of `GetArtifactManifest`."""

    artifact: GetArtifactManifestArtifact | None
    """One artifact version."""


class GetArtifactManifestArtifact(BaseModel):
    """One version of an artifact: a set of files with a digest, metadata and lineage. A version is born in one
    sequence, its source, and may be linked into portfolios. Its `vN` number and its aliases differ from
    collection to collection; those here are of the source.
    """

    current_manifest: GetArtifactManifestArtifactCurrentManifest | None
    """The list of files, as a file to download; null until it is uploaded."""


GetArtifactManifestArtifactCurrentManifest = ManifestFields
GetArtifactManifestReply = Reply[GetArtifactManifest]
