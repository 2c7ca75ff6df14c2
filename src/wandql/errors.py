"""Every error that wandql raises, in one tree.

    WandqlError                               (also named Error)
    ├── UsageError                            the call is wrong: no request was sent
    │   ├── InvalidPathError                  … a path that names nothing; a ValueError
    │   ├── InvalidFilterError                … a filter that the server could not read; a ValueError
    │   ├── InvalidOrderError                 … an order that the server could not read; a ValueError
    │   ├── SettingsError                     … a setting of the wrong form; a ValueError
    │   ├── NotLoadedError                    … a field that this record was fetched without
    │   └── ClosedError                       … a client that was closed; a RuntimeError
    ├── RequestError                          a request failed (also named CommError)
    │   ├── AuthenticationError               no API key was found, or the server refuses it (401)
    │   ├── PermissionDeniedError             the key may not do this (403)
    │   ├── NotFoundError                     no such project, run, … (null, 404); a ValueError
    │   │   └── MissingEntryError             … no such file in an artifact; a KeyError, a LookupError
    │   ├── ConflictError                     somebody else changed it first (409)
    │   ├── RateLimitError                    too many requests (429), and the wait is over the deadline
    │   ├── BadRequestError                   the server refuses the request for another reason (4xx)
    │   ├── ServerError                       the server failed (5xx)
    │   ├── TransportError                    no reply came
    │   │   ├── ConnectionFailedError         … refused, reset, unknown host, TLS; a ConnectionError
    │   │   └── RequestTimeoutError           … the deadline passed; a TimeoutError
    │   └── ReplyError                        a reply came that is not what was asked for
    │       ├── DecodeError                   … HTML, truncated JSON, a field of the wrong type
    │       ├── RedirectError                 … a redirect that is not followed: the key stays here
    │       ├── PaginationError               … a cursor that does not move
    │       ├── IntegrityError                … a file whose size or digest is not the promised one
    │       └── GraphQLError                  … `errors` from the GraphQL executor
    │           └── UnsupportedError          … because this server lacks a field that the query asks for
    ├── IncompleteRunHistoryError             rows that are in no exported file, where all were asked for
    ├── UnknownKeyError                       keys that no run has, where somebody asked; a LookupError
    ├── MismatchError                         a config or summary that is not of the type asked for; a ValueError
    ├── SeveralFoundError                     several things match where one was asked for; a ValueError
    ├── UnsafeNameError                       a file's name that leads out of its directory; a ValueError
    ├── LocalFileError                        a file on this machine cannot be read or written; an OSError
    │   └── ExistingFileError                 … it exists and may not be replaced; a FileExistsError, a ValueError
    ├── DataDirectoryError                    the embedded server cannot use its data directory
    └── InvalidExportError                    a directory that is no whole export of a project; a ValueError

Each says what happened, to which operation and path, and what to do about it. All of them pickle, and
none holds the API key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "AuthenticationError",
    "BadRequestError",
    "ClosedError",
    "CommError",
    "ConflictError",
    "ConnectionFailedError",
    "DataDirectoryError",
    "DecodeError",
    "Error",
    "ExistingFileError",
    "GraphQLError",
    "IncompleteRunHistoryError",
    "IntegrityError",
    "InvalidExportError",
    "InvalidFilterError",
    "InvalidOrderError",
    "InvalidPathError",
    "LocalFileError",
    "MismatchError",
    "MissingEntryError",
    "NotFoundError",
    "NotLoadedError",
    "PaginationError",
    "PermissionDeniedError",
    "RateLimitError",
    "RedirectError",
    "ReplyError",
    "RequestError",
    "RequestTimeoutError",
    "ServerError",
    "SettingsError",
    "SeveralFoundError",
    "TransportError",
    "UnknownKeyError",
    "UnsafeNameError",
    "UnsupportedError",
    "UsageError",
    "WandqlError",
]


class WandqlError(Exception):
    """The base of all errors of this library.

    Attributes:
        message: What happened, in one sentence.
        hint: What to do about it, or None.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return "\n".join([self.message, *self.details(), *([f"Hint: {self.hint}"] if self.hint else [])])

    def details(self) -> list[str]:
        """Return the lines between the message and the hint."""
        return []

    # Exception's own pickling calls the class with `args` alone, which drops every keyword.
    def __reduce__(self) -> tuple[Callable[..., WandqlError], tuple[type[WandqlError], str, dict[str, object]]]:
        return _rebuild, (type(self), self.message, dict(self.__dict__))


def _rebuild(cls: type[WandqlError], message: str, state: dict[str, object]) -> WandqlError:
    error = cls(message)
    for name, value in state.items():
        setattr(error, name, value)
    return error


class UsageError(WandqlError):
    """The call is wrong. No request was sent."""


class InvalidPathError(UsageError, ValueError):
    """A path names nothing: a part is missing, empty or too much."""


class InvalidFilterError(UsageError, ValueError):
    """A filter is one that the server could not read."""


class InvalidOrderError(UsageError, ValueError):
    """An order is one that the server could not read."""


class SettingsError(UsageError, ValueError):
    """A setting has the wrong form. The message names the place that it came from."""


class NotLoadedError(UsageError):
    """The record was fetched without this field. Reading it never sends a request behind your back."""


class ClosedError(UsageError, RuntimeError):
    """The client was closed before this call."""


class RequestError(WandqlError):
    """A request failed.

    Attributes:
        operation: The name of the GraphQL operation or the method and path of the HTTP request, or None.
        path: What was asked for, such as `entity/project/run`, or None.
        status: The HTTP status of the last reply, or None where none came.
        attempts: How many requests were sent for this call.
        request_id: The server's own identifier of the last request, or None.
        server_message: The server's own words (at most some 2,000 characters), or None.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        operation: str | None = None,
        path: str | None = None,
        status: int | None = None,
        attempts: int = 0,
        request_id: str | None = None,
        server_message: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.operation = operation
        self.path = path
        self.status = status
        self.attempts = attempts
        self.request_id = request_id
        self.server_message = server_message

    def details(self) -> list[str]:
        """Return the lines between the message and the hint: the server's words, then where and how often."""
        known = {
            "operation": self.operation,
            "path": self.path,
            "status": self.status,
            "attempts": self.attempts or None,
            "request id": self.request_id,
        }
        context = ", ".join(f"{name} {value}" for name, value in known.items() if value is not None)
        words = self.server_message if self.server_message and self.server_message not in self.message else None
        return [*([f"The server says: {words}"] if words else []), *([f"({context})"] if context else [])]


class AuthenticationError(RequestError):
    """No API key was found (the message names every place looked at), or the server refuses it (401)."""


class PermissionDeniedError(RequestError):
    """The key is good, but may not do this (403)."""


# A ValueError too, as with the official client: its scripts catch that.
class NotFoundError(RequestError, ValueError):
    """There is no such project, run, …, or this key may not see it."""


class MissingEntryError(NotFoundError, KeyError):
    """The artifact has no such file."""


class ConflictError(RequestError):
    """Somebody else changed the same thing first (409)."""


class RateLimitError(RequestError):
    """Too many requests (429), and waiting as the server asks would pass the deadline.

    Attributes:
        retry_after: How many seconds the server asks to wait, or None where it does not say.
    """

    retry_after: float | None = None


class BadRequestError(RequestError):
    """The server refuses the request (4xx) for a reason that has no class of its own."""


class ServerError(RequestError):
    """The server failed (5xx), and went on failing until attempts or deadline ran out."""


class TransportError(RequestError):
    """No reply came. The cause is in `__cause__`."""


class ConnectionFailedError(TransportError, ConnectionError):
    """The connection was refused, reset or never made: unknown host, TLS, proxy."""


class RequestTimeoutError(TransportError, TimeoutError):
    """The deadline passed before a reply came."""


class ReplyError(RequestError):
    """A reply came that is not what was asked for."""


class DecodeError(ReplyError):
    """The reply cannot be read: HTML, truncated JSON, a field of the wrong type."""


class RedirectError(ReplyError):
    """The server redirects. It is not followed, so that the API key is sent nowhere else."""


class PaginationError(ReplyError):
    """The server's cursor does not move: following it would never end."""


class IntegrityError(ReplyError):
    """A file arrived whole, but its size or digest is not what the server promised. It was not kept."""


class GraphQLError(ReplyError):
    """The GraphQL executor reports errors. Partial data is never returned as if it were whole.

    Attributes:
        messages: The message of every error, in the server's order.
        partial: Whether there was data beside the errors.
    """

    messages: Sequence[str] = ()
    partial: bool = False


class UnsupportedError(GraphQLError):
    """This server lacks a field, argument or type that the operation asks for: it is older or newer."""


class IncompleteRunHistoryError(WandqlError):
    """A history has rows that the server has not exported, and only exported ones were asked for."""


class UnknownKeyError(WandqlError, LookupError):
    """A filter or an order asks for keys that no run of the project has: they are misspelt, or not logged yet.

    Attributes:
        keys: Each key, such as `F.config["lr"]`, with those that are near to it.
        operation: The name of the operation that has told it, or None.
        path: The project, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        keys: Mapping[str, Sequence[str]] | None = None,
        operation: str | None = None,
        path: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.keys: Mapping[str, Sequence[str]] = keys or {}
        self.operation = operation
        self.path = path


class MismatchError(WandqlError, ValueError):
    """A config, a summary or a table is not what somebody asked to read it as.

    Attributes:
        path: The path of its run.
        problems: What is wrong with it, each with its key: `lr: Field required`.
    """

    def __init__(
        self, message: str, *, hint: str | None = None, path: str = "", problems: Sequence[str] | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.problems: Sequence[str] = problems or []


class SeveralFoundError(WandqlError, ValueError):
    """Several things match where one was asked for."""


class UnsafeNameError(WandqlError, ValueError):
    """A file's name leads out of the directory that it belongs to, or names no file at all. Nothing was written.

    Attributes:
        name: The name.
        root: The directory that it must not leave.
    """

    name: str = ""
    root: str = ""


class LocalFileError(WandqlError, OSError):
    """A file on this machine cannot be read or written. The system's own error is in `__cause__`.

    Attributes:
        errno: The system's error number, such as `errno.ENOSPC`, or None.
        filename: The file, or None.
    """

    def __init__(
        self, message: str, *, hint: str | None = None, errno: int | None = None, filename: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.errno = errno
        self.filename = filename

    # `OSError` keeps these two outside of `__dict__`.
    def __reduce__(self) -> tuple[Callable[..., WandqlError], tuple[type[WandqlError], str, dict[str, object]]]:
        state: dict[str, object] = {**self.__dict__, "errno": self.errno, "filename": self.filename}
        return _rebuild, (type(self), self.message, state)


# A ValueError too, as with the official client: its scripts catch that.
class ExistingFileError(LocalFileError, FileExistsError, ValueError):
    """The file exists and may not be replaced. No request was sent for it, or what arrived was not kept."""


class DataDirectoryError(WandqlError):
    """The embedded server cannot use its data directory: another server does, or it is no such directory."""


class InvalidExportError(WandqlError, ValueError):
    """A directory is not a whole export of a project, or a newer wandql wrote it. Nothing was imported."""


Error = WandqlError
CommError = RequestError
