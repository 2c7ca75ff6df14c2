# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `UpsertReport`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ReportFields


class UpsertReport(BaseModel):
    """The data of `UpsertReport`."""

    upsert_view: UpsertReportUpsertView | None
    """Creates a report, or changes it if an `id` is given. A field that is absent or null stays as it is."""


class UpsertReportUpsertView(BaseModel):
    """The report as it is after `upsertView`."""

    inserted: bool | None
    """True if the report is new, false if it existed."""
    report: UpsertReportUpsertViewReport | None
    """The report."""


UpsertReportUpsertViewReport = ReportFields
UpsertReportReply = Reply[UpsertReport]
