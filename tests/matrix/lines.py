"""Between a client and the embedded server: a socket, or a function in this process, that loses and spoils replies."""

from __future__ import annotations

import re
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pydantic_core import from_json

from wandql.server import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wandql.server import Application

__all__ = ["Delivery", "Line", "Seen", "Socket", "Spoiled"]

# How long each byte of a slow reply takes.
PACE = 0.05
LONGEST_SILENCE = 30.0

Delivery = Literal[
    "whole", "refused", "reset", "reset in body", "cut short", "too long", "slow headers", "slow body", "silent"
]


@dataclass(frozen=True)
class Seen:
    """A request that came.

    Attributes:
        name: The name of the operation; of a request for a file, its method.
        document: The text of the operation, or "".
        response: What the server answered; None where it was not asked.
        hit: Whether a fault met it.
    """

    name: str
    document: str
    response: Response | None
    hit: bool

    @property
    def is_file(self) -> bool:
        return not self.document


@dataclass(frozen=True)
class Spoiled:
    """What a client gets in the place of a reply."""

    response: Response
    delivery: Delivery = "whole"


@dataclass
class Line:
    """Carries the requests of one cell.

    Attributes:
        application: The server.
        spoil: Makes of a request what its client gets; None where nothing goes wrong.
        which: The number of the request that a fault meets, from 1; 0 for every one.
        is_ready: Whether faults may happen. What was asked before is not counted.
        seen: The requests since then.
        changes: Whether the server was asked to change anything, then or before.
    """

    application: Application
    spoil: Callable[[Request, Callable[[], Response]], Spoiled | None] | None = None
    which: int = 0
    is_ready: bool = False
    seen: list[Seen] = field(default_factory=list)
    changes: bool = False
    closing: threading.Event = field(default_factory=threading.Event)
    guard: threading.Lock = field(default_factory=threading.Lock)
    eligible: int = 0

    def carry(self, request: Request) -> Spoiled:
        """Return what the client gets for a request."""
        name, document = _named(request)
        self.changes = self.changes or request.method == "PUT" or document.lstrip().startswith("mutation")
        if not self.is_ready:
            return Spoiled(self.application.answer(request))
        with self.guard:
            self.eligible += 1
            is_due = self.spoil is not None and self.which in {0, self.eligible}
        answers: list[Response] = []

        def answer() -> Response:
            answers.append(self.application.answer(request))
            return answers[0]

        spoiled = self.spoil(request, answer) if self.spoil and is_due else None
        result = spoiled or Spoiled(answer())
        with self.guard:
            self.seen.append(Seen(name, document, answers[0] if answers else None, spoiled is not None))
        return result

    def handle(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Carry a request in this process."""
        address = urlsplit(url)
        target = f"{address.path}?{address.query}" if address.query else address.path
        spoiled = self.carry(Request(method, target, headers, body))
        if spoiled.delivery == "refused":
            raise ConnectionRefusedError("refused, as it was asked for")
        if spoiled.delivery == "reset":
            raise ConnectionResetError("lost, as it was asked for")
        return spoiled.response.status, spoiled.response.headers, spoiled.response.body


def _named(request: Request) -> tuple[str, str]:
    if request.segments != ["graphql"]:
        return request.method, ""
    body = from_json(request.body)
    return body["operationName"], body["query"]


class Socket:
    """Carries the requests of one cell over TCP."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        port: int = self._listening.getsockname()[1]
        return port

    def hang_up(self) -> None:
        """Refuse every connection from now on, and end those that there are."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._guard:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End all."""
        self.line.closing.set()
        self.hang_up()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._guard:
                    self._open.add(connection)
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with suppress(OSError), connection.makefile("rb") as file:
                while head := _head(file):
                    method, target, _ = head[0].split(" ", 2)
                    headers = {
                        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])
                    }
                    length = int(headers.get("content-length", 0))
                    body = file.read(length)
                    if len(body) < length:
                        return  # The client has gone away.
                    if headers.get("transfer-encoding") == "chunked":
                        body = _chunks(file)
                    if not self._deliver(connection, self.line.carry(Request(method, target, headers, body))):
                        return
        finally:
            with self._guard:
                self._open.discard(connection)
            connection.close()

    def _deliver(self, connection: socket.socket, spoiled: Spoiled) -> bool:
        """Send a reply as it is to be spoiled. Return whether the connection can go on."""
        response, delivery = spoiled.response, spoiled.delivery
        length = len(response.body)
        named = length + 10 if delivery == "cut short" else length // 2 if delivery == "too long" else length
        lines = [f"{name}: {value}" for name, value in response.headers.items() if name.lower() != "content-length"]
        head = "\r\n".join([f"HTTP/1.1 {response.status} Spoiled", f"content-length: {named}", *lines, "", ""])
        if delivery in {"reset", "refused"}:
            return _reset(connection)
        if delivery == "silent":
            self.line.closing.wait(LONGEST_SILENCE)
            return False
        if delivery == "slow headers":
            self._dribble(connection, head.encode("latin-1"))
        else:
            connection.sendall(head.encode("latin-1"))
        if delivery == "reset in body":
            connection.sendall(response.body[: length // 2])
            return _reset(connection)
        if delivery == "slow body":
            self._dribble(connection, response.body)
        else:
            connection.sendall(response.body)
        return delivery not in {"cut short", "too long"}

    def _dribble(self, connection: socket.socket, content: bytes) -> None:
        for byte in content:
            if self.line.closing.wait(PACE):
                raise ConnectionAbortedError
            connection.sendall(bytes([byte]))


def _head(file: object) -> list[str]:
    lines: list[str] = []
    while (line := file.readline()) not in {b"\r\n", b""}:  # type: ignore[attr-defined]
        lines.append(line.decode("latin-1").rstrip("\r\n"))
    return lines


def _chunks(file: object) -> bytes:
    body = b""
    while size := int(re.sub(rb"[;\s].*", b"", file.readline()), 16):  # type: ignore[attr-defined]
        body += file.read(size)  # type: ignore[attr-defined]
        file.readline()  # type: ignore[attr-defined]
    file.readline()  # type: ignore[attr-defined]
    return body


def _reset(connection: socket.socket) -> bool:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False
