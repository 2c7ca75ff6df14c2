"""Values as Arrow arrays: first as they are, part by part, then as the type that all parts of a column agree on.

Nothing is lost in between. Integers beside floats stay apart until it is clear whether their column holds numbers, as
floats, or a mix, as JSON text, where `1` and `1.0` differ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic_core import from_json, to_json

from wandql.frames.arrow import Array, Field, load_arrow
from wandql.frames.shapes import Kind, Shape, arrow_type
from wandql.graphql.scalars import JSONValue

__all__ = ["JSON_ENCODED", "Part", "json_array", "keep", "make_field", "unify"]

JSON_ENCODED: Final = {"wandql.encoding": "json"}
"""The metadata of a field whose texts are JSON."""

MIXED_NUMBERS: Final = Kind.INT | Kind.FLOAT


@dataclass(frozen=True, slots=True)
class Part:
    """The values of a column in some rows.

    Attributes:
        shape: What they are.
        array: They themselves: of the shape's type; integers and floats apart, in a struct; or as JSON text.
    """

    shape: Shape
    array: Array


def keep(values: Sequence[JSONValue], shape: Shape) -> Part:
    """Return values as an array that loses nothing of them."""
    pa = load_arrow()
    if shape.kinds == MIXED_NUMBERS:
        floats = pa.array([value if isinstance(value, float) else None for value in values], pa.float64())
        integers = pa.array([value if isinstance(value, int) else None for value in values], pa.int64())
        return Part(shape, pa.StructArray.from_arrays([floats, integers], ["float", "integer"]))
    return Part(shape, json_array(values) if _is_text(shape) else pa.array(values, arrow_type(shape)))


def unify(part: Part, shape: Shape) -> Array:
    """Return the values of a part as an array of the type of `shape`, which is that of all parts."""
    pa = load_arrow()
    wanted, array = arrow_type(shape), part.array
    if part.shape.kinds is Kind.NONE:
        nulls: Array = pa.nulls(len(array), pa.string() if wanted is None else wanted)
        return nulls
    if wanted is None:
        return array if _is_text(part.shape) else json_array(_restore(part))
    if part.shape.kinds is Kind.INT:
        return array.cast(wanted, safe=False)
    if part.shape.kinds == MIXED_NUMBERS:
        numbers: Array = load_arrow("compute").coalesce(
            array.field("float"), array.field("integer").cast(wanted, safe=False)
        )
        return numbers
    if array.type == wanted and not _is_text(part.shape):
        return array
    fitted: Array = pa.array([_fit(value, shape) for value in _restore(part)], wanted)
    return fitted


def json_array(values: Sequence[JSONValue]) -> Array:
    """Return values as JSON text, nulls as nulls."""
    pa = load_arrow()
    texts: Array = pa.array([None if value is None else to_json(value).decode() for value in values], pa.string())
    return texts


def make_field(name: str, shape: Shape) -> Field:
    """Return the field of a column of that shape."""
    pa = load_arrow()
    kind = arrow_type(shape)
    field: Field = pa.field(name, pa.string(), metadata=JSON_ENCODED) if kind is None else pa.field(name, kind)
    return field


def _is_text(shape: Shape) -> bool:
    """Tell whether values of this shape are kept as JSON text, since no array holds them exactly."""
    if shape.kinds == MIXED_NUMBERS:
        return False
    return arrow_type(shape) is None or _has_integers_as_floats(shape)


def _has_integers_as_floats(shape: Shape) -> bool:
    if shape.items is not None:
        return _has_integers_as_floats(shape.items)
    return Kind.FLOAT in shape.kinds and shape.kinds is not Kind.FLOAT


def _restore(part: Part) -> list[JSONValue]:
    """Return the values of a part as they were."""
    array = part.array
    if part.shape.kinds == MIXED_NUMBERS:
        both = zip(array.field("float").to_pylist(), array.field("integer").to_pylist(), strict=True)
        return [integer if real is None else real for real, integer in both]
    if _is_text(part.shape):
        return [from_json(value) if isinstance(value, str) else None for value in array.to_pylist()]
    return array.to_pylist()


def _fit(value: JSONValue, shape: Shape) -> JSONValue:
    """Return a value with floats for the integers in it, where the shape has floats."""
    if isinstance(value, list) and shape.items is not None:
        return [_fit(item, shape.items) for item in value]
    return _float(value) if isinstance(value, int) and Kind.FLOAT in shape.kinds else value


def _float(number: int) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
