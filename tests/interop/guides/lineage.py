"""Record that a run used a version, and that another logged it, too."""

import wandb

api = wandb.Api()
weights = api.artifact("alice/mnist/weights:v0")
run = api.run("alice/mnist/run-2")
run.use_artifact(weights)
print([each.name for each in wandb.Api().run("alice/mnist/run-2").used_artifacts()])
run.log_artifact(weights, aliases=["copied"])
print(sorted(wandb.Api().artifact("alice/mnist/weights:copied").aliases))
print(sorted(each.id for each in wandb.Api().artifact("alice/mnist/weights:v0").used_by()))
