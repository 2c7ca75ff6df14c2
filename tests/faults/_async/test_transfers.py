"""Downloads and uploads over a storage that fails: what arrives is right, or does not arrive."""

from __future__ import annotations

import errno
import gzip
import os
import pickle
import random
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from itertools import repeat
from pathlib import Path

import pytest

from tests.contract.sockets import CERTIFICATE
from tests.faults.disks import failing_disk, forbidden_directory
from tests.faults.seam_async import Asked, at_once
from tests.faults.storage import File, Request, Storage, each, status
from wandql.client.retry import RetryPolicy
from wandql.client.transfers._async.transfers import AsyncDownload, AsyncTransfers, known
from wandql.client.transfers.blob_cache import BlobCache
from wandql.client.transfers.digests import SHA256, Digest
from wandql.client.transfers.locations import Location
from wandql.errors import (
    AuthenticationError,
    ClosedError,
    ConnectionFailedError,
    ExistingFileError,
    IntegrityError,
    LocalFileError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RedirectError,
    RequestTimeoutError,
    ServerError,
    UnsafeNameError,
)
from wandql.settings import Settings

pytestmark = pytest.mark.anyio

KEY = "0123456789abcdef" * 3
QUICK = RetryPolicy(attempts=4, deadline=5, first_delay=0.001, longest_delay=0.01)
IMPATIENT = RetryPolicy(attempts=4, deadline=0.3, first_delay=0.001, longest_delay=0.01)
BLOCK = 1 << 20

Open = Callable[..., AsyncTransfers]


def content(size: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(size)


def settings(base_url: str = "https://api.example", **more: object) -> Settings:
    # The usual certificates take longer to read than most of these tests.
    return Settings.resolve({"ca_bundle": CERTIFICATE, **more}, api_key=KEY, base_url=base_url)


@pytest.fixture
async def transfers() -> AsyncIterator[AsyncTransfers]:
    async with AsyncTransfers(settings(), policy=QUICK) as opened:
        yield opened


@pytest.fixture
async def impatient() -> AsyncIterator[AsyncTransfers]:
    async with AsyncTransfers(settings(), policy=IMPATIENT) as opened:
        yield opened


def left(directory: Path) -> list[str]:
    """Return the names of all files below a directory."""
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if not path.is_dir())


# What arrives


@pytest.mark.parametrize("rudely", [False, True])
@pytest.mark.parametrize("has_digest", [True, False])
async def test_a_download_cut_twenty_times_is_right_and_sends_less_than_a_chunk_again_each_time(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path, rudely: bool, has_digest: bool
) -> None:
    chance = random.Random(7)
    file = File(content(5_000_000), iter([chance.randrange(1, 400_000) for _ in range(20)]), rudely=rudely)
    source = Asked(storage.put("f", file))
    digest = file.digest if has_digest else None
    path = await transfers.download(source, tmp_path / "f", size=len(file.content), digest=digest)
    assert path.read_bytes() == file.content
    assert len(storage.requests) == 21
    assert source.times == 1
    # Only what was on the way when the connection was reset may come again.
    assert file.sent - len(file.content) < (20 * BLOCK if rudely else 1)
    assert left(tmp_path) == ["f"]


async def test_each_request_after_a_cut_names_the_version_that_it_goes_on_with(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    file = File(content(100_000), iter([30_000]))
    await transfers.download(Asked(storage.put("f", file)), tmp_path / "f")
    assert storage.ranges() == [None, 30_000]
    assert storage.requests[1].headers["if-range"] == file.etag
    assert {request.headers["accept-encoding"] for request in storage.requests} == {"identity"}


@pytest.mark.parametrize("has_digest", [True, False])
async def test_another_client_goes_on_where_an_earlier_one_gave_up(
    storage: Storage, tmp_path: Path, has_digest: bool
) -> None:
    file = File(content(3_000_000), iter([2_500_000, 0, 0, 0, 0]))
    source = Asked(storage.put("f", file))
    digest = file.digest if has_digest else None
    async with AsyncTransfers(settings(), policy=QUICK) as first:
        with pytest.raises(ConnectionFailedError):
            await first.download(source, tmp_path / "f", size=3_000_000, digest=digest)
    assert not (tmp_path / "f").exists()
    assert all(name.startswith(".f.") for name in left(tmp_path))
    async with AsyncTransfers(settings(), policy=QUICK) as second:
        await second.download(source, tmp_path / "f", size=3_000_000, digest=digest)
    assert storage.ranges()[-1] == 2_500_000
    assert (tmp_path / "f").read_bytes() == file.content
    assert left(tmp_path) == ["f"]


async def test_a_file_that_changes_between_two_parts_is_never_a_mixture(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    old, new = File(content(200_000, 1), iter([150_000])), File(content(200_000, 2))
    path = await transfers.download(Asked(storage.put("f", each(old, new))), tmp_path / "f")
    assert path.read_bytes() == new.content


async def test_a_storage_that_ignores_the_version_and_sends_a_part_of_another_is_asked_for_the_whole(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    old, new = File(content(200_000, 1), iter([150_000])), File(content(200_000, 2))

    def careless(request: Request) -> None:
        headers = {"etag": new.etag, "content-range": f"bytes {request.start}-199999/200000"}
        request.send(206, headers, new.content[request.start :])

    path = await transfers.download(Asked(storage.put("f", each(old, careless, new))), tmp_path / "f")
    assert path.read_bytes() == new.content
    assert storage.ranges() == [None, 150_000, None]


@pytest.mark.parametrize("range_", ["bytes 0-9/100000", "bytes 5-9/x", "", "bytes 0-99999/*"])
async def test_a_part_that_was_not_asked_for_is_not_taken(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path, range_: str
) -> None:
    file = File(content(100_000), iter([50_000]))
    wrong = status(206, file.content[:10], content_range=range_, etag=file.etag)
    path = await transfers.download(Asked(storage.put("f", each(file, wrong, file))), tmp_path / "f")
    assert path.read_bytes() == file.content
    assert storage.ranges() == [None, 50_000, None]


async def test_a_storage_without_ranges_is_asked_for_the_whole_again(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    file = File(content(300_000), iter([100_000, 200_000]), has_ranges=False)
    path = await transfers.download(Asked(storage.put("f", file)), tmp_path / "f", digest=file.digest)
    assert path.read_bytes() == file.content
    assert len(storage.requests) == 3


async def test_a_storage_without_ranges_that_always_cuts_is_given_up(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    file = File(content(300_000), repeat(100_000), has_ranges=False, has_etag=False)
    with pytest.raises(ConnectionFailedError) as caught:
        await transfers.download(Asked(storage.put("f", file)), tmp_path / "f", size=300_000)
    # Only the first got further than any before it.
    assert caught.value.attempts == len(storage.requests) == QUICK.attempts
    assert left(tmp_path) == []


async def test_a_body_whose_end_nothing_tells_is_compared_with_the_size(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    file = File(content(300_000), iter([100_000]), has_length=False)
    path = await transfers.download(Asked(storage.put("f", file)), tmp_path / "f", size=300_000)
    assert path.read_bytes() == file.content
    assert storage.ranges() == [None, 100_000]


async def test_a_body_whose_end_nothing_tells_is_whole_where_nothing_is_promised(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    file = File(content(100_000), has_length=False)
    assert (await transfers.download(Asked(storage.put("f", file)), tmp_path / "f")).read_bytes() == file.content


async def test_a_rest_that_does_not_exist_is_no_error_where_all_is_there(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    file = File(content(100_000))

    def boast(request: Request) -> None:
        request.send(200, {"content-length": 200_000, "etag": file.etag}, file.content)
        request.hang_up()

    path = await transfers.download(Asked(storage.put("f", each(boast, file))), tmp_path / "f")
    assert path.read_bytes() == file.content
    assert storage.ranges() == [None, 100_000]


async def test_a_rest_that_the_storage_does_not_have_means_beginning_anew(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    long, short = File(content(100_000), iter([90_000])), File(content(50_000, 1))
    path = await transfers.download(
        Asked(storage.put("f", each(long, status(416, content_range="bytes */50000"), short))), tmp_path / "f"
    )
    assert path.read_bytes() == short.content
    assert storage.ranges() == [None, 90_000, None]


async def test_a_compressed_file_is_decompressed_and_never_gone_on_with(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    plain = content(50_000).hex().encode()
    packed = gzip.compress(plain)
    headers = {"content-encoding": "gzip", "etag": '"packed"'}

    def cut(request: Request) -> None:
        request.send(200, {**headers, "content-length": len(packed)}, packed[:-1000])
        request.hang_up()

    def rest(request: Request) -> None:
        start = request.start or 0
        request.send(206, {**headers, "content-range": f"bytes {start}-{start + 9}/{len(plain)}"}, packed[-10:])

    def whole(request: Request) -> None:
        request.send(200, headers, packed)

    source = Asked(storage.put("f", each(cut, rest, whole)))
    path = await transfers.download(source, tmp_path / "f", size=len(plain), digest=Digest.of(plain))
    assert path.read_bytes() == plain


async def test_an_empty_file_is_a_file(transfers: AsyncTransfers, storage: Storage, tmp_path: Path) -> None:
    source = Asked(storage.put("f", File(b"")))
    for name, size, digest in [("a", 0, Digest.of(b"")), ("b", None, None), ("c", 0, None)]:
        path = await transfers.download(source, tmp_path / name, size=size, digest=digest)
        assert path.read_bytes() == b""


async def test_missing_directories_are_made_and_a_new_file_gets_the_usual_permissions(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    source = Asked(storage.put("f", File(b"hello")))
    path = await transfers.download(source, tmp_path / "a/b/c", root=tmp_path, size=5)
    (tmp_path / "usual").write_bytes(b"")
    assert path.stat().st_mode == (tmp_path / "usual").stat().st_mode


# What is promised


async def test_a_target_that_is_right_costs_no_request(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    (tmp_path / "f").write_bytes(b"hello")
    source = Asked(storage.put("f", File(b"hello")))
    seen: list[tuple[int, int | None]] = []
    for size in (5, None):
        await transfers.download(
            source, tmp_path / "f", size=size, digest=Digest.of(b"hello"), progress=lambda *step: seen.append(step)
        )
    assert (source.times, storage.requests) == (0, [])
    assert seen == [(5, 5), (0, None)]


@pytest.mark.parametrize("there", [b"jello", b"hell", b"", b"hello!"])
async def test_a_target_with_another_content_is_replaced(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path, there: bytes
) -> None:
    (tmp_path / "f").write_bytes(there)
    source = Asked(storage.put("f", File(b"hello")))
    path = await transfers.download(source, tmp_path / "f", size=5, digest=Digest.of(b"hello"))
    assert path.read_bytes() == b"hello"


async def test_what_an_earlier_download_left_is_not_trusted(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    file = File(content(100_000), iter([60_000, 0, 0, 0, 0]))
    source = Asked(storage.put("f", file))
    with pytest.raises(ConnectionFailedError):
        await transfers.download(source, tmp_path / "f", size=100_000, digest=file.digest)
    for size in (60_000, 100_000, 100_001):
        (partial_name,) = left(tmp_path)
        (tmp_path / partial_name).write_bytes(b"x" * size)
        path = await transfers.download(source, tmp_path / "f", size=100_000, digest=file.digest)
        assert path.read_bytes() == file.content
        path.rename(tmp_path / partial_name)


async def test_a_wrong_content_is_asked_for_once_more_past_all_caches(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    right, wrong = File(content(100_000)), File(content(100_000, 1))
    source = Asked(storage.put("f", each(wrong, right)))
    path = await transfers.download(source, tmp_path / "f", size=100_000, digest=right.digest)
    assert path.read_bytes() == right.content
    assert source.times == 2
    assert [request.headers.get("cache-control") for request in storage.requests] == [None, "no-cache"]


@pytest.mark.parametrize("size", [100_000, 99_999, 100_001, None])
async def test_a_content_that_stays_wrong_is_an_error_and_changes_nothing(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path, size: int | None
) -> None:
    (tmp_path / "f").write_bytes(b"mine")
    source = Asked(storage.put("f", File(content(100_000))))
    digest = Digest.of(b"something else")
    with pytest.raises(IntegrityError) as caught:
        await transfers.download(source, tmp_path / "f", size=size, digest=digest)
    assert left(tmp_path) == ["f"]
    assert (tmp_path / "f").read_bytes() == b"mine"
    assert len(storage.requests) == caught.value.attempts == 2
    assert caught.value.path == str(tmp_path / "f")
    expected = digest.base64 if size in {None, 100_000} else f"100000 bytes instead of {size}"
    assert expected in str(caught.value)


async def test_a_body_without_end_is_not_read_beyond_the_promised_size(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    written = 0

    def endless(request: Request) -> None:
        nonlocal written
        request.send(200, {"content-length": None})
        while True:
            request.write(bytes(100_000))
            written += 100_000

    with pytest.raises(IntegrityError, match="more than 300000 bytes"):
        await transfers.download(Asked(storage.put("f", endless)), tmp_path / "f", size=300_000)
    assert written < 50_000_000
    assert left(tmp_path) == []


async def test_any_algorithm_can_be_compared(transfers: AsyncTransfers, storage: Storage, tmp_path: Path) -> None:
    source = Asked(storage.put("f", File(b"hello")))
    digest = Digest.of(b"hello", SHA256)
    assert (await transfers.download(source, tmp_path / "f", digest=digest)).read_bytes() == b"hello"
    with pytest.raises(IntegrityError, match="sha256"):
        await transfers.download(source, tmp_path / "g", digest=Digest(bytes(32), SHA256))


async def test_a_target_that_may_not_be_replaced_is_an_error_before_any_request(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    (tmp_path / "f").write_bytes(b"mine")
    source = Asked(storage.put("f", File(b"hello")))
    with pytest.raises(ExistingFileError) as caught:
        await transfers.download(source, tmp_path / "f", replace=False)
    assert isinstance(caught.value, FileExistsError)
    assert caught.value.errno == errno.EEXIST
    assert source.times == 0
    await transfers.download(source, tmp_path / "g", replace=False)
    assert left(tmp_path) == ["f", "g"]


async def test_a_target_that_appears_meanwhile_is_not_replaced_either(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    def answer(request: Request) -> None:
        (tmp_path / "f").write_bytes(b"mine")
        request.send(200, {}, b"hello")

    with pytest.raises(ExistingFileError):
        await transfers.download(Asked(storage.put("f", answer)), tmp_path / "f", replace=False)
    assert (tmp_path / "f").read_bytes() == b"mine"
    assert left(tmp_path) == ["f"]


async def test_a_file_can_be_read_into_memory(transfers: AsyncTransfers, storage: Storage) -> None:
    file = File(content(300_000), iter([100_000, 50_000]))
    source = Asked(storage.put("f", file))
    assert await transfers.read(source, "f", size=300_000, digest=file.digest) == file.content
    assert storage.ranges() == [None, 100_000, 150_000]
    with pytest.raises(IntegrityError, match="the manifest"):
        await transfers.read(source, "the manifest", digest=Digest.of(b""))


# Servers that do not answer as they should


@pytest.mark.parametrize("is_before_headers", [True, False])
async def test_a_server_that_stalls_is_given_up_when_the_time_without_progress_is_over(
    impatient: AsyncTransfers, storage: Storage, tmp_path: Path, is_before_headers: bool
) -> None:
    def stall(request: Request) -> None:
        if not is_before_headers:
            request.send(200, {"content-length": 1000, "etag": '"x"'}, b"some")
        request.wait()

    start = time.monotonic()
    with pytest.raises(RequestTimeoutError) as caught:
        await impatient.download(Asked(storage.put("f", stall)), tmp_path / "f")
    assert isinstance(caught.value, TimeoutError)
    assert 0.2 < time.monotonic() - start < 10
    assert not (tmp_path / "f").exists()


async def test_a_connection_that_goes_silent_is_replaced_by_another(
    impatient: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    file = File(content(100_000))

    def silent(request: Request) -> None:
        request.send(200, {"content-length": 100_000, "etag": file.etag})
        request.write(file.content[:40_000])
        request.wait()

    path = await impatient.download(Asked(storage.put("f", each(silent, file))), tmp_path / "f")
    assert path.read_bytes() == file.content
    assert storage.ranges() == [None, 40_000]


async def test_a_slow_download_may_take_longer_than_the_deadline(
    impatient: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    def slow(request: Request) -> None:
        request.send(200, {"content-length": 10})
        for _ in range(10):
            request.wait(0.07)
            request.write(b"x")

    path = await impatient.download(Asked(storage.put("f", slow)), tmp_path / "f")
    assert path.read_bytes() == b"x" * 10
    assert len(storage.requests) == 1


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
async def test_a_storage_that_is_busy_is_asked_again(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path, code: int
) -> None:
    source = Asked(storage.put("f", each(status(code), status(code), File(b"hello"))))
    assert (await transfers.download(source, tmp_path / "f")).read_bytes() == b"hello"
    assert source.times == 1


@pytest.mark.parametrize(
    ("answer", "error", "requests"),
    [
        (status(500), ServerError, 4),
        (status(503), ServerError, 4),
        (status(429, retry_after=3600), RateLimitError, 1),
        (status(404), NotFoundError, 2),
        (status(410), NotFoundError, 2),
        (status(403), PermissionDeniedError, 2),
        (status(401), AuthenticationError, 2),
        (lambda request: request.hang_up(), ConnectionFailedError, 4),
        (lambda request: request.write(b"SSH-2.0-nonsense\r\n\r\n"), ConnectionFailedError, 4),
        (status(304), RedirectError, 1),
    ],
)
async def test_a_storage_that_goes_on_failing_is_an_error_of_its_own_class(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path, answer: object, error: type[Exception], requests: int
) -> None:
    source = Asked(storage.put("f", answer))
    with pytest.raises(error) as caught:
        await transfers.download(source, tmp_path / "f")
    assert len(storage.requests) == requests
    assert caught.value.attempts == requests
    assert caught.value.operation == f"GET {storage.url}/f"
    assert caught.value.hint
    assert left(tmp_path) == []


async def test_a_url_that_expired_is_asked_for_anew_and_the_download_goes_on(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    file = File(content(100_000), iter([30_000, 20_000]))
    storage.put("fresh", file)
    storage.put("stale", each(file, status(403, b"<Error><Message>Request has expired</Message></Error>")))
    stale, fresh = Location(f"{storage.url}/stale"), Location(f"{storage.url}/fresh")
    source = Asked(stale, fresh)
    path = await transfers.download(source, tmp_path / "f", size=100_000, digest=file.digest)
    assert path.read_bytes() == file.content
    assert source.times == 2
    assert storage.ranges() == [None, 30_000, 30_000, 50_000]


async def test_a_url_from_a_listing_is_used_first(transfers: AsyncTransfers, storage: Storage, tmp_path: Path) -> None:
    old, refresh = storage.put("old", status(403)), Asked(storage.put("new", File(b"hello")))
    await transfers.download(known(storage.put("good", File(b"hello")), refresh), tmp_path / "f")
    assert refresh.times == 0
    await transfers.download(known(old, refresh), tmp_path / "g")
    assert refresh.times == 1


async def test_the_words_of_the_storage_are_in_the_error(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    body = b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message><Key>f</Key></Error>"
    with pytest.raises(PermissionDeniedError) as caught:
        await transfers.download(Asked(storage.put("f", status(403, body))), tmp_path / "f")
    assert caught.value.server_message == "Request has expired"


async def test_an_error_of_the_source_is_raised_as_it_is(transfers: AsyncTransfers, tmp_path: Path) -> None:
    async def source() -> Location:
        raise NotFoundError("no such file")

    with pytest.raises(NotFoundError, match="no such file"):
        await transfers.download(source, tmp_path / "f")
    assert left(tmp_path) == []


async def test_a_closed_client_says_so(storage: Storage, tmp_path: Path) -> None:
    transfers = AsyncTransfers(settings())
    await transfers.aclose()
    await transfers.aclose()
    with pytest.raises(ClosedError):
        await transfers.download(Asked(storage.put("f", File(b""))), tmp_path / "f")


# Who gets the key


def credentials(storage: Storage) -> list[str | None]:
    return [request.headers.get("authorization") for request in storage.requests]


async def test_the_key_goes_to_the_server_itself_and_nowhere_else(
    storage: Storage, other_storage: Storage, tmp_path: Path
) -> None:
    more = {"extra_headers": {"X-Secret": "s3cret"}}
    async with AsyncTransfers(settings(storage.url, **more), policy=QUICK) as transfers:
        home, away = storage.put("f", File(b"hello")), other_storage.put("f", File(b"hello"))
        signed = Location(f"{home.url}?X-Amz-Signature=abcdef")
        for number, location in enumerate([home, away, signed]):
            await transfers.download(Asked(location), tmp_path / str(number))
            await transfers.upload(Asked(location), b"hello")
    first, second, *others = credentials(storage)
    assert first == second
    assert first is not None
    assert first.startswith("Basic ")
    assert others == [None, None]
    assert credentials(other_storage) == [None, None]
    assert storage.requests[0].headers["x-secret"] == "s3cret"
    assert not any("x-secret" in request.headers for request in other_storage.requests)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_host_is_followed_without_the_key_and_the_headers(
    storage: Storage, other_storage: Storage, tmp_path: Path, code: int
) -> None:
    away = other_storage.put("g", File(b"hello"))
    home = storage.put("f", status(code, location=away.url))
    async with AsyncTransfers(settings(storage.url), policy=QUICK) as transfers:
        await transfers.download(Asked(Location(home.url, {"X-Token": "t"})), tmp_path / "f")
    assert (tmp_path / "f").read_bytes() == b"hello"
    assert credentials(storage) != [None]
    assert credentials(other_storage) == [None]
    assert storage.requests[0].headers["x-token"] == "t"
    assert "x-token" not in other_storage.requests[0].headers


async def test_a_key_that_was_left_behind_is_not_taken_up_again(
    storage: Storage, other_storage: Storage, tmp_path: Path
) -> None:
    last = storage.put("last", File(b"hello"))
    middle = other_storage.put("middle", status(302, location=last.url))
    first = storage.put("first", status(302, location=middle.url))
    async with AsyncTransfers(settings(storage.url), policy=QUICK) as transfers:
        await transfers.download(Asked(first), tmp_path / "f")
    assert [sent is None for sent in credentials(storage)] == [False, True]


async def test_a_redirect_within_the_server_keeps_the_key(storage: Storage, tmp_path: Path) -> None:
    storage.put("real", File(b"hello"))
    async with AsyncTransfers(settings(storage.url), policy=QUICK) as transfers:
        await transfers.download(Asked(storage.put("f", status(302, location="/real"))), tmp_path / "f")
    assert None not in credentials(storage)


@pytest.mark.parametrize("target", ["/f", "file:///etc/passwd", "ftp://example/f", "http://["])
async def test_a_redirect_that_leads_nowhere_is_an_error(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path, target: str
) -> None:
    with pytest.raises(RedirectError):
        await transfers.download(Asked(storage.put("f", status(302, location=target))), tmp_path / "f")
    assert len(storage.requests) <= 6


async def test_no_error_holds_the_key_or_a_signature(storage: Storage, tmp_path: Path) -> None:
    def echo(request: Request) -> None:
        request.send(403, {}, f"{request.target} {request.headers}".encode())

    home = storage.put("f", echo)
    query = "signature=abcdef0123456789&expires=1"
    async with AsyncTransfers(settings(storage.url), policy=QUICK) as transfers:
        for location in (home, Location(f"{home.url}?{query}")):
            with pytest.raises(PermissionDeniedError) as caught:
                await transfers.download(Asked(location), tmp_path / "f")
            sent = credentials(storage)[-1] or "-" * 20
            for secret in (KEY, sent.removeprefix("Basic "), query, "abcdef0123456789"):
                assert secret not in f"{caught.value} {caught.value!r} {vars(caught.value)}"
            assert "abcdef0123456789" not in repr(location)


# Proxies and certificates


async def test_downloads_go_through_the_proxy_of_the_environment_with_its_password(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.answers["http://storage.invalid/f"] = File(b"hello")
    monkeypatch.setenv("HTTP_PROXY", storage.url.replace("//", "//me:secret@"))
    async with AsyncTransfers(settings(), policy=QUICK) as transfers:
        path = await transfers.download(Asked(Location("http://storage.invalid/f")), tmp_path / "f")
    assert path.read_bytes() == b"hello"
    assert storage.requests[0].headers["proxy-authorization"].startswith("Basic ")


async def test_downloads_trust_the_certificates_of_the_settings_and_no_others(
    secure_storage: Storage, tmp_path: Path
) -> None:
    source = Asked(secure_storage.put("f", File(b"hello")))
    async with AsyncTransfers(settings(), policy=QUICK) as transfers:
        assert (await transfers.download(source, tmp_path / "f")).read_bytes() == b"hello"
    async with AsyncTransfers(settings(ca_bundle=None), policy=QUICK) as transfers:
        with pytest.raises(ConnectionFailedError, match=r"127\.0\.0\.1.*(?i:certificate)"):
            await transfers.download(source, tmp_path / "g")


# Uploads


async def test_an_upload_sends_the_file_with_the_headers_of_the_server(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    location = storage.put("f", status(200, etag='"made"'))
    asked = Asked(Location.with_lines(location.url, ["Content-MD5:abc=", "Content-Type: application/x-thing"]))
    (tmp_path / "f").write_bytes(content(2_500_000))
    seen: list[tuple[int, int | None]] = []
    response = await transfers.upload(asked, tmp_path / "f", progress=lambda *step: seen.append(step))
    assert response.headers["etag"] == '"made"'
    (request,) = storage.requests
    assert (request.method, request.body) == ("PUT", content(2_500_000))
    assert request.headers["content-md5"] == "abc="
    assert request.headers["content-type"] == "application/x-thing"
    assert request.headers["content-length"] == "2500000"
    assert "transfer-encoding" not in request.headers
    assert seen[-1] == (2_500_000, 2_500_000)
    assert seen == sorted(seen)


async def test_an_upload_that_fails_for_a_while_is_sent_again_from_its_beginning(
    transfers: AsyncTransfers, storage: Storage
) -> None:
    location = storage.put("f", each(lambda request: request.hang_up(), status(503), status(403), status(200)))
    source = Asked(location)
    await transfers.upload(source, content(300_000))
    assert {request.body for request in storage.requests} == {content(300_000)}
    assert source.times == 2


async def test_an_upload_that_is_refused_for_good_is_an_error(transfers: AsyncTransfers, storage: Storage) -> None:
    with pytest.raises(PermissionDeniedError) as caught:
        await transfers.upload(Asked(storage.put("f", status(403))), b"hello")
    assert caught.value.operation == f"PUT {storage.url}/f"
    assert len(storage.requests) == 2


async def test_an_upload_follows_only_redirects_that_keep_the_method(
    transfers: AsyncTransfers, storage: Storage, other_storage: Storage
) -> None:
    away = other_storage.put("g", status(200))
    await transfers.upload(Asked(storage.put("f", status(307, location=away.url))), b"hello")
    assert other_storage.requests[0].body == b"hello"
    with pytest.raises(RedirectError):
        await transfers.upload(Asked(storage.put("f", status(302, location=away.url))), b"hello")
    assert len(other_storage.requests) == 1


async def test_an_empty_upload_is_one(transfers: AsyncTransfers, storage: Storage) -> None:
    await transfers.upload(Asked(storage.put("f", status(200))), b"")
    assert storage.requests[0].headers["content-length"] == "0"


async def test_a_file_that_is_not_there_is_an_error_before_any_request(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    source = Asked(storage.put("f", status(200)))
    with pytest.raises(LocalFileError, match="cannot be read") as caught:
        await transfers.upload(source, tmp_path / "missing")
    assert caught.value.errno == errno.ENOENT
    assert source.times == 0


async def test_a_file_that_changes_its_size_meanwhile_is_sent_as_it_was_or_not_at_all(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    path = tmp_path / "f"

    def change(size: int) -> Callable[[int, int | None], None]:
        return lambda done, total: os.truncate(path, size)

    location = storage.put("f", status(200))
    path.write_bytes(content(3_000_000))
    await transfers.upload(Asked(location), path, progress=change(4_000_000))
    assert storage.requests[0].body == content(3_000_000)
    path.write_bytes(content(3_000_000))
    with pytest.raises(LocalFileError, match="shorter"):
        await transfers.upload(Asked(location), path, progress=change(10))


# Many at once


def wait_for_passengers(transfers: AsyncTransfers, request: Request, number: int) -> None:
    """Keep a request waiting until so many callers wait for what it brings."""
    end = time.monotonic() + 30
    while sum(flight.passengers for flight in transfers._flights.values()) < number and time.monotonic() < end:
        request.wait(0.01)


async def test_many_downloads_of_one_file_are_one_fetch(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    def slow(request: Request) -> None:
        wait_for_passengers(transfers, request, 20)
        request.send(200, {}, b"hello")

    source = Asked(storage.put("f", slow))
    calls = [partial(transfers.download, source, tmp_path / "f") for _ in range(20)]
    assert await at_once(calls) == [tmp_path / "f"] * 20
    assert len(storage.requests) == 1


async def test_many_downloads_of_one_content_to_several_places_are_one_fetch(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    def slow(request: Request) -> None:
        wait_for_passengers(transfers, request, 12)
        File(content(200_000))(request)

    source = Asked(storage.put("f", slow))
    digest = Digest.of(content(200_000))
    calls = [partial(transfers.download, source, tmp_path / f"{number % 4}", digest=digest) for number in range(12)]
    await at_once(calls)
    assert left(tmp_path) == ["0", "1", "2", "3"]
    assert {(tmp_path / name).read_bytes() for name in left(tmp_path)} == {content(200_000)}
    assert len(storage.requests) == 1


async def test_who_waits_for_a_download_that_fails_shares_the_failure(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    def refuse(request: Request) -> None:
        wait_for_passengers(transfers, request, 8)
        request.send(403)

    source = Asked(storage.put("f", refuse))
    failures = await at_once([partial(transfers.download, source, tmp_path / "f") for _ in range(8)])
    assert [type(failure) for failure in failures] == [PermissionDeniedError] * 8
    assert len({id(failure) for failure in failures}) == 8
    assert len(storage.requests) == 2


async def test_two_clients_that_download_one_file_do_not_harm_each_other(storage: Storage, tmp_path: Path) -> None:
    file = File(content(2_000_000), iter([1_200_000]))
    source = Asked(storage.put("f", file))
    async with AsyncTransfers(settings(), policy=QUICK) as one, AsyncTransfers(settings(), policy=QUICK) as other:
        download = partial(AsyncTransfers.download, source=source, target=tmp_path / "f", digest=file.digest)
        assert await at_once([partial(download, one), partial(download, other)]) == [tmp_path / "f"] * 2
    assert (tmp_path / "f").read_bytes() == file.content
    assert left(tmp_path) == ["f"]
    # The second waited for the first.
    assert file.sent == len(file.content)


async def test_many_files_arrive_in_the_order_that_was_asked_and_no_more_at_once_than_that(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    def answer(request: Request) -> None:
        request.wait(random.random() / 100)
        request.send(200, {}, request.target.encode())

    downloads = [
        AsyncDownload(Asked(storage.put(f"f{number}", answer)), tmp_path / f"{number}", size=len(f"/f{number}"))
        for number in range(100)
    ]
    seen: list[tuple[int, int | None]] = []
    paths = await transfers.download_many(downloads, concurrency=7, progress=lambda *step: seen.append(step))
    assert paths == [tmp_path / f"{number}" for number in range(100)]
    assert [path.read_text() for path in paths] == [f"/f{number}" for number in range(100)]
    assert 1 < storage.busiest <= 7
    total = sum(len(path.read_bytes()) for path in paths)
    assert seen[-1] == (total, total)
    assert await transfers.download_many([]) == []


async def test_the_first_failure_ends_the_others_at_once_and_they_can_be_gone_on_with(
    storage: Storage, tmp_path: Path
) -> None:
    def stall(request: Request) -> None:
        request.send(200, {"content-length": 1000, "etag": '"x"'})
        request.write(b"some")
        request.wait()

    def refuse(request: Request) -> None:
        while storage.busy < 4:
            request.wait(0.01)
        request.wait(0.1)
        request.send(404)

    def mute(request: Request) -> None:
        request.wait()

    names = {"a": stall, "b": stall, "c": refuse, "d": mute, "e": stall}
    downloads = [AsyncDownload(Asked(storage.put(name, answer)), tmp_path / name) for name, answer in names.items()]
    async with AsyncTransfers(settings(), policy=QUICK) as transfers:
        start = time.monotonic()
        with pytest.raises(NotFoundError):
            await transfers.download_many(downloads, concurrency=4)
        assert time.monotonic() - start < 3
        assert "/e" not in {request.target for request in storage.requests}
        kept = {name.split(".")[1] for name in left(tmp_path)}
        assert kept == {"a", "b"}
        # The connections of those that were ended are closed; that of the refusal is kept.
        assert storage.connections_left() <= 1


async def test_no_more_connections_are_used_than_allowed(storage: Storage, tmp_path: Path) -> None:
    def answer(request: Request) -> None:
        request.wait(0.02)
        request.send(200, {}, b"hello")

    source = Asked(storage.put("f", answer))
    async with AsyncTransfers(settings(), connections=3) as transfers:
        await at_once([partial(transfers.download, source, tmp_path / f"{number}") for number in range(20)])
    assert storage.busiest <= 3
    assert len(left(tmp_path)) == 20


# The cache


async def test_what_is_in_the_cache_costs_no_request(storage: Storage, tmp_path: Path) -> None:
    file = File(content(2_000_000))
    source = Asked(storage.put("f", file))
    async with AsyncTransfers(settings(), cache=BlobCache(tmp_path / "cache")) as transfers:
        for name in ("f", "g"):
            path = await transfers.download(source, tmp_path / name, size=2_000_000, digest=file.digest)
            assert path.read_bytes() == file.content
    assert source.times == len(storage.requests) == 1


async def test_editing_a_downloaded_file_does_not_change_the_cache(storage: Storage, tmp_path: Path) -> None:
    source = Asked(storage.put("f", File(b"hello")))
    async with AsyncTransfers(settings(), cache=BlobCache(tmp_path / "cache")) as transfers:
        for _ in range(3):
            path = await transfers.download(source, tmp_path / "f", digest=Digest.of(b"hello"))
            assert path.read_bytes() == b"hello"
            with path.open("r+b") as opened:
                opened.write(b"j")
    assert source.times == 1


@pytest.mark.parametrize("damage", [b"jello", b"hell", b""])
async def test_a_content_that_was_damaged_in_the_cache_is_fetched_anew(
    storage: Storage, tmp_path: Path, damage: bytes
) -> None:
    source = Asked(storage.put("f", File(b"hello")))
    digest = Digest.of(b"hello")
    cache = BlobCache(tmp_path / "cache")
    async with AsyncTransfers(settings(), cache=cache) as transfers:
        await transfers.download(source, tmp_path / "f", size=5, digest=digest)
        blob = tmp_path / "cache/md5" / digest.hex[:2] / digest.hex[2:]
        blob.chmod(0o644)
        blob.write_bytes(damage)
        path = await transfers.download(source, tmp_path / "g", size=5, digest=digest)
    assert path.read_bytes() == blob.read_bytes() == b"hello"
    assert source.times == 2


async def test_a_cache_that_cannot_be_written_is_no_fault_of_the_download(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    source = Asked(storage.put("f", File(b"hello")))
    for directory in (tmp_path / "file/cache", tmp_path / ("x" * 300)):
        async with AsyncTransfers(settings(), cache=BlobCache(directory)) as transfers:
            path = await transfers.download(source, tmp_path / "f", digest=Digest.of(b"hello"))
            assert path.read_bytes() == b"hello"
            path.unlink()


# The disk


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS])
async def test_a_disk_that_refuses_is_an_error_that_names_the_file_and_what_to_do(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    (tmp_path / "f").write_bytes(b"mine")
    file = File(content(3_000_000))
    source = Asked(storage.put("f", file))
    with monkeypatch.context() as patch:
        failing_disk(patch, code, after=2_000_000)
        with pytest.raises(LocalFileError) as caught:
            await transfers.download(source, tmp_path / "f", size=3_000_000, digest=file.digest)
    assert caught.value.errno == code
    assert caught.value.filename == str(tmp_path / "f")
    copied = pickle.loads(pickle.dumps(caught.value))
    assert (str(copied), copied.errno, copied.filename) == (str(caught.value), code, caught.value.filename)
    assert os.strerror(code) in str(caught.value)
    assert caught.value.hint
    assert (tmp_path / "f").read_bytes() == b"mine"
    path = await transfers.download(source, tmp_path / "f", size=3_000_000, digest=file.digest)
    assert path.read_bytes() == file.content
    assert storage.ranges() == [None, 2_000_000]


async def test_a_directory_that_may_not_be_written_is_an_error_before_any_request(
    transfers: AsyncTransfers, storage: Storage
) -> None:
    source = Asked(storage.put("f", File(b"hello")))
    with forbidden_directory() as directory:
        for target in (directory / "f", directory / "below" / "f"):
            with pytest.raises(LocalFileError, match="Permission denied") as caught:
                await transfers.download(source, target, root=directory)
            assert isinstance(caught.value, OSError)
            assert caught.value.errno == errno.EACCES
    assert source.times == 0


async def test_a_file_where_a_directory_has_to_be_and_the_other_way_round_are_errors(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "directory").mkdir()
    source = Asked(storage.put("f", File(b"hello")))
    for target, root in [("file/f", None), ("file/f", tmp_path), ("directory", tmp_path)]:
        with pytest.raises(LocalFileError):
            await transfers.download(source, tmp_path / target, root=root)
    assert left(tmp_path) == ["file"]


# Links


async def test_a_link_that_leads_out_of_the_root_is_refused_before_any_request(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    for directory in (root, outside):
        directory.mkdir()
    (root / "out").symlink_to(outside)
    (root / "up").symlink_to("..")
    source = Asked(storage.put("f", File(b"hello")))
    for target in ("out/f", "out/a/f", "up/f", "up/outside/f", "../outside/f"):
        with pytest.raises(UnsafeNameError) as caught:
            await transfers.download(source, root / target, root=root)
        assert caught.value.root == str(root)
    assert source.times == 0
    assert left(tmp_path) == left(outside) == []


async def test_a_link_in_place_of_the_target_is_replaced_and_not_followed(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    (tmp_path / "victim").write_bytes(b"mine")
    (tmp_path / "root").mkdir()
    (tmp_path / "root/f").symlink_to(tmp_path / "victim")
    source = Asked(storage.put("f", File(b"hello")))
    path = await transfers.download(source, tmp_path / "root/f", root=tmp_path / "root", digest=Digest.of(b"hello"))
    assert not path.is_symlink()
    assert path.read_bytes() == b"hello"
    assert (tmp_path / "victim").read_bytes() == b"mine"


async def test_a_directory_that_becomes_a_link_meanwhile_leads_nothing_out(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    outside.mkdir()

    def swap(request: Request) -> None:
        (root / "a").rename(root / "b")
        (root / "a").symlink_to(outside)
        request.send(200, {}, b"hello")

    await transfers.download(Asked(storage.put("f", swap)), root / "a/f", root=root)
    assert left(outside) == []
    assert left(root) == ["a", "b/f"] or left(root) == ["b/f"]


async def test_a_link_that_stays_below_the_root_is_followed(
    transfers: AsyncTransfers, storage: Storage, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    await transfers.download(Asked(storage.put("f", File(b"hello"))), tmp_path / "link/new/f", root=tmp_path)
    assert (tmp_path / "real/new/f").read_bytes() == b"hello"


async def test_a_durable_download_is_on_disk_when_it_is_done(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(",".join(left(tmp_path)))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    async with AsyncTransfers(settings(), durable=True) as transfers:
        await transfers.download(Asked(storage.put("f", File(b"hello"))), tmp_path / "f")
    # First the content, then the name.
    content_synced, name_synced = synced
    assert content_synced.endswith(".part")
    assert name_synced == "f"


def test_the_settings_decide_how_often_and_how_long_to_try() -> None:
    assert AsyncTransfers(settings(timeout=7)).policy == RetryPolicy(deadline=7)
    assert AsyncTransfers(settings(test="1")).policy.attempts == 1
