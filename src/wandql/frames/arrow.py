"""pyarrow, as far as it is used here. It is loaded when it is called for, and has no types of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Protocol

from wandql.frames.libraries import needing
from wandql.graphql.scalars import JSONValue

__all__ = ["Array", "DataType", "Field", "RecordBatch", "Rows", "Schema", "load_arrow"]


def load_arrow(module: str = "") -> ModuleType:
    """Import pyarrow, or a module of it.

    Raises:
        UsageError: It is not installed.
    """
    with needing("An Arrow table"):
        return import_module(f"pyarrow.{module}" if module else "pyarrow")


class DataType(Protocol):
    """The type of a column's values."""

    @property
    def value_type(self) -> DataType:
        """The type of the items of lists, or of the values from a dictionary."""
        ...

    def __iter__(self) -> Iterator[Field]:
        """Iterate over the fields of objects."""
        ...


class Array(Protocol):
    """The values of a column, some of them or all."""

    @property
    def type(self) -> DataType:
        """Their type."""
        ...

    @property
    def null_count(self) -> int:
        """How many of them are null."""
        ...

    def cast(self, target_type: DataType, safe: bool = ...) -> Array:  # noqa: FBT001 - pyarrow's signature
        """Return them with another type."""
        ...

    def field(self, index: str) -> Array:
        """Return one field of all of them, where they are structs."""
        ...

    def combine_chunks(self) -> Array:
        """Return them in one piece, where they are those of a table's column."""
        ...

    def to_pylist(self) -> list[JSONValue]:
        """Return them as Python values."""
        ...

    def __len__(self) -> int: ...


class Field(Protocol):
    """A column."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def type(self) -> DataType:
        """The type of its values."""
        ...

    @property
    def metadata(self) -> Mapping[bytes, bytes] | None:
        """What else is known of it."""
        ...


class Schema(Protocol):
    """The columns of a table."""

    @property
    def names(self) -> list[str]:
        """Their names."""
        ...

    def field(self, i: str) -> Field:
        """Return the one of that name."""
        ...

    def __iter__(self) -> Iterator[Field]: ...

    def __len__(self) -> int: ...


class RecordBatch(Protocol):
    """Some rows of a table."""

    @property
    def schema(self) -> Schema:
        """Their columns."""
        ...

    @property
    def columns(self) -> Sequence[Array]:
        """The values of each column."""
        ...


class Rows(Protocol):
    """A table, as far as histories use it."""

    @property
    def column_names(self) -> list[str]:
        """The names of its columns."""
        ...

    @property
    def num_rows(self) -> int:
        """How many rows it has."""
        ...

    @property
    def schema(self) -> Schema:
        """Its columns."""
        ...

    def column(self, i: str) -> Array:
        """Return a column."""
        ...

    def select(self, columns: list[str]) -> Rows:
        """Return some columns."""
        ...

    def filter(self, mask: Array) -> Rows:
        """Return the rows for which the mask is true."""
        ...

    def take(self, indices: Array) -> Rows:
        """Return the rows at these places."""
        ...

    def slice(self, offset: int, length: int) -> Rows:
        """Return the rows from one place on."""
        ...

    def to_batches(self, max_chunksize: int) -> list[RecordBatch]:
        """Return the rows in parts."""
        ...
