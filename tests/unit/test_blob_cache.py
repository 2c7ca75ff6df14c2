"""The cache gives back what was put into it or nothing, stays within its limit, and never raises for a download."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from wandql.client.transfers import blob_cache
from wandql.client.transfers.blob_cache import BlobCache, CacheInfo
from wandql.client.transfers.digests import SHA256, Digest
from wandql.client.transfers.file_locks import try_lock
from wandql.errors import LocalFileError


@pytest.fixture
def cache(tmp_path: Path) -> BlobCache:
    return BlobCache(tmp_path / "blobs", limit=1000)


@contextmanager
def opened(tmp_path: Path, content: bytes) -> Iterator[int]:
    path = tmp_path / f"source-{threading.get_ident()}"
    path.write_bytes(content)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
        path.unlink()


def put(cache: BlobCache, content: bytes, size: int | None = None) -> bool:
    with opened(cache.directory.parent, content) as source:
        return cache.put(Digest.of(content), source, len(content) if size is None else size)


def get(cache: BlobCache, content: bytes) -> bytes | None:
    with cache.open(Digest.of(content), len(content)) as file:
        return None if file is None else os.pread(file, 10_000, 0)


def of(number: int, size: int = 100) -> bytes:
    return bytes([number]) * size


def numbers(cache: BlobCache) -> list[int]:
    """Return which of the contents are there, without using them."""
    there = {path.parent.name + path.name for path in cache.directory.glob("md5/*/*")}
    return [number for number in range(256) if Digest.of(of(number)).hex in there]


def use(cache: BlobCache, number: int, when: float) -> None:
    digest = Digest.of(of(number))
    os.utime(cache.directory / "md5" / digest.hex[:2] / digest.hex[2:], (when, when))


def counted(cache: BlobCache) -> int:
    return int((cache.directory / "size").read_text())


def test_what_was_put_in_is_there_for_every_cache_of_the_directory(cache: BlobCache) -> None:
    assert get(cache, b"hello") is None
    assert put(cache, b"hello")
    assert put(cache, b"hello")
    assert get(cache, b"hello") == b"hello"
    assert get(BlobCache(cache.directory), b"hello") == b"hello"
    assert cache.has(Digest.of(b"hello"))
    assert not cache.has(Digest.of(b"hello", SHA256))
    assert cache.info() == CacheInfo(cache.directory, files=1, size=5, limit=1000)


def test_making_a_cache_and_asking_it_touches_no_disk(cache: BlobCache) -> None:
    assert not cache.has(Digest.of(b"hello"))
    assert cache.info() == cache.prune() == CacheInfo(cache.directory, 0, 0, 1000)
    assert not cache.directory.exists()


def test_the_least_recently_used_go_first(cache: BlobCache) -> None:
    for number in range(9):
        put(cache, of(number))
        use(cache, number, 1_000_000 + number)
    assert get(cache, of(0)) == of(0)
    put(cache, of(9))
    put(cache, of(10))
    assert {0, 9, 10} <= set(numbers(cache))
    assert 1 not in numbers(cache)
    assert cache.info().size == counted(cache) <= 1000


def test_pruning_leaves_the_most_recently_used(cache: BlobCache) -> None:
    for number in range(8):
        put(cache, of(number))
        use(cache, number, 1_000_000 + number)
    assert cache.prune(250).size == 200
    assert numbers(cache) == [6, 7]
    assert cache.prune().files == 0
    assert counted(cache) == 0


def test_the_limit_is_never_exceeded_even_by_many_threads(tmp_path: Path) -> None:
    cache = BlobCache(tmp_path / "blobs", limit=5000)
    largest: list[int] = []
    done = threading.Event()

    def watch() -> None:
        # Files come and go only under the lock: whoever holds it sees one moment.
        while not done.wait(0.001):
            with suppress(OSError), cache._ledger():
                sizes = [path.lstat().st_size for path in cache.directory.glob("*/**/*") if path.is_file()]
                largest.append(sum(sizes))

    def fill(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(60):
            put(BlobCache(cache.directory, limit=5000), chance.randbytes(chance.randrange(1500)))

    threads = [threading.Thread(target=fill, args=(seed,)) for seed in range(4)]
    watcher = threading.Thread(target=watch)
    for thread in (*threads, watcher):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    watcher.join()
    info = cache.info()
    assert info.files > 0
    assert info.size == counted(cache) <= 5000
    assert max(largest) <= 5000


def test_the_limit_holds_for_many_processes(tmp_path: Path) -> None:
    program = (
        "import os, sys, pathlib\n"
        "from wandql.client.transfers import blob_cache\n"
        "from wandql.client.transfers.blob_cache import BlobCache\n"
        "from wandql.client.transfers.digests import Digest\n"
        "blob_cache.LOCK_PATIENCE = 60.0\n"  # however busy the machine is
        "cache = BlobCache(pathlib.Path(sys.argv[1]), limit=20_000)\n"
        "for number in range(50):\n"
        "    content = os.urandom(1000)\n"
        "    path = pathlib.Path(sys.argv[2])\n"
        "    path.write_bytes(content)\n"
        "    with path.open('rb') as file:\n"
        "        assert cache.put(Digest.of(content), file.fileno(), 1000)\n"
        "    with cache._ledger():\n"  # files come and go only under the lock
        "        assert cache.info().size <= 20_000, cache.info()\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "blobs"), str(tmp_path / f"source-{number}")])
        for number in range(3)
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    cache = BlobCache(tmp_path / "blobs", limit=20_000)
    assert cache.info().size == counted(cache) <= 20_000


def test_a_content_larger_than_the_limit_is_not_kept_and_drives_nothing_out(cache: BlobCache) -> None:
    put(cache, b"hello")
    assert not put(cache, b"x" * 1001)
    assert get(cache, b"hello") == b"hello"
    assert not put(BlobCache(cache.directory, limit=0), b"x")


def test_a_disk_that_is_nearly_full_is_left_alone(cache: BlobCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blob_cache, "SPARED", 1 << 60)
    assert not put(cache, b"hello")
    assert cache.info().files == 0


@pytest.mark.parametrize("damage", [b"jello", b"hell", b""])
def test_a_damaged_content_is_deleted_and_counts_no_more(cache: BlobCache, damage: bytes) -> None:
    put(cache, b"hello")
    (path,) = cache.directory.glob("md5/*/*")
    path.chmod(0o644)
    path.write_bytes(damage)
    assert get(cache, b"hello") is None
    assert not path.exists()
    assert put(cache, b"hello")
    assert get(cache, b"hello") == b"hello"


def test_the_digest_is_compared_on_demand_only(cache: BlobCache) -> None:
    put(cache, b"hello")
    (path,) = cache.directory.glob("md5/*/*")
    path.chmod(0o644)
    path.write_bytes(b"jello")
    assert cache.has(Digest.of(b"hello"), 5)
    assert not cache.has(Digest.of(b"hello"), 5, check=True)
    assert not path.exists()


def test_a_size_that_is_asked_for_wrongly_deletes_nothing(cache: BlobCache) -> None:
    put(cache, b"hello")
    assert not cache.has(Digest.of(b"hello"), 4)
    assert get(cache, b"hello") == b"hello"


def test_what_a_dead_process_left_counts_and_goes_when_room_is_needed(cache: BlobCache) -> None:
    put(cache, b"hello")
    left = cache.directory / "incoming" / "left"
    left.write_bytes(b"x" * 900)
    (cache.directory / "size").write_text("905")
    assert not put(cache, of(1, 200))
    old = time.time() - 2 * blob_cache.ABANDONED
    os.utime(left, (old, old))
    assert put(cache, of(1, 200))
    assert not left.exists()
    assert counted(cache) == cache.info().size


@pytest.mark.parametrize("text", ["", "nonsense", "-5", "9" * 40])
def test_a_sum_that_is_lost_or_nonsense_is_counted_anew(cache: BlobCache, text: str) -> None:
    put(cache, of(1))
    (cache.directory / "size").write_text(text)
    put(cache, of(2))
    assert get(cache, of(2)) == of(2)
    assert counted(cache) == cache.info().size


def test_a_copy_that_fails_leaves_nothing(cache: BlobCache) -> None:
    put(cache, b"hello")
    assert not put(cache, b"short", size=500)
    assert cache.info().files == 1
    assert list((cache.directory / "incoming").iterdir()) == []
    assert counted(cache) == 5


def test_a_cache_that_another_process_locks_too_long_is_done_without(
    cache: BlobCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blob_cache, "LOCK_PATIENCE", 0.05)
    put(cache, b"hello")
    descriptor = os.open(cache.directory / "size", os.O_RDWR)
    try:
        assert try_lock(descriptor)
        assert not put(cache, of(1))
        assert get(cache, b"hello") == b"hello"
        with pytest.raises(LocalFileError, match="cannot be pruned"):
            cache.prune()
    finally:
        os.close(descriptor)
    assert put(cache, of(1))


@pytest.mark.parametrize("directory", ["file/blobs", "x" * 300, "link"])
def test_a_directory_that_cannot_be_used_is_no_error(tmp_path: Path, directory: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "nowhere").write_bytes(b"")
    cache = BlobCache(tmp_path / directory)
    with opened(tmp_path, b"hello") as source:
        assert not cache.put(Digest.of(b"hello"), source, 5)
    assert get(cache, b"hello") is None
    assert cache.info().files == 0


def test_a_link_among_the_contents_is_not_followed(cache: BlobCache, tmp_path: Path) -> None:
    put(cache, b"hello")
    (path,) = cache.directory.glob("md5/*/*")
    (tmp_path / "other").write_bytes(b"hello")
    path.unlink()
    path.symlink_to(tmp_path / "other")
    assert get(cache, b"hello") is None
    assert (tmp_path / "other").read_bytes() == b"hello"
