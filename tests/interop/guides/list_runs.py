"""Print the runs of a project, the oldest first, and the means of what they reached."""

import wandb

api = wandb.Api()
runs = api.runs("alice/mnist", order="+created_at")
print(len(runs), runs[0].name, runs[-1].id if not hasattr(runs, "objects") else runs[len(runs) - 1].id)
for run in runs:
    print(
        run.id, run.name, run.state, run.tags, run.config["lr"], run.summary["loss"], run.path, run.entity, run.project
    )
print(sum(run.summary.get("loss", 0) for run in runs) / len(runs))
