# Derived from src/wandql/client/_async/pool.py by `make generate`: edit that file instead.
"""The connections that a client and all its views share."""

from __future__ import annotations

from wandql.client._sync.transport import Session, Transport
from wandql.client.forks import generation
from wandql.client.messages import Limits, Request, Response
from wandql.client.seam_sync import Lock, shielded
from wandql.errors import ClosedError
from wandql.settings import Settings

__all__ = ["Pool"]


class Pool:
    """Opens connections with the first request, and closes them when the last one under way has ended.

    A forked child leaves its parent's connections alone and makes its own.

    Args:
        settings: Which certificates and proxy to use.
        transport: What carries the requests; the network where absent.
    """

    def __init__(self, settings: Settings, transport: Transport | None) -> None:
        self._settings = settings
        self._transport = transport
        self._session: Session | None = None
        self._guard = Lock()
        self._closed = False
        # The owner and each request under way. A thread would go on waiting on a connection that another one closes.
        self._users = 1
        self._generation = generation()
        # A session of the parent: to collect it would close its connections, some with words to the server.
        self._inherited: list[Session] = []

    def post(self, request: Request, limits: Limits) -> Response:
        """Send a request and read the whole reply.

        Raises:
            ClosedError: This was closed.
            TransferError: No whole reply came.
        """
        session = self._enter()
        try:
            return session.post(request, limits)
        finally:
            self._leave()

    def shut(self) -> bool:
        """Take no more requests. Return False where that was so already. `release` has to follow."""
        with shielded():
            with self._guard:
                self._leave_parent()
                closed, self._closed = self._closed, True
        return not closed

    def release(self) -> None:
        """Close the connections as soon as no request is under way."""
        self._leave()

    def _enter(self) -> Session:
        with self._guard:
            if self._closed:
                raise ClosedError("This client was closed.", hint="Make a new one.")
            self._leave_parent()
            self._session = self._session or Session(self._transport, self._settings)
            self._users += 1
            return self._session

    def _leave_parent(self) -> None:
        """Begin without connections where this is a forked child."""
        if self._generation != generation():
            self._inherited += [self._session] if self._session else []
            self._session, self._users, self._generation = None, 1, generation()

    def _leave(self) -> None:
        with shielded():
            with self._guard:
                self._users -= 1
                opened = None if self._users else self._session or self._transport
            if opened is not None:
                opened.close()
