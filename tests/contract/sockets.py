"""A server on a real socket, for what only a real socket does."""

from __future__ import annotations

import re
import socket
import socketserver
import ssl
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CERTIFICATE = Path(__file__).with_name("localhost.pem")


@dataclass(frozen=True)
class Exchange:
    """One request that came in, and the connection that waits for the answer.

    Attributes:
        number: The running number of the request, from 1.
        head: Its first line and headers.
        body: Its body.
    """

    number: int
    head: str
    body: bytes
    connection: socket.socket
    closing: threading.Event

    def send(self, content: bytes) -> None:
        self.connection.sendall(content)

    def wait(self, seconds: float) -> None:
        """Wait so long, or until the test is over."""
        if self.closing.wait(seconds):
            raise ConnectionAbortedError

    def reset(self) -> NoReturn:
        """Drop the connection without a goodbye."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise ConnectionAbortedError


class TcpServer(socketserver.ThreadingTCPServer):
    """Reads requests and leaves each to `answer`.

    Attributes:
        connections: How many connections were made.
        requests: Every request, in order.
    """

    daemon_threads = True

    def __init__(self, answer: Callable[[Exchange], None], *, tls: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.answer = answer
        self.connections = 0
        self.requests: list[Exchange] = []
        self.closing = threading.Event()
        self.open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if tls else None
        if self._tls:
            self._tls.load_cert_chain(CERTIFICATE)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.server_address[1]}"

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        if self._tls:
            try:
                connection = self._tls.wrap_socket(connection, server_side=True)
            except OSError:
                connection.close()
                raise
        with self._lock:
            self.connections += 1
            self.open.add(connection)
        return connection, address

    def receive(self, head: str, body: bytes, connection: socket.socket) -> Exchange:
        with self._lock:
            exchange = Exchange(len(self.requests) + 1, head, body, connection, self.closing)
            self.requests.append(exchange)
            return exchange

    def shutdown_request(self, request: socket.socket) -> None:
        self.close_request(request)

    def stop(self) -> None:
        self.closing.set()
        self.shutdown()
        self._thread.join()
        for connection in list(self.open):
            connection.close()
        self.server_close()


class _Connection(socketserver.StreamRequestHandler):
    server: TcpServer
    disable_nagle_algorithm = True

    def handle(self) -> None:
        with suppress(OSError):  # The client, the answer or the end of the test closed the connection.
            while head := self._head():
                length = int(re.findall(r"(?im)^content-length: *(\d+)", head)[0])
                body = self.rfile.read(length)
                if len(body) == length:
                    self.server.answer(self.server.receive(head, body, self.connection))

    def _head(self) -> str:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in {b"\r\n", b""}:
            lines.append(line)
        return b"".join(lines).decode("latin-1")

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()


class Serve(Protocol):
    """Starts a server that ends with the test."""

    def __call__(self, answer: Callable[[Exchange], None], *, tls: bool = False) -> TcpServer: ...


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that end with the test."""
    servers: list[TcpServer] = []

    def start(answer: Callable[[Exchange], None], *, tls: bool = False) -> TcpServer:
        servers.append(TcpServer(answer, tls=tls))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
