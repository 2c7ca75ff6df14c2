"""Waiting for something on the server, by looking again and again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from wandql.client.seam_async import Clock
from wandql.errors import RequestTimeoutError

__all__ = ["look_until"]

T = TypeVar("T")


async def look_until(
    look: Callable[[], Awaitable[T | None]],
    *,
    clock: Clock,
    poll: float,
    timeout: float | None,  # noqa: ASYNC109
    late: Callable[[float], RequestTimeoutError],
) -> T:
    """Look at once, and again after every `poll` seconds, until there is what is waited for.

    Args:
        look: Returns what is waited for, or None where it is not there yet.
        clock: The client's.
        poll: How long to wait before the next look, in seconds.
        timeout: How long to wait at most, in seconds; None for ever.
        late: Makes the error for a wait of so many seconds.

    Raises:
        ValueError: `poll` is not more than 0. Nothing was looked at.
        RequestTimeoutError: It was not there by then.
        WandqlError: A look failed.
    """
    if not poll > 0:
        raise ValueError(f"poll must be more than 0 seconds, not {poll}")
    start = clock.monotonic()
    while True:
        found = await look()
        if found is not None:
            return found
        waited = clock.monotonic() - start
        if timeout is not None and waited >= timeout:
            raise late(waited)
        await clock.sleep(poll if timeout is None else min(poll, timeout - waited))
