"""Every operation of `queries/`, executed against `schema.graphql` with made-up values, comes back whole.

The generator is known to lose data in silence, and a newer server sends what this schema does not know: so each
operation is answered in many ways, by this schema and by one that has grown.
"""

from __future__ import annotations

import inspect
import json
import pickle
import random
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from graphql import (
    FieldNode,
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    VariableNode,
    build_schema,
    execute_sync,
    extend_schema,
    is_introspection_type,
    is_list_type,
    parse,
    print_type,
    type_from_ast,
    validate,
)

from tools.codegen.names import python_name
from tools.codegen.sources import Sources
from wandql.graphql.generated import async_client_methods, client_methods, input_types, operations
from wandql.graphql.model import OpenEnum, UnknownType
from wandql.graphql.operation import Operation, PagedOperation

ROOT = Path(__file__).parents[2]
SCHEMA = build_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"))
SOURCES = Sources.load(ROOT / "schema.graphql", ROOT / "queries")
BUILDERS: dict[str, Callable[..., Operation]] = {name: getattr(operations, name) for name in operations.__all__}

SCALARS = {
    "Boolean": True,
    "DateTime": "2026-01-02T03:04:05Z",
    "Duration": 5,
    "Float": 0.5,
    "ID": "aWQ=",
    "Int": 3,
    "Int64": 2**40,
    "JSON": {"a": [1, None]},
    "JSONString": '{"a": [1, NaN]}',
    "String": "text",
}


def newer(schema: GraphQLSchema) -> GraphQLSchema:
    """Return the schema of a server that knows more enum values, and more types where several are allowed."""
    additions: list[str] = []
    for name, type_ in schema.type_map.items():
        if is_introspection_type(type_):
            continue
        match type_:
            case GraphQLEnumType():
                additions.append(f"extend enum {name} {{ BRAND_NEW }}")
            case GraphQLUnionType():
                additions.append(f"type BrandNew{name} {{ x: Int }}\nextend union {name} = BrandNew{name}")
            case GraphQLInterfaceType():
                header = f"interface {name} ", f"type BrandNew{name} implements {name} "
                additions.append(print_type(type_).replace(*header))
            case _:
                pass
    return extend_schema(schema, parse("\n".join(additions)))


parsed = cache(parse)
SCHEMAS = {"this": SCHEMA, "newer": newer(SCHEMA)}


class Answers:
    """Makes values up.

    Args:
        is_null: Whether a nullable field is null.
        choice: Which of the possible types and enum values is sent.
    """

    def __init__(self, is_null: Callable[[GraphQLResolveInfo], bool], choice: int) -> None:
        self.is_null = is_null
        self.choice = choice

    def resolve(self, source: object, info: GraphQLResolveInfo, **arguments: object) -> object:
        if not isinstance(info.return_type, GraphQLNonNull) and self.is_null(info):
            return None
        return self.value(info.return_type, ".".join(map(str, info.path.as_list())))

    def value(self, type_: object, path: str) -> object:
        match type_:
            case GraphQLNonNull():
                return self.value(type_.of_type, path)
            case GraphQLScalarType():
                # Texts tell where they belong: one that is mixed up with another is found.
                return path if type_.name == "String" else SCALARS[type_.name]
            case GraphQLEnumType():
                return list(type_.values)[self.choice % len(type_.values)]
            case _ if is_list_type(type_):
                return [self.value(type_.of_type, f"{path}.{number}") for number in range(2)]
            case _:
                return {}

    def choose_type(self, value: object, info: GraphQLResolveInfo, abstract: GraphQLAbstractType) -> str:
        possible = info.schema.get_possible_types(abstract)
        return possible[self.choice % len(possible)].name


def is_leaf(info: GraphQLResolveInfo) -> bool:
    return info.field_nodes[0].selection_set is None


def at_random(seed: int) -> Callable[[GraphQLResolveInfo], bool]:
    source = random.Random(seed)
    return lambda info: source.random() < 0.3


NULLS = {
    "nowhere": lambda info: False,
    "everywhere": lambda info: True,
    "in leaves": is_leaf,
    "at random": at_random(1),
    "at random again": at_random(2),
}


def variable_types(operation: Operation, schema: GraphQLSchema = SCHEMA) -> dict[str, object]:
    definition = parsed(operation.document).definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    return {each.variable.name.value: type_from_ast(schema, each.type) for each in definition.variable_definitions}


def argument(type_: object, *, flag: bool) -> object:
    """Make up an argument of a builder."""
    match type_:
        case GraphQLNonNull():
            return argument(type_.of_type, flag=flag)
        case GraphQLEnumType():
            return next(iter(type_.values))
        case GraphQLInputObjectType():
            fields = {name: argument(field.type, flag=flag) for name, field in type_.fields.items()}
            return getattr(input_types, type_.name).model_validate(fields)
        case _ if is_list_type(type_):
            return [argument(type_.of_type, flag=flag)]
        case _:
            return flag if str(type_) == "Boolean" else SCALARS[str(type_)]


def build(name: str, given: str = "required") -> Operation:
    """Build an operation with made-up arguments: the required ones, or all, with flags set or not."""
    parameters = inspect.signature(BUILDERS[name]).parameters
    types = {python_name(variable): type_ for variable, type_ in variable_types(_blank(name)).items()}
    assert types.keys() == parameters.keys()
    return BUILDERS[name](
        **{
            parameter: argument(types[parameter], flag=given == "all")
            for parameter, declared in parameters.items()
            if given != "required" or declared.default is inspect.Parameter.empty
        }
    )


def _blank(name: str) -> Operation:
    return BUILDERS[name](**dict.fromkeys(inspect.signature(BUILDERS[name]).parameters))


def execute(operation: Operation, schema: GraphQLSchema, answers: Answers) -> dict[str, object]:
    result = execute_sync(
        schema,
        parsed(operation.document),
        variable_values=dict(operation.variables),
        field_resolver=answers.resolve,
        type_resolver=answers.choose_type,
    )
    assert result.errors is None
    assert result.data is not None
    return result.data


@pytest.mark.parametrize("given", ["required", "all", "all but flags"])
@pytest.mark.parametrize("version", SCHEMAS)
@pytest.mark.parametrize("name", BUILDERS)
def test_the_data_of_an_operation_comes_back_whole(name: str, version: str, given: str) -> None:
    operation = build(name, given)
    choices = [-1] if version == "newer" else [0, 1, 2]
    for nulls, is_null in NULLS.items():
        for choice in choices:
            sent = execute(operation, SCHEMAS[version], Answers(is_null, choice))
            data = operation.parse(json.dumps({"data": sent}).encode()).data
            assert data is not None
            assert data.model_dump(mode="json", by_alias=True, exclude_unset=True) == sent, nulls
            assert pickle.loads(pickle.dumps(data)) == data


@pytest.mark.parametrize("name", BUILDERS)
def test_every_field_of_a_model_is_one_that_the_operation_asks_for(name: str) -> None:
    """What `exclude_unset` leaves out above are the fields that a flag turned off: with all flags on there is none."""
    operation = build(name, "all")
    sent = execute(operation, SCHEMA, Answers(NULLS["nowhere"], 0))
    data = operation.parse(json.dumps({"data": sent}).encode()).data
    assert data is not None
    assert data.model_dump(mode="json", by_alias=True) == sent


@pytest.mark.parametrize("name", BUILDERS)
def test_a_document_is_valid_and_is_what_queries_says(name: str) -> None:
    operation = build(name)
    assert validate(SCHEMA, parsed(operation.document)) == []
    definition = next(each for each in SOURCES.operations if each.name == operation.name)
    assert isinstance(definition.node, OperationDefinitionNode)
    assert operation.kind == definition.node.operation.value
    assert operation.idempotent == (operation.kind == "query" or "Idempotent." in definition.comment)


def test_there_is_a_builder_for_every_operation_and_nothing_else() -> None:
    functions = [
        name
        for name, value in vars(operations).items()
        if inspect.isfunction(value) and value.__module__ == operations.__name__
    ]
    assert sorted(functions) == sorted(operations.__all__)
    assert list(operations.__all__) == [python_name(each.name) for each in SOURCES.operations]


@pytest.mark.parametrize(
    "methods", [client_methods.ClientMethods, async_client_methods.AsyncClientMethods], ids=lambda cls: cls.__name__
)
def test_each_client_has_a_method_for_every_builder_with_the_same_parameters(methods: type) -> None:
    public = {name: value for name, value in vars(methods).items() if not name.startswith("_")}
    assert public.keys() == {*BUILDERS, "execute"}
    for name, builder in BUILDERS.items():
        own, theirs = inspect.signature(public[name]), inspect.signature(builder)
        assert list(own.parameters.values())[1:] == list(theirs.parameters.values())
        assert theirs.return_annotation.split("[")[1].strip("]").split(",")[0] == own.return_annotation
        assert inspect.iscoroutinefunction(public[name]) == (methods is async_client_methods.AsyncClientMethods)


def paged_field(operation: Operation) -> Iterator[str]:
    """Yield the way to the field that takes $after, as the names of the reply."""
    node = parsed(operation.document).definitions[0]
    while True:
        fields = [each for each in node.selection_set.selections if isinstance(each, FieldNode)]
        node = next(field for field in fields if "$after" in _variables_below(field))
        yield (node.alias or node.name).value
        if "$after" in _variables_of(node):
            return


def _variables_of(field: FieldNode) -> set[str]:
    return {f"${each.value.name.value}" for each in field.arguments if isinstance(each.value, VariableNode)}


def _variables_below(field: FieldNode) -> set[str]:
    below = field.selection_set.selections if field.selection_set else ()
    return _variables_of(field).union(*(_variables_below(each) for each in below if isinstance(each, FieldNode)))


@pytest.mark.parametrize("name", BUILDERS)
def test_an_operation_that_takes_a_cursor_knows_its_page(name: str) -> None:
    operation = build(name)
    assert isinstance(operation, PagedOperation) == ("after" in variable_types(operation))
    if not isinstance(operation, PagedOperation):
        return
    sent = execute(operation, SCHEMA, Answers(NULLS["nowhere"], 0))
    data = operation.parse(json.dumps({"data": sent}).encode()).data
    assert data is not None
    page = operation.connection(data)
    expected = sent
    for key in paged_field(operation):
        expected = expected[key]
    assert page is not None
    assert page.model_dump(mode="json", by_alias=True, exclude_unset=True) == expected
    assert page.page_info.end_cursor == expected["pageInfo"]["endCursor"]
    assert [edge.node.model_dump(mode="json", by_alias=True, exclude_unset=True) for edge in page.edges] == [
        edge["node"] for edge in expected["edges"]
    ]
    assert operation.after("next").variables == {**operation.variables, "after": "next"}


@pytest.mark.parametrize("name", [name for name in BUILDERS if isinstance(_blank(name), PagedOperation)])
def test_a_page_whose_parent_is_null_is_none(name: str) -> None:
    operation = build(name)
    assert isinstance(operation, PagedOperation)
    sent = execute(operation, SCHEMA, Answers(NULLS["everywhere"], 0))
    data = operation.parse(json.dumps({"data": sent}).encode()).data
    assert data is not None
    assert operation.connection(data) is None


def test_a_newer_servers_types_and_values_are_marked_as_such() -> None:
    """Without this, the tests above could pass because no operation asks for anything that can grow."""
    found: set[type] = set()

    def look(value: object) -> None:
        found.add(type(value))
        for inner in (
            value if isinstance(value, list) else vars(value).values() if hasattr(value, "model_fields_set") else ()
        ):
            look(inner)

    for name in BUILDERS:
        operation = build(name)
        sent = execute(operation, SCHEMAS["newer"], Answers(NULLS["nowhere"], -1))
        look(operation.parse(json.dumps({"data": sent}).encode()).data)
    assert UnknownType in found
    assert any(issubclass(each, OpenEnum) for each in found)


GENERATED = sorted((ROOT / "src/wandql/graphql/generated").glob("*.py"))


@pytest.mark.parametrize("file", GENERATED, ids=lambda file: file.name)
def test_generated_code_silences_no_checker_and_has_no_untyped_value(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not [word for word in ("type: ignore", "pyright:", "noqa", "Any", "cast(", "TODO") if word in text]
