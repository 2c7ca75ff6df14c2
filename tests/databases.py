"""PostgreSQL for tests: a server of this machine, and whole test runs on one.

`WANDQL_TEST_DATABASE=postgresql://… pytest tests/server` runs every store of this process on that database: each data
directory gets a schema of its own. Servers in processes of their own stay with SQLite.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Final

from wandql.server.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TEST_DATABASE: Final = os.environ.get("WANDQL_TEST_DATABASE")


def make_schema(url: str, name: str) -> str:
    """Make an empty schema and return the URL of the database as who uses it sees it."""
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'.encode())
        connection.execute(f'CREATE SCHEMA "{name}"'.encode())
    return f"{url}?options=-csearch_path%3D{name}"


def move_stores(patch: pytest.MonkeyPatch, url: str) -> None:
    """Let every store without a database of its own use a schema of this one."""
    schemas: dict[str, str] = {}
    open_store = Store.__init__

    def open_moved(self, directory: Path, configure=None, *, database: str | None = None, lock: bool = True) -> None:
        name = str(directory.resolve())
        if database is None:
            if name not in schemas:
                schemas[name] = make_schema(url, f"t{hashlib.md5(f'{os.getpid()}:{name}'.encode()).hexdigest()}")
            database = schemas[name]
        open_store(self, directory, configure, database=database, lock=lock)

    patch.setattr(Store, "__init__", open_moved)
