"""A server on a socket that takes so many requests per window, and tells."""

from __future__ import annotations

import time
from threading import Lock

from tests.contract.sockets import Exchange

__all__ = ["BODY", "LimitedServer"]

BODY = b'{"data": {"viewer": null}}'


class LimitedServer:
    """Answers like a server with a limit on requests.

    Attributes:
        refused: How many requests it turned away.
        answered: When it answered each other one.
    """

    def __init__(self, limit: int, window: float) -> None:
        self.limit, self.window = limit, window
        self.refused = 0
        self.answered: list[float] = []
        self._lock = Lock()
        self._start, self._used = time.monotonic(), 0

    def __call__(self, exchange: Exchange) -> None:
        with self._lock:
            now = time.monotonic()
            if now - self._start >= self.window:
                self._start, self._used = now, 0
            self._used += 1
            reset = self._start + self.window - now
            is_refused = self._used > self.limit
            self.refused += is_refused
            if not is_refused:
                self.answered.append(now)
            told = f"ratelimit-remaining: {max(self.limit - self._used, 0)}\r\nratelimit-reset: {reset:.4f}\r\n"
        status = f"429 Too Many Requests\r\nretry-after: {reset:.4f}" if is_refused else "200 OK"
        exchange.send(f"HTTP/1.1 {status}\r\n{told}content-length: {len(BODY)}\r\n\r\n".encode() + BODY)
