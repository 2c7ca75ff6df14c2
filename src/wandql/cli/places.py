"""Where things are kept on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Database", "default_data_directory"]

Database = Annotated[
    str | None,
    typer.Option(
        envvar="WANDQL_DATABASE",
        show_envvar=True,
        metavar="URL",
        help="The PostgreSQL database with the rows, as postgresql://USER:PASSWORD@HOST/NAME; SQLite in the data "
        "directory if absent.",
    ),
]
"""The option that names a database."""


def default_data_directory() -> Path:
    """Return where a server keeps its data if nobody says: the platform's place for the data of a user's programs."""
    if given := os.environ.get("XDG_DATA_HOME"):
        return Path(given) / "wandql"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "wandql"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "wandql"
    return Path.home() / ".local" / "share" / "wandql"
