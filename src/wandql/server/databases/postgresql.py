"""PostgreSQL, by a URL: for a server that a team keeps.

One server uses a schema of a database at a time: its writing connection holds a lock of the session, which a new one
takes anew. Each transaction that writes, of a server or of a command beside it, holds another until its end, so that
whatever leans on one writer holds as in SQLite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Protocol, runtime_checkable

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from wandql.errors import DataDirectoryError, UsageError
from wandql.server import tables
from wandql.server.databases.schema import definitions

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import URL, Connection, ExceptionContext

__all__ = ["DISK_FULL", "INVALID_PATTERN", "PostgreSQL", "sqlstate_of"]

DISK_FULL: Final = "53100"
INVALID_PATTERN: Final = "2201B"
FAILED: Final = "25P02"
"""A statement of a transaction in which another one has failed already."""

SCHEMES: Final = ("postgresql", "postgres", "postgresql+psycopg")

# The first half of the keys of advisory locks; the second is the schema.
SERVING: Final = 0x77716C01
WRITING: Final = 0x77716C02

SCHEMA: Final = "hashtext(coalesce(current_schema(), ''))"

EXAMPLE: Final = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"

# libpq's own: a host that does not answer would be waited for until the system gives up.
DEFAULTS: Final = {"connect_timeout": "10", "fallback_application_name": "wandql"}

HANDOVER: Final = "3s"
"""How long a server waits for another one's end: PostgreSQL hears a little later of one that was killed."""

LONGEST_WAIT: Final = "30s"
"""How long a transaction that writes waits for another one's end."""

# `jsonb` refuses U+0000, halves of surrogate pairs and numbers of more than 131,072 digits, but may not fail a write:
# U+FFFD stands for the first two, and a document with such a number has no values.
JSONB: Final = r"""
CREATE OR REPLACE FUNCTION wandql_jsonb(document text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
BEGIN
  RETURN document::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  BEGIN
    RETURN regexp_replace(document, '(?<!\\)((?:\\\\)*)(?:\\u0000'
      '|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})'
      '|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2})', '\1\\ufffd', 'g')::jsonb;
  EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RETURN NULL;
  END;
END
$function$
"""

# What `Document` names: parsed once, when it is written.
DOCUMENTS: Final = (
    (tables.runs.c.config_index, tables.runs.c.config),
    (tables.runs.c.summary_index, tables.runs.c.summary_metrics),
    (tables.artifacts.c.metadata_index, tables.artifacts.c.metadata),
)


@runtime_checkable
class _Reported(Protocol):
    """An error of the driver, which cannot be imported where nobody uses it."""

    sqlstate: str | None


def sqlstate_of(error: object) -> str | None:
    """Return PostgreSQL's code of an error; None where it is no error of PostgreSQL, or its server has said nothing."""
    return error.sqlstate if isinstance(error, _Reported) else None


class PostgreSQL:
    """A database by its URL.

    Args:
        url: The URL, such as `postgresql://wandql:password@db.example/wandql`.
        lock: Whether its writing connection refuses every other server.

    Attributes:
        name: What to call it in messages: the URL without its password.
        noun: What it is.
        flaw: That it cannot be used.
        writer: Gives the one connection that writes.
        readers: Gives connections that see one state each.
        hint: What to do where it cannot be used.

    Raises:
        DataDirectoryError: The URL is none of a PostgreSQL database.
        UsageError: The driver is not installed.
    """

    noun: ClassVar[str] = "database"
    hint: ClassVar[str] = (
        "Check that the server runs, and the URL: its user must be able to make tables in the database."
    )

    def __init__(self, url: str, *, lock: bool) -> None:
        self._url = _read(url)
        shown = self._url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)
        self.name: str = f"The database {shown}"
        self.flaw: str = f"{self.name} cannot be used"
        self._lock = lock
        try:
            self.writer: Engine = self._writer()
            self.readers: Engine = self._readers()
        except ModuleNotFoundError as error:
            raise UsageError(
                f"A database by URL needs {error.name}, which is not installed.", hint="pip install 'wandql[postgres]'"
            ) from None

    def close(self) -> None:
        """Close all connections, and with them the lock."""
        self.readers.dispose()
        self.writer.dispose()

    def version(self, connection: Connection) -> int:
        """Return the version of the tables; 0 where there are none."""
        there = connection.exec_driver_sql("SELECT to_regclass('wandql_version') IS NOT NULL").scalar_one()
        if not there:
            return 0
        version: int = connection.exec_driver_sql("SELECT version FROM wandql_version").scalar_one()
        return version

    def note_version(self, connection: Connection) -> None:
        """Write down that the tables have this version."""
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS wandql_version (version integer NOT NULL)")
        connection.exec_driver_sql("DELETE FROM wandql_version")
        connection.exec_driver_sql(f"INSERT INTO wandql_version VALUES ({tables.VERSION})")  # noqa: S608 - a number

    def create(self, connection: Connection) -> None:
        """Make everything in an empty database."""
        for statement in definitions(connection.dialect):
            connection.exec_driver_sql(statement)
        self.complete(connection)

    def complete(self, connection: Connection) -> None:
        """Bring what is no table, column or index to this version: the function, and documents as `jsonb`."""
        connection.exec_driver_sql(JSONB)
        for index, text in DOCUMENTS:
            connection.exec_driver_sql(
                f'ALTER TABLE "{text.table.name}" ADD COLUMN IF NOT EXISTS "{text.name}_document" jsonb '
                f'GENERATED ALWAYS AS (wandql_jsonb(coalesce("{index.name}", "{text.name}"))) STORED'
            )

    def _writer(self) -> Engine:
        import psycopg

        engine = create_engine(self._url, pool_size=1, max_overflow=0, pool_pre_ping=True)

        def connect(connection: psycopg.Connection, _record: object) -> None:
            _configure(connection)
            if self._lock:
                try:
                    connection.execute(f"SET lock_timeout = '{HANDOVER}'".encode())
                    connection.execute(f"SELECT pg_advisory_lock({SERVING}, {SCHEMA})".encode())
                except psycopg.errors.LockNotAvailable:
                    connection.close()
                    raise DataDirectoryError(
                        f"{self.name} is in use by another server.", hint="Stop it, or name another database."
                    ) from None
            connection.execute(f"SET lock_timeout = '{LONGEST_WAIT}'".encode())
            connection.commit()

        def start(connection: Connection) -> None:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING}, {SCHEMA})")

        event.listen(engine, "connect", connect)
        event.listen(engine, "begin", start)
        event.listen(engine, "handle_error", _first_error, retval=True)
        return engine

    def _readers(self) -> Engine:
        import psycopg

        engine = create_engine(self._url, pool_size=16, max_overflow=24, pool_pre_ping=True)

        def connect(connection: psycopg.Connection, _record: object) -> None:
            _configure(connection)
            connection.commit()
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True

        event.listen(engine, "connect", connect)
        event.listen(engine, "handle_error", _first_error, retval=True)
        return engine


def _read(text: str) -> URL:
    """Return a URL with what it does not say.

    Raises:
        DataDirectoryError: It is none of a PostgreSQL database. The message does not show it, since it may hold a
            password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise DataDirectoryError("The URL of the database cannot be read.", hint=f"Write it as {EXAMPLE}.") from None
    if url.drivername not in SCHEMES:
        raise DataDirectoryError(
            f"No database is known by a URL that begins with {url.drivername}://.", hint=f"Write it as {EXAMPLE}."
        )
    return url.set(drivername="postgresql+psycopg", query={**DEFAULTS, **url.query})


def _first_error(context: ExceptionContext) -> BaseException | None:
    """Return the error that a transaction has failed with, where it is asked again: that alone says why."""
    if context.connection is None or context.connection.invalidated:
        return None
    known = context.connection.info
    if sqlstate_of(context.original_exception) == FAILED:
        first: BaseException | None = known.get(FAILED)
        return first
    known[FAILED] = context.sqlalchemy_exception
    return None


def _configure(connection: psycopg.Connection) -> None:
    # Compiling a query takes longer than any of these runs.
    connection.execute("SET jit = off")
