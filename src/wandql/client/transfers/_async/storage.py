"""Requests to storage: which connection carries them, whether the key goes along, and where redirects lead."""

from __future__ import annotations

import platform
import time
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from wandql.client._async.transport import AsyncReply, AsyncSession, AsyncTransport
from wandql.client.events import RequestEvent
from wandql.client.forks import generation
from wandql.client.messages import Limits, TransferError
from wandql.client.observers import Observers
from wandql.client.replies import Call
from wandql.client.seam_async import Slots, shielded
from wandql.client.transfers.locations import Location, may_have_key
from wandql.errors import ClosedError, RedirectError
from wandql.settings import Settings
from wandql.version import __version__

__all__ = ["AsyncBatch", "AsyncStorage", "HaltedError"]

MOST_REDIRECTS: Final = 5
# Of the others, some servers and most clients would make a GET.
REDIRECTS: Final = {"GET": {301, 302, 303, 307, 308}, "PUT": {307, 308}}


class HaltedError(Exception):
    """Another transfer of the same batch failed. Strictly internal: nobody waits for this one any more."""


class AsyncBatch:
    """Transfers that end together."""

    def __init__(self) -> None:
        self._sessions: set[AsyncSession] = set()
        self._is_halted = False

    def halt(self) -> None:
        """End all of them: those that run notice it at their next step, those that wait for the network at once."""
        self._is_halted = True
        for session in list(self._sessions):
            session.abort()

    def check(self) -> None:
        """Go on, unless the batch was halted.

        Raises:
            HaltedError: It was.
        """
        if self._is_halted:
            raise HaltedError

    def enter(self, session: AsyncSession) -> None:
        """Say which connection is in use."""
        self._sessions.add(session)
        self.check()

    def leave(self, session: AsyncSession) -> None:
        """Say that it is not any more."""
        self._sessions.discard(session)


class AsyncStorage:
    """Sends requests for files. Each has a session of its own while it lasts, and so a connection.

    One session for all would be slower: its pool looks at every connection and every waiting request whenever one of
    them changes, which costs more than the transfer of a small file.

    Args:
        settings: Where the server is, and the key.
        transport: What carries the requests; the network where absent. It is not closed here.
        connections: How many requests at once; more wait.
        observers: Who is told of the requests.
    """

    def __init__(
        self, settings: Settings, transport: AsyncTransport | None, connections: int, observers: Observers
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._slots = Slots(connections)
        self._first: AsyncSession | None = None
        self._idle: list[AsyncSession] = []
        self._closed = False
        self._observers = observers
        self._generation = generation()
        # Sessions of the parent of a forked child: to collect one would close its connections.
        self._inherited: list[AsyncSession] = []

    @asynccontextmanager
    async def exchange(
        self,
        method: Literal["GET", "PUT"],
        location: Location,
        headers: Mapping[str, str],
        call: Call,
        batch: AsyncBatch,
        limits: Limits,
        *,
        body: Callable[[], AsyncIterable[bytes]] | None = None,
    ) -> AsyncGenerator[AsyncReply, None]:
        """Send a request, follow redirects, and give the reply before the body has come.

        Args:
            method: The method.
            location: Where to, and the headers that it asks for; they win.
            headers: More headers.
            call: Which call it is, for errors.
            batch: What it ends with.
            limits: How long each phase may take.
            body: Makes the body, for every redirect anew.

        Raises:
            TransferError: No reply came, or its body ended early.
            AuthenticationError: It goes to the server itself, and there is no API key.
            RedirectError: A redirect leads nowhere, or too many follow each other.
            ClosedError: This was closed.
            HaltedError: The batch was halted.
        """
        is_home = True
        for _ in range(MOST_REDIRECTS + 1):
            # A key that was left behind is not taken up again.
            is_home = is_home and may_have_key(location.url, self._settings.base_url)
            named = self._headers(location, headers, is_home=is_home)
            content = body() if body else None
            async with (
                self._lane(batch) as session,
                self._watched(call, location, named) as watch,
                session.stream(method, location.url, named, limits, body=content) as reply,
            ):
                watch.reply = reply
                target = reply.headers.get("location") if reply.status in REDIRECTS[method] else None
                if target is None:
                    yield reply
                    return
            redirected = location.redirected(target)
            if redirected is None:
                raise call.error(
                    RedirectError,
                    f"{location.shown} redirects to what is no HTTP address: {call.quote(target, 200)}.",
                    hint="Tell whoever runs the server.",
                )
            location = redirected
        raise call.error(
            RedirectError,
            f"{location.shown} is the end of {MOST_REDIRECTS} redirects and redirects again.",
            hint="Tell whoever runs the server.",
        )

    @asynccontextmanager
    async def _watched(
        self, call: Call, location: Location, headers: Mapping[str, str]
    ) -> AsyncGenerator[_Watch, None]:
        """Tell the observers of a request when it has ended."""
        watch = _Watch()
        error: str | None = None
        try:
            yield watch
        except TransferError as failure:
            error = call.quote(str(failure))
            raise
        finally:
            reply = watch.reply
            self._observers.tell(
                RequestEvent(
                    operation=f"{call.operation.partition(' ')[0]} {location.shown}",
                    path=call.path,
                    attempt=call.attempts,
                    started_at=watch.started_at,
                    seconds=time.monotonic() - watch.start,
                    status=reply.status if reply else None,
                    sent=int(headers.get("content-length", 0)),
                    received=reply.received if reply else 0,
                    error=error,
                    request_id=reply.headers.get("x-request-id") if reply else None,
                )
            )

    def secrets(self) -> tuple[str, ...]:
        """Return what no message may show."""
        key = self._settings.api_key
        return (str(key), _credentials(key)) if key else ()

    async def aclose(self) -> None:
        """Close the connections; those in use as soon as they are not. Closing twice is fine."""
        self._closed = True
        with shielded():
            while self._idle:
                await self._close(self._idle.pop())

    def _headers(self, location: Location, headers: Mapping[str, str], *, is_home: bool) -> dict[str, str]:
        ours = {"user-agent": f"wandql/{__version__} (Python {platform.python_version()})", **headers}
        if is_home:
            ours |= {
                "use-admin-privileges": "true",
                "x-wandb-username": self._settings.username or "",
                "x-wandb-user-email": self._settings.user_email or "",
                **{name.lower(): value for name, value in self._settings.extra_headers.items()},
                "authorization": f"Basic {_credentials(self._settings.require_api_key())}",
            }
        asked = {name.lower() for name in location.headers}
        return {**{name: value for name, value in ours.items() if name not in asked}, **location.headers}

    @asynccontextmanager
    async def _lane(self, batch: AsyncBatch) -> AsyncGenerator[AsyncSession, None]:
        async with self._slots:
            batch.check()
            session = self._take()
            try:
                batch.enter(session)
                yield session
            finally:
                batch.leave(session)
                self._idle.append(session)
                if self._closed:
                    await self.aclose()

    def _take(self) -> AsyncSession:
        if self._closed:
            raise ClosedError("This client was closed.", hint="Make a new one.")
        if self._generation != generation():
            self._inherited += self._idle + ([self._first] if self._first else [])
            self._idle, self._first, self._generation = [], None, generation()
        if self._first is None:
            self._first = AsyncSession(self._transport, self._settings)
            return self._first
        try:
            return self._idle.pop()
        except IndexError:
            return self._first.another()

    async def _close(self, session: AsyncSession) -> None:
        if self._transport is None:
            await session.aclose()


@dataclass(slots=True)
class _Watch:
    """When a request began, and its reply once that is there."""

    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    start: float = field(default_factory=time.monotonic)
    reply: AsyncReply | None = None


def _credentials(key: str) -> str:
    return b64encode(f"api:{key}".encode()).decode()
