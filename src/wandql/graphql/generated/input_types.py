# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of the schema's inputs that the operations take."""

from __future__ import annotations

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
