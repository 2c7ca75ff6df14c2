# Derived from src/wandql/client/transfers/_async/transfers.py by `make generate`: edit that file instead.
"""Downloads and uploads of files.

A download arrives beside its target, goes on where it was cut, is compared with what the server promised, and becomes
the target in one step. What is on this machine already, at the target or in the cache, costs no request, not even one
for a URL.
"""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, ParamSpec, Self, TypeAlias, TypeVar

from wandql.client._sync.transport import Reply, Transport
from wandql.client.forks import Lock as ThreadLock
from wandql.client.messages import Limits, Response, TransferError
from wandql.client.observers import Observers
from wandql.client.replies import Call, transfer_error
from wandql.client.retry import Attempt, RetryPolicy, parse_retry_after
from wandql.client.seam_sync import Clock, Lock, run_in_thread, run_many
from wandql.client.transfers._sync.storage import Batch, Storage
from wandql.client.transfers.blob_cache import BlobCache
from wandql.client.transfers.digests import BLOCK, Digest
from wandql.client.transfers.directories import local_errors
from wandql.client.transfers.efforts import Effort
from wandql.client.transfers.landings import Landing
from wandql.client.transfers.locations import Location
from wandql.client.transfers.partials import Incoming, MemoryPart
from wandql.client.transfers.progress import Progress, Sum
from wandql.client.transfers.storage_replies import (
    accepted,
    attempt_of,
    is_encoded,
    is_refused,
    read_range,
    status_error,
    strong_etag,
    total_size,
)
from wandql.errors import IntegrityError, LocalFileError, WandqlError
from wandql.settings import Settings

__all__ = ["Download", "Source", "Transfers", "known"]

P = ParamSpec("P")
T = TypeVar("T")

Source: TypeAlias = Callable[[], Location]
"""Asks the server where a file is. It is called before the first request, and again when that URL is refused."""

# More gain little, even at a latency of 20 ms, and cost memory and the server's patience.
CONCURRENCY: Final = 16
CONNECTIONS: Final = 32
WHOLE: Final = (200, 203)
PARTIAL: Final = 206
NO_SUCH_RANGE: Final = 416
SUCCESS: Final = range(200, 300)
LONGEST_REPLY: Final = 1 << 16
# What goes to a connection at once: each such piece has the whole timeout.
PIECE: Final = 1 << 16
# How often to look whether another process has finished.
POLLING: Final = 0.1


@dataclass(frozen=True, slots=True)
class Download:
    """A file to download.

    Attributes:
        source: Asks the server where it is.
        target: The path that it gets. Directories are made where they are missing.
        root: The directory below which it has to stay, whatever links there are; None where nothing of `target` is from
            a server.
        size: How many bytes it has, if the server says.
        digest: Its digest, if the server says. Without it the file is fetched even if the target is there.
        replace: Whether an existing target may be replaced.
        progress: Is told how far the download is.
        keep: Whether the cache may have it, and gets it for the next time.
    """

    source: Source
    target: Path
    root: Path | None = None
    size: int | None = None
    digest: Digest | None = None
    replace: bool = True
    progress: Progress | None = None
    keep: bool = True


class Transfers:
    """Moves files between storage and this machine: many at once, and none twice.

    Making one sends nothing. It may be shared by any number of threads.

    Args:
        settings: Where the server is, and the key, which goes there and nowhere else.
        transport: What carries the requests; the network where absent. It is not closed here: whoever made it does.
        policy: When to try again. Its deadline is for the time without progress; the settings' timeout where absent.
        clock: What time it is; for tests.
        cache: Where contents with a digest are kept for the next download.
        connections: How many connections may be used at once.
        durable: Whether a download waits until the file is on disk for good.
        observers: Who is told of the requests.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        transport: Transport | None = None,
        policy: RetryPolicy | None = None,
        clock: Clock | None = None,
        cache: BlobCache | None = None,
        connections: int = CONNECTIONS,
        durable: bool = False,
        observers: Observers | None = None,
    ) -> None:
        retries = 0 if settings.test else None
        self.policy: RetryPolicy = policy or RetryPolicy(deadline=settings.timeout).but(retries=retries)
        self.cache = cache
        self._clock = clock or Clock()
        self._durable = durable
        self._storage = Storage(settings, transport, connections, observers or Observers())
        self._flights: dict[Digest | Path, _Flight] = {}
        self._guard = ThreadLock()

    def with_policy(self, policy: RetryPolicy) -> Self:
        """Return a view with another policy. It shares connections, the cache and the downloads under way."""
        view = copy.copy(self)
        view.policy = policy
        return view

    def download(
        self,
        source: Source,
        target: Path,
        *,
        root: Path | None = None,
        size: int | None = None,
        digest: Digest | None = None,
        replace: bool = True,
        progress: Progress | None = None,
    ) -> Path:
        """Download a file. See `Download` for the arguments.

        Sends no request if the target or the cache has the content. Else one, and one more for every cut, redirect and
        expired URL. Whoever asks for the same content or target meanwhile waits, and shares the result. A download that
        fails or is cancelled leaves a hidden file beside the target, which the next one goes on with; so does one whose
        process is killed.

        Returns:
            The target.

        Raises:
            ExistingFileError: The target exists and may not be replaced.
            UnsafeNameError: A link leads out of `root`.
            LocalFileError: A file or directory cannot be written.
            IntegrityError: What arrived, twice, is not what the server promised.
            ClosedError: This was closed.
            AuthenticationError: The server itself has the file, and there is no API key.
            RequestError: It cannot be fetched; see `wandql.errors`.
        """
        return self._share(Download(source, target, root, size, digest, replace, progress), Batch())

    def download_many(
        self, downloads: Iterable[Download], *, concurrency: int = CONCURRENCY, progress: Progress | None = None
    ) -> list[Path]:
        """Download files, many at once. The first that fails ends the others, which can be gone on with.

        Args:
            downloads: What to download.
            concurrency: How many at once.
            progress: Is told how far all of them together are.

        Returns:
            The targets, in the order of the downloads.

        Raises:
            WandqlError: One failed; see `download`.
        """
        orders = list(downloads)
        if progress is not None:
            sum_ = Sum(progress, [order.size for order in orders])
            orders = [replace(order, progress=sum_.part(index, order.progress)) for index, order in enumerate(orders)]
        batch = Batch()
        jobs = [partial(self._share, order, batch) for order in orders]
        return run_many(jobs, at_once=concurrency, abort=batch.halt)

    def read(
        self,
        source: Source,
        name: str,
        *,
        size: int | None = None,
        digest: Digest | None = None,
        progress: Progress | None = None,
    ) -> bytes:
        """Fetch a file into memory. Sends requests as `download` does, and looks at no file and no cache.

        Args:
            source: Asks the server where it is.
            name: What to call it in errors.
            size: How many bytes it has, if the server says.
            digest: Its digest, if the server says.
            progress: Is told how far it is.

        Raises:
            IntegrityError: What arrived, twice, is not what the server promised.
            ClosedError: This was closed.
            RequestError: It cannot be fetched; see `wandql.errors`.
        """
        part = MemoryPart(digest)
        job = _Fetch(source, name, size, progress, Batch(), partial(part.fault, size))
        self._fetch(job, part)
        return part.content()

    def upload(self, source: Source, content: Path | bytes, *, progress: Progress | None = None) -> Response:
        """Upload a file with PUT.

        Sends one request, and one more for every failure that may pass, redirect and expired URL: putting a file twice
        does what putting it once does.

        Args:
            source: Asks the server where to, and with which headers.
            content: The file, or its content.
            progress: Is told how many bytes went out.

        Returns:
            The storage's reply, for headers such as `etag`.

        Raises:
            LocalFileError: The file cannot be read, or shrinks while it is read.
            DecodeError: The answer is a page for people, such as that of a login.
            ClosedError: This was closed.
            RequestError: It cannot be uploaded; see `wandql.errors`.
        """
        name = str(content) if isinstance(content, Path) else f"{len(content)} bytes"
        with local_errors(Path(name), "read"):
            file = run_in_thread(_open, content)
        with file:
            return self._send(source, file, name, progress)

    def close(self) -> None:
        """Close the connections. Sends nothing; closing twice is fine."""
        self._storage.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # Downloads of the same

    def _share(self, order: Download, batch: Batch) -> Path:
        """Download a file, after whoever is downloading the same content or target."""
        key = order.digest or order.target
        with self._guard:
            flight = self._flights.setdefault(key, _Flight())
            flight.passengers += 1
        try:
            with flight.lock:
                batch.check()
                if flight.landed == order.target:
                    return order.target
                if flight.failure is not None and flight.target == order.target:
                    raise copy.copy(flight.failure)
                flight.target, flight.failure = order.target, None
                try:
                    self._download(order, batch, flight.landed)
                except WandqlError as failure:
                    flight.failure = failure
                    raise
                flight.landed = order.target
                return order.target
        finally:
            with self._guard:
                flight.passengers -= 1
                if not flight.passengers:
                    del self._flights[key]

    def _download(self, order: Download, batch: Batch, twin: Path | None) -> None:
        landing = Landing(
            order.target,
            order.root,
            size=order.size,
            digest=order.digest,
            replace=order.replace,
            durable=self._durable,
            cache=self.cache if order.keep else None,
        )
        try:
            self._begin(landing, order.target, batch, twin)
            if landing.is_done and order.progress is not None:
                order.progress(order.size or 0, order.size)
            elif landing.part is not None and not landing.is_done:
                settle = partial(landing.complete, landing.part)
                job = _Fetch(order.source, str(order.target), order.size, order.progress, batch, settle)
                self._fetch(job, landing.part)
        finally:
            # Brief, and not to be cancelled: what has arrived is written down here.
            landing.close()

    def _begin(self, landing: Landing, target: Path, batch: Batch, twin: Path | None) -> None:
        """Wait for another process as long as it gets on, and then no longer than for a server."""
        arrived = -1
        since = self._clock.monotonic()
        while not _on_disk(target, landing.begin, twin):
            batch.check()
            now = self._clock.monotonic()
            if (elsewhere := landing.arrived_elsewhere()) != arrived:
                arrived, since = elsewhere, now
            if now - since > self.policy.deadline:
                _on_disk(target, landing.begin, twin, alone=True)
                return
            self._clock.sleep(POLLING)

    # One download

    def _fetch(self, job: _Fetch, part: Incoming) -> None:
        """Fetch a content, until it is settled that it is the right one."""
        effort = Effort(self.policy, self._clock.monotonic(), part.length)
        location: Location | None = None
        wrong = 0
        while True:
            was_old = part.is_old
            fault: str | None = None
            if not part.length or part.length != job.size:
                location = location or job.source()
                limits = effort.begin(self._clock.monotonic())
                call = self._call("GET", location, job.name, effort)
                try:
                    response = self._receive(job, part, location, effort, call, limits)
                except TransferError as failure:
                    self._wait_after_failure(failure, effort, call, job.batch, part.length)
                    continue
                except _WrongContentError as error:
                    fault, was_old = str(error), False
                else:
                    if response is not None:
                        location = self._wait_after_reply(response, location, effort, call, job.batch, part.length)
                        continue
            fault = fault or _on_disk(Path(job.name), job.settle)
            if fault is None:
                return
            part.restart()
            # What an earlier download left may be anything. What came now came from the server.
            wrong += not was_old
            if wrong > 1:
                raise self._call("GET", location, job.name, effort).error(
                    IntegrityError,
                    f"{job.name} is not what the server promised: {fault}.",
                    hint="Nothing was kept. The file may have changed: ask for it anew. Else tell who runs the server.",
                )
            job.is_doubtful = True
            location = None

    def _receive(
        self, job: _Fetch, part: Incoming, location: Location, effort: Effort, call: Call, limits: Limits
    ) -> Response | None:
        """Send one request and take what comes. Return None where all of it came, or a reply that has no content."""
        start = part.length if part.is_resumable and job.resumes else 0
        headers = {"accept-encoding": "identity"}
        if job.is_doubtful:
            headers["cache-control"] = "no-cache"
        if start:
            headers["range"] = f"bytes={start}-"
        if start and part.etag is not None:
            headers["if-range"] = part.etag
        with self._storage.exchange("GET", location, headers, call, job.batch, limits) as reply:
            if start and reply.status == NO_SUCH_RANGE:
                found = read_range(reply.headers)
                if found is None or found.total != start:
                    raise _begin_anew(job, part, "it does not have the rest of what came before")
                return None
            if reply.status not in (*WHOLE, PARTIAL):
                return reply.read(LONGEST_REPLY)
            effort.refusals = 0
            _join(job, part, reply, start)
            self._take(job, part, reply, effort)
        return None

    def _take(self, job: _Fetch, part: Incoming, reply: Reply, effort: Effort) -> None:
        total = total_size(reply.headers, is_part=reply.status == PARTIAL)
        if job.size is not None and total not in {None, job.size}:
            raise _WrongContentError(f"it has {total} bytes instead of {job.size}")
        promised = total if job.size is None else job.size
        for chunk in reply.chunks():
            effort.move(self._clock.monotonic())
            is_time = part.take(chunk)
            if promised is not None and part.length > promised:
                raise _WrongContentError(f"it has more than {promised} bytes")
            if is_time:
                job.batch.check()
                _on_disk(Path(job.name), part.flush)
            if job.progress is not None:
                job.progress(part.length, promised)
        if promised is not None and part.length < promised and not is_encoded(reply.headers):
            raise TransferError("the reply ended early", "lost", executed=True)

    # One upload

    def _send(self, source: Source, file: BinaryIO, name: str, progress: Progress | None) -> Response:
        effort = Effort(self.policy, self._clock.monotonic())
        body = _Body(file, Path(name), lambda: effort.move(self._clock.monotonic()), progress)
        headers = {"content-length": str(body.size)}
        batch = Batch()
        location: Location | None = None
        while True:
            location = location or source()
            limits = effort.begin(self._clock.monotonic())
            call = self._call("PUT", location, name, effort)
            try:
                with self._storage.exchange("PUT", location, headers, call, batch, limits, body=body.restart) as reply:
                    response = reply.read(LONGEST_REPLY)
            except TransferError as failure:
                self._wait_after_failure(failure, effort, call, batch)
                continue
            if response.status in SUCCESS:
                return accepted(response, call)
            location = self._wait_after_reply(response, location, effort, call, batch)

    # After a failure

    def _wait_after_failure(
        self, failure: TransferError, effort: Effort, call: Call, batch: Batch, done: int = 0
    ) -> None:
        """Wait for the next attempt, or give up."""
        batch.check()
        now = self._clock.monotonic()
        waited = effort.waited(now)
        attempt = Attempt(None, executed=failure.executed)
        delay = effort.fail(attempt, done=done, now=now, chance=random.random())  # noqa: S311 - it spreads load
        if delay is None:
            host = call.operation.partition(" ")[2]
            raise transfer_error(failure, call, host, waited) from (failure.__cause__ or failure)
        self._clock.sleep(delay)

    def _wait_after_reply(
        self, response: Response, location: Location, effort: Effort, call: Call, batch: Batch, done: int = 0
    ) -> Location | None:
        """Wait for the next attempt, or give up. Return where to go then; None where the server has to be asked."""
        batch.check()
        # Signed URLs expire: one that was good a moment ago may be refused now. Two in a row are refused for good.
        if is_refused(response.status) and not effort.refusals:
            effort.refusals += 1
            return None
        retry_after = parse_retry_after(response.headers.get("retry-after"), datetime.now(UTC))
        attempt = attempt_of(response, retry_after)
        now = self._clock.monotonic()
        delay = effort.fail(attempt, done=done, now=now, chance=random.random())  # noqa: S311 - it spreads load
        if delay is None:
            raise status_error(response, call, retry_after)
        self._clock.sleep(delay)
        return location

    def _call(self, method: str, location: Location | None, name: str, effort: Effort) -> Call:
        shown, secrets = (location.shown, location.secrets) if location else ("", ())
        operation = f"{method} {shown}".rstrip()
        return Call(operation, {"name": name}, effort.requests, (*self._storage.secrets(), *secrets))


@dataclass(slots=True)
class _Flight:
    """A download, and who waits for it."""

    lock: Lock = field(default_factory=Lock)
    passengers: int = 0
    target: Path | None = None
    landed: Path | None = None
    failure: WandqlError | None = None


@dataclass(slots=True)
class _Fetch:
    """What one content is fetched from, and what is known of it.

    Attributes:
        source: Asks the server where it is.
        name: What to call it in errors.
        size: How many bytes it has, if the server says.
        progress: Is told how far it is.
        batch: What it ends with.
        settle: Looks at the whole; returns why it is not the right content.
        resumes: Whether the storage can be asked for a rest.
        is_doubtful: Whether a cache on the way may have kept another content.
    """

    source: Source
    name: str
    size: int | None
    progress: Progress | None
    batch: Batch
    settle: Callable[[], str | None]
    resumes: bool = True
    is_doubtful: bool = False


class _WrongContentError(Exception):
    """What comes cannot be what was promised."""


def known(location: Location, refresh: Source) -> Source:
    """Return a source that knows a URL already, from a listing, and asks only when that one is refused.

    Args:
        location: Where the file is.
        refresh: Asks the server.
    """
    locations = [location]

    def source() -> Location:
        return locations.pop() if locations else refresh()

    return source


def _join(job: _Fetch, part: Incoming, reply: Reply, start: int) -> None:
    """Make sure that what comes follows on what is there, or begin anew."""
    etag = None if is_encoded(reply.headers) else strong_etag(reply.headers)
    if reply.status != PARTIAL:
        part.restart(etag)
        return
    found = read_range(reply.headers)
    if found is None or found.start != start or is_encoded(reply.headers):
        raise _begin_anew(job, part, "it sent another part than it was asked for")
    if part.etag is not None and etag not in {None, part.etag}:
        raise _begin_anew(job, part, "it sent a part of another version")
    if start:
        part.etag = part.etag or etag
    else:
        part.restart(etag)


def _begin_anew(job: _Fetch, part: Incoming, reason: str) -> TransferError:
    part.restart()
    job.resumes = False
    return TransferError(reason, "lost", executed=True)


def _on_disk(path: Path, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    with local_errors(path, "written"):
        return run_in_thread(function, *args, **kwargs)


def _open(content: Path | bytes) -> BinaryIO:
    return BytesIO(content) if isinstance(content, bytes) else content.open("rb")


class _Body:
    """The content of an open file, piece by piece: as much as there was at first, never more."""

    def __init__(self, file: BinaryIO, path: Path, move: Callable[[], None], progress: Progress | None) -> None:
        self.size = file.seek(0, os.SEEK_END)
        self._file = file
        self._path = path
        self._move = move
        self._progress = progress
        self._sent = 0
        self._pieces: list[bytes] = []

    def restart(self) -> Self:
        """Begin at the beginning."""
        self._file.seek(0)
        self._sent, self._pieces = 0, []
        return self

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._move()
        if self._sent == self.size:
            raise StopIteration
        if not self._pieces:
            with local_errors(self._path, "read"):
                block = run_in_thread(self._file.read, min(BLOCK, self.size - self._sent))
            if not block:
                raise LocalFileError(
                    f"{self._path} has become shorter while it was sent: {self._sent} bytes of {self.size}.",
                    hint="Upload a file when nobody writes to it any more.",
                    filename=str(self._path),
                )
            self._pieces = [block[at : at + PIECE] for at in range(0, len(block), PIECE)][::-1]
        piece = self._pieces.pop()
        self._sent += len(piece)
        if self._progress is not None:
            self._progress(self._sent, self.size)
        return piece
