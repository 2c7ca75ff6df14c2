"""Logs a run with files and printed lines with the official SDK, and reads or edits it with the official `wandb.Api`.

The only argument is a question; the answer is printed as JSON behind `ANSWER `.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import wandb

PATH = "verbs/one"


def log() -> Any:
    run = wandb.init(project="verbs", id="one", name="before", config={"lr": 0.1, "opt": {"name": "adam"}}, tags=["a"])
    for step in range(40):
        run.log({"loss": 1 / (step + 1)} | ({"val": step} if step % 3 == 0 else {}))
        print(f"step {step}")
    print("to standard error", file=sys.stderr)
    Path("notes.txt").write_text("It converges.")
    run.save("notes.txt")
    run.finish()


def read() -> Any:
    run = wandb.Api().run(PATH)
    files = {
        file.name: [file.size, file.md5, file.mimetype, Path(file.download("downloads", replace=True).name).read_text()]
        for file in run.files()
    }
    scans = {
        str(bounds): list(run.scan_history(min_step=bounds[0], max_step=bounds[1]))
        for bounds in [(0, None), (0, 38), (0, 39), (0, 40), (0, 41), (5, 20), (39, None), (40, None)]
    }
    return {
        "scans": scans,
        "keys": [list(run.scan_history(keys=keys)) for keys in (["loss"], ["val"], ["loss", "val"], ["nosuchkey"])],
        "samples": [run.history(samples=samples, pandas=False) for samples in (1, 3, 500)],
        "sampled": [run.history(samples=9, keys=keys, pandas=False) for keys in (["loss"], ["val", "loss"])],
        "frame": run.history(keys=["val"], x_axis="_runtime").to_dict("list"),
        "system": run.history(stream="system", pandas=False),
        "files": files,
        "pattern": [file.name for file in run.files(pattern="%.json")],
        "names": [file.name for file in run.files(names=["notes.txt", "nosuchfile"])],
        "metadata": run.metadata,
        "lines": [
            [line.number, str(line.timestamp), line.level, line.label, line.content] for line in run.console_logs()
        ],
        "tail": [line.content for line in run.console_logs(last=3)],
        "last": run.lastHistoryStep,
        "json_config": json.loads(run.json_config),
        "dir": run.dir,
    }


def edit() -> Any:
    run = wandb.Api().run(PATH)
    run.name, run.notes, run.group, run.config["lr"] = "theirs", "by the official client", "g", 0.5
    run.tags.append("theirs")
    run.update()
    run.summary.update({"theirs": {"deep": 1}})


def seen() -> Any:
    run = wandb.Api().run(PATH)
    names = ("name", "notes", "group", "tags", "config", "rawconfig", "summary_metrics")
    return {name: getattr(run, name) for name in names}


print("ANSWER", json.dumps({"log": log, "read": read, "edit": edit, "seen": seen}[sys.argv[1]]()))
