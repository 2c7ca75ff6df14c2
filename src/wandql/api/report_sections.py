"""What the run sets of a report choose, in the words of the server's filters and orders. Pure.

A run set keeps its filter as the web app shows it: a tree of groups (`AND`, `OR`) and conditions on a key of a section
(`config`, `summary`, `run`, `tags`, `keys_info`). What is switched off there counts as not there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from wandql.errors import UsageError
from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["RunSet", "read_run_set", "sections_of"]

GROUPS: Final = {"AND": "$and", "OR": "$or"}
COMPARISONS: Final = {
    "!=": "$ne",
    ">": "$gt",
    ">=": "$gte",
    "<": "$lt",
    "<=": "$lte",
    "IN": "$in",
    "NIN": "$nin",
    "REGEX": "$regex",
}
PREFIXES: Final = {
    "config": "config.",
    "summary": "summary_metrics.",
    "keys_info": "keys_info.keys.",
    "run": "",
    "tags": "tags.",
}


@dataclass(frozen=True, slots=True)
class RunSet:
    """Which runs a section of a report shows.

    Attributes:
        entity: The owner of their project; None for that of the report.
        project: Their project; None for that of the report.
        filters: The filter, in MongoDB's dialect.
        order: A sign and a field; None where the section does not say.
    """

    entity: str | None
    project: str | None
    filters: JSONObject
    order: str | None


def sections_of(spec: JSONObject) -> list[JSONObject]:
    """Return the sections of a report: the panel groups of old ones, what the panel grids of newer ones hold."""
    groups = _objects(spec.get("panelGroups"))
    grids = [block for block in _objects(spec.get("blocks")) if block.get("type") == "panel-grid"]
    return [*groups, *(metadata for grid in grids if isinstance(metadata := grid.get("metadata"), dict))]


def read_run_set(section: JSONObject, *, only_selected: bool) -> RunSet:
    """Return which runs a section shows: those of the run set that is open in it.

    Args:
        section: One of `sections_of`.
        only_selected: Whether runs that are switched off in it are left out.

    Raises:
        UsageError: It shows no runs, or filters in a way that is not known.
    """
    sets = _objects(section.get("runSets"))
    opened = section.get("openRunSet")
    index = opened if isinstance(opened, int) and 0 <= opened < len(sets) else 0
    if not sets:
        raise UsageError("This section of the report has no set of runs.", hint="report.sections lists them all.")
    chosen = sets[index]
    conditions = [
        *_condition(chosen.get("filters")),
        *_searched(chosen.get("search")),
        *(_selected(chosen.get("selections")) if only_selected else []),
    ]
    owner = chosen.get("project")
    place = owner if isinstance(owner, dict) else {}
    filters: JSONObject = {}
    if len(conditions) == 1:
        filters = conditions[0]
    elif conditions:
        filters = {"$and": [*conditions]}
    return RunSet(_text(place.get("entityName")), _text(place.get("name")), filters, _order(chosen.get("sort")))


def _condition(node: JSONValue) -> list[JSONObject]:
    """Return what a node of the tree says: one document, or nothing."""
    if not isinstance(node, dict) or node.get("disabled"):
        return []
    filters = node.get("filters")
    if isinstance(filters, list):
        parts: list[JSONValue] = [part for each in filters for part in _condition(each)]
        operator = GROUPS.get(str(node.get("op")))
        if operator is None:
            raise UsageError(f"The report groups conditions by {node.get('op')!r}, which is not known here.")
        return [{operator: parts}] if parts else []
    key = node.get("key")
    if not isinstance(key, dict) or not key.get("name"):
        return []
    return _comparison(str(key.get("section")), str(key["name"]), str(node.get("op")), node.get("value"))


def _comparison(section: str, name: str, operator: str, value: JSONValue) -> list[JSONObject]:
    if value is None and operator not in {"=", "!="}:
        return []
    if section == "tags":
        return [_tagged(name, operator, value)]
    if operator != "=" and operator not in COMPARISONS:
        raise UsageError(f"The report compares {name} by {operator!r}, which is not known here.")
    field = _field(section, name)
    return [{field: value if operator == "=" else {COMPARISONS[operator]: value}}]


def _tagged(name: str, operator: str, value: JSONValue) -> JSONObject:
    if operator == "IN":
        return {"tags": {"$in": value}}
    if value is False:
        return {"$or": [{"tags": None}, {"tags": {"$ne": name}}]}
    return {"tags": name}


def _searched(search: JSONValue) -> list[JSONObject]:
    query = search.get("query") if isinstance(search, dict) else None
    if not isinstance(search, dict) or not isinstance(query, str) or not query:
        return []
    return [{"displayName": {"$regex": query if search.get("isRegex") else re.escape(query)}}]


def _selected(selections: JSONValue) -> list[JSONObject]:
    """Return which runs are switched on: those of the tree, or all but those where the root is switched on."""
    if not isinstance(selections, dict):
        return []
    tree = selections.get("tree")
    ids: list[JSONValue] = [each for each in tree if isinstance(each, str)] if isinstance(tree, list) else []
    if selections.get("root") == 1:
        return [{"name": {"$nin": ids}}] if ids else []
    return [{"name": {"$in": ids}}]


def _order(sort: JSONValue) -> str | None:
    """Return the first of the keys that a section sorts by: the server sorts by one."""
    if not isinstance(sort, dict):
        return None
    first = (_objects(sort.get("keys")) or [sort])[0]
    key = first.get("key")
    if not isinstance(key, dict) or not key.get("name"):
        return None
    return ("+" if first.get("ascending") else "-") + _field(str(key.get("section")), str(key["name"]))


def _field(section: str, name: str) -> str:
    if section not in PREFIXES:
        raise UsageError(f"The report looks at {name} in the section {section!r}, which is not known here.")
    return PREFIXES[section] + name


def _objects(value: JSONValue) -> Sequence[JSONObject]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: JSONValue) -> str | None:
    return value if isinstance(value, str) and value else None
