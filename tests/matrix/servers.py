"""Servers for cells: copies of one store with data, and what is in them afterwards."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import write_sample_artifacts, write_sample_report, write_sample_runs, write_sample_sweep
from wandql.server import open_application
from wandql.server.enrolment import enrol_organization

if TYPE_CHECKING:
    from wandql.server import Application

__all__ = ["Servers", "content_of", "write_template"]

# Known to the tests alone: whatever shows it leaks it.
TOKEN = re.compile("[0-9a-f]{32}")
API_KEY = "matrix0matrix0matrix0matrix0matrix0key00"


def write_template(directory: Path) -> Path:
    """Write the store of which all servers have a copy: the runs of `alice/mnist` and what belongs to them."""
    with open_application(directory, entity="alice", api_key=API_KEY) as opened:
        write_sample_runs(opened)
        write_sample_artifacts(opened)
        write_sample_sweep(opened)
        write_sample_report(opened)
        enrol_organization(directory, "labs", {"alice": "admin"})
    return directory


class Servers:
    """Opens a copy of the store, and another one after each that was changed."""

    def __init__(self, template: Path, scratch: Path) -> None:
        self._template = template
        self._scratch = scratch
        self._number = 0
        self._opened: Application | None = None

    def open(self) -> Application:
        """Return a server that nobody has changed."""
        if self._opened is None:
            self._number += 1
            directory = shutil.copytree(self._template, self._scratch / str(self._number))
            self._opened = open_application(directory, seed=0)
        return self._opened

    def drop(self) -> None:
        """Let the next one be another."""
        if self._opened is not None:
            self._opened.close()
            shutil.rmtree(self._opened.directory, ignore_errors=True)
        self._opened = None


def content_of(application: Application) -> object:
    """Return all that a server knows."""
    with closing(sqlite3.connect(application.directory / "wandql.db")) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for name in sorted(names)}
    return {
        name: sorted([[_parsed(value) for value in row] for row in rows], key=repr) for name, rows in tables.items()
    }


def _parsed(value: object) -> object:
    if isinstance(value, str) and TOKEN.fullmatch(value):
        return "a token"
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
