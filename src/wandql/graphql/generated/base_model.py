# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.
"""The base of the models."""

from __future__ import annotations

from wandql.graphql.model import BaseModel

__all__ = ["BaseModel"]
