"""Reading a whole project from a directory into a store, whether or not a server uses it at the moment.

First everything is read and checked, and contents are copied; then all rows are written in one transaction. Rows keep
their keys, which clients know as ids, where none of their table's is taken; else all of the table get new ones.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
from contextlib import closing, contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError
from pydantic_core import from_json
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from wandql.errors import InvalidExportError, UsageError
from wandql.server import tables
from wandql.server.blobs import content_path
from wandql.server.databases.keys import last_key, skip_keys
from wandql.server.names import flaw_of_file_name, flaw_of_name
from wandql.server.people import add_team, add_user
from wandql.server.projects.directory import ProjectPage, StoredBlob, content_place, rows_place
from wandql.server.projects.exports import PIECE, ROWS_AT_ONCE, ProjectExport, explained_copying
from wandql.server.projects.rows import ExportedTable, Field, exported_tables, fits_in_64_bits
from wandql.server.store import Store, add, among

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Table

    from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["import_project"]

USERS: Final = "users"
NAMED: Final = {"projects": "a project", "runs": "a run"}
"""Tables whose names are parts of paths."""
REFERENCE: Final = re.compile(r"(?<=wandb-artifact://)[0-9a-f]+")


def import_project(
    data: Path,
    directory: Path,
    *,
    entity: str | None = None,
    project: str | None = None,
    database: str | None = None,
) -> ProjectExport:
    """Read a project from a directory into a store. It is there whole, or not at all.

    Users that its rows name are made where they are missing, without a key.

    Args:
        data: The data directory of a server, which may be running; made if it does not exist.
        directory: What `export_project` has written.
        entity: The entity that gets it; None for the one that it had, which is made if it is missing.
        project: Its name; None for the one that it had.
        database: The URL of the database that has the rows; None for SQLite in the data directory.

    Raises:
        DataDirectoryError: The data directory cannot be used.
        InvalidExportError: The directory is not a whole export, or is damaged.
        LocalFileError: A file cannot be read or written.
        UsageError: The project exists already, the entity does not, or a name cannot be one.
    """
    with explained_copying(data):
        page = ProjectPage.read(directory)
        source = _Source(directory, page)
        source.check()
        name = project or page.project
        if flaw := flaw_of_name(name, "a project"):
            raise UsageError(flaw)
        with closing(Store(data, database=database, lock=False)) as store:
            importing = _Import(source, data, entity, name)
            with store.read() as connection:
                importing.check_free(connection)
            with importing.copying():
                importing.copy()
                with store.write() as connection:
                    return importing.write(connection)


class _Source:
    """An exported project: rows that are known to be well-formed."""

    def __init__(self, directory: Path, page: ProjectPage) -> None:
        self.directory = directory
        self.page = page
        self.keys: dict[str, list[int]] = {}
        self.users: dict[str, str] = {}

    def check(self) -> None:
        """Read every row once.

        Raises:
            InvalidExportError: Something is missing, is there twice or has changed.
        """
        if strange := self.page.rows.keys() - exported_tables().keys() - {USERS}:
            raise InvalidExportError(f"{self.directory} has rows of an unknown table: {', '.join(sorted(strange))}.")
        for number, row in self._lines(USERS):
            match row:
                case {"username": str(username), "name": str(name)} if username not in self.users:
                    self.users[username] = name
                case _:
                    raise self._damage(USERS, number, "it is not a user, or is there twice")
        for name, exported in exported_tables().items():
            self.keys[name] = [key for row in self.rows(exported) if isinstance(key := row.get("key"), int)]
            if len({*self.keys[name]}) < len(self.keys[name]):
                raise InvalidExportError(f"{rows_place(self.directory, name)} has a key twice.")
        if len(self.keys["projects"]) != 1:
            raise InvalidExportError(f"{rows_place(self.directory, 'projects')} has not one row.")

    def rows(self, exported: ExportedTable) -> Iterator[JSONObject]:
        """Yield the rows of a table, with its default, or None, for each field that is missing.

        Raises:
            InvalidExportError: A row is not one of this table, or they are not those that were written.
        """
        table, known = exported.table.name, {field.name for field in exported.fields}
        fields = [(field.name, field.kinds, field.default, field) for field in exported.fields]
        for number, row in self._lines(table):
            if not row.keys() <= known:
                raise self._damage(table, number, f"there is no {sorted(row.keys() - known)[0]!r}")
            full: JSONObject = {}
            flaw = None
            for name, kinds, default, field in fields:
                full[name] = value = row.get(name, default)
                if type(value) not in kinds or (type(value) is int and not fits_in_64_bits(value)):
                    flaw = flaw or field.flaw_of(value)
            if flaw is None and table in NAMED:
                flaw = flaw_of_name(str(full["name"]), NAMED[table])
            if flaw is None and table == tables.files.name:
                flaw = flaw_of_file_name(str(full["name"]))
            if flaw is not None:
                raise self._damage(table, number, flaw)
            yield full

    def blob(self, row: JSONObject) -> StoredBlob:
        """Return the content that a row names."""
        try:
            return StoredBlob.model_validate(row["blob"])
        except ValidationError as error:
            raise InvalidExportError(f"{self.directory} names no content: {error.errors()[0]['msg']}.") from None

    def _lines(self, table: str) -> Iterator[tuple[int, JSONObject]]:
        page, place = self.page.rows.get(table), rows_place(self.directory, table)
        if page is None:
            return
        if not place.is_file():
            raise InvalidExportError(f"{place} is missing.")
        digest, count = hashlib.sha256(), 0
        with place.open("rb") as file:
            for count, line in enumerate(file, start=1):
                digest.update(line)
                try:
                    row: JSONValue = from_json(line, allow_inf_nan=False)
                except ValueError:
                    row = None
                if not isinstance(row, dict):
                    raise self._damage(table, count, "it is not a JSON object")
                yield count, row
        if count != page.rows or digest.hexdigest() != page.sha256:
            raise InvalidExportError(f"{place} is not what was exported: it was changed, or copied in part.")

    def _damage(self, table: str, number: int, flaw: str) -> InvalidExportError:
        return InvalidExportError(f"{rows_place(self.directory, table)}, line {number}: {flaw}.")


class _Import:
    """One import under way."""

    def __init__(self, source: _Source, data: Path, entity: str | None, project: str) -> None:
        self._source = source
        self._data = data
        self._entity = entity
        self._project = project
        self._copied: dict[str, list[str | None]] = {}
        self._made: set[str] = set()
        self._used: set[str] = set()
        self._keys: dict[Table, dict[int, int]] = {}
        self._shared: dict[str, dict[str, int]] = {"users": {}, "tags": {}, "contents": {}}
        self._entity_key = 0
        self._project_key = 0

    def check_free(self, connection: Connection) -> None:
        """Check that the project can be made.

        Raises:
            UsageError: It exists already, or there is no such entity.
        """
        projects, entities = tables.projects.c, tables.entities.c
        name = self._entity or self._source.page.entity.name
        if self._entity is not None and not connection.execute(select(entities.key).where(entities.name == name)).all():
            raise UsageError(
                f"There is no entity {name!r}.", hint="Add it with `wandql users add` or `wandql teams add`."
            )
        query = select(projects.key).join_from(tables.projects, tables.entities)
        if connection.execute(query.where(entities.name == name, projects.name == self._project)).first():
            raise UsageError(
                f"There is a project {name}/{self._project} already.", hint="Name another with --project or --entity."
            )

    @contextmanager
    def copying(self) -> Generator[None]:
        """Delete the copied contents that nothing holds at the end: all of them, if an error passes."""
        try:
            yield
        except BaseException:
            self._used.clear()
            raise
        finally:
            for content in self._made - self._used:
                with suppress(OSError):
                    content_path(self._data, content).unlink(missing_ok=True)

    def copy(self) -> None:
        """Copy all contents, before anybody has to wait for the transaction.

        Raises:
            InvalidExportError: A content is missing, or is not what was exported.
        """
        for name, exported in exported_tables().items():
            if exported.blob_column is not None:
                blobs = (self._source.blob(row) for row in self._source.rows(exported))
                self._copied[name] = [self._copy(blob) for blob in blobs]

    def write(self, connection: Connection) -> ProjectExport:
        """Write all rows."""
        self.check_free(connection)
        self._add_people(connection)
        for name, keys in self._source.keys.items():
            self._keys[exported_tables()[name].table] = _new_keys(connection, exported_tables()[name].table, keys)
        (self._project_key,) = self._keys[tables.projects].values()
        counts: dict[str, int] = {}
        for name, exported in exported_tables().items():
            rows = self._converted(connection, exported)
            if exported.table is tables.contents:
                counts[name] = self._add_contents(connection, rows)
                continue
            counts[name] = 0
            while batch := [*islice(rows, ROWS_AT_ONCE)]:
                try:
                    connection.execute(insert(exported.table), batch)
                except IntegrityError as error:
                    first = counts[name] + 1
                    raise InvalidExportError(
                        f"{rows_place(self._source.directory, name)}, lines {first} to {first + len(batch) - 1}: "
                        f"{error.orig}."
                    ) from error
                counts[name] += len(batch)
        page = self._source.page
        return ProjectExport(
            entity=self._entity or page.entity.name,
            project=self._project,
            rows=counts,
            contents=page.contents.count,
            size=page.contents.bytes,
        )

    def _add_people(self, connection: Connection) -> None:
        """Find the entity and the users; make those that are missing."""
        users, page = tables.users.c, self._source.page
        for username, name in self._source.users.items():
            known: int | None = connection.execute(select(users.key).where(users.username == username)).scalar()
            if known is None:
                known = add_user(connection, username)
                connection.execute(update(tables.users).where(users.key == known).values(name=name))
            self._shared["users"][username] = known
        entity, entities = self._entity or page.entity.name, tables.entities.c
        query = select(entities.key).where(entities.name == entity)
        if connection.execute(query).first() is None:
            if page.entity.is_team:
                add_team(connection, entity, {})
            else:
                add_user(connection, entity)
        self._entity_key = connection.execute(query).scalar_one()

    def _copy(self, blob: StoredBlob) -> str | None:
        if blob.sha256 is None:
            return None
        source, content = content_place(self._source.directory, blob.sha256), self._new_content()
        if not source.is_file():
            raise InvalidExportError(f"{source} is missing.")
        size, sha256, md5 = 0, hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        with source.open("rb") as reading, content_path(self._data, content).open("xb") as writing:
            while piece := reading.read(PIECE):
                sha256.update(piece)
                md5.update(piece)
                size += writing.write(piece)
            writing.flush()
            os.fsync(writing.fileno())
        if (size, sha256.hexdigest(), _base64(md5.digest())) != (blob.size, blob.sha256, blob.md5):
            raise InvalidExportError(f"{source} is not what was exported: its size or its digest is another.")
        return content

    def _new_content(self) -> str:
        content = secrets.token_hex(16)
        content_path(self._data, content).parent.mkdir(parents=True, exist_ok=True)
        self._made.add(content)
        return content

    def _converted(self, connection: Connection, exported: ExportedTable) -> Iterator[dict[str, JSONValue]]:
        """Yield the rows of a table as the database has them. What is `content` in them is on disk already."""
        name, owners = exported.table.name, self._owners(exported.table)
        conversions = [(field, self._conversion(connection, exported, field)) for field in exported.fields]
        plain = [(field.column.name, field.name) for field, convert in conversions if convert is None]
        others = [(field.column.name, field.name, convert) for field, convert in conversions if convert is not None]
        copied = self._copied.get(name)
        for number, row in enumerate(self._source.rows(exported)):
            values = {**owners, **{column: row[field] for column, field in plain}}
            for column, field, convert in others:
                value = row[field]
                values[column] = None if value is None else convert(value)
            if exported.blob_column is not None and copied is not None:
                values[exported.blob_column] = self._add_blob(connection, self._source.blob(row), copied[number])
            if exported.table is tables.projects:
                values["name"] = self._project
            yield values

    def _conversion(
        self, connection: Connection, exported: ExportedTable, field: Field
    ) -> Callable[[JSONValue], JSONValue] | None:
        """Return what makes a value of the database of one that is written down; None where they are the same."""
        target, keys = field.target, self._keys
        if field.name == "key":
            return lambda key: keys[exported.table][key] if isinstance(key, int) else None
        if field.column is tables.artifact_files.c.ref:
            return lambda ref: self._with_new_ids(str(ref))
        if target is None or field.is_blob:
            return None
        if field.natural is not None:
            return lambda name: self._shared_key(connection, target.name, str(name), exported)
        return lambda key: self._known_key(target, key, exported)

    def _owners(self, table: Table) -> dict[str, JSONValue]:
        """Return what is the same in all rows of a table: its project, its entity."""
        given: dict[str, JSONValue] = {"project_key": self._project_key, "entity_key": self._entity_key}
        return {name: value for name, value in given.items() if name in table.c}

    def _known_key(self, target: Table, value: JSONValue, exported: ExportedTable) -> int:
        known = self._keys[target].get(value) if isinstance(value, int) else None
        if known is None:
            place = rows_place(self._source.directory, exported.table.name)
            raise InvalidExportError(f"{place} names row {value} of {target.name}, which is missing.")
        return known

    def _shared_key(self, connection: Connection, target: str, name: str, exported: ExportedTable) -> int:
        known = self._shared[target].get(name)
        if known is None and target == "tags":
            tags = tables.tags
            query = select(tags.c.key).where(tags.c.entity_key == self._entity_key, tags.c.name == name)
            known = connection.execute(query).scalar()
            if known is None:
                known = add(connection, tags, {"entity_key": self._entity_key, "name": name})
            self._shared[target][name] = known
        if known is None:
            place = rows_place(self._source.directory, exported.table.name)
            raise InvalidExportError(f"{place} names {name!r} of {target}, which is missing.")
        return known

    def _add_blob(self, connection: Connection, blob: StoredBlob, content: str | None) -> str:
        token = secrets.token_hex(16)
        values = {"token": token, "content": content, **blob.model_dump(exclude={"sha256"})}
        connection.execute(insert(tables.blobs).values(values))
        if content is not None:
            self._used.add(content)
        return token

    def _add_contents(self, connection: Connection, rows: Iterator[dict[str, JSONValue]]) -> int:
        """Add the contents of versions that the entity does not have yet."""
        contents, blobs, count = tables.contents, tables.blobs, 0
        manifests = self._manifests() if self._moved else set[str]()
        for count, row in enumerate(rows, start=1):  # noqa: B007 - it counts
            named = str(row["md5"])
            if named in manifests:
                self._rewrite(connection, row)
            query = select(contents.c.key, contents.c.token, blobs.c.content).join_from(contents, blobs)
            query = query.where(contents.c.entity_key == self._entity_key, contents.c.md5 == row["md5"])
            known = connection.execute(query).first()
            if known is None:
                self._shared["contents"][named] = add(connection, contents, row)
                continue
            self._shared["contents"][named] = known.key
            mine = connection.execute(select(blobs).where(blobs.c.token == row["token"])).one()
            connection.execute(blobs.delete().where(blobs.c.token == row["token"]))
            if known.content is None and mine.content is not None:
                values = {"content": mine.content, "size": mine.size, "md5": mine.md5, "updated_at": mine.updated_at}
                connection.execute(update(blobs).where(blobs.c.token == known.token).values(values))
            else:
                self._used.discard(mine.content)
        return count

    @property
    def _moved(self) -> bool:
        return any(old != new for old, new in self._keys[tables.artifacts].items())

    def _manifests(self) -> set[str]:
        exported = exported_tables()[tables.artifact_manifests.name]
        return {str(row["content"]) for row in self._source.rows(exported)}

    def _rewrite(self, connection: Connection, row: dict[str, JSONValue]) -> None:
        """Let a manifest name the versions that it refers to by their new ids. Its digest changes with it."""
        blobs = tables.blobs
        former: str | None = connection.execute(
            select(blobs.c.content).where(blobs.c.token == row["token"])
        ).scalar_one()
        if former is None:
            return
        text = content_path(self._data, former).read_text("utf-8", errors="surrogateescape")
        rewritten = self._with_new_ids(text)
        if rewritten == text:
            return
        data, content = rewritten.encode("utf-8", errors="surrogateescape"), self._new_content()
        with content_path(self._data, content).open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        row["md5"] = _base64(hashlib.md5(data, usedforsecurity=False).digest())
        values = {"content": content, "size": len(data), "md5": row["md5"]}
        connection.execute(update(blobs).where(blobs.c.token == row["token"]).values(values))
        self._used.discard(former)
        self._used.add(content)

    def _with_new_ids(self, text: str) -> str:
        """Return a text whose references to versions of this project have their new ids."""
        keys = self._keys[tables.artifacts]

        def renew(match: re.Match[str]) -> str:
            with suppress(ValueError):
                kind, _, key = bytes.fromhex(match[0]).decode().partition(":")
                if kind == "Artifact" and int(key) in keys:
                    return f"{kind}:{keys[int(key)]}".encode().hex()
            return match[0]

        return REFERENCE.sub(renew, text)


def _new_keys(connection: Connection, table: Table, keys: list[int]) -> dict[int, int]:
    """Return the key that each row of a table gets: its own if nobody has or had one of them, else the next ones."""
    if not keys:
        return {}
    largest: int = connection.execute(select(func.coalesce(func.max(table.c.key), 0))).scalar_one()
    taken = connection.execute(select(table.c.key).where(among(table.c.key, keys)).limit(1)).first() is not None
    given = last_key(connection, table)  # ids of deleted rows are not given again
    largest, taken = max(largest, given), taken or min(keys) <= given
    if not taken and min(keys) > 0:
        new = {key: key for key in keys}
    else:
        new = {key: largest + number for number, key in enumerate(keys, start=1)}
    skip_keys(connection, table, max(new.values()))
    return new


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
