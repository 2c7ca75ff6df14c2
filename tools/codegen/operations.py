"""Writes `operations.py` and the two `…_methods.py`: a typed builder and a typed client method for every operation."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLSchema,
    GraphQLUnionType,
    InputValueDefinitionNode,
    ListTypeNode,
    ListValueNode,
    NameNode,
    NonNullTypeNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    TypeNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    print_ast,
    value_from_ast_untyped,
    visit,
)

from tools.codegen.names import class_name, python_name
from tools.codegen.sources import Definition, QueryRulesError, Sources, named_type

__all__ = ["OperationsWriter"]

PYTHON_TYPES = {"String": "str", "ID": "str", "Int": "int", "Float": "float", "Boolean": "bool"}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a builder."""

    variable: str
    name: str
    annotation: str
    default: str | None
    description: str

    @property
    def declaration(self) -> str:
        return f"{self.name}: {self.annotation}" + ("" if self.default is None else f" = {self.default}")


@dataclass(frozen=True)
class Paged:
    """Where the connection that `$after` pages is in the data, as Python, and the class of its nodes."""

    getter: str
    node: str


@dataclass
class OperationsWriter:
    """Writes the modules. `scalars` maps a custom scalar to its Python type as a dotted name."""

    sources: Sources
    scalars: Mapping[str, str]
    imports: set[str] = field(default_factory=set[str])

    def operations(self) -> str:
        """Return the module of builders."""
        self.imports = set()
        builders = "\n\n".join(self._builder(operation) for operation in self.sources.operations)
        fragments = "\n".join(
            f'{_constant("fragment", name)} = """\n{self._text(fragment)}\n"""'
            for name, fragment in sorted(self.sources.fragments.items())
        )
        return "\n".join(
            [
                '"""One function for every operation of `queries/`: its variables in, a typed `Operation` out.',
                "",
                "Building an operation sends nothing; a client executes it.",
                '"""',
                "from __future__ import annotations",
                "from typing import TYPE_CHECKING",
                "from wandql.graphql.operation import Operation, PagedOperation, given",
                "if TYPE_CHECKING:",
                *(f"    {line}" for line in sorted(self.imports)),
                f"__all__ = {[python_name(operation.name) for operation in self.sources.operations]!r}",
                fragments,
                builders,
            ]
        )

    def methods(self, *, asynchronous: bool) -> str:
        """Return the module of client methods, of one colour."""
        self.imports = set()
        colour, name = ("asynchronous", "AsyncClientMethods") if asynchronous else ("synchronous", "ClientMethods")
        methods = "\n\n".join(
            self._method(operation, asynchronous=asynchronous) for operation in self.sources.operations
        )
        execute = (
            f"@abstractmethod\n{'async ' if asynchronous else ''}def execute(self, operation: Operation[R]) -> R:\n"
            '    """Send `operation` and return its data."""'
        )
        return "\n".join(
            [
                f'"""One method for every operation of `queries/`, for the {colour} client."""',
                "from __future__ import annotations",
                "from abc import ABC, abstractmethod",
                "from typing import TYPE_CHECKING, TypeVar",
                "import pydantic",
                "from wandql.graphql.generated import operations",
                "from wandql.graphql.operation import Operation",
                "if TYPE_CHECKING:",
                *(f"    {line}" for line in sorted(self.imports)),
                f"__all__ = [{name!r}]",
                'R = TypeVar("R", bound=pydantic.BaseModel)',
                f"class {name}(ABC):",
                '    """Every operation as a typed method: its variables in, its data out, one request each."""',
                textwrap.indent(execute, "    "),
                "",
                textwrap.indent(methods, "    "),
            ]
        )

    def _text(self, definition: Definition) -> str:
        asker = _TypeNames(self.sources.schema)
        return print_ast(visit(definition.node, TypeInfoVisitor(asker.info, asker)))

    def _builder(self, operation: Definition) -> str:
        node, result = _operation_node(operation), class_name(operation.name)
        function, parameters = python_name(operation.name), self._parameters(operation)
        self.imports.add(f"from wandql.graphql.generated.{function} import {result}")
        spread = "".join(f" + {_constant('fragment', f.name)}" for f in self.sources.fragments_of(node))
        paged = self._paged(operation)
        kind, returns = ("Operation", result) if paged is None else ("PagedOperation", f"{result}, {paged.node}")
        arguments = [
            repr(operation.name),
            repr(node.operation.value),
            _constant("document", function),
            f"given({_keywords(parameters)})",
            f"{result}Reply",
            repr(node.operation.value == "query" or _declares_idempotent(operation)),
            *([] if paged is None else [paged.getter]),
        ]
        docstring = _docstring(_summary(operation), parameters, [f"Its data is a `{result}`."])
        return "\n".join(
            [
                f'{_constant("document", function)} = """\n{self._text(operation)}\n"""{spread}',
                "",
                f"def {function}({_signature(parameters)}) -> {kind}[{returns}]:",
                textwrap.indent(docstring, "    "),
                f"    from wandql.graphql.generated.{function} import {result}Reply",
                f"    return {kind}({', '.join(arguments)})",
            ]
        )

    def _method(self, operation: Definition, *, asynchronous: bool) -> str:
        result, function, parameters = (
            class_name(operation.name),
            python_name(operation.name),
            self._parameters(operation),
        )
        self.imports.add(f"from wandql.graphql.generated.{function} import {result}")
        docstring = _docstring(
            _summary(operation),
            parameters,
            ["Sends one request."],
            ["Raises:", "    RequestError: The request failed; see `wandql.errors` for the reasons, a class each."],
        )
        call = f"operations.{function}({', '.join(f'{p.name}={p.name}' for p in parameters)})"
        return "\n".join(
            [
                f"{'async ' if asynchronous else ''}def {function}({_signature(parameters, 'self')}) -> {result}:",
                textwrap.indent(docstring, "    "),
                f"    return {'await ' if asynchronous else ''}self.execute({call})",
            ]
        )

    def _parameters(self, operation: Definition) -> list[Parameter]:
        descriptions = _variable_descriptions(operation, self.sources)
        parameters = [
            self._parameter(definition, descriptions.get(definition.variable.name.value, ""))
            for definition in _operation_node(operation).variable_definitions
        ]
        return sorted(parameters, key=lambda parameter: parameter.default is not None)

    def _parameter(self, definition: VariableDefinitionNode, description: str) -> Parameter:
        name = definition.variable.name.value
        required = isinstance(definition.type, NonNullTypeNode)
        default = repr(value_from_ast_untyped(definition.default_value)) if definition.default_value else "None"
        annotation = self._annotation(definition.type)
        return Parameter(name, python_name(name), annotation, None if required else default, description)

    def _annotation(self, type_: TypeNode) -> str:
        if not isinstance(type_, NonNullTypeNode):
            return f"{self._annotation(NonNullTypeNode(type=type_))} | None"
        if isinstance(type_.type, ListTypeNode):
            return f"list[{self._annotation(type_.type.type)}]"
        name = named_type(type_)
        declared = self.sources.schema.type_map[name]
        if isinstance(declared, GraphQLEnumType):
            self.imports.add(f"from wandql.graphql.generated.enums import {name}")
            return name
        if isinstance(declared, GraphQLInputObjectType):
            self.imports.add(f"from wandql.graphql.generated.input_types import {name}")
            return name
        if name in PYTHON_TYPES:
            return PYTHON_TYPES[name]
        module, _, python_type = self.scalars[name].rpartition(".")
        # A parameter takes any text: only what comes back is parsed lazily.
        if python_type == "JSONString":
            return "str"
        if module:
            self.imports.add(f"from {module} import {python_type}")
        return python_type

    def _paged(self, operation: Definition) -> Paged | None:
        finder = _ConnectionFinder(TypeInfo(self.sources.schema))
        visit(operation.node, TypeInfoVisitor(finder.info, finder))
        where = f"{operation.file}: {operation.name}"
        if not finder.found and any(parameter.variable == "after" for parameter in self._parameters(operation)):
            raise QueryRulesError(f"{where} $after: no connection of the operation itself uses it; name it otherwise")
        if not finder.found:
            return None
        if len(finder.found) > 1:
            raise QueryRulesError(f"{where}: two connections use $after; an operation pages one")
        path, connection = finder.found[0]
        if any(step.is_list for step in path):
            raise QueryRulesError(
                f"{where} {'.'.join(step.name for step in path)}: the way to the connection crosses a list"
            )
        node = _subfields(_subfields(connection).get("edges")).get("node")
        if node is None or not {"edges", "pageInfo"} <= _subfields(connection).keys():
            raise QueryRulesError(f"{where} {path[-1].name}: a page needs edges {{ node }} and pageInfo")
        spreads = _selections(node)
        if len(spreads) == 1 and isinstance(spreads[0], FragmentSpreadNode):
            python_class, module = class_name(spreads[0].name.value), "fragments"
        else:
            python_class = class_name(operation.name) + "".join(class_name(step.name) for step in path) + "EdgesNode"
            module = python_name(operation.name)
        self.imports.add(f"from wandql.graphql.generated.{module} import {python_class}")
        return Paged(_getter(path), python_class)


@dataclass(frozen=True)
class _Step:
    name: str
    nullable: bool
    is_list: bool


class _ConnectionFinder(Visitor):
    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.path: list[_Step] = []
        self.found: list[tuple[list[_Step], FieldNode]] = []

    def enter_field(self, node: FieldNode, *_: object) -> None:
        field = self.info.get_field_def()
        type_ = field.ast_node.type if field and field.ast_node else None
        is_list = isinstance(type_.type if isinstance(type_, NonNullTypeNode) else type_, ListTypeNode)
        self.path.append(_Step((node.alias or node.name).value, not isinstance(type_, NonNullTypeNode), is_list))
        if any(isinstance(a.value, VariableNode) and a.value.name.value == "after" for a in node.arguments or ()):
            self.found.append((list(self.path), node))

    def leave_field(self, *_: object) -> None:
        self.path.pop()


class _TypeNames(Visitor):
    """Asks for `__typename` where several types are possible: the generated models tell them apart by it."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.schema = schema
        self.info = TypeInfo(schema)

    def leave_field(self, node: FieldNode, *_: object) -> FieldNode | None:
        field = self.info.get_field_def()
        type_ = self.schema.type_map[named_type(field.ast_node.type)] if field and field.ast_node else None
        if not isinstance(type_, GraphQLInterfaceType | GraphQLUnionType) or "__typename" in _subfields(node):
            return None
        asked = FieldNode(name=NameNode(value="__typename"), arguments=(), directives=())
        asking = copy(node)
        asking.selection_set = SelectionSetNode(selections=(asked, *_selections(node)))
        return asking


class _VariableDescriptions(Visitor):
    def __init__(self, sources: Sources) -> None:
        super().__init__()
        self.schema = sources.schema
        self.info = TypeInfo(sources.schema)
        self.found: dict[str, str] = {}

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        argument = self.info.get_argument()
        if argument and argument.ast_node and not self.info.get_directive():
            self.learn(node.value, argument.ast_node)

    def enter_field(self, node: FieldNode, *_: object) -> None:
        for condition in (argument for directive in node.directives or () for argument in directive.arguments or ()):
            self.keep(condition.value, f"Whether to fetch `{node.name.value}`.")

    def learn(self, value: ValueNode, declaration: InputValueDefinitionNode) -> None:
        self.keep(value, declaration.description.value if declaration.description else "")
        input_type = self.schema.type_map.get(named_type(declaration.type))
        for item in value.values if isinstance(value, ListValueNode) else (value,):
            for given in item.fields if isinstance(item, ObjectValueNode) else ():
                field = (
                    input_type.fields.get(given.name.value) if isinstance(input_type, GraphQLInputObjectType) else None
                )
                if field and field.ast_node:
                    self.learn(given.value, field.ast_node)

    def keep(self, value: ValueNode, description: str) -> None:
        if isinstance(value, VariableNode) and description:
            self.found.setdefault(value.name.value, description)


def _variable_descriptions(operation: Definition, sources: Sources) -> dict[str, str]:
    visitor = _VariableDescriptions(sources)
    for definition in [operation, *sources.fragments_of(operation.node)]:
        visit(definition.node, TypeInfoVisitor(visitor.info, visitor))
    return visitor.found


def _getter(path: list[_Step]) -> str:
    expression, steps = "data", ""
    for number, step in enumerate(path[:-1]):
        expression = f"{expression}.{python_name(step.name)}"
        if step.nullable:
            steps += f"None if (v{number} := {expression}) is None else "
            expression = f"v{number}"
    return f"lambda data: {steps}{expression}.{python_name(path[-1].name)}"


def _subfields(node: FieldNode | None) -> dict[str, FieldNode]:
    selections = _selections(node) if node else ()
    return {(field.alias or field.name).value: field for field in selections if isinstance(field, FieldNode)}


def _selections(node: FieldNode) -> tuple[SelectionNode, ...]:
    return tuple(node.selection_set.selections) if node.selection_set else ()


def _operation_node(operation: Definition) -> OperationDefinitionNode:
    if not isinstance(operation.node, OperationDefinitionNode):
        raise TypeError(operation.name)
    return operation.node


def _constant(kind: str, name: str) -> str:
    return f"_{kind}_{python_name(name)}".upper()


def _keywords(parameters: list[Parameter]) -> str:
    return ", ".join(f"{parameter.variable}={parameter.name}" for parameter in parameters)


def _signature(parameters: list[Parameter], *before: str) -> str:
    return ", ".join([*before, *(["*"] if parameters else []), *(p.declaration for p in parameters)])


IDEMPOTENT = re.compile(r"\s*Idempotent\.")


def _declares_idempotent(operation: Definition) -> bool:
    return IDEMPOTENT.search(operation.comment) is not None


def _summary(operation: Definition) -> str:
    return IDEMPOTENT.sub("", operation.comment).strip()


def _docstring(summary: str, parameters: list[Parameter], *sections: list[str]) -> str:
    first, *rest = textwrap.wrap(summary, 110)
    described = [f"{p.name}: {' '.join(p.description.split())}" if p.description else f"{p.name}:" for p in parameters]
    arguments = [
        line
        for text in described
        for line in textwrap.wrap(text, 104, initial_indent="    ", subsequent_indent=" " * 8)
    ]
    blocks = [rest, *sections[:1], ["Args:", *arguments] if arguments else [], *sections[1:]]
    body = "\n\n".join("\n".join(block) for block in blocks if block)
    return f'"""{first}\n\n{body}\n"""'.replace("\\", "\\\\")
