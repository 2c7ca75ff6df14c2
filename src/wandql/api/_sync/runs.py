# Derived from src/wandql/api/_async/runs.py by `make generate`: edit that file instead.
"""The runs of a project."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wandql.api._sync.bulk import RunWrites
from wandql.api._sync.collections import SizedCollection
from wandql.api._sync.histories import Histories
from wandql.api._sync.run import Run
from wandql.api._sync.run_frames import RunFrames
from wandql.api._sync.run_pages import RunPages
from wandql.api._sync.scan import Scan
from wandql.api.explanation import Explanation
from wandql.api.history_rows import How
from wandql.api.known_keys import asked_keys, exists, unknown_keys
from wandql.api.missing import none_found, project_not_found, several_found
from wandql.api.pages import ListingReport, Mark, Page, Position
from wandql.api.projection import WHOLE, Projection
from wandql.client._sync.client import Client
from wandql.client.paging import end_of
from wandql.filters import Selection, encode_filters, select
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
        limit: int | None = None,
        start: str | None = None,
        projection: Projection = WHOLE,
    ) -> None:
        super().__init__(per_page, limit=limit, start=start)
        self._start = start
        self._projection = projection
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

    def count(self) -> int:
        """Return how many runs there are on all pages, or `limit` where that is less.

        Sends one request that asks for no runs where no page is there yet; where some of the filter is checked here,
        one for each page that is not there.

        Raises:
            NotFoundError: There is no such project.
            RequestError: The request failed.

        Example:
            >>> api.runs("alice/mnist", {"state": "finished"}).count()
            2
        """
        if not self._page_ends and self._selection.local is None and self._start is None:
            counted = self._count(self.filters)
            if counted is not None:
                return counted if self._limit is None else min(counted, self._limit)
        return super().count()

    def exists(self) -> bool:
        """Return whether there is any run. Sends requests as `count` does.

        Raises:
            NotFoundError: There is no such project.
            RequestError: The request failed, so nobody knows.

        Example:
            >>> api.runs("alice/mnist", {"config.lr": 7}).exists()
            False
        """
        return self.count() > 0

    def one(self) -> Run:
        """Return the only run. Sends one request where no page is there yet.

        Raises:
            NotFoundError: There is none, or no such project.
            SeveralFoundError: There are several.
            RequestError: The request failed.

        Example:
            >>> api.runs("alice/mnist", {"display_name": "baseline"}).one().id
            'run-1'
        """
        self._load_items(2)
        if not self._items:
            raise none_found(repr(self), self.filters)
        if len(self._items) > 1:
            raise several_found(repr(self), self.filters, [run.id for run in self._items[:2]])
        return self._items[0]

    def report(self) -> ListingReport:
        """Return what can be said of the list so far: whether each run was seen, and what had to be done for that.

        Sends one request, for the number of runs by now.

        Raises:
            NotFoundError: There is no such project any more.
            RequestError: The request failed.

        Example:
            >>> runs = api.runs("alice/mnist")
            >>> _ = [run for run in runs]
            >>> report = runs.report()
            >>> report.seen, report.duplicates, report.complete
            (3, 0, True)
        """
        return ListingReport(
            seen=self._scan.seen,
            duplicates=self._scan.duplicates,
            rewinds=self._scan.rewinds,
            count_before=self._scan.total if self._selection.local is None else self._selected,
            count_after=self._count(self.filters),
            complete=self._scan.complete,
        )

    def load_full(self) -> None:
        """Fetch what was left out of the runs that are here, because `config_keys` or `summary_keys` were given.

        Sends one request for each page that is here; none where nothing was left out. Unsaved changes stay.

        Raises:
            RequestError: A request failed.

        Example:
            >>> runs = api.runs("alice/mnist", config_keys=["lr"])
            >>> newest = runs.first()
            >>> runs.load_full()
            >>> newest.config["width"]
            64
        """
        if self._projection.is_whole:
            return
        for run in range(0, len(self._items), self.per_page):
            page = self._items[run : run + self.per_page]
            ids = encode_filters({"name": {"$in": [each.id for each in page]}})
            operation = operations.get_runs(
                entity=self._path.entity or "", project=self._path.project, filters=ids, first=len(page)
            )
            fields = {run.id: run for run in self._client.paginate(operation)}
            for each in page:
                if each.id in fields:
                    each.fill_in(fields[each.id])

    def histories(
        self,
        keys: Sequence[str] | None = None,
        samples: int | None = None,
        how: How = "inner",
        x_axis: str | None = "_step",
    ) -> Histories:
        """Return the histories of all these runs in one frame, a row for each step of each run: `run_id` tells which.

        Sends no request itself: `to_arrow`, `to_pandas` and `to_polars` of what it returns do.

        Args:
            keys: The keys of each row; by default all.
            samples: The most rows of each run, as the server picks them, in one request for a run; by default all rows.
            how: "inner" for the rows that have all keys, "outer" for those that have some of them. Samples are "inner".
            x_axis: A key to have beside `keys`, in all rows of "inner"; None for those that each program defined for
                them with `define_metric`. For None the list needs whole configs: no `config_keys`.

        Raises:
            UsageError: `keys` is no list of text, or there is no such `how`.
            ValueError: `samples` is less than 1.

        Example:
            >>> frame = api.runs("alice/mnist").histories(keys=["loss"]).to_pandas()
            >>> frame[frame["run_id"] == "run-1"]["loss"].to_list()
            [2.0, 1.0, 0.5, 0.25]
        """
        return Histories(
            self._client,
            self._pages,
            keys=keys,
            samples=samples,
            how=how,
            x_axis=x_axis,
            projection=self._projection,
        )

    def upgrade_to_full(self) -> None:
        """Do the same as `load_full`, under the official name.

        Sends one request for each page that is here; none where nothing was left out.

        Raises:
            RequestError: A request failed.

        Example:
            >>> runs = api.runs("alice/mnist", summary_keys=[])
            >>> newest = runs.first()
            >>> runs.upgrade_to_full()
            >>> newest.summary["loss"]
            0.25
        """
        self.load_full()

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
            first=self._first,
            **self._projection.variables,
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
        wanted = selected
        if self._limit is not None and self._selection.local is None:
            wanted = min(selected, self._limit)
        return max(-(-wanted // self.per_page) - len(self._page_ends), 1)

    @property
    def _first(self) -> int:
        return self.per_page if self._limit is None else min(self.per_page, self._limit)

    def _count(self, filters: str) -> int | None:
        assumed = self._path.entity is None
        entity, project = self._locate(self._path.entity), self._path.project
        operation = operations.get_run_count(entity=entity, project=project, filters=filters)
        data = self._client.execute(operation)
        if data.project is None:
            raise project_not_found(entity, project, operation.name, assumed=assumed)
        self._path = ProjectPath(entity, project)
        return data.project.run_count

    def _fetch(self, after: str | None, first: int) -> Page[Run]:
        page = self._fetch_fields(after, first)
        runs = [self._made(node) for node in page.items if node is not None]
        local = self._selection.local
        if local is None:
            return Page(runs, page.end, page.total, page.marks)
        return Page([run if local.matches(run) else None for run in runs], page.end, None, page.marks)

    def _made(self, node: RunFields) -> Run:
        entity, project = self._path.entity or "", self._path.project
        return Run.of(node, self._client, entity=entity, project=project, projection=self._projection)

    def _pages(self) -> RunPages:
        start = Position.decode(self._start) if self._start else None
        scan = Scan(self._fetch_chosen, self.per_page, name=lambda: repr(self), start=start)
        return RunPages(
            scan,
            lambda: f"{self._path.entity}/{self._path.project}",
            self._limit,
            silent=self._client.settings.silent,
        )

    def _fetch_chosen(self, after: str | None, first: int) -> Page[RunFields]:
        page = self._fetch_fields(after, first)
        local = self._selection.local
        if local is None:
            return page
        chosen = [node if node is not None and local.matches(self._made(node)) else None for node in page.items]
        return Page(chosen, page.end, None, page.marks)

    def _fetch_fields(self, after: str | None, first: int) -> Page[RunFields]:
        """Fetch what the server says of the runs of a page."""
        assumed = self._path.entity is None
        entity, project = self._locate(self._path.entity), self._path.project
        operation = operations.get_runs(
            entity=entity,
            project=project,
            filters=self.filters,
            order=self._order,
            after=after,
            first=first,
            **self._projection.variables,
        )
        data = self._client.execute(operation)
        if data.project is None:
            raise project_not_found(entity, project, operation.name, assumed=assumed)
        self._path = ProjectPath(entity, project)
        self._selected = data.project.run_count
        connection = data.project.runs
        edges = connection.edges if connection else []
        marks = [Mark(edge.node.id, edge.cursor) for edge in edges]
        return Page([edge.node for edge in edges], end_of(operation, connection), self._selected, marks)
