"""Sweeps of the official SDK, unmodified: its command line and its functions search, and its query client reads."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from tests.server.conftest import SDK, Caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from wandql.server import Application

pytestmark = pytest.mark.interop

DEFINITION = """
program: train.py
command: ["{python}", "${{program}}", "${{args}}"]
method: grid
name: twenty
metric: {{name: loss, goal: minimize}}
parameters:
  lr: {{values: [0.1, 0.2, 0.3, 0.4, 0.5]}}
  layers: {{min: 1, max: 2}}
  optimizer: {{parameters: {{name: {{values: [adam, sgd]}}, beta: {{value: 0.9}}}}}}
"""

TRAIN = """
import sys, wandb
with wandb.init() as run:
    config = run.config
    assert f"--lr={config.lr}" in sys.argv and f"--layers={config.layers}" in sys.argv, sys.argv
    assert config.optimizer["beta"] == 0.9
    bonus = 0 if config.optimizer["name"] == "adam" else 0.01
    run.log({"loss": float("nan") if config.lr == 0.1 else config.lr * config.layers + bonus})
"""

READ = """
import json, sys, wandb
api = wandb.Api()
sweep = api.sweep(sys.argv[1])
best = sweep.best_run()
(agent, *_) = agents = sweep.agents()
print(json.dumps({
    "state": sweep.state, "name": sweep.name, "order": sweep.order, "config": sweep.config, "id": sweep.id,
    "expected": sweep.expected_run_count, "best": best.summary["loss"], "best config": best.config,
    "best loss": sweep.best_loss, "runs": len(sweep.runs), "states": sorted({run.state for run in sweep.runs}),
    "agents": len(agents), "given": sum(agent.totalRuns for agent in agents),
    "agent": [sweep.agent(agent.name).id == agent.id, len(list(agent.runs())) == agent.totalRuns],
    "listed": [each.id for each in api.project("cli").sweeps(filters={"state": "FINISHED"})],
    "run": best.sweep.id, "url": sweep.url, "path": sweep.path,
}))
"""


class CommandLine:
    """The command `wandb` in a directory."""

    def __init__(self, sdk: SDK) -> None:
        self.directory = sdk.directory
        self.environment = {**sdk.environment, "WANDB_SILENT": "false", "WANDB_PROJECT": "cli"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "wandb", *arguments],
            env=self.environment,
            cwd=self.directory,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, seconds: float = 120) -> str:
        with self.start(*arguments) as process:
            said, _ = process.communicate(timeout=seconds)
        return re.sub(r"\x1b\[[0-9;]*m", "", said)

    def create(self, definition: str, *options: str) -> str:
        (self.directory / "sweep.yaml").write_text(definition)
        said = self.run("sweep", *options, "sweep.yaml")
        found = re.search(r"wandb agent (\S+)", said)
        assert found, said
        return found[1]


@pytest.fixture
def wandb(sdk: SDK) -> CommandLine:
    (sdk.directory / "train.py").write_text(TRAIN)
    return CommandLine(sdk)


@pytest.fixture
def caller(networked: tuple[Application, str]) -> Caller:
    return Caller(networked[0], networked[0].api_key)


def read_sweep(caller: Caller, path: str, selection: str = "state runs { edges { node { name state } } }") -> Any:
    _, project, sweep = path.split("/")
    document = f'{{ project(name: "{project}") {{ sweep(sweepName: "{sweep}") {{ {selection} }} }} }}'
    return caller.ask(document)["project"]["sweep"]


def states(caller: Caller, path: str) -> list[str]:
    return [edge["node"]["state"] for edge in read_sweep(caller, path)["runs"]["edges"]]


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


@pytest.mark.slow
def test_four_agents_of_the_command_line_finish_a_grid_of_twenty(wandb: CommandLine, sdk: SDK):
    path = wandb.create(DEFINITION.format(python=sys.executable))
    with ExitStack() as stack:
        agents = [stack.enter_context(wandb.start("agent", path)) for _ in range(4)]
        said = [agent.communicate(timeout=240)[0] for agent in agents]
    assert [agent.returncode for agent in agents] == [0] * 4, said
    read = json.loads(sdk.run(READ, path))
    sweep = path.rpartition("/")[2]
    assert (read["state"], read["name"], read["id"], read["run"]) == ("FINISHED", "twenty", sweep, sweep)
    assert (read["expected"], read["runs"], read["given"], read["agents"]) == (20, 20, 20, 4)
    assert (read["states"], read["agent"], read["listed"]) == (["finished"], [True, True], [sweep])
    assert (read["order"], read["best"], read["best loss"]) == ("+summary_metrics.loss", 0.2, 0.2)
    assert read["best config"] == {"lr": 0.2, "layers": 1, "optimizer": {"name": "adam", "beta": 0.9}}
    assert read["config"]["parameters"]["layers"] == {"min": 1, "max": 2, "distribution": "int_uniform"}
    assert read["path"] == ["alice", "cli", sweep]


FUNCTION = """
import json, sys, wandb
definition = {"method": "grid", "metric": {"name": "loss", "goal": "maximize"},
              "parameters": {"a": {"values": list(range(10))}, "n": {"parameters": {"x": {"values": [1, 2]}}}}}
sweep = wandb.sweep(definition, project="function")
tried = []
def train():
    with wandb.init() as run:
        tried.append([run.config.a, run.config.n["x"]])
        run.log({"loss": run.config.a * 10 + run.config.n["x"]})
wandb.agents.pyagent.Agent.HEARTBEAT_SLEEP_SECONDS = 0.2
wandb.agent(sweep, function=train, project="function")
found = wandb.Api().sweep(f"function/{sweep}")
print(json.dumps({"tried": tried, "state": found.state, "best": found.best_run().summary["loss"],
                  "names": [found.name == sweep, found.expected_run_count, found.best_loss]}))
"""


@pytest.mark.slow
def test_a_function_goes_through_a_grid_of_twenty(sdk: SDK):
    read = json.loads(sdk.run(FUNCTION).splitlines()[-1])
    assert read["tried"] == [[a, x] for a in range(10) for x in (1, 2)]
    assert (read["state"], read["best"], read["names"]) == ("FINISHED", 92, [True, 20, 92])


SLOW = """
import time, wandb
with wandb.init() as run:
    for step in range(1000):
        run.log({"step": step})
        time.sleep(0.1)
"""


@pytest.mark.slow
def test_a_sweep_is_paused_resumed_and_canceled_from_the_command_line(wandb: CommandLine, caller: Caller):
    (wandb.directory / "train.py").write_text(SLOW)
    path = wandb.create(DEFINITION.format(python=sys.executable))
    assert read_sweep(caller, path)["state"] == "RUNNING"
    with wandb.start("agent", path) as agent:
        wait_for(lambda: states(caller, path) == ["running"])
        for option, state in (("--pause", "PAUSED"), ("--resume", "RUNNING"), ("--cancel", "CANCELED")):
            assert "Done." in wandb.run("sweep", option, path)
            assert read_sweep(caller, path)["state"] == state
        said, _ = agent.communicate(timeout=60)
    assert (agent.returncode, "Received exit command" in said) == (0, True)
    assert "Sweep already canceled" in wandb.run("sweep", "--stop", path)


@pytest.mark.slow
def test_a_stopped_sweep_lets_the_agent_finish_its_run(wandb: CommandLine, caller: Caller):
    (wandb.directory / "train.py").write_text(SLOW.replace("1000", "40"))
    path = wandb.create(DEFINITION.format(python=sys.executable))
    with wandb.start("agent", path) as agent:
        wait_for(lambda: states(caller, path) == ["running"])
        assert "Done." in wandb.run("sweep", "--stop", path)
        agent.communicate(timeout=60)
    assert read_sweep(caller, path)["state"] == "FINISHED"
    assert states(caller, path) == ["finished"]


@pytest.mark.slow
def test_an_agent_stops_after_its_count_and_another_goes_on(wandb: CommandLine, caller: Caller):
    path = wandb.create(DEFINITION.format(python=sys.executable), "--name", "counted")
    for count in (1, 2):
        wandb.run("agent", "--count", "1", path)
        assert states(caller, path) == ["finished"] * count
    assert read_sweep(caller, path)["state"] == "RUNNING"


def test_a_definition_is_updated_and_earlier_runs_are_attached(wandb: CommandLine, sdk: SDK, caller: Caller):
    caller.upsert("earlier", project="cli", config='{"lr": {"value": 1}}')
    grid = "method: grid\nparameters: {lr: {values: [1, 2, 3]}}\n"
    path = wandb.create(grid, "-R", "earlier")
    assert read_sweep(caller, path, "runCountExpected") == {"runCountExpected": 3}
    (sdk.directory / "other.yaml").write_text(grid.replace("3]", "3, 4]"))
    said = wandb.run("sweep", "--update", path, "other.yaml")
    assert f"Updating sweep with ID: {path.rpartition('/')[2]}" in said
    assert read_sweep(caller, path, "runCountExpected") == {"runCountExpected": 4}


def test_what_is_left_aside_or_refused_is_shown(wandb: CommandLine):
    custom = (
        "method: custom\nmetric: {name: loss}\nparameters: {lr: {min: 0.0, max: 1.0}}\nprogram: train.py\nnonsense: 1\n"
    )
    (wandb.directory / "custom.yaml").write_text(custom)
    said = wandb.run("sweep", "custom.yaml")
    assert "`nonsense` is not known and is left aside." in said
    assert "This server proposes no configs by the method 'custom'" in said
    path = re.search(r"wandb agent (\S+)", said)
    assert path
    assert "proposes no configs by the method 'custom', so no agent can begin" in wandb.run("agent", path[1])
    (wandb.directory / "wrong.yaml").write_text("method: grid\nparameters: {lr: {min: 0.0, max: 1.0}}\n")
    assert "lr has no values that a grid could go through" in wandb.run("sweep", "wrong.yaml")


SCHEDULED = """
method: custom
run_cap: 2
program: train.py
command: ["{python}", "${{program}}"]
metric: {{name: loss, goal: minimize}}
scheduler: {{engine: optuna}}
parameters: {{x: {{min: 0.0, max: 1.0}}}}
"""


@pytest.mark.slow
def test_a_local_scheduler_searches_with_agents(wandb: CommandLine, caller: Caller):
    (wandb.directory / "train.py").write_text(
        "import wandb\nwith wandb.init() as run:\n    run.log({'loss': run.config.x})\n"
    )
    path = wandb.create(SCHEDULED.format(python=sys.executable))
    with wandb.start("sweep-scheduler", "--batch-size", "1", "--poll-interval", "5", path) as scheduler:
        wandb.run("agent", path)
        said, _ = scheduler.communicate(timeout=60)
    assert read_sweep(caller, path)["state"] == "FINISHED"
    # It may have added one more before it heard that as many as the cap have finished.
    first, second, *others = states(caller, path)
    assert (first, second, {*others} <= {"killed"}) == ("finished", "finished", True)
    assert "Trial 0 finished with value" in said


def test_an_agent_whose_sweep_is_gone_ends(wandb: CommandLine):
    said = wandb.run("agent", "alice/cli/nothere1")
    assert "Sweep alice/cli/nothere1 not found" in said or "There is no sweep" in said, said
