"""What this server holds none of yet: sweeps, reports, organizations.

Reading them is answered with the truth, nothing, so that a client that looks for one goes on. Making one is not
served, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ariadne import ObjectType, QueryType

from wandql.server.pages import Page, Window

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.records import ProjectRecord

__all__ = ["BINDABLES"]

QUERY = QueryType()
PROJECT = ObjectType("Project")


@QUERY.field("organization")
@QUERY.field("view")
@PROJECT.field("sweep")
def resolve_missing(_source: ProjectRecord | None, _info: GraphQLResolveInfo, **_name: str) -> None:
    """Answer that there is none of this name."""


@PROJECT.field("allViews")
@PROJECT.field("sweeps")
def resolve_empty(_source: ProjectRecord, _info: GraphQLResolveInfo, **_page: object) -> Page[object]:
    """Answer an empty page."""
    return Window(0, 0).cut([])


@PROJECT.field("totalSweeps")
def resolve_no_sweeps(_project: ProjectRecord, _info: GraphQLResolveInfo) -> int:
    """Answer how many sweeps there are."""
    return 0


BINDABLES = [QUERY, PROJECT]
