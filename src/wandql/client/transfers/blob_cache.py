"""Contents that were downloaded, by digest: what is here is never fetched again.

    <directory>/md5/5d/41402abc4b2a76b9719d911017c592     a content
    <directory>/incoming/…                                 one that is being written
    <directory>/size                                       how many bytes all of them have; its lock guards the sum

Contents are copied in and out, never linked: users edit the files that they download. The copies share their blocks
where the file system can. The least recently used ones go when room is needed; the time of the last use is the
modification time. Many processes may use one directory. A cache that fails is no reason for a download to fail:
whatever goes wrong here counts as not cached, and is logged at level debug.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import shutil
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from wandql.client.transfers.digests import Digest, is_content
from wandql.client.transfers.directories import FLAGS, local_errors
from wandql.client.transfers.file_copies import copy_content
from wandql.client.transfers.file_locks import try_lock

__all__ = ["DEFAULT_LIMIT", "BlobCache", "CacheInfo"]

logger: logging.Logger = logging.getLogger(__name__)

DEFAULT_LIMIT: Final = 10 << 30
# Pruning reads the whole directory: it makes room for more than the next content.
PRUNED_TO: Final = 0.9
# What a cache leaves of the disk to everybody else.
SPARED: Final = 1 << 30
LOCK_PATIENCE: Final = 1.0
# What nobody has written to for that many seconds was left by a process that died.
ABANDONED: Final = 3600.0


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """What a cache holds.

    Attributes:
        directory: Where it is.
        files: How many contents there are.
        size: How many bytes they have together.
        limit: How many bytes it may have.
    """

    directory: Path
    files: int
    size: int
    limit: int


@dataclass(frozen=True, slots=True)
class _Blob:
    path: Path
    size: int
    used: float


class BlobCache:
    """A directory of contents by digest, of at most `limit` bytes.

    Making one touches no disk.

    Args:
        directory: Where it is; made by the first content. Nothing else may be in it.
        limit: How many bytes it may have, contents that are being written included. 0 keeps nothing.

    Example:
        >>> cache = BlobCache(Path("contents"), limit=1 << 20)
        >>> cache.info().files
        0
    """

    def __init__(self, directory: Path, *, limit: int = DEFAULT_LIMIT) -> None:
        self.directory = directory
        self.limit = limit

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.directory)!r}, limit={self.limit})"

    @contextmanager
    def open(self, digest: Digest, size: int | None = None, *, check: bool = True) -> Generator[int | None, None, None]:
        """Open the content of a digest for reading, and count that as a use of it.

        What turns out to be wrong is deleted.

        Args:
            digest: Its digest.
            size: Its size, where it is known.
            check: Whether to compare the digest, which reads all of it; the size is compared in any case.

        Yields:
            The open file, or None where there is no such content.
        """
        path = self._path(digest)
        try:
            file = os.open(path, os.O_RDONLY | FLAGS)
        except OSError as error:
            _log(error, "is not in")
            yield None
            return
        try:
            yield file if self._is_right(path, file, digest, size, check=check) else None
        finally:
            os.close(file)

    def has(self, digest: Digest, size: int | None = None, *, check: bool = False) -> bool:
        """Tell whether there is a content of this digest: see `open`."""
        with self.open(digest, size, check=check) as file:
            return file is not None

    def put(self, digest: Digest, source: int, size: int) -> bool:
        """Copy a content into the cache.

        Args:
            digest: Its digest. The caller knows that it is right.
            source: An open file of which it is the content.
            size: Its size.

        Returns:
            Whether it is there now.
        """
        try:
            return self.has(digest, size) or (self._fits(size) and self._put(self._path(digest), source, size))
        except OSError as error:
            _log(error, "cannot be put into")
            return False

    def info(self) -> CacheInfo:
        """Count what is there. Reads the whole directory, and writes nothing."""
        blobs = list(self._blobs())
        return CacheInfo(self.directory, len(blobs), sum(blob.size for blob in blobs), self.limit)

    def prune(self, size: int = 0) -> CacheInfo:
        """Delete the least recently used contents until at most `size` bytes are left.

        Args:
            size: How many bytes may be left; 0 deletes everything.

        Returns:
            What is left.

        Raises:
            LocalFileError: The directory cannot be written, or another process has kept it locked for a second.
        """
        if self.directory.is_dir():
            with local_errors(self.directory, "pruned"), self._ledger() as ledger:
                ledger.write(self._evict(size))
        return self.info()

    def _path(self, digest: Digest) -> Path:
        return self.directory / digest.algorithm.name / digest.hex[:2] / digest.hex[2:]

    def _is_right(self, path: Path, file: int, digest: Digest, size: int | None, *, check: bool) -> bool:
        try:
            found = os.fstat(file).st_size
            is_size = size is None or found == size
            if is_size and (not check or is_content(file, digest)):
                _touch(path)
                return True
            # Where the size alone is another, it may be the question that is wrong.
            if is_size or not is_content(file, digest):
                self._delete(path, found)
        except OSError as error:
            _log(error, "cannot be read from")
        return False

    def _delete(self, path: Path, size: int) -> None:
        with self._ledger() as ledger:
            path.unlink()
            ledger.write(ledger.total - size)

    def _fits(self, size: int) -> bool:
        self.directory.mkdir(parents=True, exist_ok=True)
        return size <= self.limit and size + SPARED <= shutil.disk_usage(self.directory).free

    def _put(self, path: Path, source: int, size: int) -> bool:
        incoming, file = self._reserve(size)
        try:
            try:
                copy_content(source, file, size)
                incoming.chmod(0o444)
            finally:
                os.close(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._ledger() as ledger:
                if path.exists():  # Another process was faster.
                    ledger.write(ledger.total - size)
                    incoming.unlink()
                else:
                    incoming.replace(path)
        except BaseException:
            self._release(incoming, size)
            raise
        return True

    def _reserve(self, size: int) -> tuple[Path, int]:
        """Make room for a content, and a file of its full size, so that whoever counts meanwhile counts it too."""
        with self._ledger() as ledger:
            total = ledger.total
            if total + size > self.limit:
                total = self._evict(max(0, int(self.limit * PRUNED_TO) - size))
            if total + size > self.limit:
                raise OSError(errno.ENOSPC, "The cache is full of what is being written")
            path = self.directory / "incoming" / secrets.token_hex(8)
            path.parent.mkdir(exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | FLAGS, 0o600)
            ledger.write(total + size)
            os.ftruncate(file, size)
            return path, file

    def _release(self, incoming: Path, size: int) -> None:
        with suppress(OSError):
            incoming.unlink()
            with self._ledger() as ledger:
                ledger.write(ledger.total - size)

    def _evict(self, size: int) -> int:
        """Delete the least recently used contents until at most `size` bytes are left; return how many those are."""
        total = sum(blob.size for blob in self._incoming())
        blobs = sorted(self._blobs(), key=lambda blob: blob.used, reverse=True)
        for blob in blobs:
            if total + blob.size <= size:
                total += blob.size
                continue
            size = total  # The first that is too much is the last use that counts: older ones go, small or not.
            try:
                blob.path.unlink(missing_ok=True)
            except OSError:  # Windows deletes no file that somebody reads.
                total += blob.size
        return total

    def _count(self) -> int:
        return sum(blob.size for blob in (*self._blobs(), *self._incoming()))

    def _incoming(self) -> Iterable[_Blob]:
        for blob in _files(self.directory / "incoming"):
            if time.time() - blob.used < ABANDONED:
                yield blob
            else:
                blob.path.unlink(missing_ok=True)

    def _blobs(self) -> Iterable[_Blob]:
        for algorithm in _entries(self.directory):
            if algorithm.name != "incoming" and algorithm.is_dir(follow_symlinks=False):
                for shelf in _entries(algorithm):
                    yield from _files(shelf)

    @contextmanager
    def _ledger(self) -> Generator[_Ledger, None, None]:
        """Lock the sum.

        Raises:
            OSError: It cannot be had.
        """
        file = os.open(self.directory / "size", os.O_RDWR | os.O_CREAT | FLAGS, 0o666)
        try:
            end = time.monotonic() + LOCK_PATIENCE
            while not try_lock(file):
                if time.monotonic() > end:
                    raise TimeoutError(errno.ETIMEDOUT, "Another process holds the lock")
                time.sleep(0.005)
            yield _Ledger(file, self._count)
        finally:
            os.close(file)


class _Ledger:
    """The sum, while it is locked."""

    def __init__(self, file: int, count: Callable[[], int]) -> None:
        self._file = file
        self._count = count

    @property
    def total(self) -> int:
        """The sum; counted anew where none is written, or nonsense."""
        os.lseek(self._file, 0, os.SEEK_SET)
        text = os.read(self._file, 32)
        return int(text) if text.isdigit() else self._count()

    def write(self, total: int) -> None:
        """Write the sum."""
        os.lseek(self._file, 0, os.SEEK_SET)
        os.ftruncate(self._file, os.write(self._file, str(max(0, total)).encode()))


def _touch(path: Path) -> None:
    with suppress(OSError):  # A cache of somebody else, to be read only.
        os.utime(path)


def _entries(directory: Path | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return list(entries)
    except OSError:
        return []


def _files(directory: Path | os.DirEntry[str]) -> Iterable[_Blob]:
    for entry in _entries(directory):
        with suppress(OSError):
            found = entry.stat(follow_symlinks=False)
            yield _Blob(Path(entry.path), found.st_size, found.st_mtime)


def _log(error: OSError, what: str) -> None:
    logger.debug("A content %s the cache: %s", what, error)
