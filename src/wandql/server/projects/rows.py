"""Which rows belong to a project, and how a directory writes them down: without anything of one database alone.

What a row belongs to is read from the tables themselves: a row is a project's if all that own it are, where an owner
takes its rows along when it goes. So a new table is exported without a word here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import JSON, Boolean, Column, DefaultClause, Integer, Table, and_, case, or_, select, union

from wandql.server import tables

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Select

    from wandql.graphql.scalars import JSONValue

    Rows: TypeAlias = Select[*tuple[Any, ...]]

__all__ = [
    "ExportedTable",
    "Field",
    "belonging",
    "exported_tables",
    "left_out_rows",
    "owned_tables",
    "users_of_project",
]

LOOSE: Final = {"history.key_set_key": tables.key_sets, "artifact_manifests.base_key": tables.artifacts}
"""Columns that name a row without a foreign key."""

LEFT_OUT: Final = {
    "automations", "deleted_runs", "history_exports", "launch_agents", "outdated_exports", "project_members",
    "project_teams", "run_queue_items", "run_queues", "upload_parts",
}  # fmt: skip
"""Tables that a project owns, and that stay where they are: what is made anew on request, who is admitted there, and
what waits there to be started.
"""

NATURAL: Final = {"users": "username", "tags": "name", "contents": "md5"}
"""Tables of what projects share, and the column by which a row of a project names a row there."""

SHARED: Final = {"entities", "projects"}
"""Tables whose row is the same for all rows of a project: it is not written down."""

LARGEST: Final = 2**63

KINDS: Final[dict[type, type]] = {Boolean: bool, Integer: int, JSON: list}
"""The types of JSON for those of columns; of others it is text."""


def fits_in_64_bits(number: int) -> bool:
    """Tell whether a column can hold an integer."""
    return -LARGEST <= number < LARGEST


@dataclass(frozen=True, slots=True)
class Field:
    """A column as it is written down.

    Attributes:
        name: Its name in the exported row.
        column: The column.
        target: The table whose row it names; None for a value.
    """

    name: str
    column: Column[Any]
    target: Table | None

    @property
    def is_blob(self) -> bool:
        """Whether it is written down as an uploaded content."""
        return self.target is tables.blobs

    @property
    def natural(self) -> str | None:
        """The column of `target` that is written down in place of the row's key; None for the key itself."""
        return None if self.target is None else NATURAL.get(self.target.name)

    @property
    def kinds(self) -> frozenset[type]:
        """The types that its values have in JSON."""
        kind = self.column.type
        if self.is_blob:
            fitting: type = dict
        elif self.natural is not None:
            fitting = str
        else:
            fitting = next((fits for column, fits in KINDS.items() if isinstance(kind, column)), str)
        return frozenset({fitting, NoneType} if self.column.nullable else {fitting})

    @property
    def default(self) -> JSONValue:
        """What an export from before this column was there means; None where the column has no default."""
        clause = self.column.server_default
        if not isinstance(clause, DefaultClause) or not isinstance(clause.arg, str):
            return None
        if isinstance(self.column.type, Boolean):
            return bool(int(clause.arg))
        return int(clause.arg) if isinstance(self.column.type, Integer) else clause.arg

    def flaw_of(self, value: JSONValue) -> str | None:
        """Return why a value cannot be this field's; None if it can."""
        if type(value) in self.kinds and (type(value) is not int or fits_in_64_bits(value)):
            return None
        return f"{self.name!r} is missing" if value is None else f"{self.name!r} is {type(value).__name__}"


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A table with rows of projects.

    Attributes:
        table: The table.
        fields: Its columns as they are written down, in order.
    """

    table: Table
    fields: tuple[Field, ...]

    @property
    def is_keyed(self) -> bool:
        """Whether its rows have keys of their own that others name, and clients know."""
        return any(field.name == "key" for field in self.fields)

    @property
    def blob_column(self) -> str | None:
        """The column that names an uploaded content; None if none does."""
        return next((field.column.name for field in self.fields if field.is_blob), None)

    def rows(self, project_key: int) -> Rows:
        """Return the query for a project's rows, in the order in which they are written down."""
        source: FromClause = self.table
        chosen: dict[str, ColumnElement[Any]] = {}
        for field in self.fields:
            column = field.column
            if field.target is not None and field.natural is not None:
                source = source.outerjoin(field.target, column == field.target.c.key)
                chosen[field.name] = field.target.c[field.natural]
            elif field.target in owned_tables() and column.name not in _owners(self.table):
                chosen[field.name] = case((column.in_(belonging(field.target, project_key)), column))
            else:
                chosen[field.name] = column
        by_column = {field.column.name: chosen[field.name] for field in self.fields}
        order = [by_column[column.name] for column in self.table.primary_key if column.name in by_column]
        if self.table is tables.contents:  # an entity of another version may have the same content
            mine = self.table.c.entity_key.in_(_owner_of(project_key))
            order = [by_column["md5"], mine.desc(), self.table.c.key]
        query = select(*(column.label(name) for name, column in chosen.items())).select_from(source)
        return query.where(_belongs(self.table, project_key)).order_by(*order)


@cache
def owned_tables() -> dict[Table, tuple[Column[Any], ...]]:
    """Return the tables whose rows a project owns, each with the columns that name the owners of a row.

    A table comes after all that its rows name.
    """
    owned: dict[Table, tuple[Column[Any], ...]] = {tables.projects: ()}
    for table in tables.metadata.sorted_tables:
        owners = tuple(
            column
            for column in table.columns
            for key in column.foreign_keys
            if key.ondelete == "CASCADE" and key.column.table in owned
        )
        if owners and table.name not in LEFT_OUT:
            owned[table] = owners
    return owned


@cache
def exported_tables() -> dict[str, ExportedTable]:
    """Return the tables that are exported, by name: those that a project owns, and the contents that its rows name."""
    wanted = {*owned_tables(), tables.contents}
    return {
        table.name: ExportedTable(table, tuple(_fields(table)))
        for table in tables.metadata.sorted_tables
        if table in wanted
    }


def belonging(table: Table, project_key: int) -> Rows:
    """Return the query for the keys of a project's rows in a table."""
    return select(table.c.key).where(_belongs(table, project_key))


def users_of_project(project_key: int) -> Rows:
    """Return the query for the names of those whom rows of a project name, and the entity's own user."""
    named = [
        select(field.column).where(_belongs(exported.table, project_key))
        for exported in exported_tables().values()
        for field in exported.fields
        if field.target is tables.users
    ]
    users, entities = tables.users, tables.entities
    own = users.c.username.in_(
        select(entities.c.name).where(entities.c.key.in_(_owner_of(project_key)), ~entities.c.is_team)
    )
    names = select(users.c.username, users.c.name)
    return names.where(or_(users.c.key.in_(union(*named)), own)).order_by(users.c.username)


def left_out_rows(table: Table, project_key: int) -> Rows | None:
    """Return the query for the keys of rows that only one side of belongs to the project; None if there cannot be any.

    A run that uses an artifact of another project is one.
    """
    owners = owned_tables().get(table, ())
    if len({*(_target(column) for column in owners)}) < 2:
        return None
    inside = [_inside(column, project_key) for column in owners]
    return select(*table.primary_key.columns).where(or_(*inside), ~and_(*inside))


def _belongs(table: Table, project_key: int) -> ColumnElement[bool]:
    if table is tables.projects:
        return tables.projects.c.key == project_key
    if table is tables.contents:
        holders = [
            select(column).where(_belongs(holder, project_key))
            for holder in owned_tables()
            for column in holder.columns
            if _target(column) is tables.contents
        ]
        return tables.contents.c.key.in_(union(*holders))
    return and_(*(_inside(column, project_key) for column in owned_tables()[table]))


def _inside(column: Column[Any], project_key: int) -> ColumnElement[bool]:
    target = _target(column)
    if target is None or target is tables.projects:
        return column == project_key
    return column.in_(belonging(target, project_key))


def _fields(table: Table) -> list[Field]:
    fields: list[Field] = []
    for column in table.columns:
        target = _target(column)
        if (target is not None and target.name in SHARED) or (table is tables.contents and column.name == "key"):
            continue
        natural = target is not None and (target.name in NATURAL or target is tables.blobs)
        name = "blob" if target is tables.blobs else column.name
        fields.append(Field(name.removesuffix("_key") if natural else name, column, target))
    return fields


def _owners(table: Table) -> set[str]:
    return {column.name for column in owned_tables().get(table, ())}


def _owner_of(project_key: int) -> Rows:
    return select(tables.projects.c.entity_key).where(tables.projects.c.key == project_key)


def _target(column: Column[Any]) -> Table | None:
    """Return the table whose row a column names; None if it holds a value."""
    named = next((key.column.table for key in column.foreign_keys), None)
    return named if isinstance(named, Table) else LOOSE.get(f"{column.table.name}.{column.name}")
