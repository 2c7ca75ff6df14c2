"""The types of columns and of parameters, each with what it is in PostgreSQL."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import sqlalchemy
from sqlalchemy import BigInteger, Float, Numeric, TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

__all__ = ["Integer", "Number", "Text"]

REPLACEMENT: Final = "\ufffd"


class _PostgreSQLText(TypeDecorator[str]):
    """Text in the order of its bytes, as SQLite has it. PostgreSQL has no U+0000 in a text: U+FFFD stands for it."""

    impl = sqlalchemy.Text(collation="C")
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the base's
        return value.replace("\0", REPLACEMENT) if value is not None and "\0" in value else value


class _PostgreSQLNumber(TypeDecorator[float]):
    """A number that is sent by its digits: PostgreSQL rounds a float to 15 of them where it meets an integer."""

    impl = Numeric(asdecimal=False)
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - the base's
        return None if value is None else Decimal(repr(value))


Integer: Final[TypeEngine[int]] = sqlalchemy.Integer().with_variant(BigInteger(), "postgresql")
"""An integer of 64 bits."""

Text: Final[TypeEngine[str]] = sqlalchemy.Text().with_variant(_PostgreSQLText(), "postgresql")
"""A text, compared by its bytes."""

Number: Final[TypeEngine[float]] = Float().with_variant(_PostgreSQLNumber(), "postgresql")
"""A number with a fraction."""
