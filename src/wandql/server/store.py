"""The data directory of the embedded server: its lock, its database, its secrets.

The database is SQLite's, in the directory, or PostgreSQL's, by a URL.

One connection writes, many read. Every request sees one state of the database: a read transaction is a snapshot, a
write transaction excludes other writers and is on disk before the request is answered.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import filelock
from pydantic_core import to_json
from sqlalchemy import BindParameter, Connection, Table, insert, literal
from sqlalchemy.exc import DBAPIError

from wandql.errors import ClosedError, DataDirectoryError
from wandql.server import tables
from wandql.server.databases.columns import Text
from wandql.server.databases.functions import rows_of
from wandql.server.databases.postgresql import PostgreSQL
from wandql.server.databases.schema import migrate
from wandql.server.databases.sqlite import SQLite

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Generator, Iterable, Mapping
    from pathlib import Path

    from sqlalchemy import ColumnElement, Executable

    Parameters: TypeAlias = Mapping[str, object] | None

__all__ = ["Store", "add", "among", "explained", "fetch", "fetch_first", "fetch_one", "listed", "now"]


R = TypeVar("R")


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
    text = values if isinstance(values, BindParameter) else literal(listed(values), Text)
    return column.in_(rows_of(text, column.type))


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
        configure: Called with every new connection to SQLite, to register SQL functions.
        database: The URL of the PostgreSQL database that has the rows; None for SQLite in the directory.
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
        database: str | None = None,
        lock: bool = True,
    ) -> None:
        self.directory = directory
        self._closed = False
        self._writing = threading.Lock()
        with explained(f"{directory} cannot be used as a data directory", SQLite.hint):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _acquire(directory) if lock else None
        with contextlib.ExitStack() as opened:
            opened.callback(self._release)
            self._database = SQLite(directory, configure) if database is None else PostgreSQL(database, lock=lock)
            opened.callback(self._database.close)
            with explained(self._database.flaw, self._database.hint):
                self._prepare()
            opened.pop_all()

    @contextlib.contextmanager
    def read(self) -> Generator[Connection]:
        """Give a connection that sees one state of the database to the end.

        Raises:
            ClosedError: The store was closed.
        """
        self._check_open()
        with self._database.readers.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Generator[Connection]:
        """Give the one connection that writes. Its changes are on disk at the end, or undone if an error passes.

        Raises:
            ClosedError: The store was closed.
        """
        with self._writing:
            self._check_open()
            with self._database.writer.begin() as connection:
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
            self._database.close()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()

    def _check_open(self) -> None:
        if self._closed:
            raise ClosedError(f"The embedded server of {self.directory} was closed before this request.")

    def _prepare(self) -> None:
        with self.write() as connection:
            version = self._database.version(connection)
            if version > tables.VERSION:
                raise DataDirectoryError(
                    f"{self._database.name} was written by a newer wandql: its database has version "
                    f"{version}, and this wandql reads up to {tables.VERSION}.",
                    hint=f"Update wandql, or name another {self._database.noun}.",
                )
            if version == tables.VERSION:
                return
            if version:
                migrate(connection)
                self._database.complete(connection)
            else:
                self._database.create(connection)
            self._database.note_version(connection)


def _acquire(directory: Path) -> filelock.BaseFileLock:
    lock = filelock.FileLock(directory / "lock", timeout=0, thread_local=False)
    holder = directory / "pid"
    try:
        with explained(f"{directory} cannot be used as a data directory", SQLite.hint):
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
def explained(flaw: str, hint: str) -> Generator[None]:
    """Say of errors of the system and of the database which data directory or database they are about.

    Args:
        flaw: The directory or the database, and that it cannot be used.
        hint: What to do.

    Raises:
        DataDirectoryError: The directory or its database cannot be used.
    """
    try:
        yield
    except filelock.Timeout:
        raise
    except (OSError, DBAPIError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error.strerror or error
        said = " ".join(str(reason).split()).rstrip(".?")
        raise DataDirectoryError(f"{flaw}: {said}.", hint=hint) from error
