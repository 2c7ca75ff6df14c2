"""Streams that many runs from a server that is a function in this process: `steady.py RUNS paginate|jsonl`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from pydantic_core import from_json, to_json

import wandql
from wandql.client._sync.transport import HandlerTransport
from wandql.graphql.generated import operations

CONFIG = to_json({f"key_{number}": {"value": number / 7} for number in range(50)}).decode()
SUMMARY = to_json({f"metric_{number}": number / 7 for number in range(100)}).decode()

runs, how = int(sys.argv[1]), sys.argv[2]


def make_run(number: int) -> dict[str, object]:
    known = {"storageId": f"{number}", "id": f"{number:08x}", "createdAt": "2026-01-01T00:00:00", "state": "finished"}
    texts = {"configJson": CONFIG, "summaryJson": SUMMARY, "systemMetricsJson": None}
    names = ("name", "tagsOrNull", "group", "jobType", "description", "notes", "commit", "sweepName", "projectId")
    return {**dict.fromkeys((*names, "readOnly", "heartbeatAt", "historyLineCount", "user")), **known, **texts}


def answer(_method: str, _url: str, _headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    asked = from_json(body)["variables"]
    start = int(asked.get("after") or 0)
    end = min(start + asked["first"], runs)
    edges = [{"node": make_run(number)} for number in range(start, end)]
    page = {"pageInfo": {"endCursor": str(end), "hasNextPage": end < runs}, "edges": edges}
    return 200, {}, to_json({"data": {"project": {"runCount": runs, "runs": page}}})


with wandql.Api(api_key="x" * 40, base_url="http://localhost", transport=HandlerTransport(answer)) as api:
    if how == "paginate":
        first = operations.get_runs(entity="bench", project="many", first=500)
        print(sum(run.summary_json is not None and run.config_json is not None for run in api.client.paginate(first)))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            lines = api.runs("bench/many", per_page=500).to_jsonl(Path(scratch, "runs.jsonl"))
            with lines.open("rb") as file:
                print(sum(1 for _ in file))
