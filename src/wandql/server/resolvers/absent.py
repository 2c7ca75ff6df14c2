"""What this server holds none of: organizations.

Reading them is answered with the truth, nothing, so that a client that looks for one goes on. Making one is not
served, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ariadne import QueryType, SchemaBindable

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

__all__ = ["BINDABLES"]

QUERY = QueryType()


@QUERY.field("organization")
def resolve_missing(_root: None, _info: GraphQLResolveInfo, **_name: str) -> None:
    """Answer that there is none of this name."""


BINDABLES: list[SchemaBindable] = [QUERY]
