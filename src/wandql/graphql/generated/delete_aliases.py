# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `DeleteAliases`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class DeleteAliases(BaseModel):
    """The data of `DeleteAliases`."""

    delete_aliases: DeleteAliasesDeleteAliases | None
    """Takes aliases from an artifact version."""


class DeleteAliasesDeleteAliases(BaseModel):
    """The answer of `deleteAliases`."""

    success: bool
    """Whether all were taken."""


DeleteAliasesReply = Reply[DeleteAliases]
