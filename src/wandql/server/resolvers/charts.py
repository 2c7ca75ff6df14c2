"""Charts that an entity has defined. They are kept: nothing here draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ariadne import MutationType, SchemaBindable

from wandql.server import tables
from wandql.server.databases.upserts import upsert
from wandql.server.documents import parse_object
from wandql.server.lookups import own_entity
from wandql.server.records import CustomChartRecord
from wandql.server.resolvers.projects import valid_name

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from wandql.server.context import Context

__all__ = ["BINDABLES"]

MUTATION = MutationType()


class CreateCustomChartInput(TypedDict):
    """The input of `createCustomChart`."""

    entity: str
    name: str
    display_name: str
    type: str
    access: str
    spec: str
    client_mutation_id: str | None


@MUTATION.field("createCustomChart")
def resolve_create(_root: None, info: GraphQLResolveInfo, input: CreateCustomChartInput) -> dict[str, object]:  # noqa: A002
    """Keep a chart, in the place of one with the same name."""
    context: Context = info.context
    entity = own_entity(context, input["entity"])
    parse_object(input["spec"], "The definition of the chart")
    values = {
        "entity_key": entity.key,
        "user_key": context.writer.key,
        "name": valid_name(input["name"], "a chart"),
        "display_name": input["display_name"],
        "type": input["type"],
        "access": input["access"],
        "spec": input["spec"],
        "created_at": context.now,
    }
    charts = tables.custom_charts
    statement = upsert(charts).values(values).on_conflict_do_update(["entity_key", "name"], set_=values)
    context.connection.execute(statement)
    chart = CustomChartRecord(f"{entity.name}/{values['name']}")
    return {"chart": chart, "clientMutationId": input.get("client_mutation_id")}


BINDABLES: list[SchemaBindable] = [MUTATION]
