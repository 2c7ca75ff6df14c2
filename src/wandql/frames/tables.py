"""Arrow tables as the frames of other libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import from_json

from wandql.frames.arrays import JSON_ENCODED
from wandql.frames.arrow import Array, Field, Schema, load_arrow
from wandql.frames.libraries import needing

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["is_json", "pandas_of", "polars_of"]


def is_json(field: Field) -> bool:
    """Tell whether the texts of a column are JSON."""
    encoded = {key.encode(): value.encode() for key, value in JSON_ENCODED.items()}
    return encoded.items() <= (field.metadata or {}).items()


def pandas_of(table: pa.Table) -> pd.DataFrame:
    """Return a table as a pandas DataFrame.

    The types of its columns follow from those of the table alone, not from where there are nulls: integers are `Int64`,
    booleans `boolean`. JSON is read: such a column holds the values themselves.

    Raises:
        UsageError: pandas is not installed.
    """
    with needing("A pandas DataFrame"):
        import pandas as pd
    arrow = load_arrow()
    columns = arrow.table(table)
    known = {arrow.int64(): pd.Int64Dtype(), arrow.bool_(): pd.BooleanDtype()}
    frame: pd.DataFrame = columns.to_pandas(types_mapper=known.get)
    fields: Schema = columns.schema
    for number, field in enumerate(fields):
        if is_json(field):
            column: Array = columns.column(number)
            values = [from_json(text) if isinstance(text, str) else None for text in column.to_pylist()]
            frame.isetitem(number, pd.Series(values, index=frame.index, dtype=object).array)
    return frame


def polars_of(table: pa.Table) -> pl.DataFrame:
    """Return a table as a polars DataFrame.

    Raises:
        UsageError: polars is not installed.
    """
    with needing("A polars DataFrame"):
        import polars as pl
    return pl.DataFrame(table)
