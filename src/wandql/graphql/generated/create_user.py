# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `CreateUser`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import AccountFields


class CreateUser(BaseModel):
    """The data of `CreateUser`."""

    create_user: CreateUserCreateUser | None
    """Creates a user and invites them by email. Only administrators of the server may."""


class CreateUserCreateUser(BaseModel):
    """The user as they are after `createUser`."""

    user: CreateUserCreateUserUser | None
    """The user."""


CreateUserCreateUserUser = AccountFields
CreateUserReply = Reply[CreateUser]
