"""What the server does not take: requests that are too large, and what a full disk has no room for."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import DBAPIError, OperationalError, PendingRollbackError

from wandql.errors import DataDirectoryError
from wandql.server.databases.postgresql import DISK_FULL, INVALID_PATTERN, sqlstate_of
from wandql.server.messages import Refusal

__all__ = ["Limits", "refusal_of"]

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

PRIMARY: Final = 0xFF
"""The part of SQLite's error codes that tells what has happened; the rest tells where."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large requests may be, in bytes.

    Attributes:
        body: The most of a request that is not an upload, before and after decompression.
        upload: The most of an upload; None for what the disk has room for.
    """

    body: int = 256 * 1024 * 1024
    upload: int | None = None

    def check(self, size: int, *, is_upload: bool = False) -> None:
        """Refuse what is too large.

        Raises:
            Refusal: It is (413).
        """
        limit = self.upload if is_upload else self.body
        if limit is not None and size > limit:
            noun = "upload" if is_upload else "request"
            raise Refusal(413, f"This {noun} is too large: this server takes at most {limit:,} bytes at once.")


def refusal_of(error: BaseException) -> Refusal | None:
    """Return what to answer where the disk is full, or the database busy or away; None for other errors.

    Clients may send the same again, and the official SDK does: nothing of such a request was kept. 507 rather than 503
    for a full disk, which no short wait mends.
    """
    match error:
        case OperationalError(orig=sqlite3.Error() as cause):
            if cause.sqlite_errorcode & PRIMARY != sqlite3.SQLITE_FULL:
                return Refusal(503, f"The database cannot take this now: {cause}.")
        case DBAPIError(orig=cause) if sqlstate_of(cause) == INVALID_PATTERN:
            return Refusal(400, f"PostgreSQL cannot read this pattern: {cause}.")
        case OperationalError(orig=cause) if sqlstate_of(cause) == DISK_FULL:
            pass
        # The last is what a transaction that has lost its connection says when it is asked again.
        case OperationalError() | DBAPIError(connection_invalidated=True) | PendingRollbackError():
            return Refusal(503, "The database cannot be asked now.")
        case DataDirectoryError():
            return Refusal(503, str(error))
        case OSError(errno=number) if number in FULL:
            pass
        case _:
            return None
    return Refusal(507, "The disk of the server is full: nothing of this request was kept. It can be sent again later.")
