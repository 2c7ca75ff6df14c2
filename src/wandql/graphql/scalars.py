"""Python types of the schema's custom scalars."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, GetCoreSchemaHandler, JsonValue
from pydantic_core import core_schema

from wandql.graphql.documents import decode

__all__ = ["JSONObject", "JSONString", "JSONValue", "UTCDatetime"]

JSONValue: TypeAlias = JsonValue
JSONObject: TypeAlias = dict[str, JsonValue]


def _in_utc(time: datetime) -> datetime:
    """Servers leave the zone out where they mean UTC."""
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError as error:
        # The only errors that pydantic reports as the reply's fault are ValueErrors.
        raise ValueError("in UTC it is not in the years 1 to 9999") from error


UTCDatetime: TypeAlias = Annotated[datetime, AfterValidator(_in_utc)]


class JSONString(str):
    """A JSON document as the server sends it: text, parsed when `value` is first read.

    Most users read few of the documents that a page holds, and parsing all of them costs five times the page.
    """

    __slots__ = ("__dict__",)

    @cached_property
    def value(self) -> JSONValue:
        """The parsed document. `NaN`, `Infinity` and `-Infinity` are read as floats.

        Raises:
            ValueError: The text is not JSON.
        """
        return decode(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(
            cls, core_schema.str_schema(), serialization=core_schema.to_string_ser_schema()
        )
