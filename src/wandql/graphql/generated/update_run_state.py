# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `UpdateRunState`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class UpdateRunState(BaseModel):
    """The data of `UpdateRunState`."""

    update_run_state: UpdateRunStateUpdateRunState | None
    """Sets the state of a run that no process reports to."""


class UpdateRunStateUpdateRunState(BaseModel):
    """The answer of `updateRunState`."""

    success: bool | None
    """Whether the state was changed."""


UpdateRunStateReply = Reply[UpdateRunState]
