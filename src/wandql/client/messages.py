"""What goes over the wire, apart from how: requests, replies, and what a failed transfer tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal, TypeAlias

__all__ = ["Limits", "Request", "Response", "TransferError", "TransferFailure"]

TransferFailure: TypeAlias = Literal["lost", "late", "garbled"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one request may take, in seconds.

    Attributes:
        total: The whole of it, where the reply is read at once.
        connect: Making a connection.
        read: The wait for each next byte.
        write: Each piece that is sent.
        pool: The wait for a free connection.
    """

    total: float
    connect: float
    read: float
    write: float
    pool: float


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One HTTP request.

    Attributes:
        url: The absolute URL.
        headers: The headers, the API key among them: so there is no repr.
        body: The body.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP reply.

    Attributes:
        status: The status code.
        headers: The headers, their names in lower case.
        body: The body, decompressed.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_redirect(self) -> bool:
        """Whether the server points elsewhere."""
        return HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST

    @property
    def is_error(self) -> bool:
        """Whether the status says that the request failed."""
        return self.status >= HTTPStatus.BAD_REQUEST


class TransferError(Exception):
    """No whole reply came. Strictly internal: the client raises a `wandql.errors.TransportError` from it.

    Attributes:
        failure: The connection was lost or never made, the time ran out, or the reply cannot be decompressed.
        executed: Whether the server may have executed the request.
    """

    def __init__(self, message: str, failure: TransferFailure, *, executed: bool) -> None:
        super().__init__(message)
        self.failure: TransferFailure = failure
        self.executed = executed
