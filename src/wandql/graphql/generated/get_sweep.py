# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetSweep`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import SweepFields


class GetSweep(BaseModel):
    """The data of `GetSweep`."""

    project: GetSweepProject | None
    """One project."""


class GetSweepProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    sweep: GetSweepProjectSweep | None
    """One sweep; null if there is none of that id."""


GetSweepProjectSweep = SweepFields
GetSweepReply = Reply[GetSweep]
