"""What is written by hand for each colour of the matrix: this is for threads, `seam_async` for tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.matrix._sync.calls import ROWS, Row
from wandql import Api
from wandql.client._sync.transport import HandlerTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from wandql import RetryPolicy
    from wandql.client._sync.transport import Handler

__all__ = ["ROWS", "run"]


def run(
    row: Row,
    settings: Mapping[str, object],
    policy: RetryPolicy,
    handler: Handler | None,
    ready: Callable[[], None],
    directory: Path,
) -> object:
    """Make a call ready, say so, and return what it returns."""
    transport = HandlerTransport(handler) if handler else None
    with Api(settings, transport=transport) as api:
        prepared = row.prepare(api)
        api.flush()
        api.client.policy = api.client.transfers.policy = policy
        ready()
        return row.act(prepared, directory)
