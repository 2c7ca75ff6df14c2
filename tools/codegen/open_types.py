"""Opens the unions and interfaces of generated models: a newer server's types must not fail a page."""

from __future__ import annotations

import ast

__all__ = ["open_types"]

IMPORTS = "from pydantic import Tag\nfrom wandql.graphql.model import UNKNOWN, UnknownType, by_type"


def open_types(module: ast.Module) -> ast.Module:
    """Give each union a member for unknown types, and let the `typename__` of an interface be any text."""
    module = ast.parse(ast.unparse(module))
    opener = _Opener({node.name: _type_names(node) for node in module.body if isinstance(node, ast.ClassDef)})
    opener.visit(module)
    if opener.found:
        module.body[:0] = ast.parse(IMPORTS).body
    return module


class _Opener(ast.NodeTransformer):
    def __init__(self, type_names: dict[str, list[str]]) -> None:
        self.type_names = type_names
        self.found = False

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        self.generic_visit(node)
        # One name is that of an object type: only an interface or what stands for its other types has several.
        if ast.unparse(node.target) == "typename__" and len(_literals(node.annotation)) > 1:
            node.annotation = ast.Name("str")
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Subscript(
                value=ast.Name("Annotated"),
                slice=ast.Tuple(elts=[ast.Subscript(slice=ast.Tuple(elts=members)), ast.Call(func=ast.Name("Field"))]),
            ):
                self.found = True
                return self._open_union([str(ast.literal_eval(member)) for member in members])
            case _:
                return node

    def _open_union(self, members: list[str]) -> ast.expr:
        known = {member: names[0] for member in members if len(names := self.type_names[member]) == 1}
        rest = [member for member in members if member not in known] or ["UnknownType"]
        tagged = [
            *(f"Annotated[{member}, Tag({name!r})]" for member, name in known.items()),
            *(f"Annotated[{member}, Tag(UNKNOWN)]" for member in rest),
        ]
        arguments = ", ".join(map(repr, known.values()))
        return ast.parse(f"Annotated[{' | '.join(tagged)}, by_type({arguments})]", mode="eval").body


def _type_names(node: ast.ClassDef) -> list[str]:
    return [
        name
        for member in node.body
        if isinstance(member, ast.AnnAssign) and ast.unparse(member.target) == "typename__"
        for name in _literals(member.annotation)
    ]


def _literals(annotation: ast.expr) -> list[str]:
    return [
        each.value for each in ast.walk(annotation) if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
