"""Cassettes: what a server answered, kept in a file without anything that is secret. No network here.

A cassette is JSON in lines, one for each request. A reply is found again by the request's method and path, and by its
GraphQL operation and variables; equal requests get their replies in the order in which they came, and the last one ever
after. Left out of it are all headers of requests, the queries of addresses, which hold signatures, API keys and e-mail
addresses.
"""

from __future__ import annotations

import re
import threading
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json

from wandql.errors import UsageError
from wandql.graphql.scalars import JSONValue

__all__ = ["Cassette", "Recorded"]

KEPT_HEADERS: Final = ("content-type", "retry-after", "etag")
QUERY: Final = re.compile(r"(https?://[^\s?\"'<>]+)\?[^\s\"'<>]*")
EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
HIDDEN_EMAIL: Final = "someone@example.com"
HIDDEN_KEY: Final = "API_KEY"


class Recorded(BaseModel):
    """One request and its reply.

    Attributes:
        method: The HTTP method.
        path: The path of the address.
        operation: The name of the GraphQL operation; empty for other requests.
        variables: Its variables.
        status: The HTTP status of the reply.
        headers: Some headers of the reply.
        text: The body of the reply, where it is text.
        content: The body in Base64, where it is not.
    """

    method: str
    path: str
    operation: str = ""
    variables: JSONValue = None
    status: int
    headers: dict[str, str] = {}
    text: str | None = None
    content: str | None = None

    @property
    def body(self) -> bytes:
        """The body of the reply."""
        return b64decode(self.content) if self.content is not None else (self.text or "").encode()

    @property
    def key(self) -> bytes:
        """What it is found by."""
        return _key(self.method, self.path, self.operation, self.variables)


class Cassette:
    """A file of replies. It is safe to use from many threads at once.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._replies: dict[bytes, list[Recorded]] = defaultdict(list)

    def clear(self) -> None:
        """Make the file, or make it empty."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_bytes(b"")

    def load(self) -> None:
        """Read the file.

        Raises:
            UsageError: There is no such file, or it is no cassette.
        """
        try:
            lines = self._path.read_bytes().splitlines()
            recorded = [Recorded.model_validate_json(line) for line in lines if line]
        except FileNotFoundError:
            raise UsageError(f"There is no cassette {self._path}.", hint="Record it first, with a Recorder.") from None
        except ValidationError as error:
            raise UsageError(f"{self._path} is no cassette: {error.errors()[0]['msg']}.") from None
        for each in recorded:
            self._replies[each.key].append(each)

    def add(
        self,
        method: str,
        url: str,
        sent: bytes,
        status: int,
        headers: Mapping[str, str],
        received: bytes,
        secrets: Iterable[str],
    ) -> None:
        """Append a request and its reply, without what is secret.

        Args:
            method: The HTTP method.
            url: The address.
            sent: The body of the request.
            status: The HTTP status of the reply.
            headers: The headers of the reply, their names in lower case.
            received: The body of the reply, decompressed.
            secrets: Texts to hide wherever they stand.
        """
        hidden = [secret for secret in secrets if secret]
        operation, variables = _asked(sent, hidden)
        text, content = _kept(received, hidden)
        recorded = Recorded(
            method=method,
            path=urlsplit(url).path,
            operation=operation,
            variables=variables,
            status=status,
            headers={name: headers[name] for name in KEPT_HEADERS if name in headers},
            text=text,
            content=content,
        )
        line = recorded.model_dump_json(exclude_defaults=True).encode() + b"\n"
        with self._guard, self._path.open("ab") as file:
            file.write(line)

    def find(self, method: str, url: str, sent: bytes) -> Recorded:
        """Return the reply to a request.

        Raises:
            UsageError: The cassette has none.
        """
        operation, variables = _asked(sent, [])
        path = urlsplit(url).path
        with self._guard:
            replies = self._replies.get(_key(method, path, operation, variables))
            if not replies:
                asked = f"{operation} with {to_json(variables).decode()}" if operation else f"{method} {path}"
                raise UsageError(
                    f"The cassette {self._path} has no reply to {asked}.", hint="Record it again, with a Recorder."
                )
            return replies.pop(0) if len(replies) > 1 else replies[0]


def _key(method: str, path: str, operation: str, variables: JSONValue) -> bytes:
    ordered = dict(sorted(variables.items())) if isinstance(variables, dict) else variables
    return to_json([method, path, operation, ordered])


def _asked(sent: bytes, secrets: Iterable[str]) -> tuple[str, JSONValue]:
    try:
        body: JSONValue = from_json(sent)
    except ValueError:
        return "", None
    if not isinstance(body, dict) or "query" not in body:
        return "", None
    return str(body.get("operationName") or ""), _scrubbed(body.get("variables"), secrets)


def _kept(received: bytes, secrets: Iterable[str]) -> tuple[str | None, str | None]:
    """Return a body as text or in Base64; of JSON and text, without secrets."""
    try:
        text = received.decode()
    except UnicodeDecodeError:
        return None, b64encode(received).decode()
    try:
        document: JSONValue = from_json(received, allow_inf_nan=False)
    except ValueError:
        return _scrubbed_text(text, secrets), None
    scrubbed = _scrubbed(document, secrets)
    return text if scrubbed == document else to_json(scrubbed).decode(), None


def _scrubbed(value: JSONValue, secrets: Iterable[str]) -> JSONValue:
    match value:
        case str():
            return _scrubbed_string(value, secrets)
        case list():
            return [_scrubbed(each, secrets) for each in value]
        case dict():
            return {name: _scrubbed(each, secrets) for name, each in value.items()}
        case _:
            return value


def _scrubbed_string(text: str, secrets: Iterable[str]) -> str:
    """Return a text without secrets. One that holds a JSON document may have them in its escapes."""
    if text[:1] in {"{", "["}:
        try:
            document: JSONValue = from_json(text, allow_inf_nan=False)
        except ValueError:
            return _scrubbed_text(text, secrets)
        scrubbed = _scrubbed(document, secrets)
        return text if scrubbed == document else to_json(scrubbed).decode()
    return _scrubbed_text(text, secrets)


def _scrubbed_text(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN_KEY)
    return EMAIL.sub(HIDDEN_EMAIL, QUERY.sub(r"\1", text))
