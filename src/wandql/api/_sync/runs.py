# Derived from src/wandql/api/_async/runs.py by `make generate`: edit that file instead.
"""The runs of a project."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from wandql.api._sync.bulk import RunWrites
from wandql.api._sync.collections import Page, SizedCollection
from wandql.api._sync.run import Run
from wandql.api._sync.run_frames import RunFrames
from wandql.api.explanation import Explanation
from wandql.api.known_keys import asked_keys, exists, unknown_keys
from wandql.api.missing import project_not_found
from wandql.client._sync.client import Client
from wandql.client.paging import end_of
from wandql.filters import Selection, select
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import RunFields
from wandql.paths import ProjectPath

__all__ = ["Runs"]


class Runs(RunFrames, RunWrites, SizedCollection[Run]):
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
        filters: Selection,
        order: str | None,
        per_page: int,
    ) -> None:
        super().__init__(per_page)
        self._client = client
        self._path = path
        self._locate = locate
        self._selection = filters
        self._order = order
        self._selected: int | None = None

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
        return self._selection.sent

    @property
    def order(self) -> str | None:
        """The order as it is sent. Sends no request."""
        return self._order

    def _scope(self) -> str:
        return f"{self.project} {self.filters}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._path}>"

    def explain(self, *, count: bool = False) -> Explanation:
        """Return what going through the runs asks the server, what is checked here and why, and how much is to come.

        Sends no request; one with `count=True`, and one more the first time that the default entity has to be asked
        for.

        Args:
            count: Whether to ask the server how many runs it selects, where it has not told yet: only then it is known
                how many requests are to come.

        Raises:
            NotFoundError: There is no such project. With `count=True` only, as the next one.
            RequestError: The request failed.

        Example:
            >>> plan = api.runs("alice/mnist", F.config["lr"] < 1, per_page=1).explain(count=True)
            >>> plan.sent, plan.selected, plan.requests
            ('{"config.lr.value":{"$lt":1}}', 2, 2)
        """
        if count and self._selected is None:
            self._selected = self._count(self._selection.sent)
        operation = operations.get_runs(
            entity=self._path.entity or "",
            project=self._path.project,
            filters=self.filters,
            order=self._order,
            first=self.per_page,
        )
        return Explanation(
            operation=operation.name,
            document=operation.document.strip(),
            variables={**operation.variables, "entity": self._path.entity},
            filter=self._selection.expression,
            sent=self._selection.sent,
            local=self._selection.local,
            reason=self._selection.reason,
            order=self._order,
            per_page=self.per_page,
            selected=self._selected,
            requests=self._requests_to_come(self._selected),
        )

    def check_keys(self) -> None:
        """Check that some run of the project has each key that the filter and the order ask for.

        A server answers a misspelt key with no runs and without an error. Nothing else asks for that: this does, with
        one request for the newest hundred runs, one more for each key that none of them has, and one more the first
        time that the default entity has to be asked for. It sends none where nothing in config or summary is asked for.
        A key with a dot, which servers do not find, is judged only where the project has no more than these runs.

        Raises:
            UnknownKeyError: No run has a key. The message names those that are near to it.
            NotFoundError: There is no such project.
            RequestError: A request failed.

        Example:
            >>> api.runs("alice/mnist", F.config["learnrate"] < 1).check_keys()
            Traceback (most recent call last):
            wandql.errors.UnknownKeyError: No run of alice/mnist has F.config["learnrate"], so ...
        """
        names = asked_keys(self._selection.expression, self._order)
        if not names:
            return
        entity, project = self._locate(self._path.entity), self._path.project
        operation = operations.get_runs(entity=entity, project=project, order="-created_at", first=100)
        data = self._client.execute(operation)
        if data.project is None:
            raise project_not_found(entity, project, operation.name, assumed=self._path.entity is None)
        connection = data.project.runs
        nodes = [edge.node for edge in connection.edges] if connection else []
        newest = [Run.of(node, self._client, entity=entity, project=project) for node in nodes]
        absent = [name for name in names if not any(exists(name).matches(run) for run in newest)]
        if end_of(operation, connection) is not None:
            absent = [name for name in absent if not name.has_dotted_key and not self._count(select(exists(name)).sent)]
        if absent:
            raise unknown_keys(absent, newest, where=f"{entity}/{project}", operation=operation.name)

    def _requests_to_come(self, selected: int | None) -> int | None:
        if self._complete:
            return 0
        if selected is None:
            return None
        return max(-(-selected // self.per_page) - len(self._page_ends), 1)

    def _count(self, filters: str) -> int | None:
        assumed = self._path.entity is None
        entity, project = self._locate(self._path.entity), self._path.project
        operation = operations.get_run_count(entity=entity, project=project, filters=filters)
        data = self._client.execute(operation)
        if data.project is None:
            raise project_not_found(entity, project, operation.name, assumed=assumed)
        self._path = ProjectPath(entity, project)
        return data.project.run_count

    def _fetch(self, after: str | None) -> Page[Run]:
        nodes, end = self._fetch_fields(after)
        entity, project = self._path.entity or "", self._path.project
        items = [Run.of(node, self._client, entity=entity, project=project) for node in nodes]
        local = self._selection.local
        if local is None:
            return Page(items, end, self._selected)
        return Page([run for run in items if local.matches(run)], end)

    def _scan_nodes(self) -> Generator[tuple[str, Sequence[RunFields]], None, None]:
        after: str | None = None
        while True:
            nodes, after = self._fetch_fields(after)
            entity, project, local = self._path.entity or "", self._path.project, self._selection.local
            if local is not None:
                runs = [Run.of(node, self._client, entity=entity, project=project) for node in nodes]
                nodes = [run for run in runs if local.matches(run)]
            yield f"{entity}/{project}", nodes
            if after is None:
                return

    def _fetch_fields(self, after: str | None) -> tuple[Sequence[RunFields], str | None]:
        """Fetch what the server says of the runs of a page, and the cursor to go on from."""
        assumed = self._path.entity is None
        entity, project = self._locate(self._path.entity), self._path.project
        operation = operations.get_runs(
            entity=entity, project=project, filters=self.filters, order=self._order, after=after, first=self.per_page
        )
        data = self._client.execute(operation)
        if data.project is None:
            raise project_not_found(entity, project, operation.name, assumed=assumed)
        self._path = ProjectPath(entity, project)
        self._selected = data.project.run_count
        connection = data.project.runs
        return [edge.node for edge in connection.edges] if connection else [], end_of(operation, connection)
