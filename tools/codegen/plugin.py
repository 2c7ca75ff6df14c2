"""The ariadne-codegen plugin: our own base classes and docstrings on models, and the modules of `operations`."""

from __future__ import annotations

import ast
import textwrap

from ariadne_codegen import Plugin
from graphql import (
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLSchema,
    Node,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    visit,
)

from tools.codegen import rules
from tools.codegen.names import class_name, without_digit_split
from tools.codegen.open_types import open_types
from tools.codegen.operations import OperationsWriter
from tools.codegen.options import Options
from tools.codegen.sources import Sources

__all__ = ["HEADER", "WandqlPlugin"]

HEADER = "# DO NOT EDIT. Generated from schema.graphql and queries/ by `make generate`."


class WandqlPlugin(Plugin):
    """Models on `wandql.graphql`'s bases, documented from the schema; builders and methods instead of a client."""

    def __init__(self, schema: GraphQLSchema, config_dict: dict[str, object]) -> None:
        # The base class's own constructor does just this, without types.
        self.schema = schema
        self.config_dict = config_dict
        options = Options.of(config_dict)
        self.package = options.package
        self.sources = Sources.load(options.schema_path, options.queries_path)
        rules.check(self.sources)
        scalars = {name: scalar.type for name, scalar in options.scalars.items()}
        self.writer = OperationsWriter(self.sources, scalars)
        self.descriptions = _Descriptions(TypeInfo(schema))

    def process_name(self, name: str, node: Node | None = None) -> str:
        """Spell `md5` as one word."""
        return without_digit_split(name)

    def generate_enum(self, class_def: ast.ClassDef, enum_type: GraphQLEnumType) -> ast.ClassDef:
        """Make the enum an open one, with its docstrings."""
        class_def.bases = [ast.Name("OpenEnum")]
        for number, member in reversed(list(enumerate(class_def.body))):
            if isinstance(member, ast.Assign) and isinstance(member.value, ast.Constant):
                value = enum_type.values.get(str(member.value.value))
                class_def.body.insert(number + 1, _docstring(value.description if value else None))
        class_def.body.insert(0, _docstring(enum_type.description))
        return class_def

    def generate_enums_module(self, module: ast.Module) -> ast.Module:
        """Import our own base."""
        imports = ast.ImportFrom("wandql.graphql.model", [ast.alias("OpenEnum")], 0)
        module.body = [imports, *(node for node in module.body if not isinstance(node, ast.ImportFrom))]
        return module

    def copy_code(self, copied_code: str) -> str:
        """Replace the stock base model by ours."""
        code = '"""The base of the models."""\nfrom wandql.graphql.model import BaseModel\n__all__ = ["BaseModel"]'
        return f"{HEADER}\n{code}\n"

    def generate_result_class(
        self, class_def: ast.ClassDef, operation_definition: ExecutableDefinitionNode, selection_set: SelectionSetNode
    ) -> ast.ClassDef:
        """Document the class by its GraphQL type."""
        self.descriptions.learn(operation_definition)
        if not isinstance(class_def.body[0], ast.Pass):
            is_root = selection_set is operation_definition.selection_set and not isinstance(
                operation_definition, FragmentDefinitionNode
            )
            name = operation_definition.name.value if operation_definition.name else ""
            own = f"The data of `{name}`." if is_root else self.descriptions.of_selections.get(id(selection_set))
            class_def.body.insert(0, _docstring(own))
        return class_def

    def generate_result_field(
        self, field_implementation: ast.AnnAssign, operation_definition: ExecutableDefinitionNode, field: FieldNode
    ) -> ast.AnnAssign:
        """Remember the field's description; it is written when its class is whole."""
        self.descriptions.learn(operation_definition)
        description = self.descriptions.of_fields.get(id(field))
        if description:
            self.descriptions.of_assignments[id(field_implementation)] = (field_implementation, description)
        return field_implementation

    def generate_result_types_module(
        self, module: ast.Module, operation_definition: ExecutableDefinitionNode
    ) -> ast.Module:
        """Add the field docstrings and the reply's model."""
        self._document_fields(module)
        module = open_types(module)
        if isinstance(operation_definition, FragmentDefinitionNode) or not operation_definition.name:
            return module
        result = class_name(operation_definition.name.value)
        # pydantic holds a parametrised model only weakly: without this name each request would build it anew.
        module.body.append(ast.parse(f"{result}Reply = Reply[{result}]").body[0])
        module.body.insert(0, ast.ImportFrom("wandql.graphql.operation", [ast.alias("Reply")], 0))
        module.body.insert(0, _docstring(f"The models of `{operation_definition.name.value}`."))
        return module

    def generate_fragments_module(
        self, module: ast.Module, fragments_definitions: dict[str, FragmentDefinitionNode]
    ) -> ast.Module:
        """Drop every class that only renames another, and point at the other."""
        self._document_fields(module)
        renamed = {
            node.name: node.bases[0].id
            for node in module.body
            if isinstance(node, ast.ClassDef)
            and isinstance(node.body[0], ast.Pass)
            and len(node.bases) == 1
            and isinstance(node.bases[0], ast.Name)
        }
        module.body = [node for node in module.body if not (isinstance(node, ast.ClassDef) and node.name in renamed)]
        for node in ast.walk(module):
            if isinstance(node, ast.Name) and (name := node.id.strip("\"'")) in renamed:
                node.id = f'"{renamed[name]}"'
        module = open_types(module)
        module.body = _needed_first(module.body)
        module.body.insert(0, _docstring("The models of the named fragments: what records are made of."))
        return module

    def generate_inputs_module(self, module: ast.Module) -> ast.Module:
        """Say what the module is."""
        module.body.insert(0, _docstring("The models of the schema's inputs that the operations take."))
        return module

    def generate_init_module(self, module: ast.Module) -> ast.Module:
        """Keep the package's `__init__` empty: importing it costs nothing."""
        module.body = [_docstring("Generated models, builders and client methods.")]
        return module

    def get_file_comment(self, comment: str, code: str, source: str | None = None) -> str:
        """Name the command that makes the file."""
        return HEADER

    def generate_files(self, generated_files: list[str]) -> list[str]:
        """Write the modules that ariadne-codegen has no notion of."""
        own = {
            "operations.py": self.writer.operations(),
            "client_methods.py": self.writer.methods(asynchronous=False),
            "async_client_methods.py": self.writer.methods(asynchronous=True),
        }
        for name, code in own.items():
            (self.package / name).write_text(f"{HEADER}\n{code}\n", encoding="utf-8")
        return sorted([*generated_files, *own])

    def _document_fields(self, module: ast.Module) -> None:
        for node in module.body:
            if isinstance(node, ast.ClassDef):
                node.body = [statement for member in node.body for statement in [member, *self._docstring_of(member)]]

    def _docstring_of(self, member: ast.stmt) -> list[ast.stmt]:
        _, description = self.descriptions.of_assignments.get(id(member), (member, None))
        return [_docstring(description)] if description else []


class _Descriptions(Visitor):
    """What the schema says of each selected field and each selection, by the identity of its node."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.learned: set[int] = set()
        self.of_fields: dict[int, str] = {}
        self.of_selections: dict[int, str] = {}
        self.of_assignments: dict[int, tuple[ast.AnnAssign, str]] = {}

    def learn(self, definition: ExecutableDefinitionNode) -> None:
        if id(definition) not in self.learned:
            self.learned.add(id(definition))
            visit(definition, TypeInfoVisitor(self.info, self))

    def enter_field(self, node: FieldNode, *_: object) -> None:
        field = self.info.get_field_def()
        if field and field.description:
            self.of_fields[id(node)] = field.description

    def enter_selection_set(self, node: SelectionSetNode, *_: object) -> None:
        type_ = self.info.get_parent_type()
        if type_ and get_named_type(type_).description:
            self.of_selections[id(node)] = get_named_type(type_).description or ""


def _needed_first(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Put each class behind those that it refers to.

    A class of another module that extends one with open references would look for them in its own module.
    """
    named = {_name(statement): statement for statement in statements}
    ordered: dict[str, ast.stmt] = {}

    def place(name: str) -> None:
        if name in ordered or name not in named:
            return
        references = [_name(node) for node in ast.walk(named[name]) if isinstance(node, ast.Name | ast.Constant)]
        for reference in sorted({*references} - {name}):
            place(reference)
        ordered[name] = named[name]

    for name in named:
        place(name)
    return list(ordered.values())


def _name(node: ast.AST) -> str:
    """Return what a statement defines or an expression refers to; references may be quoted."""
    match node:
        case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]) | ast.Name(id=name):
            return name
        case ast.Constant(value=str(name)):
            return name
        case _:
            return ast.unparse(node)


def _docstring(description: str | None) -> ast.Expr:
    text = " ".join((description or "").split()).replace("\\", "\\\\")
    if len(text) <= 106:
        return ast.Expr(ast.Constant(text))
    first, *rest = textwrap.wrap(text, 106)
    return ast.Expr(ast.Constant("\n    ".join([first, *rest]) + "\n    "))
