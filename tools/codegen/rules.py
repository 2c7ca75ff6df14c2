"""The rules for writing queries: each avoids a way in which the generator would lose data or write broken code.

The generator does not merge two selections of one object, ignores conditions on fragments, and joins names that
differ only in spelling, all without a word. So these are errors here, with file, operation and field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    InlineFragmentNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    is_introspection_type,
    is_specified_scalar_type,
    visit,
)

from tools.codegen.names import python_name
from tools.codegen.sources import Definition, Sources

__all__ = ["Problem", "QueryRulesError", "check"]


@dataclass(frozen=True)
class Problem:
    """One broken rule."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class QueryRulesError(Exception):
    """Some rules are broken. The message has a line for each."""


def check(sources: Sources) -> None:
    """Raise `QueryRulesError` naming file, operation and field of every broken rule."""
    problems = [*_undescribed(sources), *_names(sources)]
    for definition in sources.definitions:
        problems += _definition(definition, sources)
    if problems:
        raise QueryRulesError("\n".join(map(str, problems)))


def _undescribed(sources: Sources) -> Iterator[Problem]:
    for name, type_ in sorted(sources.schema.type_map.items()):
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        for coordinate, described in _coordinates(name, type_):
            if not described:
                yield Problem(f"schema.graphql: {coordinate}", "has no description; write what it is, in our own words")


def _coordinates(name: str, type_: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    yield name, type_.description
    match type_:
        case GraphQLObjectType() | GraphQLInterfaceType():
            for field, definition in type_.fields.items():
                yield f"{name}.{field}", definition.description
                for argument, declaration in definition.args.items():
                    yield f"{name}.{field}({argument}:)", declaration.description
        case GraphQLInputObjectType():
            for field, input_field in type_.fields.items():
                yield f"{name}.{field}", input_field.description
        case GraphQLEnumType():
            for member, value in type_.values.items():
                yield f"{name}.{member}", value.description
        case _:
            pass


def _names(sources: Sources) -> Iterator[Problem]:
    by_function = Counter(python_name(operation.name) for operation in sources.operations)
    taken = {*sources.schema.type_map, *sources.fragments}
    for operation in sources.operations:
        where = f"{operation.file}: {operation.name or 'anonymous operation'}"
        if not operation.name:
            yield Problem(where, "has no name; a builder is named after its operation")
        if by_function[python_name(operation.name)] > 1:
            yield Problem(where, "is spelled like another operation but for case; rename one")
        if operation.name in taken:
            yield Problem(where, "is named like a type or fragment, which it would shadow; rename it")
        if not operation.comment:
            yield Problem(where, "has no comment line above it; its first sentence becomes the docstring")
    for fragment in sources.fragments.values():
        if fragment.name in sources.schema.type_map:
            yield Problem(f"{fragment.file}: {fragment.name}", "is named like a type; call it …Fields")


def _definition(definition: Definition, sources: Sources) -> Iterator[Problem]:
    where = f"{definition.file}: {definition.name}"
    if isinstance(definition.node, OperationDefinitionNode):
        yield from _operation(definition.node, where)
    else:
        yield from _fragment(definition.node, where, sources)
    finder = _Selections(TypeInfo(sources.schema), where, sources)
    visit(definition.node, TypeInfoVisitor(finder.info, finder))
    yield from finder.problems


def _operation(node: OperationDefinitionNode, where: str) -> Iterator[Problem]:
    if node.operation is OperationType.SUBSCRIPTION:
        yield Problem(where, "is a subscription; the client has none")
    for definition in node.variable_definitions:
        name = definition.variable.name.value
        if python_name(name) in {"self", "cls"}:
            yield Problem(f"{where} ${name}", "is a name that Python keeps for itself; rename it")
        if definition.default_value and isinstance(definition.type, NonNullTypeNode):
            yield Problem(f"{where} ${name}", "has a default and '!': the generator drops the default; remove the '!'")


def _fragment(node: FragmentDefinitionNode, where: str, sources: Sources) -> Iterator[Problem]:
    if isinstance(sources.schema.type_map.get(node.type_condition.name.value), GraphQLUnionType):
        yield Problem(where, "is on a union, so no class of its name would exist; write it on a concrete type")
    if any(isinstance(selection, InlineFragmentNode) for selection in node.selection_set.selections):
        yield Problem(where, "has an inline fragment at its top, so no class of its name would exist")


class _Selections(Visitor):
    def __init__(self, info: TypeInfo, where: str, sources: Sources) -> None:
        super().__init__()
        self.info, self.where, self.sources = info, where, sources
        self.path: list[str] = []
        self.problems: list[Problem] = []

    def report(self, field: str, what: str) -> None:
        self.problems.append(Problem(" ".join([self.where, ".".join([*self.path, field])]), what))

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.path.append(_response_key(node))

    def leave_field(self, *_: object) -> None:
        self.path.pop()

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        if node.directives:
            self.report(f"...{node.name.value}", "has a condition, which the generator ignores; put it on fields")
        fragment = self.sources.fragments.get(node.name.value)
        if fragment and isinstance(fragment.node, FragmentDefinitionNode):
            on = self.sources.schema.type_map.get(fragment.node.type_condition.name.value)
            parent = self.info.get_parent_type()
            if isinstance(on, GraphQLInterfaceType) and parent is not on:
                self.report(f"...{fragment.name}", f"is on the interface {on.name}, spread on {parent}: it is unpacked")

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: object) -> None:
        if node.directives or node.type_condition is None:
            self.report("...", "is an inline fragment with a condition or without a type; put the condition on fields")

    def enter_selection_set(self, node: SelectionSetNode, *_: object) -> None:
        by_name: dict[str, FieldNode] = {}
        for field in self._fields(node.selections):
            name = python_name(_response_key(field))
            first = by_name.setdefault(name, field)
            if first is field:
                continue
            if field.selection_set or first.selection_set:
                self.report(_response_key(field), "is selected twice; the generator keeps one of the two selections")
            elif _response_key(first) != _response_key(field) or first.name.value != field.name.value:
                self.report(
                    _response_key(field), f"and {_response_key(first)!r} are both {name!r} in Python; alias one"
                )

    def _fields(self, selections: tuple[SelectionNode, ...]) -> Iterator[FieldNode]:
        for selection in selections:
            if isinstance(selection, FieldNode):
                yield selection
            elif isinstance(selection, FragmentSpreadNode) and (f := self.sources.fragments.get(selection.name.value)):
                yield from self._fields(f.node.selection_set.selections)


def _response_key(node: FieldNode) -> str:
    return (node.alias or node.name).value
