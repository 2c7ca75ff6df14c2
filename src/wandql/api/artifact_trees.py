"""Directories that artifacts were downloaded into."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from wandql.api.manifest import Manifest, ManifestEntry
from wandql.client.transfers.digests import is_content
from wandql.client.transfers.directories import FLAGS, Place, local_errors
from wandql.client.transfers.file_copies import copy_content
from wandql.client.transfers.places import safe_path
from wandql.errors import IntegrityError, LocalFileError

__all__ = ["copy_reference", "default_root", "prune_tree", "verify_tree"]


def default_root(directory: Path, name: str) -> Path:
    """Return where an artifact goes by default: `artifacts/digits:v3`.

    Args:
        directory: The directory for artifacts, from the settings.
        name: Collection and version.
    """
    return safe_path(directory, name)


def copy_reference(entry: ManifestEntry, target: Path, root: Path) -> None:
    """Copy a file of this machine that a reference leads to. It appears in one step, and only if it is the right one.

    Args:
        entry: The reference. Its digest is compared if it is an MD5.
        target: The path of the copy.
        root: The directory that no link may lead out of.

    Raises:
        LocalFileError: It cannot be read, or is no file, or the copy cannot be written.
        IntegrityError: It is not what it was when the artifact was logged.
        UnsafeNameError: A link leads out of the root.
    """
    source = Path(url2pathname(urlsplit(entry.ref or "").path))
    with local_errors(target, "written"), Place.prepare(target, root) as place:
        if entry.checksum and place.has(entry.checksum, entry.size):
            return
        with local_errors(source, "read"), source.open("rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise LocalFileError(f"{source} cannot be read: it is no file.", filename=str(source))
            if entry.checksum and not is_content(file.fileno(), entry.checksum):
                raise IntegrityError(
                    f"{source} is not what it was when the artifact was logged: its digest differs.",
                    hint="Nothing was kept. Restore the file, or log the artifact anew.",
                    path=entry.path,
                )
            part = f".{secrets.token_hex(8)}.part"
            descriptor = place.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL)
            try:
                try:
                    copy_content(file.fileno(), descriptor, found.st_size)
                finally:
                    os.close(descriptor)
                place.rename(part, place.name, replace=True)
            finally:
                place.unlink(part)


def verify_tree(root: Path, manifest: Manifest, *, of: str) -> None:
    """Compare a directory with a manifest: each file is there with its content, and no other file is.

    References are not compared, whether they are there or not.

    Args:
        root: The directory.
        manifest: What should be in it.
        of: Whose manifest it is, for errors.

    Raises:
        IntegrityError: A file is missing, differs, or should not be there.
        LocalFileError: A file cannot be read.
        UnsafeNameError: A name leads out of the directory.
    """
    for entry in manifest.files:
        path = safe_path(root, entry.path)
        try:
            file = os.open(path, os.O_RDONLY | FLAGS)
        except FileNotFoundError:
            raise _unlike(of, entry.path, f"{path} is missing") from None
        except OSError as error:
            raise LocalFileError(
                f"{path} cannot be read: {error.strerror}.", errno=error.errno, filename=str(path)
            ) from error
        try:
            with local_errors(path, "read"):
                is_right = entry.checksum is not None and is_content(file, entry.checksum)
        finally:
            os.close(file)
        if not is_right:
            raise _unlike(of, entry.path, f"the digest of {path} differs")
    for path in _strangers(root, manifest.entries.values()):
        raise _unlike(of, str(path), f"{path} is none of its files")


def prune_tree(root: Path, manifest: Manifest) -> None:
    """Delete all files below a directory that are not in a manifest, links too. Directories stay.

    Raises:
        LocalFileError: One cannot be deleted.
    """
    for path in _strangers(root, manifest.entries.values()):
        with local_errors(path, "deleted"):
            path.unlink()


def _strangers(root: Path, entries: Iterable[ManifestEntry]) -> Iterable[Path]:
    known = {safe_path(root, entry.path) for entry in entries}
    for folder, below, files in os.walk(root):
        # Links to directories are no directories of the tree.
        links = [name for name in below if Path(folder, name).is_symlink()]
        yield from (path for path in (Path(folder, name) for name in sorted([*files, *links])) if path not in known)


def _unlike(of: str, path: str, fault: str) -> IntegrityError:
    return IntegrityError(
        f"The directory is not what {of} is: {fault}.", hint="download() fetches what is missing or differs.", path=path
    )
