# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `DeleteInvite`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class DeleteInvite(BaseModel):
    """The data of `DeleteInvite`."""

    delete_invite: DeleteInviteDeleteInvite | None
    """Takes a member out of a team. Only those who administer the team may, and members themselves."""


class DeleteInviteDeleteInvite(BaseModel):
    """The answer of `deleteInvite`."""

    success: bool | None
    """Whether the membership has ended."""


DeleteInviteReply = Reply[DeleteInvite]
