# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GenerateApiKey`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class GenerateApiKey(BaseModel):
    """The data of `GenerateApiKey`."""

    generate_api_key: GenerateApiKeyGenerateApiKey | None
    """Makes an API key for the viewer."""


class GenerateApiKeyGenerateApiKey(BaseModel):
    """The key as it is after `generateApiKey`."""

    api_key: GenerateApiKeyGenerateApiKeyApiKey | None
    """The key. Here alone its `name` is the secret itself."""


class GenerateApiKeyGenerateApiKeyApiKey(BaseModel):
    """An API key, without its secret."""

    id: str
    """Opaque global id."""
    secret: str
    """The name the key is listed under, not its secret."""
    description: str | None
    """What the key is for, in its owner's words."""


GenerateApiKeyReply = Reply[GenerateApiKey]
