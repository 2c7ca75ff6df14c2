"""The data directory of the embedded server: its lock, its database, its secrets.

One connection writes, many read. Every request sees one state of the database: a read transaction is a snapshot, a
write transaction excludes other writers and is on disk before the request is answered.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import filelock
from pydantic_core import to_json
from sqlalchemy import (
    URL,
    BindParameter,
    Connection,
    Dialect,
    Engine,
    QueuePool,
    Table,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable
from sqlalchemy.util import LRUCache

from wandql.errors import ClosedError, DataDirectoryError
from wandql.server import tables

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Generator, Iterable, Mapping
    from pathlib import Path

    from sqlalchemy import ColumnElement, Executable

    Parameters: TypeAlias = Mapping[str, object] | None

__all__ = ["Store", "add", "among", "explained", "fetch", "fetch_first", "fetch_one", "listed", "now"]


R = TypeVar("R")

# A write ends when the disk has it: what was acknowledged outlives a power failure too.
SYNCHRONOUS = "FULL"

# Compiled statements, of all stores of this process: compiling takes longer than executing, and left to themselves
# readers, writers and each new server would begin anew.
COMPILED: Final = {"compiled_cache": LRUCache[object, object](1000)}


def now() -> int:
    """Return the present moment in microseconds since 1970, UTC."""
    return time.time_ns() // 1000


def add(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """Insert a row and return its key."""
    key: int = connection.execute(insert(table).values(values).returning(table.c.key)).scalar_one()
    return key


def among(column: ColumnElement[Any], values: Iterable[str | int] | BindParameter[str]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of these values, or of those that a parameter lists.

    They are one parameter, however many there are.
    """
    text = values if isinstance(values, BindParameter) else listed(values)
    return column.in_(select(func.json_each(text).table_valued("value")))


def listed(values: Iterable[str | int]) -> str:
    """Return values as the parameter that lists them for `among`."""
    return to_json(list(values)).decode()


def fetch(connection: Connection, query: Executable, kind: Callable[..., R], parameters: Parameters = None) -> list[R]:
    """Return the rows of a query as records; its columns must be theirs, in order."""
    return [kind(*row) for row in connection.execute(query, parameters)]


def fetch_first(
    connection: Connection, query: Executable, kind: Callable[..., R], parameters: Parameters = None
) -> R | None:
    """Return the first row of a query as a record; None if there is none."""
    row = connection.execute(query, parameters).first()
    return None if row is None else kind(*row)


def fetch_one(connection: Connection, query: Executable, kind: Callable[..., R], parameters: Parameters = None) -> R:
    """Return the only row of a query as a record."""
    return kind(*connection.execute(query, parameters).one())


class Store:
    """An open data directory.

    Args:
        directory: The data directory. It is made if it does not exist.
        configure: Called with every new connection, to register SQL functions.
        lock: Whether to lock it, so that no second process can open it in this way. A command that only writes a few
            rows does not, and works beside a server.

    Raises:
        DataDirectoryError: The directory cannot be used, or another server uses it.
    """

    def __init__(
        self,
        directory: Path,
        configure: Callable[[sqlite3.Connection], None] | None = None,
        *,
        lock: bool = True,
    ) -> None:
        self.directory = directory
        self._configure = configure
        self._closed = False
        self._writing = threading.Lock()
        with explained(directory):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _acquire(directory) if lock else None
        try:
            with explained(directory):
                self._writer = self._engine("BEGIN IMMEDIATE", pool_size=1, max_overflow=0)
                self._readers = self._engine("BEGIN", pool_size=16, max_overflow=-1)
                self._prepare()
        except BaseException:
            self._release()
            raise

    @contextlib.contextmanager
    def read(self) -> Generator[Connection]:
        """Give a connection that sees one state of the database to the end.

        Raises:
            ClosedError: The store was closed.
        """
        self._check_open()
        with self._readers.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Generator[Connection]:
        """Give the one connection that writes. Its changes are on disk at the end, or undone if an error passes.

        Raises:
            ClosedError: The store was closed.
        """
        with self._writing:
            self._check_open()
            with self._writer.begin() as connection:
                yield connection

    def secret(self, name: str, make: Callable[[], str], given: str | None = None) -> str:
        """Return the content of a file that only this user can read.

        Args:
            name: The file's name in the data directory.
            make: What makes the content of a file that does not exist.
            given: What to write to the file instead.
        """
        path = self.directory / name
        if given is None and path.exists():
            return path.read_text("utf-8").strip()
        content = given if given is not None else make()
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write(f"{content}\n")
            file.flush()
            os.fsync(file.fileno())
        return content

    def close(self) -> None:
        """Wait for the writer, then close the database and release the lock. Closing twice is no error."""
        with self._writing:
            self._closed = True
            self._readers.dispose()
            self._writer.dispose()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError(f"The embedded server of {self.directory} was closed before this request.")

    def _engine(self, begin: str, *, pool_size: int, max_overflow: int) -> Engine:
        dialect, database = _dialect(), str(self.directory / "wandql.db")
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

    def _prepare(self) -> None:
        with self.write() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if version > tables.VERSION:
                raise DataDirectoryError(
                    f"The data directory {self.directory} was written by a newer wandql: its database has version "
                    f"{version}, and this wandql reads up to {tables.VERSION}.",
                    hint="Update wandql, or name another data directory.",
                )
            if version < tables.VERSION:
                if version:
                    _add_columns(connection)
                    tables.metadata.create_all(connection)
                else:
                    for statement in _definitions():
                        connection.exec_driver_sql(statement)
                if version:  # `create_all` may leave out the new index of a table that exists
                    for index in chain.from_iterable(table.indexes for table in tables.metadata.sorted_tables):
                        connection.execute(CreateIndex(index, if_not_exists=True))
                connection.exec_driver_sql(f"PRAGMA user_version={tables.VERSION}")


def _add_columns(connection: Connection) -> None:
    """Give the tables of an older version the columns that have come since: each has a default."""
    inspector, sqlite = inspect(connection), connection.dialect
    there = set(inspector.get_table_names())
    for table in tables.metadata.sorted_tables:
        if table.name in there:
            known = {column["name"] for column in inspector.get_columns(table.name)}
            for column in table.columns:
                if column.name not in known:
                    definition = CreateColumn(column).compile(dialect=sqlite)
                    connection.exec_driver_sql(f'ALTER TABLE "{table.name}" ADD COLUMN {definition}')


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
    dialect, made = _dialect(), list[str]()
    for table in tables.metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        made += [str(CreateIndex(index).compile(dialect=dialect)) for index in sorted(table.indexes, key=str)]
    return made


def _acquire(directory: Path) -> filelock.BaseFileLock:
    lock = filelock.FileLock(directory / "lock", timeout=0, thread_local=False)
    holder = directory / "pid"
    try:
        with explained(directory):
            lock.acquire()
    except filelock.Timeout:
        pid = holder.read_text("utf-8").strip() if holder.exists() else ""
        raise DataDirectoryError(
            f"Another server{f' (process {pid})' if pid else ''} uses the data directory {directory}.",
            hint="Stop it, or name another data directory.",
        ) from None
    holder.write_text(f"{os.getpid()}\n", "utf-8")
    return lock


@contextlib.contextmanager
def explained(directory: Path) -> Generator[None]:
    """Say of errors of the system and of the database which data directory they are about.

    Raises:
        DataDirectoryError: The directory or its database cannot be used.
    """
    try:
        yield
    except filelock.Timeout:
        raise
    except (OSError, DatabaseError) as error:
        reason = error.orig if isinstance(error, DatabaseError) else error.strerror or error
        raise DataDirectoryError(
            f"{directory} cannot be used as a data directory: {reason}.",
            hint="Name a directory that exists and may be written to, or one that can be made.",
        ) from error
