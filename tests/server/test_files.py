"""Files of runs: announced, uploaded through signed URLs, listed, downloaded, deleted."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest

from tests.server.conftest import Caller
from wandql.server import open_application
from wandql.server.asgi import make_app
from wandql.server.signing import LIFETIME, Signer
from wandql.server.store import now

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from pathlib import Path

    from wandql.server import Application

CREATE = """
  mutation ($files: [String!]!) {
    createRunFiles(input: {entityName: "alice", projectName: "p", runName: "run", files: $files}) {
      runID uploadHeaders files { id name uploadUrl sizeBytes md5 }
    }
  }
"""
MARK = """
  mutation ($files: [String!]!) {
    markRunFilesUploaded(input: {entityName: "alice", projectName: "p", runName: "run", files: $files}) { success }
  }
"""
DELETE = "mutation ($files: [ID!]!) { deleteFiles(input: {files: $files}) { success } }"
FILES = """
  query ($names: [String], $pattern: String, $first: Int, $after: String) {
    project(name: "p") { run(name: "run") {
      fileCount
      files(names: $names, pattern: $pattern, first: $first, after: $after) {
        edges { cursor node {
          id name displayName url directUrl sizeBytes md5 mimetype updatedAt digest artifact { id }
        } }
        pageInfo { endCursor hasNextPage } totalCount uploadHeaders
      } } }
  }
"""


def target(url: str) -> str:
    assert url.startswith("http://server.test/storage/")
    return url.removeprefix("http://server.test")


def announce(caller: Caller, *names: str) -> list[dict[str, Any]]:
    return caller.ask(CREATE, files=list(names))["createRunFiles"]["files"]


def put(caller: Caller, name: str, content: bytes) -> None:
    (file,) = announce(caller, name)
    stranger = Caller(caller.application, None)  # a live run sends no key with its uploads
    assert stranger.send("PUT", target(file["uploadUrl"]), content).status == 200


def listed(caller: Caller, **arguments: Any) -> dict[str, Any]:
    run = caller.ask(FILES, **arguments)["project"]["run"]
    return {edge["node"]["name"]: edge["node"] for edge in run["files"]["edges"]}


@pytest.fixture(autouse=True)
def _run(caller: Caller):
    caller.upsert()


def test_a_file_is_uploaded_and_downloaded_without_a_key(caller: Caller):
    content = bytes(range(256)) * 40
    put(caller, "media/images/a b.png", content)
    file = listed(caller)["media/images/a b.png"]
    assert file["sizeBytes"] == len(content)
    assert base64.b64decode(file["md5"]) == hashlib.md5(content).digest()
    assert (file["mimetype"], file["digest"], file["artifact"]) == ("image/png", None, None)
    assert file["displayName"] == file["name"]
    assert file["updatedAt"].endswith("Z")
    for url in (file["url"], file["directUrl"]):
        reply = Caller(caller.application, None).send("GET", target(url))
        assert (reply.status, reply.body) == (200, content)
    head = caller.send("HEAD", target(file["url"]))
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(content)))


def test_a_file_is_there_once_it_has_arrived(caller: Caller):
    announce(caller, "a.txt", "b.txt")
    assert listed(caller) == {}
    assert caller.ask(MARK, files=["a.txt"]) == {"markRunFilesUploaded": {"success": False}}
    put(caller, "a.txt", b"")
    assert list(listed(caller)) == ["a.txt"]
    assert caller.ask(MARK, files=["a.txt"]) == {"markRunFilesUploaded": {"success": True}}
    assert caller.ask(MARK, files=["a.txt", "no"]) == {"markRunFilesUploaded": {"success": False}}


def test_a_second_upload_replaces_the_first_and_frees_its_place(caller: Caller):
    put(caller, "a.txt", b"one")
    first = listed(caller)["a.txt"]
    put(caller, "a.txt", b"three")
    second = listed(caller)["a.txt"]
    assert second["id"] == first["id"]
    assert second["sizeBytes"] == 5
    assert caller.send("GET", target(second["url"])).body == b"three"
    contents = [path for path in (caller.application.directory / "files").rglob("*") if path.is_file()]
    assert len(contents) == 1


def test_files_are_listed_by_name_pattern_and_page(caller: Caller):
    for name in ("b.json", "a.json", "c/d.json", "c/e.png"):
        put(caller, name, b"x")
    assert list(listed(caller)) == ["a.json", "b.json", "c/d.json", "c/e.png"]
    assert list(listed(caller, names=["b.json", "nothing"])) == ["b.json"]
    assert list(listed(caller, names=[])) == ["a.json", "b.json", "c/d.json", "c/e.png"]
    assert list(listed(caller, pattern="c/%.png")) == ["c/e.png"]
    run = caller.ask(FILES, first=3)["project"]["run"]
    assert (run["fileCount"], run["files"]["totalCount"], run["files"]["uploadHeaders"]) == (4, 4, [])
    assert run["files"]["pageInfo"]["hasNextPage"] is True
    assert list(listed(caller, first=3, after=run["files"]["pageInfo"]["endCursor"])) == ["c/e.png"]


@pytest.mark.parametrize(
    "name",
    ["../up", "a/../../up", "/etc/passwd", "a//b", "a/.", "", "..", "a\\..\\b", "C:/a", "a\0b", "x" * 1025],
)
def test_a_name_that_leaves_the_runs_directory_is_refused(caller: Caller, name: str):
    status, message = caller.refused(CREATE, files=[name])
    assert status == 400
    assert "cannot name a file of a run" in message
    assert caller.ask(CREATE, files=[])["createRunFiles"]["files"] == []


@pytest.mark.parametrize(
    "path", ["/storage/../key", "/storage/..%2f..%2fkey/x", "/storage/%2e%2e/key", "/storage//key"]
)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_no_path_reaches_other_files(caller: Caller, method: str, path: str):
    file = announce(caller, "a.txt")[0]
    query = urlsplit(file["uploadUrl"]).query
    for suffix in ("", f"?{query}"):
        assert caller.send(method, path + suffix, b"x").status in {403, 404}


def test_a_url_is_good_for_one_method_and_one_file(caller: Caller):
    put(caller, "a.txt", b"a")
    a, b = announce(caller, "a.txt", "b.txt")
    download = target(listed(caller)["a.txt"]["url"])
    upload_a, upload_b = target(a["uploadUrl"]), target(b["uploadUrl"])
    assert caller.send("GET", upload_a).status == 403
    assert caller.send("PUT", download, b"x").status == 403
    stolen = f"{upload_a.partition('?')[0]}?{upload_b.partition('?')[2]}"
    assert caller.send("PUT", stolen, b"x").status == 403
    later = upload_a.replace("expires=", "expires=9")
    assert caller.send("PUT", later, b"x").status == 403
    assert caller.send("PUT", upload_a.partition("?")[0], b"x").status == 403
    assert caller.send("GET", download).body == b"a"


def test_a_url_expires():
    signer, moment = Signer("secret"), now()
    query = {k: v[0] for k, v in parse_qs(urlsplit(signer.path("PUT", "t", "n", moment)).query).items()}
    assert signer.allows("PUT", "t", query, moment + LIFETIME)
    assert not signer.allows("PUT", "t", query, moment + LIFETIME + 1)
    assert not Signer("other").allows("PUT", "t", query, moment)
    assert not signer.allows("PUT", "t", {}, moment)
    assert not signer.allows("PUT", "t", {"expires": "x", "signature": "é"}, moment)


def test_deleted_files_are_gone(caller: Caller):
    put(caller, "a.txt", b"a")
    put(caller, "b.txt", b"b")
    file = listed(caller)["a.txt"]
    upload = target(announce(caller, "a.txt")[0]["uploadUrl"])
    assert caller.ask(DELETE, files=[file["id"]]) == {"deleteFiles": {"success": True}}
    assert list(listed(caller)) == ["b.txt"]
    assert caller.send("GET", target(file["url"])).status == 404
    assert caller.send("PUT", upload, b"x").status == 404
    assert caller.refused(DELETE, files=[file["id"]])[0] == 404
    contents = [path for path in (caller.application.directory / "files").rglob("*") if path.is_file()]
    assert len(contents) == 1


def test_the_files_of_a_deleted_run_are_gone_from_the_disk(caller: Caller):
    put(caller, "a.txt", b"a")
    run = caller.run("id")
    caller.ask("mutation ($id: ID!) { deleteRun(input: {id: $id}) { clientMutationId } }", id=run["id"])
    assert [path for path in (caller.application.directory / "files").rglob("*") if path.is_file()] == []


def test_an_upload_that_never_ended_is_cleared_at_the_next_start(tmp_path: Path):
    with open_application(tmp_path) as first:
        upload = first.blobs.receive()
        upload.write(b"half")
        upload.finish()
    with open_application(tmp_path) as second:
        assert list((second.directory / "files" / "incoming").iterdir()) == []


def test_a_run_of_another_server_cannot_be_uploaded_to(caller: Caller):
    document = CREATE.replace('"run"', '"nope"')
    assert caller.refused(document, files=["a"])[0] == 404


def test_the_sizes_of_files_add_up(caller: Caller):
    put(caller, "a", b"123")
    put(caller, "b", b"45")
    assert caller.ask("{ entity { storageBytes } }") == {"entity": {"storageBytes": 5}}


def test_how_a_run_was_started_is_read_from_its_metadata(caller: Caller):
    selection = "runInfo { program args python cpuCount gpu codeSaved git { remote commit } }"
    assert caller.run(selection) == {"runInfo": None}
    metadata = {
        "program": "train.py",
        "args": ["-v"],
        "cpu_count": 2,
        "codePath": "x",
        "git": {"commit": "c"},
        "more": 1,
    }
    put(caller, "wandb-metadata.json", json.dumps(metadata).encode())
    assert caller.run(selection)["runInfo"] == {
        "program": "train.py", "args": ["-v"], "python": None, "cpuCount": 2, "gpu": None, "codeSaved": True,
        "git": {"remote": None, "commit": "c"},
    }  # fmt: skip
    put(caller, "wandb-metadata.json", b"[]")
    assert caller.run(selection) == {"runInfo": None}


def test_over_a_network_bytes_are_streamed_ranged_and_tagged(networked: tuple[Application, str]):
    application, url = networked
    caller = Caller(application, application.api_key, {"host": urlsplit(url).netloc})
    caller.upsert()
    content = bytes(range(256)) * 4096
    (file,) = announce(caller, "big.bin")
    pieces = (content[i : i + 65536] for i in range(0, len(content), 65536))
    assert httpx.put(file["uploadUrl"], content=pieces).status_code == 200
    link = listed(caller)["big.bin"]["url"]
    whole = httpx.get(link)
    assert whole.content == content
    assert whole.headers["content-length"] == str(len(content))
    part = httpx.get(link, headers={"range": "bytes=256-511"})
    assert (part.status_code, part.content) == (206, bytes(range(256)))
    assert httpx.head(link).headers["etag"] == whole.headers["etag"]
    assert httpx.get(link.replace("signature=", "signature=0")).status_code == 403
    assert httpx.put(link, content=b"x").status_code == 403
    assert httpx.get(f"{url}/storage/{quote('../../key', safe='')}/x").status_code == 403
    assert httpx.get(f"{url}/storage/../key").status_code == 404


def test_a_broken_upload_leaves_the_former_content(networked: tuple[Application, str]):
    application, url = networked
    caller = Caller(application, application.api_key, {"host": urlsplit(url).netloc})
    caller.upsert()
    (file,) = announce(caller, "kept.txt")
    assert httpx.put(file["uploadUrl"], content=b"kept").status_code == 200

    def broken():
        yield b"half"
        raise OSError

    with pytest.raises(OSError), httpx.Client() as client:
        client.put(file["uploadUrl"], content=broken(), headers={"content-length": "100"})
    assert httpx.get(listed(caller)["kept.txt"]["url"]).content == b"kept"


def test_no_other_origin_may_use_a_signed_url_from_a_browser(networked: tuple[Application, str]):
    application, url = networked
    caller = Caller(application, application.api_key, {"host": urlsplit(url).netloc})
    caller.upsert()
    (file,) = announce(caller, "asked.txt")

    def ask(origin: str) -> str | None:
        asked = {"origin": origin, "access-control-request-method": "GET"}
        reply = httpx.options(file["uploadUrl"], headers=asked)
        assert reply.status_code == 204
        return reply.headers.get("access-control-allow-origin")

    assert [ask(url), ask("http://evil.test"), ask("null")] == [url, None, None]


@pytest.mark.parametrize("path", ["/graphql", "/files/alice/p/run/file_stream", "/storage/token/name"])
def test_a_client_that_leaves_halfway_is_no_fault(application: Application, path: str):
    arriving = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return next(arriving)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    method = "PUT" if path.startswith("/storage") else "POST"
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [], "server": ("server.test", 80), "client": ("127.0.0.1", 1), "scheme": "http",
    }  # fmt: skip
    asyncio.run(make_app(application)(scope, receive, send))
    assert sent[0]["status"] in {400, 403}
