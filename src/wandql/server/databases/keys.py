"""Which keys a table has given, so that none is given twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

__all__ = ["last_key", "skip_keys"]


def last_key(connection: Connection, table: Table) -> int:
    """Return the last key that a table has given to a row which may be gone; 0 for none.

    SQLite remembers it where the table says `AUTOINCREMENT`, and gives keys of deleted rows again elsewhere.
    """
    if connection.dialect.name == "postgresql":
        query = "SELECT last_value FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = %s"
        known = connection.exec_driver_sql(query, (f"{table.name}_key_seq",)).scalar()
    elif table.dialect_options["sqlite"]["autoincrement"]:
        known = connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)).scalar()
    else:
        known = None
    return known or 0


def skip_keys(connection: Connection, table: Table, last: int) -> None:
    """Let a table give no key up to this one: rows have them, or will have. SQLite sees that by itself."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT setval(%s, %s)", (f"{table.name}_key_seq", last))
