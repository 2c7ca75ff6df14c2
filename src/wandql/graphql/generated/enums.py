# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

from __future__ import annotations

from wandql.graphql.model import OpenEnum


class ArtifactState(OpenEnum):
    """Whether an artifact version can be used."""

    PENDING = "PENDING"
    """Still being uploaded."""
    COMMITTED = "COMMITTED"
    """Complete."""
    DELETED = "DELETED"
    """Deleted; its files are gone or will be soon."""


class ArtifactCollectionState(OpenEnum):
    """Whether a collection exists."""

    READY = "READY"
    """It exists."""
    DELETED = "DELETED"
    """It is deleted."""
