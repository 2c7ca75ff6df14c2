"""Reads a whole history with no client at all: `history_limit.py STEPS WIDTH rows|arrow [again]`, a request as input.

It asks for windows of so many steps, 16 at once where the server is far, over the same HTTP library, and decodes the
rows with the same readers.
"""

from __future__ import annotations

import io
import os
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import httpx
from pydantic_core import from_json, to_json
from work import repeat

steps, width, what = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
body = from_json(sys.stdin.buffer.read())
credentials = b64encode(f"api:{os.environ['WANDB_API_KEY']}".encode()).decode()
headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}


def fetch(first: int) -> list[str]:
    window = {"minStep": first, "maxStep": min(first + width, steps)}
    asked = to_json({**body, "variables": {**body["variables"], **window}})
    reply = http.post(f"{os.environ['WANDB_BASE_URL']}/graphql", content=asked)
    rows: list[str] = from_json(reply.content)["data"]["project"]["run"]["history"]
    return rows


def read() -> str:
    with ThreadPoolExecutor(16 if "100" in os.environ.get("BENCHMARK_BEHIND", "") else 1) as pool:
        lines = [line for page in pool.map(fetch, range(0, steps, width)) for line in page]
    if what == "rows":
        count, total = 0, 0.0
        for line in lines:
            count, total = count + 1, total + from_json(line)["metric_3"]
        return f"{count} {total:.4f}"
    import pyarrow.compute as pc
    from pyarrow import json

    text = "\n".join(lines).encode()
    options = json.ReadOptions(use_threads=False, block_size=len(text) + 1)
    table = json.read_json(io.BytesIO(text), read_options=options)
    return f"{table.num_rows} {pc.sum(table['metric_3']).as_py():.4f}"


with httpx.Client(headers=headers, timeout=600) as http:
    repeat(read)
