# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetUsers`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import AccountFields


class GetUsers(BaseModel):
    """The data of `GetUsers`."""

    users: GetUsersUsers | None
    """Users whose username or email matches."""


class GetUsersUsers(BaseModel):
    """A page of users."""

    edges: list[GetUsersUsersEdges]
    """The users of this page, in order, each with its position."""


class GetUsersUsersEdges(BaseModel):
    """One entry of a page of users."""

    node: GetUsersUsersEdgesNode | None
    """The item itself; null if the account was deleted."""


GetUsersUsersEdgesNode = AccountFields
GetUsersReply = Reply[GetUsers]
