"""What is written by hand for each colour of the matrix: this is for tasks, `seam_sync` for threads."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.matrix._async.calls import ROWS, AsyncRow
from wandql import AsyncApi
from wandql.client._async.transport import AsyncHandlerTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from wandql import RetryPolicy
    from wandql.client._async.transport import Handler

__all__ = ["ROWS", "run"]


def run(
    row: AsyncRow,
    settings: Mapping[str, object],
    policy: RetryPolicy,
    handler: Handler | None,
    ready: Callable[[], None],
    directory: Path,
) -> object:
    """Make a call ready, say so, and return what it returns."""

    async def call() -> object:
        transport = AsyncHandlerTransport(handler) if handler else None
        async with AsyncApi(settings, transport=transport) as api:
            prepared = await row.prepare(api)
            api.flush()
            api.client.policy = api.client.transfers.policy = policy
            ready()
            return await row.act(prepared, directory)

    return asyncio.run(call())
