"""Documents of the wire's dialect, read as expressions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from wandql.errors import InvalidFilterError
from wandql.filters.documents import check_document
from wandql.filters.expressions import Filter, all_of, any_of, condition
from wandql.filters.names import Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["parse_filter"]


def parse_filter(document: Mapping[str, object] | str) -> Filter:
    """Return the filter that a document is, or a JSON text of one.

    Raises:
        InvalidFilterError: It is no filter that a server could read. The message names the place.
    """
    return _document(check_document(_loaded(document) if isinstance(document, str) else document))


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidFilterError(
            f"The filter {text[:80]!r} is no JSON: {error}.", hint='Write {"state": "finished"}, for example.'
        ) from None


def _document(document: JSONObject) -> Filter:
    return all_of(_clause(name, value) for name, value in document.items())


def _clause(name: str, value: JSONValue) -> Filter:
    match name, value:
        case "$and", list():
            return all_of(_inner(value))
        case "$or", list():
            return any_of(_inner(value))
        case "$nor", list():
            return ~any_of(_inner(value))
        case _:
            return _field(Name.read(name), value)


def _inner(documents: list[JSONValue]) -> Iterator[Filter]:
    return (_document(each) for each in documents if isinstance(each, dict))


def _field(name: Name, value: JSONValue) -> Filter:
    if isinstance(value, dict) and any(key.startswith("$") for key in value):
        return _operators(name, value)
    return condition(name, "$eq", value)


def _operators(name: Name, document: JSONObject) -> Filter:
    options = document.get("$options")
    return all_of(
        _operator(name, operator, f"(?{options}){operand}" if operator == "$regex" and options else operand)
        for operator, operand in document.items()
        if operator != "$options"
    )


def _operator(name: Name, operator: str, operand: JSONValue) -> Filter:
    match operator, operand:
        case "$not", dict():
            return ~_operators(name, operand)
        case "$all", list():
            # Without any value nothing has "all" of them, as MongoDB has it.
            return all_of(condition(name, "$eq", each) for each in operand) if operand else condition(name, "$in", [])
        case _:
            return condition(name, operator, operand)
