"""Orders, such as `-summary_metrics.loss`, translated to SQL."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import case

from wandql.server.filters.cells import cell_of
from wandql.server.filters.fields import Column, JSONField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, SQLColumnExpression

    from wandql.server.filters.fields import FieldResolver

__all__ = ["OrderError", "compile_order"]


class OrderError(ValueError):
    """An order that cannot be read."""


def compile_order(
    order: str | None, fields: FieldResolver, tie_break: ColumnElement[object], dialect: str
) -> list[ColumnElement[object]]:
    """Return the SQL expressions to order by.

    The order is total: what ties goes by `tie_break`. A missing value or null goes last in both directions. Where a
    JSON field holds values of several types, numbers go before texts, and texts before all others, in both directions.

    Args:
        order: A field behind `+` (ascending, as without a sign) or `-` (descending), or several, parted by commas.
            None or an empty text is no order but `tie_break`.
        fields: What the names stand for.
        tie_break: An expression that differs in all rows.
        dialect: The database's, as SQLAlchemy calls it.

    Raises:
        OrderError: A field is unknown.
    """
    return [*chain.from_iterable(_terms(part, fields, dialect) for part in _parts(order or "", fields)), tie_break]


def _parts(order: str, fields: FieldResolver) -> list[str]:
    """Split at commas, but leave a JSON key whole that holds one: what follows it then starts with no field's name."""
    parts: list[str] = []
    for piece in order.split(",") if order else ():
        known = fields.resolve(_field_name(piece)) is not None
        if parts and not known and isinstance(fields.resolve(_field_name(parts[-1])), JSONField):
            parts[-1] += f",{piece}"
        else:
            parts.append(piece)
    return parts


def _field_name(part: str) -> str:
    return part[1:] if part.startswith(("+", "-")) else part


def _terms(part: str, fields: FieldResolver, dialect: str) -> Iterator[ColumnElement[object]]:
    operand = fields.resolve(_field_name(part))
    if operand is None:
        raise OrderError(f"{fields.describe_unknown(_field_name(part))} (In the order {part!r})")
    keys: tuple[SQLColumnExpression[object], ...]
    if isinstance(operand, Column):
        keys = (operand.expr,)
    else:
        cell = cell_of(operand, dialect)
        yield case((cell.missing, 3), (cell.is_a("null"), 3), (cell.is_a("number"), 0), (cell.is_a("text"), 1), else_=2)
        keys = cell.sort_keys
    for key in keys:
        yield key.desc().nulls_last() if part.startswith("-") else key.asc().nulls_last()
