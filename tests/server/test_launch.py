"""Queues of runs to start: made, filled, and emptied by agents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.server.conftest import Caller
from wandql.server import people, tables

if TYPE_CHECKING:
    from wandql.server import Application

BEN, CAT = "b" * 40, "c" * 40
PLACE = {"entityName": "alice", "projectName": "model-registry"}
CONFIG = {"resource_args": {"kubernetes": {"cpus": "{{cpus}}", "name": "job-{{ who }}", "gpus": [0, True, "{{rest}}"]}}}
VARIABLES = {
    "cpus": {"schema": {"type": "integer", "default": 2, "minimum": 1, "maximum": 8}},
    "who": {"schema": {"type": "string", "enum": ["a", "b", "me"]}},
}
READ = """query ($queue: String!) { project(entityName: "alice", name: "model-registry") { runQueue(name: $queue) {
    id name access createdBy prioritizationMode defaultResourceConfigID externalLinks
    runQueueItems(first: 10) { edges { node { id state associatedRunId } } }
} } }"""


def _change(caller: Caller, mutation: str, selection: str, **values: Any) -> Any:
    return caller.ask(_document(mutation, selection), input=values)[mutation]


def _document(mutation: str, selection: str) -> str:
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    return f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} }} }}"


def _make(caller: Caller, name: str, **values: Any) -> dict[str, Any]:
    given = {
        "resourceType": "kubernetes", "resourceConfig": json.dumps(CONFIG), "templateVariables": json.dumps(VARIABLES),
        "prioritizationMode": "V0", **values,
    }  # fmt: skip
    assert _change(caller, "upsertRunQueue", "success", **PLACE, queueName=name, **given) == {"success": True}
    return _read(caller, name)


def _read(caller: Caller, name: str) -> dict[str, Any]:
    return caller.ask(READ, queue=name)["project"]["runQueue"]


def _push(caller: Caller, name: str, spec: dict[str, Any], priority: int | None = None, **values: Any) -> str:
    given = {"runSpec": json.dumps(spec), "priority": priority, "templateVariableValues": json.dumps(values)}
    return _change(caller, "pushToRunQueueByName", "runQueueItemId", **PLACE, queueName=name, **given)["runQueueItemId"]


def _pop(caller: Caller, name: str, **values: Any) -> dict[str, Any] | None:
    return _change(caller, "popFromRunQueue", "runQueueItemId runSpec", **PLACE, queueName=name, **values)


@pytest.fixture
def crew(application: Application) -> dict[str, Caller]:
    """Ben may only view what is Alice's; Cat has nothing to do with it."""
    with application._store.write() as connection:
        for name, key in (("ben", BEN), ("cat", CAT)):
            people.add_key(connection, people.add_user(connection, name), key)
        alice = connection.execute(select(tables.entities.c.key).where(tables.entities.c.name == "alice")).scalar_one()
        people.add_members(connection, alice, {"ben": "viewer"})
    return {name: Caller(application, key) for name, key in (("ben", BEN), ("cat", CAT))}


def test_a_queue_is_made_with_the_config_of_its_machines_and_changed(caller: Caller):
    links = {"links": [{"label": "wiki", "url": "https://example.com"}]}
    made = _make(caller, "gpus", externalLinks=json.dumps(links))
    document = """query ($id: ID!) { entity(name: "alice") { defaultResourceConfig(id: $id) {
        resource config templateVariables { name schema } } } }"""
    config = caller.ask(document, id=made["defaultResourceConfigID"])["entity"]["defaultResourceConfig"]
    assert (made["access"], made["prioritizationMode"], made["externalLinks"]) == ("PROJECT", "V0", links)
    assert (config["resource"], config["config"]) == ("kubernetes", CONFIG)
    assert {each["name"]: json.loads(each["schema"]) for each in config["templateVariables"]} == {
        name: variable["schema"] for name, variable in VARIABLES.items()
    }
    changed = _make(caller, "gpus", prioritizationMode="DISABLED", resourceType="local-process")
    assert (changed["id"], changed["prioritizationMode"], changed["externalLinks"]) == (made["id"], "DISABLED", links)
    assert caller.ask(document, id=made["defaultResourceConfigID"])["entity"]["defaultResourceConfig"] is None
    queues = caller.ask('{ project(name: "model-registry") { runQueues { name } } }')["project"]["runQueues"]
    assert queues == [{"name": "gpus"}]


def test_a_queue_is_made_once_and_deleted_with_what_is_in_it(caller: Caller):
    config = _change(
        caller, "createDefaultResourceConfig", "success defaultResourceConfigID",
        entityName="alice", resource="local-container", config="{}",
    )  # fmt: skip
    given = {**PLACE, "queueName": "plain", "access": "PROJECT"}
    of_config = {"defaultResourceConfigID": config["defaultResourceConfigID"]}
    made = _change(caller, "createRunQueue", "success queueID", **given, **of_config)
    assert made == {"success": True, "queueID": _read(caller, "plain")["id"]}
    create = _document("createRunQueue", "queueID")
    assert caller.refused(create, input=given)[0] == 409
    strange = {**given, "queueName": "other", "defaultResourceConfigID": "RGVmYXVsdFJlc291cmNlQ29uZmlnOjk5"}
    assert caller.refused(create, input=strange)[0] == 404
    _push(caller, "plain", {"job": "a"})
    assert _change(caller, "deleteRunQueues", "success", queueIDs=[made["queueID"]]) == {"success": True}
    assert _read(caller, "plain") is None
    assert caller.refused(_document("deleteRunQueues", "success"), input={"queueIDs": [made["queueID"]]})[0] == 404


def test_an_agent_takes_the_most_urgent_run_first_and_tells_what_becomes_of_it(caller: Caller):
    queue = _make(caller, "gpus")
    agent = _change(caller, "createLaunchAgent", "launchAgentId", **PLACE, runQueues=[queue["id"]], hostname="host")
    usual, urgent = _push(caller, "gpus", {"job": "usual"}, who="a"), _push(caller, "gpus", {"job": "now"}, 0, who="b")
    taken = _pop(caller, "gpus", launchAgentId=agent["launchAgentId"])
    assert taken == {
        "runQueueItemId": urgent,
        "runSpec": {
            "job": "now", "resource": "kubernetes",
            "resource_args": {"kubernetes": {"cpus": 2, "name": "job-b", "gpus": [0, True, "{{rest}}"]}},
        },
    }  # fmt: skip
    started = {"runQueueItemId": urgent, "runName": "r1"}
    assert [_change(caller, "ackRunQueueItem", "success", **started)["success"] for _ in range(2)] == [True, False]
    assert _pop(caller, "gpus")["runQueueItemId"] == usual
    trouble = {"runQueueItemId": usual, "message": "no such image", "stage": "build", "filePaths": ["log.txt"]}
    assert _change(caller, "updateRunQueueItemWarning", "success", **trouble) == {"success": True}
    assert _change(caller, "failRunQueueItem", "success", **trouble) == {"success": True}
    assert _pop(caller, "gpus") is None
    assert [edge["node"] for edge in _read(caller, "gpus")["runQueueItems"]["edges"]] == [
        {"id": usual, "state": "FAILED", "associatedRunId": None},
        {"id": urgent, "state": "CLAIMED", "associatedRunId": "r1"},
    ]
    one = """query ($id: ID!) {
        project(name: "model-registry") { runQueue(name: "gpus") { runQueueItem(id: $id) { id } } } }"""
    assert caller.ask(one, id=usual)["project"]["runQueue"] == {"runQueueItem": {"id": usual}}
    assert caller.ask(one, id="17")["project"]["runQueue"] == {"runQueueItem": None}
    gone = {"queueID": queue["id"], "runQueueItemId": usual}
    assert _change(caller, "deleteFromRunQueue", "success", **gone) == {"success": True}
    assert len(_read(caller, "gpus")["runQueueItems"]["edges"]) == 1


def test_a_run_may_be_added_by_the_id_of_the_queue_and_has_its_own_wishes(caller: Caller):
    queue = _make(caller, "gpus")
    spec = {"job": "a", "resource_args": {"kubernetes": {"cpus": 64}}}
    given = {"queueID": queue["id"], "runSpec": json.dumps(spec), "templateVariableValues": '{"who": "me"}'}
    _change(caller, "pushToRunQueue", "runQueueItemId", **given)
    assert _pop(caller, "gpus")["runSpec"] == {**spec, "resource": "kubernetes"}


@pytest.mark.parametrize(
    ("values", "status", "message"),
    [
        ({"templateVariableValues": "{}"}, 400, "needs values of its template variables who"),
        ({"templateVariableValues": '{"who": "a", "x": 1}'}, 400, "no template variables x"),
        ({"templateVariableValues": '{"who": 5}'}, 400, "who cannot be 5: it must be of the type string"),
        ({"templateVariableValues": '{"who": "z"}'}, 400, 'it must be one of ["a","b","me"]'),
        ({"templateVariableValues": '{"who": "a", "cpus": true}'}, 400, "of the type integer"),
        ({"templateVariableValues": '{"who": "a", "cpus": 0}'}, 400, "at least 1"),
        ({"templateVariableValues": '{"who": "a", "cpus": 9}'}, 400, "at most 8"),
        ({"runSpec": "[]"}, 400, "not a JSON object"),
        ({"queueName": "other"}, 404, "no queue 'other'"),
        ({"entityName": "nobody"}, 403, "permission denied"),
    ],
)
def test_what_cannot_wait_in_a_queue_is_refused(caller: Caller, values: dict[str, Any], status: int, message: str):
    _make(caller, "gpus")
    given = {**PLACE, "queueName": "gpus", "runSpec": "{}", "templateVariableValues": '{"who": "a"}', **values}
    got, said = caller.refused(_document("pushToRunQueueByName", "runQueueItemId"), input=given)
    assert got == status
    assert message in said


def test_a_queue_without_prioritization_heeds_no_priority(caller: Caller):
    """Schedulers of the official SDK give one with each run."""
    _make(caller, "plain", prioritizationMode=None)
    first, urgent = _push(caller, "plain", {}, 2, who="a"), _push(caller, "plain", {}, 0, who="b")
    assert [_pop(caller, "plain")["runQueueItemId"] for _ in range(2)] == [first, urgent]


def test_agents_tell_what_they_do(caller: Caller):
    queue = _make(caller, "gpus")
    given = {**PLACE, "runQueues": [queue["id"]], "hostname": "host", "agentConfig": "{}", "version": "0.31.0"}
    id_ = _change(caller, "createLaunchAgent", "launchAgentId", **given)["launchAgentId"]
    assert _change(caller, "updateLaunchAgent", "success", launchAgentId=id_, agentStatus="RUNNING") == {
        "success": True
    }
    read = "query ($id: ID!) { launchAgent(id: $id) { id name runQueues hostname agentStatus stopPolling } }"
    assert caller.ask(read, id=id_)["launchAgent"] == {
        "id": id_, "name": "host-1", "runQueues": [queue["id"]], "hostname": "host", "agentStatus": "RUNNING",
        "stopPolling": False,
    }  # fmt: skip
    elsewhere = {**given, "projectName": "p"}
    caller.upsert()
    assert caller.refused(_document("createLaunchAgent", "launchAgentId"), input=elsewhere)[0] == 404


def test_who_may_only_view_changes_no_queue_and_strangers_find_none(caller: Caller, crew: dict[str, Caller]):
    queue = _make(caller, "gpus")
    item = _push(caller, "gpus", {}, who="a")
    given = {**PLACE, "queueName": "own", "access": "USER"}
    _change(caller, "createRunQueue", "success", **given)
    assert _read(crew["ben"], "gpus")["id"] == queue["id"]
    assert _read(crew["ben"], "own") is None
    changes = [
        ("deleteRunQueues", "success", {"queueIDs": [queue["id"]]}),
        ("failRunQueueItem", "success", {"runQueueItemId": item, "message": "", "stage": ""}),
        ("popFromRunQueue", "runQueueItemId", {**PLACE, "queueName": "gpus"}),
    ]
    for mutation, selection, values in changes:
        assert crew["ben"].refused(_document(mutation, selection), input=values)[0] == 403
        assert crew["cat"].refused(_document(mutation, selection), input=values)[0] in {403, 404}
    assert crew["cat"].ask(READ, queue="gpus")["project"] is None
