"""By what the runs of a sweep are ordered: its metric, or what somebody asks for. Pure."""

from __future__ import annotations

import math
from typing import Final

from wandql.api.run_view import RunView
from wandql.filters import encode_order
from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["has_value", "metric_order", "read_order"]

COLUMNS: Final = {
    *("createdAt", "created_at", "displayName", "display_name", "group", "heartbeatAt", "heartbeat_at", "jobType"),
    *("job_type", "name", "state", "sweep", "tags", "updatedAt", "updated_at", "username"),
}
DOCUMENTS: Final = ("config", "keys_info", "summary", "summary_metrics", "tags")


def metric_order(config: JSONObject) -> str | None:
    """Return the order that puts the best run first, as the definition of a sweep says; None where it names no metric.

    Raises:
        InvalidOrderError: The metric has a name that no order can hold.

    >>> metric_order({"metric": {"name": "acc", "goal": "maximize"}})
    '-summary_metrics.acc'
    """
    metric = config.get("metric")
    name = metric.get("name") if isinstance(metric, dict) else None
    if not isinstance(metric, dict) or not isinstance(name, str) or not name:
        return None
    return read_order(f"{'+' if metric.get('goal', 'minimize') == 'minimize' else '-'}{name}")


def read_order(order: str) -> str:
    """Return an order as it is sent. A name that is no field of a run is that of a metric.

    Args:
        order: `+` (ascending) or `-` (descending, as without a sign) and a name.

    Raises:
        InvalidOrderError: It is empty, or has more than one sign or name.

    >>> read_order("loss"), read_order("+config.lr"), read_order("+created_at")
    ('-summary_metrics.loss', '+config.lr', '+created_at')
    """
    given = order.strip()
    sign, field = (given[:1], given[1:]) if given.startswith(("+", "-")) else ("-", given)
    if field and field not in COLUMNS and field.partition(".")[0] not in DOCUMENTS and field[0] not in "+-":
        field = f"summary_metrics.{field}"
    return encode_order(f"{sign}{field}" if field else given) or ""


def has_value(run: RunView, order: str) -> bool:
    """Tell whether a run has what an order goes by: a value that is there, and a number where it is a float.

    Args:
        run: The run.
        order: The order, as it is sent.
    """
    document, dot, name = order[1:].partition(".")
    match document:
        case "summary_metrics" if dot:
            return _is_value(_look_up(run.summary_metrics, name))
        case "config" if dot:
            whole = _look_up(run.config, name)
            return _is_value(_look_up(run.config, name.removesuffix(".value")) if whole is None else whole)
        case _:
            return True


def _look_up(document: JSONObject, name: str) -> JSONValue:
    """Return the value of a name, whose dots may be a part of a key or lead into an object."""
    if name in document:
        return document[name]
    inside: JSONValue = document
    for key in name.split("."):
        inside = inside.get(key) if isinstance(inside, dict) else None
    return inside


def _is_value(value: JSONValue) -> bool:
    return not (value is None or value == "NaN" or (isinstance(value, float) and math.isnan(value)))
