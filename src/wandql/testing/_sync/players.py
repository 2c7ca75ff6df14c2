# Derived from src/wandql/testing/_async/players.py by `make generate`: edit that file instead.
"""Transports that record what a server answers, and that play it again without a network."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from os import PathLike
from pathlib import Path

import httpx

from wandql.testing.cassettes import Cassette

__all__ = ["Player", "Recorder"]


class Recorder(httpx.BaseTransport):
    """Carries requests to a server, and keeps the replies in a cassette.

    No API key, signature or e-mail address gets into the file.

    Args:
        path: The cassette, which is made new.
        transport: What carries the requests; the network where absent.

    Example:
        >>> recorder = Recorder("mnist.jsonl")
        >>> with Api(base_url=server.url, api_key=server.api_key, transport=recorder) as api:
        ...     run = api.run("alice/mnist/run-1")
        >>> with Api(base_url=server.url, api_key="0" * 40, transport=Player("mnist.jsonl")) as api:
        ...     api.run("alice/mnist/run-1") == run
        True
    """

    def __init__(self, path: str | PathLike[str], transport: httpx.BaseTransport | None = None) -> None:
        self._cassette = Cassette(Path(path))
        self._cassette.clear()
        self._transport = transport or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request, and keep the reply."""
        response = self._transport.handle_request(request)
        try:
            content = response.read()
        finally:
            response.close()
        sent = request.read()
        headers = {name.lower(): value for name, value in response.headers.items()}
        secrets = _secrets(request.headers.get("authorization", ""))
        self._cassette.add(request.method, str(request.url), sent, response.status_code, headers, content, secrets)
        return _replied(request, response.status_code, headers, content)

    def close(self) -> None:
        """Close what carries the requests."""
        self._transport.close()


class Player(httpx.BaseTransport):
    """Answers requests from a cassette, without a network.

    A request that is not on it raises `UsageError`, which names the operation.

    Args:
        path: The cassette, as an `Recorder` made it.

    Raises:
        UsageError: There is no such file, or it is no cassette.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._cassette = Cassette(Path(path))
        self._cassette.load()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        recorded = self._cassette.find(request.method, str(request.url), request.read())
        return _replied(request, recorded.status, recorded.headers, recorded.body)


def _replied(request: httpx.Request, status: int, headers: dict[str, str], content: bytes) -> httpx.Response:
    # What came over the network is decompressed by now.
    dropped = {"content-encoding", "content-length", "transfer-encoding"}
    kept = {name: value for name, value in headers.items() if name not in dropped}
    return httpx.Response(status, headers=kept, content=content, request=request)


def _secrets(authorization: str) -> list[str]:
    """Return what an Authorization header holds, and the API key in it."""
    credentials = authorization.partition(" ")[2]
    try:
        key = b64decode(credentials, validate=True).decode().partition(":")[2]
    except (Base64Error, ValueError):
        key = ""
    return [key, credentials]
