"""What no error has, and how none is made."""

from __future__ import annotations

from wandql.errors import InvalidPathError, NotFoundError, RequestError


def read(error: RequestError) -> int:
    print(error.statuss)  # error: statuss
    return error.status  # error: None


NotFoundError("no such run", "a hint by position")  # error: positional
NotFoundError("no such run", code=404)  # error: code
not_a_request: RequestError = InvalidPathError("x")  # error: InvalidPathError
