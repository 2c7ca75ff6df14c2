"""What the replies of a storage mean, whose URLs expire and whose content comes in parts. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from wandql.client.messages import Response
from wandql.client.replies import Call
from wandql.client.retry import Attempt
from wandql.errors import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    DecodeError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    RequestError,
    RequestTimeoutError,
    ServerError,
)

__all__ = [
    "ContentRange",
    "accepted",
    "attempt_of",
    "is_encoded",
    "is_refused",
    "read_range",
    "status_error",
    "strong_etag",
    "total_size",
]

# How storage says that a signature is not good any more, or that the file has moved.
REFUSED: Final = frozenset({400, 401, 403, 404, 410})
# The storage's fault, not the request's: its makers say to try again.
PASSING: Final = frozenset({408, 500, 502, 503, 504})
TURNED_AWAY: Final = 429

STRONG_ETAG: Final = re.compile(r'"[\x21\x23-\x7e]*"')
CONTENT_RANGE: Final = re.compile(r"bytes (?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)", re.ASCII)
MESSAGE: Final = re.compile(r"(?is)<(message|title)>(.*?)</\1>")
MARKUP: Final = re.compile(r"(?s)<[^<>]*>")
LONGEST_PAGE: Final = 20_000

NEW_URL: Final = "A new URL was asked for and refused as well."
BY_STATUS: Final[Mapping[int, tuple[type[RequestError], str, str]]] = {
    400: (BadRequestError, "The storage refuses the request.", NEW_URL),
    401: (AuthenticationError, "The storage does not know who asks.", NEW_URL),
    403: (PermissionDeniedError, "The storage does not allow this.", f"{NEW_URL} Is this machine's clock right?"),
    404: (NotFoundError, "The storage does not have this file.", f"{NEW_URL} The file may have been deleted."),
    408: (RequestTimeoutError, "The storage stopped waiting: HTTP 408.", "Try again, or raise the timeout."),
    409: (ConflictError, "Somebody else changed the file meanwhile.", "Try again."),
    410: (NotFoundError, "The storage does not have this file any more.", NEW_URL),
    413: (BadRequestError, "The file is larger than the storage takes: HTTP 413.", "Ask who runs the server."),
    429: (RateLimitError, "Too many requests.", "Transfer fewer files at once, or raise the timeout."),
}


@dataclass(frozen=True, slots=True)
class ContentRange:
    """Which part of a content a reply has.

    Attributes:
        start: Its first byte, or None where it has no part at all.
        total: The size of the whole content, or None where the server does not know.
    """

    start: int | None
    total: int | None


def read_range(headers: Mapping[str, str]) -> ContentRange | None:
    """Read a Content-Range header. What is malformed counts as absent.

    Example:
        >>> read_range({"content-range": "bytes 5-9/10"})
        ContentRange(start=5, total=10)
    """
    parts = CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
    if parts is None:
        return None
    start, total = parts[1], parts[3]
    return ContentRange(int(start) if start else None, int(total) if total != "*" else None)


def strong_etag(headers: Mapping[str, str]) -> str | None:
    """Return the ETag, if equal ones mean equal bytes."""
    etag = headers.get("etag", "")
    return etag if STRONG_ETAG.fullmatch(etag) else None


def is_encoded(headers: Mapping[str, str]) -> bool:
    """Tell whether a body is compressed: its length and ranges are not those of the content then."""
    return headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}


def total_size(response_headers: Mapping[str, str], *, is_part: bool) -> int | None:
    """Return the size of the whole content, as far as a reply tells."""
    if is_encoded(response_headers):
        return None
    if is_part:
        part = read_range(response_headers)
        return part.total if part else None
    length = response_headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 19 else None


def is_refused(status: int) -> bool:
    """Tell whether another URL may help."""
    return status in REFUSED


def attempt_of(response: Response, retry_after: float | None) -> Attempt:
    """Return how an attempt failed, as the policy for retries sees it. Both GET and PUT may be sent again."""
    status = None if response.status in PASSING else response.status
    return Attempt(status, retry_after, executed=response.status != TURNED_AWAY)


def accepted(response: Response, call: Call) -> Response:
    """Return the reply to an upload that went well.

    Raises:
        DecodeError: It is a page for people: a login or a proxy answered, and nothing was stored.
    """
    if response.headers.get("content-type", "").strip().lower().startswith("text/html"):
        raise call.error(
            DecodeError,
            "A page for people came instead of the storage's answer, so nothing was stored.",
            response,
            hint="A login page or a proxy may have answered in its place: check the proxy settings.",
            words=_quote(call, response),
        )
    return response


def status_error(response: Response, call: Call, retry_after: float | None) -> RequestError:
    """Return the error for a status that does not mean content."""
    status = response.status
    if status in BY_STATUS:
        cls, message, hint = BY_STATUS[status]
    elif response.is_redirect:
        where = call.quote(response.headers.get("location", "nowhere").partition("?")[0])
        cls, message, hint = (
            RedirectError,
            f"The storage redirects to {where}.",
            "This kind of redirect is not followed.",
        )
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        cls, message, hint = ServerError, f"The storage failed with HTTP {status}.", "Try again later."
    else:
        cls, message, hint = BadRequestError, f"The storage answers with HTTP {status}.", "See its words."
    error = call.error(cls, message, response, hint=hint, words=_quote(call, response))
    if isinstance(error, RateLimitError):
        error.retry_after = retry_after
    return error


def _quote(call: Call, response: Response) -> str | None:
    """The storage's own words: the message of its XML, the title of a page, or any text."""
    text = response.body[:LONGEST_PAGE].decode(errors="replace")
    message = MESSAGE.search(text)
    return call.quote(" ".join((message[2] if message else MARKUP.sub(" ", text)).split())) or None
