# Derived from src/wandql/api/_async/runs.py by `make generate`: edit that file instead.
"""The runs of a project."""

from __future__ import annotations

from collections.abc import Callable

from wandql.api._sync.collections import Page, SizedCollection
from wandql.api._sync.run import Run
from wandql.api.missing import project_not_found
from wandql.client._sync.client import Client
from wandql.client.paging import end_of
from wandql.graphql.generated import operations
from wandql.paths import ProjectPath

__all__ = ["Runs"]


class Runs(SizedCollection[Run]):
    """The runs of a project that match a filter, in an order: a lazy sequence, fetched page by page.

    Example:
        >>> runs = api.runs("alice/mnist", {"state": "finished"}, order="+summary_metrics.loss")
        >>> best = runs.first()
        >>> best.name
        'baseline'
    """

    def __init__(
        self,
        client: Client,
        path: ProjectPath,
        locate: Callable[[str | None], str],
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

    def _fetch(self, after: str | None) -> Page[Run]:
        assumed = self._path.entity is None
        entity, project = self._locate(self._path.entity), self._path.project
        operation = operations.get_runs(
            entity=entity, project=project, filters=self._filters, order=self._order, after=after, first=self.per_page
        )
        data = self._client.execute(operation)
        if data.project is None:
            raise project_not_found(entity, project, operation.name, assumed=assumed)
        self._path = ProjectPath(entity, project)
        connection = data.project.runs
        nodes = [edge.node for edge in connection.edges] if connection else []
        items = [Run.of(node, self._client, entity=entity, project=project) for node in nodes]
        return Page(items, end_of(operation, connection), data.project.run_count)
