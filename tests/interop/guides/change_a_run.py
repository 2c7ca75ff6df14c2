"""Change config, tags, name, notes, group and summary of a run after it has ended."""

import wandb

run = wandb.Api().run("alice/mnist/run-2")
run.config["batch_size"] = 32
run.config["lr"] = 0.2
run.tags.append("reviewed")
run.name = "renamed"
run.notes = "looks good"
run.group = "second"
run.summary["accuracy"] = 0.9
run.summary.update()
run.update()
run = wandb.Api().run("alice/mnist/run-2")
print(run.config["batch_size"], run.config["lr"], run.tags, run.name, run.notes, run.group, run.summary["accuracy"])
for each in wandb.Api().runs("alice/mnist", {"config.lr": 0.1}):
    each.tags = [*each.tags, "low"]
    each.update()
print(sorted((each.id, each.tags) for each in wandb.Api().runs("alice/mnist")))
