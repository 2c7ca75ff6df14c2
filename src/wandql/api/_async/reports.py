"""Reports: one, and those of a project."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from pydantic import PrivateAttr

from wandql.api._async.collections import AsyncCollection, located
from wandql.api._async.runs import AsyncRuns
from wandql.api.missing import project_not_found, report_not_found
from wandql.api.pages import Mark, Page
from wandql.api.records import bound
from wandql.api.report_sections import read_run_set
from wandql.api.report_view import ReportView, address_of_report
from wandql.client._async.client import AsyncClient
from wandql.client.paging import end_of
from wandql.filters import encode_order, select
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import ReportFields
from wandql.graphql.scalars import JSONObject
from wandql.paths import ProjectPath, ReportPath

__all__ = ["AsyncBetaReport", "AsyncReports", "fetch_report"]


class AsyncBetaReport(ReportView):
    """One report: what it says of itself, and the runs that its sections show.

    Reading an attribute sends no request.

    Example:
        >>> report = await api.reports("alice/mnist").first()
        >>> report.display_name, report.description
        ('Learning rates', 'Which one is best?')
    """

    _client: AsyncClient | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, fields: ReportFields, client: AsyncClient, *, entity: str, project: str) -> AsyncBetaReport:
        """Make a report of what the server sent. Sends nothing."""
        path = ReportPath(entity, project, fields.id.rstrip("="))
        url = address_of_report(path, client.app_url, fields.display_name)
        return cls._extend(fields, {"entity": entity, "project": project, "url": url}, _client=client)

    def runs(self, section: JSONObject, per_page: int = 50, only_selected: bool = True) -> AsyncRuns:  # noqa: FBT001, FBT002 - the official signature
        """Return the runs that a section shows: a lazy sequence, filtered and sorted as in the report.

        Sends no request itself; iterating sends one for each page.

        Args:
            section: One of `sections`.
            per_page: The most runs that one request asks for.
            only_selected: Whether runs that are switched off in the report are left out.

        Raises:
            UsageError: The section shows no runs or filters in a way that is not known, or the report was unpickled and
                has no client.
            InvalidFilterError: The report holds a filter that the server could not read.
            ValueError: `per_page` is less than 1.

        Example:
            >>> report = await api.reports("alice/mnist").first()
            >>> [run.id async for run in report.runs(report.sections[0])]
            ['run-1', 'run-2']
        """
        chosen = read_run_set(section, only_selected=only_selected, now=datetime.now(UTC))
        path = ProjectPath(chosen.entity or self.entity, chosen.project or self.project)
        return AsyncRuns(
            bound(self._client, self),
            path,
            located(path.entity or self.entity),
            filters=select(chosen.filters),
            order=encode_order(chosen.order),
            per_page=per_page,
        )


class AsyncReports(AsyncCollection[AsyncBetaReport]):
    """The reports of a project: a lazy sequence, the newest first. The server does not tell how many there are.

    Example:
        >>> [report.display_name async for report in api.reports("alice/mnist")]
        ['Learning rates']
    """

    def __init__(
        self,
        client: AsyncClient,
        path: ProjectPath,
        locate: Callable[[str | None], Awaitable[str]],
        *,
        name: str | None,
        per_page: int,
    ) -> None:
        super().__init__(per_page)
        self._client = client
        self._path = path
        self._locate = locate
        self._name = name

    @property
    def entity(self) -> str | None:
        """The project's owner; None until the first request where the path does not name it. Sends no request."""
        return self._path.entity

    @property
    def project(self) -> str:
        """The project's name. Sends no request."""
        return self._path.project

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._path}>"

    async def _fetch(self, after: str | None, first: int) -> Page[AsyncBetaReport]:
        assumed = self._path.entity is None
        entity, project = await self._locate(self._path.entity), self._path.project
        operation = operations.get_reports(entity=entity, project=project, name=self._name, after=after, first=first)
        data = await self._client.execute(operation)
        if data.project is None:
            raise project_not_found(entity, project, operation.name, assumed=assumed)
        self._path = ProjectPath(entity, project)
        connection = data.project.all_views
        found = [(edge.node, edge.cursor) for edge in connection.edges if edge.node] if connection else []
        items = [AsyncBetaReport.of(node, self._client, entity=entity, project=project) for node, _ in found]
        return Page(items, end_of(operation, connection), None, [Mark(node.id, cursor) for node, cursor in found])


async def fetch_report(client: AsyncClient, path: ReportPath, entity: str) -> AsyncBetaReport:
    """Fetch one report. Sends one request.

    Raises:
        NotFoundError: There is no such report.
        RequestError: The request failed.
    """
    padding = "=" * (-len(path.report) % 4)
    operation = operations.get_report(id=path.report + padding)
    data = await client.execute(operation)
    if data.view is None or data.view.home is None:
        raise report_not_found(entity, path.project, path.report, operation.name)
    home = data.view.home
    return AsyncBetaReport.of(data.view, client, entity=home.entity, project=home.name)
