"""From one page to the next. Pure."""

from __future__ import annotations

from typing import TypeVar

import pydantic

from wandql.client.replies import Call
from wandql.errors import PaginationError
from wandql.graphql.operation import ConnectionLike, PagedOperation

__all__ = ["next_page"]

R = TypeVar("R", bound=pydantic.BaseModel)
N = TypeVar("N")


def next_page(operation: PagedOperation[R, N], page: ConnectionLike[N]) -> PagedOperation[R, N]:
    """Return the request for the page behind `page`.

    Raises:
        PaginationError: There should be one, but its cursor is the one that we came with, or missing.
    """
    cursor = page.page_info.end_cursor
    if not cursor or cursor == operation.variables.get("after"):
        raise PaginationError(
            "The server says that there is another page, but its cursor does not move.",
            hint="Report it to whoever runs the server; until then ask for one larger page.",
            operation=operation.name,
            path=Call(operation.name, operation.variables, 1).path,
        )
    return operation.after(cursor)
