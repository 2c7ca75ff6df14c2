# Derived from tests/contract/_async/asking.py by `make generate`: edit that file instead.
"""How the tests ask a server: over a transport that remembers every request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

import wandql
from tests.contract.places import open_place
from tests.contract.seam_sync import connect_to

if TYPE_CHECKING:
    from tests.contract.places import Place

__all__ = ["Sent", "Wire", "open_wire"]


@dataclass(frozen=True)
class Sent:
    """A request as it went out."""

    operation: str
    variables: dict[str, object]
    url: str
    headers: dict[str, str]


class Wire(httpx.BaseTransport):
    """Carries requests to a server and remembers them.

    Attributes:
        sent: The requests.
        replies: By number, from 1: what a request gets instead of the server's answer.
    """

    def __init__(self, inner: httpx.BaseTransport, base_url: str, api_key: str) -> None:
        self.inner = inner
        self.base_url = base_url
        self.api_key = api_key
        self.sent: list[Sent] = []
        self.replies: dict[int, httpx.Response] = {}

    def api(self, **overrides: object) -> wandql.Api:
        """Make an Api over this wire. It knows no entity or project but those given."""
        known = {"base_url": self.base_url, "api_key": self.api_key, "ca_bundle": None}
        return wandql.Api({**known, **overrides}, transport=self)

    @property
    def operations(self) -> list[str]:
        """The names of what was asked."""
        return [request.operation for request in self.sent]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        content = request.read()
        if request.url.path == "/graphql":
            body = json.loads(content)
        else:
            body = {"operationName": f"{request.method} file", "variables": {}}
        self.sent.append(Sent(body["operationName"], body["variables"], str(request.url), dict(request.headers)))
        reply = self.replies.pop(len(self.sent), None)
        return self.inner.handle_request(request) if reply is None else reply

    def close(self) -> None:
        self.inner.close()


@contextmanager
def open_wire(place: Place) -> Iterator[Wire]:
    """Open a wire to a server."""
    if place.url is None:
        application = open_place(place)
        local = connect_to(application, on_close=application.close)
        assert local.client._transport is not None
        wire = Wire(local.client._transport, local.settings.base_url, place.api_key)
    else:
        wire = Wire(httpx.HTTPTransport(verify=False), place.url, place.api_key)
    try:
        yield wire
    finally:
        wire.close()
