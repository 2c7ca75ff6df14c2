"""The rules for writing queries: each avoids a way in which the generator would lose data or write broken code.

The generator does not merge two selections of one object, ignores conditions on fragments, and joins names that
differ only in spelling, all without a word. So these are errors here, with file, operation and field.
"""

from __future__ import annotations

import keyword
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
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
    NamedTypeNode,
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
    validate,
    visit,
)

from tools.codegen.names import python_name
from tools.codegen.sources import Definition, QueryRulesError, Sources, place_of

__all__ = ["Problem", "check"]

# What the generated package and the clients themselves call something, in the spelling of a builder.
TAKEN = {
    *("aclose", "app_url", "close", "execute", "pages", "paginate", "policy", "settings", "user_agent"),
    *("async_client_methods", "base_model", "client_methods", "enums", "fragments", "input_types", "operations"),
    *("annotated", "field", "literal", "operation", "paged_operation", "reply", "tag", "unknown_type"),
}


@dataclass(frozen=True)
class Problem:
    """One broken rule."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def check(sources: Sources) -> None:
    """Raise `QueryRulesError` naming file, operation and field of every broken rule."""
    invalid = [Problem(place_of(error), error.message) for error in validate(sources.schema, sources.document)]
    if invalid:
        raise QueryRulesError("\n".join(map(str, invalid)))
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
        if python_name(operation.name) in TAKEN:
            yield Problem(where, "is named like something that the generated package or the client has; rename it")
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
    names = [definition.variable.name.value for definition in node.variable_definitions]
    by_parameter = Counter(map(python_name, names))
    for definition, name in zip(node.variable_definitions, names, strict=True):
        if name in {"self", "cls"} or keyword.iskeyword(name):
            yield Problem(f"{where} ${name}", "is a name that Python keeps for itself; rename it")
        if by_parameter[python_name(name)] > 1:
            yield Problem(
                f"{where} ${name}", f"and another variable are both {python_name(name)!r} in Python; rename one"
            )
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
        if node.name.value == "__typename" and node.alias:
            self.report(node.alias.value, "renames __typename, by which the members of a union are told apart")
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
        match node:
            case InlineFragmentNode(type_condition=NamedTypeNode(), directives=() | []):
                pass
            case _:
                what = "is an inline fragment with a condition or without a type; put the condition on fields"
                self.report("...", what)

    def enter_selection_set(self, node: SelectionSetNode, _key: object, parent: object, *_: object) -> None:
        # What it selects counts where it stands.
        if isinstance(parent, InlineFragmentNode):
            return
        selected: dict[str, list[tuple[FieldNode, set[str]]]] = defaultdict(list)
        parent_type = self.info.get_parent_type()
        for field, types in self._fields(node.selections, self._possible(parent_type.name if parent_type else "")):
            name = python_name(_response_key(field))
            for first, first_types in selected[name]:
                if types & first_types:
                    self._compare(first, field, name)
            selected[name].append((field, types))

    def _compare(self, first: FieldNode, second: FieldNode, name: str) -> None:
        keys = _response_key(first), _response_key(second)
        if keys[0] != keys[1]:
            self.report(keys[1], f"and {keys[0]!r} are both {name!r} in Python; alias one")
        elif first.selection_set:
            self.report(keys[1], "is selected twice; the generator keeps one of the two selections")

    def _fields(self, selections: Iterable[SelectionNode], types: set[str]) -> Iterator[tuple[FieldNode, set[str]]]:
        """Yield each field and the object types on which it is selected, fragments included."""
        for selection in selections:
            match selection:
                case FieldNode():
                    yield selection, types
                case InlineFragmentNode(type_condition=NamedTypeNode() as condition):
                    narrowed = types & self._possible(condition.name.value)
                    yield from self._fields(selection.selection_set.selections, narrowed)
                case FragmentSpreadNode():
                    fragment = self.sources.fragments[selection.name.value].node
                    if isinstance(fragment, FragmentDefinitionNode):
                        narrowed = types & self._possible(fragment.type_condition.name.value)
                        yield from self._fields(fragment.selection_set.selections, narrowed)
                case _:
                    pass

    def _possible(self, name: str) -> set[str]:
        type_ = self.sources.schema.type_map.get(name)
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            return {possible.name for possible in self.sources.schema.get_possible_types(type_)}
        return {name}


def _response_key(node: FieldNode) -> str:
    return (node.alias or node.name).value
