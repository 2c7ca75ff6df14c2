"""Objects in columns: their parts by dotted paths, and what they are without nulls."""

from __future__ import annotations

from wandql.frames.arrow import Array, Rows, load_arrow
from wandql.graphql.scalars import JSONValue

__all__ = ["column_at", "leads_to", "without_nulls"]


def leads_to(name: str, key: str) -> bool:
    """Tell whether a column holds a key, by itself or in its objects."""
    return key == name or key.startswith(f"{name}.")


def column_at(table: Rows, key: str) -> Array | None:
    """Return the column of a key, which may be the dotted path into a column of objects; None where there is none."""
    names: list[str] = table.column_names
    if key in names:
        return table.column(key)
    for name in sorted(names, key=len, reverse=True):
        if leads_to(name, key) and (found := _field_at(table.column(name), key[len(name) + 1 :])) is not None:
            return found
    return None


def _field_at(column: Array, key: str) -> Array | None:
    pa, compute = load_arrow(), load_arrow("compute")
    if not pa.types.is_struct(column.type):
        return None
    for name in sorted([field.name for field in column.type], key=len, reverse=True):
        if leads_to(name, key):
            inner: Array = compute.struct_field(column, [name])
            return inner if key == name else _field_at(inner, key[len(name) + 1 :])
    return None


def without_nulls(value: JSONValue) -> JSONValue:
    """Return a value whose objects have the keys of which they have a value."""
    match value:
        case dict():
            return {key: without_nulls(each) for key, each in value.items() if each is not None}
        case list():
            return [without_nulls(each) for each in value]
        case _:
            return value
