"""Lists runs with the official client: `official.py PATH PER_PAGE lazy|full`."""

from __future__ import annotations

import sys

import wandb

path, per_page, mode = sys.argv[1:]
count, total = 0, 0.0
for run in wandb.Api(timeout=600).runs(path, per_page=int(per_page), lazy=mode == "lazy"):
    if run.name and run.state and run.config["lr"]:
        count, total = count + 1, total + run.summary["loss"]
print(count, total)
