# Derived from src/wandql/client/_async/client.py by `make generate`: edit that file instead.
"""The client: executes operations. Each generated operation is a method of it too."""

from __future__ import annotations

import copy
import platform
import random
import time
from base64 import b64encode
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeAlias, TypeVar

import pydantic

from wandql.client._sync.fetched import Fetched
from wandql.client._sync.governor import Governor
from wandql.client._sync.pool import Pool
from wandql.client._sync.transport import Transport
from wandql.client.events import RequestEvent, RequestHook
from wandql.client.messages import Request, Response, TransferError
from wandql.client.observers import Observers
from wandql.client.paging import end_of
from wandql.client.rates import RateLimit
from wandql.client.replies import Call, limit_error, read_reply, transfer_error
from wandql.client.retry import Attempt, RetryPolicy, parse_retry_after
from wandql.client.seam_sync import Clock
from wandql.client.transfers._sync.transfers import Transfers
from wandql.client.transfers.blob_cache import BlobCache
from wandql.errors import UnsupportedError
from wandql.graphql.generated.client_methods import ClientMethods
from wandql.graphql.operation import ConnectionLike, Operation, PagedOperation
from wandql.settings import Settings
from wandql.version import __version__

__all__ = ["Client"]

R = TypeVar("R", bound=pydantic.BaseModel)
N = TypeVar("N")

# The server refuses the request before it looks at it.
TURNED_AWAY = 429
# Somebody on the way has waited long enough.
TOO_LONG = (408, 504)

Priority: TypeAlias = Literal["interactive", "bulk"]
"""Whose requests go first where the server limits them."""


class Client(ClientMethods):
    """Executes GraphQL operations: one pool of connections, authentication, retries, typed errors.

    Making one sends nothing. It may be shared by any number of threads.

    Args:
        settings: Where the server is and who asks; resolved from the environment where absent.
        transport: What carries the requests; the network where absent.
        policy: When a failed request is sent again. Its deadline is the settings' timeout where absent.
        clock: What time it is; for tests.
        on_request: Is told of every request, after it.
        rate_limit_file: Where this client counts its requests together with those of all others, in whatever process of
            this machine, that name the same file; in itself alone where absent.

    Example:
        >>> with Client(settings, transport=transport) as client:
        ...     print(client.get_viewer().viewer.username)
        alice
    """

    clock: Clock
    """What time it is."""
    transfers: Transfers
    """What moves files between storage and this machine."""
    policy: RetryPolicy
    """How long a call may take, and when it tries again."""
    priority: Priority
    """Whether its requests go before those of bulk work, or are that."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        transport: Transport | None = None,
        policy: RetryPolicy | None = None,
        clock: Clock | None = None,
        on_request: RequestHook | None = None,
        rate_limit_file: Path | None = None,
    ) -> None:
        self.settings: Settings = settings or Settings.resolve()
        retries = 0 if self.settings.test else None
        self.policy = policy or RetryPolicy(deadline=self.settings.timeout).but(retries=retries)
        self.priority = "interactive"
        self.clock = clock or Clock()
        self._observers = Observers(on_request)
        self.transfers = Transfers(
            self.settings,
            transport=transport,
            policy=self.policy,
            clock=clock,
            cache=BlobCache(self.settings.cache_dir / "wandql" / "contents"),
            observers=self._observers,
        )
        self._features: Fetched[str, frozenset[str]] = Fetched(1)
        self._transport = transport
        self._pool = Pool(self.settings, transport)
        self._governor = Governor(self.clock, rate_limit_file)

    @property
    def rate_limit(self) -> RateLimit:
        """What the server's replies so far told of its limit on requests. Sends no request.

        Raises:
            LocalFileError: The client has a `rate_limit_file`, which cannot be read.

        Example:
            >>> with Client(settings, transport=transport) as client:
            ...     client.rate_limit.remaining is None
            True
        """
        return self._governor.state

    def with_options(
        self,
        *,
        timeout: float | None = None,
        retries: int | None = None,
        policy: RetryPolicy | None = None,
        priority: Priority | None = None,
    ) -> Self:
        """Return a view of this client with other options. It shares connections, caches and the count of requests.

        Sends nothing. To close one closes the other.

        Args:
            timeout: The deadline of one call with all its retries, in seconds.
            retries: How many more requests after a failed one.
            policy: The whole policy, which the other two then change.
            priority: "bulk" for work that nobody waits for: it leaves room for other calls where the server limits
                requests. "interactive" for all else.

        Raises:
            SettingsError: A number is not in its range.

        Example:
            >>> with Client(settings, transport=transport) as client:
            ...     hasty = client.with_options(timeout=5, retries=0)
            ...     hasty.get_viewer().viewer.username
            'alice'
        """
        view = copy.copy(self)
        view.policy = (policy or self.policy).but(timeout=timeout, retries=retries)
        view.priority = priority or self.priority
        view.transfers = self.transfers.with_policy(view.policy)
        return view

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

        Sends one request; after a failure that may pass (no connection, 408, 429, 502, 503, 504) more, as the policy
        says. A mutation is sent again only where it is certain that it was not executed, or where it is idempotent. A
        page that takes the server too long is asked for again in half the size, down to 20 items.

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
            began = self._wait_for_turn(call, start)
            call = call.again()
            watch = _Watch(call, len(request.body))
            try:
                response = self._post(request, began, start)
            except TransferError as failure:
                elapsed = self.clock.monotonic() - start
                attempt = Attempt(None, executed=failure.executed, is_late=failure.failure == "late")
                delay = None if failure.failure == "garbled" else self._delay(attempt, operation, call, elapsed)
                self._observers.tell(watch.event(error=call.quote(str(failure)), retry_in=delay))
                if delay is None:
                    raise transfer_error(failure, call, self.settings.base_url, elapsed) from (
                        failure.__cause__ or failure
                    )
            else:
                elapsed = self.clock.monotonic() - start
                retry_after = parse_retry_after(response.headers.get("retry-after"), datetime.now(UTC))
                self._governor.answer(began, response.status, response.headers, retry_after)
                attempt = Attempt(
                    response.status,
                    retry_after,
                    executed=response.status != TURNED_AWAY,
                    is_late=response.status in TOO_LONG,
                )
                delay = self._delay(attempt, operation, call, elapsed) if response.is_error else None
                self._observers.tell(watch.event(response, retry_in=delay))
                if delay is None:
                    return read_reply(operation, response, call, retry_after)
            if attempt.is_late and operation.lighter() is not operation:
                operation = operation.lighter()
                request = replace(request, body=operation.body())
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
        if self._pool.shut():
            self.transfers.close()
            self._pool.release()

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

    def _post(self, request: Request, began: float, start: float) -> Response:
        remaining = self.policy.deadline - (self.clock.monotonic() - start)
        try:
            return self._pool.post(request, self.policy.limits(remaining))
        except BaseException:
            self._governor.lose(began)
            raise

    def _wait_for_turn(self, call: Call, start: float) -> float:
        """Wait until the server takes another request, but not beyond the deadline."""
        remaining = self.policy.deadline - (self.clock.monotonic() - start)
        number, may_go = self._governor.enter(bulk=self.priority == "bulk", seconds=remaining)
        if not may_go:
            raise limit_error(call, self.settings.base_url, number)
        return number

    def _delay(self, attempt: Attempt, operation: Operation[R], call: Call, elapsed: float) -> float | None:
        return self.policy.delay(
            attempt,
            number=call.attempts,
            elapsed=elapsed,
            idempotent=operation.idempotent,
            chance=random.random(),  # noqa: S311 - it spreads load, it guards nothing
        )


class _Watch:
    """Takes the time of one request."""

    def __init__(self, call: Call, sent: int) -> None:
        self._call = call
        self._sent = sent
        self._started_at = datetime.now(UTC)
        self._start = time.monotonic()

    def event(
        self, response: Response | None = None, *, error: str | None = None, retry_in: float | None = None
    ) -> RequestEvent:
        """Return what became of it."""
        return RequestEvent(
            operation=self._call.operation,
            path=self._call.path,
            attempt=self._call.attempts,
            started_at=self._started_at,
            seconds=time.monotonic() - self._start,
            status=response.status if response else None,
            sent=self._sent,
            received=len(response.body) if response else 0,
            error=error,
            retry_in=retry_in,
            request_id=response.headers.get("x-request-id") if response else None,
        )
