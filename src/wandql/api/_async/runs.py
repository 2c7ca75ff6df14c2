"""Runs: one, and the matching ones of a project."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from pydantic import PrivateAttr

from wandql.api._async.collections import AsyncSizedCollection, Page
from wandql.api.missing import project_not_found, run_not_found
from wandql.api.run_view import RunView
from wandql.client._async.client import AsyncClient
from wandql.client.paging import end_of
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import RunFields
from wandql.paths import ProjectPath, RunPath

__all__ = ["AsyncRun", "AsyncRuns"]


class AsyncRun(RunView):
    """One run: its fields, views of them such as `config` and `summary`, and what can be done with it.

    Reading an attribute never sends a request.

    Example:
        >>> run = await api.run("alice/mnist/run-1")
        >>> run.name, run.state, run.config["lr"], run.summary["loss"]
        ('baseline', 'finished', 0.1, 0.25)
    """

    _client: AsyncClient | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, fields: RunFields, client: AsyncClient, *, entity: str, project: str) -> AsyncRun:
        """Make a run of what the server sent. Sends nothing."""
        path = RunPath(entity, project, fields.id)
        extra = {"entity": entity, "project": project, "url": path.url(client.app_url)}
        return cls._extend(fields, extra, _client=client)


class AsyncRuns(AsyncSizedCollection[AsyncRun]):
    """The runs of a project that match a filter, in an order: a lazy sequence, fetched page by page.

    Example:
        >>> runs = api.runs("alice/mnist", {"state": "finished"}, order="+summary_metrics.loss")
        >>> best = await runs.first()
        >>> best.name
        'baseline'
    """

    def __init__(
        self,
        client: AsyncClient,
        path: ProjectPath,
        locate: Callable[[str | None], Awaitable[str]],
        *,
        filters: str,
        order: str | None,
        per_page: int,
    ) -> None:
        super().__init__(per_page)
        self._client = client
        self._path = path
        self._locate = locate
        self._filters = filters
        self._order = order

    @property
    def entity(self) -> str | None:
        """The project's owner; None until the first request where the path does not name it. Sends no request."""
        return self._path.entity

    @property
    def project(self) -> str:
        """The project's name. Sends no request."""
        return self._path.project

    @property
    def filters(self) -> str:
        """The filter as it is sent: JSON in MongoDB's dialect. Sends no request."""
        return self._filters

    @property
    def order(self) -> str | None:
        """The order as it is sent. Sends no request."""
        return self._order

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._path}>"

    async def _fetch(self, after: str | None) -> Page[AsyncRun]:
        assumed = self._path.entity is None
        entity, project = await self._locate(self._path.entity), self._path.project
        operation = operations.get_runs(
            entity=entity, project=project, filters=self._filters, order=self._order, after=after, first=self.per_page
        )
        data = await self._client.execute(operation)
        if data.project is None:
            raise project_not_found(entity, project, operation.name, assumed=assumed)
        self._path = ProjectPath(entity, project)
        connection = data.project.runs
        nodes = [edge.node for edge in connection.edges] if connection else []
        items = [AsyncRun.of(node, self._client, entity=entity, project=project) for node in nodes]
        return Page(items, end_of(operation, connection), data.project.run_count)


async def fetch_run(client: AsyncClient, path: RunPath, entity: str) -> AsyncRun:
    """Fetch one run. Sends one request.

    Raises:
        NotFoundError: There is no such project or run.
        RequestError: The request failed.
    """
    assumed = path.entity is None
    operation = operations.get_run(entity=entity, project=path.project, run=path.run)
    data = await client.execute(operation)
    if data.project is None:
        raise project_not_found(entity, path.project, operation.name, assumed=assumed)
    if data.project.run is None:
        raise run_not_found(entity, path.project, path.run, operation.name, assumed=assumed)
    return AsyncRun.of(data.project.run, client, entity=entity, project=path.project)
