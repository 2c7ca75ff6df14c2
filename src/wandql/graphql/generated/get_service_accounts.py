# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetServiceAccounts`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import MemberFields


class GetServiceAccounts(BaseModel):
    """The data of `GetServiceAccounts`."""

    entity: GetServiceAccountsEntity | None
    """A user's or a team's namespace."""


class GetServiceAccountsEntity(BaseModel):
    """A namespace that owns projects: a user's own or a team."""

    member_list: list[GetServiceAccountsEntityMemberList]
    """The members of a team."""


class GetServiceAccountsEntityMemberList(MemberFields):
    """A user or service account as a member of a team, or someone who is invited."""

    secret: str | None
    """The API key of a service account, shown to administrators of the team only. This is a secret."""


GetServiceAccountsReply = Reply[GetServiceAccounts]
