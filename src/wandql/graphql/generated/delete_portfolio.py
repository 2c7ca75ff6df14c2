# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `DeletePortfolio`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .enums import ArtifactCollectionState


class DeletePortfolio(BaseModel):
    """The data of `DeletePortfolio`."""

    delete_artifact_portfolio: DeletePortfolioDeleteArtifactPortfolio | None
    """Deletes a portfolio. The versions in it stay where they come from."""


class DeletePortfolioDeleteArtifactPortfolio(BaseModel):
    """The portfolio as it is after `deleteArtifactPortfolio`."""

    artifact_collection: DeletePortfolioDeleteArtifactPortfolioArtifactCollection
    """The portfolio, with state `DELETED`."""


class DeletePortfolioDeleteArtifactPortfolioArtifactCollection(BaseModel):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")
    state: ArtifactCollectionState
    """Whether it exists; a deleted one shows up only as the answer of its deletion."""


DeletePortfolioReply = Reply[DeletePortfolio]
