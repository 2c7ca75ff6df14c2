r"""Where a file may be written: a name from a server never leaves its root.

- `/` separates directories. Empty parts and `.` are left out.
- Refused everywhere: an empty name, `..`, a leading or trailing `/`, NUL, and what is not Unicode text.
- A part of more than 255 bytes is shortened; a hash of the whole part keeps it apart from others.
- On Windows alone, what cannot stand in a file's name is written as in URLs: `a:b` is `a%3Ab`, `C:\x` is `C%3A%5Cx`,
  `CON` is `%43ON`, `a.` is `a%2E`, and a `%` that looks like one of these is `%25`. Two names are never one path, but
  for names that differ in capitals alone. Elsewhere `a:b` is `a:b`.

That symbolic links do not lead out either is the business of `wandql.client.transfers.directories`.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path, PurePosixPath
from typing import Final

from wandql.errors import UnsafeNameError

__all__ = ["WINDOWS", "safe_path", "unsafe_name"]

WINDOWS: Final = os.name == "nt"
LONGEST_PART: Final = 255
LONGEST_SUFFIX: Final = 20

IMPOSSIBLE: Final = re.compile(r"""[\x00-\x1f<>:"\\|?*]|%(?=[0-9A-Fa-f]{2})|[. ]\Z""")
DEVICE: Final = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³]) *(\..*)?", re.IGNORECASE | re.DOTALL)


def safe_path(root: Path, name: str, *, windows: bool = WINDOWS) -> Path:
    """Return the path of the file `name` below `root`. Touches no disk and sends nothing.

    Args:
        root: The directory that the name must not leave.
        name: The name, from a server: parts that `/` separates.
        windows: Whether the path has to be possible on Windows; by default, whether this is Windows.

    Raises:
        UnsafeNameError: The name leads out of the root, or names no file.

    Example:
        >>> safe_path(Path("artifacts"), "model/weights.bin").as_posix()
        'artifacts/model/weights.bin'
        >>> safe_path(Path("artifacts"), "../weights.bin")
        Traceback (most recent call last):
        wandql.errors.UnsafeNameError: The name '../weights.bin' leads out of artifacts: '..' goes up.
        Hint: Nothing was written. Tell whoever made the file, or choose another one.
    """
    parts = name.split("/")
    if name.startswith("/"):
        raise unsafe_name(name, root, "leads out of", "it is absolute")
    if ".." in parts:
        raise unsafe_name(name, root, "leads out of", "'..' goes up")
    if parts[-1] in {"", "."}:
        raise unsafe_name(name, root, "names no file below", "its last part is empty")
    if "\0" in name or not _is_text(name):
        raise unsafe_name(name, root, "names no file below", "no file system has such characters")
    return root.joinpath(*(_possible(part, windows=windows) for part in parts if part not in {"", "."}))


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _possible(part: str, *, windows: bool) -> str:
    if windows:
        part = IMPOSSIBLE.sub(lambda character: _escaped(character[0]), part)
        if DEVICE.fullmatch(part):
            part = _escaped(part[0]) + part[1:]
    if len(part.encode()) <= LONGEST_PART:
        return part
    suffix = PurePosixPath(part).suffix
    mark = (
        f"~{hashlib.sha256(part.encode()).hexdigest()[:16]}{suffix if len(suffix.encode()) <= LONGEST_SUFFIX else ''}"
    )
    return part.encode()[: LONGEST_PART - len(mark.encode())].decode(errors="ignore") + mark


def _escaped(character: str) -> str:
    return f"%{ord(character):02X}"


def unsafe_name(name: str, root: Path, fault: str, reason: str) -> UnsafeNameError:
    """Return the error that a name leads out of its root, or names no file below it."""
    error = UnsafeNameError(
        f"The name {name[:500]!r} {fault} {root}: {reason}.",
        hint="Nothing was written. Tell whoever made the file, or choose another one.",
    )
    error.name, error.root = name, str(root)
    return error
