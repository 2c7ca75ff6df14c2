"""Writing a whole project into a directory, whether or not a server uses the store at the moment."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import shutil
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pydantic_core import to_json
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from wandql.errors import DataDirectoryError, ExistingFileError, LocalFileError, UsageError
from wandql.server import tables
from wandql.server.blobs import content_path
from wandql.server.projects.directory import (
    FORMAT,
    ContentsPage,
    EntityPage,
    ProjectPage,
    RowsPage,
    StoredBlob,
    content_place,
    rows_place,
)
from wandql.server.projects.rows import ExportedTable, exported_tables, left_out_rows, users_of_project
from wandql.server.store import Store

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from pathlib import Path

    from sqlalchemy import Connection

__all__ = ["PIECE", "ProjectExport", "explained_copying", "export_project"]

ATTEMPTS: Final = 20
"""How often contents may be replaced under our hands, by runs that are logging, before we give up."""
ROWS_AT_ONCE: Final = 1000
PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProjectExport:
    """What was exported or imported.

    Attributes:
        entity: Whose project it is.
        project: Its name.
        rows: How many rows of each table.
        contents: How many different contents.
        size: How many bytes these have.
        left_out: How many rows of each table were left out, since they name what belongs to other projects.
    """

    entity: str
    project: str
    rows: dict[str, int]
    contents: int
    size: int
    left_out: dict[str, int] = field(default_factory=dict[str, int])


def export_project(
    data: Path, entity: str, project: str, directory: Path, *, database: str | None = None
) -> ProjectExport:
    """Write a project into a new directory: all that it owns, as it is at one moment.

    Args:
        data: The data directory of a server, which may be running.
        entity: The project's entity.
        project: Its name.
        directory: Where to write. It must not exist, or be empty. It is there when the export is whole, not before.
        database: The URL of the database that has the rows; None for SQLite in the data directory.

    Raises:
        DataDirectoryError: The data directory cannot be used, or a content in it is damaged.
        ExistingFileError: The directory has something in it.
        LocalFileError: A file cannot be written.
        UsageError: There is no such project.
    """
    if database is None and not (data / "wandql.db").is_file():
        raise DataDirectoryError(f"{data} is not the data directory of a server.", hint="Name it with --data.")
    with (
        explained_copying(data),
        _arriving(directory) as partial,
        closing(Store(data, database=database, lock=False)) as store,
    ):
        copies = _Copies(data, partial)
        for _ in range(ATTEMPTS):
            with store.read() as connection:
                project_key = _find(connection, entity, project, data)
                if copies.take(connection, project_key):
                    return _write(connection, project_key, copies, partial)
        raise LocalFileError(
            f"Runs of {entity}/{project} replace their files faster than these can be copied.",
            hint="Export it again when fewer runs are logging.",
        )


@contextmanager
def explained_copying(data: Path) -> Generator[None]:
    """Say of errors of the system which file they are about, and of those of a database which data directory.

    Raises:
        DataDirectoryError: The database cannot do it.
        LocalFileError: A file cannot be read or written.
    """
    try:
        yield
    except LocalFileError:
        raise
    except DatabaseError as error:
        raise DataDirectoryError(f"The database of {data} cannot do this: {error.orig}.") from error
    except OSError as error:
        name = str(error.filename) if error.filename is not None else None
        reason = error.strerror or str(error)
        message = f"{name}: {reason}." if name else f"{reason}."
        raise LocalFileError(message, errno=error.errno, filename=name) from error


@dataclass(slots=True)
class _Copies:
    """The contents of a project, copied. Those that are there survive another attempt: no content ever changes."""

    data: Path
    directory: Path
    digests: dict[str, str] = field(default_factory=dict[str, str])
    blobs: dict[str, StoredBlob] = field(default_factory=dict[str, StoredBlob])
    sizes: dict[str, int] = field(default_factory=dict[str, int])

    def take(self, connection: Connection, project_key: int) -> bool:
        """Copy what the rows of a project name. Return False if a content was deleted meanwhile."""
        blobs = tables.blobs
        for exported in exported_tables().values():
            if exported.blob_column is None:
                continue
            tokens = exported.rows(project_key).with_only_columns(exported.table.c[exported.blob_column])
            query = select(blobs).where(blobs.c.token.in_(tokens.order_by(None)))
            for row in connection.execute(query.order_by(blobs.c.token)):
                if row.content is not None and row.content not in self.digests:
                    try:
                        self.digests[row.content] = self._copy(row.content, row.size, row.md5)
                    except FileNotFoundError:
                        if content_path(self.data, row.content).exists():
                            raise
                        return False
                digest = None if row.content is None else self.digests[row.content]
                values = {"size": row.size, "md5": row.md5, "updated_at": row.updated_at}
                self.blobs[row.token] = StoredBlob(sha256=digest, **values)
        self.sizes = {blob.sha256: blob.size for blob in self.blobs.values() if blob.sha256 is not None}
        for digest in {*self.digests.values()} - self.sizes.keys():  # of an attempt before this one
            content_place(self.directory, digest).unlink(missing_ok=True)
        return True

    def _copy(self, content: str, size: int, md5: str | None) -> str:
        """Copy a content and return its SHA-256."""
        sha256, known = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        arriving = self.directory / f"arriving-{secrets.token_hex(8)}"
        with content_path(self.data, content).open("rb") as source, arriving.open("xb") as target:
            copied = 0
            while piece := source.read(PIECE):
                sha256.update(piece)
                known.update(piece)
                copied += target.write(piece)
        if copied != size or (md5 is not None and base64.b64encode(known.digest()).decode() != md5):
            raise DataDirectoryError(f"{content_path(self.data, content)} is damaged: it is not what was uploaded.")
        place = content_place(self.directory, sha256.hexdigest())
        place.parent.mkdir(parents=True, exist_ok=True)
        arriving.replace(place)
        return sha256.hexdigest()


def _find(connection: Connection, entity: str, project: str, data: Path) -> int:
    projects, entities = tables.projects.c, tables.entities.c
    query = select(projects.key).join_from(tables.projects, tables.entities)
    key: int | None = connection.execute(query.where(entities.name == entity, projects.name == project)).scalar()
    if key is None:
        raise UsageError(f"There is no project {entity}/{project} in {data}.", hint="Name another with --data.")
    return key


def _write(connection: Connection, project_key: int, copies: _Copies, directory: Path) -> ProjectExport:
    """Write the rows, then the page that makes the export whole."""
    (directory / "rows").mkdir()
    users = [dict(row) for row in connection.execute(users_of_project(project_key)).mappings()]
    pages = {"users": _write_rows(directory, "users", users)}
    left_out: dict[str, int] = {}
    for name, exported in exported_tables().items():
        pages[name] = _write_rows(directory, name, _rows(connection, exported, project_key, copies))
        left = left_out_rows(exported.table, project_key)
        if left is not None and (
            count := connection.execute(select(func.count()).select_from(left.subquery())).scalar()
        ):
            left_out[name] = count
    projects, entities = tables.projects.c, tables.entities.c
    query = select(projects.name, entities.name.label("entity"), entities.is_team)
    found = connection.execute(
        query.join_from(tables.projects, tables.entities).where(projects.key == project_key)
    ).one()
    page = ProjectPage(
        format=FORMAT,
        store=tables.VERSION,
        entity=EntityPage(name=found.entity, is_team=found.is_team),
        project=found.name,
        rows={name: page for name, page in pages.items() if page.rows},
        contents=ContentsPage(count=len(copies.sizes), bytes=sum(copies.sizes.values())),
    )
    page.write(directory)
    return ProjectExport(
        entity=found.entity,
        project=found.name,
        rows={name: page.rows for name, page in pages.items()},
        contents=page.contents.count,
        size=page.contents.bytes,
        left_out=left_out,
    )


def _rows(
    connection: Connection, exported: ExportedTable, project_key: int, copies: _Copies
) -> Generator[dict[str, object]]:
    blob = exported.blob_column is not None
    written = None
    with connection.execution_options(yield_per=ROWS_AT_ONCE).execute(exported.rows(project_key)) as found:
        for row in found.mappings():
            values: dict[str, object] = {str(name): value for name, value in row.items() if value is not None}
            if blob:
                values["blob"] = copies.blobs[row["blob"]].model_dump(exclude_none=True)
            if exported.table is tables.contents:
                if row["md5"] == written:
                    continue
                written = row["md5"]
            yield values


def _write_rows(directory: Path, table: str, rows: Iterable[dict[str, object]]) -> RowsPage:
    place, digest, count = rows_place(directory, table), hashlib.sha256(), 0
    with place.open("xb") as file:
        for row in rows:
            line = to_json(row) + b"\n"
            digest.update(line)
            file.write(line)
            count += 1
    if not count:
        place.unlink()
    return RowsPage(rows=count, sha256=digest.hexdigest())


@contextmanager
def _arriving(directory: Path) -> Generator[Path]:
    """Give a directory beside this one that becomes it at the end, or is deleted if an error passes."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise ExistingFileError(
            f"{directory} exists already.", hint="Name a new directory, or an empty one.", filename=str(directory)
        )
    directory.parent.mkdir(parents=True, exist_ok=True)
    partial = directory.with_name(f"{directory.name}.{secrets.token_hex(4)}.partial")
    partial.mkdir()
    try:
        yield partial
        if directory.exists():
            directory.rmdir()
        os.rename(partial, directory)  # noqa: PTH104 - `Path.rename` replaces on some systems
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
