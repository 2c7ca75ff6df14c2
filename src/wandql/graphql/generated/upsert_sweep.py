# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `UpsertSweep`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import SweepFields


class UpsertSweep(BaseModel):
    """The data of `UpsertSweep`."""

    upsert_sweep: UpsertSweepUpsertSweep | None
    """Creates a sweep, or changes it if an `id` is given. A field that is absent or null stays as it is."""


class UpsertSweepUpsertSweep(BaseModel):
    """The sweep as it is after `upsertSweep`."""

    sweep: UpsertSweepUpsertSweepSweep | None
    """The sweep."""
    config_validation_warnings: list[str] | None
    """What is questionable about the definition, in sentences; null or empty if nothing is."""


UpsertSweepUpsertSweepSweep = SweepFields
UpsertSweepReply = Reply[UpsertSweep]
