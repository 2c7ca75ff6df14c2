# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetClientArtifact`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class GetClientArtifact(BaseModel):
    """The data of `GetClientArtifact`."""

    client_id_mapping: GetClientArtifactClientIdMapping | None = Field(alias="clientIDMapping")
    """What the server calls a thing that a client named before it was uploaded."""


class GetClientArtifactClientIdMapping(BaseModel):
    """What the server calls a thing that a client named before it was uploaded."""

    server_id: str
    """The opaque global id."""


GetClientArtifactReply = Reply[GetClientArtifact]
