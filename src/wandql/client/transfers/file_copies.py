"""Copies of files that share their blocks where the file system can: a copy is then as cheap as a link, and as safe."""

from __future__ import annotations

import errno
import os
import sys
from typing import Final

from wandql.client.transfers.digests import BLOCK

__all__ = ["copy_content", "write_all"]

MOST_AT_ONCE: Final = 1 << 30


def copy_content(source: int, target: int, size: int) -> None:
    """Make the first `size` bytes of one open file those of another, from its beginning on.

    Raises:
        OSError: It cannot be read or written, or has fewer bytes.
    """
    for descriptor in (source, target):
        os.lseek(descriptor, 0, os.SEEK_SET)
    missing = size
    while missing and (copied := _copy_in_kernel(source, target, missing)):
        missing -= copied
    while missing:
        block = os.read(source, min(missing, BLOCK))
        if not block:
            raise OSError(errno.EIO, "It is shorter than it was")
        write_all(target, block)
        missing -= len(block)


def write_all(descriptor: int, content: bytes) -> None:
    """Write bytes to an open file: the system may take fewer than it is given."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


# The system's own copy shares blocks on btrfs, XFS and the like, and leaves the copying to an NFS server.
if sys.platform == "linux":

    def _copy_in_kernel(source: int, target: int, size: int) -> int:
        try:
            return os.copy_file_range(source, target, min(size, MOST_AT_ONCE))
        except OSError:
            # Between these two file systems it cannot. Any other fault shows again in the plain copy.
            return 0

else:

    def _copy_in_kernel(_source: int, _target: int, _size: int) -> int:
        return 0
