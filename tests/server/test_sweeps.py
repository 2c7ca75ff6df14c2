"""Sweeps over the wire: what agents are told, what the states mean, and what is read back."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from tests.server.conftest import Caller
from wandql.server import Application, open_application, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

UPSERT_SWEEP = """
  mutation UpsertSweep($input: UpsertSweepInput!) {
    upsertSweep(input: $input) { sweep { id name state project { name entity { name } } } configValidationWarnings }
  }
"""
CREATE_AGENT = "mutation ($input: CreateAgentInput!) { createAgent(input: $input) { agent { id name } } }"
HEARTBEAT = """
  mutation Heartbeat($id: ID!, $runState: JSONString) {
    agentHeartbeat(input: {id: $id, metrics: "{}", runState: $runState}) { agent { id state } commands }
  }
"""
GRID = {"method": "grid", "program": "train.py", "parameters": {"lr": {"values": [0.1, 0.2]}, "n": {"value": 5}}}
EXIT = [{"type": "exit"}]


class Sweeper(Caller):
    """Somebody with an API key who runs sweeps in the project `p`."""

    def create(self, definition: dict[str, Any] | None = None, **given: Any) -> dict[str, Any]:
        text = json.dumps(definition or GRID)
        payload = self.ask(UPSERT_SWEEP, input={"projectName": "p", "config": text, **given})["upsertSweep"]
        return payload["sweep"] | {"warnings": payload["configValidationWarnings"]}

    def change(self, sweep: dict[str, Any], **given: Any) -> dict[str, Any]:
        return self.ask(UPSERT_SWEEP, input={"id": sweep["id"], **given})["upsertSweep"]

    def agent(self, sweep: dict[str, Any], host: str = "host") -> str:
        given = {"sweep": sweep["name"], "projectName": "p", "host": host}
        return self.ask(CREATE_AGENT, input=given)["createAgent"]["agent"]["id"]

    def beat(self, agent: str, *executing: str) -> list[dict[str, Any]]:
        states = json.dumps(dict.fromkeys(executing, True))
        return json.loads(self.ask(HEARTBEAT, id=agent, runState=states)["agentHeartbeat"]["commands"])

    def execute(self, command: dict[str, Any], sweep: dict[str, Any], exitcode: int = 0, **summary: float) -> None:
        """Do what an agent's process does: begin the run, log its summary, finish."""
        name = command["run_id"]
        self.upsert(name, sweep=sweep["name"], config=json.dumps({**command["args"], "_wandb": {"value": {}}}))
        files = {"wandb-summary.json": {"offset": 0, "content": [json.dumps(summary)]}}
        self.stream(name, files=files, complete=True, exitcode=exitcode)

    def work(self, agent: str, sweep: dict[str, Any]) -> list[dict[str, Any]]:
        """Obey an agent's commands until it is told to exit, and return the configs."""
        tried = []
        while (commands := self.beat(agent)) != EXIT:
            (command,) = commands
            tried.append({name: value["value"] for name, value in command["args"].items()})
            self.execute(command, sweep, loss=float(len(tried)))
        return tried

    def sweep(self, sweep: dict[str, Any], selection: str) -> dict[str, Any]:
        document = f'{{ project(name: "p") {{ sweep(sweepName: "{sweep["name"]}") {{ {selection} }} }} }}'
        return self.ask(document)["project"]["sweep"]

    def state(self, sweep: dict[str, Any]) -> str:
        return self.sweep(sweep, "state")["state"]

    def runs(self, sweep: dict[str, Any]) -> dict[str, str]:
        edges = self.sweep(sweep, "runs { edges { node { name state } } }")["runs"]["edges"]
        return {edge["node"]["name"]: edge["node"]["state"] for edge in edges}

    def hear_late(self) -> None:
        """Let the time pass after which an agent's next heartbeat is no repetition of the last."""
        with self.application._store.write() as connection:
            connection.execute(update(tables.sweep_runs).values(given_at=tables.sweep_runs.c.given_at - 10_000_000))


@pytest.fixture
def sweeper(application: Application) -> Sweeper:
    return Sweeper(application, application.api_key)


def test_an_agent_goes_through_the_whole_grid_and_exits(sweeper: Sweeper):
    sweep = sweeper.create()
    assert (sweep["state"], sweep["project"]) == ("RUNNING", {"name": "p", "entity": {"name": "alice"}})
    assert sweeper.work(sweeper.agent(sweep), sweep) == [{"lr": 0.1, "n": 5}, {"lr": 0.2, "n": 5}]
    assert sweeper.sweep(sweep, "state runCount runCountExpected") == {
        "state": "FINISHED", "runCount": 2, "runCountExpected": 2,
    }  # fmt: skip
    assert set(sweeper.runs(sweep).values()) == {"finished"}


def test_a_run_waits_with_its_config_until_its_process_begins(sweeper: Sweeper):
    sweep = sweeper.create()
    (command,) = sweeper.beat(sweeper.agent(sweep))
    assert command == {
        "type": "run",
        "run_id": command["run_id"],
        "args": {"lr": {"value": 0.1}, "n": {"value": 5}},
        "program": "train.py",
    }
    assert sweeper.state(sweep) == "RUNNING"
    run = sweeper.run("state config sweepName user { username }", command["run_id"])
    assert (run["state"], run["sweepName"], run["user"]) == ("pending", sweep["name"], {"username": "alice"})
    assert json.loads(run["config"]) == command["args"]
    sweeper.upsert(command["run_id"], sweep=sweep["name"])
    sweeper.stream(command["run_id"])
    assert sweeper.runs(sweep) == {command["run_id"]: "running"}


def test_an_agent_gets_one_run_at_a_time_and_two_agents_share_the_grid(sweeper: Sweeper):
    sweep = sweeper.create()
    one, other = sweeper.agent(sweep, "a"), sweeper.agent(sweep, "b")
    (first,), (second,) = sweeper.beat(one), sweeper.beat(other)
    assert [command["args"]["lr"]["value"] for command in (first, second)] == [0.1, 0.2]
    assert sweeper.beat(one, first["run_id"]) == []
    sweeper.execute(second, sweep)
    assert sweeper.beat(other) == EXIT
    assert sweeper.state(sweep) == "FINISHED"
    assert sweeper.beat(one, first["run_id"]) == []  # it may end
    sweeper.execute(first, sweep)
    assert sweeper.beat(one) == EXIT


def test_an_answer_that_was_lost_is_given_again(sweeper: Sweeper):
    sweep = sweeper.create()
    agent = sweeper.agent(sweep)
    first = sweeper.beat(agent)
    assert sweeper.beat(agent) == first
    assert len(sweeper.runs(sweep)) == 1


def test_a_process_that_ends_without_a_word_has_crashed(sweeper: Sweeper):
    sweep = sweeper.create()
    agent = sweeper.agent(sweep)
    (first,) = sweeper.beat(agent)
    sweeper.hear_late()
    assert sweeper.beat(agent, first["run_id"]) == []
    (second,) = sweeper.beat(agent)
    assert second["run_id"] != first["run_id"]
    assert sweeper.runs(sweep) == {first["run_id"]: "crashed", second["run_id"]: "pending"}


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[Sweeper]:
    with open_application(tmp_path / "data", entity="alice", crash_after=2.0) as application:
        yield Sweeper(application, application.api_key)


def test_the_run_of_an_agent_that_fell_silent_goes_to_another(impatient: Sweeper):
    sweep = impatient.create()
    gone, other = impatient.agent(sweep, "a"), impatient.agent(sweep, "b")
    first = impatient.beat(gone)
    time.sleep(2.2)
    assert impatient.beat(other) == first
    agents = impatient.sweep(sweep, "agents { edges { node { host state totalRuns } } }")["agents"]["edges"]
    assert [edge["node"] for edge in agents] == [
        {"host": "a", "state": "OFFLINE", "totalRuns": 0},
        {"host": "b", "state": "RUNNING", "totalRuns": 1},
    ]


def test_a_preempted_run_is_resumed(sweeper: Sweeper):
    sweep = sweeper.create()
    agent = sweeper.agent(sweep)
    (first,) = sweeper.beat(agent)
    name = first["run_id"]
    sweeper.upsert(name, sweep=sweep["name"])
    sweeper.stream(name, preempting=True)
    sweeper.stream(name, complete=True, exitcode=1)
    assert sweeper.runs(sweep) == {name: "preempted"}
    assert sweeper.beat(agent) == [{**first, "type": "resume"}]
    assert sweeper.runs(sweep) == {name: "pending"}


def test_a_run_that_was_asked_to_stop_is_stopped_by_its_agent(sweeper: Sweeper):
    sweep = sweeper.create()
    agent = sweeper.agent(sweep)
    (command,) = sweeper.beat(agent)
    name = command["run_id"]
    sweeper.upsert(name, sweep=sweep["name"])
    sweeper.stream(name)
    sweeper.ask("mutation ($id: ID!) { stopRun(input: {id: $id}) { success } }", id=sweeper.run("id", name)["id"])
    stop = [{"type": "stop", "run_id": name}]
    assert [sweeper.beat(agent, name), sweeper.beat(agent, name, "unknown")] == [stop, stop]
    sweeper.stream(name, complete=True, exitcode=1)
    assert sweeper.runs(sweep) == {name: "killed"}
    assert sweeper.beat(agent)[0]["type"] == "run"


def test_a_run_whose_process_was_ended_on_request_is_killed(sweeper: Sweeper):
    sweep = sweeper.create()
    agent = sweeper.agent(sweep)
    name = sweeper.beat(agent)[0]["run_id"]
    sweeper.upsert(name, sweep=sweep["name"])
    sweeper.stream(name)
    sweeper.ask("mutation ($id: ID!) { stopRun(input: {id: $id}) { success } }", id=sweeper.run("id", name)["id"])
    sweeper.beat(agent, name)
    sweeper.beat(agent)
    assert sweeper.runs(sweep)[name] == "killed"
    # Its process may take its time.
    assert sweeper.stream(name) == {"stopped": True}
    assert sweeper.runs(sweep)[name] == "running"


@pytest.mark.parametrize(("goal", "target", "losses"), [("minimize", 0.1, [0.5, 0.1]), ("maximize", 3, [2.0, 4.0])])
def test_a_search_ends_when_a_run_has_reached_the_target(
    sweeper: Sweeper, goal: str, target: float, losses: list[float]
):
    metric = {"name": "loss", "goal": goal, "target": target}
    sweep = sweeper.create({"method": "random", "metric": metric, "parameters": {"x": {"min": 0.0, "max": 1.0}}})
    agent = sweeper.agent(sweep)
    for loss in losses:
        (command,) = sweeper.beat(agent)
        sweeper.execute(command, sweep, loss=loss)
    assert sweeper.beat(agent) == EXIT
    assert sweeper.state(sweep) == "FINISHED"


def test_runs_of_a_sweep_are_named_after_it_and_numbered_in_it(sweeper: Sweeper):
    sweeper.upsert("before")
    sweep = sweeper.create()
    sweeper.work(sweeper.agent(sweep), sweep)
    edges = sweeper.sweep(sweep, "runs { edges { node { displayName } } }")["runs"]["edges"]
    ends = [edge["node"]["displayName"].partition("-")[2] for edge in edges]
    assert ends == ["sweep-1", "sweep-2"]


def test_a_paused_sweep_begins_nothing_and_goes_on_when_resumed(sweeper: Sweeper):
    sweep = sweeper.create()
    agent = sweeper.agent(sweep)
    (command,) = sweeper.beat(agent)
    sweeper.change(sweep, state="PAUSED")
    assert sweeper.beat(agent, command["run_id"]) == []
    sweeper.execute(command, sweep)
    assert [sweeper.beat(agent), sweeper.state(sweep)] == [[], "PAUSED"]
    sweeper.change(sweep, state="RUNNING")
    assert sweeper.work(agent, sweep) == [{"lr": 0.2, "n": 5}]


def test_a_stopped_sweep_lets_its_runs_end(sweeper: Sweeper):
    sweep = sweeper.create()
    agent = sweeper.agent(sweep)
    (command,) = sweeper.beat(agent)
    sweeper.change(sweep, state="FINISHED")
    assert sweeper.beat(agent, command["run_id"]) == []
    sweeper.execute(command, sweep)
    assert sweeper.beat(agent) == EXIT
    assert sweeper.beat(sweeper.agent(sweep)) == EXIT
    assert sweeper.runs(sweep) == {command["run_id"]: "finished"}


def test_a_canceled_sweep_kills_its_runs(sweeper: Sweeper):
    sweep = sweeper.create()
    one, other = sweeper.agent(sweep), sweeper.agent(sweep)
    (running,), (pending,) = sweeper.beat(one), sweeper.beat(other)
    sweeper.upsert(running["run_id"], sweep=sweep["name"])
    sweeper.stream(running["run_id"])
    sweeper.change(sweep, state="CANCELED")
    assert sweeper.stream(running["run_id"]) == {"stopped": True}
    assert sweeper.beat(one, running["run_id"]) == EXIT
    sweeper.stream(running["run_id"], complete=True, exitcode=255)
    assert sweeper.runs(sweep) == {running["run_id"]: "killed", pending["run_id"]: "killed"}


def test_a_killed_process_of_a_canceled_sweep_is_killed_not_crashed(impatient: Sweeper):
    sweep = impatient.create()
    (command,) = impatient.beat(impatient.agent(sweep))
    impatient.upsert(command["run_id"], sweep=sweep["name"])
    impatient.stream(command["run_id"])
    impatient.change(sweep, state="CANCELED")
    time.sleep(2.2)
    assert impatient.runs(sweep) == {command["run_id"]: "killed"}


@pytest.mark.parametrize("end", ["FINISHED", "CANCELED"])
def test_a_sweep_that_has_ended_can_only_be_resumed(sweeper: Sweeper, end: str):
    sweep = sweeper.create()
    sweeper.change(sweep, state=end)
    sweeper.change(sweep, state=end.lower())
    for state in {"PAUSED", "FINISHED", "CANCELED"} - {end}:
        status, message = sweeper.refused(UPSERT_SWEEP, input={"id": sweep["id"], "state": state})
        assert (status, f"is {end}" in message) == (409, True)
    sweeper.change(sweep, state="RUNNING")
    assert len(sweeper.work(sweeper.agent(sweep), sweep)) == 2


def test_a_sweep_brings_its_scheduler_into_a_queue_and_again_when_it_is_resumed(sweeper: Sweeper):
    place = {"entityName": sweeper.application.entity, "projectName": "model-registry", "queueName": "q"}
    sweeper.ask(
        "mutation ($input: CreateRunQueueInput!) { createRunQueue(input: $input) { queueID } }",
        input={**place, "access": "PROJECT"},
    )
    spec = {"run_id": "WANDB_SWEEP_ID", "name": "Scheduler.WANDB_SWEEP_ID", "resource": "local-process"}
    launch = {"queue": "q", "run_queue_project": "model-registry", "run_spec": json.dumps(spec)}
    given = {"launchScheduler": json.dumps(launch), "templateVariableValues": "null", "state": "PENDING"}
    definition = {"method": "custom", "job": "alice/p/train:latest", "parameters": {"x": {"value": 1}}}
    sweep = sweeper.create(definition, **given)
    assert (sweep["state"], sweep["warnings"]) == ("PENDING", [])
    pop = "mutation ($input: PopFromRunQueueInput!) { popFromRunQueue(input: $input) { runSpec } }"
    named = {"run_id": sweep["name"], "name": f"Scheduler.{sweep['name']}", "resource": "local-process"}
    assert sweeper.ask(pop, input=place)["popFromRunQueue"]["runSpec"] == named
    assert json.loads(json.loads(sweeper.sweep(sweep, "scheduler")["scheduler"])["run_spec"]) == named
    agent = sweeper.agent(sweep)  # one that works for the scheduler
    assert sweeper.beat(agent) == []
    sweeper.change(sweep, state="FINISHED")
    sweeper.change(sweep, config=json.dumps(definition), **given)
    assert sweeper.state(sweep) == "PENDING"
    assert sweeper.ask(pop, input=place)["popFromRunQueue"]["runSpec"] == named
    for fault, status in ((launch | {"queue": "other"}, 404), ({"queue": "q"}, 400)):
        wrong = {"projectName": "p", "config": json.dumps(definition), "launchScheduler": json.dumps(fault)}
        assert sweeper.refused(UPSERT_SWEEP, input=wrong)[0] == status


def test_a_state_that_does_not_exist_is_refused(sweeper: Sweeper):
    status, message = sweeper.refused(UPSERT_SWEEP, input={"id": sweeper.create()["id"], "state": "STOPPED"})
    assert (status, message) == (400, "A sweep is PENDING, RUNNING, PAUSED, FINISHED or CANCELED, not 'STOPPED'.")


def test_a_point_whose_run_was_deleted_is_tried_again_when_resumed(sweeper: Sweeper):
    sweep = sweeper.create()
    sweeper.work(sweeper.agent(sweep), sweep)
    first, _ = sweeper.runs(sweep)
    id_ = sweeper.run("id", first)["id"]
    sweeper.ask("mutation ($id: ID!) { deleteRun(input: {id: $id}) { clientMutationId } }", id=id_)
    sweeper.change(sweep, state="RUNNING")
    assert sweeper.work(sweeper.agent(sweep), sweep) == [{"lr": 0.1, "n": 5}]
    assert sweeper.state(sweep) == "FINISHED"


@pytest.mark.parametrize("method", ["grid", "random"])
def test_a_cap_ends_the_search(sweeper: Sweeper, method: str):
    definition = {"method": method, "run_cap": 3, "parameters": {"x": {"min": 1, "max": 100}}}
    sweep = sweeper.create(definition)
    assert len(sweeper.work(sweeper.agent(sweep), sweep)) == 3
    assert sweeper.sweep(sweep, "state runCountExpected") == {"state": "FINISHED", "runCountExpected": 3}


def test_a_random_search_has_no_end_and_a_seed_repeats_it(tmp_path: Path):
    definition = {"method": "random", "parameters": {"x": {"min": 0.0, "max": 1.0}, "s": {"values": ["a", "b", "c"]}}}
    tried = []
    for directory in ("one", "other"):
        with open_application(tmp_path / directory, entity="alice", seed=3) as application:
            sweeper = Sweeper(application, application.api_key)
            sweep = sweeper.create(definition)
            agent = sweeper.agent(sweep)
            commands = [sweeper.beat(agent)[0]]
            for _ in range(9):
                sweeper.execute(commands[-1], sweep)
                commands += sweeper.beat(agent)
            tried.append((sweep["name"], commands))
            assert sweeper.sweep(sweep, "state runCount runCountExpected") == {
                "state": "RUNNING", "runCount": 10, "runCountExpected": None,
            }  # fmt: skip
    assert tried[0] == tried[1]
    assert len({command["args"]["x"]["value"] for command in tried[0][1]}) == 10


def test_ids_stay_unique_when_a_seed_comes_back(tmp_path: Path):
    names = []
    for _ in range(3):
        with open_application(tmp_path, entity="alice", seed=3) as application:
            sweeper = Sweeper(application, application.api_key)
            names.append(sweeper.create()["name"])
    assert len(set(names)) == 3


def test_values_that_are_no_numbers_in_json_reach_the_agent(sweeper: Sweeper):
    sweep = sweeper.create({"method": "grid", "parameters": {"x": {"values": [float("nan"), float("inf"), None]}}})
    (command,) = sweeper.beat(sweeper.agent(sweep))
    assert command["args"]["x"]["value"] != command["args"]["x"]["value"]


@pytest.mark.parametrize(
    ("goal", "key", "summaries", "best"),
    [
        ("minimize", "loss", [{"loss": 3.0}, {"loss": 1.5}, {"loss": 2}], 1.5),
        ("maximize", "loss", [{"loss": 3}, {"loss": 1.5}], 3),
        ("minimize", "loss", [{"loss": float("nan")}, {"loss": 4}, {"loss": float("-inf")}, {"loss": "NaN"}, {}], 4),
        ("maximize", "val.acc", [{"val": {"acc": 0.5}}, {"val": {"acc": 0.75}}], 0.75),
        ("maximize", "val/acc", [{"val/acc": 0.5}], 0.5),
        ("minimize", "loss", [{"loss": True}, {"loss": None}], None),
        ("minimize", "loss", [], None),
    ],
)
def test_the_best_loss_is_the_best_number(
    sweeper: Sweeper, goal: str, key: str, summaries: list[dict[str, Any]], best: float | None
):
    sweep = sweeper.create({**GRID, "metric": {"name": key, "goal": goal}})
    for number, summary in enumerate(summaries):
        sweeper.upsert(f"r{number}", sweep=sweep["name"], summaryMetrics=json.dumps(summary))
    sweeper.upsert("other", summaryMetrics=json.dumps({"loss": -100, "val": {"acc": 100}}))
    assert sweeper.sweep(sweep, "bestLoss runCount") == {"bestLoss": best, "runCount": len(summaries)}


def test_without_a_metric_there_is_no_best_loss(sweeper: Sweeper):
    sweep = sweeper.create()
    sweeper.upsert("r", sweep=sweep["name"], summaryMetrics='{"loss": 1}')
    assert sweeper.sweep(sweep, "bestLoss") == {"bestLoss": None}


def test_a_sweep_keeps_its_text_and_its_times(sweeper: Sweeper):
    text = "# mine\nmethod: grid\nparameters:\n  x: {values: [1, 2]}\ndescription: from the text\n"
    payload = sweeper.ask(UPSERT_SWEEP, input={"projectName": "p", "config": text, "displayName": "shown"})
    fields = "config displayName description method createdAt updatedAt heartbeatAt earlyStopJobRunning controller"
    read = sweeper.sweep(payload["upsertSweep"]["sweep"], f"{fields} scheduler controllerRunName")
    assert read["createdAt"] == read["updatedAt"]
    del read["createdAt"], read["updatedAt"]
    assert read == {
        "config": text, "displayName": "shown", "description": "from the text", "method": "grid",
        "heartbeatAt": None, "earlyStopJobRunning": False, "controller": None, "scheduler": None,
        "controllerRunName": None,
    }  # fmt: skip


def test_a_definition_can_be_changed_until_the_first_run(sweeper: Sweeper):
    sweep = sweeper.create()
    text = json.dumps({**GRID, "parameters": {"lr": {"values": [7]}}, "foo": 1})
    assert sweeper.change(sweep, config=text)["configValidationWarnings"] == ["`foo` is not known and is left aside."]
    assert sweeper.sweep(sweep, "config runCountExpected") == {"config": text, "runCountExpected": 1}
    (command,) = sweeper.beat(sweeper.agent(sweep))
    assert command["args"] == {"lr": {"value": 7}}
    assert sweeper.change(sweep, config=text, displayName="same")["sweep"]["name"] == sweep["name"]
    status, message = sweeper.refused(UPSERT_SWEEP, input={"id": sweep["id"], "config": json.dumps(GRID)})
    assert (status, message) == (
        409, f"The sweep {sweep['name']} has runs: its definition can no longer be changed."
    )  # fmt: skip


def test_prior_runs_count_as_tried(sweeper: Sweeper):
    sweeper.upsert("old", config='{"lr": {"value": 0.1}, "n": {"value": 5}}')
    sweeper.upsert("off", config='{"lr": {"value": 9}}')
    sweep = sweeper.create(priorRunsFilters='{"$or": [{"name": "old"}, {"name": "off"}]}')
    assert sweeper.work(sweeper.agent(sweep), sweep) == [{"lr": 0.2, "n": 5}]
    assert sweeper.sweep(sweep, "runCount runCountExpected") == {"runCount": 1, "runCountExpected": 2}
    prior = sweeper.sweep(sweep, "priorRuns { edges { node { name } } }")["priorRuns"]["edges"]
    assert [edge["node"]["name"] for edge in prior] == ["old", "off"]


def test_prior_runs_are_found_anew_when_the_definition_changes(sweeper: Sweeper):
    sweeper.upsert("old", config='{"lr": {"value": 0.2}, "n": {"value": 5}}')
    sweep = sweeper.create(priorRunsFilters='{"name": "old"}')
    sweeper.change(sweep, config=json.dumps({**GRID, "parameters": {"lr": {"values": [0.3, 0.2]}}}))
    assert sweeper.work(sweeper.agent(sweep), sweep) == [{"lr": 0.3}]


def test_a_filter_of_prior_runs_that_cannot_be_read_creates_no_sweep(sweeper: Sweeper):
    given = {"projectName": "p", "config": json.dumps(GRID), "priorRunsFilters": '{"$or": 1}'}
    assert sweeper.refused(UPSERT_SWEEP, input=given)[0] == 400
    sweeper.upsert()
    assert sweeper.ask('{ project(name: "p") { totalSweeps } }')["project"]["totalSweeps"] == 0


@pytest.mark.parametrize(
    ("method", "reason"), [("custom", "proposes no configs by the method 'custom'"), ("bayes", "needs a `metric`")]
)
def test_what_this_server_cannot_search_is_doubted_at_once_and_refused_to_agents(
    sweeper: Sweeper, method: str, reason: str
):
    sweep = sweeper.create({"method": method, "parameters": {"x": {"min": 0.0, "max": 1.0}}})
    assert reason in sweep["warnings"][0]
    status, message = sweeper.refused(CREATE_AGENT, input={"sweep": sweep["name"], "projectName": "p", "host": "h"})
    assert (status, reason in message) == (400, True)


def test_bayes_goes_by_what_the_runs_have_shown(sweeper: Sweeper):
    parameters = {"x": {"min": 0.0, "max": 1.0}, "n": {"value": 5}}
    definition = {"method": "bayes", "metric": {"name": "loss"}, "parameters": parameters, "run_cap": 30}
    sweep = sweeper.create(definition)
    agent = sweeper.agent(sweep)
    tried: list[float] = []
    while (commands := sweeper.beat(agent)) != EXIT:
        (command,) = commands
        assert command["args"]["n"] == {"value": 5}
        tried.append(command["args"]["x"]["value"])
        sweeper.execute(command, sweep, loss=abs(tried[-1] - 0.3))
    assert (len(tried), sweeper.state(sweep)) == (30, "FINISHED")
    early, late = tried[:10], tried[-10:]
    assert sum(abs(x - 0.3) for x in late) < sum(abs(x - 0.3) for x in early)


def test_runs_that_promise_nothing_are_stopped(sweeper: Sweeper):
    definition = {
        "method": "random", "metric": {"name": "val.acc", "goal": "maximize"},
        "parameters": {"x": {"min": 0.0, "max": 1.0}},
        "early_terminate": {"type": "hyperband", "min_iter": 2, "eta": 2},
    }  # fmt: skip
    sweep = sweeper.create(definition)
    assert sweep["warnings"] == []
    assert sweeper.sweep(sweep, "earlyStopJobRunning") == {"earlyStopJobRunning": True}
    agents = [sweeper.agent(sweep) for _ in range(3)]
    names = [sweeper.beat(agent)[0]["run_id"] for agent in agents]
    histories = ([0.5, 0.6, 0.6], [float("nan"), 0.1, 0.2], [0.9])
    for name, values in zip(names, histories, strict=True):
        sweeper.upsert(name, sweep=sweep["name"])
        sweeper.log([{"_step": step, "val": {"acc": value}} for step, value in enumerate(values)], name=name)
    # Of two runs at their bracket, the worse one is still among the best half.
    assert [sweeper.beat(agent, name) for agent, name in zip(agents, names, strict=True)] == [[], [], []]
    sweeper.log([{"_step": 1, "val": {"acc": 0.95}}], offset=1, name=names[2])
    stop = [{"type": "stop", "run_id": names[1]}]
    assert [sweeper.beat(agent, name) for agent, name in zip(agents, names, strict=True)] == [[], stop, []]


@pytest.mark.parametrize(("strict", "stopped"), [(None, True), (True, True), (False, False)])
def test_a_run_is_judged_by_its_value_at_the_bracket_or_else_by_its_best(
    sweeper: Sweeper, strict: bool | None, stopped: bool
):
    rule = {"type": "hyperband", "min_iter": 2, "eta": 2, **({} if strict is None else {"strict": strict})}
    metric = {"name": "acc", "goal": "maximize"}
    definition = {"method": "random", "metric": metric, "parameters": {"x": {"value": 1}}, "early_terminate": rule}
    sweep = sweeper.create(definition)
    agents = [sweeper.agent(sweep) for _ in range(3)]
    names = [sweeper.beat(agent)[0]["run_id"] for agent in agents]
    for name, values in zip(names, ([0.9, 0.1], [0.5, 0.5], [0.6, 0.6]), strict=True):
        sweeper.upsert(name, sweep=sweep["name"])
        sweeper.log([{"_step": step, "acc": value} for step, value in enumerate(values)], name=name)
    told = [sweeper.beat(agent, name) for agent, name in zip(agents, names, strict=True)]
    assert told == [[{"type": "stop", "run_id": names[0]}] if stopped else [], [], []]


def test_a_local_controller_plans_the_runs(sweeper: Sweeper):
    definition = {"method": "bayes", "parameters": {"x": {"min": 0.0, "max": 1.0}}, "controller": {"type": "local"}}
    sweep = sweeper.create(definition)
    agent = sweeper.agent(sweep)
    assert (sweep["warnings"], sweeper.beat(agent)) == ([], [])
    plan = {"schedule": [{"id": "s1", "data": {"args": {"x": {"value": 0.5}}}}]}
    for _ in range(2):  # an entry stays in the plan until the controller has seen its run
        sweeper.change(sweep, config=json.dumps(definition), controller=json.dumps(plan))
    read = sweeper.sweep(sweep, "controller scheduler heartbeatAt runs { edges { node { name state } } }")
    (run,) = [edge["node"] for edge in read["runs"]["edges"]]
    assert (json.loads(read["controller"]), run["state"], read["heartbeatAt"] is None) == (plan, "pending", False)
    assert json.loads(read["scheduler"]) == {"scheduled": [{"id": "s1", "runid": run["name"]}]}
    (command,) = sweeper.beat(agent)
    assert (command["run_id"], command["args"]) == (run["name"], {"x": {"value": 0.5}})
    sweeper.upsert(run["name"], sweep=sweep["name"])
    sweeper.stream(run["name"])
    sweeper.change(sweep, controller=json.dumps({"earlystop": [run["name"]]}))
    assert sweeper.beat(agent, run["name"]) == [{"type": "stop", "run_id": run["name"]}]
    sweeper.stream(run["name"], complete=True, exitcode=1)
    assert sweeper.beat(agent) == []
    sweeper.change(sweep, controller='{"schedule": [{"id": "s2", "data": {"args": null}}]}')
    assert [sweeper.state(sweep), sweeper.beat(agent)] == ["FINISHED", EXIT]


@pytest.mark.parametrize("plan", ["[]", "{", '{"schedule": 1}', '{"schedule": [{"data": {}}]}', '{"earlystop": [1]}'])
def test_a_plan_that_cannot_be_read_is_refused(sweeper: Sweeper, plan: str):
    sweep = sweeper.create()
    status, message = sweeper.refused(UPSERT_SWEEP, input={"id": sweep["id"], "controller": plan})
    assert (status, message.startswith("The plan of a controller cannot be read")) == (400, True)


def test_a_controller_sees_all_runs_at_once(sweeper: Sweeper):
    sweep = sweeper.create()
    for number in range(120):
        sweeper.upsert(f"r{number:03}", sweep=sweep["name"])
    assert list(sweeper.runs(sweep)) == [f"r{number:03}" for number in range(120)]
    page = sweeper.sweep(sweep, "runs(first: 2) { edges { node { name } } pageInfo { hasNextPage endCursor } }")["runs"]
    assert [edge["node"]["name"] for edge in page["edges"]] == ["r000", "r001"]
    after = page["pageInfo"]["endCursor"]
    page = sweeper.sweep(sweep, f'runs(first: 1, after: "{after}") {{ edges {{ node {{ name }} }} }}')["runs"]
    assert [edge["node"]["name"] for edge in page["edges"]] == ["r002"]


def test_what_the_sdk_asks_of_a_sweep_is_answered(sweeper: Sweeper):
    sweep = sweeper.create()
    sweeper.upsert("r", sweep=sweep["name"])
    sweeper.log([{"_step": 0, "loss": 2}], name="r")
    node = "name state config exitcode heartbeatAt shouldStop failed stopped running summaryMetrics"
    document = f"""query ($specs: [JSONString!]!) {{ project(name: "p") {{ sweep(sweepName: "{sweep["name"]}") {{
      runs {{ edges {{ node {{ {node} sampledHistory(specs: $specs) }} }} }} }} }} }}"""
    for specs in ("{}", '{"keys": ["_step", "loss"], "samples": 100000}'):
        (edge,) = sweeper.ask(document, specs=specs)["project"]["sweep"]["runs"]["edges"]
        assert (edge["node"]["name"], edge["node"]["running"]) == ("r", True)
    assert edge["node"]["sampledHistory"] == [[{"_step": 0, "loss": 2}]]


def test_sweeps_are_listed_newest_first_and_filtered(sweeper: Sweeper):
    names = [sweeper.create(displayName=f"n{number}")["name"] for number in range(3)]
    other = sweeper.create({"method": "random", "run_cap": 9, "parameters": {"x": {"value": 1}}})
    sweeper.change(other, state="PAUSED")
    document = """query ($filters: JSONString, $first: Int, $after: String) { project(name: "p") { totalSweeps
      sweeps(filters: $filters, first: $first, after: $after) {
        edges { cursor node { name } } pageInfo { endCursor hasNextPage } } } }"""

    def listed(**variables: Any) -> list[str]:
        project = sweeper.ask(document, **variables)["project"]
        assert project["totalSweeps"] == 4
        return [edge["node"]["name"] for edge in project["sweeps"]["edges"]]

    assert listed() == listed(filters="{}") == [other["name"], *reversed(names)]
    assert listed(filters='{"state": "PAUSED"}') == [other["name"]]
    assert listed(filters='{"method": "grid", "display_name": {"$ne": "n1"}}') == [names[2], names[0]]
    assert listed(filters='{"config.run_cap": {"$gt": 5}}') == [other["name"]]
    mine = json.dumps({"username": sweeper.application.entity})
    assert listed(filters=mine) == listed()
    assert listed(filters='{"username": "nobody"}') == []
    page = sweeper.ask(document, first=3)["project"]["sweeps"]
    assert page["pageInfo"]["hasNextPage"]
    assert listed(first=3, after=page["pageInfo"]["endCursor"]) == [names[0]]
    assert sweeper.refused(document, filters='{"nonsense": 1}')[0] == 400


def test_runs_are_found_by_their_sweep(sweeper: Sweeper):
    sweep = sweeper.create()
    tried = sweeper.work(sweeper.agent(sweep), sweep)
    sweeper.upsert("other")
    document = 'query ($filters: JSONString) { project(name: "p") { runCount(filters: $filters) } }'
    filters = json.dumps({"$and": [{"sweep": sweep["name"]}]})
    assert sweeper.ask(document, filters=filters)["project"]["runCount"] == len(tried) == 2


def test_an_agent_is_read_with_its_runs(sweeper: Sweeper):
    sweep = sweeper.create()
    sweeper.work(sweeper.agent(sweep, "gpu-1"), sweep)
    listed = sweeper.sweep(sweep, "agents { edges { node { id name host } } }")["agents"]["edges"][0]["node"]
    runs = 'runs(order: "-created_at", first: 1, after: null) { edges { cursor node { config } }'
    fields = f"id host state totalRuns createdAt heartbeatAt {runs} pageInfo {{ hasNextPage }} }}"
    agent = sweeper.sweep(sweep, f'agent(agentName: "{listed["name"]}") {{ {fields} }}')["agent"]
    assert (agent["id"], agent["host"], agent["state"], agent["totalRuns"]) == (listed["id"], "gpu-1", "FINISHED", 2)
    assert agent["heartbeatAt"] > agent["createdAt"]
    assert json.loads(agent["runs"]["edges"][0]["node"]["config"])["lr"] == {"value": 0.2}
    assert agent["runs"]["pageInfo"]["hasNextPage"]
    assert sweeper.sweep(sweep, 'agent(agentName: "nobody") { id }') == {"agent": None}


def test_what_does_not_exist_is_null_to_readers_and_404_to_agents(sweeper: Sweeper):
    sweep = sweeper.create()
    agent = sweeper.agent(sweep)
    assert sweeper.ask('{ project(name: "p") { sweep(sweepName: "none") { id } } }') == {"project": {"sweep": None}}
    given = {"sweep": "none", "projectName": "p", "host": "h"}
    assert sweeper.refused(CREATE_AGENT, input=given) == (404, "There is no sweep alice/p/none.")
    assert sweeper.refused(UPSERT_SWEEP, input={"id": agent, "state": "PAUSED"})[0] == 404
    with sweeper.application._store.write() as connection:
        connection.execute(tables.sweeps.delete())
    assert sweeper.refused(HEARTBEAT, id=agent)[0] == 404
    assert sweeper.refused(UPSERT_SWEEP, input={"id": sweep["id"], "state": "PAUSED"})[0] == 404


def test_a_sweep_without_a_definition_is_refused(sweeper: Sweeper):
    assert sweeper.refused(UPSERT_SWEEP, input={"projectName": "p"}) == (
        400, "A new sweep needs a definition: `config` is missing."
    )  # fmt: skip
    assert sweeper.refused(UPSERT_SWEEP, input={"projectName": "p", "config": "method: grid"})[0] == 400


def test_nobody_changes_a_sweep_without_a_key(sweeper: Sweeper):
    sweep = sweeper.create()
    agent = sweeper.agent(sweep)
    stranger = Sweeper(sweeper.application, None)
    assert stranger.refused(UPSERT_SWEEP, input={"id": sweep["id"], "state": "PAUSED"})[0] == 401
    assert stranger.refused(UPSERT_SWEEP, input={"projectName": "p", "config": json.dumps(GRID)})[0] == 401
    assert stranger.refused(HEARTBEAT, id=agent)[0] == 401


def test_agents_that_ask_at_once_try_each_point_once(sweeper: Sweeper):
    sweep = sweeper.create({"method": "grid", "parameters": {"x": {"min": 1, "max": 40}}})
    agents = [sweeper.agent(sweep, f"h{number}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        tried = [value["x"] for each in pool.map(lambda agent: sweeper.work(agent, sweep), agents) for value in each]
    assert sorted(tried) == list(range(1, 41))
    assert sweeper.sweep(sweep, "state runCount") == {"state": "FINISHED", "runCount": 40}


ENQUEUE = "mutation ($input: EnqueueSweepRunInput!) { enqueueSweepRun(input: $input) { id runQueueItemId } }"


def test_agents_execute_what_a_local_scheduler_adds_up_to_the_cap(sweeper: Sweeper):
    definition = {
        "method": "custom",
        "scheduler": {"engine": "optuna"},
        "run_cap": 2,
        "parameters": {"x": {"value": 1}},
    }
    sweep = sweeper.create(definition)
    agent = sweeper.agent(sweep)
    assert (sweep["warnings"], sweeper.beat(agent)) == ([], [])
    assert sweeper.sweep(sweep, "controllerRunName") == {"controllerRunName": f"controller-{sweep['name']}"}
    given = {"id": sweep["id"], "config": '{"x": {"value": 7}}', "displayName": "seven"}
    added = sweeper.ask(ENQUEUE, input=given)["enqueueSweepRun"]
    assert added["runQueueItemId"] is None
    assert sweeper.run("displayName state config", name=added["id"]) == {
        "displayName": "seven", "state": "pending", "config": given["config"].replace(" ", ""),
    }  # fmt: skip
    (command,) = sweeper.beat(agent)
    assert (command["run_id"], command["args"]) == (added["id"], {"x": {"value": 7}})
    sweeper.execute(command, sweep, loss=1)
    assert sweeper.beat(agent) == []
    # Schedulers add as many as they please, and end when the cap's number of runs have finished.
    for _ in range(2):
        sweeper.ask(ENQUEUE, input=given)
    sweeper.execute(sweeper.beat(agent)[0], sweep, loss=1)
    assert [sweeper.beat(agent), sweeper.state(sweep)] == [EXIT, "FINISHED"]
    assert [*sweeper.runs(sweep).values()] == ["finished", "finished", "killed"]
    assert "resume it before more runs are added" in sweeper.refused(ENQUEUE, input=given)[1]


def test_a_run_may_be_added_to_a_grid(sweeper: Sweeper):
    sweep = sweeper.create()
    assert sweeper.sweep(sweep, "controllerRunName") == {"controllerRunName": None}
    sweeper.ask(ENQUEUE, input={"id": sweep["id"], "config": '{"lr": {"value": 9}}'})
    assert sweeper.refused(ENQUEUE, input={"id": sweep["id"], "config": "[]"})[0] == 400
    tried = sweeper.work(sweeper.agent(sweep), sweep)
    assert tried == [{"lr": 9}, {"lr": 0.1, "n": 5}, {"lr": 0.2, "n": 5}]


def test_the_server_says_that_it_filters_sweeps(sweeper: Sweeper):
    features = sweeper.ask("{ serverInfo { features { name isEnabled } } }")["serverInfo"]["features"]
    assert {"name": "SWEEPS_QUERY_FILTERING", "isEnabled": True} in features
    assert {"name": "SWEEPS_LOCAL_SCHEDULER", "isEnabled": True} in features
