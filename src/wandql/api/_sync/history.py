# Derived from src/wandql/api/_async/history.py by `make generate`: edit that file instead.
"""Histories: samples of rows, and scans of all of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from wandql.api._sync.history_exports import fetch_exports, read_exported
from wandql.api.downloaded_history import first_live_step
from wandql.api.history_rows import (
    How,
    Stream,
    check_how,
    check_keys,
    check_known,
    check_positive,
    check_stream,
    expected_rows,
    having_any,
    kinds_of,
    known_axes,
    last_step,
    parse_rows,
    read_sampled,
    spec_of,
    steps_of,
)
from wandql.api.history_windows import Window, Windows
from wandql.api.metric_axes import STEP, axes_of
from wandql.api.missing import found_run
from wandql.api.run_view import RunView, address_of
from wandql.api.sampled_page import as_columns
from wandql.api.seam_sync import Streamed
from wandql.client._sync.client import Client
from wandql.client.seam_sync import Lock, run_many
from wandql.errors import DecodeError, RequestError, UnsupportedError, WandqlError
from wandql.frames.arrow import Rows
from wandql.frames.exports import ExportedRows
from wandql.frames.histories import HistoryColumns
from wandql.frames.libraries import check_installed, is_installed
from wandql.frames.sampled import SampledRows
from wandql.frames.shapes import Kind
from wandql.frames.tables import pandas_of, polars_of
from wandql.graphql.generated import operations
from wandql.graphql.generated.get_run_history_keys import GetRunHistoryKeysProjectRun
from wandql.graphql.generated.get_run_history_plan import GetRunHistoryPlanProjectRun
from wandql.graphql.generated.get_sampled_run_history import GetSampledRunHistory
from wandql.graphql.operation import Operation
from wandql.graphql.scalars import JSONObject, JSONValue

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa
    from pandas import DataFrame

__all__ = ["HistoryScan", "fetch_history_keys", "sample_history", "scan_columns"]


def sample_history(
    client: Client, run: RunView, *, samples: int, keys: Sequence[str] | None, x_axis: str | None, stream: Stream
) -> SampledRows:
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
        rows = parse_rows(found_run(data.project, address_of(run), events.name).events, of=run.identity)
        return SampledRows(rows)
    if chosen:
        axes = [x_axis] if x_axis is not None else [STEP, *_own_axes(run, chosen)]
        specs = [spec_of([*axes, *chosen], samples=samples)]
        sampled = operations.get_sampled_run_history(**where, specs=specs)
        picked = found_run(client.execute(sampled).project, address_of(run), sampled.name).sampled_history
        rows = read_sampled(picked, of=run.identity)
    else:
        whole = operations.get_run_history(**where, samples=samples)
        lines = found_run(client.execute(whole).project, address_of(run), whole.name).history
        rows = parse_rows(lines, of=run.identity)
    total = run.history_line_count
    complete = total is not None and total <= samples and len(rows) < samples and (chosen or len(rows) >= total)
    return SampledRows(rows, sampled=not complete, rows_total=total)


def _own_axes(run: RunView, keys: Sequence[str]) -> list[str]:
    """Return the axes of keys, but for those that are known to be in no row."""
    axes = axes_of(run.rawconfig, keys)
    return known_axes(axes, run.history_keys_value) if isinstance(run.history_keys_value, dict) else axes


def fetch_history_keys(client: Client, run: RunView) -> GetRunHistoryKeysProjectRun:
    """Fetch what a history holds. Sends one request.

    Raises:
        NotFoundError: There is no such run.
        RequestError: The request failed.
    """
    operation = operations.get_run_history_keys(**address_of(run))
    return found_run(client.execute(operation).project, address_of(run), operation.name)


# How many pages are asked for side by side, at most, and the seconds that a request takes where that pays: below, it
# costs more than it brings.
AT_ONCE: Final = 16
SLOW: Final = 0.02
# Columns come in larger pages, since nobody waits for the first rows of a page.
COLUMN_PAGE: Final = 5000


@dataclass(frozen=True, slots=True)
class _Page:
    """Rows as they came: as texts, decoded with the reply, or in columns."""

    lines: Sequence[str] = ()
    rows: Sequence[JSONObject] = ()
    table: Rows | None = None

    def __len__(self) -> int:
        return len(self.lines) + len(self.rows) + (self.table.num_rows if self.table else 0)

    def without(self, steps: frozenset[int], of: str) -> _Page:
        """Return the rows of other steps."""
        return _Page(rows=[row for row in self.decoded(of) if row.get("_step") not in steps])

    def decoded(self, of: str) -> list[JSONObject]:
        if self.table is not None:
            return [row for page in ExportedRows(self.table).pages(COLUMN_PAGE) for row in page]
        return parse_rows(self.lines, of=of) if self.lines else list(self.rows)


@dataclass(frozen=True, slots=True)
class _Part:
    """Which part of a history a scan is of."""

    keys: Sequence[str]
    page_size: int
    min_step: int
    max_step: int | None
    how: How
    axes: Sequence[str] = ()
    are_axes_defined: bool = False

    @classmethod
    def of(cls, run: RunView, part: _Part, x_axis: str | None) -> _Part:
        """Make one of what was asked for, with the axes of its keys.

        Every row has a step: it does not make a row one that has some key.
        """
        others = [key for key in part.keys if key != STEP]
        is_outer = part.how == "outer" and (others or not part.keys)
        axes = axes_of(run.rawconfig, others) if x_axis is None else [x_axis]
        return replace(
            part,
            keys=others if is_outer else part.keys,
            how="outer" if is_outer else "inner",
            axes=[axis for axis in axes if axis not in {STEP, *part.keys}] if others else [],
            are_axes_defined=x_axis is None,
        )

    @property
    def is_sampled(self) -> bool:
        """Whether the server picks the rows that have all keys."""
        return bool(self.keys) and self.how == "inner"


class HistoryScan(Streamed, Iterable[JSONObject]):
    """All rows of a history, in the order of steps, or those of some steps or with some keys. None is left out.

    Making one sends nothing. Each iteration begins anew, asks how long the history is by now, and fetches a page of
    rows when it gets there; where requests take their time, the more pages side by side the further it goes, up to 16.

    Example:
        >>> run = api.run("alice/mnist/run-1")
        >>> scan = run.scan_history(keys=["loss"])
        >>> [row["loss"] for row in scan]
        [2.0, 1.0, 0.5, 0.25]
        >>> scan.to_arrow().column_names
        ['_step', 'loss']
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
        how: How,
        x_axis: str | None,
    ) -> None:
        check_positive(page_size=page_size)
        check_how(how)
        self._client = client
        self._run = run
        self._keys = check_keys(keys)
        self._how: How = how
        self._x_axis = x_axis
        self._part = _Part.of(run, _Part(self._keys, page_size, max(min_step or 0, 0), max_step, how), x_axis)

    @property
    def keys(self) -> list[str]:
        """The keys that were asked for; empty where all rows come whole. Sends no request."""
        return list(self._keys)

    @property
    def how(self) -> How:
        """Which rows come: with all keys ("inner") or with some of them ("outer"). Sends no request."""
        return self._how

    @property
    def x_axis(self) -> str | None:
        """The key that each row has beside the keys; None for those that the program defined. Sends no request."""
        return self._x_axis

    @property
    def page_size(self) -> int:
        """The most rows that one request brings to an iteration. Sends no request."""
        return self._part.page_size

    @property
    def min_step(self) -> int:
        """The first step. Sends no request."""
        return self._part.min_step

    @property
    def max_step(self) -> int | None:
        """The step behind the last, or None for the end of the history. Sends no request."""
        return self._part.max_step

    def __iter__(self) -> Iterator[JSONObject]:
        """Iterate over the rows. Sends one request at the start, and one for each page when it is reached."""
        return _Rows(self._client, self._run, self._part)

    def to_arrow(self) -> pa.Table:
        """Return all rows as an Arrow table: `_step`, and a column for each key in the order of their appearance.

        Sends one request, and one for each 5,000 rows, or `page_size` if that is more: up to 16 side by side where
        requests take their time.

        Returns:
            A table whose types follow from the values alone, whatever the pages: bool, int64, float64 (where a number
            of the column is not an integer), string, or a list of one of these. Values of several types, objects and
            integers of more than 64 bits are JSON text, as strings. A row without a value has null. A column without
            any value has the type that the server tells (numbers are float64), or null.

        Raises:
            UsageError: pyarrow is not installed. No request was sent.
            UnknownKeyError: No row of the history has a key.
            NotFoundError: The run is not there any more.
            DecodeError: A row is no JSON object.
            RequestError: A request failed.

        Example:
            >>> run = api.run("alice/mnist/run-1")
            >>> run.scan_history(keys=["loss"], min_step=2).to_arrow().to_pydict()
            {'_step': [2, 3], 'loss': [0.5, 0.25]}
        """
        columns = HistoryColumns(self._part.keys, axes=self._part.axes)
        kinds = _fill(self._client, self._run, self._part, columns, growth=AT_ONCE)
        return columns.table(kinds)

    def to_pandas(self) -> DataFrame:
        """Return all rows as a pandas DataFrame, with the columns of `to_arrow`.

        Sends the requests of `to_arrow`. Integers are `Int64` and booleans `boolean`, with or without nulls; a column
        of mixed values holds the values themselves.

        Raises:
            UsageError: pandas or pyarrow is not installed. No request was sent.
            UnknownKeyError: No row of the history has a key.
            NotFoundError: The run is not there any more.
            DecodeError: A row is no JSON object.
            RequestError: A request failed.

        Example:
            >>> run = api.run("alice/mnist/run-1")
            >>> run.scan_history(keys=["loss"], max_step=2).to_pandas()
               _step  loss
            0      0   2.0
            1      1   1.0
        """
        check_installed("A pandas DataFrame", "pandas", "pyarrow")
        return pandas_of(self.to_arrow())

    def to_polars(self) -> pl.DataFrame:
        """Return all rows as a polars DataFrame, with the columns of `to_arrow`.

        Sends the requests of `to_arrow`.

        Raises:
            UsageError: polars or pyarrow is not installed. No request was sent.
            UnknownKeyError: No row of the history has a key.
            NotFoundError: The run is not there any more.
            DecodeError: A row is no JSON object.
            RequestError: A request failed.

        Example:
            >>> run = api.run("alice/mnist/run-1")
            >>> run.scan_history(keys=["loss"]).to_polars().shape
            (4, 2)
        """
        check_installed("A polars DataFrame", "polars", "pyarrow")
        return polars_of(self.to_arrow())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._run.identity}>"


def scan_columns(
    client: Client,
    run: RunView,
    *,
    keys: Sequence[str],
    how: How,
    x_axis: str | None,
    constants: Mapping[str, JSONValue],
) -> HistoryColumns:
    """Return all rows of a history as columns. See `HistoryScan.to_arrow` for requests and errors."""
    part = _Part.of(run, _Part(keys, COLUMN_PAGE, 0, None, how), x_axis)
    columns = HistoryColumns(part.keys, axes=part.axes, constants=constants)
    _fill(client, run, part, columns, growth=1)
    return columns


def _fill(client: Client, run: RunView, part: _Part, columns: HistoryColumns, *, growth: int) -> Mapping[str, Kind]:
    """Add the rows of a scan to columns, and return what the server tells of its keys."""
    larger = replace(part, page_size=max(part.page_size, COLUMN_PAGE))
    pages = _Pages(client, run, larger, growth=growth, columnar=True)
    try:
        while taken := pages.load():
            for page in taken:
                if page.table is not None:
                    columns.add_table(page.table)
                columns.add_lines(page.lines)
                columns.add_rows(page.rows)
        columns.finish()
    except WandqlError:
        raise  # Some are values that are wrong, too.
    except ValueError as error:
        raise DecodeError(
            f"The server sent a history row of {run.identity} that cannot be read: {error}.", path=run.identity
        ) from error
    return pages.kinds


class _Rows(Iterator[JSONObject]):
    """One iteration. After an error, the next row is asked for again."""

    def __init__(self, client: Client, run: RunView, part: _Part) -> None:
        self._pages = _Pages(client, run, part, growth=4, columnar=False)
        self._of = run.identity
        self._part = part
        self._rows: deque[JSONObject] = deque()
        self._loading = Lock()

    def __next__(self) -> JSONObject:
        while True:
            if self._rows:
                try:
                    return self._rows.popleft()
                except IndexError:  # Others take rows from the same iterator.
                    continue
            with self._loading:
                if not self._rows and not self._load():
                    raise StopIteration

    def _load(self) -> bool:
        """Fetch the next rows; False at the end."""
        while not self._rows:
            pages = self._pages.load()
            if not pages:
                return False
            for page in pages:
                rows = page.decoded(self._of)
                outer = self._part.keys and not self._part.is_sampled
                self._rows.extend(having_any(rows, self._part.keys, self._part.axes) if outer else rows)
        return True


class _Pages:
    """The pages of a scan, some of them fetched side by side. After an error, the next pages are asked for again.

    Rows that the server has exported to Parquet files come from there, in a page for all of them or in several. Where a
    file is not there or cannot be read, all rows are asked for, as if there were none.

    Args:
        client: The client.
        run: The run.
        part: The part of its history.
        growth: How many times more pages are asked for side by side each time, while requests take their time.
        columnar: Whether exported rows come in columns.
    """

    def __init__(self, client: Client, run: RunView, part: _Part, *, growth: int, columnar: bool) -> None:
        self._client = client
        self._run = run
        self._part = part
        self._growth = growth
        self._at_once = 1
        # Where rows lie unevenly, what is asked for ahead may be wrong or empty: nothing is then.
        self._even = True
        self._windows: Windows | None = None
        self._columnar = columnar
        self._exported: Iterator[_Page] = iter(())
        # Steps of exported rows that pages may have, too.
        self._overlap: frozenset[int] = frozenset()
        self._missing = 0
        self._broken: Exception | None = None
        self.kinds: Mapping[str, Kind] = {}

    def load(self) -> list[_Page]:
        """Fetch the next pages that have rows; none at the end."""
        self._windows = self._windows or self._plan()
        taken = [page for page in (next(self._exported, None),) if page]
        while not taken:
            ahead = self._windows.ahead(self._at_once)
            if not ahead:
                self._complain()
                break
            start = self._client.clock.monotonic()
            pages = self._fetch_all(ahead)
            slow = self._client.clock.monotonic() - start > SLOW
            if not all(pages):
                self._even = False
            self._at_once = min(self._at_once * (self._growth if slow else 1), AT_ONCE) if self._even else 1
            for window, page in zip(ahead, pages, strict=True):
                if not self._windows.accept(window, len(page)):
                    self._windows.shrink(window, steps_of(page.decoded(self._run.identity)))
                    self._at_once, self._even = 1, False
                    break
                self._missing -= len(page)
                kept = page.without(self._overlap, self._run.identity) if self._overlap else page
                taken += [kept] if kept else []
        return taken

    def _plan(self) -> Windows:
        part = self._part
        known, urls = self._ask()
        keys = known.history_keys_value
        if part.are_axes_defined:
            self._part = part = replace(part, axes=known_axes(part.axes, keys))
        check_known([*part.axes, *part.keys], keys, of=self._run.identity, operation="GetRunHistoryKeys")
        self.kinds = kinds_of(keys)
        steps = last_step(keys) + 1
        end = steps if part.max_step is None else min(part.max_step, steps)
        if urls and (first := self._begin_with_exports(urls)) is not None:
            return Windows(max(part.min_step, first), end, page_size=part.page_size)
        if not part.is_sampled and part.min_step == 0 and end == steps:
            self._missing = known.history_line_count or 0
        rows = expected_rows(keys, [*part.axes, *part.keys] if part.is_sampled else (), known.history_line_count)
        return Windows(part.min_step, end, page_size=part.page_size, rows=rows, steps=max(steps, 1))

    def _ask(self) -> tuple[GetRunHistoryKeysProjectRun | GetRunHistoryPlanProjectRun, Sequence[str]]:
        """Fetch what the history holds, and where exported files of it are."""
        if is_installed("pyarrow"):
            operation = operations.get_run_history_plan(**address_of(self._run))
            try:
                data = self._client.execute(operation)
            except UnsupportedError:
                pass  # The server is older than exports.
            else:
                planned = found_run(data.project, address_of(self._run), operation.name)
                return planned, planned.parquet_history.parquet_urls
        return fetch_history_keys(self._client, self._run), ()

    def _begin_with_exports(self, urls: Sequence[str]) -> int | None:
        """Take rows from exported files, if they can be read. Return the first step of those that are not there."""
        part = self._part
        live = first_live_step(fetch_exports(self._client, self._run).parquet_history.live_data)
        try:
            exported = read_exported(self._client, self._run, urls, keys=[*part.axes, *part.keys])
        except (RequestError, ValueError) as error:
            self._broken = error
            return None
        rest = exported.last_step + 1
        if live is not None and live < rest:
            self._overlap = exported.steps_from(live)
            rest = live
        rows = exported.part(part.min_step, part.max_step)
        self._exported = self._pages_of(rows.having(part.keys, part.how, part.axes) if part.keys else rows)
        return rest

    def _pages_of(self, rows: ExportedRows) -> Iterator[_Page]:
        if self._columnar:
            return iter([_Page(table=rows.table)] if rows else [])
        return (_Page(rows=page) for page in rows.pages(self._part.page_size) if page)

    def _fetch_all(self, windows: Sequence[Window]) -> list[_Page]:
        if len(windows) == 1:
            return [self._fetch(windows[0])]
        fetches = [partial(self._fetch, window) for window in windows]
        return run_many(fetches, at_once=len(fetches), abort=lambda: None)

    def _fetch(self, window: Window) -> _Page:
        run = self._run
        where = address_of(run)
        first, end, samples = window
        if self._part.is_sampled:
            spec = spec_of([STEP, *self._part.axes, *self._part.keys], samples=samples, first=first, last=end - 1)
            sampled = operations.get_sampled_run_history(**where, specs=[spec])
            if self._columnar:
                return self._fetch_columns(sampled)
            picked = found_run(self._client.execute(sampled).project, address_of(run), sampled.name)
            return _Page(rows=read_sampled(picked.sampled_history, of=run.identity))
        page = operations.get_run_history_page(**where, min_step=first, max_step=end, samples=samples)
        return _Page(lines=found_run(self._client.execute(page).project, address_of(run), page.name).history)

    def _fetch_columns(self, operation: Operation[GetSampledRunHistory]) -> _Page:
        page = self._client.execute(as_columns(operation))
        if page.table is not None:
            return _Page(table=page.table)
        project = page.data.project if page.data else None
        picked = found_run(project, address_of(self._run), operation.name)
        return _Page(rows=read_sampled(picked.sampled_history, of=self._run.identity))

    def _complain(self) -> None:
        """Raise where a whole history came with too few rows, since the rest is only in files that the server exported.

        Servers count rows in different ways, so too few of them alone is no fault.
        """
        if self._missing <= 0 or (is_installed("pyarrow") and self._broken is None):
            return
        run = self._run
        exports = fetch_exports(self._client, run)
        if urls := exports.parquet_history.parquet_urls:
            why = "which need pyarrow" if self._broken is None else f"which cannot be read: {self._broken}"
            raise UnsupportedError(
                f"{self._missing} rows of the history of {run.identity} are only in the {len(urls)} Parquet files that "
                f"the server exported, {why}.",
                hint="pip install 'wandql[arrow]'" if self._broken is None else "Tell who runs the server.",
                operation="GetRunParquetHistory",
                path=run.identity,
                attempts=1,
            ) from self._broken
