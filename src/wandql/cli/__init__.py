"""The command `wandql`."""

from __future__ import annotations

import sys

__all__ = ["main"]

# What each extra brings that the commands import.
EXTRAS = {
    "cli": {"rich", "typer"},
    "server": {"ariadne", "filelock", "graphql", "sqlalchemy", "starlette", "uvicorn"},
}


def main() -> None:
    """Run the command line. Without what it needs, it says which extra to install."""
    try:
        from wandql.cli.commands import app

        app()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        extra = next((extra for extra, modules in EXTRAS.items() if missing in modules), None)
        if extra is None:
            raise
        sys.exit(f"wandql: this command needs {missing}, which is not installed. Run: pip install 'wandql[{extra}]'")
