"""Runs for tests to ask for, logged over the routes that a training script uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final

from pydantic_core import to_json

from wandql.graphql.generated import operations
from wandql.graphql.scalars import JSONValue
from wandql.testing.sending import ask, dump, post, put

if TYPE_CHECKING:
    from wandql.server import Application

__all__ = ["SampleRun", "send_run", "vary_run"]

START: Final = 1_800_000_000
"""When the first row of a history was logged, in seconds since 1970, where it does not say."""
ADJECTIVES: Final = ("bold", "calm", "eager", "quiet")
NOUNS: Final = ("fox", "hill", "lake", "oak")
EXIT_CODES: Final = {"finished": 0, "failed": 1, "killed": 255}


@dataclass(frozen=True, kw_only=True)
class SampleRun:
    """A run as a training script logs it. See `Server.add_run`."""

    project: str
    id: str
    name: str
    state: str
    config: Mapping[str, JSONValue]
    summary: Mapping[str, JSONValue]
    history: Sequence[Mapping[str, JSONValue]]
    system: Sequence[Mapping[str, JSONValue]]
    printed: Sequence[str]
    files: Mapping[str, bytes]
    tags: Sequence[str]
    group: str | None
    job_type: str | None
    notes: str | None


def vary_run(project: str, number: int, *, steps: int, seed: int) -> SampleRun:
    """Return run number `number` of a search for good hyperparameters. The same arguments make the same run."""
    chance = Random(f"{seed}/{number}")  # noqa: S311 - it keeps no secrets
    lr, width = 10 ** chance.uniform(-5, 0), chance.choice([64, 128, 256, 512])
    floor = 0.05 + abs(lr - 1e-3) + 8 / width
    history: list[dict[str, JSONValue]] = [
        {"loss": floor + 2.0 / (step + 1) * chance.uniform(0.9, 1.1), "accuracy": 1 - floor / (1 + step)}
        for step in range(steps)
    ]
    return SampleRun(
        project=project,
        id=f"run-{number:04}",
        name=f"{chance.choice(ADJECTIVES)}-{chance.choice(NOUNS)}-{number}",
        state="failed" if chance.random() < 0.1 else "finished",
        config={"lr": lr, "width": width, "optimizer": chance.choice(["adam", "sgd"]), "data": {"split": "train"}},
        summary={},
        history=history,
        system=[],
        printed=[],
        files={},
        tags=["baseline"] if number == 0 else [],
        group=f"group-{number % 3}",
        job_type="train",
        notes=None,
    )


def send_run(application: Application, run: SampleRun) -> str:
    """Log a run, and return its path."""
    entity = application.entity
    creation = operations.upsert_run(
        entity=entity,
        project=run.project,
        run=run.id,
        name=run.name,
        notes=run.notes,
        tags=[*run.tags],
        group=run.group,
        job_type=run.job_type,
        config_json=to_json({key: {"value": value} for key, value in run.config.items()}).decode(),
    )
    created = ask(application, creation).upsert_bucket
    if run.state == "killed" and created and created.run:
        ask(application, operations.stop_run(storage_id=created.run.storage_id))
    rows = [_with_step(row, number) for number, row in enumerate(run.history)]
    summary = {**(rows[-1] if rows else {}), **run.summary}
    streams = {
        "wandb-history.jsonl": [dump(row) for row in rows],
        "wandb-events.jsonl": [dump(row) for row in run.system],
        "wandb-summary.json": [dump(summary)] if summary else [],
        "output.log": [*run.printed],
    }
    report: dict[str, object] = {
        "files": {name: {"offset": 0, "content": lines} for name, lines in streams.items() if lines}
    }
    if run.state in EXIT_CODES:
        report |= {"complete": True, "exitcode": EXIT_CODES[run.state]}
    post(application, f"/files/{entity}/{run.project}/{run.id}/file_stream", to_json(report))
    if run.files:
        _upload(application, run)
    return f"{entity}/{run.project}/{run.id}"


def _with_step(row: Mapping[str, JSONValue], number: int) -> dict[str, JSONValue]:
    return {"_step": number, "_runtime": number, "_timestamp": START + number, **row}


def _upload(application: Application, run: SampleRun) -> None:
    announced = operations.create_run_files(
        entity=application.entity, project=run.project, run=run.id, files=[*run.files]
    )
    announcement = ask(application, announced).create_run_files
    for file in announcement.files if announcement else []:
        put(application, file.upload_url, run.files[file.name])
