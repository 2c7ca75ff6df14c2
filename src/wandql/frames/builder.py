"""Builds a table of rows that arrive part by part, and whose columns are known only at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING

from wandql.frames.arrays import Part, keep, make_field, unify
from wandql.frames.arrow import Array, RecordBatch, Schema, load_arrow
from wandql.frames.columns import KeyPath, name_columns, take_apart
from wandql.frames.shapes import NOTHING, Shape, merge, shape_of
from wandql.graphql.scalars import JSONObject

if TYPE_CHECKING:
    from pyarrow import Table

__all__ = ["TableBuilder"]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some rows: their arrays, or where in the file these are."""

    count: int
    shapes: Mapping[KeyPath, Shape]
    arrays: Sequence[Array] | None
    offset: int
    size: int


class TableBuilder:
    """Builds a table. Its columns are fixed ones, and then those of documents, group by group and sorted by name.

    Attributes:
        fixed: The fixed columns.

    Args:
        fixed: The fixed columns.
        groups: The names of the groups, with which the names of their columns begin.
        file: Where rows are put that would not fit into memory; None keeps them there.
    """

    def __init__(self, fixed: Schema, groups: Sequence[str], file: IO[bytes] | None = None) -> None:
        self.fixed: Schema = fixed
        self._groups = groups
        self._file = file
        self._rows: list[_Rows] = []
        self._shapes: defaultdict[KeyPath, Shape] = defaultdict(lambda: NOTHING)

    def add(self, fixed: Sequence[Array], documents: Sequence[Sequence[JSONObject]]) -> None:
        """Add rows.

        Args:
            fixed: The values of the fixed columns.
            documents: For each group, the document of every row.
        """
        parts: dict[KeyPath, Part] = {}
        for group, of_group in zip(self._groups, documents, strict=True):
            for path, values in take_apart(of_group, (group,)):
                parts[path] = keep(values, shape_of(values))
        for path, part in parts.items():
            self._shapes[path] = merge(self._shapes[path], part.shape)
        arrays = [*fixed, *[part.array for part in parts.values()]]
        shapes = {path: part.shape for path, part in parts.items()}
        count = len(documents[0])
        if self._file is None:
            self._rows.append(_Rows(count, shapes, arrays, 0, 0))
        else:
            self._rows.append(_Rows(count, shapes, None, *_write(self._file, arrays)))

    def schema(self) -> Schema:
        """Return the columns of all rows so far."""
        pa = load_arrow()
        rest = [make_field(name, self._shapes[path]) for path, name in self._names()]
        schema: Schema = pa.schema([*self.fixed, *rest])
        return schema

    def batches(self) -> Iterator[RecordBatch]:
        """Yield all rows so far, some at a time, with the columns of all."""
        pa = load_arrow()
        schema, paths = self.schema(), [path for path, _ in self._names()]
        for rows in self._rows:
            arrays = _read(self._file, rows) if self._file else (rows.arrays or [])
            fixed, rest = arrays[: len(self.fixed)], arrays[len(self.fixed) :]
            parts = {path: Part(shape, array) for (path, shape), array in zip(rows.shapes.items(), rest, strict=True)}
            nothing = Part(NOTHING, pa.nulls(rows.count))
            columns = [unify(parts.get(path, nothing), self._shapes[path]) for path in paths]
            yield pa.RecordBatch.from_arrays([*fixed, *columns], schema=schema)

    def table(self) -> Table:
        """Return all rows so far as a table in memory."""
        pa = load_arrow()
        table: Table = pa.Table.from_batches([*self.batches()], self.schema())
        return table

    def _names(self) -> list[tuple[KeyPath, str]]:
        return [
            (path, name)
            for group in self._groups
            for path, name in name_columns([path for path in self._shapes if path[0] == group]).items()
        ]


def _write(file: IO[bytes], arrays: Sequence[Array]) -> tuple[int, int]:
    pa, ipc = load_arrow(), load_arrow("ipc")
    batch = pa.RecordBatch.from_arrays([*arrays], names=[str(number) for number in range(len(arrays))])
    content = BytesIO()
    with ipc.new_stream(content, batch.schema) as stream:
        stream.write_batch(batch)
    return file.tell(), file.write(content.getbuffer())


def _read(file: IO[bytes], rows: _Rows) -> Sequence[Array]:
    file.seek(rows.offset)
    with load_arrow("ipc").open_stream(BytesIO(file.read(rows.size))) as stream:
        batch: RecordBatch = stream.read_next_batch()
        return batch.columns
