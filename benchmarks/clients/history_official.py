"""Reads a whole history with the official client: `history_official.py PATH rows|frame [anew] [again]`."""

from __future__ import annotations

import sys

import wandb
from work import repeat

path, what = sys.argv[1:3]
run = wandb.Api(timeout=600).run(path)


def read() -> str:
    rows = run.scan_history(use_cache="anew" not in sys.argv)
    if what == "frame":
        import pandas as pd

        frame = pd.DataFrame(list(rows))
        return f"{len(frame)} {frame['metric_3'].sum():.4f}"
    count, total = 0, 0.0
    for row in rows:
        count, total = count + 1, total + row["metric_3"]
    return f"{count} {total:.4f}"


repeat(read)
