"""SQLite, in a file of the data directory."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final

from sqlalchemy import URL, Dialect, Engine, QueuePool, create_engine, event
from sqlalchemy.util import LRUCache

from wandql.server import tables
from wandql.server.databases.schema import definitions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Connection

__all__ = ["SQLite"]

# A write ends when the disk has it: what was acknowledged outlives a power failure too.
SYNCHRONOUS = "FULL"

# Compiled statements, of all stores of this process: compiling takes longer than executing, and left to themselves
# readers, writers and each new server would begin anew.
COMPILED: Final = {"compiled_cache": LRUCache[object, object](1000)}


class SQLite:
    """The database of a data directory.

    Args:
        directory: The data directory.
        configure: Called with every new connection, to register SQL functions.

    Attributes:
        name: What to call it in messages.
        noun: What it is.
        flaw: That it cannot be used.
        writer: Gives the one connection that writes.
        readers: Gives connections that see one state each.
        hint: What to do where it cannot be used.
    """

    noun: ClassVar[str] = "data directory"
    hint: ClassVar[str] = "Name a directory that exists and may be written to, or one that can be made."

    def __init__(self, directory: Path, configure: Callable[[sqlite3.Connection], None] | None) -> None:
        self._path = directory / "wandql.db"
        self._configure = configure
        self.name: str = f"The data directory {directory}"
        self.flaw: str = f"{directory} cannot be used as a data directory"
        self.writer: Engine = self._engine("BEGIN IMMEDIATE", pool_size=1, max_overflow=0)
        self.readers: Engine = self._engine("BEGIN", pool_size=16, max_overflow=-1)

    def close(self) -> None:
        """Close all connections."""
        self.readers.dispose()
        self.writer.dispose()

    def version(self, connection: Connection) -> int:
        """Return the version of the tables; 0 where there are none."""
        version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        return version

    def note_version(self, connection: Connection) -> None:
        """Write down that the tables have this version."""
        connection.exec_driver_sql(f"PRAGMA user_version={tables.VERSION}")

    def create(self, connection: Connection) -> None:
        """Make everything in an empty database."""
        for statement in _definitions():
            connection.exec_driver_sql(statement)

    def complete(self, connection: Connection) -> None:
        """Bring what is no table, column or index to this version: here there is nothing else."""

    def _engine(self, begin: str, *, pool_size: int, max_overflow: int) -> Engine:
        dialect, database = _dialect(), str(self._path)
        given = {"check_same_thread": False, "timeout": 30.0, "cached_statements": 256}
        pool = QueuePool(
            lambda: dialect.connect(database, **given), pool_size=pool_size, max_overflow=max_overflow, dialect=dialect
        )

        def connect(dbapi_connection: sqlite3.Connection, _record: object) -> None:
            # The driver's own transaction control would begin too late and never as IMMEDIATE.
            dbapi_connection.isolation_level = None
            for pragma in ("journal_mode=WAL", f"synchronous={SYNCHRONOUS}", "foreign_keys=ON", "cache_size=-16000"):
                dbapi_connection.execute(f"PRAGMA {pragma}")
            if self._configure:
                self._configure(dbapi_connection)

        def start(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        engine = Engine(pool, dialect, URL.create("sqlite", database=database), execution_options=COMPILED)
        event.listen(pool, "connect", connect)
        event.listen(engine, "begin", start)
        return engine


@cache
def _dialect() -> Dialect:
    """Return the dialect of every store: a compiled statement is found by its dialect."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:  # which tells the dialect what this SQLite can do
        dialect = connection.dialect
    engine.dispose()
    return dialect


@cache
def _definitions() -> list[str]:
    """Return the statements that make an empty database. Compiling them takes longer than executing them."""
    return definitions(_dialect())
