"""Creating sweeps, changing them, and the plans of local controllers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import select, update

from wandql.graphql.scalars import JSONObject
from wandql.server import tables
from wandql.server.documents import dump
from wandql.server.launch.items import push_item
from wandql.server.launch.lookups import own_queue
from wandql.server.lookups import get_project
from wandql.server.messages import Refusal
from wandql.server.runs.listing import count_runs
from wandql.server.store import add
from wandql.server.sweeps.definitions import read_definition
from wandql.server.sweeps.lookups import get_sweep
from wandql.server.sweeps.runs import (
    Point,
    attach_prior_runs,
    belongs,
    is_exhausted,
    kill_untaken,
    make_name,
    propose_run,
    stop_runs,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wandql.server.context import Context
    from wandql.server.sweeps.records import SweepRecord

__all__ = ["change_state", "create_sweep", "follow_controller", "launch_scheduler", "redefine_sweep"]

UNNAMED: Final = "WANDB_SWEEP_ID"
"""What stands for the id of a sweep that the client does not know yet."""

STATES: Final = ("PENDING", "RUNNING", "PAUSED", "FINISHED", "CANCELED")


class _Entry(BaseModel):
    """A run that a controller plans; without `args`, that it plans no more."""

    class Data(BaseModel):
        """The config of the run, as on the wire."""

        args: JSONObject | None = None

    id: str
    data: Data


class _Plan(BaseModel):
    """What a controller wants: runs to begin, and runs to stop."""

    schedule: list[_Entry] = []
    earlystop: list[str] = []


class _Launch(BaseModel):
    """A scheduler that shall be started: `run_spec` is what an agent of the queue needs to know, as JSON text."""

    model_config = ConfigDict(extra="allow")

    queue: str
    run_queue_project: str
    run_spec: str


class _Scheduled(BaseModel):
    """Which run stands for an entry of a plan."""

    id: str
    runid: str


class _Outcome(BaseModel):
    """What became of a plan."""

    model_config = ConfigDict(extra="allow")

    scheduled: list[_Scheduled] = []


def create_sweep(context: Context, project_key: int, text: str, columns: Mapping[str, object]) -> SweepRecord:
    """Create a sweep.

    Args:
        context: The request.
        project_key: The project.
        text: The definition.
        columns: What is given beside it.

    Raises:
        Refusal: No search could follow the definition (400), or the request carries no API key (401).
    """
    values = {
        "project_key": project_key,
        "user_key": context.writer.key,
        "name": make_name(context, tables.sweeps, tables.sweeps.c.project_key == project_key),
        "state": "RUNNING",
        "created_at": context.now,
        **_defined(text),
        **columns,
        "updated_at": context.now,
    }
    return get_sweep(context, add(context.connection, tables.sweeps, values))


def redefine_sweep(context: Context, sweep: SweepRecord, text: str) -> None:
    """Give a sweep another definition, before its first run.

    Raises:
        Refusal: No search could follow it (400), or the sweep has runs (409).
    """
    if read_definition(text).document == read_definition(sweep.config).document:
        return
    if count_runs(context, belongs(sweep)):
        raise Refusal(409, f"The sweep {sweep.name} has runs: its definition can no longer be changed.")
    _change(context, sweep, _defined(text))
    attach_prior_runs(context, get_sweep(context, sweep.key))


def change_state(context: Context, sweep: SweepRecord, state: str) -> None:
    """Pause, resume, finish or cancel a sweep. Canceling stops its runs; finishing lets them end.

    Raises:
        Refusal: There is no such state (400), or the sweep has ended and can only be resumed (409).
    """
    if state not in STATES:
        raise Refusal(400, f"A sweep is {', '.join(STATES[:-1])} or {STATES[-1]}, not {state!r}.")
    if sweep.ended and state not in {sweep.state, "PENDING", "RUNNING"}:
        raise Refusal(409, f"The sweep {sweep.name} is {sweep.state}: it can be resumed, and not be {state}.")
    _change(context, sweep, {"state": state})
    if state == "CANCELED":
        stop_runs(context, sweep)
    elif state == "FINISHED" and is_exhausted(context, sweep):
        kill_untaken(context, sweep)


def follow_controller(context: Context, sweep: SweepRecord, text: str) -> None:
    """Begin and stop the runs that a local controller plans, and write down what became of the plan.

    Raises:
        Refusal: The plan cannot be read (400).
    """
    try:
        plan = _Plan.model_validate_json(text)
        outcome = _Outcome.model_validate_json(sweep.scheduler or "{}")
    except ValidationError as error:
        raise Refusal(400, f"The plan of a controller cannot be read: {error.errors()[0]['msg']}.") from None
    known = {each.id for each in outcome.scheduled}
    for entry in plan.schedule if not sweep.ended else []:
        if entry.id in known:
            continue
        if entry.data.args is None:
            change_state(context, sweep, "FINISHED")
        else:
            key = propose_run(context, sweep, Point(entry.data.args))
            name = context.connection.execute(select(tables.runs.c.name).where(tables.runs.c.key == key)).scalar_one()
            outcome.scheduled.append(_Scheduled(id=entry.id, runid=name))
    stop_runs(context, sweep, plan.earlystop)
    _change(context, sweep, {"controller": text, "scheduler": outcome.model_dump_json(), "heartbeat_at": context.now})


def launch_scheduler(context: Context, sweep: SweepRecord, text: str, values: str | None) -> None:
    """Add the program that shall schedule a sweep's runs to a queue of launch, as a run with the sweep's own id.

    Args:
        context: The request.
        sweep: The sweep.
        text: Which program, and which queue.
        values: The values of the queue's template variables, as a JSON object; None where there are none.

    Raises:
        Refusal: It cannot be read (400), or there is no such queue (404).
    """
    try:
        launch = _Launch.model_validate_json(text)
    except ValidationError as error:
        raise Refusal(400, f"The scheduler of a sweep cannot be read: {error.errors()[0]['msg']}.") from None
    launch = launch.model_copy(update={"run_spec": launch.run_spec.replace(UNNAMED, sweep.name)})
    project = get_project(context, sweep.project_key)
    queue = own_queue(context, project.entity_name, launch.run_queue_project, launch.queue)
    push_item(context, queue, launch.run_spec, None if values == "null" else values)
    _change(context, sweep, {"scheduler": launch.model_dump_json()})


def _defined(text: str) -> dict[str, object]:
    """Return what a definition sets, by column."""
    definition = read_definition(text)
    return {
        "config": text,
        "document": dump(definition.document),
        "method": definition.method,
        "description": definition.description,
        "run_count_expected": definition.expected_run_count,
    }


def _change(context: Context, sweep: SweepRecord, columns: Mapping[str, object]) -> None:
    change = update(tables.sweeps).where(tables.sweeps.c.key == sweep.key)
    context.connection.execute(change.values({**columns, "updated_at": context.now}))
