"""What the values of a column are, and the type that follows from it. Pure.

The shapes of two parts of a column merge into the shape of both, in any order. So the type of a column depends on its
values alone, not on how they came in pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Flag, auto
from functools import cache
from itertools import chain
from typing import Final

from wandql.frames.arrow import DataType, load_arrow
from wandql.graphql.scalars import JSONValue

__all__ = ["NOTHING", "Kind", "Shape", "arrow_type", "merge", "shape_of"]


class Kind(Flag):
    """What values are. Nulls are of no kind."""

    NONE = 0
    BOOL = auto()
    INT = auto()
    BIG = auto()
    FLOAT = auto()
    TEXT = auto()
    LIST = auto()
    OBJECT = auto()


@dataclass(frozen=True, slots=True)
class Shape:
    """What the values of a column are.

    Attributes:
        kinds: The kinds that occur.
        items: What the items of lists are; None where there is no list.
    """

    kinds: Kind = Kind.NONE
    items: Shape | None = None


NOTHING: Final = Shape()
NUMBERS: Final = Kind.INT | Kind.BIG | Kind.FLOAT
KINDS: Final[dict[type, Kind]] = {
    type(None): Kind.NONE,
    bool: Kind.BOOL,
    int: Kind.INT,
    float: Kind.FLOAT,
    str: Kind.TEXT,
    list: Kind.LIST,
    dict: Kind.OBJECT,
}
LEAST, MOST = -(2**63), 2**63 - 1


def shape_of(values: Sequence[JSONValue]) -> Shape:
    """Return the shape of values."""
    kinds = Kind.NONE
    for each in set(map(type, values)):
        kinds |= KINDS[each]
    if Kind.INT in kinds:
        integers = [value for value in values if type(value) is int]
        smallest, largest = min(integers), max(integers)
        if smallest < LEAST or largest > MOST:
            kinds |= Kind.BIG
    if Kind.LIST not in kinds:
        return Shape(kinds)
    return Shape(kinds, shape_of([*chain.from_iterable(value for value in values if isinstance(value, list))]))


def merge(one: Shape, other: Shape) -> Shape:
    """Return the shape of the values of both."""
    if one == other:
        return one
    items = one.items or other.items
    if one.items and other.items:
        items = merge(one.items, other.items)
    return Shape(one.kinds | other.kinds, items)


@cache
def arrow_type(shape: Shape) -> DataType | None:
    """Return the Arrow type for a shape, or None where only JSON text holds all such values.

    Booleans, texts, integers of 64 bits and lists of one type have a type of their own. Numbers are floats where one of
    them is. Objects, larger integers and everything that is mixed are JSON.
    """
    pa = load_arrow()
    kinds = shape.kinds
    simple: dict[Kind, DataType] = {
        Kind.NONE: pa.null(),
        Kind.BOOL: pa.bool_(),
        Kind.INT: pa.int64(),
        Kind.TEXT: pa.string(),
    }
    if kinds in simple:
        return simple[kinds]
    if Kind.FLOAT in kinds and kinds in NUMBERS:
        floats: DataType = pa.float64()
        return floats
    if kinds is Kind.LIST and shape.items is not None:
        items = arrow_type(shape.items)
        # Parquet calls the items of lists so: what is read back is equal, names and all.
        lists: DataType | None = None if items is None else pa.list_(pa.field("element", items))
        return lists
    return None
