"""Which part of the schema is used by whom: `python -m tools.codegen.usage` lists it.

The schema is grown, not dumped: a field is there because `queries/` asks for it, or because the official SDK, which the
embedded server serves, sends it. What the SDK sends is recorded in `sdk_usage.txt`.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    ObjectValueNode,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_introspection_type,
    visit,
)

from tools.codegen.sources import QueryRulesError, Sources, named_type

__all__ = ["report", "used_by_queries", "used_by_sdk"]

SDK_USAGE = Path(__file__).with_name("sdk_usage.txt")
# What Relay and the mutation convention require of every type that follows them.
CONVENTIONAL = {"clientMutationId", "cursor", "edges", "node", "pageInfo", "totalCount"}


def report(sources: Sources) -> str:
    """Return a summary in one line.

    Raises:
        QueryRulesError: A field is used by nobody; the message names it.
    """
    queries, sdk = used_by_queries(sources), used_by_sdk()
    fields = coordinates(sources.schema)
    unused = [
        field for field in fields
        if field not in queries and field not in sdk and not _conventional(field)
    ]  # fmt: skip
    if unused:
        raise QueryRulesError(
            "\n".join(f"schema.graphql: {field}: neither queries/ nor the SDK uses it; remove it" for field in unused)
        )
    asked = sum(field in queries for field in fields)
    sent = sum(field in sdk and field not in queries for field in fields)
    return (
        f"{len(sources.operations)} operations; {len(fields)} fields in the schema: {asked} used by queries/, "
        f"{sent} by the official SDK alone, {len(fields) - asked - sent} by convention (connections, mutations)."
    )


def used_by_queries(sources: Sources) -> dict[str, list[str]]:
    """Return which operations use each field or input field (`Type.field`)."""
    users: dict[str, list[str]] = defaultdict(list)
    for operation in sources.operations:
        finder = _Fields(sources.schema)
        for definition in [operation, *sources.fragments_of(operation.node)]:
            visit(definition.node, TypeInfoVisitor(finder.info, finder))
        if isinstance(operation.node, OperationDefinitionNode):
            for variable in operation.node.variable_definitions:
                finder.add_input(named_type(variable.type))
        for field in finder.found:
            users[field].append(operation.name)
    return dict(users)


def used_by_sdk() -> dict[str, list[str]]:
    """Return which operations of the official SDK use each field or input field, as recorded."""
    lines = SDK_USAGE.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return {field.strip(): operations.split() for field, _, operations in pairs}


def coordinates(schema: GraphQLSchema) -> list[str]:
    """Return every field and input field of the schema as `Type.field`."""
    return [
        f"{type_.name}.{field}"
        for _, type_ in sorted(schema.type_map.items())
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType)
        and not is_introspection_type(type_)
        for field in type_.fields
    ]


def _conventional(field: str) -> bool:
    type_, _, name = field.partition(".")
    return name in CONVENTIONAL or type_ == "PageInfo"


class _Fields(Visitor):
    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.schema = schema
        self.info = TypeInfo(schema)
        self.found: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent = self.info.get_parent_type()
        if parent and not node.name.value.startswith("__"):
            implementing = self.schema.get_possible_types(parent) if isinstance(parent, GraphQLInterfaceType) else []
            self.found |= {f"{type_.name}.{node.name.value}" for type_ in [parent, *implementing]}

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        argument = self.info.get_argument()
        if argument and argument.ast_node and isinstance(node.value, ObjectValueNode):
            self.add_given(named_type(argument.ast_node.type), node.value)

    def add_given(self, type_name: str, value: ObjectValueNode) -> None:
        type_ = self.schema.type_map.get(type_name)
        if not isinstance(type_, GraphQLInputObjectType):
            return
        for given in value.fields:
            field = type_.fields.get(given.name.value)
            self.found.add(f"{type_.name}.{given.name.value}")
            if field and field.ast_node and isinstance(given.value, ObjectValueNode):
                self.add_given(named_type(field.ast_node.type), given.value)

    def add_input(self, type_name: str) -> None:
        type_ = self.schema.type_map.get(type_name)
        if not isinstance(type_, GraphQLInputObjectType):
            return
        for name, field in type_.fields.items():
            if f"{type_.name}.{name}" not in self.found and field.ast_node:
                self.found.add(f"{type_.name}.{name}")
                self.add_input(named_type(field.ast_node.type))


if __name__ == "__main__":
    sources = Sources.load(Path("schema.graphql"), Path("queries"))
    by_queries, by_sdk = used_by_queries(sources), used_by_sdk()
    for coordinate in coordinates(sources.schema):
        print(
            f"{coordinate}\tqueries: {' '.join(by_queries.get(coordinate, ['-']))}"
            f"\tSDK: {' '.join(by_sdk.get(coordinate, ['-']))}"
        )
