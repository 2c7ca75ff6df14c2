"""Reads all values of runs with no client at all: `frame_limit.py [again]`, with the first request as input.

It sends the requests that wandql sends, over the same HTTP library, and decodes the replies and every document in them
with the same JSON parser, but makes no frame.
"""

from __future__ import annotations

import os
import sys
from base64 import b64encode

import httpx
from pydantic_core import from_json, to_json
from work import repeat

first = sys.stdin.buffer.read()
credentials = b64encode(f"api:{os.environ['WANDB_API_KEY']}".encode()).decode()
headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}


def read() -> str:
    body = from_json(first)
    count, lr, loss = 0, 0.0, 0.0
    while True:
        reply = http.post(f"{os.environ['WANDB_BASE_URL']}/graphql", content=to_json(body))
        page = from_json(reply.content)["data"]["project"]["runs"]
        for edge in page["edges"]:
            config, summary = from_json(edge["node"]["configJson"]), from_json(edge["node"]["summaryJson"])
            count, lr, loss = count + 1, lr + config["lr"]["value"], loss + summary["loss"]
        if not page["pageInfo"]["hasNextPage"]:
            return f"{count} {lr:.6f} {loss:.6f}"
        body["variables"]["after"] = page["pageInfo"]["endCursor"]


with httpx.Client(headers=headers, timeout=600) as http:
    repeat(read)
