"""Directories that are held open, so that what is written into one lands there whatever becomes of its path meanwhile.

Every directory below a root is opened by way of the one above it, without following links, and stays open; the file is
made, renamed and checked in that open directory. A link that somebody puts in the way, before or meanwhile, changes
nothing. A link to a directory that is itself below the root is followed.

What remains: on Windows, and wherever the system cannot open files relative to a directory, links are looked for once,
before writing; who swaps a directory for a link after that wins. Whoever may rename directories of the root may move an
open one elsewhere, and the file with it. The root itself is trusted, links in its path included.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, NoReturn, Self

from wandql.client.transfers.digests import Digest, is_content
from wandql.client.transfers.places import WINDOWS, unsafe_name
from wandql.errors import LocalFileError, WandqlError

__all__ = ["Place", "local_errors"]

MOST_LINKS: Final = 16

# Absent on Windows.
FLAGS: Final[int] = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
DIRECTORY: Final[int] = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_PATH", os.O_RDONLY)
RELATIVE: Final = {os.open, os.mkdir, os.rename, os.link, os.unlink, os.stat} <= os.supports_dir_fd

IS_FULL: Final = "Make room. What has arrived is kept: the next download goes on from there."
IS_CLOSED: Final = "Choose a directory that you may write to."
IS_ODD: Final = "A file stands where a directory has to be, or the other way round."
OTHERWISE: Final = "Check the path, its permissions and the disk."
HINTS: Final = {
    errno.ENOSPC: IS_FULL,
    errno.EDQUOT: IS_FULL,
    errno.EACCES: IS_CLOSED,
    errno.EPERM: IS_CLOSED,
    errno.EROFS: IS_CLOSED,
    errno.ENOTDIR: IS_ODD,
    errno.EISDIR: IS_ODD,
}


@contextmanager
def local_errors(path: Path, task: str) -> Generator[None, None, None]:
    """Say of an error of the file system which file it hit and what to do about it.

    Raises:
        LocalFileError: In place of every `OSError`.
    """
    try:
        yield
    except WandqlError:  # Some of them are errors of the system too.
        raise
    except OSError as error:
        raise LocalFileError(
            f"{path} cannot be {task}: {error.strerror or error}.",
            hint=HINTS.get(error.errno or 0, OTHERWISE) if task == "written" else OTHERWISE,
            errno=error.errno,
            filename=str(path),
        ) from error


class Place:
    """The name of a file in a directory that is held open. Names are those of siblings, `name` is the file's own.

    Attributes:
        path: The path of the file.
        name: The last part of the path.
    """

    def __init__(self, path: Path, directory: int | None) -> None:
        self.path = path
        self.name: str = path.name
        self._directory = directory

    @classmethod
    def prepare(cls, path: Path, root: Path | None = None) -> Self:
        """Make the directories that are missing, and hold the last one open.

        Args:
            path: The path of the file.
            root: The directory that no link may lead out of; None where the path is the user's own.

        Raises:
            UnsafeNameError: The path, or a link in it, leads out of the root.
            OSError: A directory cannot be made or opened.
        """
        folder = root or path.parent
        if not path.is_relative_to(folder) or ".." in path.relative_to(folder).parts:
            raise unsafe_name(str(path), folder, "leads out of", "it is elsewhere")
        folder.mkdir(parents=True, exist_ok=True)
        if RELATIVE:
            parts = path.parent.relative_to(folder).parts
            return cls(path, _descend(folder, parts, path, MOST_LINKS))
        path.parent.mkdir(parents=True, exist_ok=True)
        if not Path(os.path.realpath(path.parent)).is_relative_to(os.path.realpath(folder)):
            _refuse_link(path, folder)
        return cls(path, None)

    def open(self, name: str, flags: int) -> int:
        """Open a file, which is never a link. A new one gets the usual permissions."""
        return os.open(self._at(name), flags | FLAGS, 0o666, dir_fd=self._directory)

    def stat(self, name: str) -> os.stat_result | None:
        """Return what the system knows of a file or a link; None where there is none."""
        try:
            return os.stat(self._at(name), dir_fd=self._directory, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def has(self, digest: Digest, size: int | None) -> bool:
        """Tell whether the file is there, with this content. Reads all of it where its size is right."""
        found = self.stat(self.name)
        if (
            found is None
            or not stat.S_ISREG(found.st_mode)
            or found.st_size != (found.st_size if size is None else size)
        ):
            return False
        try:
            descriptor = self.open(self.name, os.O_RDONLY)
        except OSError:
            return False
        try:
            return is_content(descriptor, digest)
        finally:
            os.close(descriptor)

    def rename(self, source: str, target: str, *, replace: bool) -> None:
        """Rename a file in one step.

        Raises:
            FileExistsError: There is a `target`, and it may not be replaced.
        """
        if replace:
            return os.replace(
                self._at(source), self._at(target), src_dir_fd=self._directory, dst_dir_fd=self._directory
            )
        if WINDOWS:
            return os.rename(self._at(source), self._at(target))  # noqa: PTH104 - the relative form has no other name
        try:
            # Of the ways to rename only this one refuses a target that exists.
            os.link(self._at(source), self._at(target), src_dir_fd=self._directory, dst_dir_fd=self._directory)
        except FileExistsError:
            raise
        except OSError:  # A file system without links.
            if self.stat(target) is not None:
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
            return self.rename(source, target, replace=True)
        return self.unlink(source)

    def unlink(self, name: str) -> None:
        """Delete a file; that there is none is fine."""
        with suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self._directory)

    def sync(self) -> None:
        """Put the names of the directory on disk for good, where the system can."""
        if self._directory is not None:
            descriptor = os.open(".", os.O_RDONLY, dir_fd=self._directory)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def close(self) -> None:
        """Let the directory go."""
        directory, self._directory = self._directory, None
        if directory is not None:
            os.close(directory)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _at(self, name: str) -> str:
        return name if RELATIVE else str(self.path.with_name(name))


def _descend(root: Path, parts: Sequence[str], path: Path, links: int) -> int:
    """Open the directory `parts` below `root`, made where it is missing."""
    directory = os.open(root, DIRECTORY)
    for depth, part in enumerate(parts, 1):
        try:
            below = _enter(directory, part)
        except OSError as error:
            # What a link is reported as depends on the system.
            if not _is_link(directory, part):
                raise type(error)(error.errno, error.strerror, str(root.joinpath(*parts[:depth]))) from error
            target = Path(os.path.realpath(root.joinpath(*parts[:depth])))
            real = Path(os.path.realpath(root))
            if not links or not target.is_relative_to(real):
                _refuse_link(path, root)
            return _descend(real, [*target.relative_to(real).parts, *parts[depth:]], path, links - 1)
        finally:
            os.close(directory)
        directory = below
    return directory


def _enter(directory: int, part: str) -> int:
    with suppress(FileNotFoundError):
        return os.open(part, DIRECTORY | FLAGS, dir_fd=directory)
    with suppress(FileExistsError):
        os.mkdir(part, dir_fd=directory)
    return os.open(part, DIRECTORY | FLAGS, dir_fd=directory)


def _is_link(directory: int, part: str) -> bool:
    try:
        return stat.S_ISLNK(os.stat(part, dir_fd=directory, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False


def _refuse_link(path: Path, root: Path) -> NoReturn:
    raise unsafe_name(path.relative_to(root).as_posix(), root, "leads out of", "a symbolic link is in the way")
