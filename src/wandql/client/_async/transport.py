"""The only place that knows httpx.

The seam is httpx's own: whatever is an `httpx.AsyncBaseTransport` can carry the requests. The real network, the
embedded server in this process and a recorder are three of them.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeAlias

import httpx

from wandql.client.messages import Request, Response, TransferError, TransferFailure
from wandql.client.seam_async import run_in_thread, unwind, within
from wandql.errors import SettingsError

__all__ = ["AsyncHandlerTransport", "AsyncReply", "AsyncSession", "AsyncTransport", "Handler"]

AsyncTransport: TypeAlias = httpx.AsyncBaseTransport
Handler: TypeAlias = Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]]

CONNECT_TIMEOUT = 10.0
# What httpcore calls the moment when there is a connection.
CONNECTED = ("connect_tcp.complete", "connect_unix_socket.complete")
# Raised before a byte of the request was written.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class AsyncSession:
    """A pool of connections. It is opened by the first request and may be used by many tasks at once."""

    def __init__(self, transport: AsyncTransport | None, ca_bundle: Path | ssl.SSLContext | None) -> None:
        self._transport = transport
        # Where the network is not used, the usual certificates need not be read.
        self._tls = _trusting(ca_bundle) if transport is None or ca_bundle is not None else None
        self._connection: object = None
        self._http = httpx.AsyncClient(
            transport=transport,
            verify=self._tls or True,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
            follow_redirects=False,
        )

    async def post(self, request: Request, *, seconds: float) -> Response:
        """Send `request` and read the whole reply within that many seconds.

        Raises:
            TransferError: No whole reply came.
        """
        limits = httpx.Timeout(seconds, connect=min(seconds, CONNECT_TIMEOUT))
        headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
        try:
            # httpx's own limit is for each read: a server that dribbles would hold us for ever.
            with within(seconds) as check:
                async with self._http.stream(
                    "POST", request.url, content=request.body, headers=headers, timeout=limits
                ) as response:
                    chunks: list[bytes] = []
                    async for chunk in response.aiter_bytes():
                        chunks.append(chunk)
                        check()
        except TimeoutError as error:
            raise TransferError("the reply did not end in time", "late", executed=True) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TransferError(_words(error), _kind(error), executed=not isinstance(error, NEVER_SENT)) from error
        return Response(response.status_code, dict(response.headers), b"".join(chunks))

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        seconds: float,
        body: AsyncIterable[bytes] | None = None,
    ) -> AsyncGenerator[AsyncReply, None]:
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
            async with self._http.stream(
                method, url, content=body, headers=named, timeout=limits, extensions={"trace": self._note}
            ) as response:
                reply = AsyncReply(response)
                try:
                    yield reply
                finally:
                    await reply.leave()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TransferError(_words(error), _kind(error), executed=not isinstance(error, NEVER_SENT)) from error

    def another(self) -> AsyncSession:
        """Return a pool of connections of its own that trusts the same certificates."""
        return AsyncSession(self._transport, self._tls)

    def abort(self) -> None:
        """Cut the connection that `stream` made last: nothing else wakes a thread that waits on it."""
        get = getattr(self._connection, "get_extra_info", None)
        connection: object = get("socket") if get else None
        if isinstance(connection, socket.socket):
            with suppress(OSError):
                # Not the method of its class: that of TLS would break the thread instead of waking it.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _note(self, event: str, info: Mapping[str, object]) -> None:
        if event.endswith(CONNECTED):
            self._connection = info.get("return_value")


class AsyncReply:
    """A reply of which the body is still to come.

    Attributes:
        status: The status code.
        headers: The headers, their names in lower case.
    """

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = dict(response.headers)
        self._response = response
        self._chunks: AsyncIterator[bytes] | None = None

    def chunks(self) -> AsyncIterator[bytes]:
        """Return the body, decompressed, as it comes."""
        self._chunks = self._response.aiter_bytes()
        return self._chunks

    async def leave(self) -> None:
        """Leave the rest of the body alone."""
        if self._chunks is not None:
            await unwind(self._chunks)

    async def read(self, most: int) -> Response:
        """Read the body, but for what is beyond `most` bytes."""
        body = b""
        async for chunk in self.chunks():
            body += chunk
            if len(body) >= most:
                break
        return Response(self.status, self.headers, body[:most])


class AsyncHandlerTransport(httpx.AsyncBaseTransport):
    """Carries requests to a function in this process: `(method, url, headers, body) -> (status, headers, body)`.

    A function that raises `ConnectionRefusedError` or another `ConnectionError` stands for a connection that was never
    made or that was lost.
    """

    def __init__(self, handler: Handler, on_close: Callable[[], None] | None = None) -> None:
        self._handler = handler
        self._on_close = on_close

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Call the handler, in a thread of its own where that frees an event loop."""
        body = await request.aread()
        try:
            status, headers, content = await run_in_thread(
                self._handler, request.method, str(request.url), dict(request.headers), body
            )
        except ConnectionRefusedError as error:
            raise httpx.ConnectError(str(error), request=request) from error
        except ConnectionError as error:
            raise httpx.ReadError(str(error), request=request) from error
        return httpx.Response(status, headers=dict(headers), content=content, request=request)

    async def aclose(self) -> None:
        """Close what is behind the handler."""
        if self._on_close is not None:
            await run_in_thread(self._on_close)


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
