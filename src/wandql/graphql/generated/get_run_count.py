# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetRunCount`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class GetRunCount(BaseModel):
    """The data of `GetRunCount`."""

    project: GetRunCountProject | None
    """One project."""


class GetRunCountProject(BaseModel):
    """A collection of runs, sweeps, artifacts and reports that belong together."""

    run_count: int | None
    """The number of runs that match."""


GetRunCountReply = Reply[GetRunCount]
