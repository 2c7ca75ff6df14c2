# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of the schema's inputs that the operations take."""

from __future__ import annotations

from pydantic import Field

from .base_model import BaseModel


class ArtifactAliasInput(BaseModel):
    """An alias to give within the version's own project."""

    artifact_collection_name: str
    """The name of the collection."""
    alias: str
    """The alias."""


class ArtifactCollectionAliasInput(BaseModel):
    """An alias to give or take."""

    entity_name: str
    """The owner of the collection's project."""
    project_name: str
    """The name of the collection's project."""
    artifact_collection_name: str
    """The name of the collection."""
    alias: str
    """The alias."""


class TagInput(BaseModel):
    """A tag to give or take."""

    tag_name: str
    """The label."""


class CreateArtifactFileSpecInput(BaseModel):
    """A file of an artifact version to announce."""

    artifact_id: str = Field(alias="artifactID")
    """The version's opaque id."""
    artifact_manifest_id: str | None = Field(alias="artifactManifestID", default=None)
    """The manifest's opaque id."""
    name: str
    """The path within the artifact, with forward slashes."""
    md5: str
    """The MD5 of the content, base64."""
    digest: str | None = None
    """What the manifest says of the content, base64, where that is not its MD5."""
    mimetype: str | None = None
    """The media type, for example `image/png`."""
    upload_parts_input: list[UploadPartsInput] | None = None
    """The parts of a large file; absent to upload it in one piece."""


class UploadPartsInput(BaseModel):
    """A part of a large file."""

    part_number: int
    """The number of the part, from 1."""
    hex_md5: str = Field(alias="hexMD5")
    """The MD5 of the part, hex."""
