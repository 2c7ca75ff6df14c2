"""Execution of selection sets, prepared once for all objects of a list.

graphql-core looks up the field, its arguments and what a resolver may want to know of it anew for every field of every
object: of a page of runs that is the larger part of the work. Here it is done once for each selection set of a request;
resolvers get the same, but for a path to where they are. None of ours asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Final

from graphql import (
    ExecutionContext,
    GraphQLEnumType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    Undefined,
)
from graphql.execution.execute import get_field_def
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphql import FieldNode, GraphQLResolveInfo

__all__ = ["PreparedExecution"]


# Taken by name, as types are below: their own annotations are not whole, and strict type checkers refuse them.
COMPLETE: Final[Callable[..., object]] = import_module("graphql").ExecutionContext.complete_value


@dataclass(frozen=True, slots=True)
class _Step:
    """A field of a selection set, with all that is the same for each object.

    Attributes:
        name: Its name in the reply.
        nodes: Where the document asks for it.
        resolve: Returns its value.
        info: What resolvers may ask.
        arguments: The arguments.
        type: Its type.
        serialize: Makes a scalar or an enum of the reply of its value; None for other types.
        nullable: Whether it may be null.
    """

    name: str
    nodes: list[FieldNode]
    resolve: Callable[..., object]
    info: GraphQLResolveInfo
    arguments: dict[str, object]
    type: object
    serialize: Callable[[object], object] | None
    nullable: bool


class PreparedExecution(ExecutionContext):
    """One execution. What fails is executed once more by graphql-core itself, which says where, and what is null."""

    @cached_property
    def _plans(self) -> dict[int, tuple[object, list[_Step]]]:
        return {}

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: object,
        path: Path | None,
        fields: dict[str, list[FieldNode]],
    ) -> dict[str, object]:
        """Resolve and complete the fields of an object."""
        known = self._plans.get(id(fields))
        if known is None:
            # The fields are kept too: while they are, nothing else has their id.
            known = self._plans[id(fields)] = fields, self._prepare(parent_type, path, fields)
        results: dict[str, object] = {}
        for step in known[1]:
            try:
                value = step.resolve(source_value, step.info, **step.arguments)
                if step.serialize is None or isinstance(value, Exception):
                    place = Path(path, step.name, parent_type.name)
                    value = COMPLETE(self, step.type, step.nodes, step.info, place, value)
                elif value is not None and value is not Undefined:
                    value = step.serialize(value)
                if (value is None or value is Undefined) and not (step.nullable and value is None):
                    raise TypeError(step.name)  # noqa: TRY301 - graphql-core says it better
            except Exception:  # noqa: BLE001 - it is raised again, or becomes a part of the reply
                place = Path(path, step.name, parent_type.name)
                value = self.execute_field(parent_type, source_value, step.nodes, place)
            results[step.name] = value
        return results

    def _prepare(
        self, parent_type: GraphQLObjectType, path: Path | None, fields: dict[str, list[FieldNode]]
    ) -> list[_Step]:
        steps: list[_Step] = []
        for name, nodes in fields.items():
            field = get_field_def(self.schema, parent_type, nodes[0])
            kind: object = vars(field)["type"]
            inner, nullable = _within(kind)
            resolve = field.resolve or self.field_resolver
            try:
                arguments = get_argument_values(field, nodes[0], self.variable_values)
            except Exception:  # noqa: BLE001 - each object gets its error from graphql-core
                arguments, resolve = {}, _fail
            steps.append(
                _Step(
                    name,
                    nodes,
                    resolve,
                    self.build_resolve_info(field, nodes, parent_type, Path(path, name, parent_type.name)),
                    arguments,
                    kind,
                    inner.serialize if isinstance(inner, GraphQLScalarType | GraphQLEnumType) else None,
                    nullable,
                )
            )
        return steps


def _within(kind: object) -> tuple[object, bool]:
    """Return a type without its exclamation mark, and whether it has none."""
    return (vars(kind)["of_type"], False) if isinstance(kind, GraphQLNonNull) else (kind, True)


def _fail(*_given: object) -> None:
    raise TypeError
