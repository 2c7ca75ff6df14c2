# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `CreateTeam`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import TeamFields


class CreateTeam(BaseModel):
    """The data of `CreateTeam`."""

    create_team: CreateTeamCreateTeam | None
    """Creates a team."""


class CreateTeamCreateTeam(BaseModel):
    """The team as it is after `createTeam`."""

    team: CreateTeamCreateTeamTeam | None
    """The team."""


CreateTeamCreateTeamTeam = TeamFields
CreateTeamReply = Reply[CreateTeam]
