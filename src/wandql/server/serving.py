"""Serving an application over TCP."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final

import uvicorn

from wandql.server.asgi import make_app

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

    from wandql.server.application import Application

__all__ = ["bind", "run_in_thread", "serve"]

GRACE: Final = 30
"""How many seconds the requests under way have to finish when the server is told to end."""


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket. Port 0 takes a free one.

    Raises:
        OSError: The address is in use, unknown or not allowed.
    """
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    listening = socket.create_server((host, port), family=family, backlog=1024)
    # Connections inherit it. asyncio would set it only where the socket names its protocol, which this one does not:
    # each reply would wait 40 ms for the client to acknowledge its first packet.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def base_url(listening: socket.socket) -> str:
    """Return the URL at which clients reach a listening socket."""
    host, port, *_ = listening.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(application: Application, listening: socket.socket, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; then finish the requests that are under way. Neither is an error.

    Args:
        application: What answers. Closing it is up to the caller.
        listening: The socket, which is closed in the end.
        on_ready: Called once, when requests are accepted.
    """
    # uvicorn raises the signal once more when it is done. These handlers take it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _take)
    with closing(listening):
        uvicorn.Server(_config(application, on_ready)).run(sockets=[listening])


@contextmanager
def run_in_thread(application: Application, host: str = "127.0.0.1", port: int = 0) -> Generator[str]:
    """Serve over TCP in a thread while the context is open.

    Args:
        application: What answers. Closing it is up to the caller.
        host: Where to listen.
        port: The port; 0 takes a free one.

    Yields:
        The base URL, for example `http://127.0.0.1:40517`.

    Raises:
        OSError: The address is in use, unknown or not allowed.
        RuntimeError: The server ended before it was ready.
    """
    ready = threading.Event()
    with closing(bind(host, port)) as listening:
        server = _ThreadServer(_config(application, ready.set))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="wandql-server")
        thread.start()
        try:
            while not ready.wait(0.1):
                if not thread.is_alive():
                    raise RuntimeError("The server ended before it was ready; the log says why.")
            yield base_url(listening)
        finally:
            server.end()
            thread.join()


def _take(_number: int, _frame: FrameType | None) -> None:
    pass


def _config(application: Application, on_ready: Callable[[], None]) -> uvicorn.Config:
    app = make_app(application, on_ready)
    return uvicorn.Config(
        app, log_level="warning", access_log=False, lifespan="on", timeout_graceful_shutdown=GRACE, server_header=False
    )


class _ThreadServer(uvicorn.Server):
    """Ends as soon as it is told to and no request is under way, where uvicorn looks for both ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def end(self) -> None:
        """Finish the requests that are under way, from another thread."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # its loop has ended by itself
                self._loop.call_soon_threadsafe(self._ending.set)

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):  # which keeps the date of replies
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.005)
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)  # cancels them
        else:
            await self.lifespan.shutdown()
