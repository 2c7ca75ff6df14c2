# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRun`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import RunFields


class GetRun(BaseModel):
    """The data of `GetRun`."""

    project: GetRunProject | None
    """One project."""


class GetRunProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run: GetRunProjectRun | None
    """One run; null if there is none of that id."""


GetRunProjectRun = RunFields
GetRunReply = Reply[GetRun]
