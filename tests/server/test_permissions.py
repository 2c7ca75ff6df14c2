"""Who may change what: each mutation of the schema, sent by a member, a viewer, a stranger and nobody."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.server.artifact_writer import digest, manifest_of, md5
from tests.server.conftest import Caller
from wandql.server import people
from wandql.server.executor import load_schema

if TYPE_CHECKING:
    from wandql.server import Application

PLACE: Final = {"entityName": "crew", "projectName": "p"}
RUN: Final = {**PLACE, "runName": "run"}
QUEUE: Final = {**PLACE, "queueName": "q"}
COLLECTION: Final = {**PLACE, "artifactCollectionName": "data"}
SWEEP: Final = json.dumps({"method": "random", "parameters": {"x": {"values": [1, 2]}}})
MANIFEST: Final = manifest_of({})
ACTION: Final = {"noOpActionInput": {"noOp": True}}
REGISTRY: Final = {"entityName": "acme-org", "name": "wandb-registry-models", "access": "PRIVATE"}

# Each with what it needs of those before, as $name, and what it gives those after.
CHANGES: Final[list[tuple[str, dict[str, Any], str, dict[str, str]]]] = [
    ("upsertModel", {"entityName": "crew", "name": "p"}, "model { id }", {"project": "model.id"}),
    ("upsertModel", {"id": "$project", "description": "d"}, "model { id }", {}),
    ("upsertModel", {**REGISTRY, "allowAllArtifactTypesInRegistry": True}, "model { id }", {"registry": "model.id"}),
    ("upsertBucket", {"entityName": "crew", "modelName": "p", "name": "run"}, "bucket { id }", {"run": "bucket.id"}),
    ("upsertBucket", {"id": "$run", "notes": "n"}, "bucket { id }", {}),
    ("updateRunState", {"id": "$run", "state": "pending"}, "success", {}),
    ("stopRun", {"id": "$run"}, "success", {}),
    ("rewindRun", {**RUN, "metricName": "_step", "metricValue": 0}, "rewoundRun { id }", {}),
    ("notifyScriptableRunAlert", {**RUN, "title": "t", "text": "t"}, "success", {}),
    ("createRunFiles", {**RUN, "files": ["f"]}, "files { id }", {"file": "files.0.id"}),
    ("markRunFilesUploaded", {**RUN, "files": ["f"]}, "success", {}),
    ("upsertSweep", {**PLACE, "config": SWEEP}, "sweep { id name }", {"sweep": "sweep.id", "sweep_name": "sweep.name"}),
    ("upsertSweep", {"id": "$sweep", "state": "PAUSED"}, "sweep { id }", {}),
    ("createAgent", {**PLACE, "sweep": "$sweep_name", "host": "h"}, "agent { id }", {"agent": "agent.id"}),
    ("agentHeartbeat", {"id": "$agent"}, "commands", {}),
    ("enqueueSweepRun", {"id": "$sweep", "config": "{}"}, "id", {}),
    ("createArtifactType", {**PLACE, "name": "t"}, "artifactType { id }", {}),
    (
        "createArtifact",
        {**COLLECTION, "runName": "run", "artifactTypeName": "t", "digest": "$digest", "clientID": "client"},
        "artifact { id artifactSequence { id } }",
        {"version": "artifact.id", "sequence": "artifact.artifactSequence.id"},
    ),
    (
        "createArtifactManifest",
        {**RUN, "artifactID": "$version", "name": "m", "digest": ""},
        "artifactManifest { id }",
        {"manifest": "artifactManifest.id"},
    ),
    (
        "updateArtifactManifest",
        {"artifactManifestID": "$manifest", "digest": "$md5"},
        "artifactManifest { file { uploadUrl } }",
        {"upload": "artifactManifest.file.uploadUrl"},
    ),
    (
        "createArtifactFiles",
        {
            "artifactFiles": [
                {
                    "artifactID": "$version",
                    "name": "f",
                    "md5": "1B2M2Y8AsgTpgAmY7PhCfg==",
                    "uploadPartsInput": [{"partNumber": 1, "hexMD5": "d41d8cd98f00b204e9800998ecf8427e"}],
                }
            ]
        },
        "files { edges { node { storagePath uploadMultipartUrls { uploadID } } } }",
        {"part": "files.edges.0.node.uploadMultipartUrls.uploadID", "place": "files.edges.0.node.storagePath"},
    ),
    (
        "completeMultipartUploadArtifact",
        {
            "completeMultipartAction": "Abort",
            "completedParts": [],
            "artifactID": "$version",
            "storagePath": "$place",
            "uploadID": "$part",
        },
        "digest",
        {},
    ),
    ("commitArtifact", {"artifactID": "$version"}, "artifact { id }", {}),
    ("updateArtifact", {"artifactID": "$version", "description": "d"}, "artifact { id }", {}),
    ("useArtifact", {**RUN, "artifactID": "$version"}, "artifact { id }", {}),
    ("addAliases", {"artifactID": "$version", "aliases": [{**COLLECTION, "alias": "a"}]}, "success", {}),
    ("deleteAliases", {"artifactID": "$version", "aliases": [{**COLLECTION, "alias": "a"}]}, "success", {}),
    (
        "linkArtifact",
        {**PLACE, "artifactID": "$version", "artifactPortfolioName": "folio"},
        "artifactMembership { artifactCollection { id } }",
        {"portfolio": "artifactMembership.artifactCollection.id"},
    ),
    (
        "updateArtifactPortfolio",
        {"artifactPortfolioID": "$portfolio", "description": "d"},
        "artifactCollection { id }",
        {},
    ),
    ("unlinkArtifact", {"artifactID": "$version", "artifactPortfolioID": "$portfolio"}, "success", {}),
    (
        "updateArtifactSequence",
        {"artifactSequenceID": "$sequence", "description": "d"},
        "artifactCollection { id }",
        {},
    ),
    (
        "moveArtifactSequence",
        {"artifactSequenceID": "$sequence", "destinationArtifactTypeName": "other"},
        "artifactCollection { id }",
        {},
    ),
    ("createArtifactCollectionTagAssignments", {**COLLECTION, "tags": [{"tagName": "t"}]}, "tags { id }", {}),
    ("deleteArtifactCollectionTagAssignments", {**COLLECTION, "tags": [{"tagName": "t"}]}, "success", {}),
    ("upsertView", {**PLACE, "type": "runs", "spec": "{}"}, "view { id }", {"view": "view.id"}),
    ("upsertView", {"id": "$view", "displayName": "d"}, "view { id }", {}),
    (
        "createCustomChart",
        {"entity": "crew", "name": "c", "displayName": "c", "type": "vega2", "access": "PRIVATE", "spec": "{}"},
        "chart { id }",
        {},
    ),
    (
        "createDefaultResourceConfig",
        {"entityName": "crew", "resource": "local-process", "config": "{}"},
        "defaultResourceConfigID",
        {"config": "defaultResourceConfigID"},
    ),
    (
        "createRunQueue",
        {**QUEUE, "access": "PROJECT", "defaultResourceConfigID": "$config"},
        "queueID",
        {"queue": "queueID"},
    ),
    ("upsertRunQueue", {**QUEUE, "resourceType": "local-process", "resourceConfig": "{}"}, "success", {}),
    (
        "createLaunchAgent",
        {**PLACE, "runQueues": ["$queue"], "hostname": "h"},
        "launchAgentId",
        {"launcher": "launchAgentId"},
    ),
    ("updateLaunchAgent", {"launchAgentId": "$launcher", "agentStatus": "RUNNING"}, "success", {}),
    ("pushToRunQueue", {"queueID": "$queue", "runSpec": "{}"}, "runQueueItemId", {"item": "runQueueItemId"}),
    ("pushToRunQueueByName", {**QUEUE, "runSpec": "{}"}, "runQueueItemId", {}),
    ("popFromRunQueue", {**QUEUE}, "runQueueItemId", {}),
    ("updateRunQueueItemWarning", {"runQueueItemId": "$item", "message": "m", "stage": "s"}, "success", {}),
    ("ackRunQueueItem", {"runQueueItemId": "$item", "runName": "r"}, "success", {}),
    ("failRunQueueItem", {"runQueueItemId": "$item", "message": "m", "stage": "s"}, "success", {}),
    ("deleteFromRunQueue", {"queueID": "$queue", "runQueueItemId": "$item"}, "success", {}),
    (
        "createGenericWebhookIntegration",
        {"entityName": "crew", "name": "w", "urlEndpoint": "https://w.test"},
        "integration { __typename }",
        {},
    ),
    (
        "createFilterTrigger",
        {
            "scopeType": "PROJECT",
            "scopeID": "$project",
            "triggeringEventType": "RUN_STATE",
            "eventFilter": "{}",
            "triggeredActionType": "NO_OP",
            "triggeredActionConfig": ACTION,
            "name": "t",
            "enabled": True,
        },
        "trigger { id }",
        {"trigger": "trigger.id"},
    ),
    ("updateFilterTrigger", {"id": "$trigger", "description": "d"}, "trigger { id }", {}),
    ("deleteTrigger", {"triggerID": "$trigger"}, "success", {}),
    ("createInvite", {"entityName": "crew", "username": "dan"}, "invite { id }", {"dan": "invite.id"}),
    ("deleteInvite", {"entityName": "crew", "id": "$dan"}, "success", {}),
    ("createServiceAccount", {"entityName": "crew", "description": "d"}, "user { id }", {}),
    ("createProjectMembers", {"projectId": "$registry", "userIds": ["$user"]}, "success", {}),
    ("updateProjectMember", {"projectId": "$registry", "userId": "$user", "userProjectRole": "admin"}, "success", {}),
    ("createProjectMembers", {"projectId": "$registry", "teamIds": ["$team"]}, "success", {}),
    (
        "updateProjectTeamMember",
        {"projectId": "$registry", "teamId": "$team", "teamProjectRole": "admin"},
        "success",
        {},
    ),
    ("deleteProjectMembers", {"projectId": "$registry", "userIds": ["$user"], "teamIds": ["$team"]}, "success", {}),
    ("deleteRunQueues", {"queueIDs": ["$queue"]}, "success", {}),
    ("deleteView", {"id": "$view"}, "success", {}),
    ("deleteArtifact", {"artifactID": "$version", "deleteAliases": True}, "artifact { id }", {}),
    ("deleteArtifactPortfolio", {"artifactPortfolioID": "$portfolio"}, "artifactCollection { id }", {}),
    ("deleteArtifactSequence", {"artifactSequenceID": "$sequence"}, "artifactCollection { id }", {}),
    ("deleteFiles", {"files": ["$file"]}, "success", {}),
    ("deleteRun", {"id": "$run"}, "clientMutationId", {}),
    ("renameProject", {"entityName": "crew", "oldProjectName": "p", "newProjectName": "q"}, "inserted", {}),
    ("deleteModel", {"id": "$project"}, "success", {}),
    ("deleteModel", {"id": "$registry"}, "success", {}),
]

# These change what is the caller's own, or are for whoever administers the server.
OWN: Final = {"createTeam", "createUser", "generateApiKey", "deleteApiKey", "updateUser"}


@pytest.mark.sqlite
def test_whoever_may_not_write_is_refused_by_each_mutation_and_changes_nothing(application: Application):
    named = {name for name, *_ in CHANGES}
    kind = load_schema().mutation_type
    assert kind is not None
    assert named | OWN == set(kind.fields)
    (ann, ben, cat), known = _begin(application)
    nobody = Caller(application, None)
    database = sqlite3.connect(application.directory / "wandql.db")
    for name, values, selection, found in CHANGES:
        filled = _filled(values, known)
        document = _document(name, selection)
        before = _version(database)
        for caller, statuses in ((ben, {403}), (cat, {403, 404}), (nobody, {401})):
            status, message = caller.refused(document, input=filled)
            assert status in statuses, (name, caller.key, message)
        assert _version(database) == before, name
        _change(ann, name, filled, selection, found, known)
    database.close()


ROOTS: Final = """
  query ($version: ID!, $sequence: ID!, $view: ID!, $launcher: ID!) {
    users { edges { node { username } } }
    entity(name: "crew") { id }
    project(entityName: "crew", name: "p") { id }
    model(entityName: "crew", name: "p") { id }
    models(entityName: "crew") { edges { node { id } } }
    artifact(id: $version) { id }
    artifactCollection(id: $sequence) { id }
    clientIDMapping(clientID: "client") { serverID }
    view(id: $view) { id }
    organization(name: "acme") { id }
    launchAgent(id: $launcher) { id }
  }
"""


def test_a_stranger_finds_nothing_by_any_name_or_id(application: Application):
    roots = load_schema().query_type
    assert roots is not None
    assert all(f" {name}" in ROOTS for name in set(roots.fields) - {"viewer", "serverInfo"})
    (ann, _, cat), known = _begin(application)
    for name, values, selection, found in CHANGES:
        if name == "deleteTrigger":
            break
        _change(ann, name, _filled(values, known), selection, found, known)
    ids = {name: known[name] for name in ("version", "sequence", "view", "launcher")}
    assert None not in ann.ask(ROOTS, **ids).values()
    seen = cat.ask(ROOTS, **ids)
    assert seen.pop("users") == {"edges": [{"node": {"username": "cat"}}]}
    assert set(seen.values()) == {None}
    for target in ("/artifactsV2/default/crew/x/y", "/storage/x/y", "/files/crew/p/run/f"):
        assert cat.send("GET", target).status in {403, 404}


def _begin(application: Application) -> tuple[tuple[Caller, Caller, Caller], dict[str, str]]:
    """Let there be Ann, who administers a team, Ben, who may view it, and Cat; return them, and what is known."""
    keys = {name: letter * 40 for name, letter in (("ann", "a"), ("ben", "b"), ("cat", "c"), ("dan", "d"))}
    with application._store.write() as connection:
        for name, key in keys.items():
            people.add_key(connection, people.add_user(connection, name), key)
        people.add_team(connection, "crew", {"ann": "admin", "ben": "viewer"})
        people.add_team(connection, "others", {"ann": "admin"})
        people.add_organization(connection, "acme", {"ann": "admin", "ben": "viewer", "dan": "viewer"})
    ann, ben, cat, dan = (Caller(application, key) for key in keys.values())
    known = {
        "md5": md5(MANIFEST),
        "digest": digest({}),
        "user": dan.ask("{ viewer { id } }")["viewer"]["id"],
        "team": ann.ask('{ entity(name: "others") { id } }')["entity"]["id"],
    }
    return (ann, ben, cat), known


def _change(ann: Caller, name: str, filled: Any, selection: str, found: dict[str, str], known: dict[str, str]) -> None:
    status, reply = ann.post(_document(name, selection), input=filled)
    assert status == 200, reply
    known |= {alias: _at(reply["data"][name], path) for alias, path in found.items()}
    if name == "updateArtifactManifest":
        assert ann.send("PUT", known["upload"].removeprefix("http://server.test"), MANIFEST).status == 200


def _version(database: sqlite3.Connection) -> int:
    """Return a number that another connection's commit changes."""
    version: int = database.execute("PRAGMA data_version").fetchone()[0]
    return version


def _document(mutation: str, selection: str) -> str:
    kind = mutation[0].upper() + mutation[1:]
    return f"mutation ($input: {kind}Input!) {{ {mutation}(input: $input) {{ {selection} }} }}"


def _filled(value: Any, known: dict[str, str]) -> Any:
    match value:
        case dict():
            return {name: _filled(item, known) for name, item in value.items()}
        case list():
            return [_filled(item, known) for item in value]
        case str() if value.startswith("$"):
            return known[value[1:]]
        case _:
            return value


def _at(answer: Any, path: str) -> str:
    for step in path.split("."):
        answer = answer[int(step) if step.isdigit() else step]
    return answer
