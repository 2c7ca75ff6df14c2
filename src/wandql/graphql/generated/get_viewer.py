# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetViewer`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import AccountFields


class GetViewer(BaseModel):
    """The data of `GetViewer`."""

    viewer: GetViewerViewer | None
    """The user whose API key signs the request; null without a valid key."""


GetViewerViewer = AccountFields
GetViewerReply = Reply[GetViewer]
