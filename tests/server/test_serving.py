"""The server as a process: one line when it is ready, a clean end, and nothing acknowledged that is not kept."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest

from wandql.server import open_application, run_in_thread
from wandql.testing import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wandql.server import Application

LINE = re.compile(r"wandql serving (?P<url>http://\S+) key=(?P<key>\S+) entity=(?P<entity>\S+) data=(?P<data>.+)\n")
CREATE = 'mutation ($n: String) { upsertBucket(input: {name: $n, modelName: "p"}) { inserted } }'
COUNT = '{ project(name: "p") { runCount runs(first: 10000) { edges { node { name historyLineCount } } } } }'


@dataclass
class Serving:
    """A running `wandql serve`."""

    process: subprocess.Popen[str]
    url: str
    key: str
    entity: str
    data: str

    def post(self, query: str, client: httpx.Client | None = None, **variables: object) -> dict:
        send = client.post if client else httpx.post
        body = {"query": query, "variables": variables}
        reply = send(f"{self.url}/graphql", json=body, auth=("api", self.key), timeout=30)
        assert reply.status_code == 200, reply.text
        return reply.json()["data"]


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from wandql.cli import main; main()", "serve", "--port", "0", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextlib.contextmanager
def serving(data: Path, *arguments: str) -> Iterator[Serving]:
    with start("--data", str(data), *arguments) as process:
        try:
            line = process.stdout.readline()
            match = LINE.fullmatch(line)
            assert match, (line, process.poll(), process.stderr.read() if not line else "")
            yield Serving(process, **match.groupdict())
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_the_next_start_finds_everything(tmp_path: Path, number: signal.Signals):
    data = tmp_path / "new" / "data"
    with serving(data, "--entity", "team") as first:
        assert (first.entity, first.data) == ("team", str(data))
        first.post(CREATE, n="kept")
        first.process.send_signal(number)
        out, err = first.process.communicate(timeout=20)
        assert (first.process.returncode, out, err) == (0, "", "")
    with serving(data) as second:
        assert (second.key, second.entity) == (first.key, "team")
        assert second.post(COUNT)["project"]["runCount"] == 1


def test_a_second_server_on_the_same_directory_is_refused(tmp_path: Path):
    with serving(tmp_path / "data") as first, start("--data", str(tmp_path / "data")) as second:
        out, err = second.communicate(timeout=20)
        assert second.returncode == 1
        assert out == ""
        assert f"process {first.process.pid}" in err
        assert str(tmp_path / "data") in err
        assert first.post("{ viewer { id } }")["viewer"]


def test_requests_under_way_are_finished_before_it_ends(tmp_path: Path):
    with serving(tmp_path / "data") as server, httpx.Client() as client:
        server.post(CREATE, client, n="run")
        content = [json.dumps({"_step": i, "x": i}) for i in range(30_000)]
        message = json.dumps({"files": {"wandb-history.jsonl": {"offset": 0, "content": content}}}).encode()
        sent = threading.Event()

        def slowly() -> Iterator[bytes]:
            yield message[:1000]
            sent.set()
            yield message[1000:]

        statuses: list[int] = []

        def upload() -> None:
            target = f"{server.url}/files/{server.entity}/p/run/file_stream"
            statuses.append(httpx.post(target, content=slowly(), auth=("api", server.key), timeout=60).status_code)

        thread = threading.Thread(target=upload)
        thread.start()
        sent.wait()
        server.process.terminate()
        thread.join()
        assert statuses == [200]
        assert server.process.wait(20) == 0
    with serving(tmp_path / "data") as again:
        assert again.post(COUNT)["project"]["runs"]["edges"][0]["node"]["historyLineCount"] == 30_000


def test_killing_it_in_the_middle_of_writes_loses_no_acknowledged_run(tmp_path: Path):
    acknowledged: list[str] = []
    with serving(tmp_path / "data") as server:

        def write(writer: int) -> None:
            with httpx.Client() as client, contextlib.suppress(httpx.HTTPError):
                for i in range(10_000):
                    name = f"w{writer}-{i}"
                    server.post(CREATE, client, n=name)
                    acknowledged.append(name)

        threads = [threading.Thread(target=write, args=[i]) for i in range(4)]
        for thread in threads:
            thread.start()
        while len(acknowledged) < 60:
            assert server.process.poll() is None
        server.process.kill()
        for thread in threads:
            thread.join()
    with serving(tmp_path / "data") as again:
        kept = {edge["node"]["name"] for edge in again.post(COUNT)["project"]["runs"]["edges"]}
    assert set(acknowledged) <= kept
    # A write that was under way may have been kept without an answer: one for each writer.
    assert len(kept) - len(acknowledged) <= 4


def test_a_port_that_is_taken_is_named(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with start("--data", str(tmp_path), "--port", port) as process:
            out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert f"127.0.0.1:{port}" in err


def test_a_served_application_answers_over_tcp(application: Application):
    with run_in_thread(application) as url:
        assert httpx.get(f"{url}/ready").status_code == 200
        assert httpx.get(f"{url}/health").status_code == 200
        assert "wandql" in httpx.get(url).text
        assert httpx.post(f"{url}/graphql", json={"query": "{ viewer { id } }"}, auth=("api", "no")).status_code == 401
        assert httpx.get(f"{url}/nowhere").status_code == 404
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/ready")


def test_one_in_a_thread_ends_when_the_last_request_has_its_answer():
    begun, ended = threading.Event(), threading.Event()
    answered: list[int] = []

    def wait() -> None:
        begun.set()
        assert ended.wait(20)

    with Server() as server:
        server.faults.call(wait, "Slow")
        url, key = server.url, server.api_key

        def ask() -> None:
            body = {"query": "query Slow { viewer { username } }", "operationName": "Slow"}
            answered.append(httpx.post(f"{url}/graphql", json=body, auth=("api", key), timeout=30).status_code)

        client = threading.Thread(target=ask)
        client.start()
        assert begun.wait(20)
        threading.Timer(0.05, ended.set).start()
    assert ended.is_set()
    client.join()
    assert answered == [200]
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_many_clients_at_once_are_all_answered():
    with open_application(entity="alice") as application, run_in_thread(application) as url:
        results: list[int] = []

        def work(number: int) -> None:
            with httpx.Client(auth=("api", application.api_key), timeout=60) as client:
                for i in range(5):
                    body = {"query": CREATE, "variables": {"n": f"r{number}-{i}"}}
                    results.append(client.post(f"{url}/graphql", json=body).status_code)
                    results.append(client.post(f"{url}/graphql", json={"query": COUNT}).status_code)

        threads = [threading.Thread(target=work, args=[i]) for i in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == [200] * 120
        reply = httpx.post(f"{url}/graphql", json={"query": COUNT}, auth=("api", application.api_key))
        assert reply.json()["data"]["project"]["runCount"] == 60
