"""Tables as files, written a few rows at a time. A file appears in one step, when it is whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from wandql.client.transfers.directories import local_errors
from wandql.frames.arrays import json_array
from wandql.frames.arrow import Field, Schema, load_arrow
from wandql.frames.builder import TableBuilder

__all__ = ["replacing", "write_csv", "write_parquet"]


@contextmanager
def replacing(path: Path) -> Generator[IO[bytes], None, None]:
    """Give a new file that takes the place of `path` at the end. After an error, all is as it was.

    A link leads to the file that is replaced. What is there and is no file, such as a pipe or `/dev/stdout`, is written
    into as it is: a file in its place would take it from everybody.

    Raises:
        LocalFileError: It cannot be written.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file() and not target.is_dir():
        with local_errors(path, "written"), path.open("wb") as file:
            yield file
        return
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
    with local_errors(path, "written"):
        try:
            with partial.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise


def write_parquet(builder: TableBuilder, file: IO[bytes]) -> None:
    """Write all rows of a table as Parquet."""
    with load_arrow("parquet").ParquetWriter(file, builder.schema(), compression="zstd") as writer:
        for batch in builder.batches():
            writer.write_batch(batch)


def write_csv(builder: TableBuilder, file: IO[bytes]) -> None:
    """Write all rows of a table as CSV, with a line of names. Lists are JSON text there, nulls are empty."""
    pa = load_arrow()
    plain: Schema = pa.schema([_plain(field) for field in builder.schema()])
    with load_arrow("csv").CSVWriter(file, plain) as writer:
        for batch in builder.batches():
            columns = [
                json_array(column.to_pylist()) if pa.types.is_list(column.type) else column.cast(field.type)
                for column, field in zip(batch.columns, plain, strict=True)
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=plain))


def _plain(field: Field) -> Field:
    pa = load_arrow()
    is_odd = pa.types.is_list(field.type) or pa.types.is_null(field.type)
    plain: Field = pa.field(field.name, pa.string() if is_odd else field.type)
    return plain
