"""Errors say what they know, with its type, and are caught as what they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_type

from wandql.errors import Error, GraphQLError, NotFoundError, RateLimitError, RequestError, RequestTimeoutError


def read(error: NotFoundError) -> None:
    assert_type(error.message, str)
    assert_type(error.hint, str | None)
    assert_type(error.path, str | None)
    assert_type(error.status, int | None)
    assert_type(error.attempts, int)


def catch() -> None:
    try:
        pass
    except RateLimitError as error:
        assert_type(error.retry_after, float | None)
    except GraphQLError as error:
        assert_type(error.messages, Sequence[str])
    except Error as error:
        assert_type(error.hint, str | None)


as_value_error: ValueError = NotFoundError("no such run", path="entity/project/run")
as_timeout: TimeoutError = RequestTimeoutError("too late", attempts=3)
as_request_error: RequestError = RequestTimeoutError("too late", attempts=3)
