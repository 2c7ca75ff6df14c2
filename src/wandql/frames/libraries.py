"""The libraries behind frames. Each is an extra: what needs one imports it when it is called."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Final

from wandql.errors import UsageError

__all__ = ["check_installed", "is_installed", "needing"]

EXTRAS: Final = {"pandas": "pandas", "polars": "polars"}


@contextmanager
def needing(what: str, *, otherwise: str = "") -> Generator[None, None, None]:
    """Import libraries for something. One that is not there is an error that names its extra.

    Args:
        what: What needs them, such as "An Arrow table".
        otherwise: What to do without them.

    Raises:
        UsageError: A library is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        raise UsageError(
            f"{what} needs {missing}, which is not installed.",
            hint=f"pip install 'wandql[{EXTRAS.get(missing, 'arrow')}]'{otherwise}",
        ) from error


def check_installed(what: str, *names: str) -> None:
    """Check that libraries are there, before any request is sent for what needs them.

    Raises:
        UsageError: One is not installed.
    """
    with needing(what):
        for name in names:
            if not is_installed(name):
                raise ModuleNotFoundError(name=name)


def is_installed(name: str) -> bool:
    """Tell whether a library is there, without importing it."""
    return find_spec(name) is not None
