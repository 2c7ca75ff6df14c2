"""The commands that write a project of a data directory into a directory of its own, and read it back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wandql.cli.places import Database, default_data_directory
from wandql.cli.refusals import fail
from wandql.errors import UsageError, WandqlError
from wandql.paths import parse_project_path

__all__ = ["export_project", "import_project"]

Data = Annotated[Path | None, typer.Option(help="The data directory of the server.")]


def export_project(
    path: Annotated[str, typer.Argument(metavar="ENTITY/PROJECT", help="The project.")],
    directory: Annotated[Path, typer.Argument(help="The directory to write: a new one, or an empty one.")],
    data: Data = None,
    database: Database = None,
) -> None:
    """Write a whole project of a server into a directory: runs, histories, files, artifacts, sweeps, reports.

    The same project gives the same bytes. The server may be running.
    """
    from wandql.server.projects.exports import export_project

    try:
        project = parse_project_path(path)
        if project.entity is None:
            raise UsageError(f"{path!r} names no entity.", hint=f"Write it as ENTITY/{project.project}.")
        done = export_project(_store(data), project.entity, project.project, directory.absolute(), database=database)
    except WandqlError as error:
        fail(str(error))
    for table, count in done.left_out.items():
        typer.echo(f"wandql: left out of {table}: {count}, since they name what belongs to other projects.", err=True)
    typer.echo(
        f"wandql project={done.entity}/{done.project} {_counts(done.rows)} bytes={done.size} directory={directory}"
    )


def import_project(
    directory: Annotated[Path, typer.Argument(help="What `wandql export` has written.")],
    entity: Annotated[
        str | None, typer.Option(help="Who gets the project; the entity that had it if this is absent.")
    ] = None,
    project: Annotated[str | None, typer.Option(help="The project's name; the one that it had if absent.")] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Read a whole project from a directory into a server's data: all of it, or nothing. The server may be running.

    Users that it names are made without a key: `wandql users add` gives them one.
    """
    from wandql.server.projects.imports import import_project

    try:
        done = import_project(_store(data), directory.absolute(), entity=entity, project=project, database=database)
    except WandqlError as error:
        fail(str(error))
    typer.echo(f"wandql project={done.entity}/{done.project} {_counts(done.rows)} bytes={done.size}")


def _store(data: Path | None) -> Path:
    return (data or default_data_directory()).absolute()


def _counts(rows: dict[str, int]) -> str:
    return " ".join(f"{table}={rows[table]}" for table in ("runs", "artifacts", "sweeps"))
