"""Read what a run logged: sampled, whole, and only some keys."""

import wandb

run = wandb.Api().run("alice/mnist/run-1")
frame = run.history()
print(list(frame.columns), len(frame), frame["loss"].min())
print(run.history(keys=["loss"], pandas=False))
print(run.history(samples=2, pandas=False, keys=["loss"]))
losses = [float(row["loss"]) for row in run.scan_history(keys=["loss"])]
print(losses, min(losses))
print([row["_step"] for row in run.scan_history(min_step=1, max_step=3)])
print(run.lastHistoryStep)
