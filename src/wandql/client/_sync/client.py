# Derived from src/wandql/client/_async/client.py by `make generate`: edit that file instead.
"""The client: executes operations. Each generated operation is a method of it too."""

from __future__ import annotations

import platform
import random
from base64 import b64encode
from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeVar

import pydantic

from wandql.client._sync.fetched import Fetched
from wandql.client._sync.transport import Session, Transport
from wandql.client.messages import Request, Response, TransferError
from wandql.client.paging import end_of
from wandql.client.replies import Call, read_reply, transfer_error
from wandql.client.retry import Attempt, RetryPolicy, parse_retry_after
from wandql.client.seam_sync import Clock, Lock, shielded
from wandql.client.transfers._sync.transfers import Transfers
from wandql.client.transfers.blob_cache import BlobCache
from wandql.errors import ClosedError, UnsupportedError
from wandql.graphql.generated.client_methods import ClientMethods
from wandql.graphql.operation import ConnectionLike, Operation, PagedOperation
from wandql.settings import Settings
from wandql.version import __version__

__all__ = ["Client"]

R = TypeVar("R", bound=pydantic.BaseModel)
N = TypeVar("N")

# The server refuses the request before it looks at it.
TURNED_AWAY = 429


class Client(ClientMethods):
    """Executes GraphQL operations: one pool of connections, authentication, retries, typed errors.

    Making one sends nothing. It may be shared by any number of threads.

    Args:
        settings: Where the server is and who asks; resolved from the environment where absent.
        transport: What carries the requests; the network where absent.
        policy: When a failed request is sent again. Its deadline is the settings' timeout where absent.
        clock: What time it is; for tests.

    Example:
        >>> with Client(settings, transport=transport) as client:
        ...     print(client.get_viewer().viewer.username)
        alice
    """

    clock: Clock
    """What time it is."""
    transfers: Transfers
    """What moves files between storage and this machine."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        transport: Transport | None = None,
        policy: RetryPolicy | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.settings: Settings = settings or Settings.resolve()
        attempts = {"attempts": 1} if self.settings.test else {}
        self.policy: RetryPolicy = policy or RetryPolicy(deadline=self.settings.timeout, **attempts)
        self.clock = clock or Clock()
        self.transfers = Transfers(
            self.settings,
            transport=transport,
            policy=policy,
            clock=clock,
            cache=BlobCache(self.settings.cache_dir / "wandql" / "contents"),
        )
        self._features: Fetched[str, frozenset[str]] = Fetched(1)
        self._transport = transport
        self._session: Session | None = None
        self._guard = Lock()
        self._closed = False
        # The owner and each request under way. A thread would go on waiting on a connection that another one closes.
        self._users = 1

    @property
    def app_url(self) -> str:
        """The address of the web app, with a slash at its end."""
        return f"{self.settings.app_url}/"

    @property
    def user_agent(self) -> str:
        """How this client names itself to the server."""
        return f"wandql/{__version__} (Python {platform.python_version()})"

    def execute(self, operation: Operation[R]) -> R:
        """Send `operation` and return its data.

        Sends one request; after a failure that may pass (no connection, 429, 502, 503, 504) more, as the policy says.
        A mutation is sent again only where it is certain that it was not executed, or where it is idempotent.

        Args:
            operation: What to ask, from `wandql.graphql.generated.operations`.

        Raises:
            ClosedError: The client was closed.
            AuthenticationError: There is no API key (no request is sent then), or the server refuses it.
            RequestError: The request failed for another reason; see `wandql.errors`.
        """
        key = self.settings.require_api_key()
        credentials = b64encode(f"api:{key}".encode()).decode()
        request = Request(f"{self.settings.base_url}/graphql", self._headers(credentials), operation.body())
        call = Call(operation.name, operation.variables, attempts=0, secrets=(credentials, str(key)))
        start = self.clock.monotonic()
        while True:
            call = call.again()
            remaining = self.policy.deadline - (self.clock.monotonic() - start)
            try:
                response = self._post(request, seconds=max(remaining, 0.001))
            except TransferError as failure:
                elapsed = self.clock.monotonic() - start
                attempt = Attempt(None, executed=failure.executed)
                delay = None if failure.failure == "garbled" else self._delay(attempt, operation, call, elapsed)
                if delay is None:
                    raise transfer_error(failure, call, self.settings.base_url, elapsed) from (
                        failure.__cause__ or failure
                    )
            else:
                elapsed = self.clock.monotonic() - start
                retry_after = parse_retry_after(response.headers.get("retry-after"), datetime.now(UTC))
                attempt = Attempt(response.status, retry_after, executed=response.status != TURNED_AWAY)
                delay = self._delay(attempt, operation, call, elapsed) if response.is_error else None
                if delay is None:
                    return read_reply(operation, response, call, retry_after)
            self.clock.sleep(delay)

    def pages(self, operation: PagedOperation[R, N]) -> Generator[tuple[R, ConnectionLike[N] | None], None, None]:
        """Yield the data of every page from `operation` on, and the page in it; None where a parent of it is null.

        Sends one request for each page, when it is asked for.

        Raises:
            PaginationError: The server's cursor does not move.
            RequestError: A request failed.
        """
        while True:
            data = self.execute(operation)
            page = operation.connection(data)
            yield data, page
            cursor = end_of(operation, page)
            if cursor is None:
                return
            operation = operation.after(cursor)

    def paginate(self, operation: PagedOperation[R, N]) -> Generator[N, None, None]:
        """Yield every item from `operation` on, nulls left out. Sends one request for each page.

        Raises:
            PaginationError: The server's cursor does not move.
            RequestError: A request failed.
        """
        with closing(self.pages(operation)) as pages:
            for _, page in pages:
                for edge in page.edges if page else ():
                    if edge.node is not None:
                        yield edge.node

    def has_feature(self, name: str) -> bool:
        """Tell whether the server says that it has an optional feature. Sends one request, and then none any more.

        Args:
            name: Its name, such as `MARK_RUN_FILES_UPLOADED`.

        Raises:
            RequestError: The request failed.

        Example:
            >>> with Client(settings, transport=transport) as client:
            ...     client.has_feature("TIME_TRAVEL")
            False
        """
        return name in self._features.get("features", self._fetch_features)

    def close(self) -> None:
        """Take no more calls, and close the connections when the requests under way end.

        Sends nothing; closing twice is fine.
        """
        with shielded():
            with self._guard:
                closed, self._closed = self._closed, True
        if not closed:
            self.transfers.close()
            self._leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.settings.base_url!r})"

    def _fetch_features(self) -> frozenset[str]:
        try:
            info = self.get_server_features().server_info
        except UnsupportedError:
            return frozenset()  # A server that cannot tell is older than all of them.
        features = info.features if info else []
        return frozenset(feature.name for feature in features if feature and feature.is_enabled)

    def _headers(self, credentials: str) -> dict[str, str]:
        return {
            "content-type": "application/json",
            "user-agent": self.user_agent,
            # Without it a server's administrators see only what their own teams own.
            "use-admin-privileges": "true",
            "x-wandb-username": self.settings.username or "",
            "x-wandb-user-email": self.settings.user_email or "",
            **{name.lower(): value for name, value in self.settings.extra_headers.items()},
            "authorization": f"Basic {credentials}",
        }

    def _post(self, request: Request, *, seconds: float) -> Response:
        session = self._enter()
        try:
            return session.post(request, seconds=seconds)
        finally:
            self._leave()

    def _enter(self) -> Session:
        with self._guard:
            if self._closed:
                raise ClosedError("This client was closed.", hint="Make a new one.")
            self._session = self._session or Session(self._transport, self.settings.ca_bundle)
            self._users += 1
            return self._session

    def _leave(self) -> None:
        with shielded():
            with self._guard:
                self._users -= 1
                opened = None if self._users else self._session or self._transport
            if opened is not None:
                opened.close()

    def _delay(self, attempt: Attempt, operation: Operation[R], call: Call, elapsed: float) -> float | None:
        return self.policy.delay(
            attempt,
            number=call.attempts,
            elapsed=elapsed,
            idempotent=operation.idempotent,
            chance=random.random(),  # noqa: S311 - it spreads load, it guards nothing
        )
