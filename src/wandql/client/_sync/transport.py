# Derived from src/wandql/client/_async/transport.py by `make generate`: edit that file instead.
"""The only place that knows httpx.

The seam is httpx's own: whatever is an `httpx.BaseTransport` can carry the requests. The real network, the
embedded server in this process and a recorder are three of them.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import httpx

from wandql.client.messages import Request, Response, TransferError
from wandql.client.seam_sync import Clock, run_in_thread

__all__ = ["Handler", "HandlerTransport", "Session", "Transport"]

Transport: TypeAlias = httpx.BaseTransport
Handler: TypeAlias = Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]]

CONNECT_TIMEOUT = 10.0
# Raised before a byte of the request was written.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


class Session:
    """A pool of connections. It is opened by the first request and may be used by many threads at once."""

    def __init__(self, transport: Transport | None, clock: Clock, ca_bundle: Path | None) -> None:
        self._http = httpx.Client(
            transport=transport,
            verify=True if ca_bundle is None else _trusting(ca_bundle),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=16),
            follow_redirects=False,
        )
        self._clock = clock

    def post(self, request: Request, *, seconds: float) -> Response:
        """Send `request` and read the whole reply within that many seconds.

        Raises:
            TransferError: No whole reply came.
        """
        end = self._clock.monotonic() + seconds
        limits = httpx.Timeout(seconds, connect=min(seconds, CONNECT_TIMEOUT))
        try:
            with self._http.stream(
                "POST", request.url, content=request.body, headers=dict(request.headers), timeout=limits
            ) as response:
                chunks: list[bytes] = []
                for chunk in response.iter_bytes():
                    chunks.append(chunk)
                    # httpx's own timeout is for each read: a server that dribbles would hold us for ever.
                    if self._clock.monotonic() > end:
                        raise TransferError("the reply did not end in time", executed=True, timed_out=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TransferError(
                f"{type(error).__name__}: {error}" if str(error) else type(error).__name__,
                executed=not isinstance(error, NEVER_SENT),
                timed_out=isinstance(error, httpx.TimeoutException),
            ) from error
        return Response(response.status_code, dict(response.headers), b"".join(chunks))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class HandlerTransport(httpx.BaseTransport):
    """Carries requests to a function in this process: `(method, url, headers, body) -> (status, headers, body)`."""

    def __init__(self, handler: Handler, on_close: Callable[[], None] | None = None) -> None:
        self._handler = handler
        self._on_close = on_close

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Call the handler."""
        body = request.read()
        status, headers, content = run_in_thread(
            self._handler, request.method, str(request.url), dict(request.headers), body
        )
        return httpx.Response(status, headers=dict(headers), content=content, request=request)

    def close(self) -> None:
        """Close what is behind the handler."""
        if self._on_close is not None:
            run_in_thread(self._on_close)


def _trusting(bundle: Path) -> ssl.SSLContext:
    return ssl.create_default_context(**{"capath" if bundle.is_dir() else "cafile": str(bundle)})
