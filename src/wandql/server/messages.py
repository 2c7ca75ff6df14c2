"""Requests and responses without a network: what the ASGI app and the in-process transport have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Refusal", "Request", "Response"]

HOST: Final = re.compile(r"[\w.-]+(:\d+)?|\[[\da-fA-F:.]+\](:\d+)?", re.ASCII)
PREFIX: Final = re.compile(r"(/[\w.~-]+)+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request.

    Attributes:
        method: `GET`, `HEAD`, `POST` or `PUT`.
        target: The path with its query, percent-encoded, as on the wire.
        headers: The headers; the names in lower case.
        body: The whole body.
        scheme: `http` or `https`.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    scheme: str = "http"

    @property
    def segments(self) -> list[str]:
        """The segments of the path, decoded."""
        return [unquote(segment) for segment in self.target.partition("?")[0].split("/")[1:]]

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of a repeated one, the last."""
        return dict(parse_qsl(self.target.partition("?")[2]))

    @property
    def origin(self) -> str:
        """Where the client reached the server, for example `http://127.0.0.1:8080`.

        A reverse proxy says so by `X-Forwarded-Proto`, `-Host` and `-Prefix`. Who lies gets links that lead nowhere.
        """
        scheme = "https" if self._forwarded("proto") == "https" else self.scheme
        host, prefix = self._forwarded("host"), self._forwarded("prefix").rstrip("/")
        if not HOST.fullmatch(host):
            host = self.headers.get("host", "127.0.0.1")
        return f"{scheme}://{host}{prefix if PREFIX.fullmatch(prefix) else ''}"

    def _forwarded(self, name: str) -> str:
        """Return what the proxy that is nearest to the client says."""
        return self.headers.get(f"x-forwarded-{name}", "").partition(",")[0].strip()


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP response.

    Attributes:
        status: The HTTP status.
        headers: The headers; the names in lower case.
        body: The whole body.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""

    @classmethod
    def json(cls, value: object, status: int = 200) -> Response:
        """Return a response of JSON. `NaN` and infinities become strings: JSON has no words for them."""
        return cls(status, {"content-type": "application/json"}, to_json(value, inf_nan_mode="strings"))

    @classmethod
    def text(cls, text: str, status: int = 200) -> Response:
        """Return a response of plain text."""
        return cls(status, {"content-type": "text/plain; charset=utf-8"}, text.encode())


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault
    """What the server answers instead of doing what was asked.

    Args:
        status: The HTTP status. The official SDK retries all but 400, 401, 403, 404, 409, 410, 413, 422 and 501.
        messages: What is wrong, for the one who asked.
    """

    def __init__(self, status: int, *messages: str) -> None:
        super().__init__("\n".join(messages))
        self.status = status
        self.messages = messages

    def response(self) -> Response:
        """Return it in the form of a failed GraphQL request, which all clients understand."""
        return Response.json({"errors": [{"message": message} for message in self.messages]}, self.status)
