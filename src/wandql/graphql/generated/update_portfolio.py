# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `UpdatePortfolio`."""

from __future__ import annotations

from pydantic import Field

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import CollectionFields


class UpdatePortfolio(BaseModel):
    """The data of `UpdatePortfolio`."""

    update_artifact_portfolio: UpdatePortfolioUpdateArtifactPortfolio | None
    """Changes the name or description of a portfolio."""


class UpdatePortfolioUpdateArtifactPortfolio(BaseModel):
    """The portfolio as it is after `updateArtifactPortfolio`."""

    artifact_collection: UpdatePortfolioUpdateArtifactPortfolioArtifactCollection
    """The portfolio."""


class UpdatePortfolioUpdateArtifactPortfolioArtifactCollection(CollectionFields):
    """A named list of artifact versions: a sequence, where they are born, or a portfolio, where they are linked."""

    typename__: str = Field(alias="__typename")


UpdatePortfolioReply = Reply[UpdatePortfolio]
