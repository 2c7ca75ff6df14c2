"""Rows that may be there already, in the words of either database."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy.dialects.postgresql import dml
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.dialects.sqlite.dml import OnConflictDoNothing, OnConflictDoUpdate
from sqlalchemy.ext.compiler import compiles

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.sql.compiler import SQLCompiler

__all__ = ["replace", "upsert"]


@cache
def replace(table: Table) -> Insert:
    """Return the statement that inserts rows, over those that have the same primary key."""
    statement, keys = upsert(table), [column.name for column in table.primary_key]
    values = {column.name: column for column in statement.excluded if column.name not in keys}
    return statement.on_conflict_do_update(keys, set_=values)


@compiles(OnConflictDoNothing, "postgresql")
def _do_nothing(clause: OnConflictDoNothing, compiler: SQLCompiler, **options: object) -> str:
    elements = clause.inferred_target_elements
    return compiler.process(dml.OnConflictDoNothing(index_elements=elements), **options)


@compiles(OnConflictDoUpdate, "postgresql")
def _do_update(clause: OnConflictDoUpdate, compiler: SQLCompiler, **options: object) -> str:
    elements, values = clause.inferred_target_elements, dict(clause.update_values_to_set)
    return compiler.process(dml.OnConflictDoUpdate(index_elements=elements, set_=values), **options)
