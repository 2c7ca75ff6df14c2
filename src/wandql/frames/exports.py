"""From exported Parquet files to rows and columns of a history.

What an export lacks of a row is null there: a row has the keys of which it has a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Final, Literal

from wandql.frames.arrow import Array, DataType, Rows, load_arrow
from wandql.frames.nested import column_at, leads_to, without_nulls
from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["ExportedRows", "read_exports"]

STEP: Final = "_step"


class ExportedRows:
    """Rows of one history in columns, in the order of steps.

    Attributes:
        table: The rows, whose first column is `_step`.
    """

    def __init__(self, table: Rows) -> None:
        self.table: Rows = table

    def __len__(self) -> int:
        return self.table.num_rows

    @property
    def last_step(self) -> int:
        """The step of the last row; -1 where there is none."""
        last: int | None = load_arrow("compute").max(self.table.column(STEP)).as_py()
        return -1 if last is None else last

    def steps_from(self, first: int) -> frozenset[int]:
        """Return the steps of rows from step `first` on."""
        steps = self.part(first, None).table.column(STEP).to_pylist()
        return frozenset(step for step in steps if isinstance(step, int))

    def part(self, first: int, end: int | None) -> ExportedRows:
        """Return the rows from step `first` up to, not including, step `end`."""
        compute, steps = load_arrow("compute"), self.table.column(STEP)
        begin = compute.sum(compute.less(steps, first)).as_py() or 0
        stop = len(self) if end is None else compute.sum(compute.less(steps, end)).as_py() or 0
        return ExportedRows(self.table.slice(begin, max(stop - begin, 0)))

    def having(self, keys: Sequence[str], how: Literal["inner", "outer"], axes: Sequence[str] = ()) -> ExportedRows:
        """Return the rows with a value of all keys and axes, or of some key, as columns of these alone."""
        pa, compute = load_arrow(), load_arrow("compute")
        found = {key: column_at(self.table, key) for key in dict.fromkeys([*axes, *keys])}
        columns = {key: pa.nulls(len(self)) if column is None else column for key, column in found.items()}
        required = columns if how == "inner" else keys
        valid: list[Array] = [compute.is_valid(columns[key]) for key in required]
        mask: Array = reduce(compute.and_ if how == "inner" else compute.or_, valid)
        return ExportedRows(pa.table({STEP: self.table.column(STEP), **columns}).filter(mask))

    def pages(self, size: int) -> Iterator[list[JSONObject]]:
        """Yield the rows as dicts, `size` at a time."""
        pa = load_arrow()
        for batch in self.table.to_batches(max_chunksize=size):
            columns: list[list[JSONValue]] = [column.to_pylist() for column in batch.columns]
            names: list[str] = batch.schema.names
            for number, field in enumerate(batch.schema):
                if pa.types.is_nested(field.type):
                    columns[number] = [without_nulls(value) for value in columns[number]]
            if any(column.null_count for column in batch.columns):
                yield [
                    {name: value for name, value in zip(names, values, strict=True) if value is not None}
                    for values in zip(*columns, strict=True)
                ]
            else:
                yield [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def read_exports(contents: Sequence[bytes], keys: Sequence[str] = ()) -> ExportedRows:
    """Read exported files, which together hold the rows of a history.

    Args:
        contents: The files.
        keys: The keys to read, beside the step; all where there are none.

    Raises:
        UsageError: pyarrow is not installed.
        ValueError: A file is no Parquet file, has no steps, or values that are no JSON.
    """
    pa, compute = load_arrow(), load_arrow("compute")
    try:
        tables = [_read(content, keys) for content in contents]
        tables.sort(key=lambda table: compute.min(table.column(STEP)).as_py() or 0)
        table: Rows = pa.concat_tables(tables, promote_options="permissive")
        steps = table.column(STEP).combine_chunks()
        if not compute.all(compute.greater_equal(compute.pairwise_diff(steps), 0)).as_py():
            table = table.take(compute.sort_indices(steps))
    except (pa.ArrowException, OSError) as error:
        raise ValueError(str(error)) from error
    return ExportedRows(table)


def _read(content: bytes, keys: Sequence[str]) -> Rows:
    pa = load_arrow()
    with load_arrow("parquet").ParquetFile(pa.BufferReader(content)) as file:
        names: list[str] = file.schema_arrow.names
        if STEP not in names:
            raise ValueError("it has no steps")
        wanted = [name for name in names if not keys or any(leads_to(name, key) for key in keys)]
        wanted = [STEP, *[name for name in wanted if name != STEP]]
        # Threads would cost more than they bring for what has tens of columns.
        read = file.read(columns=wanted, use_threads=False).select(wanted)
    fields = [pa.field(name, _json_type(read.schema.field(name).type)) for name in wanted]
    fields[0] = pa.field(STEP, pa.int64())
    table: Rows = read.replace_schema_metadata().cast(pa.schema(fields))
    if table.column(STEP).null_count:
        raise ValueError("a row has no step")
    return table


def _json_type(type_: DataType) -> DataType:
    """Return the type in which a column is kept.

    Raises:
        ValueError: Its values are no JSON.
    """
    pa = load_arrow()
    types = pa.types
    known: list[tuple[bool, DataType]] = [
        (types.is_null(type_) or types.is_boolean(type_), type_),
        (types.is_integer(type_), pa.int64()),
        (types.is_floating(type_), pa.float64()),
        (types.is_string(type_) or types.is_large_string(type_), pa.string()),
    ]
    for applies, kept in known:
        if applies:
            return kept
    if types.is_dictionary(type_):
        return _json_type(type_.value_type)
    if types.is_list(type_) or types.is_large_list(type_):
        items: DataType = pa.list_(pa.field("element", _json_type(type_.value_type)))
        return items
    if types.is_struct(type_):
        fields: DataType = pa.struct([(field.name, _json_type(field.type)) for field in type_])
        return fields
    raise ValueError(f"{type_} is no type of JSON")
