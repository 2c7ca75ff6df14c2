# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `CreateInvite`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import InviteFields


class CreateInvite(BaseModel):
    """The data of `CreateInvite`."""

    create_invite: CreateInviteCreateInvite | None
    """Adds a user to a team. Only those who administer the team may."""


class CreateInviteCreateInvite(BaseModel):
    """The invitation as it is after `createInvite`."""

    invite: CreateInviteCreateInviteInvite | None
    """The invitation."""


CreateInviteCreateInviteInvite = InviteFields
CreateInviteReply = Reply[CreateInvite]
