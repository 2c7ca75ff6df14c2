"""From one page to the next. Pure."""

from __future__ import annotations

from typing import TypeVar

import pydantic

from wandql.client.replies import Call
from wandql.errors import PaginationError
from wandql.graphql.operation import ConnectionLike, PagedOperation

__all__ = ["end_of"]

R = TypeVar("R", bound=pydantic.BaseModel)
N = TypeVar("N")


def end_of(operation: PagedOperation[R, N], page: ConnectionLike[N] | None) -> str | None:
    """Return the cursor to go on from behind `page`, which `operation` fetched; None where it is the last.

    Raises:
        PaginationError: There should be another page, but the cursor is the one that we came with, or missing.
    """
    if page is None or not page.page_info.has_next_page:
        return None
    cursor = page.page_info.end_cursor
    if not cursor or cursor == operation.variables.get("after"):
        raise PaginationError(
            "The server says that there is another page, but its cursor does not move.",
            hint="Report it to whoever runs the server; until then ask for one larger page.",
            operation=operation.name,
            path=Call(operation.name, operation.variables).path,
            attempts=1,
        )
    return cursor
