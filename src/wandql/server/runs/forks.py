"""Runs that begin as a copy of another one, up to a step of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError
from sqlalchemy import func, insert, literal, select

from wandql.server import tables
from wandql.server.documents import dump, index_of
from wandql.server.messages import Refusal
from wandql.server.runs.history import describe_history

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from wandql.graphql.scalars import JSONObject
    from wandql.server.records import RunRecord

__all__ = ["ForkPoint", "fork_point", "inherit_history"]


class ForkPoint(BaseModel):
    """Where a run forks from another: the run's id, and the last step that both have."""

    run_id: str
    step: float


def fork_point(sdk_notes: JSONObject) -> ForkPoint | None:
    """Return the point that the SDK notes in a config; None if the run does not fork.

    Raises:
        Refusal: It is not a run's id and a step (400).
    """
    given = sdk_notes.get("branch_point")
    if given is None:
        return None
    try:
        return ForkPoint.model_validate(given)
    except ValidationError:
        raise Refusal(400, "A fork is described by the `run_id` that it forks from and a `step`.") from None


def inherit_history(connection: Connection, source: RunRecord, run_key: int, last_step: int) -> dict[str, object]:
    """Give a new run the rows that another one has up to a step.

    They are its first lines: the client numbers its own from there, as it is told when the run begins.

    Returns:
        What it makes of the new run's columns.
    """
    history, sets = tables.history.c, tables.key_sets
    copied = select(literal(run_key), sets.c.names).where(sets.c.run_key == source.key)
    connection.execute(insert(sets).from_select(["run_key", "names"], copied))
    number = func.row_number().over(order_by=(history.step, history.line)) - 1
    theirs, mine = sets.alias(), sets.alias()
    rows = (
        select(literal(run_key), number, history.step, mine.c.key, history.row)
        .join_from(tables.history, theirs, theirs.c.key == history.key_set_key)
        .join(mine, (mine.c.names == theirs.c.names) & (mine.c.run_key == run_key))
        .where(history.run_key == source.key, history.step <= last_step)
    )
    columns = ["run_key", "line", "step", "key_set_key", "row"]
    connection.execute(insert(tables.history).from_select(columns, rows))
    change, summary = describe_history(connection, run_key, source.config)
    text = dump(summary)
    return {
        "history_line_count": change.history_line_count,
        "history_keys": change.history_keys,
        "summary_metrics": text,
        "summary_index": index_of(text, "The summary"),
    }
