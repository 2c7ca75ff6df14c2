"""Choose runs by config, state, tags and several conditions at once, and sort them."""

import wandb

api = wandb.Api()
FILTERS = [
    {"config.lr": 0.1},
    {"state": "finished"},
    {"tags": "exploration"},
    {"tags": {"$in": ["baseline", "none"]}},
    {"$and": [{"config.lr": 0.1}, {"config.width": {"$gt": 100}}]},
    {"$or": [{"display_name": "baseline"}, {"config.lr": {"$gte": 10}}]},
    {"summary_metrics.loss": {"$lt": 0.6}},
    {"display_name": {"$regex": "^w"}},
    {"config.width": 1},
]
for filters in FILTERS:
    runs = api.runs("alice/mnist", filters=filters, order="+summary_metrics.loss")
    print(filters, len(runs), [run.id for run in runs])
