"""Users, teams, organizations: added beside a running server, and what each may see and do."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.server.conftest import UPSERT, Caller
from wandql.errors import UsageError
from wandql.server import people

if TYPE_CHECKING:
    from collections.abc import Callable

    from wandql.server import Application

    Command = Callable[..., subprocess.CompletedProcess[str]]

ANN = "gw0-" + "a" * 41
BEN = "b" * 40
CAT = "c" * 40


@pytest.fixture
def command(application: Application) -> Command:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        code = "from wandql.cli import main\nmain()"
        command = [sys.executable, "-c", code, *arguments, "--data", str(application.directory)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    return run


@pytest.fixture
def crew(application: Application) -> dict[str, Caller]:
    """Ann and Ben are in a team, where Ben may only view; Cat is in none."""
    with application._store.write() as connection:
        for name, key in (("ann", ANN), ("ben", BEN), ("cat", CAT)):
            people.add_key(connection, people.add_user(connection, name), key)
        people.add_team(connection, "crew", {"ann": "admin", "ben": "viewer"})
        people.add_organization(connection, "acme", {"ann": "admin", "ben": "member"})
    return {name: Caller(application, key) for name, key in (("ann", ANN), ("ben", BEN), ("cat", CAT))}


@pytest.mark.sqlite
def test_users_teams_and_organizations_are_added_while_the_server_runs(application: Application, command: Command):
    assert command("users", "add", "ann", "--api-key", ANN, "--admin").stdout == "wandql user=ann\n"
    made = re.fullmatch(r"wandql user=ben key=([0-9a-f]{40})\n", command("users", "add", "ben").stdout)
    assert made
    assert command("teams", "add", "crew", "--member", "ann:ADMIN", "--member", "ben").returncode == 0
    assert command("orgs", "add", "acme", "--member", "ann:admin").returncode == 0
    ann, ben = Caller(application, ANN), Caller(application, made[1])
    assert ann.ask("{ viewer { username admin entity teams { edges { node { name } } } } }")["viewer"] == {
        "username": "ann", "admin": True, "entity": "ann",
        "teams": {"edges": [{"node": {"name": "ann"}}, {"node": {"name": "crew"}}]},
    }  # fmt: skip
    assert ben.upsert(entityName="crew")["inserted"]
    assert ann.ask('{ project(name: "p", entityName: "crew") { runCount } }')["project"]["runCount"] == 1
    assert ann.ask('{ entity(name: "crew") { organization { name } } }')["entity"]["organization"] == {"name": "acme"}


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["users", "add", "a/b"], "cannot name a user"),
        (["users", "add", "ann", "--api-key", "short"], "at least 8 characters"),
        (["teams", "add", "crew", "--member", "nobody"], "There is no user 'nobody'"),
        (["teams", "add", "crew", "--member", "alice:king"], "There is no role 'king'"),
        (["teams", "add", "alice"], "is not a team"),
        (["teams", "add", "crew", "--org", "acme"], "There is no organization 'acme'"),
        (["orgs", "add", "a:b"], "cannot name an organization"),
    ],
)
def test_what_cannot_be_added_is_one_line_and_changes_nothing(
    application: Application, command: Command, arguments: list[str], message: str
):
    result = command(*arguments)
    assert (result.returncode, result.stdout) == (1, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    with sqlite3.connect(application.directory / "wandql.db") as database:
        assert [database.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("users", "entities")] == [
            (1,),
            (1,),
        ]


def test_adding_again_adds_keys_and_members_and_changes_roles(application: Application):
    with application._store.write() as connection:
        user = people.add_user(connection, "ann")
        assert people.add_user(connection, "ann", admin=True) == user
        people.add_key(connection, user, ANN)
        people.add_key(connection, user, ANN)
        people.add_key(connection, user, BEN)
        with pytest.raises(UsageError, match="another user"):
            people.add_key(connection, people.add_user(connection, "cat"), BEN)
        people.add_team(connection, "crew", {"ann": "viewer"})
        people.add_team(connection, "crew", {"ann": "member", "cat": "member"})
    assert Caller(application, ANN).ask("{ viewer { admin apiKeys { edges { node { id } } } } }")["viewer"] == {
        "admin": True,
        "apiKeys": {"edges": [{"node": {"id": "QXBpS2V5OjI="}}, {"node": {"id": "QXBpS2V5OjM="}}]},
    }
    assert Caller(application, BEN).upsert(entityName="crew")["inserted"]


def test_no_key_is_kept_in_the_data_directory_but_the_owners(application: Application, crew: dict[str, Caller]):
    assert crew["ann"].ask("{ viewer { id } }")["viewer"]
    kept = b"".join(path.read_bytes() for path in application.directory.rglob("*") if path.is_file())
    assert not [key for key in (ANN, BEN, CAT) if key.encode() in kept]


WRITES = {
    "upsertBucket": ({"name": "run", "modelName": "p", "entityName": "crew", "notes": "x"}, "bucket { id }"),
    "upsertBucket by id": ({"id": "$run", "notes": "x"}, "bucket { id }"),
    "upsertModel": ({"name": "p", "entityName": "crew", "description": "x"}, "model { id }"),
    "renameProject": ({"entityName": "crew", "oldProjectName": "p", "newProjectName": "q"}, "inserted"),
    "deleteModel": ({"id": "$project"}, "success"),
    "createProjectMembers": ({"projectId": "$project", "userIds": []}, "success"),
    "deleteRun": ({"id": "$run"}, "clientMutationId"),
    "stopRun": ({"id": "$run"}, "success"),
    "updateRunState": ({"id": "$run", "state": "failed"}, "success"),
    "createRunFiles": (
        {"entityName": "crew", "projectName": "p", "runName": "run", "files": ["a"]}, "files { uploadUrl }",
    ),
    "deleteFiles": ({"files": ["$file"]}, "success"),
    "upsertSweep": ({"entityName": "crew", "projectName": "p", "config": "{}"}, "sweep { id }"),
    "upsertSweep by id": ({"id": "$sweep", "description": "x"}, "sweep { id }"),
    "createAgent": ({"entityName": "crew", "projectName": "p", "sweep": "$sweep_name", "host": "h"}, "agent { id }"),
    "agentHeartbeat": ({"id": "$agent"}, "commands"),
    "createArtifact": (
        {
            "entityName": "crew", "projectName": "p", "artifactTypeName": "t", "artifactCollectionName": "c",
            "digest": "d",
        },
        "artifact { id }",
    ),
    "updateArtifact": ({"artifactID": "$artifact", "description": "x"}, "artifact { id }"),
    "deleteArtifact": ({"artifactID": "$artifact", "deleteAliases": True}, "artifact { id }"),
    "commitArtifact": ({"artifactID": "$artifact"}, "artifact { id }"),
    "updateArtifactSequence": ({"artifactSequenceID": "$sequence", "description": "x"}, "artifactCollection { id }"),
    "deleteArtifactSequence": ({"artifactSequenceID": "$sequence"}, "artifactCollection { id }"),
    "addAliases": (
        {
            "artifactID": "$artifact",
            "aliases": [
                {"alias": "a", "entityName": "crew", "projectName": "p", "artifactCollectionName": "data"}
            ],
        },
        "success",
    ),
    "createArtifactCollectionTagAssignments": (
        {"entityName": "crew", "projectName": "p", "artifactCollectionName": "data", "tags": [{"tagName": "t"}]},
        "tags { id }",
    ),
}  # fmt: skip


@pytest.fixture
def belongings(crew: dict[str, Caller]) -> dict[str, str]:
    """What the team has: the ids of a run, a file, a sweep, an agent, an artifact."""
    ann = crew["ann"]
    run = ann.upsert(entityName="crew", summaryMetrics='{"loss": 1}')["bucket"]["id"]
    files = {"entityName": "crew", "projectName": "p", "runName": "run", "files": ["a"]}
    upload = _write(ann, "createRunFiles", files, "files { id uploadUrl }")["files"][0]
    target = upload["uploadUrl"].removeprefix("http://server.test")
    assert ann.send("PUT", target, b"content").status == 200
    definition = json.dumps({"method": "random", "parameters": {"x": {"values": [1, 2]}}})
    sweep = _write(
        ann, "upsertSweep", {"entityName": "crew", "projectName": "p", "config": definition}, "sweep { id name }"
    )["sweep"]
    place = {"entityName": "crew", "projectName": "p"}
    agent = _write(ann, "createAgent", {**place, "sweep": sweep["name"], "host": "h"}, "agent { id }")["agent"]["id"]
    artifact = _write(
        ann,
        "createArtifact",
        {**place, "artifactTypeName": "dataset", "artifactCollectionName": "data", "digest": "d"},
        "artifact { id artifactSequence { id } }",
    )["artifact"]
    project = ann.ask('{ project(name: "p", entityName: "crew") { id } }')["project"]["id"]
    return {
        "$project": project,
        "$run": run, "$file": upload["id"], "$sweep": sweep["id"], "$sweep_name": sweep["name"], "$agent": agent,
        "$artifact": artifact["id"], "$sequence": artifact["artifactSequence"]["id"],
    }  # fmt: skip


def _write(caller: Caller, mutation: str, values: dict[str, object], selection: str) -> dict[str, object]:
    return caller.ask(_document(mutation, selection), input=values)[mutation]


def _document(mutation: str, selection: str) -> str:
    kind = mutation[0].upper() + mutation[1:]
    return f"mutation ($input: {kind}Input!) {{ {mutation}(input: $input) {{ {selection} }} }}"


def _filled(value: object, ids: dict[str, str]) -> object:
    match value:
        case dict():
            return {name: _filled(item, ids) for name, item in value.items()}
        case list():
            return [_filled(item, ids) for item in value]
        case str():
            return ids.get(value, value)
        case _:
            return value


@pytest.mark.sqlite
@pytest.mark.parametrize(("who", "statuses"), [("ben", {403}), ("cat", {403, 404})])
@pytest.mark.parametrize("write", WRITES)
def test_neither_a_viewer_nor_a_stranger_changes_anything(
    application: Application, crew: dict[str, Caller], belongings: dict[str, str], write: str, who: str,
    statuses: set[int],
):  # fmt: skip
    values, selection = WRITES[write]
    before = _dump(application)
    mutation = write.partition(" ")[0]
    status, message = crew[who].refused(_document(mutation, selection), input=_filled(values, belongings))
    assert status in statuses, message
    assert _dump(application) == before
    if who == "ben":
        assert "permission denied" in message


def _dump(application: Application) -> list[str]:
    with sqlite3.connect(application.directory / "wandql.db") as database:
        return list(database.iterdump())


@pytest.mark.parametrize(("who", "status"), [("ben", 403), ("cat", 403)])
@pytest.mark.usefixtures("belongings")
def test_neither_a_viewer_nor_a_stranger_reports_for_a_run(crew: dict[str, Caller], who: str, status: int):
    response = crew[who].send("POST", "/files/crew/p/run/file_stream", b'{"complete": true}')
    assert response.status == status
    reply = crew["ann"].ask('{ project(name: "p", entityName: "crew") { run(name: "run") { state readOnly } } }')
    assert reply["project"]["run"] == {"state": "running", "readOnly": False}


def test_a_viewer_sees_what_a_stranger_does_not(crew: dict[str, Caller], belongings: dict[str, str]):
    document = """
      query ($artifact: ID!, $sequence: ID!) {
        project(name: "p", entityName: "crew") {
          readOnly
          run(name: "run") { readOnly files { edges { node { url } } } }
        }
        entity(name: "crew") { readOnly members { username role } organization { name orgEntity { entityType } } }
        artifact(id: $artifact) { digest }
        artifactCollection(id: $sequence) { name }
        organization(name: "acme") { name }
      }
    """
    ids = {"artifact": belongings["$artifact"], "sequence": belongings["$sequence"]}
    seen = crew["ben"].ask(document, **ids)
    assert seen["project"]["readOnly"]
    assert seen["project"]["run"]["readOnly"]
    assert seen["entity"]["readOnly"]
    assert seen["entity"]["organization"] == {"name": "acme", "orgEntity": {"entityType": "organization"}}
    assert (seen["artifact"], seen["artifactCollection"]) == ({"digest": "d"}, {"name": "data"})
    assert set(crew["cat"].ask(document, **ids).values()) == {None}
    (file,) = seen["project"]["run"]["files"]["edges"]
    url = file["node"]["url"].removeprefix("http://server.test")
    assert crew["ben"].send("GET", url).body == b"content"
    # The URL of one file opens no other, and a stranger gets none to begin with.
    assert crew["cat"].send("GET", re.sub(r"/storage/[^/]+/", f"/storage/{'0' * 32}/", url)).status == 403


def test_a_member_of_two_teams_is_a_viewer_in_one_alone(application: Application, crew: dict[str, Caller]):
    with application._store.write() as connection:
        people.add_team(connection, "other", {"ben": "member"})
    assert crew["ben"].upsert(entityName="other")["inserted"]
    assert crew["ben"].refused(UPSERT, input={"name": "r", "modelName": "p", "entityName": "crew"})[0] == 403


def test_an_administrator_finds_all_users_and_others_find_their_neighbours(crew: dict[str, Caller], caller: Caller):
    document = "{ users { edges { node { username } } } }"

    def found(by: Caller) -> list[str]:
        return [edge["node"]["username"] for edge in by.ask(document)["users"]["edges"]]

    assert found(caller) == ["alice", "ann", "ben", "cat"]
    assert found(crew["ann"]) == ["ann", "ben"]
    assert found(crew["cat"]) == ["cat"]
    # It is people that an administrator sees to, not what belongs to them.
    crew["ann"].upsert(entityName="crew")
    assert caller.ask('{ project(name: "p", entityName: "crew") { id } }') == {"project": None}


def test_a_user_chooses_where_runs_go_that_name_no_entity(crew: dict[str, Caller]):
    document = "mutation ($name: String) { updateUser(input: {defaultEntity: $name}) { user { entity } } }"
    assert crew["ann"].ask(document, name="crew") == {"updateUser": {"user": {"entity": "crew"}}}
    assert crew["ann"].upsert()["bucket"]["project"]["entity"]["name"] == "crew"
    assert crew["cat"].refused(document, name="crew")[0] == 403


@pytest.mark.parametrize(
    ("named", "author"),
    [({"username": "ben"}, "ben"), ({"user_email": "ben@example.org"}, "ben"), ({"username": "cat"}, None), ({}, None)],
)
def test_a_run_of_a_program_is_whose_it_says_if_they_belong_to_the_team(
    application: Application, crew: dict[str, Caller], named: dict[str, str], author: str | None
):
    with application._store.write() as connection:
        people.add_user(connection, "ben", email="ben@example.org")
    document = _document("createServiceAccount", "user { username apiKeys { edges { node { name } } } }")
    made = crew["ann"].ask(document, input={"entityName": "crew", "description": "nightly"})["createServiceAccount"]
    headers = {f"x-wandb-{name.replace('_', '-')}": value for name, value in named.items()}
    program = Caller(application, made["user"]["apiKeys"]["edges"][0]["node"]["name"], headers)
    program.upsert(entityName="crew")
    read = '{ project(name: "p", entityName: "crew") { run(name: "run") { user { username } } } }'
    assert program.ask(read)["project"]["run"]["user"] == {"username": author or made["user"]["username"]}
    ann = Caller(application, ANN, headers)
    ann.upsert("own", entityName="crew")
    assert ann.ask(read.replace('"run"', '"own"'))["project"]["run"]["user"] == {"username": "ann"}


@pytest.mark.sqlite
def test_a_chart_is_kept_once_per_name(application: Application, crew: dict[str, Caller]):
    values = {
        "entity": "crew", "name": "curve", "displayName": "Curve", "type": "vega2", "access": "private", "spec": "{}",
    }  # fmt: skip
    document = _document("createCustomChart", "chart { id }")
    for spec in ("{}", '{"mark": "line"}'):
        reply = crew["ann"].ask(document, input={**values, "spec": spec})
        assert reply == {"createCustomChart": {"chart": {"id": "crew/curve"}}}
    with sqlite3.connect(application.directory / "wandql.db") as database:
        assert database.execute("SELECT name, spec FROM custom_charts").fetchall() == [("curve", '{"mark": "line"}')]
    assert crew["ben"].refused(document, input=values)[0] == 403
    assert crew["ann"].refused(document, input={**values, "spec": "[]"})[0] == 400


INVITE = (
    "mutation ($input: CreateInviteInput!) { createInvite(input: $input) { invite { id name email toUser { id } } } }"
)
LEAVE = "mutation ($input: DeleteInviteInput!) { deleteInvite(input: $input) { success } }"
MEMBERS = '{ entity(name: "crew") { members { id username name email admin pending accountType } } }'


def test_an_address_without_a_user_is_invited_once_until_there_is_one_or_it_is_withdrawn(
    application: Application, crew: dict[str, Caller], caller: Caller
):
    ann = crew["ann"]
    given = {"entityName": "crew", "email": "Dan@Example.org", "admin": True}
    invite = ann.ask(INVITE, input=given)["createInvite"]["invite"]
    assert (invite["name"], invite["email"], invite["toUser"]) == ("crew", "Dan@Example.org", None)
    assert ann.refused(INVITE, input=given | {"email": "dan@example.org"})[0] == 409
    assert ann.refused(INVITE, input=given | {"email": "nowhere"})[0] == 400
    # Programs come last: the official client takes the last member for the one that it has made.
    _write(ann, "createServiceAccount", {"entityName": "crew", "description": "nightly"}, "user { id }")
    *_, pending, program = ann.ask(MEMBERS)["entity"]["members"]
    assert program["accountType"] == "SERVICE"
    assert pending == {
        "id": invite["id"], "username": None, "name": "dan@example.org", "email": "dan@example.org", "admin": True,
        "pending": True, "accountType": "MEMBER",
    }  # fmt: skip
    assert ann.ask(LEAVE, input={"entityName": "crew", "id": invite["id"]})["deleteInvite"]["success"]
    assert ann.refused(LEAVE, input={"entityName": "crew", "id": invite["id"]})[0] == 404
    ann.ask(INVITE, input=given)
    _write(caller, "createUser", {"email": "dan@example.org"}, "user { username }")
    members = {member["username"]: member for member in ann.ask(MEMBERS)["entity"]["members"]}
    assert (members["dan"]["admin"], members["dan"]["pending"]) == (True, False)
    assert None not in members
    ann.ask(INVITE, input=given | {"email": "eve@example.org", "admin": False})
    with application._store.write() as connection:
        people.add_user(connection, "eve", email="Eve@example.org")
    (eve,) = [member for member in ann.ask(MEMBERS)["entity"]["members"] if member["username"] == "eve"]
    assert not eve["admin"]


def test_a_program_that_leaves_its_team_has_no_account_any_more(application: Application, crew: dict[str, Caller]):
    ann = crew["ann"]
    made = _write(
        ann,
        "createServiceAccount",
        {"entityName": "crew", "description": "nightly"},
        "user { apiKeys { edges { node { name } } } }",
    )
    program = Caller(application, made["user"]["apiKeys"]["edges"][0]["node"]["name"])
    program.upsert(entityName="crew")
    *_, member = ann.ask(MEMBERS)["entity"]["members"]
    ann.ask(LEAVE, input={"entityName": "crew", "id": member["id"]})
    assert program.post("{ viewer { id } }")[0] == 401
    assert member["username"] not in str(ann.ask("{ users { edges { node { username } } } }"))
    run = ann.ask('{ project(entityName: "crew", name: "p") { run(name: "run") { user { username } } } }')
    assert run["project"]["run"]["user"]["username"] == member["username"]


def test_the_id_of_an_invitation_of_a_user_is_that_of_the_membership(crew: dict[str, Caller]):
    ann = crew["ann"]
    invite = ann.ask(INVITE, input={"entityName": "crew", "username": "cat"})["createInvite"]["invite"]
    assert crew["cat"].ask('{ organization(name: "acme") { name } }')["organization"] == {"name": "acme"}
    assert invite["id"] in {member["id"] for member in ann.ask(MEMBERS)["entity"]["members"]}
    assert ann.ask(LEAVE, input={"entityName": "crew", "id": invite["id"]})["deleteInvite"]["success"]
    assert ann.refused(INVITE, input={"entityName": "crew", "username": "zoe"})[0] == 400


def test_an_administrator_of_the_server_sees_to_people_everywhere_and_to_projects_nowhere(
    crew: dict[str, Caller], caller: Caller, belongings: dict[str, str]
):
    assert belongings
    team = caller.ask('{ entity(name: "crew") { name members { username } project(name: "p") { id } } }')["entity"]
    assert {member["username"] for member in team["members"]} == {"ann", "ben"}
    assert team["project"] is None
    assert caller.ask('{ entity(name: "crew") { projects { edges { node { id } } } } }')["entity"] == {
        "projects": {"edges": []}
    }
    assert caller.ask('{ project(name: "p", entityName: "crew") { id } }')["project"] is None
    caller.ask(INVITE, input={"entityName": "crew", "username": "cat"})
    (users,) = caller.ask('{ users(query: "cat") { edges { node { apiKeys { edges { node { id name } } } } } } }')[
        "users"
    ]["edges"]
    (key,) = users["node"]["apiKeys"]["edges"]
    assert key["node"]["name"] == "cccc..."
    _write(caller, "deleteApiKey", {"id": key["node"]["id"]}, "success")
    assert crew["cat"].post("{ viewer { id } }")[0] == 401
    assert crew["ann"].ask('{ users(query: "ben") { edges { node { apiKeys { edges { cursor } } } } } }')["users"][
        "edges"
    ] == [{"node": {"apiKeys": None}}]


def test_adding_somebody_loads_no_graphql():
    """It is what scripts do many times over."""
    code = "import sys, wandql.server.enrolment; sys.exit('graphql' in sys.modules or 'wandql.client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
