"""What a run's program printed."""

from __future__ import annotations

from wandql.api._async.collections import AsyncSizedCollection
from wandql.api.console_line import ConsoleLogLine
from wandql.api.history_rows import check_positive
from wandql.api.missing import found_run
from wandql.api.pages import Page
from wandql.api.run_view import RunView, address_of
from wandql.client._async.client import AsyncClient
from wandql.client.paging import end_of
from wandql.graphql.generated import operations

__all__ = ["AsyncConsoleLogs"]


class AsyncConsoleLogs(AsyncSizedCollection[ConsoleLogLine]):
    """The lines that a run's program printed: a lazy sequence, fetched page by page.

    Example:
        >>> run = await api.run("alice/mnist/run-1")
        >>> async for line in run.console_logs(last=1):
        ...     print(line.number, line.timestamp, line.content)
        3 2027-01-15 08:00:03+00:00 step 3: loss 0.25
    """

    def __init__(self, client: AsyncClient, run: RunView, *, per_page: int, last: int | None) -> None:
        super().__init__(per_page)
        if last is not None:
            check_positive(last=last)
        self._client = client
        self._run = run
        self._last = last

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._run.identity}>"

    async def _fetch(self, after: str | None, first: int) -> Page[ConsoleLogLine]:
        return await (self._fetch_page(after, first) if self._last is None else self._fetch_tail(self._last))

    async def _fetch_page(self, after: str | None, first: int) -> Page[ConsoleLogLine]:
        operation = operations.get_run_log_lines(**address_of(self._run), after=after, first=first)
        run = found_run((await self._client.execute(operation)).project, address_of(self._run), operation.name)
        edges = run.log_lines.edges if run.log_lines else []
        lines = [ConsoleLogLine.of(edge.node, number) for number, edge in enumerate(edges, len(self._items))]
        return Page(lines, end_of(operation, run.log_lines), run.log_line_count)

    async def _fetch_tail(self, last: int) -> Page[ConsoleLogLine]:
        operation = operations.get_run_log_tail(**address_of(self._run), last=last)
        run = found_run((await self._client.execute(operation)).project, address_of(self._run), operation.name)
        edges = run.log_lines.edges if run.log_lines else []
        first = max((run.log_line_count or 0) - len(edges), 0)
        return Page([ConsoleLogLine.of(edge.node, number) for number, edge in enumerate(edges, first)], None)
