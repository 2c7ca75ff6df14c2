"""Uploaded bytes: rows that name files under random names, so that no client's file name touches the disk."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import secrets
import shutil
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from sqlalchemy import delete, func, insert, select, update

from wandql.server import tables
from wandql.server.messages import Refusal
from wandql.server.store import among, now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

    from sqlalchemy import Connection

    from wandql.server.store import Store

__all__ = ["Blob", "Blobs", "Upload", "content_path"]


def content_path(directory: Path, content: str) -> Path:
    """Return the file that holds a content in a data directory."""
    return directory / "files" / content[:2] / content


@dataclass(frozen=True, slots=True)
class Blob:
    """Uploaded bytes on disk.

    Attributes:
        path: The file that holds them.
        size: How many there are.
        md5: Their MD5, base64.
        updated_at: When they were uploaded, in microseconds since 1970.
    """

    path: Path
    size: int
    md5: str
    updated_at: int


class Upload:
    """Bytes on their way in. Left without `keep`, it leaves nothing behind."""

    def __init__(self, path: Path) -> None:
        self.path: Path = path
        self.size: int = 0
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._file = path.open("xb")

    @property
    def md5(self) -> str:
        """The MD5 of what was written, base64."""
        return base64.b64encode(self._md5.digest()).decode()

    @property
    def etag(self) -> str:
        """What an upload answers as its tag: its MD5, hex, by which clients name a part of a large file."""
        return f'"{self._md5.hexdigest()}"'

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._file.write(chunk)
        self._md5.update(chunk)
        self.size += len(chunk)

    def finish(self) -> None:
        """Put the bytes on disk for good."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):  # a full disk refuses the rest once more
            self._file.close()
        self.path.unlink(missing_ok=True)


@dataclass(slots=True)
class Arrival:
    """An upload that waits to be kept, and what came of it."""

    token: str
    upload: Upload
    settled: bool = False
    error: BaseException | None = None


class Blobs:
    """All uploaded bytes of a data directory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._root = store.directory / "files"
        self._incoming = self._root / "incoming"
        self._arrivals: deque[Arrival] = deque()
        self._settling = threading.Lock()
        # What an earlier server was receiving when it died was never acknowledged.
        shutil.rmtree(self._incoming, ignore_errors=True)
        self._incoming.mkdir(parents=True)

    def announce(self, connection: Connection, count: int) -> list[str]:
        """Make blobs without content and return their tokens."""
        tokens = [secrets.token_hex(16) for _ in range(count)]
        connection.execute(insert(tables.blobs), [{"token": token, "size": 0} for token in tokens])
        return tokens

    def receive(self) -> Upload:
        """Begin an upload."""
        return Upload(self._incoming / secrets.token_hex(16))

    def keep(self, token: str, upload: Upload) -> None:
        """Make an upload the content of a blob.

        Raises:
            Refusal: There is no such blob any more (404), or another content was announced for it (400).
        """
        upload.finish()
        arrival = Arrival(token, upload)
        self._arrivals.append(arrival)
        with self._settling:
            if not arrival.settled:
                self._settle()
        if arrival.error is not None:
            raise arrival.error

    def place(self, connection: Connection, token: str, upload: Upload) -> list[str]:
        """Make a finished upload the content of a blob. Return what to `unlink` once that is on disk.

        Raises:
            Refusal: There is no such blob any more (404), or another content was announced for it (400).
        """
        blobs, parts = tables.blobs.c, tables.upload_parts
        announced = func.coalesce(tables.contents.c.md5, parts.c.md5).label("md5")
        query = select(blobs.content, announced).outerjoin_from(tables.blobs, tables.contents)
        query = query.outerjoin(parts, parts.c.token == blobs.token)
        former = connection.execute(query.where(blobs.token == token)).first()
        if former is None:
            raise Refusal(404, "The file was deleted.")
        if former.md5 not in {None, upload.md5}:
            raise Refusal(400, f"What has arrived has the MD5 {upload.md5}, and {former.md5} was announced.")
        if former.md5 and former.content:
            return []  # two have uploaded the same, and the first may be in somebody's hands already
        path = self.path_of(upload.path.name)
        path.parent.mkdir(exist_ok=True)
        values = {"content": path.name, "size": upload.size, "md5": upload.md5, "updated_at": now()}
        connection.execute(update(tables.blobs).where(blobs.token == token).values(values))
        upload.path.rename(path)
        return [] if former.content is None else [former.content]

    def _settle(self) -> None:
        """Keep all that has arrived by now: small files come by the thousand, and transactions are slow."""
        batch = [self._arrivals.popleft() for _ in range(len(self._arrivals))]
        replaced: list[str] = []
        try:
            with self._store.write() as connection:
                for arrival in batch:
                    try:
                        replaced += self.place(connection, arrival.token, arrival.upload)
                    except Refusal as refusal:
                        arrival.error = refusal
        except BaseException as error:  # noqa: BLE001 - each of those who wait must hear of it
            self.unlink(arrival.upload.path.name for arrival in batch)
            for arrival in batch:
                arrival.error = arrival.error or error
        for arrival in batch:
            arrival.settled = True
        self.unlink(replaced)

    def path_of(self, content: str) -> Path:
        """Return the file that holds a content."""
        return content_path(self._store.directory, content)

    def find(self, connection: Connection, token: str) -> Blob | None:
        """Return a blob that has content."""
        row = connection.execute(select(tables.blobs).where(tables.blobs.c.token == token)).first()
        if row is None or row.content is None:
            return None
        return Blob(self.path_of(row.content), row.size, row.md5, row.updated_at)

    def forget(self, connection: Connection, tokens: Iterable[str]) -> list[str]:
        """Delete the rows of blobs and return the contents to `unlink` once that is on disk."""
        rows = connection.execute(
            delete(tables.blobs).where(among(tables.blobs.c.token, tokens)).returning(tables.blobs.c.content)
        )
        return [row.content for row in rows if row.content is not None]

    def unlink(self, contents: Iterable[str]) -> None:
        """Delete contents from the disk."""
        for content in contents:
            # On Windows a file that is being read cannot be deleted. It is orphaned then, not wrong.
            with contextlib.suppress(OSError):
                self.path_of(content).unlink(missing_ok=True)
