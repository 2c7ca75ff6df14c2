"""Reads all values of runs with no client at all: `frame_limit.py`, with the body of the first request as input.

It sends the requests that wandql sends, over the same HTTP library, and decodes the replies and every document in them
with the same JSON parser, but makes no frame.
"""

from __future__ import annotations

import os
import sys
from base64 import b64encode

import httpx
from pydantic_core import from_json, to_json

body = from_json(sys.stdin.buffer.read())
count, lr, loss = 0, 0.0, 0.0
credentials = b64encode(f"api:{os.environ['WANDB_API_KEY']}".encode()).decode()
headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
with httpx.Client(headers=headers, timeout=600) as http:
    while True:
        reply = http.post(f"{os.environ['WANDB_BASE_URL']}/graphql", content=to_json(body))
        page = from_json(reply.content)["data"]["project"]["runs"]
        for edge in page["edges"]:
            config, summary = from_json(edge["node"]["configJson"]), from_json(edge["node"]["summaryJson"])
            count, lr, loss = count + 1, lr + config["lr"]["value"], loss + summary["loss"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        body["variables"]["after"] = page["pageInfo"]["endCursor"]
print(count, f"{lr:.6f}", f"{loss:.6f}")
