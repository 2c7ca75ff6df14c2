"""Makes a data frame of runs with the official client: `frame_official.py PATH PER_PAGE [again]`."""

from __future__ import annotations

import sys

import pandas as pd
import wandb
from work import repeat

path, per_page = sys.argv[1:3]
api = wandb.Api(timeout=600)


def read() -> str:
    api.flush()
    rows = [
        {"id": run.id, "name": run.name, "state": run.state, "created_at": run.created_at}
        | {f"config.{key}": value for key, value in run.config.items()}
        | {f"summary.{key}": value for key, value in run.summary_metrics.items()}
        for run in api.runs(path, per_page=int(per_page), lazy=False)
    ]
    frame = pd.DataFrame(rows)
    return f"{len(frame)} {frame['config.lr'].sum():.6f} {frame['summary.loss'].sum():.6f}"


repeat(read)
