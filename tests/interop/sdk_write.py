"""Logs runs with the official SDK, one after another, as a training script would: input tells which, in JSON."""

from __future__ import annotations

import json
import sys
import time

import wandb

for spec in json.load(sys.stdin):
    run = wandb.init(**spec["init"])
    for row in spec["history"]:
        run.log(row)
        time.sleep(spec.get("seconds", 0))
    run.summary.update(spec["summary"])
    while spec.get("killed"):
        time.sleep(1)
    run.finish(exit_code=spec["exit_code"])
