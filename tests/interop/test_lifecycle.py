"""Runs and servers that are killed: what is seen of them then, and what is left."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

import wandql
from tests.interop.conftest import (
    CRASH_AFTER,
    ENTITY,
    Logged,
    Official,
    Server,
    finish_writer,
    has_rows,
    is_crashed,
    kill_writer,
    serve,
    start_writer,
    wait_until,
)
from wandql.graphql.generated import operations

pytestmark = [pytest.mark.interop, pytest.mark.slow]


def history_of(api: wandql.Api, path: str) -> list[dict[str, float]]:
    entity, project, run = api.run(path).path
    data = api.client.get_run_history_page(
        entity=entity, project=project, run=run, min_step=0, max_step=10**6, samples=10**6
    )
    assert data.project is not None
    assert data.project.run is not None
    return [json.loads(row) for row in data.project.run.history]


def test_a_killed_run_is_crashed_in_both_clients_and_can_be_resumed(
    logged: Logged, official: Official, api: wandql.Api, tmp_path: Path
):
    init = {"project": "resumed", "id": "phoenix", "config": {"lr": 0.1}, "tags": ["kept"]}
    spec = {"history": [{"loss": 5.0 - step} for step in range(5)], "summary": {}, "exit_code": 0}
    environment = logged.server.environment(tmp_path)
    writer = start_writer([{**spec, "init": init, "killed": True}], environment, tmp_path)
    wait_until(lambda: has_rows(api, "resumed/phoenix", 5))
    kill_writer(writer)
    last_sign = api.run("resumed/phoenix").heartbeat_at
    assert last_sign is not None
    wait_until(lambda: is_crashed(api, "resumed/phoenix"))
    assert time.time() - last_sign.timestamp() >= CRASH_AFTER
    assert official.ask("run", path="resumed/phoenix")["state"] == "crashed"
    assert [run.id for run in api.runs("resumed", {"state": "crashed"})] == ["phoenix"]

    again = {"project": "resumed", "id": "phoenix", "resume": "must"}
    finish_writer(start_writer([{**spec, "init": again}], environment, tmp_path))
    api.flush()
    run = api.run("resumed/phoenix")
    rows = history_of(api, "resumed/phoenix")
    assert (run.state, run.history_line_count, run.config, run.tags) == ("finished", 10, {"lr": 0.1}, ["kept"])
    assert [(row["_step"], row["loss"]) for row in rows] == [(step, 5 - step % 5) for step in range(10)]
    assert official.ask("scan_history", path="resumed/phoenix") == rows


@dataclass
class Acknowledged:
    """What a server has said that it has got."""

    configs: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def write_until_it_fails(server: Server, worker: int, said: Acknowledged) -> None:
    """Create runs and log to them, and write down each answer, until there is none."""
    with httpx.Client(auth=("api", server.api_key), timeout=60) as http:
        for number in range(10**6):
            id_ = f"{server.process.pid}-{worker}-{number}"
            config = json.dumps({"number": {"value": number}})
            creation = operations.upsert_run(entity=ENTITY, project="killed", run=id_, config_json=config)
            try:
                http.post(f"{server.url}/graphql", content=creation.body()).raise_for_status()
                said.configs[id_] = number
                for line in range(3):
                    content = [json.dumps({"_step": line, "number": number})]
                    report = {"files": {"wandb-history.jsonl": {"offset": line, "content": content}}}
                    http.post(f"{server.url}/files/{ENTITY}/killed/{id_}/file_stream", json=report).raise_for_status()
                    said.rows[id_] = line + 1
            except httpx.TransportError:
                return


def test_killing_the_server_in_the_middle_of_writes_loses_nothing_that_it_acknowledged(tmp_path: Path):
    said = Acknowledged()
    for round_ in range(3):
        with serve(tmp_path / "data") as server:
            threads = [
                threading.Thread(target=write_until_it_fails, args=(server, worker, said)) for worker in range(4)
            ]
            before = len(said.configs)
            for thread in threads:
                thread.start()
            wait_until(lambda: len(said.configs) >= before + 20 + round_)  # noqa: B023
            server.kill()
            for thread in threads:
                thread.join()
    with serve(tmp_path / "data") as server, server.api() as api:
        found = {run.id: run for run in api.runs("killed", per_page=1000)}
        assert len(said.configs) >= 60
        for id_, number in said.configs.items():
            assert found[id_].config == {"number": number}
        for id_, count in said.rows.items():
            rows = history_of(api, f"killed/{id_}")
            assert rows[:count] == [{"_step": line, "number": said.configs[id_]} for line in range(count)]


def test_a_training_outlives_a_kill_of_its_server(tmp_path: Path):
    spec = {"init": {"project": "outlived", "id": "run"}, "summary": {}, "exit_code": 0, "seconds": 0.05}
    spec["history"] = [{"number": number} for number in range(100)]
    with serve(tmp_path / "data") as server, server.api() as api:
        writer = start_writer([spec], server.environment(tmp_path), tmp_path)
        wait_until(lambda: has_rows(api, "outlived/run", 1))
        server.kill()
    port = str(urlsplit(server.url).port)
    with serve(tmp_path / "data", "--port", port) as server, server.api() as api:
        finish_writer(writer)
        run = api.run("outlived/run")
        assert (run.state, run.history_line_count) == ("finished", 100)
        assert [row["number"] for row in history_of(api, "outlived/run")] == list(range(100))
