"""What the server does not take: it says so, keeps nothing of it, and goes on."""

from __future__ import annotations

import errno
import gzip
import json
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

import wandql
from tests.server.conftest import Caller
from wandql.errors import BadRequestError, ServerError
from wandql.server import Application, open_application, run_in_thread
from wandql.server.blobs import Upload
from wandql.server.limits import Limits
from wandql.testing.runs import SampleRun, send_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMITS = Limits(body=10_000, upload=20_000)
ANNOUNCE = """mutation ($name: String!) {
  createRunFiles(input: {entityName: "alice", projectName: "p", runName: "run", files: [$name]}) { files { uploadUrl } }
}"""
FULL = "The disk of the server is full: nothing of this request was kept. It can be sent again later."


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Application]:
    """A server that takes little."""
    with open_application(tmp_path / "server", entity="alice", limits=LIMITS) as opened:
        yield opened


def upload_target(caller: Caller, name: str = "a.bin") -> str:
    (file,) = caller.ask(ANNOUNCE, name=name)["createRunFiles"]["files"]
    return file["uploadUrl"].partition("server.test")[2]


def files_on_disk(application: Application) -> list[Path]:
    return [path for path in (application.directory / "files").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("method", "target", "size", "headers"),
    [
        ("POST", "/graphql", 10_001, {}),
        ("POST", "/graphql", 12_000_000, {}),
        ("POST", "/files/alice/p/run/file_stream", 10_001, {}),
        ("POST", "/graphql", 10_001, {"content-encoding": "gzip"}),
        ("PUT", None, 20_001, {}),
        ("PUT", None, 12_000_000, {}),
    ],
)
@pytest.mark.parametrize("route", ["in-process", "declared", "chunked"])
def test_what_is_too_large_is_refused_with_the_limit(
    small: Application, method: str, target: str | None, size: int, headers: dict[str, str], route: str
):
    caller = Caller(small, small.api_key)
    caller.upsert()
    target = target or upload_target(caller)
    body = gzip.compress(bytes(size)) if headers else bytes(size)
    if route == "in-process":
        response = caller.send(method, target, body, **headers)
        status, content = response.status, response.body
    else:
        with run_in_thread(small) as url, httpx.Client(auth=("api", small.api_key)) as client:
            pieces = (body[start : start + 65_536] for start in range(0, len(body), 65_536))
            sent = client.request(
                method, f"{url}{target}", content=pieces if route == "chunked" else body, headers=headers
            )
            status, content = sent.status_code, sent.content
            assert client.get(f"{url}/ready").status_code == 200
    assert status == 413
    (error,) = json.loads(content)["errors"]
    limit, noun = ("20,000", "upload") if method == "PUT" else ("10,000", "request")
    assert error["message"] == f"This {noun} is too large: this server takes at most {limit} bytes at once."
    assert files_on_disk(small) == []


def test_what_is_just_not_too_large_is_taken(small: Application):
    caller = Caller(small, small.api_key)
    caller.upsert()
    assert caller.send("PUT", upload_target(caller), bytes(20_000)).status == 200
    with run_in_thread(small) as url:
        assert httpx.put(f"{url}{upload_target(caller, 'b.bin')}", content=bytes(20_000)).status_code == 200
    body = json.dumps({"query": "{ viewer { id } }"}).encode()
    assert caller.send("POST", "/graphql", body.ljust(10_000)).status == 200


def test_wandql_says_what_the_server_says(small: Application):
    with wandql.Api(base_url="http://x.test", api_key=small.api_key, transport=transport(small)) as api:
        with pytest.raises(BadRequestError, match="at most 10,000 bytes") as caught:
            api.client.upsert_run(entity="alice", project="p", run="run", notes="x" * 10_000)
        assert (caught.value.status, caught.value.attempts) == (413, 1)


def transport(application: Application) -> httpx.BaseTransport:
    from wandql.server import Request

    def answer(request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        response = application.respond(Request(request.method, request.url.raw_path.decode(), headers, request.read()))
        return httpx.Response(response.status, headers=dict(response.headers), content=response.body)

    return httpx.MockTransport(answer)


@contextmanager
def full_database(application: Application) -> Iterator[None]:
    """Let the database not grow any more, as on a full disk."""
    with application._store.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    yield
    with application._store.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")


@pytest.mark.sqlite
def test_a_full_disk_is_said_and_what_was_acknowledged_stays(
    application: Application, caller: Caller, caplog: pytest.LogCaptureFixture
):
    caller.upsert()
    caller.log([{"x": step} for step in range(10)])
    rows = [json.dumps({"x": step, "text": "x" * 5000}) for step in range(10, 20)]
    message = json.dumps({"files": {"wandb-history.jsonl": {"offset": 10, "content": rows}}}).encode()
    target = "/files/alice/p/run/file_stream"
    with full_database(application), caplog.at_level(logging.ERROR):
        response = caller.send("POST", target, message)
        assert (response.status, json.loads(response.body)) == (507, {"errors": [{"message": FULL}]})
        status, reply = caller.post(
            'mutation ($c: JSONString) { upsertBucket(input: {name: "new", modelName: "p", config: $c}) { inserted } }',
            c=json.dumps({"x": {"value": "x" * 100_000}}),
        )
        assert (status, reply["errors"][0]["message"]) == (507, FULL)
        assert caller.run("historyLineCount") == {"historyLineCount": 10}
    assert FULL in caplog.text
    assert "Traceback" not in caplog.text
    assert caller.send("POST", target, message).status == 200
    assert caller.run("historyLineCount") == {"historyLineCount": 20}
    with application._store.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


@pytest.mark.parametrize("route", ["in-process", "tcp"])
def test_an_upload_that_the_disk_has_no_room_for_leaves_nothing_behind(
    application: Application, caller: Caller, monkeypatch: pytest.MonkeyPatch, route: str
):
    caller.upsert()
    target = upload_target(caller)

    def write(self: Upload, chunk: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with run_in_thread(application) as url:

        def put() -> tuple[int, bytes]:
            if route == "tcp":
                reply = httpx.put(f"{url}{target}", content=b"content")
                return reply.status_code, reply.content
            response = caller.send("PUT", target, b"content")
            return response.status, response.body

        with monkeypatch.context() as patch:
            patch.setattr(Upload, "write", write)
            status, body = put()
            assert (status, json.loads(body)) == (507, {"errors": [{"message": FULL}]})
            assert files_on_disk(application) == []
        assert put()[0] == 200


@pytest.mark.sqlite
def test_wandql_hears_of_a_full_disk_at_once(application: Application):
    send_run(application, sample_run())
    with (
        full_database(application),
        wandql.Api(base_url="http://x.test", api_key=application.api_key, transport=transport(application)) as api,
    ):
        with pytest.raises(ServerError, match="507") as caught:
            api.client.upsert_run(entity="alice", project="p", run="run", notes="x" * 100_000)
        assert FULL in str(caught.value)
        assert caught.value.attempts == 1


def sample_run() -> SampleRun:
    return SampleRun(
        project="p", id="run", name="run", state="finished", config={}, summary={}, history=[], system=[], printed=[],
        files={}, tags=[], group=None, job_type=None, notes=None,
    )  # fmt: skip
