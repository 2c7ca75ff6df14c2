# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `StopRun`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class StopRun(BaseModel):
    """The data of `StopRun`."""

    stop_run: StopRunStopRun | None
    """Asks the process behind a live run to stop. It learns of it with its next report, so the run ends later."""


class StopRunStopRun(BaseModel):
    """The answer of `stopRun`."""

    success: bool
    """Whether the wish was recorded."""


StopRunReply = Reply[StopRun]
