"""Fetches runs whose ids are known with the official client: `named_official.py PATH COUNT`."""

from __future__ import annotations

import sys

import wandb

path, count = sys.argv[1:]
api = wandb.Api(timeout=600)
runs = [api.run(f"{path}/{number:08x}") for number in range(0, 40 * int(count), 40)]
print(len(runs), f"{sum(run.summary['loss'] for run in runs):.6f}")
