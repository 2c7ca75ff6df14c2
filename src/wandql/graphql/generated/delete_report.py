# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `DeleteReport`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel


class DeleteReport(BaseModel):
    """The data of `DeleteReport`."""

    delete_view: DeleteReportDeleteView | None
    """Deletes a report. This cannot be undone."""


class DeleteReportDeleteView(BaseModel):
    """The answer of `deleteView`."""

    success: bool | None
    """Whether the report is gone."""


DeleteReportReply = Reply[DeleteReport]
