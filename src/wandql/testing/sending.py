"""Requests to an embedded server as a training script sends them, which do not count as asked."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel
from pydantic_core import to_json

from wandql.errors import UsageError
from wandql.graphql.operation import Operation
from wandql.graphql.scalars import JSONValue
from wandql.server import Request

if TYPE_CHECKING:
    from wandql.server import Application

__all__ = ["ask", "dump", "post", "put"]

R = TypeVar("R", bound=BaseModel)


def ask(application: Application, operation: Operation[R]) -> R:
    """Execute an operation.

    Raises:
        UsageError: The server refuses it.
    """
    response = application.answer(_posted(application, "/graphql", operation.body()))
    reply = operation.parse(response.body)
    if reply.data is None or reply.errors:
        messages = "; ".join(error.message for error in reply.errors or [])
        raise UsageError(f"The embedded server refuses {operation.name}: {messages}")
    return reply.data


def post(application: Application, target: str, body: bytes) -> None:
    """Post something.

    Raises:
        UsageError: The server refuses it.
    """
    _send(application, _posted(application, target, body))


def put(application: Application, url: str | None, content: bytes) -> None:
    """Upload a content, unless the server has it already and gave no address.

    Raises:
        UsageError: The server refuses it.
    """
    if url is not None:
        address = urlsplit(url)
        _send(application, Request("PUT", f"{address.path}?{address.query}", {}, content))


def dump(document: Mapping[str, JSONValue]) -> str:
    """Return a document as text, with NaN as the SDK writes it."""
    return to_json(document, inf_nan_mode="constants").decode()


def _posted(application: Application, target: str, body: bytes) -> Request:
    credentials = b64encode(f"api:{application.api_key}".encode()).decode()
    return Request("POST", target, {"authorization": f"Basic {credentials}"}, body)


def _send(application: Application, request: Request) -> None:
    response = application.answer(request)
    if response.status >= HTTPStatus.BAD_REQUEST:
        raise UsageError(f"The embedded server refuses {request.method}: {response.body.decode(errors='replace')}")
