"""What a whole program sees of its requests: logs, traces; and that clients of two hosts do not mix."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.contract.sockets import Exchange, Serve
from wandql.client._sync.client import Client
from wandql.errors import RedirectError
from wandql.graphql.generated import operations
from wandql.settings import Settings

BODY = b'{"data": {"viewer": null}}'
REPLY = f"HTTP/1.1 200 OK\r\ncontent-length: {len(BODY)}\r\n\r\n".encode() + BODY
KEY = "0123456789abcdef" * 3

PREAMBLE = f"""
import sys
from pathlib import Path
url, home = sys.argv[1:]

def ask():
    from wandql.client._sync.client import Client
    from wandql.settings import Settings

    settings = Settings.resolve(api_key={KEY!r}, base_url=url, environ={{}}, home=Path(home), cwd=Path(home))
    for _ in range(2):
        with Client(settings) as client:
            client.get_viewer()
"""

TRACED = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

exporter = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
with trace.get_tracer("program").start_as_current_span("job"):
    ask()
*spans, job = exporter.get_finished_spans()
for span in spans:
    assert span.name == "GetViewer", span.name
    assert span.parent.span_id == job.context.span_id
    assert span.start_time <= span.end_time
    assert span.attributes["http.response.status_code"] == 200, span.attributes
    assert span.attributes["wandql.attempt"] == 1
print(len(spans))
"""

UNTRACED = """
ask()
print("opentelemetry" in sys.modules)
"""


def run(script: str, url: str, home: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PREAMBLE + script, url, str(home)]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environ, timeout=60)


def test_nothing_is_printed_unless_it_is_asked_for(serve: Serve, tmp_path: Path) -> None:
    server = serve(lambda exchange: exchange.send(REPLY))
    quiet = run("ask()", server.url, tmp_path)
    assert (quiet.stdout, quiet.stderr) == ("", "")
    loud = run("ask()", server.url, tmp_path, WANDQL_LOG="debug")
    lines = loud.stderr.splitlines()
    assert len(lines) == 2
    assert all("DEBUG wandql.requests GetViewer - attempt 1: HTTP 200 in " in line for line in lines)
    assert KEY not in loud.stderr
    assert loud.stdout == ""
    assert run("ask()", server.url, tmp_path, WANDQL_LOG="nonsense").stderr == ""


def test_each_request_is_a_span_where_the_program_traces(serve: Serve, tmp_path: Path) -> None:
    server = serve(lambda exchange: exchange.send(REPLY))
    assert run(TRACED, server.url, tmp_path).stdout == "2\n"
    assert run(UNTRACED, server.url, tmp_path).stdout == "False\n"


def test_the_keys_of_two_clients_go_to_their_own_hosts(serve: Serve, tmp_path: Path) -> None:
    servers = [serve(lambda exchange: exchange.send(REPLY)) for _ in range(2)]
    keys = ["a" * 40, "b" * 40]
    clients = [
        Client(Settings.resolve(api_key=key, base_url=server.url, environ={}, home=tmp_path, cwd=tmp_path))
        for key, server in zip(keys, servers, strict=True)
    ]
    with clients[0], clients[1], ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda number: clients[number % 2].get_viewer(), range(200)))
    seen = [
        {line for each in server.requests for line in each.head.splitlines() if "Basic" in line} for server in servers
    ]
    assert [len(each) for each in seen] == [1, 1]
    assert seen[0].isdisjoint(seen[1])
    assert [len(server.requests) for server in servers] == [100, 100]


def test_the_key_does_not_follow_a_redirect_to_another_host(serve: Serve, tmp_path: Path) -> None:
    other = serve(lambda exchange: exchange.send(REPLY))

    def redirect(exchange: Exchange) -> None:
        head = f"HTTP/1.1 307 Elsewhere\r\nlocation: {other.url}/graphql\r\ncontent-length: 0\r\n\r\n"
        exchange.send(head.encode())

    settings = Settings.resolve(api_key=KEY, base_url=serve(redirect).url, environ={}, home=tmp_path, cwd=tmp_path)
    with Client(settings) as client, pytest.raises(RedirectError, match=other.url):
        client.execute(operations.get_viewer())
    assert other.requests == []
