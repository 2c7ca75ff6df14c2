"""From a reply to data, or to the one error that says why there is none. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

import pydantic
from pydantic_core import from_json

from wandql.errors import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    DecodeError,
    GraphQLError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    RequestError,
    ServerError,
    UnsupportedError,
)
from wandql.graphql.operation import ErrorReports

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wandql.client.messages import Response
    from wandql.graphql.operation import ErrorReport, Operation

__all__ = ["Call", "read_reply"]

R = TypeVar("R", bound=pydantic.BaseModel)

LONGEST_QUOTE = 2000
UNSUPPORTED = re.compile(r"Cannot query field|Unknown (type|argument|directive)|is not defined by type")
PATH_VARIABLES = ("entity", "project", "run", "sweep", "name", "collection", "artifact", "storageId")

BY_STATUS: dict[int, tuple[type[RequestError], str, str]] = {
    401: (
        AuthenticationError,
        "The server refuses the API key.",
        "Check that the key belongs to this server; settings.explain() tells where it came from.",
    ),
    403: (PermissionDeniedError, "This API key may not do that.", "Ask the owner of the entity for access."),
    404: (NotFoundError, "The server does not know it.", "Check the path and base_url."),
    409: (ConflictError, "Somebody else changed it first.", "Load it again, then repeat the change."),
    429: (RateLimitError, "Too many requests.", "Send fewer at once, ask for larger pages, or raise the timeout."),
}


@dataclass(frozen=True, slots=True)
class Call:
    """Which call a reply belongs to, for the errors.

    Attributes:
        operation: The name of the operation that was sent.
        variables: Its variables.
        attempts: How many requests were sent for it so far.
    """

    operation: str
    variables: Mapping[str, object]
    attempts: int

    @property
    def path(self) -> str | None:
        """What was asked for, such as `entity/project/run`."""
        named = (self.variables.get(name) for name in PATH_VARIABLES)
        return "/".join(str(part) for part in named if part) or None

    def error(
        self,
        cls: type[RequestError],
        message: str,
        response: Response | None = None,
        *,
        hint: str,
        words: str | None = None,
    ) -> RequestError:
        """Make an error of this call."""
        return cls(
            message,
            hint=hint,
            operation=self.operation,
            path=self.path,
            status=response.status if response else None,
            attempts=self.attempts,
            request_id=response.headers.get("x-request-id") if response else None,
            server_message=words,
        )


def read_reply(operation: Operation[R], response: Response, attempts: int, retry_after: float | None = None) -> R:
    """Return the data of `response`.

    Raises:
        RequestError: There is none; a class for each reason, with the server's own words.
    """
    call = Call(operation.name, operation.variables, attempts)
    if response.is_redirect:
        raise call.error(
            RedirectError,
            f"The server redirects to {response.headers.get('location', 'nowhere')}.",
            response,
            hint="Set base_url to the server's real address. Redirects are not followed: the API key would go along.",
        )
    if response.status >= HTTPStatus.BAD_REQUEST:
        raise _failure(call, response, retry_after)
    try:
        reply = operation.parse(response.body)
    except pydantic.ValidationError as error:
        raise call.error(
            DecodeError,
            f"The reply to {operation.name} is not what the schema promises: {_first_problem(error)}.",
            response,
            hint="Is base_url the address of a W&B server? A login page or a proxy may have answered in its place.",
            words=_quote(response),
        ) from error
    if reply.errors:
        raise _graphql_error(call, response, reply.errors, partial=reply.data is not None)
    if reply.data is None:
        raise call.error(
            DecodeError,
            f"The reply to {operation.name} has neither data nor errors.",
            response,
            hint="The server broke the GraphQL protocol: report it to whoever runs it.",
            words=_quote(response),
        )
    return reply.data


def _failure(call: Call, response: Response, retry_after: float | None) -> RequestError:
    status = response.status
    if status in BY_STATUS:
        cls, message, hint = BY_STATUS[status]
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        cls, message, hint = ServerError, f"The server failed with HTTP {status}.", "Try again later."
    else:
        errors = _reports(response)
        if errors:
            return _graphql_error(call, response, errors, partial=False)
        cls, message, hint = BadRequestError, f"The server refuses the request with HTTP {status}.", "See its words."
    error = call.error(cls, message, response, hint=hint, words=_quote(response))
    if isinstance(error, RateLimitError):
        error.retry_after = retry_after
    return error


def _graphql_error(call: Call, response: Response, errors: Sequence[ErrorReport], *, partial: bool) -> GraphQLError:
    messages = [report.message for report in errors]
    unsupported = any(UNSUPPORTED.search(message) for message in messages)
    error = (UnsupportedError if unsupported else GraphQLError)(
        f"{call.operation} failed: {'; '.join(messages)[:LONGEST_QUOTE]}",
        hint="This server's version does not know what the operation asks for." if unsupported else None,
        operation=call.operation,
        path=call.path,
        status=response.status,
        attempts=call.attempts,
        request_id=response.headers.get("x-request-id"),
        server_message=messages[0][:LONGEST_QUOTE],
    )
    error.messages = messages
    error.partial = partial
    return error


def _reports(response: Response) -> Sequence[ErrorReport]:
    try:
        return ErrorReports.model_validate_json(response.body).errors or ()
    except pydantic.ValidationError:
        return ()


def _first_problem(error: pydantic.ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else first["msg"]


def _quote(response: Response) -> str | None:
    """The server's own words: the message of a JSON error, the text of a page."""
    text = response.body[: LONGEST_QUOTE * 4].decode(errors="replace")
    try:
        match from_json(response.body):
            case {"errors": [{"message": str(message)}, *_]} | {"error": {"message": str(message)}}:
                return message[:LONGEST_QUOTE]
            case {"error": str(message)} | {"message": str(message)} | {"errors": [str(message), *_]}:
                return message[:LONGEST_QUOTE]
            case _:
                pass
    except ValueError:
        text = re.sub(r"(?is)<(script|style).*?</\1>|<[^>]*>", " ", text)
    return " ".join(text.split())[:LONGEST_QUOTE] or None
