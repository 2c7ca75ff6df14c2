"""Faults on request: what a server or the way to it does wrong, for tests of those who ask."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import BaseModel, ValidationError

from wandql.graphql.scalars import JSONValue
from wandql.server.messages import Refusal, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Exchange", "Faults"]

T = TypeVar("T")

DOWNLOAD: Final = "GET /storage"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that the server was asked.

    Attributes:
        operation: The name of the GraphQL operation; else the method and the first part of the path, such as
            `GET /storage` for a download, `PUT /storage` for an upload and `POST /files` for what a live run reports.
        variables: The variables of the GraphQL operation.
    """

    operation: str
    variables: Mapping[str, JSONValue]


@dataclass(slots=True)
class _Rule:
    operation: str | None
    skip: int
    times: int
    before: Callable[[], None] | None = None
    refused: bool = False
    response: Response | None = None
    keep: int | None = None
    lost: bool = False


class _Named(BaseModel):
    operationName: str | None = None  # noqa: N815 - the wire's name
    variables: dict[str, JSONValue] | None = None


class Faults:
    """What goes wrong, by the name of the operation. Each fault happens `times` times, after `skip` requests went well.

    An operation is named as in `Exchange`; None stands for every request. Several faults may meet in one request.
    It is safe to use from many threads at once.

    Attributes:
        exchanges: The requests so far, failed or not, in order.
    """

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self._rules: list[_Rule] = []
        self._guard = threading.Lock()

    def fail(
        self,
        status: int,
        operation: str | None = None,
        *,
        message: str = "This fault was asked for.",
        headers: Mapping[str, str] | None = None,
        skip: int = 0,
        times: int = 1,
    ) -> None:
        """Answer with an error, and execute nothing.

        Args:
            status: The HTTP status, such as 429 or 502.
            operation: The operation; every request where absent.
            message: What the reply says.
            headers: More headers, such as `{"retry-after": "1"}`.
            skip: How many requests go well before.
            times: How many go wrong.
        """
        refusal = Refusal(status, message).response()
        response = Response(status, {**refusal.headers, **(headers or {})}, refusal.body)
        self._add(_Rule(operation, skip, times, response=response))

    def reply(self, response: Response, operation: str | None = None, *, skip: int = 0, times: int = 1) -> None:
        """Answer with just this, such as the HTML of a proxy, and execute nothing.

        Args:
            response: The answer.
            operation: The operation; every request where absent.
            skip: How many requests go well before.
            times: How many go wrong.
        """
        self._add(_Rule(operation, skip, times, response=response))

    def delay(self, seconds: float, operation: str | None = None, *, skip: int = 0, times: int = 1) -> None:
        """Let a request wait before it is executed.

        Args:
            seconds: How long, in seconds.
            operation: The operation; every request where absent.
            skip: How many requests go well before.
            times: How many wait.
        """
        self._add(_Rule(operation, skip, times, before=lambda: time.sleep(seconds)))

    def call(self, function: Callable[[], object], operation: str | None = None, *, skip: int = 0) -> None:
        """Call a function before a request is executed: to insert a run between two pages, for example.

        Args:
            function: What to call. It may ask this server itself.
            operation: The operation; every request where absent.
            skip: How many requests go by before.
        """
        self._add(_Rule(operation, skip, 1, before=lambda: _call(function)))

    def refuse(self, operation: str | None = None, *, skip: int = 0, times: int = 1) -> None:
        """Lose the connection before the request is executed. In this process it counts as never made.

        Args:
            operation: The operation; every request where absent.
            skip: How many requests go well before.
            times: How many go wrong.
        """
        self._add(_Rule(operation, skip, times, refused=True))

    def lose(self, operation: str | None = None, *, skip: int = 0, times: int = 1) -> None:
        """Execute the request, and lose the connection before the reply has come.

        Args:
            operation: The operation; every request where absent.
            skip: How many requests go well before.
            times: How many go wrong.
        """
        self._add(_Rule(operation, skip, times, lost=True))

    def truncate(self, keep: int, operation: str | None = None, *, skip: int = 0, times: int = 1) -> None:
        """Execute the request, and send only the beginning of the reply, as if it were all.

        Args:
            keep: How many bytes to send.
            operation: The operation; every request where absent.
            skip: How many requests go well before.
            times: How many go wrong.
        """
        self._add(_Rule(operation, skip, times, keep=keep))

    def expire_urls(self, *, skip: int = 0, times: int = 1) -> None:
        """Refuse downloads as if their signed URLs had expired (403).

        Args:
            skip: How many downloads go well before.
            times: How many are refused.
        """
        self.fail(403, DOWNLOAD, message="This URL has expired: ask for a new one.", skip=skip, times=times)

    def clear(self) -> None:
        """Forget the faults that did not happen yet."""
        with self._guard:
            self._rules.clear()

    def meet(self, request: Request, answer: Callable[[], T]) -> T | Response:
        """Answer a request, with the faults that are due.

        Raises:
            ConnectionRefusedError: The connection is lost before the request is executed.
            ConnectionResetError: It is lost before the reply has come.
        """
        exchange = _exchange_of(request)
        due = self._due(exchange)
        for rule in due:
            if rule.before is not None:
                rule.before()
        if any(rule.refused for rule in due):
            raise ConnectionRefusedError(f"{exchange.operation}: the connection was refused, as it was asked for")
        response = next((rule.response for rule in due if rule.response is not None), None) or answer()
        if any(rule.lost for rule in due):
            raise ConnectionResetError(f"{exchange.operation}: the connection was lost, as it was asked for")
        kept = [rule.keep for rule in due if rule.keep is not None]
        if kept and isinstance(response, Response):
            headers = {name: value for name, value in response.headers.items() if name != "content-length"}
            return Response(response.status, headers, response.body[: min(kept)])
        return response

    def _add(self, rule: _Rule) -> None:
        with self._guard:
            self._rules.append(rule)

    def _due(self, exchange: Exchange) -> list[_Rule]:
        due: list[_Rule] = []
        with self._guard:
            self.exchanges.append(exchange)
            for rule in self._rules:
                if rule.operation not in {None, exchange.operation}:
                    continue
                if rule.skip:
                    rule.skip -= 1
                elif rule.times:
                    rule.times -= 1
                    due.append(rule)
        return due


def _call(function: Callable[[], object]) -> None:
    function()


def _exchange_of(request: Request) -> Exchange:
    if request.segments == ["graphql"]:
        try:
            named = _Named.model_validate_json(request.body)
        except ValidationError:
            return Exchange("POST /graphql", {})
        return Exchange(named.operationName or "POST /graphql", named.variables or {})
    return Exchange(f"{request.method} /{request.segments[0]}", {})
