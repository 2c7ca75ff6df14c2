"""Locks on open files: held until the file is closed, or its process ends in whatever way."""

from __future__ import annotations

import sys

__all__ = ["try_lock"]

if sys.platform == "win32":
    import msvcrt
    import os

    # Windows keeps others from the very bytes that are locked, so it is one far behind the end of any file.
    FAR = 1 << 62

    def try_lock(descriptor: int) -> bool:
        """Lock an open file against whoever else calls this. Return False where somebody else holds it."""
        position = os.lseek(descriptor, 0, os.SEEK_CUR)
        os.lseek(descriptor, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        finally:
            os.lseek(descriptor, position, os.SEEK_SET)
        return True

else:
    import fcntl

    def try_lock(descriptor: int) -> bool:
        """Lock an open file against whoever else calls this. Return False where somebody else holds it.

        Raises:
            OSError: The file system has no locks.
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
