"""Delete the runs that failed."""

import wandb

for run in wandb.Api().runs("alice/mnist", {"state": "failed"}):
    print("deleting", run.id)
    run.delete()
print([run.id for run in wandb.Api().runs("alice/mnist", order="+created_at")])
