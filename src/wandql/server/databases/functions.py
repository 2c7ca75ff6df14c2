"""What queries ask of a database in its own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import Boolean, LargeBinary, cast, column, literal, select, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from wandql.server.databases.columns import Text

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select, SQLColumnExpression
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

__all__ = ["Document", "gather", "matches", "members_of", "rows_of"]


class Document(FunctionElement[str]):
    """A document to filter and order by: the column `…_index`, or the document's own where that holds nothing.

    PostgreSQL keeps what the two make as a third column, `…_document`, so that it need not parse them for each query.

    Args:
        index: The column `…_index`.
        text: The document's column.
    """

    name = "document"
    type = Text
    inherit_cache: bool | None = True

    def __init__(self, index: ColumnElement[str | None], text: ColumnElement[str | None]) -> None:
        super().__init__(index, text)


@compiles(Document)
def _coalesced(element: Document, compiler: SQLCompiler, **options: object) -> str:
    return f"coalesce({compiler.process(element.clauses, **options)})"


@compiles(Document, "postgresql")
def _generated(element: Document, compiler: SQLCompiler, **options: object) -> str:
    _, text = element.clauses
    if not isinstance(text, sqlalchemy.Column):
        raise TypeError(text)
    name = f"{text.name}_document"
    return compiler.process(table(text.table.name, column(name)).c[name], **options)


class _Texts(FunctionElement[str]):
    """The rows of a JSON list of texts."""

    name = "texts"
    type = Text
    inherit_cache: bool | None = True


class _Integers(FunctionElement[int]):
    """The rows of a JSON list of integers."""

    name = "integers"
    inherit_cache: bool | None = True


@compiles(_Texts)
@compiles(_Integers)
def _each(element: _Texts | _Integers, compiler: SQLCompiler, **options: object) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Texts, "postgresql")
def _each_text(element: _Texts, compiler: SQLCompiler, **options: object) -> str:
    return f"jsonb_array_elements_text(wandql_jsonb({compiler.process(element.clauses, **options)}))"


@compiles(_Integers, "postgresql")
def _each_bigint(element: _Integers, compiler: SQLCompiler, **options: object) -> str:
    rows = f"jsonb_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS jsonb))"
    return f"(SELECT CAST(value AS bigint) AS value FROM {rows})"  # noqa: S608 - of SQL that was compiled


def rows_of(text: ColumnElement[str], kind: TypeEngine[Any]) -> Select[tuple[object]]:
    """Return the texts of a JSON list, or its integers for a kind that is one, as rows."""
    rows = _Integers(text) if isinstance(kind, sqlalchemy.Integer) else _Texts(text)
    return select(rows.table_valued("value").c.value)


def members_of(texts: ColumnElement[str]) -> sqlalchemy.TableValuedAlias:
    """Return the rows of a column with a JSON list of texts, in their column `value`."""
    return _Texts(texts).table_valued("value")


class gather(FunctionElement[str]):  # noqa: N801 - as functions of SQLAlchemy are named
    """The JSON text of a list of what the rows hold."""

    name = "gather"
    type = Text
    inherit_cache: bool | None = True


@compiles(gather)
def _grouped(element: gather, compiler: SQLCompiler, **options: object) -> str:
    return f"json_group_array({compiler.process(element.clauses, **options)})"


@compiles(gather, "postgresql")
def _aggregated(element: gather, compiler: SQLCompiler, **options: object) -> str:
    return f"coalesce(CAST(jsonb_agg({compiler.process(element.clauses, **options)}) AS text), '[]')"


class _Match(FunctionElement[bool]):
    """Whether a text holds a match of a pattern, which is there twice: as Python and as PostgreSQL spells it."""

    name = "match"
    type = Boolean()
    inherit_cache: bool | None = True


@compiles(_Match)
def _regexp(element: _Match, compiler: SQLCompiler, **options: object) -> str:
    pattern, _, text = element.clauses
    # As bytes: Python refuses to make a text of a lone surrogate, and one such value would fail the whole query.
    return f"regexp({compiler.process(pattern, **options)}, {compiler.process(cast(text, LargeBinary), **options)})"


@compiles(_Match, "postgresql")
def _posix(element: _Match, compiler: SQLCompiler, **options: object) -> str:
    _, pattern, text = element.clauses
    # By the database's own collation, which knows the cases and classes of more letters than "C".
    searched = f'CAST({compiler.process(text, **options)} AS text) COLLATE "default"'
    return f"({searched} ~ {compiler.process(pattern, **options)})"


def matches(pattern: str, text: SQLColumnExpression[object]) -> ColumnElement[bool]:
    """Return the condition that a text holds a match of a regular expression.

    In SQLite it calls the function `regexp`, which is Python's. PostgreSQL has an engine of its own.
    """
    return _Match(literal(pattern, sqlalchemy.Text), literal(_respelled(pattern), Text), text)


_FLAGS = re.compile(r"\(\?([aiLmsux]+)\)")


def _respelled(pattern: str) -> str:
    """Return a pattern with the flags before it as PostgreSQL has them.

    There `.` matches a line break unless told otherwise by `p`, `^` and `$` the bounds of lines where told so by `w`,
    and `n` is both.
    """
    flags = set[str]()
    while found := _FLAGS.match(pattern):
        flags |= {*found[1]}
        pattern = pattern[found.end() :]
    lines = {(False, False): "p", (True, False): "n", (False, True): "s", (True, True): "w"}["m" in flags, "s" in flags]
    return f"(?{lines}{''.join(sorted(flags & {'i', 'x'}))}){pattern}"
