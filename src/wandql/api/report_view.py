"""What a report says of itself: pure views of its fields."""

from __future__ import annotations

import re
from functools import cached_property
from urllib.parse import quote

from wandql.api.embedding import iframe
from wandql.api.records import Record, read_object
from wandql.api.report_sections import sections_of
from wandql.graphql.generated.fragments import ReportFields
from wandql.graphql.scalars import JSONObject
from wandql.paths import ReportPath

__all__ = ["ReportView", "address_of_report"]


class ReportView(Record, ReportFields):
    """One report."""

    entity: str
    """The user or team that owns the report's project."""
    project: str
    """The name of the report's project."""
    url: str
    """The address of the report in the web app."""

    @property
    def identity(self) -> str:
        """The report's opaque id."""
        return self.id

    @property
    def path(self) -> list[str]:
        """Entity, project and the report's id as it stands in web addresses."""
        return [self.entity, self.project, self.id.rstrip("=")]

    @cached_property
    def spec(self) -> JSONObject:
        """What the report contains: its blocks, panels and the sets of runs that they show, as the web app keeps it."""
        return read_object(self.spec_json, what=f"a spec of the report {self.id}")

    @property
    def sections(self) -> list[JSONObject]:
        """The parts that show runs: the panel groups of old reports, what the panel grids of newer ones hold."""
        return sections_of(self.spec)

    def to_html(self, height: int = 1024, hidden: bool = False) -> str:  # noqa: FBT001, FBT002 - the official signature
        """Return HTML that shows the report in the web app, for notebooks. Sends nothing.

        Args:
            height: The height, in pixels.
            hidden: Whether it is folded, with a button that shows it.

        Example:
            >>> api.reports("alice/mnist")[0].to_html()
            '<iframe src="http://.../alice/mnist/reports/Learning-rates--Vmlldzox?jupyter=true" ...></iframe>'
        """
        return iframe(self.url, what="report", height=height, hidden=hidden)

    def __repr__(self) -> str:
        return f"<BetaReport {self.entity}/{self.project} {self.display_name or self.name!r}>"


def address_of_report(path: ReportPath, app_url: str, title: str | None) -> str:
    """Return the address of a report in the web app. Its title is there for people; the id alone finds it.

    Args:
        path: The report.
        app_url: The address of the web app.
        title: The report's title.

    >>> address_of_report(ReportPath("me", "mnist", "VmlldzoxMjM"), "https://wandb.ai", "What we learned, so far")
    'https://wandb.ai/me/mnist/reports/What-we-learned-so-far--VmlldzoxMjM'
    """
    slug = quote(re.sub(r"\W+", "-", title or "").strip("-"))
    before, _, id_ = path.url(app_url).rpartition("--")
    return f"{before}{slug}--{id_}"
