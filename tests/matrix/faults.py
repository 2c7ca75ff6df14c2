"""What goes wrong between a client and a server, and what a call owes its caller then."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tests.matrix.lines import Spoiled
from tests.matrix.shapes import widened
from wandql.errors import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ConnectionFailedError,
    DecodeError,
    GraphQLError,
    IntegrityError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    RequestTimeoutError,
    ServerError,
    UnsupportedError,
)
from wandql.server import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.matrix.lines import Delivery

__all__ = ["FAULTS", "Fault", "Kind", "Reach", "kind_of"]

Kind = Literal["query", "idempotent", "mutation", "GET", "PUT"]
Reach = Literal["all", "GraphQL", "files"]
Error = type[Exception]

QUERIES = Path(__file__).parents[2] / "queries"
OPERATION = re.compile(r"((?:^#.*\n)*)^(query|mutation) (\w+)", re.MULTILINE)

# What may be asked twice, and to what the storage may answer with another URL.
SAFE: frozenset[Kind] = frozenset({"query", "idempotent", "GET", "PUT"})
GETS: frozenset[Kind] = frozenset({"GET"})
FILES: frozenset[Kind] = frozenset({"GET", "PUT"})
ALL: frozenset[Kind] = frozenset({"query", "idempotent", "mutation", "GET", "PUT"})
NONE: frozenset[Kind] = frozenset()


def _kinds() -> dict[str, Kind]:
    kinds: dict[str, Kind] = {"GET": "GET", "PUT": "PUT"}
    for path in QUERIES.glob("*.graphql"):
        for comment, verb, name in OPERATION.findall(path.read_text(encoding="utf-8")):
            is_safe = "Idempotent." in comment
            kinds[name] = "query" if verb == "query" else "idempotent" if is_safe else "mutation"
    return kinds


KINDS = _kinds()


def kind_of(name: str) -> Kind:
    """Return what kind of a request it is."""
    return KINDS[name]


@dataclass(frozen=True)
class Fault:
    """What goes wrong.

    Attributes:
        name: What it is called in the report.
        spoil: Makes of a request what its client gets.
        error: What is raised where it does not pass. None: nothing goes wrong.
        get_error: The same for downloads.
        put_error: The same for uploads.
        passes: Which requests are answered after all where it happens once.
        reach: Which requests it can meet.
        is_slow: Whether only the deadline ends it.
        over_tcp: Whether it needs a socket.
    """

    name: str
    spoil: Callable[[Request, Callable[[], Response]], Spoiled]
    error: Error | None
    get_error: Error | None
    put_error: Error | None
    passes: frozenset[Kind]
    reach: Reach = "all"
    is_slow: bool = False
    over_tcp: bool = False

    def meets(self, kind: Kind) -> bool:
        """Tell whether it can happen to a request of that kind."""
        return self.reach == "all" or (self.reach == "files") == (kind in FILES)

    def error_of(self, kind: Kind) -> Error | None:
        """Return what a call raises whose request of that kind is never answered in another way."""
        return {"GET": self.get_error, "PUT": self.put_error}.get(kind, self.error)


def _delivered(delivery: Delivery) -> Callable[[Request, Callable[[], Response]], Spoiled]:
    def spoil(_request: Request, answer: Callable[[], Response]) -> Spoiled:
        # A request that is refused was never executed.
        return Spoiled(Response(503) if delivery == "refused" else answer(), delivery)

    return spoil


def _replied(status: int, body: bytes, **headers: str) -> Callable[[Request, Callable[[], Response]], Spoiled]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _request, _answer: Spoiled(Response(status, named, body))


def _status(
    status: int,
    error: Error,
    passes: frozenset[Kind] = NONE,
    *,
    files_pass: bool = False,
) -> Fault:
    body = json.dumps({"error": {"message": f"This is status {status}."}}).encode()
    passed = (passes - FILES) | (FILES if files_pass else NONE)
    return Fault(
        f"HTTP {status}",
        _replied(status, body, content_type="application/json"),
        error,
        error,
        error,
        passed,
    )


def _errors(*, data: bool, message: str) -> Callable[[Request, Callable[[], Response]], Spoiled]:
    def spoil(_request: Request, answer: Callable[[], Response]) -> Spoiled:
        reply = json.loads(answer().body) if data else {"data": None}
        reply["errors"] = [{"message": message, "path": ["somewhere"]}]
        return Spoiled(Response(200, {"content-type": "application/json"}, json.dumps(reply).encode()))

    return spoil


def _older(request: Request, _answer: Callable[[], Response]) -> Spoiled:
    name = re.findall(r"\b(?:query|mutation) (\w+)", json.loads(request.body)["query"])[0]
    reply = {"errors": [{"message": f'Cannot query field "{name}" on type "Query".'}]}
    return Spoiled(Response(400, {"content-type": "application/json"}, json.dumps(reply).encode()))


def _halved(_request: Request, answer: Callable[[], Response]) -> Spoiled:
    response = answer()
    return Spoiled(Response(response.status, response.headers, response.body[: len(response.body) // 2]))


def _zipped(_request: Request, answer: Callable[[], Response]) -> Spoiled:
    response = answer()
    packed = gzip.compress(response.body)
    headers = {**response.headers, "content-encoding": "gzip"}
    return Spoiled(Response(response.status, headers, packed[: len(packed) // 2]))


def _looped(request: Request, _answer: Callable[[], Response]) -> Spoiled:
    return Spoiled(Response(307, {"location": f"{request.origin}{request.target}"}))


def _skewed(_request: Request, answer: Callable[[], Response]) -> Spoiled:
    response = answer()
    headers = {
        "date": "Thu, 01 Jan 1970 00:00:00 GMT",
        "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT",
        "expires": "Thu, 01 Jan 1970 00:00:00 GMT",
        "ratelimit-remaining": "0",
        "ratelimit-reset": "4102444800",
    }
    return Spoiled(Response(response.status, {**response.headers, **headers}, response.body))


def _widened(request: Request, answer: Callable[[], Response]) -> Spoiled:
    response = answer()
    body = widened(response.body, json.loads(request.body)["query"])
    return Spoiled(Response(response.status, response.headers, body))


HTML = b"<!doctype html><html><head><title>Sign in</title></head><body><form action='/login'></form></body></html>"
EXPIRED = b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
CONTENT = IntegrityError

FAULTS: list[Fault] = [
    Fault("connection refused", _delivered("refused"), *[ConnectionFailedError] * 3, ALL),
    Fault("reset before the headers", _delivered("reset"), *[ConnectionFailedError] * 3, SAFE),
    Fault("reset in the body", _delivered("reset in body"), *[ConnectionFailedError] * 3, SAFE, over_tcp=True),
    Fault(
        "content-length too long",
        _delivered("cut short"),
        *[ConnectionFailedError] * 3,
        SAFE,
        over_tcp=True,
    ),
    Fault("content-length too short", _delivered("too long"), DecodeError, CONTENT, None, FILES, over_tcp=True),
    Fault(
        "no reply at all",
        _delivered("silent"),
        *[RequestTimeoutError] * 3,
        SAFE,
        is_slow=True,
        over_tcp=True,
    ),
    Fault(
        "headers byte by byte",
        _delivered("slow headers"),
        *[RequestTimeoutError] * 3,
        NONE,
        is_slow=True,
        over_tcp=True,
    ),
    Fault(
        "body byte by byte", _delivered("slow body"), RequestTimeoutError, None, None, NONE, is_slow=True, over_tcp=True
    ),
    Fault("half of the body", _halved, DecodeError, CONTENT, None, FILES),
    Fault("half of a gzip body", _zipped, DecodeError, CONTENT, None, FILES),
    Fault("empty body", _replied(200, b""), DecodeError, CONTENT, NotFoundError, GETS),
    Fault("foreign JSON", _replied(200, b'{"ok": true}'), DecodeError, CONTENT, NotFoundError, GETS),
    Fault("HTML login page", _replied(200, HTML, content_type="text/html"), DecodeError, CONTENT, DecodeError, GETS),
    Fault("redirect to itself", _looped, *[RedirectError] * 3, FILES),
    _status(400, BadRequestError, files_pass=True),
    _status(401, AuthenticationError, files_pass=True),
    _status(403, PermissionDeniedError, files_pass=True),
    _status(404, NotFoundError, files_pass=True),
    _status(408, RequestTimeoutError, SAFE, files_pass=True),
    _status(409, ConflictError),
    _status(413, BadRequestError),
    _status(429, RateLimitError, ALL, files_pass=True),
    _status(500, ServerError, files_pass=True),
    _status(502, ServerError, SAFE, files_pass=True),
    _status(503, ServerError, SAFE, files_pass=True),
    _status(504, ServerError, SAFE, files_pass=True),
    Fault(
        "GraphQL errors without data",
        _errors(data=False, message="boom"),
        GraphQLError,
        None,
        None,
        NONE,
        reach="GraphQL",
    ),
    Fault(
        "GraphQL errors with data", _errors(data=True, message="boom"), GraphQLError, None, None, NONE, reach="GraphQL"
    ),
    Fault("older server", _older, UnsupportedError, None, None, NONE, reach="GraphQL"),
    Fault("unknown fields", _widened, None, None, None, NONE, reach="GraphQL"),
    Fault("clock skew", _skewed, None, None, None, NONE),
    Fault(
        "expired signed URL",
        _replied(403, EXPIRED, content_type="application/xml"),
        None,
        PermissionDeniedError,
        PermissionDeniedError,
        FILES,
        reach="files",
    ),
]
