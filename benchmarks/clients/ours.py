"""Lists runs with wandql: `ours.py PATH PER_PAGE`."""

from __future__ import annotations

import sys

import wandql

path, per_page = sys.argv[1:]
count, total = 0, 0.0
with wandql.Api() as api:
    for run in api.runs(path, order="+created_at", per_page=int(per_page)):
        if run.name and run.state and run.config["lr"]:
            count, total = count + 1, total + run.summary["loss"]
print(count, total)
