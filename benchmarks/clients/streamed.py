"""Lists runs with wandql's client, keeping none of them: `streamed.py ENTITY PROJECT PER_PAGE`."""

from __future__ import annotations

import sys

import wandql
from wandql.graphql.generated import operations

entity, project, per_page = sys.argv[1:]
count, total = 0, 0.0
with wandql.Client() as client:
    first = operations.get_runs(entity=entity, project=project, order="+created_at", first=int(per_page))
    for run in client.paginate(first):
        if run.name and run.state and run.config_json.value["lr"]["value"]:
            count, total = count + 1, total + run.summary_json.value["loss"]
print(count, total)
