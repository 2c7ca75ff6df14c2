# Derived from src/wandql/client/_async/transport.py by `make generate`: edit that file instead.
"""The only place that knows httpx.

The seam is httpx's own: whatever is an `httpx.BaseTransport` can carry the requests. The real network, the
embedded server in this process and a recorder are three of them.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

import httpx

from wandql.client.messages import Request, Response, TransferError, TransferFailure
from wandql.client.seam_sync import run_in_thread, unwind, within
from wandql.errors import SettingsError

__all__ = ["Handler", "HandlerTransport", "Reply", "Session", "Transport"]

Transport: TypeAlias = httpx.BaseTransport
Handler: TypeAlias = Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]]

CONNECT_TIMEOUT = 10.0
# What httpcore calls the moment when there is a connection.
CONNECTED = ("connect_tcp.complete", "connect_unix_socket.complete")
# Raised before a byte of the request was written.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class Session:
    """A pool of connections. It is opened by the first request and may be used by many threads at once."""

    def __init__(self, transport: Transport | None, ca_bundle: Path | ssl.SSLContext | None) -> None:
        self._transport = transport
        # Where the network is not used, the usual certificates need not be read.
        self._tls = _trusting(ca_bundle) if transport is None or ca_bundle is not None else None
        self._connection: object = None
        self._http = httpx.Client(
            transport=transport,
            verify=self._tls or True,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
            follow_redirects=False,
        )

    def post(self, request: Request, *, seconds: float) -> Response:
        """Send `request` and read the whole reply within that many seconds.

        Raises:
            TransferError: No whole reply came.
        """
        limits = httpx.Timeout(seconds, connect=min(seconds, CONNECT_TIMEOUT))
        headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
        try:
            # httpx's own limit is for each read: a server that dribbles would hold us for ever.
            with within(seconds) as check:
                with self._http.stream(
                    "POST", request.url, content=request.body, headers=headers, timeout=limits
                ) as response:
                    chunks: list[bytes] = []
                    for chunk in response.iter_bytes():
                        chunks.append(chunk)
                        check()
        except TimeoutError as error:
            raise TransferError("the reply did not end in time", "late", executed=True) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TransferError(_words(error), _kind(error), executed=not isinstance(error, NEVER_SENT)) from error
        return Response(response.status_code, dict(response.headers), b"".join(chunks))

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        seconds: float,
        body: Iterable[bytes] | None = None,
    ) -> Generator[Reply, None, None]:
        """Send a request and give its reply before the body has come.

        Args:
            method: The method.
            url: The absolute URL.
            headers: The headers, the length of the body among them.
            seconds: How long to wait for each next byte.
            body: The body.

        Raises:
            TransferError: No reply came, or its body ended early.
        """
        limits = httpx.Timeout(seconds, connect=min(seconds, CONNECT_TIMEOUT))
        named = [(name.encode(), value.encode()) for name, value in headers.items()]
        try:
            with self._http.stream(
                method, url, content=body, headers=named, timeout=limits, extensions={"trace": self._note}
            ) as response:
                reply = Reply(response)
                try:
                    yield reply
                finally:
                    reply.leave()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TransferError(_words(error), _kind(error), executed=not isinstance(error, NEVER_SENT)) from error

    def another(self) -> Session:
        """Return a pool of connections of its own that trusts the same certificates."""
        return Session(self._transport, self._tls)

    def abort(self) -> None:
        """Cut the connection that `stream` made last: nothing else wakes a thread that waits on it."""
        get = getattr(self._connection, "get_extra_info", None)
        connection: object = get("socket") if get else None
        if isinstance(connection, socket.socket):
            with suppress(OSError):
                # Not the method of its class: that of TLS would break the thread instead of waking it.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _note(self, event: str, info: Mapping[str, object]) -> None:
        if event.endswith(CONNECTED):
            self._connection = info.get("return_value")


class Reply:
    """A reply of which the body is still to come.

    Attributes:
        status: The status code.
        headers: The headers, their names in lower case.
    """

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = dict(response.headers)
        self._response = response
        self._chunks: Iterator[bytes] | None = None

    def chunks(self) -> Iterator[bytes]:
        """Return the body, decompressed, as it comes."""
        self._chunks = self._response.iter_bytes()
        return self._chunks

    def leave(self) -> None:
        """Leave the rest of the body alone."""
        if self._chunks is not None:
            unwind(self._chunks)

    def read(self, most: int) -> Response:
        """Read the body, but for what is beyond `most` bytes."""
        body = b""
        for chunk in self.chunks():
            body += chunk
            if len(body) >= most:
                break
        return Response(self.status, self.headers, body[:most])


class HandlerTransport(httpx.BaseTransport):
    """Carries requests to a function in this process: `(method, url, headers, body) -> (status, headers, body)`.

    A function that raises `ConnectionRefusedError` or another `ConnectionError` stands for a connection that was never
    made or that was lost.
    """

    def __init__(self, handler: Handler, on_close: Callable[[], None] | None = None) -> None:
        self._handler = handler
        self._on_close = on_close

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Call the handler."""
        body = request.read()
        try:
            status, headers, content = run_in_thread(
                self._handler, request.method, str(request.url), dict(request.headers), body
            )
        except ConnectionRefusedError as error:
            raise httpx.ConnectError(str(error), request=request) from error
        except ConnectionError as error:
            raise httpx.ReadError(str(error), request=request) from error
        return httpx.Response(status, headers=dict(headers), content=content, request=request)

    def close(self) -> None:
        """Close what is behind the handler."""
        if self._on_close is not None:
            run_in_thread(self._on_close)


def _words(error: Exception) -> str:
    """Name the error and the first reason that has words: the error itself need not have any."""
    reason: BaseException | None = error
    while reason is not None and not str(reason):
        reason = reason.__cause__ or reason.__context__
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__


def _kind(error: Exception) -> TransferFailure:
    if isinstance(error, httpx.TimeoutException):
        return "late"
    return "garbled" if isinstance(error, httpx.DecodingError) else "lost"


def _trusting(bundle: Path | ssl.SSLContext | None) -> ssl.SSLContext:
    if bundle is None:
        return httpx.create_ssl_context()
    if isinstance(bundle, ssl.SSLContext):
        return bundle
    cafile, capath = (None, bundle) if bundle.is_dir() else (bundle, None)
    try:
        return ssl.create_default_context(cafile=cafile, capath=capath)
    except OSError as error:
        raise SettingsError(
            f"The certificates that TLS should trust cannot be read from {bundle}: {error}.",
            hint="ca_bundle names a file of certificates in PEM form, or a directory of them as OpenSSL makes it.",
        ) from error
