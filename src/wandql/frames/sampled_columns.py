"""From the reply with sampled rows to columns, with no object of Python for any row."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from wandql.frames.arrow import Array, DataType, Rows, load_arrow

__all__ = ["read_sampled_columns"]

WAY: Final = ("data", "project", "run", "sampledHistory")
TOO_LARGE: Final = 2.0**63
FLOATS_IN_QUOTES: Final = ("NaN", "Infinity", "-Infinity")


def read_sampled_columns(content: bytes) -> Rows | None:
    """Return the rows of the one spec that was asked for, in columns.

    Returns:
        None where the reader would make of a value what it is not, or there are no such rows: the reply has to be
        decoded then, whatever it is.
    """
    pa, json, compute = load_arrow(), load_arrow("json"), load_arrow("compute")
    # One block is one type for each column, and threads would cost more than they bring.
    options = json.ReadOptions(use_threads=False, block_size=len(content) + 1)
    try:
        reply: Rows = json.read_json(BytesIO(content), read_options=options)
        if reply.column_names != [WAY[0]] or reply.num_rows != 1:
            return None
        rows = reply.column(WAY[0]).combine_chunks()
        for name in WAY[1:]:
            if not pa.types.is_struct(rows.type) or name not in [field.name for field in rows.type]:
                return None
            rows = rows.field(name)
        if not pa.types.is_list(rows.type) or not pa.types.is_list(rows.type.value_type):
            return None
        specs = compute.list_flatten(rows)
        if len(specs) != 1 or not pa.types.is_struct(specs.type.value_type):
            return None
        found = compute.list_flatten(specs)
    except pa.ArrowException:
        return None
    columns = {field.name: found.field(field.name) for field in found.type}
    if found.null_count or not all(_is_certain(column) for column in columns.values()):
        return None
    table: Rows = pa.table(columns)
    return table


def _is_certain(column: Array) -> bool:
    """Tell whether the values of a column are what was sent, and not the reader's guess."""
    pa, compute = load_arrow(), load_arrow("compute")
    types, type_ = pa.types, column.type
    if types.is_null(type_) or types.is_boolean(type_) or types.is_int64(type_):
        return True
    if types.is_float64(type_):
        # It makes a float of an integer that has more than 64 bits.
        ends: dict[str, float | None] = compute.min_max(column).as_py()
        return all(end is None or abs(end) < TOO_LARGE for end in ends.values())
    if types.is_string(type_):
        # The wire cannot send these floats bare here.
        texts = compute.is_in(column, value_set=pa.array(FLOATS_IN_QUOTES))
        return not compute.any(texts).as_py()
    return types.is_list(type_) and _is_number(type_.value_type)


def _is_number(type_: DataType) -> bool:
    types = load_arrow().types
    return bool(types.is_int64(type_) or types.is_boolean(type_))
