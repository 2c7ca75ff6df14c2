# Derived from src/wandql/api/_async/run_frames.py by `make generate`: edit that file instead.
"""Runs as tables, as files of these, and as values of a user's own type."""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

from wandql.api._sync.run_pages import RunPages
from wandql.api.run_columns import add_runs, config_of, run_line, start_table, summary_of
from wandql.api.seam_sync import Streamed
from wandql.api.typed_values import Reader, TypedValues
from wandql.client.seam_sync import run_in_thread
from wandql.errors import MismatchError
from wandql.frames.builder import TableBuilder
from wandql.frames.libraries import check_installed
from wandql.frames.tables import pandas_of, polars_of
from wandql.frames.writers import replacing, write_csv, write_parquet
from wandql.graphql.generated.fragments import RunFields
from wandql.graphql.scalars import JSONObject

if TYPE_CHECKING:
    from pandas import DataFrame
    from polars import DataFrame as PolarsFrame
    from pyarrow import Table as ArrowTable

__all__ = ["RunFrames"]

T = TypeVar("T")


class RunFrames(Streamed, ABC):
    """What a list of runs is beyond single runs: a table, a file, values of a type.

    Each of these walks over the whole list once and keeps no run; while it takes some apart, the next are fetched. The
    table's columns are `id`, `name`, `state`, `created_at`, `heartbeat_at`, `user`, `group`, `job_type`, `sweep`,
    `tags`, `notes`, then `config.…` and `summary.…`, each part sorted. Their types depend on the values alone, not on
    pages: see `docs/tables.md`.
    """

    # As tables

    def to_arrow(self) -> ArrowTable:
        """Return the runs as an Arrow table: a row for each, a column for each key of config and summary.

        Sends one request for each page.

        Raises:
            UsageError: pyarrow is not installed. No request was sent.
            NotFoundError: The project is not there.
            DecodeError: A config or summary is no JSON object.
            RequestError: A request failed.

        Example:
            >>> table = api.runs("alice/mnist").to_arrow()
            >>> table.num_rows, table.schema.field("config.lr").type
            (3, DataType(double))
        """
        table = self._build()
        return run_in_thread(table.table)

    def to_pandas(self) -> DataFrame:
        """Return the runs as a pandas DataFrame: a row for each, a column for each key of config and summary.

        The columns are those of `to_arrow`. Integers are `Int64` and booleans `boolean`, with or without nulls; what is
        mixed holds the values themselves.

        Sends one request for each page.

        Raises:
            UsageError: pandas or pyarrow is not installed. No request was sent.
            NotFoundError: The project is not there.
            DecodeError: A config or summary is no JSON object.
            RequestError: A request failed.

        Example:
            >>> frame = api.runs("alice/mnist").to_pandas()
            >>> frame[["id", "config.lr", "summary.loss"]]
                  id  config.lr  summary.loss
            0  run-1  ...
            1  run-2  ...
            2  run-3  ...
        """
        check_installed("A pandas DataFrame", "pandas", "pyarrow")
        table = self._build()
        return run_in_thread(lambda: pandas_of(table.table()))

    def to_polars(self) -> PolarsFrame:
        """Return the runs as a polars DataFrame: a row for each, a column for each key of config and summary.

        The columns are those of `to_arrow`. Sends one request for each page.

        Raises:
            UsageError: polars or pyarrow is not installed. No request was sent.
            NotFoundError: The project is not there.
            DecodeError: A config or summary is no JSON object.
            RequestError: A request failed.

        Example:
            >>> frame = api.runs("alice/mnist").to_polars()
            >>> frame["id"].to_list()
            ['run-1', 'run-2', 'run-3']
        """
        check_installed("A polars DataFrame", "polars", "pyarrow")
        table = self._build()
        return run_in_thread(lambda: polars_of(table.table()))

    # As files

    def to_parquet(self, path: str | PathLike[str]) -> Path:
        """Write the runs into a Parquet file, with the columns of `to_arrow`. It appears in one step.

        Sends one request for each page. Takes as much memory for a thousand runs as for a million: what was fetched
        waits in a temporary file until all columns are known.

        Args:
            path: The file. One that is there is replaced.

        Returns:
            The path.

        Raises:
            UsageError: pyarrow is not installed. No request was sent.
            LocalFileError: The file cannot be written.
            NotFoundError: The project is not there.
            DecodeError: A config or summary is no JSON object.
            RequestError: A request failed.

        Example:
            >>> api.runs("alice/mnist").to_parquet("runs.parquet").name
            'runs.parquet'
        """
        return self._write(Path(path), write_parquet)

    def to_csv(self, path: str | PathLike[str]) -> Path:
        """Write the runs into a CSV file, with the columns of `to_arrow`. It appears in one step.

        A null is an empty field; a list is JSON text, as is what is mixed. Sends one request for each page, and takes
        memory as `to_parquet` does.

        Args:
            path: The file. One that is there is replaced.

        Returns:
            The path.

        Raises:
            UsageError: pyarrow is not installed. No request was sent.
            LocalFileError: The file cannot be written.
            NotFoundError: The project is not there.
            DecodeError: A config or summary is no JSON object.
            RequestError: A request failed.

        Example:
            >>> path = api.runs("alice/mnist").to_csv("runs.csv")
            >>> path.read_text().count("run-")
            3
        """
        return self._write(Path(path), write_csv)

    def to_jsonl(self, path: str | PathLike[str]) -> Path:
        """Write the runs into a file of JSON lines, one for each run. It appears in one step.

        A line has the run's own columns as `to_arrow` does, times in ISO 8601, then `config` and `summary` as they are:
        nested, and with the bare words `NaN` and `Infinity`. Needs no other library. Sends one request for each page,
        and keeps one page.

        Args:
            path: The file. One that is there is replaced.

        Returns:
            The path.

        Raises:
            LocalFileError: The file cannot be written.
            NotFoundError: The project is not there.
            DecodeError: A config or summary is no JSON object.
            RequestError: A request failed.

        Example:
            >>> path = api.runs("alice/mnist").to_jsonl("runs.jsonl")
            >>> path.read_text().splitlines()[0]
            '{"id":"run-1","name":"baseline",...}'
        """
        path = Path(path)
        with replacing(path) as file:

            def write(runs: Sequence[RunFields], of: str) -> None:
                file.writelines(run_line(run, of) for run in runs)

            self._pages().walk(write)
        return path

    # As values

    def configs(self, of: type[T]) -> TypedValues[T]:
        """Return the configs of the runs as values of a type of yours.

        A config that is something else does not stop the others: it is among the `rejects`. Sends one request for each
        page.

        Args:
            of: A pydantic model, a dataclass or a TypedDict.

        Raises:
            UsageError: pydantic does not know how to validate the type. No request was sent.
            NotFoundError: The project is not there.
            DecodeError: A config is no JSON object.
            RequestError: A request failed.

        Example:
            >>> from typing_extensions import TypedDict
            >>> class TrainConfig(TypedDict):
            ...     lr: float
            >>> typed = api.runs("alice/mnist").configs(TrainConfig)
            >>> [config["lr"] for config in typed], typed.rejects
            ([0.1, ...], [])
        """
        return self._read(of, config_of, "config")

    def summaries(self, of: type[T]) -> TypedValues[T]:
        """Return the summaries of the runs as values of a type of yours.

        A summary that is something else does not stop the others: it is among the `rejects`. Sends one request for each
        page.

        Args:
            of: A pydantic model, a dataclass or a TypedDict.

        Raises:
            UsageError: pydantic does not know how to validate the type. No request was sent.
            NotFoundError: The project is not there.
            DecodeError: A summary is no JSON object.
            RequestError: A request failed.

        Example:
            >>> from typing_extensions import TypedDict
            >>> class Results(TypedDict):
            ...     loss: float
            >>> typed = api.runs("alice/mnist").summaries(Results)
            >>> typed.by_run["run-1"]
            {'loss': 0.25}
        """
        return self._read(of, summary_of, "summary")

    def _read(self, of: type[T], document: Callable[[RunFields, str], JSONObject], what: str) -> TypedValues[T]:
        by_run: dict[str, T] = {}
        rejects: list[MismatchError] = []
        reader = Reader(of, what)

        def read(runs: Sequence[RunFields], project: str) -> None:
            for run in runs:
                try:
                    by_run[run.id] = reader.read(document(run, project), path=f"{project}/{run.id}")
                except MismatchError as reject:
                    rejects.append(reject)

        self._pages().walk(read)
        return TypedValues(by_run, rejects)

    def _write(self, path: Path, write: Callable[[TableBuilder, IO[bytes]], None]) -> Path:
        with replacing(path) as file, tempfile.TemporaryFile() as waiting:
            run_in_thread(write, self._build(waiting), file)
        return path

    def _build(self, file: IO[bytes] | None = None) -> TableBuilder:
        table = start_table(file)
        self._pages().walk(lambda runs, of: add_runs(table, runs, of))
        return table

    @abstractmethod
    def _pages(self) -> RunPages:
        """Begin to go through what the server says of the runs. Nothing is kept."""
