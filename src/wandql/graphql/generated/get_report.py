# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`.

"""The models of `GetReport`."""

from __future__ import annotations

from wandql.graphql.operation import Reply

from .base_model import BaseModel
from .fragments import ProjectPathFields, ReportFields


class GetReport(BaseModel):
    """The data of `GetReport`."""

    view: GetReportView | None
    """One report."""


class GetReportView(ReportFields):
    """A saved view of the web app. Those of the kind `runs` are reports."""

    home: GetReportViewHome | None
    """The project that it belongs to."""


GetReportViewHome = ProjectPathFields
GetReportReply = Reply[GetReport]
