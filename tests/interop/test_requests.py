"""How many requests each client sends for the same job, seen by a proxy before the server."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

import wandql
from tests.interop.conftest import ENTITY, PROJECTS, RUNS, Logged, Server, official_api
from wandql.server.serving import bind

pytestmark = pytest.mark.interop


READ = (
    "name",
    "state",
    "config",
    "rawconfig",
    "summary",
    "system_metrics",
    "user",
    "tags",
    "created_at",
    "url",
    "path",
)


class Seen(NamedTuple):
    """A request that passed: who sent it, and the operation that it asked for."""

    agent: str
    operation: str


class Spy(ThreadingHTTPServer):
    """Passes requests on to a server, and writes down which."""

    daemon_threads = True

    def __init__(self, server: Server) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind = urlsplit(server.url).netloc
        self.server = Server(f"http://127.0.0.1:{self.server_port}", server.api_key, server.process)
        self.seen: list[Seen] = []

    def take(self) -> Counter[str]:
        """Return how often each operation was asked for since the last time."""
        taken, self.seen = self.seen, []
        return Counter(one.operation for one in taken)


class Handler(BaseHTTPRequestHandler):
    """Passes one request on."""

    protocol_version = "HTTP/1.1"
    server: Spy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append(Seen(self.headers["user-agent"], operation_of(json.loads(body))))
        connection = HTTPConnection(self.server.behind)
        connection.request(
            "POST", self.path, body, {name: value for name, value in self.headers.items() if name != "Host"}
        )
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.send_response(answer.status)
        self.send_header("content-type", answer.headers["content-type"])
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        pass


def operation_of(body: dict[str, Any]) -> str:
    named = re.search(r"\b(?:query|mutation)\s+(\w+)", body["query"])
    return named[1] if named else ""


@pytest.fixture(scope="module")
def running_spy(logged: Logged) -> Iterator[Spy]:
    with Spy(logged.server) as spy:
        thread = threading.Thread(target=spy.serve_forever)
        thread.start()
        yield spy
        spy.shutdown()
        thread.join()


@pytest.fixture
def spy(running_spy: Spy) -> Spy:
    running_spy.take()
    return running_spy


@pytest.fixture
def api(spy: Spy) -> Iterator[wandql.Api]:
    with spy.server.api() as opened:
        yield opened


def test_making_an_api_a_list_and_its_repr_sends_nothing(spy: Spy):
    with spy.server.api(entity=None) as api:
        print(api, api.settings, api.runs("images"), api.runs("images").entity, api.projects(), api.user_agent)
    assert spy.take() == {}


def test_a_list_costs_one_request_for_each_page(spy: Spy, api: wandql.Api):
    for _ in api.runs("images", per_page=20):
        pass
    assert spy.take() == {"GetRuns": 3}


def test_reading_all_that_a_listed_run_holds_sends_nothing_more(spy: Spy, api: wandql.Api):
    for run in api.runs("images"):
        assert all(hasattr(run, name) for name in READ)
    assert spy.take() == {"GetRuns": 1}


def test_a_run_that_was_listed_is_there_without_a_request(spy: Spy, api: wandql.Api):
    runs = api.runs("images")
    listed = list(runs)
    assert runs[0] is listed[0]
    assert runs.first() is listed[0]
    assert list(runs) == listed
    assert len(runs) == RUNS
    assert spy.take() == {"GetRuns": 1}


@pytest.mark.parametrize("per_page", [50, 60])
def test_the_length_comes_with_the_first_page(spy: Spy, api: wandql.Api, per_page: int):
    runs = api.runs("images", per_page=per_page)
    assert len(runs) == RUNS
    assert len(list(runs)) == RUNS
    assert spy.take() == {"GetRuns": 1}


def test_the_best_run_costs_one_request(spy: Spy, api: wandql.Api):
    assert api.runs("images", order="+summary_metrics.loss", per_page=1)[0].summary["loss"]
    assert spy.take() == {"GetRuns": 1}


def test_what_was_fetched_is_not_fetched_again_until_flush(spy: Spy, api: wandql.Api):
    for _ in range(2):
        assert api.run("images/run-01") is api.run(f"{ENTITY}/images/run-01")
        assert api.project("images") is api.project("images")
        assert list(api.projects()) == list(api.projects())
        assert list(api.runs("images")) == list(api.runs("images"))
        assert api.viewer is api.viewer
        assert spy.take() == {"GetRun": 1, "GetProject": 1, "GetProjects": 1, "GetRuns": 1, "GetViewer": 1}
        api.flush()


def test_the_default_entity_is_asked_for_once_and_only_where_it_is_needed(spy: Spy):
    with spy.server.api(entity=None) as api:
        assert list(api.runs(f"{ENTITY}/images"))
        assert spy.take() == {"GetRuns": 1}
        assert list(api.runs("images"))
        assert list(api.runs("speech"))
        assert spy.take() == {"GetRuns": 2, "GetViewer": 1}


def test_every_request_says_who_sends_it(spy: Spy, api: wandql.Api):
    assert list(api.runs("images"))
    assert {one.agent for one in spy.seen} == {api.user_agent}


def test_the_official_client_asks_again_for_each_run_of_a_list_whose_config_is_read(spy: Spy, tmp_path: Path):
    with official_api(spy.server.environment(tmp_path)) as official:
        for project in PROJECTS:
            configs = official.ask("lazy_configs", path=f"{ENTITY}/{project}")
            assert len(configs) == RUNS
            asked = spy.take()
            assert (asked["Runs"], asked["Run"]) == (1, RUNS)


def test_the_official_client_without_laziness_needs_the_pages_alone(spy: Spy, tmp_path: Path):
    with official_api(spy.server.environment(tmp_path)) as official:
        official.ask("runs", path=f"{ENTITY}/images", lazy=False, per_page=20)
    asked = spy.take()
    assert (asked["Runs"], asked["Run"]) == (3, 0)


def test_no_reply_waits_for_the_client_to_acknowledge_its_first_packet():
    with bind("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        connection, _ = listening.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
