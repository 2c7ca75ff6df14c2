"""The commands of `wandql`."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from wandql.cli.people import orgs, teams, users
from wandql.cli.places import Database, default_data_directory
from wandql.cli.projects import export_project, import_project
from wandql.cli.refusals import fail
from wandql.cli.types import types
from wandql.errors import WandqlError
from wandql.version import __version__

__all__ = ["app"]

app: typer.Typer = typer.Typer(
    name="wandql",
    help="Query Weights & Biases, and serve its interface from this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(users, name="users")
app.add_typer(teams, name="teams")
app.add_typer(orgs, name="orgs")
app.command(name="types")(types)
app.command(name="export")(export_project)
app.command(name="import")(import_project)


def _show_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"wandql {__version__}")
        raise typer.Exit


@app.callback()
def describe(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Query Weights & Biases, and serve its interface from this machine."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8080,
    data: Annotated[Path | None, typer.Option(help="The data directory; made if it does not exist.")] = None,
    database: Database = None,
    api_key: Annotated[
        str | None, typer.Option(help="The key that opens the server; kept in the data directory.")
    ] = None,
    entity: Annotated[str | None, typer.Option(help="The entity that runs go to by default.")] = None,
    crash_after: Annotated[
        float, typer.Option(min=1, help="After how many seconds of silence a running run has crashed.")
    ] = 300.0,
    largest_upload: Annotated[
        int | None, typer.Option(min=1, help="The largest upload, in MB; as large as the disk allows if absent.")
    ] = None,
) -> None:
    """Serve the interface of a Weights & Biases server from this machine, until SIGTERM or Ctrl-C.

    Prints one line with the URL and the key when it is ready.
    """
    # Imported here, so that a missing extra is named for this command alone.
    from wandql.server.application import open_application
    from wandql.server.limits import Limits
    from wandql.server.serving import base_url, bind, serve

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    directory = (data or default_data_directory()).absolute()
    limits = Limits(upload=None if largest_upload is None else largest_upload * 1_000_000)
    try:
        with (
            bind(host, port) as listening,
            open_application(
                directory, database=database, api_key=api_key, entity=entity, crash_after=crash_after, limits=limits
            ) as application,
        ):
            url = base_url(listening)

            def announce() -> None:
                typer.echo(
                    f"wandql serving {url} key={application.api_key} entity={application.entity} data={directory}"
                )

            serve(application, listening, announce)
    except OSError as error:
        fail(f"cannot listen on {host}:{port}: {error.strerror or error}.")
    except WandqlError as error:
        fail(str(error))
