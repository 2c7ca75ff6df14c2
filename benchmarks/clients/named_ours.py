"""Fetches runs whose ids are known with wandql: `named_ours.py PATH COUNT`."""

from __future__ import annotations

import sys

import wandql
from wandql import F

path, count = sys.argv[1:]
names = [f"{number:08x}" for number in range(0, 40 * int(count), 40)]
with wandql.Api() as api:
    found = {run.id: run for run in api.runs(path, F.id.in_(names), per_page=len(names))}
    runs = [found[name] for name in names]
print(len(runs), f"{sum(run.summary['loss'] for run in runs):.6f}")
