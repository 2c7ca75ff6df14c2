"""Documents, taken apart into columns. Pure.

A column has a path: the keys that lead to its values. Objects are taken apart down to what is no object; an empty one
is a value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["Column", "KeyPath", "name_columns", "take_apart"]

KeyPath: TypeAlias = tuple[str, ...]
Column: TypeAlias = tuple[KeyPath, Sequence[JSONValue]]


def take_apart(documents: Sequence[JSONObject], path: KeyPath = ()) -> Iterator[Column]:
    """Yield the columns of documents: each has a value for every document, None where a document has none.

    Args:
        documents: The documents, one for each row.
        path: The keys that lead to them.
    """
    for key, values in _turned(documents):
        kinds = set(map(type, values))
        if dict not in kinds:
            yield (*path, key), values
            continue
        objects = [value if isinstance(value, dict) else {} for value in values]
        yield from take_apart(objects, (*path, key))
        leaves = [None if isinstance(value, dict) and value else value for value in values]
        if any(value is not None for value in leaves):
            yield (*path, key), leaves


def _turned(documents: Sequence[JSONObject]) -> Iterator[tuple[str, Sequence[JSONValue]]]:
    orders = set(map(tuple, documents))
    if len(orders) == 1:
        # What one script logs mostly has the same keys in the same order.
        yield from zip(orders.pop(), zip(*[document.values() for document in documents], strict=True), strict=True)
        return
    for key in dict.fromkeys(chain.from_iterable(orders)):
        yield key, [document.get(key) for document in documents]


def name_columns(paths: Iterable[KeyPath]) -> Mapping[KeyPath, str]:
    """Return the name of each path, in the order of columns: its keys, joined by dots.

    Keys may have dots of their own. Where that gives several paths the same name, the one of the fewest keys has it,
    and the others are numbered: `config.a.b`, `config.a.b#2`.
    """
    alike: defaultdict[str, list[KeyPath]] = defaultdict(list)
    for path in paths:
        alike[".".join(path)].append(path)
    names: dict[KeyPath, str] = {}
    taken = set(alike)
    for name in sorted(alike):
        first, *others = sorted(alike[name], key=lambda path: (len(path), path))
        names[first] = name
        number = 2
        for path in others:
            while (numbered := f"{name}#{number}") in taken:
                number += 1
            taken.add(numbered)
            names[path] = numbered
    return names
