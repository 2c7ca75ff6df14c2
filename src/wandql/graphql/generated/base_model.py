"""The base of the models."""

from __future__ import annotations

from wandql.graphql.model import BaseModel

__all__ = ["BaseModel"]
