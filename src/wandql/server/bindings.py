"""Binding the schema to what answers it, so that no field is ever answered by accident.

Every field is one of three: it has a resolver, it is an attribute of its type's record, or it is not served. A field
that is not served is an error that names it, in the reply and in the log; graphql-core's own default, a silent null,
is never used.
"""

from __future__ import annotations

import inspect
import re
from operator import attrgetter
from typing import TYPE_CHECKING, NoReturn, Protocol

from ariadne import SchemaBindable
from graphql import GraphQLObjectType

from wandql.server.ids import encode_id
from wandql.server.pages import Edge, Page, PageInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphql import GraphQLResolveInfo, GraphQLSchema

__all__ = ["NotServedError", "Records", "Unserved", "snake_case"]


def snake_case(name: str, *_place: object) -> str:
    """Return the Python name of a name in the schema: `run_id` for `runID`, `md5` for `md5`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class Row(Protocol):
    """A record that stands for a row of a table."""

    @property
    def key(self) -> int:
        """The row's number."""
        ...


class NotServedError(Exception):
    """The schema has this field, but this server does not answer it."""


class Records(SchemaBindable):
    """Binds fields to attributes of the record that stands for their type.

    Args:
        records: The record class of each type. Those of connections are known. The type of a mutation's payload has
            none: its values are dicts by field name.
    """

    def __init__(self, records: Mapping[str, type]) -> None:
        self._records = records

    def bind_to_schema(self, schema: GraphQLSchema) -> None:
        """Give every field that is an attribute its resolver."""
        for name, kind in schema.type_map.items():
            record = self._records.get(name) or _of_connection(name)
            if not isinstance(kind, GraphQLObjectType) or record is None:
                continue
            attributes = _attributes(record)
            for field_name, field in kind.fields.items():
                attribute = snake_case(field_name)
                if field.resolve:
                    continue
                if attribute == "id" and "key" in attributes and "id" not in attributes:
                    field.resolve = _identify(name)
                elif attribute in attributes:
                    field.resolve = _read(attribute)
                elif record is Page and field_name == "totalCount":
                    field.resolve = _count


class Unserved(SchemaBindable):
    """Makes an error of every field that nothing else was bound to. It must be bound last."""

    def bind_to_schema(self, schema: GraphQLSchema) -> None:
        """Give every field that is left its resolver."""
        for name, kind in schema.type_map.items():
            if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
                for field in kind.fields.values():
                    field.resolve = field.resolve or (_read_payload if name.endswith("Payload") else _refuse)


def _attributes(record: type) -> set[str]:
    return {
        *inspect.get_annotations(record),
        *(name for name, _ in inspect.getmembers(record, inspect.isdatadescriptor)),
    }


def _of_connection(name: str) -> type | None:
    ends: dict[str, type] = {"Connection": Page, "Edge": Edge, "PageInfo": PageInfo}
    return next((record for end, record in ends.items() if name.endswith(end)), None)


def _read(attribute: str) -> Callable[..., object]:
    get = attrgetter(attribute)

    def read(record: object, _info: GraphQLResolveInfo) -> object:
        value: object = get(record)
        return value

    return read


def _identify(kind: str) -> Callable[..., str]:
    def identify(record: Row, _info: GraphQLResolveInfo) -> str:
        return encode_id(kind, record.key)

    return identify


def _count(page: Page[object], _info: GraphQLResolveInfo) -> int:
    return page.count()


def _read_payload(payload: Mapping[str, object], info: GraphQLResolveInfo) -> object:
    if info.field_name not in payload:
        _refuse(payload, info)
    return payload[info.field_name]


def _refuse(_source: object, info: GraphQLResolveInfo, **_arguments: object) -> NoReturn:
    raise NotServedError(f"not served by this server: {info.parent_type.name}.{info.field_name}")
