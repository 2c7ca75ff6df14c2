"""The embedded server in a process of its own, with runs in it: `python -m benchmarks.server DIRECTORY`.

It reads from the first line of standard input which projects there are to be, makes those that are not there, and says
its URL and key when it is ready. To every further line it answers with the CPU time in seconds that it has used so far.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import threading
from base64 import b64encode
from pathlib import Path

from wandql.graphql.generated import operations
from wandql.server import Application, Request, open_application
from wandql.server.serving import base_url, bind, serve

ENTITY = "bench"
ROWS = 5000


def main() -> None:
    directory = Path(sys.argv[1])
    # A run that goes on has no exported history: it must not pass for crashed, however old the directory is.
    with (
        bind("127.0.0.1", 0) as listening,
        open_application(directory, entity=ENTITY, crash_after=1e9) as application,
    ):
        for project in json.loads(sys.stdin.readline()):
            done = directory / f"{project['name']} is complete"
            if not done.exists():
                seed(application, **project)
                done.touch()

        def announce() -> None:
            print(json.dumps({"url": base_url(listening), "key": application.api_key}), flush=True)

        threading.Thread(target=answer, daemon=True).start()
        serve(application, listening, announce)


def answer() -> None:
    for _ in sys.stdin:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        print(usage.ru_utime + usage.ru_stime, flush=True)


def seed(
    application: Application,
    *,
    name: str,
    runs: int,
    config_bytes: int,
    config_keys: int = 0,
    summary_keys: int = 0,
    history_steps: int = 0,
    live: bool = False,
) -> None:
    """Write runs as the official SDK leaves them: with its notes in the config, and system metrics."""
    chance = random.Random(name)
    for number in range(runs):
        id_ = f"{number:08x}"
        config = make_config(chance, number, config_bytes)
        config |= {
            f"model.option_{key}": {"value": make_option(chance, key)} for key in range(config_keys - len(config) + 1)
        }
        creation = operations.upsert_run(
            entity=ENTITY, project=name, run=id_, name=f"brisk-river-{number}", config_json=json.dumps(config),
            tags=["baseline"] if number % 3 else [], group=f"group-{number % 10}", job_type="train",
        )  # fmt: skip
        post(application, "/graphql", creation.body())
        stream = f"/files/{ENTITY}/{name}/{id_}/file_stream"
        for first in range(0, history_steps, ROWS):
            lines = [json.dumps(make_row(chance, step)) for step in range(first, min(first + ROWS, history_steps))]
            chunk = {"wandb-history.jsonl": {"offset": first, "content": lines}}
            post(application, stream, json.dumps({"files": chunk}).encode())
        post(application, stream, json.dumps(make_report(chance, summary_keys) | {"complete": not live}).encode())


def make_row(chance: random.Random, step: int) -> dict[str, object]:
    row: dict[str, object] = {"_step": step, "_runtime": step / 7, "_timestamp": 1.8e9 + step}
    return row | {f"metric_{number}": chance.random() for number in range(10)}


def make_config(chance: random.Random, number: int, config_bytes: int) -> dict[str, object]:
    notes = {
        "cli_version": "0.31.0",
        "python_version": "3.11.7",
        "t": {"1": [1, 5, 53], "3": [13, 16, 23], "4": "3.11.7"},
    }
    config: dict[str, object] = {
        "_wandb": {"value": notes},
        "lr": {"value": chance.choice([1e-4, 3e-4, 1e-3, 3e-3])},
        "batch_size": {"value": chance.choice([32, 64, 128, 256])},
        "seed": {"value": number},
        "optimizer": {"value": {"name": chance.choice(["adam", "sgd", "lion"]), "betas": [0.9, 0.999], "eps": 1e-8}},
    }
    while (size := len(json.dumps(config))) < config_bytes:
        config[f"model.layer_{len(config)}.{'width' if size % 2 else 'dropout'}"] = {"value": chance.random()}
    return config


def make_option(chance: random.Random, key: int) -> object:
    """Return a number, a text or a flag: the same kind for the same key."""
    choices: list[object] = [chance.random(), chance.randrange(1000), f"choice-{chance.randrange(9)}", key % 2 == 0]
    return choices[key % len(choices)]


def make_report(chance: random.Random, summary_keys: int) -> dict[str, object]:
    step = chance.randrange(100, 10_000)
    names = ("accuracy", "f1", "grad_norm", "perplexity", "throughput", "val/accuracy", "val/loss")
    summary = {"_step": step, "_runtime": step / 7, "_timestamp": 1.8e9 + step, "_wandb": {"runtime": step // 7}}
    summary |= {"loss": chance.random(), **{name: chance.random() for name in names}}
    summary |= {f"val/metric_{key}": chance.random() for key in range(summary_keys - len(summary))}
    system = {"_runtime": step / 7, "_timestamp": 1.8e9 + step, "_wandb": True}
    system |= {f"system.gpu.0.{name}": chance.random() * 100 for name in ("gpu", "memory", "temp", "powerWatts")}
    system |= {
        f"system.proc.{name}": chance.random() * 100 for name in ("memory.rssMB", "cpu.threads", "memory.percent")
    }
    return {
        "files": {
            "wandb-summary.json": {"offset": 0, "content": [json.dumps(summary)]},
            "wandb-events.jsonl": {"offset": 0, "content": [json.dumps(system)]},
        },
        "complete": True,
        "exitcode": 0,
    }


def post(application: Application, target: str, body: bytes) -> None:
    credentials = b64encode(f"api:{application.api_key}".encode()).decode()
    response = application.respond(Request("POST", target, {"authorization": f"Basic {credentials}"}, body))
    if response.status != 200 or b'"errors"' in response.body[:1000]:
        raise RuntimeError(response.body.decode())


if __name__ == "__main__":
    main()
