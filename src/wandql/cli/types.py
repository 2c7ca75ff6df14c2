"""The command that writes the types of configs and summaries."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from wandql.cli.refusals import fail
from wandql.errors import WandqlError

__all__ = ["types"]


class Style(StrEnum):
    """What the classes are."""

    TYPEDDICT = "typeddict"
    PYDANTIC = "pydantic"


def types(
    path: Annotated[str, typer.Argument(help="The project: entity/project.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; standard output by default.")
    ] = None,
    style: Annotated[Style, typer.Option(help="What the classes are.")] = Style.TYPEDDICT,
    limit: Annotated[int, typer.Option(min=1, help="How many runs to look at, the newest first.")] = 1000,
) -> None:
    """Write Python types for the configs and summaries of a project's runs, from the keys that they have.

    A key that some runs lack is optional. The result suits run.config_as(Config) and runs.summaries(Summary).
    """
    # Imported here, since other commands send nothing and write no types.
    from wandql.api._sync.api import Api
    from wandql.cli.type_source import write_types
    from wandql.frames.writers import replacing

    try:
        with Api() as api:
            runs = list(islice(api.runs(path, per_page=min(limit, 500)), limit))
        if not runs:
            fail(f"{path} has no runs to take types from.")
        documents = {
            "Config": [run.config for run in runs],
            "Summary": [run.summary_metrics for run in runs],
        }
        source = write_types(
            documents, style.value, title=f"Written by `wandql types`, from {len(runs)} runs of {path}."
        )
        if output is None:
            typer.echo(source, nl=False)
        else:
            with replacing(output) as file:
                file.write(source.encode())
    except WandqlError as error:
        fail(str(error))
