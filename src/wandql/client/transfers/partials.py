"""What has arrived of a file so far: in memory, or beside its target and hidden until it is whole."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Final, Self

from wandql.client.transfers.digests import BLOCK, Digest, blocks_of
from wandql.client.transfers.directories import Place
from wandql.client.transfers.file_copies import copy_content, write_all
from wandql.client.transfers.file_locks import try_lock
from wandql.client.transfers.places import WINDOWS

__all__ = ["Incoming", "MemoryPart", "Part"]

LONGEST_STEM: Final = 60
LONGEST_ETAG: Final = 1024


class Incoming(ABC):
    """A content on its way in.

    Attributes:
        digest: What the whole should have, or None.
        length: How many bytes there are, those included that are not written yet.
        etag: The server's version of the content that they are of, or None.
        is_old: Whether some of them are from an earlier download: nobody here saw them arrive.
    """

    def __init__(self, digest: Digest | None) -> None:
        self.digest: Digest | None = digest
        self.length: int = 0
        self.etag: str | None = None
        self.is_old: bool = False
        self._waiting: list[bytes] = []
        self._waits = 0
        self._is_stale = False
        self._hasher = digest.algorithm.start() if digest else None

    @property
    def is_resumable(self) -> bool:
        """Whether more of this content can be told from more of another one."""
        return self.length > 0 and (self.etag is not None or self.digest is not None)

    def take(self, chunk: bytes) -> bool:
        """Take the next bytes, into memory. Return whether it is time to `flush`."""
        self._waiting.append(chunk)
        self._waits += len(chunk)
        self.length += len(chunk)
        return self._waits >= BLOCK

    def flush(self) -> None:
        """Write what was taken, and what a later download has to know of it."""
        self._begin()
        self._remember()
        self._write_out()

    def _begin(self) -> None:
        if self._is_stale:
            self._is_stale = False
            self._clear()

    def _write_out(self) -> None:
        self._begin()
        waiting, self._waiting, self._waits = self._waiting, [], 0
        for chunk in waiting:
            if self._hasher is not None:
                self._hasher.update(chunk)
            self._write(chunk)

    def restart(self, etag: str | None = None) -> None:
        """Forget all bytes; those to come are of this version of the content. Touches no disk before `flush`."""
        self.length, self.etag, self.is_old, self._is_stale = 0, etag, False, True
        self._waiting, self._waits = [], 0
        self._hasher = self.digest.algorithm.start() if self.digest else None

    def fault(self, size: int | None) -> str | None:
        """Return why the bytes together are not the promised content; None where they are.

        Args:
            size: How many there should be.
        """
        self._write_out()
        if size is not None and self.length != size:
            return f"it has {self.length} bytes instead of {size}"
        if self.digest is None or self._hasher is None:
            return None
        found = Digest(self._hasher.digest(), self.digest.algorithm)
        return None if found == self.digest else f"its digest is {found} instead of {self.digest}"

    def _remember(self) -> None:  # noqa: B027 - what is in memory is of no use to later downloads
        pass

    @abstractmethod
    def _write(self, chunk: bytes) -> None: ...

    @abstractmethod
    def _clear(self) -> None: ...


class MemoryPart(Incoming):
    """A content that is kept in memory."""

    def __init__(self, digest: Digest | None) -> None:
        super().__init__(digest)
        self._chunks: list[bytes] = []

    def content(self) -> bytes:
        """Return all bytes."""
        self._write_out()
        return b"".join(self._chunks)

    def _write(self, chunk: bytes) -> None:
        self._chunks.append(chunk)

    def _clear(self) -> None:
        self._chunks = []


class Part(Incoming):
    """A content that is kept in a file beside its target, which gets all of it in one step.

    A later download of the same goes on with it. Which content it is of, the digest in its name tells, or else the
    server's version, the ETag, in a file of its own. A lock keeps other processes out of it. Where it cannot be had, or
    neither digest nor ETag is known, the file is deleted in the end.
    """

    def __init__(self, place: Place, name: str, file: int, digest: Digest | None, *, is_shared: bool) -> None:
        super().__init__(digest)
        self._place = place
        self._name = name
        self._file = file
        self._is_shared = is_shared
        self._remembered: str | None = None

    @classmethod
    def claim(cls, place: Place, digest: Digest | None, *, alone: bool = False) -> Self | None:
        """Open what an earlier download left, or begin anew.

        Args:
            place: The target.
            digest: The digest of the whole.
            alone: Leave what other processes could be writing to.

        Returns:
            The part; None where another process is writing it, and it is worth waiting for.

        Raises:
            OSError: The file cannot be made or read.
        """
        name = _shared_name(place, digest)
        try:
            file = None if alone else _open_locked(place, name)
        except OSError:  # No locks here, or it is another user's: one of our own may still do.
            alone = True
            file = None
        if file is not None:
            part = cls(place, name, file, digest, is_shared=True)
            part._load()
            return part
        if digest is not None and not alone:
            return None
        name = f"{_stem(place.name)}.{secrets.token_hex(8)}.part"
        return cls(place, name, place.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL), digest, is_shared=False)

    @staticmethod
    def arrived_elsewhere(place: Place, digest: Digest) -> int:
        """Return how many bytes another process has of a content that it keeps from us."""
        found = place.stat(_shared_name(place, digest))
        return found.st_size if found else 0

    @property
    def descriptor(self) -> int:
        """The open file, with all bytes in it."""
        self._write_out()
        return self._file

    def copy(self, source: int, size: int) -> None:
        """Take the content of another file, of which the caller knows that it is right."""
        self.restart()
        self._write_out()
        copy_content(source, self._file, size)
        self.length, self._hasher = size, None

    def finish(self, *, replace: bool, durable: bool) -> None:
        """Give the content to the target, in one step, and close.

        Args:
            replace: Whether an existing target may be replaced.
            durable: Wait until it is on disk for good.

        Raises:
            FileExistsError: The target exists and may not be replaced.
            OSError: The file system refuses.
        """
        self._write_out()
        if durable:
            os.fsync(self._file)
        if WINDOWS:  # It renames and deletes no open file. Elsewhere it is done while others are locked out.
            self._let_go()
        self._place.rename(self._name, self._place.name, replace=replace)
        self._forget()
        self._let_go()
        if durable:
            self._place.sync()

    def discard(self) -> None:
        """Delete the file, and close."""
        if WINDOWS:
            self._let_go()
        self._forget()
        self._place.unlink(self._name)
        self._let_go()

    def close(self) -> None:
        """Close. What a later download can go on with stays; closing what is finished or discarded is fine."""
        if self._file < 0:
            return
        with suppress(OSError):
            self.flush()
        if self._is_shared and self.is_resumable and os.fstat(self._file).st_size:
            self._let_go()
        else:
            self.discard()

    def _write(self, chunk: bytes) -> None:
        write_all(self._file, chunk)

    def _clear(self) -> None:
        os.lseek(self._file, 0, os.SEEK_SET)
        os.ftruncate(self._file, 0)
        self._forget()

    def _load(self) -> None:
        length = os.lseek(self._file, 0, os.SEEK_END)
        if self.digest is None:
            self._remembered = self._recall()
            self.etag: str | None = self._remembered
            if not self.etag:
                return self.restart()
        self.length: int = length
        self.is_old: bool = length > 0
        if self._hasher is not None:
            for block in blocks_of(self._file):
                self._hasher.update(block)
        return None

    def _remember(self) -> None:
        if self.digest is not None or not self._is_shared or self.etag in {None, self._remembered}:
            return
        with suppress(OSError):
            file = self._place.open(_etag_name(self._place), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            try:
                self._remembered = self.etag
                write_all(file, str(self.etag).encode())
            finally:
                os.close(file)

    def _recall(self) -> str | None:
        try:
            file = self._place.open(_etag_name(self._place), os.O_RDONLY)
        except OSError:
            return None
        try:
            etag = os.read(file, LONGEST_ETAG).decode(errors="replace")
        finally:
            os.close(file)
        return etag if etag.isascii() and etag.isprintable() else ""

    def _forget(self) -> None:
        if self._remembered is not None:
            self._remembered = None
            self._place.unlink(_etag_name(self._place))

    def _let_go(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)


def _open_locked(place: Place, name: str) -> int | None:
    """Open a file, made where it is missing, and lock it. Return None where another process holds it.

    Raises:
        OSError: It cannot be opened or locked, or is no file.
    """
    while True:
        file = place.open(name, os.O_RDWR | os.O_CREAT)
        here = os.fstat(file)
        try:
            is_ours = try_lock(file)
        except OSError:
            os.close(file)
            if not here.st_size:
                place.unlink(name)
            raise
        there = place.stat(name)
        # Whoever held it may have finished or deleted it before we had the lock.
        is_there = there is not None and os.path.samestat(here, there)
        if is_ours and is_there and stat.S_ISREG(here.st_mode):
            return file
        os.close(file)
        if not is_ours:
            return None
        if is_there:
            raise FileExistsError(errno.EEXIST, "It is no regular file", name)


def _shared_name(place: Place, digest: Digest | None) -> str:
    content = f".{digest.algorithm.name}-{digest.hex[:64]}" if digest else ""
    return f"{_stem(place.name)}{content}.part"


def _etag_name(place: Place) -> str:
    return f"{_stem(place.name)}.etag"


def _stem(target: str) -> str:
    """Return how all partial files of a target begin: hidden, readable, short, and of no other target."""
    readable = os.fsencode(target)[:LONGEST_STEM].decode(errors="ignore")
    return f".{readable}.{hashlib.sha256(os.fsencode(target)).hexdigest()[:8]}"
