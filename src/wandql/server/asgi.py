"""The embedded server as an ASGI app: the same answers over a network, with uploads and downloads streamed."""

from __future__ import annotations

import gzip
import logging
from contextlib import asynccontextmanager
from email.utils import formatdate
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse
from starlette.responses import Response as HTTPResponse
from starlette.routing import Route

from wandql.server.limits import Limits, refusal_of
from wandql.server.messages import Refusal, Request, Response

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from starlette.requests import Request as HTTPRequest
    from starlette.types import Receive, Scope, Send

    from wandql.server.application import Application
    from wandql.server.blobs import Blob

__all__ = ["make_app"]

logger: logging.Logger = logging.getLogger(__name__)

LOCAL: Final = frozenset({"127.0.0.1", "::1"})
WORTH_COMPRESSING: Final = 4096

DRAINED: Final = 64 * 1024 * 1024
"""Up to how many bytes of a request that is too large are read, for its client to hear why."""

SMALL: Final = 64 * 1024
"""Up to how many bytes a file is sent in one piece: streaming costs more than it saves."""


def make_app(application: Application, on_ready: Callable[[], None] = lambda: None) -> Starlette:
    """Return the ASGI app of an application.

    Args:
        application: What answers. Closing it is up to the caller.
        on_ready: Called once, when the server is about to accept requests.
    """

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        on_ready()
        yield

    async def answer(incoming: HTTPRequest) -> HTTPResponse:
        body = bytearray()
        try:
            async for chunk in _pieces(incoming, application.limits):
                body += chunk
            response = await run_in_threadpool(application.respond, _received(incoming, bytes(body)))
        except Refusal as refusal:
            return _sent(refusal.response())
        except ConnectionError:
            return _Lost()
        except ClientDisconnect:
            return _unread()
        # Compression costs more than it saves where nothing passes over a wire.
        away = incoming.client is None or incoming.client.host not in LOCAL
        wanted = away and "gzip" in incoming.headers.get("accept-encoding", "")
        return _compressed(response) if wanted and len(response.body) >= WORTH_COMPRESSING else _sent(response)

    async def upload(incoming: HTTPRequest) -> HTTPResponse:
        if application.faults is not None:
            return await answer(incoming)
        try:
            token = application.upload_token(_received(incoming))
            with application.blobs.receive() as arriving:
                async for chunk in _pieces(incoming, application.limits, is_upload=True):
                    await run_in_threadpool(arriving.write, chunk)
                await run_in_threadpool(application.blobs.keep, token, arriving)
        except Refusal as refusal:
            return _sent(refusal.response())
        except ClientDisconnect:
            return _unread()
        except (OSError, OperationalError) as error:
            if (known := refusal_of(error)) is None:
                raise
            logger.error("an upload: %s", known)  # noqa: TRY400
            return _sent(known.response())
        return HTTPResponse(headers={"etag": arriving.etag})

    async def download(incoming: HTTPRequest) -> HTTPResponse:
        def find() -> tuple[Blob, bytes | None]:
            blob = application.find_blob(_received(incoming))
            if incoming.method != "GET" or blob.size > SMALL or "range" in incoming.headers:
                return blob, None
            try:
                return blob, blob.path.read_bytes()
            except FileNotFoundError:
                raise Refusal(404, "The file was deleted.") from None

        def meet() -> tuple[Blob, bytes | None] | Response:
            faults = application.faults
            return find() if faults is None else faults.meet(_received(incoming), find)

        try:
            found = await run_in_threadpool(meet)
        except Refusal as refusal:
            return _sent(refusal.response())
        except ConnectionError:
            return _Lost()
        if isinstance(found, Response):
            return _sent(found)
        blob, body = found
        headers = {"etag": f'"{blob.path.name}"', "last-modified": formatdate(blob.updated_at / 1e6, usegmt=True)}
        if body is not None:
            return HTTPResponse(body, headers=headers, media_type="application/octet-stream")
        return FileResponse(blob.path, media_type="application/octet-stream", headers=headers)

    async def permit(incoming: HTTPRequest) -> HTTPResponse:
        # Browsers ask before they use a signed URL from another origin, and get no permission. The SDK's `wandb verify`
        # asks for the server's own origin, which needs none.
        origin = _received(incoming).origin
        allowed = {"access-control-allow-origin": origin, "access-control-allow-methods": "GET, PUT", "vary": "origin"}
        return HTTPResponse(status_code=204, headers=allowed if incoming.headers.get("origin") == origin else None)

    routes = [
        Route("/storage/{token}/{name:path}", upload, methods=["PUT"]),
        Route("/storage/{token}/{name:path}", permit, methods=["OPTIONS"]),
        *(
            Route(f"/{root}/{{path:path}}", download, methods=["GET"])
            for root in ("storage", "artifacts", "artifactsV2")
        ),
        Route("/{path:path}", answer, methods=["GET", "POST", "PUT", "DELETE", "PATCH"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


class _Lost(HTTPResponse):
    """A reply that never comes: the server closes a connection whose reply it was not given whole."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})


async def _pieces(incoming: HTTPRequest, limits: Limits, *, is_upload: bool = False) -> AsyncGenerator[bytes]:
    """Yield the body piece by piece, as long as it is not too large.

    What is too large is taken in for a while and dropped: who is still sending does not listen, and would find the
    connection broken instead of an answer.

    Raises:
        Refusal: It is too large (413).
    """
    size, dropped, refusal = int(incoming.headers.get("content-length", 0)), 0, None
    arrived = 0
    async for chunk in incoming.stream():
        arrived += len(chunk)
        if refusal is None:
            try:
                limits.check(max(size, arrived), is_upload=is_upload)
            except Refusal as found:
                refusal = found
            else:
                if chunk:
                    yield chunk
                continue
        dropped += len(chunk)
        if dropped > DRAINED:
            break
    if refusal is not None:
        raise refusal


def _received(incoming: HTTPRequest, body: bytes = b"") -> Request:
    path, query = incoming.scope["raw_path"].decode("latin-1"), incoming.url.query
    target = f"{path}?{query}" if query else path
    headers = {**incoming.headers, "host": incoming.url.netloc}
    return Request(incoming.method, target, headers, body, incoming.url.scheme)


def _unread() -> HTTPResponse:
    """Return what answers a client that left before it had sent everything: what had arrived is dropped."""
    return HTTPResponse(status_code=400)


def _sent(response: Response) -> HTTPResponse:
    return HTTPResponse(response.body, response.status, dict(response.headers))


def _compressed(response: Response) -> HTTPResponse:
    headers = {**response.headers, "content-encoding": "gzip", "vary": "accept-encoding"}
    return HTTPResponse(gzip.compress(response.body, compresslevel=1), response.status, headers)
