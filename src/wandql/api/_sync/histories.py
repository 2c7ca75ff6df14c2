# Derived from src/wandql/api/_async/histories.py by `make generate`: edit that file instead.
"""The histories of many runs at once, as one frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from wandql.api._sync.history import sample_history, scan_columns
from wandql.api._sync.run import Run
from wandql.api._sync.run_pages import RunPages
from wandql.api.history_rows import How, check_how, check_keys, check_positive
from wandql.api.metric_axes import STEP
from wandql.api.projection import Projection
from wandql.api.seam_sync import Streamed
from wandql.client._sync.client import Client
from wandql.client.seam_sync import run_many
from wandql.errors import UnknownKeyError
from wandql.frames.histories import HistoryColumns, join_histories
from wandql.frames.libraries import check_installed
from wandql.frames.tables import pandas_of, polars_of
from wandql.graphql.scalars import JSONValue

if TYPE_CHECKING:
    from pandas import DataFrame
    from polars import DataFrame as PolarsFrame
    from pyarrow import Table

__all__ = ["Histories"]

AT_ONCE: Final = 8
"""How many runs are read side by side."""


class Histories(Streamed):
    """The histories of many runs in long form: a row for each step of each run, which `run_id` tells.

    Making one sends nothing.

    Example:
        >>> histories = api.runs("alice/mnist").histories(keys=["loss"])
        >>> histories.to_arrow().column_names
        ['run_id', 'sampled', '_step', 'loss']
    """

    def __init__(
        self,
        client: Client,
        pages: Callable[[], RunPages],
        *,
        keys: Sequence[str] | None,
        samples: int | None,
        how: How,
        x_axis: str | None,
        projection: Projection,
    ) -> None:
        check_how(how)
        if samples is not None:
            check_positive(samples=samples)
        self._client = client
        self._pages = pages
        self._keys = check_keys(keys)
        self._samples = samples
        self._how: How = how
        self._x_axis = x_axis
        self._projection = projection

    def to_arrow(self) -> Table:
        """Return all rows as an Arrow table: `run_id`, `sampled`, `_step`, and a column for each key.

        Sends one request for each page of runs, and for each run those of `run.scan_history().to_arrow()`, or one where
        there is a number of `samples`. Eight runs are read side by side.

        Returns:
            A table with types as of `run.scan_history().to_arrow()`, over all runs. `sampled` tells of each row whether
            its run may have others that are not here.

        Raises:
            UsageError: pyarrow is not installed. No request was sent.
            UnknownKeyError: No run has a row with a key.
            NotFoundError: The project, or a run by now, is not there.
            DecodeError: A row is no JSON object.
            RequestError: A request failed.

        Example:
            >>> table = api.runs("alice/mnist").histories(keys=["loss"]).to_arrow()
            >>> table.num_rows > 4
            True
        """
        check_installed("An Arrow table", "pyarrow")
        read: list[HistoryColumns] = []
        unknown: list[UnknownKeyError] = []
        pages = self._pages()
        while not pages.complete:
            nodes = pages.advance()
            entity, _, project = pages.place.partition("/")
            runs = [
                Run.of(node, self._client, entity=entity, project=project, projection=self._projection)
                for node in nodes
            ]
            reads = [partial(self._read, run) for run in runs]
            for columns in run_many(reads, at_once=AT_ONCE, abort=lambda: None):
                if isinstance(columns, UnknownKeyError):
                    unknown.append(columns)
                else:
                    read.append(columns)
        if unknown and not any(len(columns) for columns in read):
            raise unknown[0]
        axes = dict.fromkeys(chain.from_iterable(columns.axes for columns in read))
        keys = [*axes, *self._keys] if self._keys else []
        return join_histories(read, {}, first=["run_id", "sampled"], keys=keys)

    def to_pandas(self) -> DataFrame:
        """Return all rows as a pandas DataFrame, with the columns of `to_arrow`, whose requests it sends.

        Raises:
            UsageError: pandas or pyarrow is not installed. No request was sent.
            UnknownKeyError: No run has a row with a key.
            NotFoundError: The project, or a run by now, is not there.
            DecodeError: A row is no JSON object.
            RequestError: A request failed.

        Example:
            >>> frame = api.runs("alice/mnist").histories(keys=["loss"], samples=2).to_pandas()
            >>> frame[frame["run_id"] == "run-1"]["loss"].to_list()
            [2.0, 0.25]
        """
        check_installed("A pandas DataFrame", "pandas", "pyarrow")
        return pandas_of(self.to_arrow())

    def to_polars(self) -> PolarsFrame:
        """Return all rows as a polars DataFrame, with the columns of `to_arrow`, whose requests it sends.

        Raises:
            UsageError: polars or pyarrow is not installed. No request was sent.
            UnknownKeyError: No run has a row with a key.
            NotFoundError: The project, or a run by now, is not there.
            DecodeError: A row is no JSON object.
            RequestError: A request failed.

        Example:
            >>> api.runs("alice/mnist").histories(keys=["loss"]).to_polars().width
            4
        """
        check_installed("A polars DataFrame", "polars", "pyarrow")
        return polars_of(self.to_arrow())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {', '.join(self._keys) or 'all keys'}>"

    def _read(self, run: Run) -> HistoryColumns | UnknownKeyError:
        if self._samples is not None:
            keys = [STEP, *self._keys] if self._keys else []
            rows = sample_history(
                self._client, run, samples=self._samples, keys=keys, x_axis=self._x_axis, stream="default"
            )
            axes = [name for name in dict.fromkeys(chain.from_iterable(rows)) if name != STEP]
            constants: dict[str, JSONValue] = {"run_id": run.id, "sampled": rows.sampled}
            columns = HistoryColumns(self._keys, axes=axes, constants=constants)
            columns.add_rows(rows)
            return columns
        try:
            return scan_columns(
                self._client,
                run,
                keys=self._keys,
                how=self._how,
                x_axis=self._x_axis,
                constants={"run_id": run.id, "sampled": False},
            )
        except UnknownKeyError as error:
            # Runs that end early have not logged everything.
            return error
