# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `AddAliases`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class AddAliases(BaseModel):
    """The data of `AddAliases`."""

    add_aliases: AddAliasesAddAliases | None
    """Gives an artifact version aliases. An alias moves here from any other version of its collection."""


class AddAliasesAddAliases(BaseModel):
    """The answer of `addAliases`."""

    success: bool
    """Whether all were given."""


AddAliasesReply = Reply[AddAliases]
