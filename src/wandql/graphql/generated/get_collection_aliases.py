# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetCollectionAliases`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import AliasNameFields, PageInfoFields


class GetCollectionAliases(BaseModel):
    """The data of `GetCollectionAliases`."""

    artifact_collection: GetCollectionAliasesArtifactCollection | None
    """One collection of artifact versions."""


class GetCollectionAliasesArtifactCollection(BaseModel):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")
    aliases: GetCollectionAliasesArtifactCollectionAliases
    """All aliases of its versions, page by page."""


class GetCollectionAliasesArtifactCollectionAliases(BaseModel):
    """A page of aliases."""

    page_info: GetCollectionAliasesArtifactCollectionAliasesPageInfo
    """Where this page ends and whether another one follows."""
    edges: list[GetCollectionAliasesArtifactCollectionAliasesEdges]
    """The aliases of this page, in order, each with its position."""


GetCollectionAliasesArtifactCollectionAliasesPageInfo = PageInfoFields


class GetCollectionAliasesArtifactCollectionAliasesEdges(BaseModel):
    """One entry of a page of aliases."""

    node: GetCollectionAliasesArtifactCollectionAliasesEdgesNode | None
    """The item itself; null if it was deleted."""


GetCollectionAliasesArtifactCollectionAliasesEdgesNode = AliasNameFields
GetCollectionAliasesReply = Reply[GetCollectionAliases]
