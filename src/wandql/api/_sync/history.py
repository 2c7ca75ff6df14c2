# Derived from src/wandql/api/_async/history.py by `make generate`: edit that file instead.
"""Histories: samples of rows, and scans of all of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from wandql.api.history_rows import (
    Stream,
    check_keys,
    check_positive,
    check_stream,
    expected_rows,
    last_step,
    parse_rows,
    read_sampled,
    spec_of,
    steps_of,
)
from wandql.api.history_windows import Window, Windows
from wandql.api.missing import found_run
from wandql.api.run_view import RunView, address_of
from wandql.client._sync.client import Client
from wandql.client.seam_sync import Lock
from wandql.errors import UnsupportedError
from wandql.graphql.generated import operations
from wandql.graphql.generated.get_run_history_keys import GetRunHistoryKeysProjectRun
from wandql.graphql.scalars import JSONObject

__all__ = ["HistoryScan", "fetch_history_keys", "sample_history"]


def sample_history(
    client: Client, run: RunView, *, samples: int, keys: Sequence[str] | None, x_axis: str, stream: Stream
) -> list[JSONObject]:
    """Fetch some rows of a history. Sends one request. See `Run.history`.

    Raises:
        UsageError: `keys` or `stream` is wrong. No request was sent.
        ValueError: `samples` is less than 1. No request was sent.
        NotFoundError: There is no such run.
        RequestError: The request failed.
    """
    chosen = check_keys(keys)
    check_stream(stream, chosen)
    check_positive(samples=samples)
    where = address_of(run)
    if stream == "system":
        events = operations.get_run_events(**where, samples=samples)
        data = client.execute(events)
        return parse_rows(found_run(data.project, address_of(run), events.name).events, of=run.identity)
    if chosen:
        specs = [spec_of([x_axis, *chosen], samples=samples)]
        sampled = operations.get_sampled_run_history(**where, specs=specs)
        rows = found_run(client.execute(sampled).project, address_of(run), sampled.name).sampled_history
        return read_sampled(rows, of=run.identity)
    whole = operations.get_run_history(**where, samples=samples)
    return parse_rows(found_run(client.execute(whole).project, address_of(run), whole.name).history, of=run.identity)


def fetch_history_keys(client: Client, run: RunView) -> GetRunHistoryKeysProjectRun:
    """Fetch what a history holds. Sends one request.

    Raises:
        NotFoundError: There is no such run.
        RequestError: The request failed.
    """
    operation = operations.get_run_history_keys(**address_of(run))
    return found_run(client.execute(operation).project, address_of(run), operation.name)


class HistoryScan(Iterable[JSONObject]):
    """All rows of a history, in the order of steps, or those of some steps or with some keys.

    Making one sends nothing. Each iteration begins anew, asks how long the history is by now, and fetches a page of
    rows when it gets there.

    Example:
        >>> run = api.run("alice/mnist/run-1")
        >>> scan = run.scan_history(keys=["loss"])
        >>> [row["loss"] for row in scan]
        [2.0, 1.0, 0.5, 0.25]
    """

    def __init__(
        self,
        client: Client,
        run: RunView,
        *,
        keys: Sequence[str] | None,
        page_size: int,
        min_step: int | None,
        max_step: int | None,
    ) -> None:
        check_positive(page_size=page_size)
        self._client = client
        self._run = run
        self._keys = check_keys(keys)
        self._page_size = page_size
        self._min_step = max(min_step or 0, 0)
        self._max_step = max_step

    @property
    def keys(self) -> list[str]:
        """The keys that each row has; empty where all rows come whole."""
        return list(self._keys)

    @property
    def page_size(self) -> int:
        """The most rows that one request brings."""
        return self._page_size

    @property
    def min_step(self) -> int:
        """The first step."""
        return self._min_step

    @property
    def max_step(self) -> int | None:
        """The step behind the last, or None for the end of the history."""
        return self._max_step

    def __iter__(self) -> Iterator[JSONObject]:
        """Iterate over the rows. Sends one request at the start, and one for each page when it is reached."""
        return _Rows(self._client, self._run, self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._run.identity}>"


class _Rows(Iterator[JSONObject]):
    """One iteration. After an error, the next row is asked for again."""

    def __init__(self, client: Client, run: RunView, scan: HistoryScan) -> None:
        self._client = client
        self._run = run
        self._scan = scan
        self._rows: deque[JSONObject] = deque()
        self._windows: Windows | None = None
        self._missing = 0
        self._loading = Lock()

    def __next__(self) -> JSONObject:
        while True:
            # Others may take rows from the same iterator.
            with suppress(IndexError):
                return self._rows.popleft()
            with self._loading:
                if not self._rows and not self._load():
                    raise StopIteration

    def _load(self) -> bool:
        """Fetch the next rows; False at the end."""
        self._windows = self._windows or self._plan()
        while not self._rows:
            window = self._windows.next()
            if window is None:
                self._complain()
                return False
            rows = self._fetch(window)
            if self._windows.accept(window, len(rows)):
                self._rows.extend(rows)
                self._missing -= len(rows)
            else:
                self._windows.shrink(window, steps_of(rows))
        return True

    def _plan(self) -> Windows:
        scan = self._scan
        known = fetch_history_keys(self._client, self._run)
        steps = last_step(known.history_keys_value) + 1
        end = steps if scan.max_step is None else min(scan.max_step, steps)
        if not scan.keys and scan.min_step == 0 and end == steps:
            self._missing = known.history_line_count or 0
        rows = expected_rows(known.history_keys_value, scan.keys, known.history_line_count)
        return Windows(scan.min_step, end, page_size=scan.page_size, rows=rows, steps=max(steps, 1))

    def _fetch(self, window: Window) -> list[JSONObject]:
        run = self._run
        where = address_of(run)
        first, end, samples = window
        if self._scan.keys:
            spec = spec_of(["_step", *self._scan.keys], samples=samples, first=first, last=end - 1)
            sampled = operations.get_sampled_run_history(**where, specs=[spec])
            rows = found_run(self._client.execute(sampled).project, address_of(run), sampled.name).sampled_history
            return read_sampled(rows, of=run.identity)
        page = operations.get_run_history_page(**where, min_step=first, max_step=end, samples=samples)
        lines = found_run(self._client.execute(page).project, address_of(run), page.name).history
        return parse_rows(lines, of=run.identity)

    def _complain(self) -> None:
        """Raise where a whole history came with too few rows, since the rest is only in files that the server exported.

        Servers count rows in different ways, so too few of them alone is no fault.
        """
        if self._missing <= 0:
            return
        run = self._run
        operation = operations.get_run_parquet_history(**address_of(run), live_keys=["_step"])
        data = self._client.execute(operation)
        urls = found_run(data.project, address_of(run), operation.name).parquet_history.parquet_urls
        if urls:
            raise UnsupportedError(
                f"{self._missing} rows of the history of {run.identity} are only in the {len(urls)} Parquet files that "
                "the server exported, which a scan does not read.",
                hint="api.client.get_run_parquet_history(...) tells where they are.",
                operation=operation.name,
                path=run.identity,
                attempts=1,
            )
