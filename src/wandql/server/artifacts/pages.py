"""Pages of collections and of their versions, by the filters and orders that clients send."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from sqlalchemy import func, select

from wandql.server import tables
from wandql.server.artifacts.fields import (
    COLLECTION_FIELDS,
    COLLECTION_SOURCE,
    PROJECT_FIELDS,
    VERSION_FIELDS,
)
from wandql.server.artifacts.lookups import fetch_memberships, memberships
from wandql.server.artifacts.records import COLLECTION_COLUMNS, CollectionRecord, MembershipRecord
from wandql.server.filters.conditions import compile_filter, read_filter
from wandql.server.filters.orders import compile_order
from wandql.server.messages import Refusal
from wandql.server.records import PROJECT_COLUMNS, ProjectRecord
from wandql.server.store import fetch

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Connection, Select

    from wandql.server.context import Context
    from wandql.server.filters.fields import FieldResolver
    from wandql.server.pages import Page, Window

__all__ = [
    "collections_that_match",
    "page_of_collections",
    "page_of_projects",
    "page_of_versions",
    "projects_that_match",
]

R = TypeVar("R")


def page_of_projects(
    context: Context, condition: ColumnElement[bool], filters: str | None, order: str | None, window: Window
) -> Page[ProjectRecord]:
    """Return a page of projects, the newest first unless an order is given.

    Raises:
        Refusal: The filter or the order cannot be read (400).
    """
    return _page(context, _PROJECTS, condition, filters, order, window)


def page_of_collections(
    context: Context, condition: ColumnElement[bool], filters: str | None, order: str | None, window: Window
) -> Page[CollectionRecord]:
    """Return a page of collections, the newest first unless an order is given.

    Raises:
        Refusal: The filter or the order cannot be read (400).
    """
    return _page(context, _COLLECTIONS, condition, filters, order, window)


def page_of_versions(
    context: Context, condition: ColumnElement[bool], filters: str | None, order: str | None, window: Window
) -> Page[MembershipRecord]:
    """Return a page of versions as parts of collections, by number unless an order is given, the highest first.

    Raises:
        Refusal: The filter or the order cannot be read (400).
    """
    return _page(context, _VERSIONS, condition, filters, order, window)


def projects_that_match(context: Context, condition: ColumnElement[bool], filters: str | None) -> ColumnElement[bool]:
    """Return the condition on collections that they are in a project that matches.

    Raises:
        Refusal: The filter cannot be read (400).
    """
    source = tables.projects.join(tables.entities)
    keys = (
        select(tables.projects.c.key).select_from(source).where(condition, _matching(context, filters, PROJECT_FIELDS))
    )
    return tables.collections.c.project_key.in_(keys)


def collections_that_match(
    context: Context, condition: ColumnElement[bool], filters: str | None
) -> ColumnElement[bool]:
    """Return the condition on memberships that they are in a collection that matches.

    Raises:
        Refusal: The filter cannot be read (400).
    """
    keys = select(tables.collections.c.key).select_from(COLLECTION_SOURCE)
    return tables.artifact_memberships.c.collection_key.in_(
        keys.where(condition, _matching(context, filters, COLLECTION_FIELDS))
    )


@dataclass(frozen=True, slots=True)
class _Noun(Generic[R]):
    """What is listed.

    Attributes:
        query: All there are.
        fields: What filters and orders may name.
        order: The order where none is given.
        key: What parts those that tie in an order.
        read: Makes records of the rows of a query.
    """

    query: Select[*tuple[Any, ...]]
    fields: FieldResolver
    order: str
    key: ColumnElement[Any]
    read: Callable[[Connection, Select[*tuple[Any, ...]]], list[R]]


_PROJECTS: Final = _Noun(
    select(*PROJECT_COLUMNS).select_from(tables.projects.join(tables.entities)),
    PROJECT_FIELDS,
    "-id",
    tables.projects.c.key,
    partial(fetch, kind=ProjectRecord),
)
_COLLECTIONS: Final = _Noun(
    select(*COLLECTION_COLUMNS).select_from(COLLECTION_SOURCE),
    COLLECTION_FIELDS,
    "-id",
    tables.collections.c.key,
    partial(fetch, kind=CollectionRecord),
)
_VERSIONS: Final = _Noun(
    memberships(), VERSION_FIELDS, "-version_index", tables.artifact_memberships.c.key, fetch_memberships
)


def _page(
    context: Context,
    noun: _Noun[R],
    condition: ColumnElement[bool],
    filters: str | None,
    order: str | None,
    window: Window,
) -> Page[R]:
    matching = noun.query.where(condition, _matching(context, filters, noun.fields))
    terms = _ordering(context, order or noun.order, noun.fields, noun.key)
    found = noun.read(context.connection, matching.order_by(*terms).offset(window.offset).limit(window.reach))
    count = matching.with_only_columns(func.count(), maintain_column_froms=True)
    return window.page(found, lambda: context.connection.execute(count).scalar_one())


def _matching(context: Context, text: str | None, fields: FieldResolver) -> ColumnElement[bool]:
    try:
        return compile_filter(read_filter(text), fields, context.dialect)
    except ValueError as error:
        raise Refusal(400, str(error)) from None


def _ordering(
    context: Context, text: str, fields: FieldResolver, tie_break: ColumnElement[Any]
) -> list[ColumnElement[object]]:
    try:
        return compile_order(text, fields, tie_break, context.dialect)
    except ValueError as error:
        raise Refusal(400, str(error)) from None
