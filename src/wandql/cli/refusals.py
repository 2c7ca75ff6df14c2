"""How a command ends that cannot do what it was asked to."""

from __future__ import annotations

from typing import NoReturn

import typer

__all__ = ["fail"]


def fail(message: str) -> NoReturn:
    """Say why on stderr and end with status 1."""
    typer.echo(f"wandql: {message}", err=True)
    raise typer.Exit(1)
