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
from typing import TypeAlias

import httpx

from wandql.client.messages import Limits, Request, Response, TransferError, TransferFailure
from wandql.client.seam_sync import Timer, bind, run_in_thread, unwind, within
from wandql.client.trust import trust
from wandql.settings import Settings

__all__ = ["Handler", "HandlerTransport", "Reply", "Session", "Transport"]

Transport: TypeAlias = httpx.BaseTransport
Handler: TypeAlias = Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]]

# What httpcore calls the moment when there is a connection.
CONNECTED = ("connect_tcp.complete", "connect_unix_socket.complete", "start_tls.complete")
# Raised before a byte of the request was written.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class Session:
    """A pool of connections. It is opened by the first request and may be used by many threads at once."""

    def __init__(self, transport: Transport | None, settings: Settings, tls: ssl.SSLContext | None = None) -> None:
        self._transport = transport
        self._settings = settings
        # Where the network is not used, the usual certificates need not be read.
        is_needed = transport is None or settings.ca_bundle or settings.client_certificate
        self._tls = tls or (trust(settings, httpx.create_ssl_context) if is_needed else None)
        self._connection: object = None
        self._http = httpx.Client(
            transport=transport,
            verify=self._tls or True,
            proxy=settings.proxy if transport is None else None,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
            follow_redirects=False,
        )

    def post(self, request: Request, limits: Limits) -> Response:
        """Send `request` and read the whole reply within the limits.

        Raises:
            TransferError: No whole reply came.
        """
        headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
        try:
            # httpx's own limit is for each read: a server that dribbles would hold us for ever.
            with within(limits.total) as timer:
                with self._http.stream(
                    "POST",
                    request.url,
                    content=request.body,
                    headers=headers,
                    timeout=_timeout(limits),
                    extensions={"trace": self._note},
                ) as response:
                    chunks: list[bytes] = []
                    for chunk in response.iter_bytes():
                        chunks.append(chunk)
                        timer.check()
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
        limits: Limits,
        *,
        body: Iterable[bytes] | None = None,
    ) -> Generator[Reply, None, None]:
        """Send a request and give its reply before the body has come.

        Args:
            method: The method.
            url: The absolute URL.
            headers: The headers, the length of the body among them.
            limits: How long each phase may take.
            body: The body.

        Raises:
            TransferError: No reply came, or its body ended early.
        """
        named = [(name.encode(), value.encode()) for name, value in headers.items()]
        try:
            response = self._open(method, url, named, limits, body)
            reply = Reply(response)
            try:
                yield reply
            finally:
                reply.leave()
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TransferError(_words(error), _kind(error), executed=not isinstance(error, NEVER_SENT)) from error

    def another(self) -> Session:
        """Return a pool of connections of its own that trusts the same certificates."""
        return Session(self._transport, self._settings, self._tls)

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

    def _open(
        self,
        method: str,
        url: str,
        headers: list[tuple[bytes, bytes]],
        limits: Limits,
        body: Iterable[bytes] | None,
    ) -> httpx.Response:
        """Send a request and return its reply once the headers have come. Its body is bound by its progress."""
        try:
            with within(limits.total) as timer:
                content = None if body is None else _timed(body, timer)
                request = self._http.build_request(
                    method,
                    url,
                    content=content,
                    headers=headers,
                    timeout=_timeout(limits),
                    extensions={"trace": self._note},
                )
                return self._http.send(request, stream=True)
        except TimeoutError as error:
            raise TransferError("the headers of the reply did not end in time", "late", executed=True) from error

    def _note(self, event: str, info: Mapping[str, object]) -> None:
        if event.endswith(CONNECTED):
            self._connection = info.get("return_value")
            bind(self._connection)


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

    @property
    def received(self) -> int:
        """How many bytes of the body have come."""
        return self._response.num_bytes_downloaded

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


def _timed(body: Iterable[bytes], timer: Timer) -> Iterator[bytes]:
    """Begin the wait for the headers anew with each piece that is sent."""
    for piece in body:
        timer.restart()
        yield piece


def _timeout(limits: Limits) -> httpx.Timeout:
    return httpx.Timeout(connect=limits.connect, read=limits.read, write=limits.write, pool=limits.pool)


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
