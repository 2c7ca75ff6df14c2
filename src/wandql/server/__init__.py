"""The embedded server: it executes `schema.graphql` against a database of its own.

>>> from wandql.server import Request, open_application
>>> with open_application() as application:
...     application.respond(Request("GET", "/ready")).status
200

Importing this package is cheap: each name is loaded when it is first used. So the commands that add people, of which
tests run many, need not load all that answers requests.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wandql.server.application import Application, open_application
    from wandql.server.messages import Request, Response
    from wandql.server.serving import run_in_thread

__all__ = ["Application", "Request", "Response", "open_application", "run_in_thread"]

_MODULE_OF: Final = {
    "Application": "application",
    "Request": "messages",
    "Response": "messages",
    "open_application": "application",
    "run_in_thread": "serving",
}

# Hidden from type checkers: a module with `__getattr__` has, for them, every name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _MODULE_OF:
            raise AttributeError(f"module 'wandql.server' has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(f"wandql.server.{_MODULE_OF[name]}"), name)
        return value
