"""Running GraphQL documents against the schema."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, resources
from typing import TYPE_CHECKING, Final

from ariadne import make_executable_schema
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    OperationType,
    ValuesOfCorrectTypeRule,
    get_operation_ast,
    parse,
    print_ast,
    specified_rules,
    validate,
)

from wandql.errors import UsageError
from wandql.server.bindings import NotServedError, snake_case
from wandql.server.execution import PreparedExecution
from wandql.server.limits import refusal_of
from wandql.server.messages import Refusal
from wandql.server.resolvers import BINDABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql import ObjectFieldNode, OperationDefinitionNode

    from wandql.graphql.scalars import JSONObject, JSONValue
    from wandql.server.context import Context

__all__ = ["Operation", "Outcome", "load_schema", "prepare", "run_operation"]

logger: logging.Logger = logging.getLogger(__name__)

LONGEST: Final = 20_000
"""The most tokens of a document."""

NAMELESS: Final = "a document without a name"

WRAPPING: Final = "[]!"
"""What stands around a type's name where lists and non-null are meant."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A valid document and the operation of it that is asked for.

    Attributes:
        document: The document.
        node: The operation.
        name: Its name; None where the client sent none.
        variables: The types of its variables, without what stands around their names.
    """

    document: DocumentNode
    node: OperationDefinitionNode
    name: str | None
    variables: Mapping[str, str]

    @property
    def writes(self) -> bool:
        """Whether it may change anything."""
        return self.node.operation is OperationType.MUTATION


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an operation: the reply's body and its status. Where anything failed, nothing is to be changed."""

    status: int
    body: JSONObject
    failed: bool


class _LenientValues(ValuesOfCorrectTypeRule):
    """Lets fields pass that an input object does not have: newer clients send fields that older servers lack."""

    def enter_object_field(self, node: ObjectFieldNode, *_args: object) -> None:
        pass


# Taken by name: its own annotations are not whole, and strict type checkers refuse to import it.
EXECUTE: Final[Callable[..., ExecutionResult]] = import_module("graphql").execute_sync

SCHEMA: Final[list[GraphQLSchema]] = []
"""The executable schema, once it is built."""

BUILDING: Final = threading.Lock()

RULES: Final = [_LenientValues if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules]


def load_schema() -> GraphQLSchema:
    """Return the executable schema. It is built once per process, at the first request, while others wait for it."""
    if not SCHEMA:
        with BUILDING:
            if not SCHEMA:
                SCHEMA.append(_build_schema())
    return SCHEMA[0]


def _build_schema() -> GraphQLSchema:
    text = resources.files("wandql.server").joinpath("schema.graphql").read_text("utf-8")
    schema = make_executable_schema(text, *BINDABLES, convert_names_case=snake_case)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLEnumType):
            # ariadne 1.1 shadows this method with one that lacks an argument of graphql-core 3.2.14, for the sake of
            # enums with Python values. The enums of this schema have none.
            vars(kind).pop("parse_value", None)
    return schema


def prepare(text: str, operation_name: str | None) -> Operation:
    """Parse and validate a document and find its operation.

    Raises:
        Refusal: The document is not valid, or has no such operation (400).
    """
    # The official client sends an empty name where there is none.
    operation = _operation(text, operation_name or None)
    if not isinstance(operation, Operation):
        logger.warning("refused: %s (asked for by %s)", " ".join(operation), operation_name or NAMELESS)
        raise Refusal(400, *operation)
    return operation


def run_operation(operation: Operation, variables: Mapping[str, JSONValue], context: Context) -> Outcome:
    """Execute an operation in the transaction of its context."""
    result = EXECUTE(
        load_schema(),
        operation.document,
        context_value=context,
        variable_values=_known_fields(operation, variables),
        operation_name=operation.name,
        execution_context_class=PreparedExecution,
    )
    body: JSONObject = {"data": result.data}
    if not result.errors:
        return Outcome(200, body, failed=False)
    body["errors"] = [
        _report(error, operation.node.name.value if operation.node.name else NAMELESS) for error in result.errors
    ]
    return Outcome(max(_status(error) for error in result.errors), body, failed=True)


@lru_cache(maxsize=512)
def _operation(text: str, name: str | None) -> Operation | list[str]:
    """Return the operation of a valid document, or what is wrong. Clients send few documents, many times."""
    try:
        document = parse(text, max_tokens=LONGEST)
    except GraphQLError as error:
        return [error.message]
    errors = validate(load_schema(), document, RULES, hide_suggestions=True)
    if errors:
        # Clients look for `Cannot query field "x" on type "Y".`, in the quotes of the reference implementation.
        return [error.message.replace("'", '"') for error in errors]
    node = get_operation_ast(document, name)
    if node is None:
        return [f'Unknown operation named "{name}".' if name else "Say which operation: there are several."]
    declared = node.variable_definitions
    variables = {each.variable.name.value: print_ast(each.type).strip(WRAPPING) for each in declared}
    return Operation(document, node, name, variables)


def _known_fields(operation: Operation, variables: Mapping[str, JSONValue]) -> dict[str, JSONValue]:
    declared = operation.variables
    return {name: _prune(value, declared[name]) for name, value in variables.items() if name in declared}


def _prune(value: JSONValue, type_name: str) -> JSONValue:
    """Drop the fields that an input object does not have: newer clients send fields that older servers lack."""
    kind = load_schema().get_type(type_name)
    match value:
        case list():
            return [_prune(item, type_name) for item in value]
        case dict() if isinstance(kind, GraphQLInputObjectType):
            fields = {name: str(field.type).strip(WRAPPING) for name, field in kind.fields.items()}
            return {name: _prune(item, fields[name]) for name, item in value.items() if name in fields}
        case _:
            return value


def _report(error: GraphQLError, asked_by: str) -> JSONValue:
    cause = error.original_error
    if isinstance(cause, NotServedError):
        logger.warning("%s (asked for by %s)", cause, asked_by)
    if cause is not None and (refusal := refusal_of(cause)) is not None:
        logger.error("%s: %s", error.path, refusal)
        return {"message": str(refusal), "path": list(error.path or ())}
    if cause is not None and not isinstance(cause, Refusal | NotServedError | UsageError | GraphQLError):
        logger.error("a resolver failed: %s", error.path, exc_info=cause)
        return {"message": f"The server failed: {type(cause).__name__}.", "path": list(error.path or ())}
    return {"message": error.message, **({"path": list(error.path)} if error.path else {})}


def _status(error: GraphQLError) -> int:
    # What has no path happened before execution: a variable of the wrong type.
    if error.path is None:
        return 400
    match error.original_error:
        case Refusal(status=status):
            return status
        case UsageError():
            return 400
        case None:
            return 200
        case cause:
            refusal = refusal_of(cause)
            return 200 if refusal is None else refusal.status
