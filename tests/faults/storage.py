"""A storage on a real socket that fails as told: what only bytes on a wire can show."""

from __future__ import annotations

import hashlib
import re
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.contract.sockets import CERTIFICATE
from wandql.client.transfers.digests import Digest
from wandql.client.transfers.locations import Location

PIECE = 8192


@dataclass
class Request:
    """A request that came in, and the connection that waits for the answer.

    Attributes:
        number: The running number of the request, from 1.
        method: Its method.
        target: Its path and query.
        headers: Its headers, their names in lower case.
        body: Its body.
        storage: Who was asked.
        connection: Where it came from.
    """

    number: int
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    storage: Storage = field(repr=False)
    connection: socket.socket = field(repr=False)

    @property
    def start(self) -> int | None:
        """Where the range begins that is asked for."""
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        return int(asked[1]) if asked else None

    def send(self, status: int, headers: Mapping[str, object] | None = None, body: bytes = b"") -> None:
        """Answer, with the length of the body unless the headers say another."""
        named = {"content-length": len(body), **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value is not None)
        self.write(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + body)

    def write(self, content: bytes) -> None:
        self.connection.sendall(content)

    def wait(self, seconds: float = 60) -> None:
        """Wait so long, or until the client or the test is over."""
        self.storage.closing.wait(seconds)

    def hang_up(self, *, rudely: bool = False) -> None:
        """Close the connection."""
        if rudely:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise ConnectionAbortedError


Answer = Callable[[Request], None]


@dataclass
class File:
    """A file of a storage that knows ranges and ETags, as far as it is told to.

    Attributes:
        content: Its bytes.
        cuts: After how many bytes of each answer to hang up; once they are used up, never.
        rudely: Whether to reset instead of closing.
        has_ranges: Whether parts can be asked for.
        has_etag: Whether there are ETags.
        has_length: Whether the length is told.
        sent: How many bytes of content went out.
    """

    content: bytes
    cuts: Iterator[int] = field(default_factory=lambda: iter(()))
    rudely: bool = False
    has_ranges: bool = True
    has_etag: bool = True
    has_length: bool = True
    sent: int = 0

    @property
    def digest(self) -> Digest:
        return Digest.of(self.content)

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'

    def __call__(self, request: Request) -> None:
        total = len(self.content)
        start = request.start if self.has_ranges and request.headers.get("if-range", self.etag) == self.etag else None
        if start is not None and start >= total:
            return request.send(416, {"content-range": f"bytes */{total}"})
        headers: dict[str, object] = {"etag": self.etag} if self.has_etag else {}
        body = self.content[start or 0 :]
        headers["content-length"] = len(body) if self.has_length else None
        if start is not None:
            headers["content-range"] = f"bytes {start}-{total - 1}/{total}"
        cut = next(self.cuts, len(body))
        request.send(206 if start is not None else 200, headers)
        for at in range(0, min(cut, len(body)), PIECE):
            piece = body[at : min(at + PIECE, cut)]
            request.write(piece)
            self.sent += len(piece)
        if cut < len(body) or not self.has_length:
            request.hang_up(rudely=self.rudely)
        return None


class Storage(socketserver.ThreadingTCPServer):
    """Answers each path as told.

    Attributes:
        answers: What to do, by path.
        requests: What came, in order.
        busy: How many requests are being answered.
        busiest: The most that ever were.
        connected: How many connections are open.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if certificate else None
        if self._tls and certificate:
            self._tls.load_cert_chain(certificate)
        self.answers: dict[str, Answer] = {}
        self.requests: list[Request] = []
        self.busy = self.busiest = self.connected = 0
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.server_address[1]}"

    def get_request(self) -> tuple[socket.socket, object]:
        connection, address = super().get_request()
        return (self._tls.wrap_socket(connection, server_side=True) if self._tls else connection), address

    def put(self, name: str, answer: Answer) -> Location:
        """Answer requests for `/name` so, and return where that is."""
        self.answers[f"/{name}"] = answer
        return Location(f"{self.url}/{name}")

    def ranges(self) -> list[int | None]:
        """Return where each request wanted to begin."""
        return [request.start for request in self.requests]

    def receive(self, head: str, body: bytes, connection: socket.socket) -> Request:
        first, *lines = head.splitlines()
        method, target, _ = first.split(" ")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        with self.lock:
            request = Request(len(self.requests) + 1, method, target, headers, body, self, connection)
            self.requests.append(request)
        return request

    def handle_error(self, request: object, client_address: object) -> None:
        """Let threads end quietly: the tests look at what the client makes of it."""

    def shutdown_request(self, request: object) -> None:
        assert isinstance(request, socket.socket)
        self.close_request(request)

    def connections_left(self) -> int:
        """Let all answers end, and return how many connections the clients keep open."""
        self.closing.set()
        end = time.monotonic() + 3
        while self.busy and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.05)
        return self.connected

    def stop(self) -> None:
        self.closing.set()
        self.shutdown()
        self._thread.join()
        with self.lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Connection(socketserver.StreamRequestHandler):
    server: Storage
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        with self.server.lock:
            self.server._open.add(self.connection)
            self.server.connected += 1

    def handle(self) -> None:
        with suppress(OSError):
            while head := self._head():
                length = int((re.findall(r"(?im)^content-length: *(\d+)", head) or ["0"])[0])
                body = self.rfile.read(length)
                if len(body) < length:
                    return
                request = self.server.receive(head, body, self.connection)
                with self.server.lock:
                    self.server.busy += 1
                    self.server.busiest = max(self.server.busiest, self.server.busy)
                try:
                    answer = self.server.answers.get(request.target.partition("?")[0])
                    answer(request) if answer else request.send(404)
                finally:
                    with self.server.lock:
                        self.server.busy -= 1

    def finish(self) -> None:
        with self.server.lock:
            self.server._open.discard(self.connection)
            self.server.connected -= 1
        with suppress(OSError):
            super().finish()

    def _head(self) -> str:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in {b"\r\n", b""}:
            lines.append(line)
        return b"".join(lines).decode("latin-1")


def each(*answers: Answer) -> Answer:
    """Answer with one after the other, and then with the last for ever."""
    waiting = list(answers)

    def answer(request: Request) -> None:
        (waiting.pop(0) if len(waiting) > 1 else waiting[0])(request)

    return answer


def status(code: int, body: bytes = b"", **headers: object) -> Answer:
    """Answer with a status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: request.send(code, named, body)


@pytest.fixture
def storage() -> Iterator[Storage]:
    """A storage that ends with the test."""
    opened = Storage()
    yield opened
    opened.stop()


@pytest.fixture
def secure_storage() -> Iterator[Storage]:
    """One behind TLS, with a certificate that nobody trusts unasked."""
    opened = Storage(CERTIFICATE)
    yield opened
    opened.stop()


@pytest.fixture
def other_storage() -> Iterator[Storage]:
    """A second one, of another origin."""
    opened = Storage()
    yield opened
    opened.stop()
