"""A client, and what it fetched, in a forked child and in its parent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.limited import LimitedServer
from tests.contract.sockets import Exchange, Serve

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

BODY = b'{"data": {"viewer": null}}'
REPLY = f"HTTP/1.1 200 OK\r\ncontent-length: {len(BODY)}\r\n\r\n".encode() + BODY

PREAMBLE = """
import os, sys, threading, traceback, warnings
from pathlib import Path
import anyio
from wandql.client._async.client import AsyncClient
from wandql.client._sync.client import Client
from wandql.client._sync.fetched import Fetched
from wandql.settings import Settings

# Newer Pythons warn of what is tested here.
warnings.simplefilter("ignore", DeprecationWarning)
url, home = sys.argv[1:]
settings = Settings.resolve(api_key="k" * 40, base_url=url, environ={}, home=Path(home), cwd=Path(home), timeout=10)

def in_child(function):
    child = os.fork()
    if child == 0:
        try:
            function()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child

def ended(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
"""

UNDER_LOAD = """
client = Client(settings)
stop = threading.Event()

def ask():
    while not stop.is_set():
        client.get_viewer()

threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads:
    thread.start()
client.get_viewer()
for _ in range(10):
    child = in_child(lambda: [client.get_viewer() for _ in range(3)])
    assert ended(child) == 0
stop.set()
for thread in threads:
    thread.join()
client.get_viewer()
client.close()
"""

HELD_LOCK = """
fetched = Fetched()
held, free = threading.Event(), threading.Event()

def fetch():
    held.set()
    free.wait()
    return "parent"

holder = threading.Thread(target=lambda: fetched.get("key", fetch))
holder.start()
held.wait()

def ask():
    assert fetched.get("key", lambda: "child") == "child"

assert ended(in_child(ask)) == 0
free.set()
holder.join()
assert fetched.get("key", fetch) == "parent"
"""

IN_LINE = """
client = Client(settings)
client.get_viewer()  # the only one of the window
waiting = threading.Thread(target=client.get_viewer)
waiting.start()
while not client.rate_limit.waiting:
    pass

def ask():
    assert client.rate_limit.waiting == 0
    client.get_viewer()
    client.close()

assert ended(in_child(ask)) == 0
waiting.join()
"""

TASKS = """
client = AsyncClient(settings)

async def ask():
    await client.get_viewer()

def child():
    anyio.run(ask)

# A child before the parent has an event loop, and one while it has none any more.
assert ended(in_child(child)) == 0
anyio.run(ask)
assert ended(in_child(child)) == 0
"""


@pytest.mark.parametrize("script", [UNDER_LOAD, HELD_LOCK, TASKS], ids=["under load", "a held lock", "tasks"])
def test_a_forked_child_can_query_and_so_can_its_parent(serve: Serve, tmp_path: Path, script: str) -> None:
    server = serve(lambda exchange: exchange.send(REPLY))
    command = [sys.executable, "-c", PREAMBLE + script, server.url, str(tmp_path)]
    subprocess.run(command, check=True, timeout=100)


def test_a_child_does_not_wait_for_a_thread_of_its_parent(serve: Serve, tmp_path: Path) -> None:
    server = LimitedServer(1, 1.0)
    subprocess.run([sys.executable, "-c", PREAMBLE + IN_LINE, serve(server).url, str(tmp_path)], check=True, timeout=60)
    assert len(server.answered) == 3


def test_a_child_leaves_the_connection_of_its_parent_alone(serve: Serve, tmp_path: Path) -> None:
    callers: list[tuple[str, int]] = []

    def answer(exchange: Exchange) -> None:
        callers.append(exchange.connection.getpeername())
        exchange.send(REPLY)

    script = """
client = Client(settings)
client.get_viewer()
assert ended(in_child(client.get_viewer)) == 0
client.get_viewer()
"""
    command = [sys.executable, "-c", PREAMBLE + script, serve(answer).url, str(tmp_path)]
    subprocess.run(command, check=True, timeout=100)
    first, child, last = callers
    assert first == last != child
