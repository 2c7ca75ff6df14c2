"""Make a data frame of all runs: a row for each, a column for each key of its config and summary."""

import pandas as pd
import wandb

runs = wandb.Api().runs("alice/mnist", order="+created_at")
rows = []
for run in runs:
    config = {key: value for key, value in run.config.items() if not key.startswith("_")}
    summary = {key: value for key, value in run.summary.items() if not key.startswith("_")}
    rows.append({"name": run.name, **config, **summary})
frame = pd.DataFrame(rows)
print(frame.to_csv(index=False))
print(frame.groupby("lr")["loss"].min().to_dict())
