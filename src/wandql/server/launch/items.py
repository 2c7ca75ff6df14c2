"""Adding a run to a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wandql.server import tables
from wandql.server.documents import parse_object
from wandql.server.ids import encode_id
from wandql.server.launch.lookups import config_of
from wandql.server.launch.specs import check_values
from wandql.server.store import add

if TYPE_CHECKING:
    from wandql.server.context import Context
    from wandql.server.launch.records import RunQueueRecord

__all__ = ["push_item"]

USUAL: Final = 2
"""The priority of what has none."""


def push_item(
    context: Context, queue: RunQueueRecord, spec: str, values: str | None = None, priority: int | None = None
) -> str:
    """Add a run to a queue and return the item's opaque id.

    Args:
        context: The request.
        queue: The queue.
        spec: What to start, as a JSON object.
        values: The values of the template variables, as a JSON object; None where there are none.
        priority: How urgent it is, from 0, the most urgent; None for the usual priority. A queue without prioritization
            heeds none, and the official SDK's schedulers always give one.

    Raises:
        Refusal: The run or the values cannot be read or do not suit the queue (400).
    """
    parse_object(spec, "The run")
    values = values or "{}"
    check_values(config_of(context, queue), values)
    row = {
        "queue_key": queue.key,
        "state": "PENDING",
        "priority": USUAL if priority is None else priority,
        "run_spec": spec,
        "template_values": values,
        "created_at": context.now,
    }
    return encode_id("RunQueueItem", add(context.connection, tables.run_queue_items, row))
