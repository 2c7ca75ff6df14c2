"""What is told of every request: to loggers, hooks and traces. No key, no header, no body, no query of an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

__all__ = ["RequestEvent", "RequestHook"]


@dataclass(frozen=True, slots=True)
class RequestEvent:
    """One request that has ended, with a reply or without.

    Attributes:
        operation: The name of the GraphQL operation, or the method and address of the request for a file.
        path: What was asked for, such as `entity/project/run`, or None.
        attempt: The running number of the request within its call, from 1.
        started_at: When it began.
        seconds: How long it took.
        status: The status of the reply, or None where none came.
        sent: How many bytes its body has.
        received: How many bytes of the reply's body came; of a GraphQL reply, decompressed.
        error: Why no whole reply came, or None.
        retry_in: The seconds until the next attempt, or None where this was the last. Always None for a file.
        request_id: The server's own identifier of the request, or None.
    """

    operation: str
    path: str | None
    attempt: int
    started_at: datetime
    seconds: float
    status: int | None
    sent: int
    received: int
    error: str | None = None
    retry_in: float | None = None
    request_id: str | None = None


RequestHook: TypeAlias = Callable[[RequestEvent], None]
"""Is told of every request. It runs where the request was sent, so it should be quick."""
