"""The bases of all generated models and enums."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

import pydantic
from pydantic.alias_generators import to_camel

__all__ = ["UNKNOWN", "BaseModel", "OpenEnum", "UnknownType", "by_type"]

UNKNOWN = "unknown"
# A field of this name is never shown.
SECRET = "secret"  # noqa: S105 - it names one


# `defer_build` leaves the building of a validator to its first use: importing all models costs a few milliseconds then.
class BaseModel(pydantic.BaseModel):
    """An immutable value, made from camelCase JSON or snake_case keywords."""

    model_config: ClassVar[pydantic.ConfigDict] = pydantic.ConfigDict(
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        protected_namespaces=(),
        defer_build=True,
    )

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        for name, value in super().__repr_args__():
            yield name, "…" if name == SECRET and value else value


class OpenEnum(StrEnum):
    """An enum that also holds the values that a newer server may send, so that none of them fails a page."""

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member


class UnknownType(BaseModel):
    """An object of a type that this version does not know, where a union allows several: a newer server sent it."""

    typename__: str = pydantic.Field(alias="__typename")
    """The name of its type."""


def by_type(*known: str) -> pydantic.Discriminator:
    """Tell the members of a union apart by `__typename`; what is none of the `known` types is tagged `UNKNOWN`."""

    def tag(value: object) -> str:
        match value:
            case {"__typename": str(name)} | {"typename__": str(name)}:
                pass
            case _:
                name = getattr(value, "typename__", UNKNOWN)
        return name if name in known else UNKNOWN

    return pydantic.Discriminator(tag)
