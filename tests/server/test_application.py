"""Routes, keys, documents: what a request must be, and what becomes of one that is not."""

from __future__ import annotations

import base64
import gzip
import hashlib
import inspect
import json
import logging
from typing import TYPE_CHECKING

import pytest
from graphql import GraphQLObjectType
from sqlalchemy import insert, select

from tests.server.conftest import UPSERT, Caller
from wandql.errors import SettingsError
from wandql.server import open_application, tables
from wandql.server.bindings import Unserved
from wandql.server.executor import load_schema
from wandql.server.messages import Request
from wandql.server.store import add, now

if TYPE_CHECKING:
    from pathlib import Path

    from wandql.server import Application

VIEWER = "{ viewer { username entity } }"


@pytest.mark.parametrize("path", ["/", "/ready", "/health"])
def test_a_stranger_may_ask_whether_it_is_there(application: Application, path: str):
    assert Caller(application, None).send("GET", path).status == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("GET", "/graphql"), ("DELETE", "/ready")])
def test_what_nothing_answers_is_404(caller: Caller, method: str, path: str):
    response = caller.send(method, path)
    assert response.status == 404
    assert path in json.loads(response.body)["errors"][0]["message"]


@pytest.mark.parametrize("signal", ["metrics", "logs"])
def test_what_the_sdk_tells_of_itself_is_taken_and_dropped(caller: Caller, signal: str):
    response = caller.send("POST", f"/sdk/otel/v1/{signal}", b"\n\x00")
    assert (response.status, response.headers["content-type"], response.body) == (200, "application/x-protobuf", b"")
    assert Caller(caller.application, "0" * 40).send("POST", f"/sdk/otel/v1/{signal}").status == 401


def test_an_identity_token_is_refused_in_the_words_of_its_protocol(caller: Caller):
    response = caller.send("POST", "/oidc/token", b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer")
    assert response.status == 400
    assert json.loads(response.body)["error"] == "unsupported_grant_type"


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({}, "http://server.test"),
        ({"x-forwarded-proto": "https"}, "https://server.test"),
        (
            {"x-forwarded-proto": "https, http", "x-forwarded-host": "out.test:8443, in", "x-forwarded-prefix": "/wb/"},
            "https://out.test:8443/wb",
        ),
        ({"x-forwarded-host": "[::1]:80"}, "http://[::1]:80"),
        (
            {
                "x-forwarded-proto": "javascript",
                "x-forwarded-host": "a@b/c",
                "x-forwarded-prefix": "//evil.test/../a?b",
            },
            "http://server.test",
        ),
    ],
)
def test_links_lead_to_where_the_client_reached_it(headers: dict[str, str], origin: str):
    assert Request("GET", "/", {"host": "server.test", **headers}).origin == origin


def test_the_key_opens_the_server(caller: Caller):
    assert caller.ask(VIEWER)["viewer"] == {"username": "alice", "entity": "alice"}


def test_a_bearer_token_is_a_key_too(caller: Caller):
    body = json.dumps({"query": VIEWER}).encode()
    response = caller.send("POST", "/graphql", body, authorization=f"Bearer {caller.key}")
    assert json.loads(response.body)["data"]["viewer"]["username"] == "alice"


@pytest.mark.parametrize(
    "header",
    [
        "Basic " + base64.b64encode(b"api:" + b"0" * 40).decode(),
        "Basic " + base64.b64encode(b"api").decode(),
        "Basic ***",
        "Bearer nobody",
        "Digest x",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/graphql", "/files/alice/p/run/file_stream"])
def test_a_wrong_key_is_401_and_is_not_repeated(caller: Caller, header: str, path: str):
    response = caller.send("POST", path, json.dumps({"query": VIEWER}).encode(), authorization=header)
    assert response.status == 401
    message = json.loads(response.body)["errors"][0]["message"]
    assert message
    assert "0000" not in message


def test_without_a_key_there_is_nobody_and_nothing(caller: Caller):
    caller.upsert()
    stranger = Caller(caller.application, None)
    assert stranger.ask(
        '{ viewer { id } project(name: "p", entityName: "alice") { id } serverInfo { cliVersionInfo } }'
    ) == {
        "viewer": None,
        "project": None,
        "serverInfo": {"cliVersionInfo": {"min_cli_version": "0.17.0", "max_cli_version": "0.31.0"}},
    }
    assert stranger.refused(UPSERT, input={"name": "x"})[0] == 401


def test_a_key_sees_only_the_entities_of_its_user(caller: Caller):
    run = caller.upsert("secret", description="hers")["bucket"]
    with caller.application._store.write() as connection:
        entity = add(connection, tables.entities, {"name": "bob", "is_team": False, "created_at": now()})
        user = add(
            connection,
            tables.users,
            {"username": "bob", "name": "Bob", "admin": False, "default_entity_key": entity, "created_at": now()},
        )
        connection.execute(insert(tables.memberships).values(user_key=user, entity_key=entity, role="admin"))
        digest = hashlib.sha256(b"bobs-key").hexdigest()
        add(
            connection,
            tables.api_keys,
            {"user_key": user, "digest": digest, "name": "bobs…", "created_at": now()},
        )
    bob = Caller(caller.application, "bobs-key")
    assert bob.ask(VIEWER)["viewer"]["username"] == "bob"
    assert bob.ask('{ project(name: "p", entityName: "alice") { id } entity(name: "alice") { id } }') == {
        "project": None,
        "entity": None,
    }
    assert bob.ask(
        '{ users(query: "alice") { edges { node { id } } } models(entityName: "alice") { edges { cursor } } }'
    ) == {
        "users": {"edges": []},
        "models": None,
    }
    for values in ({"id": run["id"], "notes": "x"}, {"name": "secret", "modelName": "p", "entityName": "alice"}):
        status, _ = bob.refused(UPSERT, input=values)
        assert status in {403, 404}
    status, message = bob.refused(
        "mutation ($id: ID!) { deleteRun(input: {id: $id}) { clientMutationId } }", id=run["id"]
    )
    assert (status, "There is no run" in message) == (404, True)
    stolen = bob.send("POST", "/files/alice/p/secret/file_stream", b"{}")
    assert stolen.status == 403
    assert caller.run("description notes", "secret") == {"description": "hers", "notes": None}


def test_a_deleted_user_is_nobody(caller: Caller):
    with caller.application._store.write() as connection:
        connection.execute(tables.users.update().values(deleted_at=now()))
    assert caller.refused(VIEWER)[0] == 401


def test_the_key_and_the_entity_stay_for_the_next_start(tmp_path: Path):
    with open_application(tmp_path / "data", entity="team") as first:
        key = first.api_key
        assert len(key) == 40
    with open_application(tmp_path / "data") as second:
        assert (second.api_key, second.entity) == (key, "team")


def test_a_new_key_replaces_the_former_one(tmp_path: Path):
    with open_application(tmp_path / "data") as first:
        former = first.api_key
    with open_application(tmp_path / "data", api_key="k" * 40) as second:
        assert Caller(second, "k" * 40).ask(VIEWER)["viewer"]
        assert Caller(second, former).refused(VIEWER)[0] == 401


@pytest.mark.parametrize(
    "settings", [{"api_key": "short"}, {"api_key": "with a blank in it"}, {"entity": "a/b"}, {"entity": ""}]
)
def test_settings_that_cannot_work_are_refused_before_anything_is_made(tmp_path: Path, settings: dict[str, str]):
    with pytest.raises(SettingsError):
        open_application(tmp_path / "data", **settings)
    assert not (tmp_path / "data").exists()


def test_no_key_is_in_the_database_or_in_a_repr(application: Application):
    assert application.api_key not in repr(application)
    with application._store.read() as connection:
        rows = connection.execute(select(tables.api_keys)).all()
    assert application.api_key not in str(rows)


FAILING = 'deleteRun(input: {id: "x"}) { clientMutationId }'


def test_an_unknown_field_is_refused_in_the_words_that_clients_look_for(caller: Caller):
    status, message = caller.refused("{ viewer { shoeSize } }")
    assert status == 400
    assert message == 'Cannot query field "shoeSize" on type "User".'


def test_a_field_that_is_not_served_fails_with_its_name(
    caller: Caller, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    field = load_schema().type_map["User"].fields["teams"]
    monkeypatch.setattr(field, "resolve", None)
    Unserved().bind_to_schema(load_schema())
    with caplog.at_level(logging.WARNING):
        status, message = caller.refused("query Whose { viewer { teams { edges { node { name } } } } }")
    assert status == 200
    assert message == "not served by this server: User.teams"
    (line,) = caplog.messages
    assert line == "not served by this server: User.teams (asked for by Whose)"


def test_no_field_falls_back_to_a_silent_null():
    unbound = [
        f"{name}.{field}"
        for name, kind in load_schema().type_map.items()
        if not name.startswith("__") and hasattr(kind, "fields")
        for field, definition in kind.fields.items()
        if hasattr(definition, "resolve") and definition.resolve is None and type(kind).__name__ == "GraphQLObjectType"
    ]
    assert unbound == []


def test_every_argument_of_the_schema_is_one_of_its_resolver():
    strange = [
        f"{kind.name}.{field}({argument}:)"
        for kind in load_schema().type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for field, definition in kind.fields.items()
        for taken in [inspect.signature(definition.resolve).parameters]
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken.values())
        for argument, its in definition.args.items()
        if (its.out_name or argument) not in taken
    ]
    assert strange == []


def test_what_a_client_writes_along_with_a_name_changes_nothing(caller: Caller):
    caller.upsert()
    document = '{ project(name: "p") { run(name: "run", desc: "x") { name } bucket(name: "run", desc: "x") { name } } }'
    assert caller.ask(document)["project"] == {"run": {"name": "run"}, "bucket": {"name": "run"}}


def test_a_document_that_is_no_graphql_is_400(caller: Caller):
    assert caller.refused("{ viewer { id }")[0] == 400
    assert caller.refused("query A { viewer { id } } query B { viewer { id } }")[0] == 400


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"query": 1}', b"<html>", b'{"query": "{ viewer { id } }", "variables": []}']
)
def test_a_body_that_is_no_request_is_400(caller: Caller, body: bytes):
    assert caller.send("POST", "/graphql", body).status == 400


def test_an_empty_operation_name_counts_as_none(caller: Caller):
    assert caller.post("#graphql\n query GetViewer { viewer { username } }", "")[1]["data"]["viewer"]
    status, reply = caller.post("query A { viewer { id } }", "B")
    assert (status, reply["errors"][0]["message"]) == (400, 'Unknown operation named "B".')


def test_extra_variables_and_unknown_input_fields_are_ignored(caller: Caller):
    assert caller.ask(VIEWER, unheard=1)["viewer"]
    assert caller.upsert(fromTheFuture={"x": [1]})["inserted"]
    document = 'mutation ($x: String) { upsertBucket(input: {name: "b", alsoNew: $x}) { inserted } }'
    assert caller.ask(document, x="y") == {"upsertBucket": {"inserted": True}}


def test_a_mutation_that_fails_halfway_changes_nothing(caller: Caller):
    document = f"mutation ($input: UpsertBucketInput!) {{ upsertBucket(input: $input) {{ inserted }} {FAILING} }}"
    status, reply = caller.post(document, input={"name": "ghost", "modelName": "p"})
    assert (status, len(reply["errors"])) == (404, 1)
    assert caller.ask('{ project(name: "p") { id } }') == {"project": None}
    assert caller.upsert("ghost")["inserted"]


def test_a_compressed_body_is_read(caller: Caller):
    body = gzip.compress(json.dumps({"query": VIEWER}).encode())
    assert caller.send("POST", "/graphql", body, content_encoding="gzip").status == 200
    assert caller.send("POST", "/graphql", b"plain", content_encoding="gzip").status == 400


def test_aliases_fragments_and_directives_work(caller: Caller):
    caller.upsert(displayName="fancy")
    document = """
      query Q($yes: Boolean!) {
        project(name: "p") { ...P runs(first: 1) { totals: pageInfo @include(if: $yes) { hasNextPage } } }
      }
      fragment P on Project { run(name: "run") { id: name name: displayName state @skip(if: $yes) } }
    """
    assert caller.ask(document, yes=True) == {
        "project": {"run": {"id": "run", "name": "fancy"}, "runs": {"totals": {"hasNextPage": False}}}
    }


def test_a_user_is_shown_with_teams_keys_and_flags(caller: Caller):
    reply = caller.ask(
        "{ viewer { id name email admin flags teams { edges { node { name isTeam } } } "
        "apiKeys { edges { node { id name description } } } } }"
    )["viewer"]
    assert base64.b64decode(reply["id"]) == b"User:1"
    assert json.loads(reply["flags"]) == {"code_saving_enabled": False}
    assert reply["teams"] == {"edges": [{"node": {"name": "alice", "isTeam": False}}]}
    (key,) = reply["apiKeys"]["edges"]
    assert caller.key not in json.dumps(key)
