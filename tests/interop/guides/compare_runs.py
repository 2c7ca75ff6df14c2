"""Compare two runs key by key."""

import wandb

api = wandb.Api()
one, other = api.run("alice/mnist/run-1"), api.run("/alice/mnist/runs/run-2")
for key in sorted({*one.config, *other.config}):
    if one.config.get(key) != other.config.get(key):
        print(key, one.config.get(key), other.config.get(key))
print(
    {key: (one.summary[key], other.summary[key]) for key in one.summary.keys() if key in other.summary.keys()}["loss"]
)
print(one.url.rpartition("/")[2], other.job_type, one.group, one.notes)
print(one.system_metrics, one.user.username)
