"""Histories as Parquet files: what the official client reads of the embedded server is what wandql reads."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

import wandql
from tests.interop.conftest import ENTITY, Logged, Official

pytestmark = pytest.mark.interop

ROWS = [
    {"_step": step, "loss": 1 / (step + 1), "epoch": step // 100, "phase": "warm" if step < 50 else "main"}
    for step in range(10_000)
]


@pytest.fixture(scope="module")
def exported(logged: Logged) -> str:
    """The path of a finished run whose history is exported."""
    with logged.server.api() as api:
        api.client.upsert_run(entity=ENTITY, project="exports", run="whole")
    chunk = {"offset": 0, "content": [json.dumps(row) for row in ROWS]}
    body = {"files": {"wandb-history.jsonl": chunk}, "complete": True, "exitcode": 0}
    credentials = b64encode(f"api:{logged.server.api_key}".encode()).decode()
    url = f"{logged.server.url}/files/{ENTITY}/exports/whole/file_stream"
    with urlopen(Request(url, json.dumps(body).encode(), {"authorization": f"Basic {credentials}"})) as reply:
        assert reply.status == 200
    return "exports/whole"


def canonical(rows: list[dict[str, Any]]) -> list[dict[str, float]]:
    """The official client makes integers of floats that are whole."""
    return [{key: value if isinstance(value, str) else float(value) for key, value in row.items()} for row in rows]


@pytest.mark.parametrize(
    "arguments",
    [{}, {"keys": ["loss"]}, {"keys": ["phase", "epoch"]}, {"min_step": 70, "max_step": 7050, "page_size": 999}],
)
def test_exported_rows_are_the_same(official: Official, api: wandql.Api, exported: str, arguments: dict[str, Any]):
    theirs = official.ask("scan_history", path=exported, **arguments)
    ours = list(api.run(exported).scan_history(**arguments))
    assert canonical(theirs) == canonical(ours)
    assert len(ours) == arguments.get("max_step", 10_000) - arguments.get("min_step", 0)


def test_exports_are_downloaded_under_the_same_names(
    official: Official, api: wandql.Api, exported: str, tmp_path: Path
):
    theirs = official.ask("download_history_exports", path=exported, directory=str(tmp_path / "theirs"))
    ours = api.run(exported).download_history_exports(tmp_path / "ours")
    assert theirs == {
        "paths": [str(tmp_path / "theirs" / path.name) for path in ours.paths],
        "contains_live_data": ours.contains_live_data,
        "errors": {},
    }
    for path in ours.paths:
        assert path.read_bytes() == (tmp_path / "theirs" / path.name).read_bytes()
