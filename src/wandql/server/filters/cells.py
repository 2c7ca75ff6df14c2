"""The SQL of a field's value, in the words of its database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wandql.server.filters import binary_cells, text_cells
from wandql.server.filters.fields import Column, JSONField, JSONList
from wandql.server.filters.values import ColumnValue

if TYPE_CHECKING:
    from wandql.server.filters.fields import Operand
    from wandql.server.filters.values import Cell, Value

__all__ = ["cell_of", "value_of"]


def value_of(operand: Operand, dialect: str) -> Value:
    """Return the SQL of an operand's value."""
    return ColumnValue(operand.expr, operand.kind) if isinstance(operand, Column) else cell_of(operand, dialect)


def cell_of(operand: JSONField | JSONList, dialect: str) -> Cell:
    """Return the SQL of a value inside a JSON document."""
    paths = operand.paths if isinstance(operand, JSONField) else ((),)
    if dialect == "postgresql":
        return binary_cells.first_of([binary_cells.cell_at(operand.column, path) for path in paths])
    return text_cells.first_of([text_cells.cell_at(operand.column, path) for path in paths])
