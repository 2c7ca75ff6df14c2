"""The hand-written GraphQL: schema and queries, parsed, each definition with its file and its comment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    ListTypeNode,
    NamedTypeNode,
    Node,
    NonNullTypeNode,
    OperationDefinitionNode,
    Source,
    TokenKind,
    TypeNode,
    Visitor,
    build_schema,
    parse,
    visit,
)

__all__ = ["Definition", "QueryRulesError", "Sources", "fragments_spread_in", "named_type", "place_of"]


class QueryRulesError(Exception):
    """What is written by hand breaks rules. The message has a line for each, with file, operation and field."""


@dataclass(frozen=True)
class Definition:
    """One operation or fragment of `queries/`."""

    node: OperationDefinitionNode | FragmentDefinitionNode
    file: Path
    comment: str

    @property
    def name(self) -> str:
        """The definition's own name; empty for an anonymous operation."""
        return self.node.name.value if self.node.name else ""


@dataclass(frozen=True)
class Sources:
    """Everything that is written by hand in GraphQL."""

    schema: GraphQLSchema
    definitions: tuple[Definition, ...]

    @classmethod
    def load(cls, schema: Path, queries: Path) -> Sources:
        """Parse the schema and every `.graphql` file below `queries`, in the order of their names.

        Raises:
            QueryRulesError: A file is not GraphQL; the message names file and line.
        """
        try:
            return cls(
                build_schema(Source(schema.read_text(encoding="utf-8"), str(schema))),
                tuple(definition for file in sorted(queries.rglob("*.graphql")) for definition in _definitions(file)),
            )
        except GraphQLSyntaxError as error:
            raise QueryRulesError(f"{place_of(error)}: {error.message}") from error
        except TypeError as error:
            raise QueryRulesError(f"{schema}: {error}") from error

    @property
    def operations(self) -> list[Definition]:
        """The operations, sorted by name."""
        found = [d for d in self.definitions if isinstance(d.node, OperationDefinitionNode)]
        return sorted(found, key=lambda definition: definition.name)

    @cached_property
    def fragments(self) -> dict[str, Definition]:
        """The fragments by name."""
        return {d.name: d for d in self.definitions if isinstance(d.node, FragmentDefinitionNode)}

    def fragments_of(self, node: Node) -> list[Definition]:
        """Return the fragments that `node` spreads, directly or through others, sorted by name."""
        found: dict[str, Definition] = {}
        waiting = fragments_spread_in(node)
        while waiting:
            name = waiting.pop()
            if name in self.fragments and name not in found:
                found[name] = self.fragments[name]
                waiting += fragments_spread_in(found[name].node)
        return [found[name] for name in sorted(found)]

    @cached_property
    def document(self) -> DocumentNode:
        """All definitions as one document."""
        return DocumentNode(definitions=tuple(definition.node for definition in self.definitions))


def place_of(error: GraphQLError) -> str:
    """Return where the first cause of an error stands, as `file:line`."""
    source = error.source.name if error.source else ""
    return f"{source}:{error.locations[0].line}" if error.locations else source


def named_type(type_: TypeNode) -> str:
    """Return the name of a type without its lists and exclamation marks."""
    match type_:
        case NonNullTypeNode() | ListTypeNode():
            return named_type(type_.type)
        case NamedTypeNode():
            return type_.name.value
        case _:
            raise TypeError(type_)


def fragments_spread_in(node: Node) -> list[str]:
    """Return the names of the fragments that `node` itself spreads."""
    spreads = _Spreads()
    visit(node, spreads)
    return spreads.names


class _Spreads(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.names.append(node.name.value)


def _definitions(file: Path) -> list[Definition]:
    document = parse(Source(file.read_text(encoding="utf-8"), str(file)))
    return [
        Definition(node, file, _comment_above(node))
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode | FragmentDefinitionNode)
    ]


def _comment_above(node: Node) -> str:
    lines: list[str] = []
    below = node.loc.start_token if node.loc else None
    while below and (token := below.prev) and token.kind is TokenKind.COMMENT and token.line == below.line - 1:
        lines.insert(0, (token.value or "").strip())
        below = token
    return " ".join(lines)
