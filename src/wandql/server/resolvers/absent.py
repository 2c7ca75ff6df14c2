"""What this server holds none of yet: reports, organizations.

Reading them is answered with the truth, nothing, so that a client that looks for one goes on. Making one is not
served, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ariadne import ObjectType, QueryType, SchemaBindable

from wandql.server.pages import Page, Window

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.records import ProjectRecord

__all__ = ["BINDABLES"]

QUERY = QueryType()
PROJECT = ObjectType("Project")


@QUERY.field("organization")
@QUERY.field("view")
def resolve_missing(_root: None, _info: GraphQLResolveInfo, **_name: str) -> None:
    """Answer that there is none of this name."""


@PROJECT.field("allViews")
def resolve_empty(_source: ProjectRecord, _info: GraphQLResolveInfo, **_page: object) -> Page[object]:
    """Answer an empty page."""
    return Window(0, 0).cut([])


BINDABLES: list[SchemaBindable] = [QUERY, PROJECT]
