"""From a reply to data, or to the one error that says why there is none. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

import pydantic
from pydantic_core import from_json, to_json

from wandql.errors import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ConnectionFailedError,
    DecodeError,
    GraphQLError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    RequestError,
    RequestTimeoutError,
    ServerError,
    UnsupportedError,
)
from wandql.graphql.operation import ErrorReports

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wandql.client.messages import Response, TransferError, TransferFailure
    from wandql.graphql.operation import ErrorReport, Operation

__all__ = ["Call", "limit_error", "read_reply", "transfer_error"]

R = TypeVar("R", bound=pydantic.BaseModel)

LONGEST_PAGE = 100_000
LONGEST_QUOTE = 2000
MARKUP = re.compile(r"(?is)<(script|style)\b.*?(</\1>|\Z)|<!--.*?(-->|\Z)|<[^<>]*>")
UNSUPPORTED = re.compile(r"Cannot query field|Unknown (type|argument|directive)|is not defined by type")
PATH_VARIABLES = ("entity", "project", "run", "sweep", "name", "collection", "artifact", "storageId")
# What is asked for where no path is: a team, whom to invite, or what has nothing but an id.
OTHER_VARIABLES = ("team", "organization", "username", "email", "id", "clientId", "files")

BY_STATUS: dict[int, tuple[type[RequestError], str, str]] = {
    401: (
        AuthenticationError,
        "The server refuses the API key.",
        "Check that the key belongs to this server; settings.explain() tells where it came from.",
    ),
    403: (PermissionDeniedError, "This API key may not do that.", "Ask the owner of the entity for access."),
    404: (NotFoundError, "The server does not know it.", "Check the path and base_url."),
    408: (RequestTimeoutError, "The server stopped waiting: HTTP 408.", "Try again, or raise the timeout."),
    409: (ConflictError, "Somebody else changed it first.", "Load it again, then repeat the change."),
    413: (BadRequestError, "The request is larger than the server takes: HTTP 413.", "Send less at once."),
    429: (RateLimitError, "Too many requests.", "Send fewer at once, ask for larger pages, or raise the timeout."),
}

BY_FAILURE: dict[TransferFailure, tuple[type[RequestError], str, str]] = {
    "garbled": (
        DecodeError,
        "The reply of {host} cannot be decompressed: {failure}.",
        "A proxy may have changed it: check the proxy settings, and tell whoever runs the server.",
    ),
    "late": (
        RequestTimeoutError,
        "{host} did not answer within {seconds:.3g} seconds: {failure}.",
        "Raise the timeout, or ask for smaller pages.",
    ),
    "lost": (
        ConnectionFailedError,
        "No answer from {host}: {failure}.",
        "Check base_url, the network and the proxy settings.",
    ),
}


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """Which call a reply belongs to, for the errors.

    Attributes:
        operation: The name of the operation that was sent.
        variables: Its variables.
        attempts: How many requests were sent for it so far.
        secrets: What no error may hold, whatever the server says.
    """

    operation: str
    variables: Mapping[str, object]
    attempts: int = 1
    secrets: tuple[str, ...] = ()

    @property
    def path(self) -> str | None:
        """What was asked for, such as `entity/project/run`; the id of what is asked for by nothing else."""
        return self._joined(PATH_VARIABLES) or self._joined(OTHER_VARIABLES)

    def _joined(self, names: Sequence[str]) -> str | None:
        named = (self.variables.get(name) for name in names)
        parts = [part if isinstance(part, str) else to_json(part).decode().strip("[]") for part in named if part]
        return "/".join(parts) or None

    def again(self) -> Call:
        """Return this call with one more request."""
        return replace(self, attempts=self.attempts + 1)

    def quote(self, text: str, longest: int = LONGEST_QUOTE) -> str:
        """Return words of the server, not too many. There are servers that repeat the headers of the request."""
        for secret in self.secrets:
            text = text.replace(secret, "(a secret)")
        return text[:longest]

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


def read_reply(operation: Operation[R], response: Response, call: Call, retry_after: float | None = None) -> R:
    """Return the data of `response`.

    Raises:
        RequestError: There is none; a class for each reason, with the server's own words.
    """
    if response.is_redirect:
        raise call.error(
            RedirectError,
            f"The server redirects to {call.quote(response.headers.get('location', 'nowhere'))}.",
            response,
            hint="Set base_url to the server's real address. Redirects are not followed: the API key would go along.",
        )
    if response.status >= HTTPStatus.BAD_REQUEST:
        raise _failure(call, response, retry_after)
    try:
        reply = operation.parse(response.body)
    except pydantic.ValidationError as error:
        # Some servers send data that the schema forbids where there are errors: `{}`, or null for what cannot be null.
        if reports := _reports(response):
            raise _graphql_error(call, response, reports, partial=True) from error
        raise call.error(
            DecodeError,
            f"The reply to {operation.name} is not what the schema promises: {call.quote(_first_problem(error))}.",
            response,
            hint="Is base_url the address of a W&B server? A login page or a proxy may have answered in its place.",
            words=_quote(call, response),
        ) from error
    if reply.errors:
        raise _graphql_error(call, response, reply.errors, partial=reply.data is not None)
    if reply.data is None:
        raise call.error(
            DecodeError,
            f"The reply to {operation.name} has neither data nor errors.",
            response,
            hint="The server broke the GraphQL protocol: report it to whoever runs it.",
            words=_quote(call, response),
        )
    return reply.data


def transfer_error(failure: TransferError, call: Call, host: str, seconds: float) -> RequestError:
    """Return the error for a call that got no whole reply from `host` in that many seconds."""
    cls, message, hint = BY_FAILURE[failure.failure]
    return call.error(cls, message.format(host=host, failure=call.quote(str(failure)), seconds=seconds), hint=hint)


def limit_error(call: Call, host: str, seconds: float) -> RateLimitError:
    """Return the error for a call that may not send a request to `host` for so many seconds."""
    error = RateLimitError(
        f"{host} takes no more requests for {seconds:.3g} seconds, which is beyond the deadline of this call.",
        hint="Send fewer at once, ask for larger pages, or raise the timeout.",
        operation=call.operation,
        path=call.path,
        attempts=call.attempts,
    )
    error.retry_after = seconds
    return error


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
    error = call.error(cls, message, response, hint=hint, words=_quote(call, response))
    if isinstance(error, RateLimitError):
        error.retry_after = retry_after
    return error


def _graphql_error(call: Call, response: Response, errors: Sequence[ErrorReport], *, partial: bool) -> GraphQLError:
    messages = [call.quote(report.message) for report in errors]
    unsupported = any(UNSUPPORTED.search(message) for message in messages)
    error = (UnsupportedError if unsupported else GraphQLError)(
        f"{call.operation} failed: {call.quote('; '.join(_folded(messages)))}",
        hint="This server's version does not know what the operation asks for; ask for less, or update the older side."
        if unsupported
        else "Check what was asked for against the server's words.",
        operation=call.operation,
        path=call.path,
        status=response.status,
        attempts=call.attempts,
        request_id=response.headers.get("x-request-id"),
        server_message=messages[0],
    )
    error.messages = messages
    error.partial = partial
    return error


def _folded(messages: Sequence[str]) -> list[str]:
    """Name each message once, and how often it came: a list of runs may fail with the same words for each run."""
    return [message if times == 1 else f"{message} ({times} times)" for message, times in Counter(messages).items()]


def _reports(response: Response) -> Sequence[ErrorReport]:
    try:
        return ErrorReports.model_validate_json(response.body).errors or ()
    except pydantic.ValidationError:
        return ()


def _first_problem(error: pydantic.ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{where}: {first['msg']}" if where else first["msg"]


def _quote(call: Call, response: Response) -> str | None:
    """The server's own words: the message of a JSON error, the text of a page."""
    text = call.quote(response.body.decode(errors="replace"), LONGEST_PAGE)
    try:
        match from_json(response.body):
            case {"errors": [{"message": str(message)}, *_]} | {"error": {"message": str(message)}}:
                text = message
            case {"error": str(message)} | {"message": str(message)} | {"errors": [str(message), *_]}:
                text = message
            case {"detail": str(message)} | str(message):
                text = message
            case value:
                text = to_json(value).decode()
    except ValueError:
        text = MARKUP.sub(" ", text)
    return call.quote(" ".join(text.split())) or None
