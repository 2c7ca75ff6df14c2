"""The statements that make the tables, and bring those of an older version to this one."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

from wandql.server import tables

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect

__all__ = ["definitions", "migrate"]


def definitions(dialect: Dialect) -> list[str]:
    """Return the statements that make all tables and indexes in an empty database."""
    made: list[str] = []
    for table in tables.metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        made += [str(CreateIndex(index).compile(dialect=dialect)) for index in sorted(table.indexes, key=str)]
    return made


def migrate(connection: Connection) -> None:
    """Give an older database the columns, tables and indexes that have come since."""
    _add_columns(connection)
    tables.metadata.create_all(connection)
    # `create_all` may leave out the new index of a table that exists.
    for index in chain.from_iterable(table.indexes for table in tables.metadata.sorted_tables):
        connection.execute(CreateIndex(index, if_not_exists=True))


def _add_columns(connection: Connection) -> None:
    """Give the tables of an older version the columns that have come since: each has a default."""
    inspector, dialect = inspect(connection), connection.dialect
    there = set(inspector.get_table_names())
    for table in tables.metadata.sorted_tables:
        if table.name in there:
            known = {column["name"] for column in inspector.get_columns(table.name)}
            for column in table.columns:
                if column.name not in known:
                    definition = CreateColumn(column).compile(dialect=dialect)
                    connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN {definition}')
