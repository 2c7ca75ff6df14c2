"""The schema's own scalars, between Python and the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from ariadne import ScalarType
from graphql import GraphQLError

from wandql.graphql.scalars import JSONValue

__all__ = ["SCALARS"]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _text(value: JSONValue) -> str:
    if not isinstance(value, str):
        raise GraphQLError(f"Expected JSON text, found {value!r}.")
    return value


def _integer(value: JSONValue) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise GraphQLError(f"Expected an integer of 64 bits, found {value!r}.")
    return value


def _same(value: JSONValue) -> JSONValue:
    return value


def _moment(microseconds: int) -> str:
    return (EPOCH + timedelta(microseconds=microseconds)).isoformat(timespec="microseconds").replace("+00:00", "Z")


SCALARS: Final = [
    ScalarType("JSONString", serializer=_text, value_parser=_text),
    ScalarType("JSON", serializer=_same, value_parser=_same),
    ScalarType("Int64", serializer=_integer, value_parser=_integer),
    ScalarType("Duration", serializer=_integer, value_parser=_integer),
    ScalarType("DateTime", serializer=_moment, value_parser=_text),
]
