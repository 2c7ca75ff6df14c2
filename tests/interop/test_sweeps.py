"""Sweeps: the official SDK searches, and both clients read the same.

What differs: an agent's `id` is the one in its sweep here, and an opaque one there, which is `storage_id` here. The
order of a name that is a field of a run, such as `created_at`, is that of the field here, and there that of a metric.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import wandql
from tests.interop.conftest import ENTITY, Server, serve

pytestmark = pytest.mark.interop

ORDERS = [None, "loss", "+loss", "-config.lr", "+summary_metrics.loss"]

SEARCH = """
import json, math, wandb
wandb.agents.pyagent.Agent.HEARTBEAT_SLEEP_SECONDS = 0.2
GRID = {
    "method": "grid", "name": "grid", "description": "a grid", "metric": {"name": "loss", "goal": "minimize"},
    "parameters": {"lr": {"values": [0.1, 0.2, 0.3]}, "opt": {"parameters": {"beta": {"values": [0.5, 0.9]}}}},
}
RANDOM = {
    "method": "random", "run_cap": 3, "metric": {"name": "loss", "goal": "maximize"},
    "parameters": {"lr": {"min": 0.0, "max": 1.0}, "n": {"min": 1, "max": 9}},
}
IDLE = {"method": "random", "parameters": {"lr": {"value": 1}}}

def train():
    with wandb.init() as run:
        run.log({"loss": math.nan if run.config.lr == 0.1 else run.config.lr})

names = []
for definition in (GRID, RANDOM, IDLE):
    names.append(wandb.sweep(definition, project="hunt"))
for name in names[:2]:
    wandb.agent(name, function=train, project="hunt")
print(json.dumps(names))
"""

READ = """
import json, sys, wandb
PLAIN = ("id", "name", "entity", "project", "config", "state", "method", "description", "displayName", "bestLoss",
         "runCount", "runCountExpected", "expected_run_count", "createdAt", "updatedAt", "order", "path", "url")
AGENT = ("id", "name", "host", "state", "totalRuns", "createdAt", "heartbeatAt")
api = wandb.Api()

def best(sweep, order):
    run = sweep.best_run(order)
    return run and run.id

def read(name):
    sweep = api.sweep(f"hunt/{name}")
    return {
        **{each: getattr(sweep, each) for each in PLAIN},
        "runs": [[run.id, run.config, run.state, run.sweep_name] for run in sweep.runs],
        "best": [best(sweep, order) for order in json.loads(sys.argv[2])],
        "agents": [{each: getattr(agent, each) for each in AGENT} for agent in sweep.agents()],
        "agent runs": [[run.id for run in agent.runs()] for agent in sweep.agents()],
        "run": [run.sweep.id for run in sweep.runs],
    }

names = json.loads(sys.argv[1])
project = api.project("hunt")
print(json.dumps({
    "sweeps": {name: read(name) for name in names},
    "listed": [[sweep.id for sweep in project.sweeps()], len(project.sweeps())],
    "filtered": [sweep.id for sweep in project.sweeps(filters={"state": "FINISHED"})],
}))
"""


class Found:
    """What the official SDK has searched, and what its query client reads of it."""

    def __init__(self, server: Server, directory: Path) -> None:
        self.server = server
        self._directory = directory
        self._environment = server.environment(directory)
        self.names: list[str] = self._run(SEARCH)
        self.official: dict[str, Any] = self._run(READ, json.dumps(self.names), json.dumps(ORDERS))

    def _run(self, script: str, *arguments: str) -> Any:
        path = self._directory / "script.py"
        path.write_text(script)
        done = subprocess.run(
            [sys.executable, path, *arguments],
            env=self._environment, cwd=self._directory, capture_output=True, text=True, timeout=200, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    directory = tmp_path_factory.mktemp("sweeps")
    with serve(directory / "data") as server:
        yield Found(server, directory)


@pytest.fixture
def api(found: Found) -> Iterator[wandql.Api]:
    with found.server.api() as opened:
        yield opened


def test_all_that_a_sweep_says_is_the_same(found: Found, api: wandql.Api) -> None:
    for name in found.names:
        sweep, theirs = api.sweep(f"{ENTITY}/hunt/{name}"), found.official["sweeps"][name]
        same = {
            **{each: getattr(sweep, each) for each in ("id", "name", "entity", "project", "config", "state", "method")},
            **{each: getattr(sweep, each) for each in ("description", "expected_run_count", "order", "path", "url")},
            "displayName": sweep.display_name,
            "bestLoss": sweep.best_loss,
            "runCount": sweep.run_count,
            "runCountExpected": sweep.expected_run_count,
        }
        assert same == {each: theirs[each] for each in same}
        assert sweep.created_at == moment(theirs["createdAt"])
        assert sweep.updated_at == moment(theirs["updatedAt"])
    states = [found.official["sweeps"][name]["state"] for name in found.names]
    assert states == ["FINISHED", "FINISHED", "RUNNING"]


def test_the_runs_are_the_same_in_the_same_order(found: Found, api: wandql.Api) -> None:
    for name in found.names:
        sweep, theirs = api.sweep(f"{ENTITY}/hunt/{name}"), found.official["sweeps"][name]
        assert [[run.id, run.config, run.state, run.sweep_name] for run in sweep.runs] == theirs["runs"]
        assert [run.sweep.id for run in sweep.runs if run.sweep] == theirs["run"]
    assert [len(found.official["sweeps"][name]["runs"]) for name in found.names] == [6, 3, 0]


def test_the_best_run_is_the_same_in_every_order(found: Found, api: wandql.Api) -> None:
    for name in found.names[:2]:
        sweep, theirs = api.sweep(f"{ENTITY}/hunt/{name}"), found.official["sweeps"][name]
        runs = [sweep.best_run(order) for order in ORDERS]
        assert [run.id for run in runs if run] == theirs["best"]
    assert found.official["sweeps"][found.names[2]]["best"] == [None] * len(ORDERS)


def test_agents_and_their_runs_are_the_same(found: Found, api: wandql.Api) -> None:
    for name in found.names:
        sweep, theirs = api.sweep(f"{ENTITY}/hunt/{name}"), found.official["sweeps"][name]
        agents = sweep.agents()
        assert [
            {
                "id": agent.storage_id,
                "name": agent.name,
                "host": agent.host,
                "state": agent.state,
                "totalRuns": agent.total_runs,
            }
            for agent in agents
        ] == [{key: agent[key] for key in ("id", "name", "host", "state", "totalRuns")} for agent in theirs["agents"]]
        assert [agent.created_at for agent in agents] == [moment(a["createdAt"]) for a in theirs["agents"]]
        assert [agent.heartbeat_at for agent in agents] == [moment(a["heartbeatAt"]) for a in theirs["agents"]]
        assert [[run.id for run in agent.runs()] for agent in agents] == theirs["agent runs"]
        assert [sweep.agent(agent.id) for agent in agents] == agents


def test_both_list_and_filter_the_same_sweeps(found: Found, api: wandql.Api) -> None:
    project = api.project("hunt")
    assert [[sweep.id for sweep in project.sweeps()], len(project.sweeps())] == found.official["listed"]
    filtered = [sweep.id for sweep in project.sweeps(filters={"state": "FINISHED"})]
    assert filtered == found.official["filtered"] == [found.names[1], found.names[0]]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
