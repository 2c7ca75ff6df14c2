# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetServerFeatures`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ServerFeatureFields


class GetServerFeatures(BaseModel):
    """The data of `GetServerFeatures`."""

    server_info: GetServerFeaturesServerInfo | None
    """The server's version limits and features."""


class GetServerFeaturesServerInfo(BaseModel):
    """What a client must know about the server before it asks more."""

    features: list[GetServerFeaturesServerInfoFeatures | None]
    """The optional features, each on or off. A feature that is not listed is off."""


GetServerFeaturesServerInfoFeatures = ServerFeatureFields
GetServerFeaturesReply = Reply[GetServerFeatures]
