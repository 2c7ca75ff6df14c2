"""Reads an exported history with no client at all: `export_limit.py [again]`, with a request as input."""

from __future__ import annotations

import os
import sys
from base64 import b64encode

import httpx
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic_core import from_json
from work import repeat

plan = sys.stdin.buffer.read()
credentials = b64encode(f"api:{os.environ['WANDB_API_KEY']}".encode()).decode()
headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}


def read() -> str:
    reply = http.post(f"{os.environ['WANDB_BASE_URL']}/graphql", content=plan, headers=headers)
    [url] = from_json(reply.content)["data"]["project"]["run"]["parquetHistory"]["parquetUrls"]
    content = http.get(url).content
    table = pq.ParquetFile(pa.BufferReader(content)).read(use_threads=False)
    return f"{table.num_rows} {pc.sum(table['metric_3']).as_py():.4f}"


with httpx.Client(timeout=600) as http:
    repeat(read)
