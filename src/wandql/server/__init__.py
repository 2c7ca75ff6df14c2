"""The embedded server: it executes `schema.graphql` against a database of its own.

>>> with open_application() as application:
...     application.respond(Request("GET", "/ready")).status
200
"""

from wandql.server.application import Application, open_application
from wandql.server.messages import Request, Response
from wandql.server.serving import run_in_thread

__all__ = ["Application", "Request", "Response", "open_application", "run_in_thread"]
