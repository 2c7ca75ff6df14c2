"""The embedded server in this process: the only place where the facade knows the server, and only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wandql.api._async.api import AsyncApi
from wandql.api._sync.api import Api
from wandql.client._async.transport import AsyncHandlerTransport, Handler
from wandql.client._sync.transport import HandlerTransport
from wandql.errors import UsageError

if TYPE_CHECKING:
    from wandql.server import Application

__all__ = ["async_connect", "async_local", "connect", "local"]

# A name that can never be resolved: a request that left this process would fail rather than reach somebody else.
BASE_URL = "http://wandql.localhost"
# Settings of the environment that are about other servers.
FOREIGN = {"run": None, "ca_bundle": None}


def local(path: str | PathLike[str] | None = None, *, entity: str | None = None) -> Api:
    """Return an `Api` on an embedded server in this process: the same code, no network, no account.

    Sends nothing. Closing the `Api` closes the server.

    Args:
        path: The directory of the server's data, made where it is missing; a temporary one, deleted at the end, where
            absent.
        entity: The user's name, for a new directory.

    Raises:
        UsageError: The extra `server` is not installed.
        DataDirectoryError: Another server uses the directory, or it is none.

    Example:
        >>> with local() as api:
        ...     list(api.projects())
        []
    """
    application = _open(path, entity)
    return connect(application, on_close=application.close)


def async_local(path: str | PathLike[str] | None = None, *, entity: str | None = None) -> AsyncApi:
    """Return an `AsyncApi` on an embedded server in this process: the same code, no network, no account.

    Sends nothing. Closing the `AsyncApi` closes the server.

    Args:
        path: The directory of the server's data, made where it is missing; a temporary one, deleted at the end, where
            absent.
        entity: The user's name, for a new directory.

    Raises:
        UsageError: The extra `server` is not installed.
        DataDirectoryError: Another server uses the directory, or it is none.

    Example:
        >>> async with async_local() as api:
        ...     [project async for project in api.projects()]
        []
    """
    application = _open(path, entity)
    return async_connect(application, on_close=application.close)


def connect(application: Application, *, on_close: Callable[[], None] | None = None) -> Api:
    """Return an `Api` on an embedded server that is open in this process. Sends nothing.

    Args:
        application: The server.
        on_close: What to call when the `Api` is closed.
    """
    return Api(
        FOREIGN,
        api_key=application.api_key,
        base_url=BASE_URL,
        entity=application.entity,
        project=None,
        transport=HandlerTransport(_handler(application), on_close),
    )


def async_connect(application: Application, *, on_close: Callable[[], None] | None = None) -> AsyncApi:
    """Return an `AsyncApi` on an embedded server that is open in this process. Sends nothing.

    Args:
        application: The server.
        on_close: What to call when the `AsyncApi` is closed.
    """
    return AsyncApi(
        FOREIGN,
        api_key=application.api_key,
        base_url=BASE_URL,
        entity=application.entity,
        project=None,
        transport=AsyncHandlerTransport(_handler(application), on_close),
    )


def _open(path: str | PathLike[str] | None, entity: str | None) -> Application:
    try:
        from wandql.server import open_application
    except ModuleNotFoundError as error:
        raise UsageError(
            f"The embedded server needs {error.name}, which is not installed.", hint="pip install 'wandql[server]'"
        ) from error
    return open_application(None if path is None else Path(path), entity=entity)


def _handler(application: Application) -> Handler:
    from wandql.server.messages import Request

    def handle(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        address = urlsplit(url)
        target = f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"
        response = application.respond(Request(method, target, headers, body, address.scheme))
        return response.status, response.headers, response.body

    return handle
