"""Sweeps for tests to ask for, searched as an agent of the official SDK does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from wandql.errors import UsageError
from wandql.graphql.generated import operations
from wandql.graphql.scalars import JSONObject, JSONValue
from wandql.testing.runs import SampleRun, send_run
from wandql.testing.sending import ask, dump

if TYPE_CHECKING:
    from wandql.server import Application

__all__ = ["STATES", "SampleSweep", "Train", "send_sweep"]

Train: TypeAlias = Callable[[JSONObject], Sequence[Mapping[str, JSONValue]]]
"""What a run of a sweep logs: the rows of its history, by its config."""

STATES: Final = {"running": "RUNNING", "paused": "PAUSED", "finished": "FINISHED", "canceled": "CANCELED"}


@dataclass(frozen=True, kw_only=True)
class SampleSweep:
    """A sweep and what its agent does. See `Server.add_sweep`."""

    project: str
    definition: Mapping[str, JSONValue]
    name: str | None
    train: Train | None
    limit: int | None
    state: str | None


def send_sweep(application: Application, sweep: SampleSweep) -> str:
    """Make a sweep, search it, and return its path."""
    place = {"entity": application.entity, "project": sweep.project}
    # JSON is YAML.
    creation = operations.upsert_sweep(**place, config_yaml=dump(sweep.definition), name=sweep.name)
    payload = ask(application, creation).upsert_sweep
    made = payload.sweep if payload else None
    if made is None:
        raise UsageError("The embedded server keeps no such sweep.")
    if sweep.train is not None:
        _search(application, sweep, made.id, sweep.train)
    if sweep.state is not None:
        ask(application, operations.upsert_sweep(storage_id=made.storage_id, state=STATES[sweep.state]))
    return f"{application.entity}/{sweep.project}/{made.id}"


def _search(application: Application, sweep: SampleSweep, id_: str, train: Train) -> None:
    """Do what an agent is told, until it is told to end or has made all runs that are wanted."""
    creation = operations.create_agent(entity=application.entity, project=sweep.project, sweep=id_, host="localhost")
    payload = ask(application, creation).create_agent
    done = 0
    while payload is not None and (sweep.limit is None or done < sweep.limit):
        beat = operations.agent_heartbeat(storage_id=payload.agent.storage_id, runs_json="{}")
        reply = ask(application, beat).agent_heartbeat
        match reply.commands_json.value if reply and reply.commands_json else None:
            case [{"type": "run", "run_id": str(run), "args": dict(args)}]:
                _execute(application, sweep.project, run, args, train)
            case _:
                return
        done += 1


def _execute(application: Application, project: str, run: str, args: JSONObject, train: Train) -> None:
    config = {key: value["value"] for key, value in args.items() if isinstance(value, dict) and "value" in value}
    sample = SampleRun(
        project=project,
        id=run,
        name=run,
        state="finished",
        config=config,
        summary={},
        history=train(config),
        system=[],
        printed=[],
        files={},
        tags=[],
        group=None,
        job_type=None,
        notes=None,
    )
    send_run(application, sample)
