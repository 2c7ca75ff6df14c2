"""pyarrow, as far as it is used here. It is loaded when it is called for, and has no types of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Protocol

from wandql.frames.libraries import needing
from wandql.graphql.scalars import JSONValue

__all__ = ["Array", "DataType", "Field", "RecordBatch", "Schema", "load_arrow"]


def load_arrow(module: str = "") -> ModuleType:
    """Import pyarrow, or a module of it.

    Raises:
        UsageError: It is not installed.
    """
    with needing("An Arrow table"):
        return import_module(f"pyarrow.{module}" if module else "pyarrow")


class DataType(Protocol):
    """The type of a column's values."""


class Array(Protocol):
    """The values of a column, some of them or all."""

    @property
    def type(self) -> DataType:
        """Their type."""
        ...

    def cast(self, target_type: DataType, safe: bool = ...) -> Array:  # noqa: FBT001 - pyarrow's signature
        """Return them with another type."""
        ...

    def field(self, index: str) -> Array:
        """Return one field of all of them, where they are structs."""
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

    def __iter__(self) -> Iterator[Field]: ...

    def __len__(self) -> int: ...


class RecordBatch(Protocol):
    """Some rows of a table."""

    @property
    def columns(self) -> Sequence[Array]:
        """The values of each column."""
        ...
