"""Artifacts: announced, uploaded, committed, found, deleted; and what is refused on the way."""

from __future__ import annotations

import base64
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.server.artifact_writer import (
    COMMIT,
    CREATE,
    DELETE,
    FILES,
    LINK,
    MANIFEST,
    UPDATE_MANIFEST,
    Writer,
    entries_of,
    make_bob,
    manifest_of,
    md5,
    on_disk,
)
from tests.server.conftest import Caller
from wandql.server import application as application_module
from wandql.server import open_application, tables
from wandql.server.blobs import Blobs, Upload

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

A, B = {"a.txt": b"a" * 10}, {"a.txt": b"a" * 10, "sub/b.txt": b"bb"}
DAY = 24 * 60 * 60 * 1_000_000


@pytest.fixture
def writer(caller: Caller) -> Writer:
    caller.upsert()
    return Writer(caller)


def hex_of(content: bytes) -> str:
    return base64.b64decode(md5(content)).hex()


def artifact(writer: Writer, id_: str, selection: str) -> Any:
    return writer.caller.ask(f"query ($id: ID!) {{ artifact(id: $id) {{ {selection} }} }}", id=id_)["artifact"]


def test_nothing_is_visible_before_the_commit(writer: Writer):
    entries = entries_of(B)
    begun = writer.begin("data", entries, aliases=["best"], clientID="mine")
    writer.upload(begun["id"], B)
    writer.describe(begun["id"], manifest_of(entries))
    hidden = artifact(
        writer, begun["id"], "state versionIndex size currentManifest { id } files { totalCount } aliases { id }"
    )
    assert hidden == {
        "state": "PENDING", "versionIndex": None, "size": 0, "currentManifest": None, "files": {"totalCount": 0},
        "aliases": [],
    }  # fmt: skip
    assert writer.read("data:latest") is None
    assert writer.read("data:best") is None
    assert writer.versions("data") == []
    assert writer.caller.run("outputArtifacts { totalCount }") == {"outputArtifacts": {"totalCount": 0}}
    writer.commit(begun["id"])
    assert writer.read("data:best", "id state")["artifact"] == {"id": begun["id"], "state": "COMMITTED"}
    assert writer.versions("data") == ["v0"]
    assert writer.caller.run("outputArtifacts { totalCount }") == {"outputArtifacts": {"totalCount": 1}}


def test_a_version_is_all_that_was_said_of_it(writer: Writer):
    said = {"description": "About", "metadata": '{"x": NaN}', "ttlDurationSeconds": 60, "historyStep": 7}
    id_ = writer.log("data", B, aliases=["best"], tags=["t"], type="model", **said)
    selection = """
      description metadata ttlDurationSeconds ttlIsInherited historyStep state size fileCount digestAlgorithm digest
      versionIndex artifactType { name } tags { name } aliases { alias artifactCollection { name } }
      createdBy { __typename ... on Run { name } } artifactSequence { name digestAlgorithm project { name } }
    """
    read = artifact(writer, id_, selection)
    assert read.pop("digest") == writer.wish("data", entries_of(B))["digest"]
    assert read == {
        "description": "About", "metadata": '{"x": NaN}', "ttlDurationSeconds": 60, "ttlIsInherited": False,
        "historyStep": 7, "state": "COMMITTED", "size": 12, "fileCount": 2, "digestAlgorithm": "MANIFEST_MD5",
        "versionIndex": 0, "artifactType": {"name": "model"}, "tags": [{"name": "t"}],
        "aliases": [{"alias": alias, "artifactCollection": {"name": "data"}} for alias in ("latest", "best", "v0")],
        "createdBy": {"__typename": "Run", "name": "run"},
        "artifactSequence": {"name": "data", "digestAlgorithm": "MANIFEST_MD5", "project": {"name": "p"}},
    }  # fmt: skip


def test_a_version_without_a_run_was_made_by_its_user(caller: Caller):
    id_ = Writer(caller, run=None).log("data", A)
    selection = "createdBy { __typename ... on User { username } } ttlDurationSeconds ttlIsInherited"
    assert artifact(Writer(caller), id_, selection) == {
        "createdBy": {"__typename": "User", "username": "alice"}, "ttlDurationSeconds": -1, "ttlIsInherited": True,
    }  # fmt: skip


def test_an_artifact_without_files_is_one(writer: Writer):
    id_ = writer.log("empty", {})
    assert artifact(writer, id_, "size fileCount files { totalCount edges { cursor } }") == {
        "size": 0, "fileCount": 0, "files": {"totalCount": 0, "edges": []},
    }  # fmt: skip


def test_a_file_is_uploaded_without_a_key_and_downloaded_again(writer: Writer):
    id_ = writer.log("data", B)
    selection = """
      files { edges { node {
        name displayName sizeBytes md5 digest mimetype directUrl url storagePath artifact { id }
      } } }
    """
    files = {edge["node"]["name"]: edge["node"] for edge in artifact(writer, id_, selection)["files"]["edges"]}
    assert list(files) == ["a.txt", "sub/b.txt"]
    file = files["sub/b.txt"]
    assert (file["sizeBytes"], file["md5"], file["digest"], file["mimetype"]) == (
        2,
        md5(b"bb"),
        md5(b"bb"),
        "text/plain",
    )
    assert file["artifact"] == {"id": id_}
    stranger = Caller(writer.caller.application, None)
    for url in (file["directUrl"], file["url"]):
        assert stranger.send("GET", url.removeprefix("http://server.test")).body == b"bb"


def test_a_reference_is_listed_and_leads_elsewhere(writer: Writer):
    entries = {"far": {"digest": "etag", "ref": "s3://bucket/key", "size": 5}}
    begun = writer.begin("data", entries)
    writer.describe(begun["id"], manifest_of(entries))
    writer.commit(begun["id"])
    read = artifact(
        writer, begun["id"], "size files { edges { node { name directUrl digest md5 sizeBytes storagePath } } }"
    )
    far = {
        "name": "far",
        "directUrl": "s3://bucket/key",
        "digest": "etag",
        "md5": None,
        "sizeBytes": 5,
        "storagePath": None,
    }
    assert read == {"size": 5, "files": {"edges": [{"node": far}]}}


def test_the_files_of_a_part_of_the_manifest_are_found(writer: Writer):
    id_ = writer.log("data", B)
    document = """
      query ($id: ID!, $entries: [ArtifactManifestEntryInput!]) { artifact(id: $id) {
        filesByManifestEntries(entries: $entries, manifestVersion: "1", storageLayout: "V2") {
          totalCount pageInfo { hasNextPage } edges { node { name directUrl } }
        }
      } }
    """

    def found(*names: str) -> list[str]:
        entries = [{"name": name, "digest": md5(b"bb"), "birthArtifactID": id_} for name in names]
        page = writer.caller.ask(document, id=id_, entries=entries)["artifact"]["filesByManifestEntries"]
        assert page["pageInfo"] == {"hasNextPage": False}
        assert page["totalCount"] == len(page["edges"])
        assert all(edge["node"]["directUrl"].startswith("http://server.test/storage/") for edge in page["edges"])
        return [edge["node"]["name"] for edge in page["edges"]]

    assert found("sub/b.txt") == ["sub/b.txt"]
    assert found("sub/b.txt", "a.txt", "none") == ["a.txt", "sub/b.txt"]
    assert found() == []


def test_the_manifest_is_what_was_uploaded(writer: Writer):
    id_ = writer.log("data", B)
    url = artifact(writer, id_, "currentManifest { file { name directUrl } }")["currentManifest"]["file"]["directUrl"]
    body = Caller(writer.caller.application, None).send("GET", url.removeprefix("http://server.test")).body
    assert body == manifest_of(entries_of(B))


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (b"not json", "cannot be read"),
        (b'{"version": 2, "contents": {}}', "cannot be read"),
        (b'{"version": 1, "contents": {"a": {}}}', "contents/a/digest"),
        (manifest_of({"../up": {"digest": "x", "ref": "s3://x"}}), "within its directory"),
        (manifest_of({"..\\up": {"digest": "x", "ref": "s3://x"}}), "within its directory"),
        (manifest_of({"/etc/passwd": {"digest": "x", "ref": "s3://x"}}), "within its directory"),
        (manifest_of({**entries_of(A), "b": {"digest": md5(b"never sent")}}), "'b' has not arrived"),
        (manifest_of({"a.txt": {"digest": md5(A["a.txt"]), "size": 11}}), "has 10 bytes"),
        (manifest_of({"a.txt": {"digest": "no md5"}}), "'a.txt' has not arrived"),
    ],
)
def test_a_manifest_that_does_not_hold_is_not_committed(writer: Writer, manifest: bytes, message: str):
    begun = writer.begin("data", entries_of(A))
    writer.upload(begun["id"], A)
    writer.describe(begun["id"], manifest)
    status, refusal = writer.caller.refused(COMMIT, id=begun["id"])
    assert (status, message in refusal) == (400, True), refusal
    assert writer.versions("data") == []


def test_a_version_whose_manifest_never_came_is_not_committed(writer: Writer):
    begun = writer.begin("data", entries_of(A))
    writer.upload(begun["id"], A)
    assert "manifest of this version has not arrived" in writer.caller.refused(COMMIT, id=begun["id"])[1]
    given = {**writer.place, "artifactID": begun["id"], "name": "m", "runName": "run", "digest": md5(b"manifest")}
    writer.caller.ask(MANIFEST, input=given)
    assert writer.caller.refused(COMMIT, id=begun["id"])[0] == 400


def test_what_arrives_must_be_what_was_announced(writer: Writer):
    begun = writer.begin("data", entries_of(A))
    (file,) = writer.announce(begun["id"], A)
    response = writer.put(file["uploadUrl"], b"something else")
    assert response.status == 400
    assert md5(A["a.txt"]) in response.body.decode()
    assert on_disk(writer.caller.application) == []
    assert writer.put(file["uploadUrl"], A["a.txt"]).status == 200


@pytest.mark.parametrize("name", ["../up", "a/../../b", "/abs", "", "a\\..\\..\\b", "nul\0"])
def test_a_file_that_leaves_the_artifact_is_not_announced(writer: Writer, name: str):
    begun = writer.begin("data", entries_of(A))
    specs = [{"artifactID": begun["id"], "name": name, "md5": md5(b"")}]
    status, message = writer.caller.refused(FILES, input={"artifactFiles": specs})
    assert (status, "cannot be in an artifact" in message) == (400, True)


@pytest.mark.parametrize("digest", ["", "hello", base64.b64encode(b"short").decode(), "é"])
def test_a_digest_that_is_no_md5_is_not_announced(writer: Writer, digest: str):
    begun = writer.begin("data", entries_of(A))
    specs = [{"artifactID": begun["id"], "name": "a", "md5": digest}]
    status, message = writer.caller.refused(FILES, input={"artifactFiles": specs})
    assert (status, "not an MD5" in message) == (400, True)


def test_files_are_answered_in_the_order_of_the_question(writer: Writer):
    begun = writer.begin("data", {})
    files = {name: name.encode() for name in ("c", "a", "b")}
    answered = writer.announce(begun["id"], files)
    assert [file["name"] for file in answered] == ["c", "a", "b"]
    assert all(file["uploadHeaders"] == [] and file["uploadMultipartUrls"] is None for file in answered)
    assert all(file["artifact"] == {"id": begun["id"]} for file in answered)


def test_a_content_is_stored_once(writer: Writer):
    first = writer.log("one", B)
    begun = writer.begin("two", entries_of(A))
    (file,) = writer.announce(begun["id"], A)
    assert file["uploadUrl"] is None
    assert file["artifact"] == {"id": first}
    writer.describe(begun["id"], manifest_of(entries_of(A)))
    writer.commit(begun["id"])
    assert len(on_disk(writer.caller.application)) == 4  # two contents, two manifests
    assert writer.caller.ask("{ entity { storageBytes } }")["entity"]["storageBytes"] == 12 + sum(
        len(manifest_of(entries_of(files))) for files in (A, B)
    )


def test_a_content_stays_until_no_version_holds_it(writer: Writer):
    first, second = writer.log("one", B), writer.log("two", A)
    application = writer.caller.application
    writer.caller.ask(DELETE, id=first, aliases=True)
    assert len(on_disk(application)) == 2
    assert writer.read("two:v0", "files { edges { node { sizeBytes } } }")["artifact"]["files"]["edges"] != []
    pending = writer.begin("three", entries_of(A))
    assert writer.announce(pending["id"], A)[0]["uploadUrl"] is None
    writer.caller.ask(DELETE, id=second, aliases=True)
    assert len(on_disk(application)) == 1  # what was promised to the pending version stays
    writer.describe(pending["id"], manifest_of(entries_of(A)))
    writer.commit(pending["id"])
    writer.caller.ask(DELETE, id=pending["id"], aliases=True)
    assert on_disk(application) == []


def test_two_writers_may_upload_the_same_at_once(writer: Writer):
    one, two = (writer.begin(name, entries_of(A)) for name in ("one", "two"))
    urls = [writer.announce(begun["id"], A)[0]["uploadUrl"] for begun in (one, two)]
    assert [writer.put(url, A["a.txt"]).status for url in urls] == [200, 200]
    assert len(on_disk(writer.caller.application)) == 1
    for begun in (one, two):
        writer.describe(begun["id"], manifest_of(entries_of(A)))
        assert writer.commit(begun["id"])["state"] == "COMMITTED"


def test_files_that_arrive_together_are_kept_together(writer: Writer):
    """Each is told of its own fault, and of that alone."""
    files = {f"{number}": bytes([number]) for number in range(40)}
    begun = writer.begin("data", entries_of(files))
    urls = [file["uploadUrl"] for file in writer.announce(begun["id"], files)]
    bodies = [content if content[0] % 4 else b"wrong" for content in files.values()]
    with ThreadPoolExecutor(16) as threads:
        responses = list(threads.map(writer.put, urls, bodies))
    assert [response.status for response in responses] == [200 if content[0] % 4 else 400 for content in files.values()]
    assert len(on_disk(writer.caller.application)) == 30
    assert sum(file["uploadUrl"] is None for file in writer.announce(begun["id"], files)) == 30


def test_when_the_database_fails_every_upload_hears_of_it_and_leaves_nothing(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
):
    files = {f"{number}": bytes([number]) for number in range(8)}
    begun = writer.begin("data", entries_of(files))
    urls = [file["uploadUrl"] for file in writer.announce(begun["id"], files)]
    place = Blobs.place

    def fail(self: Blobs, connection: Connection, token: str, upload: Upload) -> list[str]:
        place(self, connection, token, upload)
        raise OSError("the disk is full")

    with monkeypatch.context() as patch, ThreadPoolExecutor(8) as threads:
        patch.setattr(Blobs, "place", fail)
        assert {response.status for response in threads.map(writer.put, urls, files.values())} == {500}
    assert on_disk(writer.caller.application) == []
    assert [writer.put(url, content).status for url, content in zip(urls, files.values(), strict=True)] == [200] * 8


def test_a_file_announced_anew_lets_go_of_its_former_content(writer: Writer):
    begun = writer.begin("data", entries_of(A))
    writer.upload(begun["id"], {"a.txt": b"former"})
    writer.upload(begun["id"], A)
    assert len(on_disk(writer.caller.application)) == 1


def test_what_was_announced_and_is_not_in_the_manifest_is_freed(writer: Writer):
    begun = writer.begin("data", entries_of(A))
    writer.upload(begun["id"], B)
    writer.describe(begun["id"], manifest_of(entries_of(A)))
    writer.commit(begun["id"])
    assert len(on_disk(writer.caller.application)) == 2
    assert artifact(writer, begun["id"], "fileCount") == {"fileCount": 1}


def test_equal_content_in_one_sequence_is_one_version_if_the_client_wants(writer: Writer):
    first = writer.log("data", A, aliases=["one"])
    writer.log("data", B)
    assert writer.log("data", A, aliases=["two", "latest"], tags=["seen"]) == first
    assert writer.versions("data") == ["v1", "v0"]
    assert [alias["alias"] for alias in writer.read("data:latest")["aliases"]] == ["latest", "one", "two"]
    assert writer.read("data:latest", "id tags { name }")["artifact"] == {"id": first, "tags": [{"name": "seen"}]}
    assert writer.log("data", A, enableDigestDeduplication=False) != first
    assert writer.versions("data") == ["v2", "v1", "v0"]
    assert writer.log("other", A) != first


def test_a_client_that_asks_twice_begins_once(writer: Writer):
    first = writer.begin("data", entries_of(A), clientID="mine")
    assert writer.begin("data", entries_of(A), clientID="mine")["id"] == first["id"]
    mapping = "query ($id: ID!) { clientIDMapping(clientID: $id) { serverID } }"
    assert writer.caller.ask(mapping, id="mine") == {"clientIDMapping": {"serverID": first["id"]}}
    assert writer.caller.ask(mapping, id="none") == {"clientIDMapping": None}
    writer.upload(first["id"], A)
    writer.describe(first["id"], manifest_of(entries_of(A)))
    writer.commit(first["id"])
    assert writer.begin("data", entries_of(A), clientID="mine")["state"] == "COMMITTED"
    assert writer.log("data", A, clientID="equal") == first["id"]
    assert writer.caller.ask(mapping, id="equal") == {"clientIDMapping": {"serverID": first["id"]}}


def test_a_sequence_is_found_by_what_its_clients_have_called_it(writer: Writer):
    first = writer.log("data", A, sequenceClientID="one")
    second = writer.log("data", B, sequenceClientID="two", aliases=["best"])
    query = "query ($id: ID!) { clientIDMapping(clientID: $id) { serverID } }"
    for name in ("one", "two"):
        for alias, id_ in ((":latest", second), ("", second), (":best", second), (":v0", first)):
            assert writer.caller.ask(query, id=f"{name}{alias}")["clientIDMapping"] == {"serverID": id_}
    assert writer.caller.ask(query, id="one:v2") == writer.caller.ask(query, id="three") == {"clientIDMapping": None}
    assert make_bob(writer.caller.application).ask(query, id="one:latest") == {"clientIDMapping": None}


def test_what_is_committed_does_not_change(writer: Writer):
    id_ = writer.log("data", A)
    assert writer.commit(id_)["versionIndex"] == 0
    assert writer.versions("data") == ["v0"]
    specs = [{"artifactID": id_, "name": "more", "md5": md5(b"")}]
    status, message = writer.caller.refused(FILES, input={"artifactFiles": specs})
    assert (status, "complete" in message) == (409, True)
    given = {**writer.place, "artifactID": id_, "name": "m", "runName": "run", "digest": ""}
    assert writer.caller.refused(MANIFEST, input=given)[0] == 409


def test_numbers_and_ids_are_never_given_twice(writer: Writer):
    first, second = writer.log("data", A), writer.log("data", B)
    writer.caller.ask(DELETE, id=second, aliases=True)
    third = writer.log("data", B)
    assert len({first, second, third}) == 3
    assert writer.versions("data") == ["v2", "v0"]


def test_a_version_with_aliases_is_deleted_only_on_purpose(writer: Writer):
    first, second = writer.log("data", A), writer.log("data", B, aliases=["best"])
    status, message = writer.caller.refused(DELETE, id=second)
    assert (status, "latest, best" in message) == (409, True)
    assert writer.caller.ask(DELETE, id=second, aliases=True) == {"deleteArtifact": {"artifact": {"id": second}}}
    assert writer.read("data:latest")["artifact"] == {"id": first}
    assert writer.read("data:best") is None
    assert writer.caller.refused(DELETE, id=second, aliases=True)[0] == 404


def test_a_version_without_aliases_is_deleted_at_once(writer: Writer):
    first, _ = writer.log("data", A), writer.log("data", B)
    writer.caller.ask(DELETE, id=first)
    assert writer.versions("data") == ["v1"]


def test_a_deleted_version_leaves_its_portfolios(writer: Writer):
    first, second = writer.log("data", A), writer.log("data", B)
    writer.link(first, "shelf")
    writer.link(second, "shelf")
    writer.caller.ask(DELETE, id=second, aliases=True)
    assert writer.versions("shelf") == ["v0"]
    assert writer.read("shelf:latest")["artifact"] == {"id": first}


def test_an_incremental_version_adds_to_its_base(writer: Writer):
    base = writer.log("data", B)
    added = {"a.txt": b"new", "c.txt": b"c"}
    begun = writer.begin("data", entries_of(added))
    assert begun["artifactSequence"]["latestArtifact"] == {"id": base}
    writer.upload(begun["id"], added)
    writer.describe(begun["id"], manifest_of(entries_of(added)), "INCREMENTAL", base)
    merged = entries_of({**B, **added})
    assert writer.commit(begun["id"])["digest"] == writer.wish("data", merged)["digest"]
    read = artifact(writer, begun["id"], "size fileCount currentManifest { file { directUrl } }")
    assert (read["size"], read["fileCount"]) == (6, 3)
    url = read["currentManifest"]["file"]["directUrl"].removeprefix("http://server.test")
    assert json.loads(writer.caller.send("GET", url).body)["contents"] == merged
    writer.caller.ask(DELETE, id=base, aliases=True)
    assert artifact(writer, begun["id"], "files { totalCount }") == {"files": {"totalCount": 3}}


def test_an_incremental_version_without_a_base_is_whole(writer: Writer):
    begun = writer.begin("data", entries_of(A))
    writer.upload(begun["id"], A)
    writer.describe(begun["id"], manifest_of(entries_of(A)), "INCREMENTAL")
    assert writer.commit(begun["id"])["versionIndex"] == 0


def test_an_incremental_version_whose_base_was_deleted_is_refused(writer: Writer):
    base = writer.log("data", B)
    begun = writer.begin("data", entries_of(A))
    writer.upload(begun["id"], A)
    writer.describe(begun["id"], manifest_of(entries_of(A)), "INCREMENTAL", base)
    writer.caller.ask(DELETE, id=base, aliases=True)
    status, message = writer.caller.refused(COMMIT, id=begun["id"])
    assert (status, "adds to was deleted" in message) == (400, True)


def test_several_writers_write_one_version(writer: Writer):
    before = writer.log("data", {"before": b"0"})
    shares: list[dict[str, bytes]] = [{"one": b"1"}, {"two": b"22"}]
    ids = set()
    for share in shares:
        begun = writer.begin("data", entries_of(share), distributedID="group", aliases=list(share))
        ids.add(begun["id"])
        writer.upload(begun["id"], share)
        writer.describe(begun["id"], manifest_of(entries_of(share)), "PATCH", before)
    (id_,) = ids
    assert writer.commit(id_)["digest"] == writer.wish("data", entries_of({**shares[0], **shares[1]}))["digest"]
    assert [alias["alias"] for alias in writer.read("data:v1")["aliases"]] == ["latest", "one", "two"]
    assert len(on_disk(writer.caller.application)) == 5  # the parts of the manifest are gone
    assert writer.begin("data", entries_of(A), distributedID="group")["id"] != id_


def test_a_part_of_a_manifest_belongs_to_a_version_that_exists(writer: Writer):
    for id_ in ("nonsense", base64.b64encode(b"ArtifactManifest:99").decode()):
        change = {"artifactManifestID": id_, "digest": md5(b"")}
        assert writer.caller.refused(UPDATE_MANIFEST, input=change)[0] == 404


def test_a_draft_of_another_version_needs_no_upload(writer: Writer):
    base = writer.log("data", B)
    entries = {name: {**entry, "birthArtifactID": base} for name, entry in entries_of(A).items()}
    begun = writer.begin("other", entries)
    writer.describe(begun["id"], manifest_of(entries))
    writer.commit(begun["id"])
    writer.caller.ask(DELETE, id=base, aliases=True)
    assert artifact(writer, begun["id"], "files { edges { node { name artifact { id } } } }")["files"]["edges"] == [
        {"node": {"name": "a.txt", "artifact": {"id": begun["id"]}}}
    ]


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"runName": "none"}, 404, "There is no run alice/p/none"),
        ({"artifactCollectionName": ""}, 400, "cannot name a collection"),
        ({"artifactCollectionName": "a/b"}, 400, "cannot name a collection"),
        ({"artifactCollectionName": "a:b"}, 400, "cannot name a collection"),
        ({"artifactCollectionName": "x" * 129}, 400, "cannot name a collection"),
        ({"artifactTypeName": " "}, 400, "cannot name a type"),
        ({"aliases": [{"artifactCollectionName": "data", "alias": "v3"}]}, 400, "number of a version"),
        ({"aliases": [{"artifactCollectionName": "data", "alias": "v00"}]}, 400, "number of a version"),
        ({"aliases": [{"artifactCollectionName": "data", "alias": "a/b"}]}, 400, "cannot name a"),
        ({"aliases": [{"artifactCollectionName": "other", "alias": "a"}]}, 400, "link the version"),
        ({"tags": [{"tagName": ""}]}, 400, "cannot name a tag"),
        ({"metadata": "[]"}, 400, "not a JSON object"),
        ({"metadata": "{"}, 400, "not JSON"),
        ({"ttlDurationSeconds": -3}, 400, "time to live"),
        ({"storageRegion": "mars"}, 400, "malformed region: mars"),
        ({"entityName": "nobody"}, 403, "permission denied"),
        ({"artifactTypeName": "model"}, 409, "another type"),
        ({"artifactCollectionName": "shelf"}, 409, "is a portfolio"),
    ],
)
def test_a_version_that_cannot_be_is_refused(writer: Writer, change: dict[str, Any], status: int, message: str):
    writer.link(writer.log("data", A), "shelf")
    answer = writer.caller.refused(CREATE, input={**writer.wish("data", entries_of(B)), **change})
    assert (answer[0], message in answer[1]) == (status, True), answer


def test_what_is_not_there_can_be_neither_linked_nor_read(writer: Writer):
    begun = writer.begin("data", entries_of(A), clientID="mine")
    given = {**writer.place, "artifactPortfolioName": "shelf", "aliases": []}
    assert writer.caller.refused(LINK, input={**given, "artifactID": begun["id"]})[0] == 409
    assert writer.caller.refused(LINK, input={**given, "clientID": "none"})[0] == 404
    assert writer.caller.refused(LINK, input=given)[0] == 404
    writer.upload(begun["id"], A)
    writer.describe(begun["id"], manifest_of(entries_of(A)))
    writer.commit(begun["id"])
    linked = writer.caller.ask(LINK, input={**given, "clientID": "mine"})["linkArtifact"]
    assert linked["artifactMembership"]["artifact"] == {"id": begun["id"]}
    assert linked["artifactMembership"]["artifactCollection"]["__typename"] == "ArtifactPortfolio"
    assert writer.caller.refused(LINK, input={**given, "artifactPortfolioName": "data", "clientID": "mine"})[0] == 409


def test_a_stranger_neither_reads_nor_writes(writer: Writer):
    id_ = writer.log("data", A, clientID="mine")
    content = f"/artifacts/alice/{hex_of(A['a.txt'])}"
    long = f"/artifactsV2/default/alice/p/data/{id_}/{id_}/{hex_of(A['a.txt'])}/a.txt"
    short = f"/artifactsV2/default/alice/p/data/{id_}/{hex_of(A['a.txt'])}/a.txt"
    old = f"/artifactsV2/default/alice/{id_}/{hex_of(A['a.txt'])}"
    for target in (content, long, short, old):
        response = writer.caller.send("GET", target)
        assert (response.status, response.body) == (200, A["a.txt"])
        assert writer.caller.send("HEAD", target).status == 200
    bob = make_bob(writer.caller.application)
    query = """
      query ($id: ID!) {
        artifact(id: $id) { id } clientIDMapping(clientID: "mine") { serverID }
        project(entityName: "alice", name: "p") { artifact(name: "data:v0") { id } }
      }
    """
    nobody = Caller(writer.caller.application, None)
    for stranger in (bob, nobody):
        assert stranger.ask(query, id=id_) == {"artifact": None, "clientIDMapping": None, "project": None}
        for target in (content, long, short, old):
            assert stranger.send("GET", target).status == 404
        for document, variables in ((COMMIT, {"id": id_}), (DELETE, {"id": id_, "aliases": True})):
            assert stranger.refused(document, **variables)[0] in {401, 404}
    assert Caller(writer.caller.application, "wrong").send("GET", content).status == 401
    assert writer.caller.send("GET", f"/artifacts/alice/{hex_of(b'other')}").status == 404
    assert writer.caller.send("GET", "/artifacts/alice/nonsense").status == 404


def test_contents_are_not_shared_between_entities(writer: Writer):
    writer.log("data", A)
    bob = Writer(make_bob(writer.caller.application), run=None, entity="bob")
    begun = bob.begin("data", entries_of(A))
    (file,) = bob.announce(begun["id"], A)
    assert file["uploadUrl"] is not None  # that alice has it is none of his business
    bob.describe(begun["id"], manifest_of(entries_of(A)))
    assert bob.caller.refused(COMMIT, id=begun["id"])[0] == 400
    assert bob.put(file["uploadUrl"], A["a.txt"]).status == 200
    assert bob.commit(begun["id"])["state"] == "COMMITTED"


def test_a_version_lives_as_long_as_it_shall(writer: Writer, monkeypatch: pytest.MonkeyPatch):
    short = writer.log("short", A, ttlDurationSeconds=3600)
    linked = writer.log("linked", A, ttlDurationSeconds=3600)
    writer.link(linked, "shelf")
    writer.log("ever", A, ttlDurationSeconds=-2)
    changed = writer.log("changed", A, ttlDurationSeconds=3600)
    writer.caller.ask(
        "mutation ($id: ID!) { updateArtifact(input: {artifactID: $id, ttlDurationSeconds: -1}) { artifact { id } } }",
        id=changed,
    )
    begun = writer.begin("begun", entries_of(B))
    writer.upload(begun["id"], B)
    present = application_module.now()
    names = ("short", "linked", "ever", "changed")

    def left(moment: int) -> list[list[str]]:
        monkeypatch.setattr(application_module, "now", lambda: moment)
        writer.begin("any", {}, clientID="any")
        return [writer.versions(name) for name in names]

    assert left(present + DAY // 48) == [["v0"]] * 4
    assert left(present + DAY // 12) == [[], ["v0"], ["v0"], ["v0"]]
    assert artifact(writer, short, "id") is None
    assert artifact(writer, begun["id"], "state") == {"state": "PENDING"}
    left(present + 8 * DAY)
    assert artifact(writer, begun["id"], "state") is None
    assert len(on_disk(writer.caller.application)) == 2  # the content of A and the manifest that all share


def test_what_was_begun_in_a_former_life_is_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with open_application(tmp_path, entity="alice") as first:
        writer = Writer(Caller(first, first.api_key), run=None)
        writer.log("kept", A)
        begun = writer.begin("lost", entries_of(B))
        writer.upload(begun["id"], B)
    moment = application_module.now() + 8 * DAY
    monkeypatch.setattr(application_module, "now", lambda: moment)
    with open_application(tmp_path, entity="alice") as second:
        writer = Writer(Caller(second, second.api_key), run=None)
        assert artifact(writer, begun["id"], "id") is None
        assert writer.versions("kept") == ["v0"]
        assert len(on_disk(second)) == 2


@pytest.mark.sqlite
def test_a_data_directory_of_the_first_version_gets_room_for_artifacts(tmp_path: Path):
    former = [
        tables.metadata.tables[name]
        for name in ("entities", "users", "memberships", "api_keys", "projects", "runs", "key_sets", "history")
    ]
    former += [tables.metadata.tables[name] for name in ("events", "log_lines", "alerts", "blobs", "files")]
    tmp_path.joinpath("data").mkdir()
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{tmp_path / 'data' / 'wandql.db'}")
    with engine.begin() as connection:
        tables.metadata.create_all(connection, tables=former)
        connection.exec_driver_sql("PRAGMA user_version=1")
    engine.dispose()
    with open_application(tmp_path / "data", entity="alice") as opened:
        writer = Writer(Caller(opened, opened.api_key), run=None)
        writer.log("data", A)
        assert writer.versions("data") == ["v0"]
    with sqlite3.connect(tmp_path / "data" / "wandql.db") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (tables.VERSION,)
    connection.close()


def test_a_deleted_run_takes_its_versions_along_only_on_purpose(writer: Writer):
    document = """
      mutation ($id: ID!, $all: Boolean) { deleteRun(input: {id: $id, deleteArtifacts: $all}) { clientMutationId } }
    """
    kept = writer.log("kept", A)
    writer.caller.ask(document, id=writer.caller.run("id")["id"])
    assert artifact(writer, kept, "state createdBy { __typename }") == {"state": "COMMITTED", "createdBy": None}
    writer.caller.upsert("next")
    gone = replace(writer, run="next").log("gone", B)
    writer.caller.ask(document, id=writer.caller.run("id", "next")["id"], all=True)
    assert artifact(writer, gone, "id") is None
    assert writer.versions("kept") == ["v0"]
