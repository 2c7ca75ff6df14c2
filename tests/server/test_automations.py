"""Automations and the addresses they use: kept, found, changed and deleted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.server.conftest import SDK, Caller
from wandql.server import people

if TYPE_CHECKING:
    from wandql.server import Application

ANN, BEN, CAT = "a" * 40, "b" * 40, "c" * 40
SELECTION = """trigger {
  id name description enabled createdAt updatedAt
  scope {
    __typename ... on Project { name } ... on ArtifactSequence { name } ... on ArtifactPortfolio { name }
    ... on Entity { name entityType }
  }
  triggeringCondition { eventType filter }
  triggeredAction {
    __typename
    ... on NoOpTriggeredAction { noOp }
    ... on GenericWebhookTriggeredAction { integration { name urlEndpoint } requestPayload }
    ... on QueueJobTriggeredAction { queue { name } template }
    ... on ARIATriggeredAction { prompt }
  }
}"""
LIST = """query ($entity: String!, $filters: JSONString, $order: String, $first: Int, $after: String) {
  entity(name: $entity) { triggers(filters: $filters, order: $order, first: $first, after: $after) {
    edges { node { name } } pageInfo { endCursor hasNextPage }
  } }
}"""


def _document(mutation: str, selection: str = SELECTION) -> str:
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    return f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} }} }}"


def _automation(scope: str, id_: str, name: str = "alarm", **values: Any) -> dict[str, Any]:
    return {
        "name": name, "enabled": True, "scopeType": scope, "scopeID": id_, "eventFilter": '{"state": "failed"}',
        "triggeringEventType": "RUN_STATE", "triggeredActionType": "NO_OP",
        "triggeredActionConfig": {"noOpActionInput": {"noOp": True}}, **values,
    }  # fmt: skip


def _make(caller: Caller, *place: str, **values: Any) -> dict[str, Any]:
    document = _document("createFilterTrigger")
    made: dict[str, Any] = caller.ask(document, input=_automation(*place, **values))["createFilterTrigger"]["trigger"]
    return made


def _names(caller: Caller, entity: str, **values: Any) -> list[str]:
    found = caller.ask(LIST, entity=entity, **values)["entity"]["triggers"]["edges"]
    return [edge["node"]["name"] for edge in found]


@pytest.fixture
def crew(application: Application) -> dict[str, Caller]:
    """Ann and Ben are in a team, where Ben may only view; Cat is in none."""
    with application._store.write() as connection:
        for name, key in (("ann", ANN), ("ben", BEN), ("cat", CAT)):
            people.add_key(connection, people.add_user(connection, name), key)
        people.add_team(connection, "crew", {"ann": "admin", "ben": "viewer"})
        people.add_organization(connection, "acme", {"ann": "admin"})
    return {name: Caller(application, key) for name, key in (("ann", ANN), ("ben", BEN), ("cat", CAT))}


@pytest.fixture
def project(crew: dict[str, Caller]) -> str:
    crew["ann"].upsert(entityName="crew")
    id_: str = crew["ann"].ask('{ project(name: "p", entityName: "crew") { id } }')["project"]["id"]
    return id_


@pytest.fixture
def webhook(crew: dict[str, Caller]) -> str:
    given = {"entityName": "crew", "name": "pager", "urlEndpoint": "https://example.com/hook", "secretRef": "S"}
    document = _document("createGenericWebhookIntegration", "integration { id }")
    id_: str = crew["ann"].ask(document, input=given)["createGenericWebhookIntegration"]["integration"]["id"]
    assert crew["ann"].refused(document, input=given)[0] == 409
    return id_


def test_an_automation_of_a_project_is_what_was_sent(crew: dict[str, Caller], project: str, webhook: str):
    action = {"genericWebhookActionInput": {"integrationID": webhook, "requestPayload": '{"run": "${run}"}'}}
    kind = {"triggeredActionType": "GENERIC_WEBHOOK", "triggeredActionConfig": action}
    made = _make(crew["ann"], "PROJECT", project, description="wakes us", **kind)
    assert made["createdAt"] == made["updatedAt"]
    assert {name: value for name, value in made.items() if name not in {"id", "createdAt", "updatedAt"}} == {
        "name": "alarm", "description": "wakes us", "enabled": True,
        "scope": {"__typename": "Project", "name": "p"},
        "triggeringCondition": {"eventType": "RUN_STATE", "filter": '{"state": "failed"}'},
        "triggeredAction": {
            "__typename": "GenericWebhookTriggeredAction",
            "integration": {"name": "pager", "urlEndpoint": "https://example.com/hook"},
            "requestPayload": '{"run": "${run}"}',
        },
    }  # fmt: skip
    found = crew["ben"].ask('{ project(name: "p", entityName: "crew") { triggers { id } } }')["project"]["triggers"]
    assert found == [{"id": made["id"]}]
    integrations = '{ entity(name: "crew") { integrations { edges { node { __typename } } } } }'
    assert crew["ben"].ask(integrations)["entity"]["integrations"]["edges"] == [
        {"node": {"__typename": "GenericWebhookIntegration"}}
    ]


def test_a_filter_of_what_happens_to_artifacts_comes_back_within_an_object(crew: dict[str, Caller], project: str):
    sent = '{"$or": [{"$and": [{"alias": "prod"}]}]}'
    made = _make(crew["ann"], "PROJECT", project, triggeringEventType="LINK_MODEL", eventFilter=sent)
    assert json.loads(made["triggeringCondition"]["filter"]) == {"filter": sent}


def test_an_automation_is_changed_in_what_is_named(crew: dict[str, Caller], project: str):
    made = _make(crew["ann"], "PROJECT", project)
    entity = crew["ann"].ask('{ entity(name: "crew") { id } }')["entity"]["id"]
    document = _document("updateFilterTrigger")
    plain = crew["ann"].ask(document, input={"id": made["id"], "enabled": False, "name": "quiet"})
    assert plain["updateFilterTrigger"]["trigger"] == {
        **made, "enabled": False, "name": "quiet", "updatedAt": plain["updateFilterTrigger"]["trigger"]["updatedAt"],
    }  # fmt: skip
    task = {"triggeredActionType": "ARIA", "triggeredActionConfig": {"ariaActionInput": {"prompt": "look"}}}
    moved = {"id": made["id"], "scopeType": "ENTITY", "scopeID": entity, **task}
    changed = crew["ann"].ask(document, input=moved)["updateFilterTrigger"]["trigger"]
    assert changed["scope"] == {"__typename": "Entity", "name": "crew", "entityType": "team"}
    assert changed["triggeredAction"] == {"__typename": "ARIATriggeredAction", "prompt": "look"}
    gone = _document("deleteTrigger", "success")
    assert crew["ann"].ask(gone, input={"triggerID": made["id"]}) == {"deleteTrigger": {"success": True}}
    assert crew["ann"].refused(gone, input={"triggerID": made["id"]})[0] == 404
    assert _names(crew["ann"], "crew") == []


def test_automations_are_filtered_ordered_and_paged(crew: dict[str, Caller], project: str):
    for name in ("a", "b", "c"):
        _make(crew["ann"], "PROJECT", project, name=name)
    assert _names(crew["ann"], "crew", order="-created_at") == ["c", "b", "a"]
    assert _names(crew["ann"], "crew", filters='{"name": "b"}') == ["b"]
    first = crew["ann"].ask(LIST, entity="crew", first=2)["entity"]["triggers"]["pageInfo"]
    assert first["hasNextPage"]
    assert _names(crew["ann"], "crew", first=2, after=first["endCursor"]) == ["c"]
    assert crew["ann"].refused(LIST, entity="crew", filters='{"color": 1}')[0] == 400
    document = "{ viewer { projects(first: 5) { edges { node { name triggers { name } } } } } }"
    walked = [edge["node"] for edge in crew["ann"].ask(document)["viewer"]["projects"]["edges"]]
    assert walked == [{"name": "p", "triggers": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}]


def test_an_organization_has_automations_of_its_own(crew: dict[str, Caller]):
    entity = crew["ann"].ask('{ organization(name: "acme") { orgEntity { id } } }')["organization"]["orgEntity"]["id"]
    _make(crew["ann"], "ENTITY", entity)
    document = '{ organization(name: "acme") { triggers { edges { node { name } } } } }'
    assert crew["ann"].ask(document)["organization"]["triggers"]["edges"] == [{"node": {"name": "alarm"}}]


def test_an_organizations_automation_uses_the_address_of_its_team(crew: dict[str, Caller], webhook: str):
    entity = crew["ann"].ask('{ organization(name: "acme") { orgEntity { id } } }')["organization"]["orgEntity"]["id"]
    action = {"genericWebhookActionInput": {"integrationID": webhook}}
    kind = {"triggeredActionType": "GENERIC_WEBHOOK", "triggeredActionConfig": action}
    assert _make(crew["ann"], "ENTITY", entity, **kind)["triggeredAction"]["integration"]["name"] == "pager"


def test_a_queue_that_is_deleted_leaves_the_automation(crew: dict[str, Caller], project: str):
    place = {"entityName": "crew", "projectName": "p", "queueName": "gpus", "access": "PROJECT"}
    queue = crew["ann"].ask(_document("createRunQueue", "queueID"), input=place)["createRunQueue"]["queueID"]
    job = {"queueJobActionInput": {"queueID": queue, "template": '{"job": "a"}'}}
    _make(crew["ann"], "PROJECT", project, triggeredActionType="QUEUE_JOB", triggeredActionConfig=job)
    document = """{ project(name: "p", entityName: "crew") {
        triggers { triggeredAction { ... on QueueJobTriggeredAction { queue { name } template } } } } }"""
    read = [{"triggeredAction": {"queue": {"name": "gpus"}, "template": '{"job": "a"}'}}]
    assert crew["ann"].ask(document)["project"]["triggers"] == read
    crew["ann"].ask(_document("deleteRunQueues", "success"), input={"queueIDs": [queue]})
    read[0]["triggeredAction"]["queue"] = None  # type: ignore[assignment]
    assert crew["ann"].ask(document)["project"]["triggers"] == read


@pytest.mark.parametrize(
    ("values", "status", "message"),
    [
        ({}, 409, "already"),
        ({"name": ""}, 400, "needs a name"),
        ({"name": "b", "eventFilter": "[]"}, 400, "not a JSON object"),
        ({"name": "b", "scopeID": "UHJvamVjdDo5OTk="}, 404, "no project"),
        ({"name": "b", "scopeType": "ENTITY"}, 404, "not the id of a Entity"),
        ({"name": "b", "triggeredActionType": "NOTIFICATION"}, 400, "no such service can be connected"),
        ({"name": "b", "triggeredActionType": "GENERIC_WEBHOOK"}, 400, "GENERIC_WEBHOOK"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    crew: dict[str, Caller], project: str, values: dict[str, Any], status: int, message: str
):
    _make(crew["ann"], "PROJECT", project)
    got, said = crew["ann"].refused(
        _document("createFilterTrigger"), input={**_automation("PROJECT", project), **values}
    )
    assert got == status
    assert message in said


def test_addresses_of_others_are_not_used(crew: dict[str, Caller], webhook: str):
    crew["cat"].upsert()
    project = crew["cat"].ask('{ project(name: "p") { id } }')["project"]["id"]
    action = {"genericWebhookActionInput": {"integrationID": webhook}}
    kind = {"triggeredActionType": "GENERIC_WEBHOOK", "triggeredActionConfig": action}
    document = _document("createFilterTrigger")
    assert crew["cat"].refused(document, input=_automation("PROJECT", project, **kind))[0] == 404


def test_who_may_only_view_changes_no_automation_and_strangers_find_none(crew: dict[str, Caller], project: str):
    made = _make(crew["ann"], "PROJECT", project)
    assert _names(crew["ben"], "crew") == ["alarm"]
    for name, status in (("ben", 403), ("cat", 404)):
        caller = crew[name]
        create = _automation("PROJECT", project, name="mine")
        assert caller.refused(_document("createFilterTrigger"), input=create)[0] == status
        change = {"id": made["id"], "enabled": False}
        assert caller.refused(_document("updateFilterTrigger"), input=change)[0] == status
        assert caller.refused(_document("deleteTrigger", "success"), input={"triggerID": made["id"]})[0] == status
    assert crew["cat"].ask(LIST, entity="crew") == {"entity": None}


SDK_SCRIPT = """
import json, wandb
from wandb.automations import ArtifactEvent, DoNothing, OnAddArtifactAlias, OnRunMetric, RunEvent, SendWebhook
from wandb.sdk.launch.api import LaunchApi
api = wandb.Api()
with wandb.init(project="p", id="unnamed") as run:
    run.log_artifact(wandb.Artifact("data", "dataset")).wait()
    name = run.name
project, collection = api.project("p"), api.artifact_collection("dataset", "alice/p/data")
hook = next(api.webhook_integrations("alice"))
above = OnRunMetric(scope=project, filter=RunEvent.metric("loss") > 5)
made = api.create_automation(above >> SendWebhook.from_integration(hook, payload={"a": 1}), name="one")
best = OnAddArtifactAlias(scope=collection, filter=ArtifactEvent.alias.eq("best"))
kept = api.create_automation(best >> DoNothing(), name="two").event.filter.filter == best.filter
again = api.create_automation(above >> DoNothing(), name="one", fetch_existing=True)
changed = api.update_automation(made, enabled=False, action=DoNothing())
found = sorted(each.name for each in api.automations("alice"))
walked = sorted(each.name for each in api.automations())
gone = api.delete_automation(made)

place = {"name": "gpus", "entity": "alice"}
variables = {"n": {"schema": {"type": "integer", "default": 4}}}
queue = api.create_run_queue(type="kubernetes", config={"cpus": "{{n}}"}, template_variables=variables, **place)
launch = LaunchApi()
spec = {"entity": "alice", "project": "p", "job": "j"}
item = launch.push_to_run_queue("gpus", spec, None, "model-registry")["runQueueItemId"]
agent = launch.create_launch_agent("alice", "model-registry", ["gpus"], {}, "1")["launchAgentId"]
popped = launch.pop_from_run_queue("gpus", "alice", "model-registry", agent)
launch.ack_run_queue_item(item, "unnamed")
queued = api.queued_run("alice", "p", "gpus", item, project_queue="model-registry")
print(json.dumps({
    "name": name, "read": api.run("alice/p/unnamed").name,
    "same": again.id == made.id, "kept": kept, "enabled": changed.enabled, "gone": gone,
    "found": found, "walked": walked,
    "left": [each.name for each in api.automations("alice")],
    "queue": [queue.type, queue.access, queue.default_resource_config, len(queue.items)],
    "popped": popped["runSpec"]["resource_args"], "state": queued.state,
    "chart": api.create_custom_chart(entity="alice", name="c", display_name="C", spec_type="vega2",
                                     access="private", spec={}),
}))
queue.delete()
"""


@pytest.mark.interop
def test_the_official_sdk_makes_automations_and_queues(sdk: SDK, networked: tuple[Application, str]):
    given = {"entityName": "alice", "name": "pager", "urlEndpoint": "https://example.com/hook"}
    document = _document("createGenericWebhookIntegration", "integration { id }")
    Caller(networked[0], sdk.key).ask(document, input=given)
    seen, config = json.loads(sdk.run(SDK_SCRIPT)), {"resource_args": {"kubernetes": {"cpus": "{{n}}"}}}
    assert seen.pop("name") == seen.pop("read")
    assert seen == {
        "same": True, "kept": True, "enabled": False, "found": ["one", "two"], "walked": ["one", "two"], "gone": True,
        "left": ["two"], "queue": ["kubernetes", "PROJECT", config, 1],
        "popped": {"kubernetes": {"cpus": 4}}, "state": "claimed", "chart": "alice/c",
    }  # fmt: skip
