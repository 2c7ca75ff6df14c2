"""Fail unless the newest run is better than the baseline: what a CI job does."""

import wandb

api = wandb.Api()
baseline = api.runs("alice/mnist", {"tags": "baseline"})[0]
candidates = api.runs(
    "alice/mnist", {"state": "finished", "tags": {"$nin": ["baseline"]}}, order="+summary_metrics.loss"
)
best = next(iter(candidates))
print(best.id, best.summary["loss"], baseline.summary["loss"])
print("passed" if best.summary["loss"] <= baseline.summary["loss"] else "worse than the baseline")
try:
    api.run("alice/mnist/none")
except wandb.errors.CommError:
    print("no such run")
try:
    api.artifact("alice/mnist/none:latest")
except wandb.errors.CommError:
    print("no such artifact")
