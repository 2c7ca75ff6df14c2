"""What a file of a run says of itself."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from wandql.api.records import Record
from wandql.client.transfers.directories import local_errors
from wandql.errors import UsageError
from wandql.graphql.generated.fragments import FileFields

__all__ = ["FileView", "check_names", "check_readable", "is_uploaded", "name_below"]

# Signed anew whenever the server is asked.
LEASED: Final = {"url", "direct_url"}


class FileView(Record, FileFields):
    """One file of a run."""

    entity: str
    """The user or team that owns the run's project."""
    project: str
    """The name of the run's project."""
    run: str
    """The id of the run."""
    project_id: int | None
    """The number of the run's project."""

    @property
    def identity(self) -> str:
        """The run's path and the name, as text."""
        return f"{self.entity}/{self.project}/{self.run}/{self.name}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FileView) or type(other) is not type(self):
            return NotImplemented
        names = type(self).model_fields.keys() - LEASED
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def __hash__(self) -> int:
        return super().__hash__()

    def __repr__(self) -> str:
        return f"<File {self.name} ({self.size:,} bytes)>"


def is_uploaded(file: FileFields) -> bool:
    """Whether the file is there. Some servers answer for any name, with a file that has neither size nor digest."""
    return file.size > 0 or bool(file.md5)


def check_names(names: Sequence[str] | None, pattern: str | None) -> list[str] | None:
    """Return the names as a list; none at all mean all files.

    Raises:
        UsageError: They are no list of text, or there is a pattern, too.
    """
    if not names:
        return None
    if isinstance(names, str):
        raise UsageError(f"names is a list of names, not the text {names!r}.", hint=f"Write names=[{names!r}].")
    if pattern:
        raise UsageError("Files are asked for by names or by a pattern, not by both.")
    listed: list[object] = list(names)
    texts = [name for name in listed if isinstance(name, str)]
    if len(texts) < len(listed):
        raise UsageError(f"names is a list of text, not {listed!r}.")
    return texts


def name_below(root: Path, path: Path) -> str:
    """Return the name of a file on this machine by its place below a directory, with forward slashes.

    Raises:
        UsageError: It is not below it.
    """
    try:
        # `resolve()` would follow links, and the name is the one that the user sees.
        name = Path(os.path.abspath(path)).relative_to(os.path.abspath(root))  # noqa: PTH100
    except ValueError:
        raise UsageError(
            f"{path} is not below {root}, so it has no name there.", hint="Pass root=..., a directory above the file."
        ) from None
    return name.as_posix()


def check_readable(path: Path) -> None:
    """Open a file and close it.

    Raises:
        LocalFileError: It cannot be read.
    """
    with local_errors(path, "read"), path.open("rb"):
        pass
