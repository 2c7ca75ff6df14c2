"""The disk's side of a download: what is there already, what arrives, and the one step that makes it the target."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from wandql.client.transfers.blob_cache import BlobCache
from wandql.client.transfers.digests import Digest, is_content
from wandql.client.transfers.directories import FLAGS, Place
from wandql.client.transfers.partials import Part
from wandql.errors import ExistingFileError

__all__ = ["Landing"]


class Landing:
    """Where one download lands. All of it blocks.

    Attributes:
        is_done: Whether the target has its content.
        part: What arrives, from `begin` on.

    Args:
        target: The path of the file.
        root: The directory that no link may lead out of; None where the path is the user's own.
        size: The size that the content should have.
        digest: The digest that it should have.
        replace: Whether an existing target may be replaced.
        durable: Whether to wait until the content is on disk for good.
        cache: Where contents are kept.
    """

    def __init__(
        self,
        target: Path,
        root: Path | None,
        *,
        size: int | None,
        digest: Digest | None,
        replace: bool,
        durable: bool,
        cache: BlobCache | None,
    ) -> None:
        self.is_done: bool = False
        self.part: Part | None = None
        self._target = target
        self._root = root
        self._size = size
        self._digest = digest
        self._replace = replace
        self._durable = durable
        self._cache = cache
        self._place: Place | None = None
        self._is_looked_at = False

    def begin(self, twin: Path | None, *, alone: bool = False) -> bool:
        """Find the content on this machine, or make ready for what arrives.

        Args:
            twin: A file that should have the same content.
            alone: Do not wait for another process that is downloading the same.

        Returns:
            Whether that could be done: False where another process is downloading the same.

        Raises:
            ExistingFileError: The target exists and may not be replaced.
            OSError: The file system refuses.
        """
        place = self._place = self._place or Place.prepare(self._target, self._root)
        if not self._is_looked_at and self._look(place):
            return True
        self.part = Part.claim(place, self._digest, alone=alone)
        if self.part is None:
            self._is_looked_at = True
            return False
        # Whoever we waited for may have finished.
        if (self._is_looked_at and self._look(place)) or self._copy(self.part, twin):
            return True
        if self._is_unusable(self.part):
            self.part.restart()
        return True

    def arrived_elsewhere(self) -> int:
        """Return how many bytes the other process has by now."""
        return Part.arrived_elsewhere(self._place, self._digest) if self._place and self._digest else 0

    def complete(self, part: Part) -> str | None:
        """Make what arrived the target.

        Args:
            part: What arrived.

        Returns:
            None, or why what arrived is not the promised content.

        Raises:
            ExistingFileError: The target exists and may not be replaced.
            OSError: The file system refuses.
        """
        if fault := part.fault(self._size):
            return fault
        if self._cache and self._digest:
            self._cache.put(self._digest, part.descriptor, part.length)
        try:
            part.finish(replace=self._replace, durable=self._durable)
        except FileExistsError as error:
            part.discard()
            raise self._existing() from error
        self.is_done = True
        return None

    def close(self) -> None:
        """Let go of everything. What can be gone on with stays."""
        try:
            if self.part is not None:
                self.part.close()
        finally:
            if self._place is not None:
                self._place.close()

    def _look(self, place: Place) -> bool:
        found = place.stat(place.name)
        if found is not None and not self._replace:
            raise self._existing()
        if found is not None and stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        self.is_done = self._digest is not None and place.has(self._digest, self._size)
        return self.is_done

    def _copy(self, part: Part, twin: Path | None) -> bool:
        """Take the content from the twin or the cache. A fault of theirs is no fault of the download."""
        if self._digest is None:
            return False
        with ExitStack() as stack:
            sources: list[int | None] = [stack.enter_context(_opened(twin, self._digest))] if twin else []
            sources += [stack.enter_context(self._cache.open(self._digest, self._size))] if self._cache else []
            for source in sources:
                if source is not None:
                    try:
                        part.copy(source, os.fstat(source).st_size)
                    except OSError:
                        part.restart()
                    else:
                        return self.complete(part) is None
        return False

    def _is_unusable(self, part: Part) -> bool:
        """Tell whether an earlier download left too much, or seems whole with nothing to compare it with."""
        if self._size is None:
            return False
        return part.length > self._size or (self._digest is None and part.length == self._size)

    def _existing(self) -> ExistingFileError:
        return ExistingFileError(
            f"{self._target} exists.",
            hint="Say that it may be replaced, or choose another place.",
            errno=errno.EEXIST,
            filename=str(self._target),
        )


@contextmanager
def _opened(path: Path, digest: Digest) -> Generator[int | None, None, None]:
    """Open a file if it has the content of a digest."""
    try:
        file = os.open(path, os.O_RDONLY | FLAGS)
    except OSError:
        yield None
        return
    try:
        is_right = False
        with suppress(OSError):
            is_right = is_content(file, digest)
        yield file if is_right else None
    finally:
        os.close(file)
