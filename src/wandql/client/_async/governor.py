"""When the requests of a client may go, so that a server that limits them need not turn one away."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TypeVar

from wandql.client.forks import Lock, generation
from wandql.client.rate_files import RateFile
from wandql.client.rates import POLLING, RateLimit, RateWindow, answer, begin, lose, pause
from wandql.client.seam_async import Clock, run_in_thread

__all__ = ["AsyncGovernor"]

T = TypeVar("T")


class AsyncGovernor:
    """Lets requests go one after the other: the first that came, and bulk work after all others.

    What it knows comes from the headers `RateLimit-Remaining`, `RateLimit-Reset` and `Retry-After`. A server that sends
    none is asked without a wait.

    Args:
        clock: What time it is.
        file: Where all processes that name it count together; None to count in this client alone.
    """

    def __init__(self, clock: Clock, file: Path | None = None) -> None:
        self._clock = clock
        self._file = RateFile(file) if file else None
        self._window = RateWindow()
        self._guard = Lock()
        self._numbers = count()
        self._waiting: set[tuple[bool, int]] = set()
        self._generation = generation()

    @property
    def state(self) -> RateLimit:
        """What is known. Reads the file, where there is one."""
        window = self._change(lambda window: (window, window))
        return window.public(self._now(), waiting=len(self._waiting))

    async def enter(self, *, bulk: bool, seconds: float) -> tuple[float, bool]:
        """Wait until a request may go, and count it.

        Args:
            bulk: Whether it is one of many that nobody waits for.
            seconds: How long to wait at most.

        Returns:
            When it was begun, for `answer`, and True. Or how long it would have to wait, and False: it may not go.

        Raises:
            LocalFileError: The file cannot be read, written or locked.
        """
        ticket = (bulk, next(self._numbers))

        def admit(window: RateWindow) -> tuple[RateWindow, tuple[float, float]]:
            now = self._now()
            window, delay = self._admit(window, now, ticket)
            return window, (now, delay)

        end = self._now() + seconds
        try:
            while True:
                now, delay = await self._run(admit)
                if delay <= 0:
                    return now, True
                if now + delay >= end:
                    return delay, False
                await self._clock.sleep(delay)
        finally:
            with self._guard:
                self._waiting.discard(ticket)

    async def answer(self, began: float, status: int, headers: Mapping[str, str], retry_after: float | None) -> None:
        """Take in a reply.

        Raises:
            LocalFileError: The file cannot be read, written or locked.
        """
        now = self._now()
        await self._run(lambda window: (answer(window, began, now, status, headers, retry_after), None))

    def lose(self, began: float) -> None:
        """Take in that a request got no reply. It does not wait, so that it is done whatever ended the request.

        Raises:
            LocalFileError: The file cannot be read, written or locked.
        """
        now = self._now()
        self._change(lambda window: (lose(window, began, now), None))

    def _admit(self, window: RateWindow, now: float, ticket: tuple[bool, int]) -> tuple[RateWindow, float]:
        self._waiting.add(ticket)
        delay = pause(window, now, bulk=ticket[0])
        if delay <= 0 and window.remaining is not None and ticket != min(self._waiting):
            delay = POLLING  # Others were here before.
        return (window, delay) if delay > 0 else (begin(window, now, bulk=ticket[0]), 0.0)

    async def _run(self, step: Callable[[RateWindow], tuple[RateWindow, T]]) -> T:
        # A file makes one wait for others; memory does not.
        return await run_in_thread(self._change, step) if self._file else self._change(step)

    def _change(self, step: Callable[[RateWindow], tuple[RateWindow, T]]) -> T:
        with self._guard:
            if self._generation != generation():  # a forked child: who waited and asked is in its parent
                self._waiting, self._generation = set(), generation()
                self._window = replace(self._window, under_way=())
            if self._file:
                return self._file.change(step)
            self._window, result = step(self._window)
            return result

    def _now(self) -> float:
        return time.time() if self._file else self._clock.monotonic()
