"""From rows of a history to an Arrow table, with no object of Python for each row where it can be helped.

Rows come as JSON texts. A reader that is compiled takes thousands of them at once; only what it cannot read right
(values of several types, objects, integers over 64 bits, text that is not quite JSON) is decoded row by row. The rows
are cut into the same blocks however they come in pages, and types follow from the values alone: see `shapes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, Final

from pydantic_core import to_json

from wandql.frames.arrays import JSON_ENCODED
from wandql.frames.arrow import Array, DataType, Rows, load_arrow
from wandql.frames.nested import column_at, without_nulls
from wandql.frames.shapes import NOTHING, Kind, Shape, arrow_type, merge, shape_of
from wandql.graphql.documents import decode
from wandql.graphql.scalars import JSONObject, JSONValue

if TYPE_CHECKING:
    from pyarrow import Table

__all__ = ["HistoryColumns", "join_histories", "value_at"]

BLOCK: Final = 10_000
TOO_LARGE: Final = 2.0**63
STEP: Final = "_step"


@dataclass(frozen=True, slots=True)
class _Column:
    shape: Shape
    values: Array | Sequence[JSONValue]


@dataclass(frozen=True, slots=True)
class _Block:
    rows: int
    columns: Mapping[str, _Column]


class HistoryColumns:
    """Rows of one history, as columns.

    Args:
        keys: The columns to have; by default all that occur. A row without a value in any of them is left out.
        axes: More columns to have before these.
        constants: More columns, of one value each.

    Raises:
        UsageError: pyarrow is not installed.
    """

    def __init__(
        self,
        keys: Sequence[str] = (),
        *,
        axes: Sequence[str] = (),
        constants: Mapping[str, JSONValue] | None = None,
    ) -> None:
        load_arrow()
        self._keys = list(dict.fromkeys(key for key in keys if key != STEP))
        self._axes = [axis for axis in axes if axis not in self._keys] if self._keys else []
        self._constants = constants or {}
        self._blocks: list[_Block] = []
        self._lines: list[str] = []
        self._rows: list[JSONObject] = []

    @property
    def axes(self) -> list[str]:
        """The columns that are there beside the keys."""
        return list(self._axes)

    def add_lines(self, lines: Iterable[str]) -> None:
        """Add rows, each the text of a JSON object.

        Raises:
            ValueError: A row is something else.
        """
        self._lines.extend(lines)
        while len(self._lines) >= BLOCK:
            self._blocks.append(self._read(self._lines[:BLOCK]))
            del self._lines[:BLOCK]

    def add_rows(self, rows: Iterable[JSONObject]) -> None:
        """Add rows that are decoded already."""
        self._rows.extend(rows)
        while len(self._rows) >= BLOCK:
            self._blocks.append(self._turn(self._rows[:BLOCK]))
            del self._rows[:BLOCK]

    def add_table(self, table: Rows) -> None:
        """Add rows that are columns already. Null is no value."""
        self.finish()
        if self._keys:
            table = _having(table, self._keys, self._axes)
        columns: dict[str, _Column] = {}
        for name in table.column_names:
            array = table.column(name).combine_chunks()
            if self._keys or array.null_count < len(array):
                if shape := _shape_of_array(array, is_exact=True):
                    columns[name] = _Column(shape, array)
                else:
                    values = [without_nulls(value) for value in array.to_pylist()]
                    columns[name] = _Column(shape_of(values), values)
        if table.num_rows:
            self._blocks.append(_Block(table.num_rows, columns))

    def table(self, kinds: Mapping[str, Kind]) -> Table:
        """Return all rows as a table.

        Args:
            kinds: What the values of keys are where no row tells. All of these are columns where there are no rows.

        Raises:
            ValueError: A row is no JSON object.
        """
        return join_histories([self], kinds, keys=[*self._axes, *self._keys])

    def finish(self) -> None:
        """Read what waits for more rows to come.

        Raises:
            ValueError: A row is no JSON object.
        """
        if self._lines:
            self._blocks.append(self._read(self._lines))
        if self._rows:
            self._blocks.append(self._turn(self._rows))
        self._lines, self._rows = [], []

    def blocks(self) -> list[_Block]:
        """Return all rows, in blocks.

        Raises:
            ValueError: A row is no JSON object.
        """
        self.finish()
        return [_Block(block.rows, {**block.columns, **self._constant_columns(block.rows)}) for block in self._blocks]

    def __len__(self) -> int:
        return sum(block.rows for block in self._blocks) + len(self._lines) + len(self._rows)

    def _constant_columns(self, rows: int) -> dict[str, _Column]:
        return {name: _Column(shape_of([value]), [value] * rows) for name, value in self._constants.items()}

    def _read(self, lines: Sequence[str]) -> _Block:
        table = _parse(lines)
        if table is None:
            return self._turn([_row(line) for line in lines])
        if self._keys:
            table = _having(table, self._keys, self._axes)
        columns: dict[str, _Column] = {}
        for name in table.column_names:
            try:
                array = table.column(name).combine_chunks()
            except IndexError:  # pyarrow's own fault with lists of nothing but nulls
                return self._turn([_row(line) for line in lines])
            shape = _shape_of_array(array)
            if shape is None:
                return self._turn([_row(line) for line in lines])
            columns[name] = _Column(shape, array)
        return _Block(table.num_rows, columns)

    def _turn(self, rows: Sequence[JSONObject]) -> _Block:
        kept: Sequence[JSONObject] = rows
        names = dict.fromkeys(chain.from_iterable(rows))
        if self._keys:
            kept = [row for row in rows if any(value_at(row, key) is not None for key in self._keys)]
            names = dict.fromkeys([STEP, *self._axes, *self._keys])
        columns: dict[str, _Column] = {}
        for name in names:
            values = [value_at(row, name) for row in kept] if self._keys else [row.get(name) for row in kept]
            columns[name] = _Column(shape_of(values), values)
        return _Block(len(kept), columns)


def join_histories(
    histories: Iterable[HistoryColumns],
    kinds: Mapping[str, Kind],
    *,
    first: Sequence[str] = (),
    keys: Sequence[str] = (),
) -> Table:
    """Return the rows of histories as one table.

    Args:
        histories: The histories.
        kinds: What the values of keys are where no row tells. All of these are columns where there are no rows.
        first: The columns to have before all others.
        keys: The columns to have; by default all that occur.

    Raises:
        ValueError: A row is no JSON object.
    """
    pa = load_arrow()
    blocks = [block for history in histories for block in history.blocks()]
    occurring = chain.from_iterable(block.columns for block in blocks)
    names = dict.fromkeys([*first, STEP, *(keys or occurring)])
    if not blocks and not keys:
        names |= dict.fromkeys(kinds)
    types: dict[str, DataType | None] = {}
    for name in names:
        shape = NOTHING
        for block in blocks:
            shape = merge(shape, block.columns[name].shape if name in block.columns else NOTHING)
        if shape == NOTHING:
            shape = Shape(Kind.INT if name == STEP else kinds.get(name, Kind.NONE))
        types[name] = arrow_type(shape)
    # Only JSON text holds what has no type of its own.
    fields = [
        pa.field(name, pa.string(), metadata=JSON_ENCODED) if type_ is None else pa.field(name, type_)
        for name, type_ in types.items()
    ]
    schema = pa.schema(fields)
    tables = [
        pa.table({name: _converted(block, name, type_) for name, type_ in types.items()}, schema=schema)
        for block in blocks
    ]
    table: Table = pa.concat_tables(tables) if tables else schema.empty_table()
    return table


def value_at(row: JSONObject, key: str) -> JSONValue:
    """Return a row's value of a key, which may be the dotted path into an object; None where there is none."""
    if key in row or "." not in key:
        return row.get(key)
    head, _, rest = key.partition(".")
    while rest:
        inner = row.get(head)
        if isinstance(inner, dict) and (value := value_at(inner, rest)) is not None:
            return value
        more, _, rest = rest.partition(".")
        head = f"{head}.{more}"
    return None


def _row(line: str) -> JSONObject:
    row = decode(line)
    if not isinstance(row, dict):
        raise ValueError(f"{line[:60]!r} is no JSON object")  # noqa: TRY004 - it is a wrong text
    return row


def _parse(lines: Sequence[str]) -> Rows | None:
    """Return the rows as a table, or None where the reader cannot take them."""
    pa, json = load_arrow(), load_arrow("json")
    try:
        text = "\n".join(lines).encode()
        # One block is one type for each column, and threads would cost more than they bring.
        options = json.ReadOptions(use_threads=False, block_size=len(text) + 1)
        table: Rows = json.read_json(BytesIO(text), read_options=options)
        times = [name for name in table.column_names if pa.types.is_timestamp(table.column(name).type)]
        if times:
            # Text that looks like a time is still text.
            parsing = json.ParseOptions(explicit_schema=pa.schema([(name, pa.string()) for name in times]))
            again: Rows = json.read_json(BytesIO(text), read_options=options, parse_options=parsing)
            table = again.select(table.column_names)
    except (pa.ArrowException, UnicodeEncodeError):
        return None
    return table if table.num_rows == len(lines) else None


def _having(table: Rows, keys: Sequence[str], axes: Sequence[str]) -> Rows:
    """Return the columns of some keys, their axes and the step, of the rows with a value in one of the keys."""
    pa, compute = load_arrow(), load_arrow("compute")
    steps = [STEP] if STEP in table.column_names else []
    places = {axis: column for axis in axes if (column := column_at(table, axis)) is not None}
    found = {key: column for key in keys if (column := column_at(table, key)) is not None}
    if not found:
        return table.select(steps).slice(0, 0)
    chosen: Rows = pa.table({**{name: table.column(name) for name in steps}, **places, **found})
    valid: list[Array] = [compute.is_valid(column) for column in found.values()]
    mask: Array = reduce(compute.or_, valid)
    return chosen.filter(mask)


def _shape_of_array(array: Array, *, is_exact: bool = False) -> Shape | None:
    """Return the shape of a column, or None where only its values tell.

    Args:
        array: The column.
        is_exact: Whether its type is that of the values, and no guess of a reader of texts.
    """
    pa, compute = load_arrow(), load_arrow("compute")
    kinds: dict[DataType, Kind] = {
        pa.null(): Kind.NONE,
        pa.bool_(): Kind.BOOL,
        pa.int64(): Kind.INT,
        pa.string(): Kind.TEXT,
    }
    if array.type in kinds:
        return Shape(kinds[array.type])
    if pa.types.is_float64(array.type) and is_exact:
        return Shape(Kind.FLOAT)
    if pa.types.is_float64(array.type):
        ends: dict[str, float | None] = compute.min_max(array).as_py()
        # It makes a float of an integer that has more than 64 bits.
        return None if any(end is not None and abs(end) >= TOO_LARGE for end in ends.values()) else Shape(Kind.FLOAT)
    if pa.types.is_list(array.type):
        items = _shape_of_array(compute.list_flatten(array), is_exact=is_exact)
        return None if items is None else Shape(Kind.LIST, items)
    return None


def _converted(block: _Block, name: str, type_: DataType | None) -> Array | Sequence[JSONValue]:
    """Return a column's values as the table wants them; JSON text where there is no type for them."""
    pa = load_arrow()
    column = block.columns.get(name)
    if column is None:
        return [None] * block.rows
    if not isinstance(column.values, Sequence):
        if type_ is not None:
            return column.values.cast(type_, safe=False)
        values: Sequence[JSONValue] = column.values.to_pylist()
    else:
        values = column.values
    if type_ is None:
        return [None if value is None else to_json(value, inf_nan_mode="constants").decode() for value in values]
    is_plain = not (pa.types.is_floating(type_) or pa.types.is_list(type_))
    return values if is_plain else [_fitted(value, type_) for value in values]


def _fitted(value: JSONValue, type_: DataType) -> JSONValue:
    """Return a value with floats where the type has floats: Arrow refuses integers that no float holds exactly."""
    pa = load_arrow()
    if pa.types.is_list(type_) and isinstance(value, list):
        return [_fitted(item, type_.value_type) for item in value]
    return _as_float(value) if pa.types.is_floating(type_) else value


def _as_float(value: JSONValue) -> float | None:
    if not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
