"""Pages of collections and of their versions, by the filters and orders that clients send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from wandql.server import tables
from wandql.server.artifacts.fields import (
    COLLECTION_FIELDS,
    COLLECTION_SOURCE,
    PROJECT_FIELDS,
    VERSION_FIELDS,
    VERSION_SOURCE,
)
from wandql.server.artifacts.lookups import fetch_memberships, memberships
from wandql.server.artifacts.records import COLLECTION_COLUMNS, CollectionRecord, MembershipRecord
from wandql.server.filters import compile_filter, read_filter
from wandql.server.messages import Refusal
from wandql.server.orders import compile_order
from wandql.server.records import PROJECT_COLUMNS, ProjectRecord
from wandql.server.store import fetch

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from wandql.server.context import Context
    from wandql.server.fields import FieldResolver
    from wandql.server.pages import Page, Window

__all__ = [
    "collections_that_match",
    "page_of_collections",
    "page_of_projects",
    "page_of_versions",
    "projects_that_match",
]


def page_of_projects(
    context: Context, condition: ColumnElement[bool], filters: str | None, order: str | None, window: Window
) -> Page[ProjectRecord]:
    """Return a page of projects, the newest first unless an order is given.

    Raises:
        Refusal: The filter or the order cannot be read (400).
    """
    source = tables.projects.join(tables.entities)
    condition = condition & _matching(context, filters, PROJECT_FIELDS)
    terms = _ordering(context, order or "-id", PROJECT_FIELDS, tables.projects.c.key)
    query = select(*PROJECT_COLUMNS).select_from(source).where(condition).order_by(*terms)
    found = fetch(context.connection, query.offset(window.offset).limit(window.reach), ProjectRecord)
    count = select(func.count()).select_from(source).where(condition)
    return window.page(found, lambda: context.connection.execute(count).scalar_one())


def page_of_collections(
    context: Context, condition: ColumnElement[bool], filters: str | None, order: str | None, window: Window
) -> Page[CollectionRecord]:
    """Return a page of collections, the newest first unless an order is given.

    Raises:
        Refusal: The filter or the order cannot be read (400).
    """
    condition = condition & _matching(context, filters, COLLECTION_FIELDS)
    terms = _ordering(context, order or "-id", COLLECTION_FIELDS, tables.collections.c.key)
    query = select(*COLLECTION_COLUMNS).select_from(COLLECTION_SOURCE).where(condition).order_by(*terms)
    found = fetch(context.connection, query.offset(window.offset).limit(window.reach), CollectionRecord)
    count = select(func.count()).select_from(COLLECTION_SOURCE).where(condition)
    return window.page(found, lambda: context.connection.execute(count).scalar_one())


def page_of_versions(
    context: Context, condition: ColumnElement[bool], filters: str | None, order: str | None, window: Window
) -> Page[MembershipRecord]:
    """Return a page of versions as parts of collections, by number unless an order is given, the highest first.

    Raises:
        Refusal: The filter or the order cannot be read (400).
    """
    members = tables.artifact_memberships.c
    condition = condition & _matching(context, filters, VERSION_FIELDS)
    terms = _ordering(context, order or "-version_index", VERSION_FIELDS, members.key)
    query = memberships().where(condition).order_by(*terms).offset(window.offset).limit(window.reach)
    count = select(func.count()).select_from(VERSION_SOURCE).where(condition)
    found = fetch_memberships(context.connection, query)
    return window.page(found, lambda: context.connection.execute(count).scalar_one())


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
