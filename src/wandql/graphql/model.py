"""The bases of all generated models and enums."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import pydantic
from pydantic.alias_generators import to_camel

__all__ = ["BaseModel", "OpenEnum"]


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
