"""What a reply may hold by the schema: where null is allowed, and where an enum."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    parse,
)

__all__ = ["Place", "places_of", "put", "widened"]

SCHEMA = build_schema((Path(__file__).parents[2] / "schema.graphql").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Place:
    """A place in a reply: the keys on the way, lists passed over.

    Attributes:
        path: The keys.
        in_list: Whether it is each item of the list there, rather than the list.
        is_nullable: Whether null may be there.
        is_enum: Whether it is an enum.
        is_object: Whether objects are there, of which the schema knows the fields.
    """

    path: tuple[str, ...]
    in_list: bool
    is_nullable: bool
    is_enum: bool
    is_object: bool

    def __str__(self) -> str:
        return ".".join(self.path) + ("[]" if self.in_list else "")


@cache
def places_of(document: str) -> tuple[Place, ...]:
    """Return every place of the replies to a document."""
    tree = parse(document)
    fragments = {each.name.value: each for each in tree.definitions if isinstance(each, FragmentDefinitionNode)}
    operation = next(each for each in tree.definitions if isinstance(each, OperationDefinitionNode))
    root = SCHEMA.mutation_type if operation.operation is OperationType.MUTATION else SCHEMA.query_type
    found: dict[tuple[tuple[str, ...], bool], Place] = {}

    def walk(selections: SelectionSetNode, parent: GraphQLNamedType, path: tuple[str, ...]) -> None:
        for each in selections.selections:
            if isinstance(each, FragmentSpreadNode):
                fragment = fragments[each.name.value]
                walk(fragment.selection_set, SCHEMA.type_map[fragment.type_condition.name.value], path)
            elif isinstance(each, InlineFragmentNode):
                condition = each.type_condition
                walk(each.selection_set, SCHEMA.type_map[condition.name.value] if condition else parent, path)
            elif isinstance(each, FieldNode) and each.name.value != "__typename":
                field = parent.fields[each.name.value]  # type: ignore[attr-defined]
                here = (*path, each.alias.value if each.alias else each.name.value)
                named = get_named_type(field.type)
                enum = is_enum_type(named)
                outer = get_nullable_type(field.type)
                is_list = is_list_type(outer)
                has_fields = each.selection_set is not None
                can_be_null = not is_non_null_type(field.type)
                found[here, False] = Place(here, False, can_be_null, enum and not is_list, has_fields)
                if is_list:
                    found[here, True] = Place(here, True, not is_non_null_type(outer.of_type), enum, has_fields)
                if each.selection_set:
                    walk(each.selection_set, named, here)

    assert root is not None
    walk(operation.selection_set, root, ())
    return tuple(found.values())


def put(body: bytes, place: Place, value: object) -> bytes | None:
    """Put a value at a place of a reply. Return None where the reply does not have it."""
    reply = json.loads(body)
    changed = False

    def visit(node: object, rest: tuple[str, ...]) -> None:
        nonlocal changed
        if isinstance(node, list):
            for each in node:
                visit(each, rest)
            return
        if not isinstance(node, dict) or rest[0] not in node:
            return
        if len(rest) > 1:
            visit(node[rest[0]], rest[1:])
        elif not place.in_list:
            changed = changed or node[rest[0]] is not None
            node[rest[0]] = value if node[rest[0]] is not None else None
        elif node[rest[0]]:
            changed = True
            node[rest[0]] = [value for _ in node[rest[0]]]

    visit(reply.get("data"), place.path)
    return json.dumps(reply).encode() if changed else None


def widened(body: bytes, document: str) -> bytes:
    """Give every object of a reply fields that nobody asked for."""
    objects = {place.path for place in places_of(document) if place.is_object} | {()}

    def widen(node: object, path: tuple[str, ...]) -> object:
        if isinstance(node, list):
            return [widen(each, path) for each in node]
        if not isinstance(node, dict) or path not in objects:
            return node
        return {"brandNew": {"deep": [1, None]}, **{key: widen(each, (*path, key)) for key, each in node.items()}}

    reply = json.loads(body)
    return json.dumps({**reply, "data": widen(reply.get("data"), ()), "extensions": {"cost": 3}, "new": 1}).encode()
