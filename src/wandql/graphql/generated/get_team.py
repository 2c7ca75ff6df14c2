# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetTeam`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import TeamFields


class GetTeam(BaseModel):
    """The data of `GetTeam`."""

    entity: GetTeamEntity | None
    """A user's or a team's namespace."""


GetTeamEntity = TeamFields
GetTeamReply = Reply[GetTeam]
