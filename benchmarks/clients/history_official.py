"""Reads a whole history with the official client: `history_official.py PATH rows|frame`."""

from __future__ import annotations

import sys

import wandb

path, what = sys.argv[1:]
rows = wandb.Api(timeout=600).run(path).scan_history()
if what == "frame":
    import pandas as pd

    frame = pd.DataFrame(list(rows))
    count, total = len(frame), frame["metric_3"].sum()
else:
    count, total = 0, 0.0
    for row in rows:
        count, total = count + 1, total + row["metric_3"]
print(count, f"{total:.4f}")
