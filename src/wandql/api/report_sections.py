"""What the run sets of a report choose, in the words of the server's filters and orders. Pure.

A run set keeps its filter as the web app shows it: conditions on a key of a section (`config`, `summary`, `run`,
`tags`, `keys_info`). In old reports they are leaves of a tree of groups (`AND`, `OR`). In newer ones (`filterV2`) they
stand in a row, where each says how it is connected with what is before it: AND binds before OR, and a group is a row in
parentheses. What is switched off counts as not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from wandql.errors import UsageError
from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["RunSet", "read_run_set", "sections_of"]

GROUPS: Final = {"AND": "$and", "OR": "$or"}
EQUALS: Final = {"=", "=="}
WITHIN: Final = "WITHINSECONDS"
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


def read_run_set(section: JSONObject, *, only_selected: bool, now: datetime) -> RunSet:
    """Return which runs a section shows: those of the run set that is open in it.

    Args:
        section: One of `sections_of`.
        only_selected: Whether runs that are switched off in it are left out.
        now: From when on "within the last hour" counts back.

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
        *_condition(chosen.get("filters"), now),
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


def _condition(node: JSONValue, now: datetime) -> list[JSONObject]:
    """Return what a group or condition says: one document, or nothing."""
    if not isinstance(node, dict) or node.get("disabled"):
        return []
    filters = node.get("filters")
    if isinstance(filters, list):
        if "op" not in node:
            return _row(filters, now)
        operator = GROUPS.get(str(node["op"]))
        if operator is None:
            raise UsageError(f"The report groups conditions by {node['op']!r}, which is not known here.")
        parts: list[JSONValue] = [part for each in filters for part in _condition(each, now)]
        return [{operator: parts}] if parts else []
    key = node.get("key")
    if not isinstance(key, dict) or not key.get("name"):
        return []
    return _comparison(str(key.get("section")), str(key["name"]), str(node.get("op")), node.get("value"), now)


def _row(filters: Sequence[JSONValue], now: datetime) -> list[JSONObject]:
    """Return what a row says: conditions that are connected by AND, and such groups by OR."""
    groups: list[list[JSONValue]] = [[]]
    for each in filters:
        connector = each.get("connector", "AND") if isinstance(each, dict) else "AND"
        if connector not in GROUPS:
            raise UsageError(f"The report connects conditions by {connector!r}, which is not known here.")
        if connector == "OR":
            groups.append([])
        groups[-1] += _condition(each, now)
    said: list[JSONValue] = [{"$and": group} for group in groups if group]
    return [{"$or": said}] if said else []


def _comparison(section: str, name: str, operator: str, value: JSONValue, now: datetime) -> list[JSONObject]:
    if value is None and operator not in {*EQUALS, "!="}:
        return []
    if section == "tags":
        return [_tagged(name, operator, value)]
    field = _field(section, name)
    if operator in EQUALS:
        return [{field: value}]
    if operator == WITHIN and isinstance(value, int | float):
        since = now.astimezone(UTC) - timedelta(seconds=value)
        return [{field: {"$gte": f"{since:%Y-%m-%dT%H:%M:%S.%fZ}"}}]
    if operator not in COMPARISONS:
        raise UsageError(f"The report compares {name} by {operator!r}, which is not known here.")
    return [{field: {COMPARISONS[operator]: value}}]


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
    ids: list[JSONValue] = [*_leaves(selections.get("tree"))]
    if selections.get("root", 1) == 1:
        return [{"name": {"$nin": ids}}] if ids else []
    return [{"name": {"$in": ids}}]


def _leaves(tree: JSONValue) -> Iterator[str]:
    """Yield the ids of the runs in a tree, whose groups list theirs.

    Raises:
        UsageError: A group is switched as a whole: which runs that are, only the web app knows.
    """
    for each in tree if isinstance(tree, list) else []:
        if isinstance(each, str):
            yield each
            continue
        children = each.get("children") if isinstance(each, dict) else None
        if not children:
            raise UsageError(
                "The report selects whole groups of runs, which is not known here.",
                hint="only_selected=False takes all runs of the section.",
            )
        yield from _leaves(children)


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
