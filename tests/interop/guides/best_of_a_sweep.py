"""Find the best run of a sweep and what it was given."""

import wandb

sweep = wandb.Api().sweep("alice/mnist/sweep-1")
print(sweep.id, sweep.name, sweep.state, sweep.order, sweep.expected_run_count)
print(sweep.config["method"], sweep.config["metric"], sweep.config["parameters"])
print(sorted(run.id for run in sweep.runs))
best = sweep.best_run()
print(best.id, best.config["lr"], best.summary["loss"])
runs = sorted(sweep.runs, key=lambda run: run.summary.get("loss", float("inf")))
print([run.id for run in runs])
print([run.sweep.id for run in runs][:1])
