"""The directory of an exported project: where things are in it, and what its first page says.

    project.json                what this is, with the number of rows and the SHA-256 of each file below
    rows/TABLE.jsonl            the rows of a table, one JSON object a line, in the order of their keys; no nulls
    contents/ab/abcdef…         what was uploaded, named by its SHA-256

No name in it is a client's: a run may be called `../../x`, and a file too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError

from wandql.errors import InvalidExportError
from wandql.server import tables

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "FORMAT",
    "ContentsPage",
    "EntityPage",
    "ProjectPage",
    "RowsPage",
    "StoredBlob",
    "content_place",
    "rows_place",
]

FORMAT: Final = 1
PAGE: Final = "project.json"
SHA256: Final = re.compile(r"[0-9a-f]{64}")

Digest = Annotated[str, Field(pattern=f"^{SHA256.pattern}$")]


class _Page(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, strict=True)


class EntityPage(_Page):
    """Whose project it was."""

    name: str
    is_team: bool


class RowsPage(_Page):
    """A file of rows."""

    rows: NonNegativeInt
    sha256: Digest


class ContentsPage(_Page):
    """How many different contents there are."""

    count: NonNegativeInt
    bytes: NonNegativeInt


class StoredBlob(_Page):
    """An uploaded content, in a row. `sha256` names its file; one that was announced and has not arrived has none."""

    sha256: Digest | None = None
    size: NonNegativeInt = 0
    md5: str | None = None
    updated_at: int | None = None


class ProjectPage(_Page):
    """What an exported project says of itself.

    Attributes:
        format: The version of the layout of the directory.
        store: The version of the tables that the rows are of.
        entity: Whose it was.
        project: Its name.
        rows: The files of rows, by table. A table without rows has none.
        contents: What was uploaded.
    """

    format: int
    store: int
    entity: EntityPage
    project: str
    rows: dict[str, RowsPage]
    contents: ContentsPage

    def write(self, directory: Path) -> None:
        """Write it, which makes an export whole."""
        (directory / PAGE).write_bytes(f"{self.model_dump_json(indent=2)}\n".encode())

    @classmethod
    def read(cls, directory: Path) -> ProjectPage:
        """Read it.

        Raises:
            InvalidExportError: There is none, it is damaged, or a newer wandql wrote it.
            OSError: It cannot be read.
        """
        path = directory / PAGE
        if not path.is_file():
            raise InvalidExportError(
                f"{directory} is not a whole export of a project: it has no {PAGE}.",
                hint="Name a directory that `wandql export` has made.",
            )
        try:
            page = cls.model_validate_json(path.read_bytes())
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise InvalidExportError(f"{path} is damaged: {place}: {first['msg']}.") from None
        if page.format > FORMAT or page.store > tables.VERSION:
            raise InvalidExportError(
                f"{directory} was written by a newer wandql: its format is {page.format}.{page.store}, and this wandql "
                f"reads up to {FORMAT}.{tables.VERSION}.",
                hint="Update wandql.",
            )
        return page


def rows_place(directory: Path, table: str) -> Path:
    """Return where the rows of a table are."""
    return directory / "rows" / f"{table}.jsonl"


def content_place(directory: Path, sha256: str) -> Path:
    """Return where a content is.

    Raises:
        ValueError: The text is no digest, so it could lead anywhere.
    """
    if not SHA256.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is not a SHA-256.")
    return directory / "contents" / sha256[:2] / sha256
