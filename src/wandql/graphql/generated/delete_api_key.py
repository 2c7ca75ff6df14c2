# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `DeleteApiKey`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class DeleteApiKey(BaseModel):
    """The data of `DeleteApiKey`."""

    delete_api_key: DeleteApiKeyDeleteApiKey | None
    """Deletes an API key of the viewer: it stops working at once."""


class DeleteApiKeyDeleteApiKey(BaseModel):
    """The answer of `deleteApiKey`."""

    success: bool | None
    """Whether the key has stopped working."""


DeleteApiKeyReply = Reply[DeleteApiKey]
