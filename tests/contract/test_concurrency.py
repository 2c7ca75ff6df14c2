"""What differs by colour: many threads on one client, many tasks on one client, cancelling, event loops."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path

import anyio
import anyio.to_thread
import httpx
import pytest
import trio

from tests.contract.sockets import Exchange, Serve
from wandql.client._async.client import AsyncClient
from wandql.client._async.transport import AsyncHandlerTransport
from wandql.client._sync.client import Client
from wandql.client.retry import RetryPolicy
from wandql.errors import ClosedError, RequestTimeoutError, UsageError
from wandql.graphql.generated import operations
from wandql.settings import Settings

QUERY = operations.get_viewer()
BODY = b'{"data": {"viewer": null}}'
REPLY = f"HTTP/1.1 200 OK\r\ncontent-length: {len(BODY)}\r\n\r\n".encode() + BODY


@pytest.fixture
def resolve(tmp_path: Path) -> Callable[..., Settings]:
    """Resolve settings from nothing but what the test says."""

    def resolve(base_url: str = "http://wandb.test", **environ: str) -> Settings:
        return Settings.resolve(api_key="k" * 40, base_url=base_url, environ=environ, home=tmp_path, cwd=tmp_path)

    return resolve


Resolve = Callable[..., Settings]


def echo(exchange: Exchange) -> None:
    """Answer with the project that was asked for, as its number of runs."""
    variables = json.loads(exchange.body)["variables"]
    body = json.dumps({"data": {"project": {"runCount": int(variables["project"])}}}).encode()
    exchange.send(f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)


def test_threads_share_a_client_and_each_gets_its_own_reply(serve: Serve, resolve: Resolve) -> None:
    server = serve(echo)
    start = threading.Barrier(32)

    def ask(number: int) -> list[int | None]:
        start.wait()
        replies = [client.get_run_count(entity="e", project=str(number * 10 + turn)) for turn in range(10)]
        return [reply.project.run_count if reply.project else None for reply in replies]

    with Client(resolve(server.url)) as client, ThreadPoolExecutor(32) as pool:
        found = list(pool.map(ask, range(32)))
    assert found == [[number * 10 + turn for turn in range(10)] for number in range(32)]
    assert len(server.requests) == 320
    assert server.connections <= 64


def test_closing_a_client_under_its_threads_lets_each_request_end_and_no_other_begin(
    serve: Serve, resolve: Resolve
) -> None:
    server = serve(echo)
    client = Client(resolve(server.url), policy=RetryPolicy(attempts=1))

    def ask(_: int) -> int:
        for replies in itertools.count():
            try:
                client.get_run_count(entity="e", project="1")
            except ClosedError:
                return replies
        raise AssertionError

    with ThreadPoolExecutor(8) as pool:
        replies = pool.map(ask, range(8))
        while len(server.requests) < 50:
            time.sleep(0.001)
        client.close()
        assert sum(replies) == len(server.requests)


@pytest.mark.anyio
async def test_tasks_share_a_client_and_each_gets_its_own_reply(serve: Serve, resolve: Resolve) -> None:
    server = serve(echo)
    found: dict[int, int | None] = {}

    async def ask(number: int) -> None:
        reply = await client.get_run_count(entity="e", project=str(number))
        found[number] = reply.project.run_count if reply.project else None

    async with AsyncClient(resolve(server.url)) as client, anyio.create_task_group() as group:
        for number in range(200):
            group.start_soon(ask, number)
    assert found == {number: number for number in range(200)}
    assert server.connections <= 64


@pytest.mark.anyio
async def test_a_request_can_be_cancelled_and_leaves_the_client_usable(serve: Serve, resolve: Resolve) -> None:
    full = threading.Event()

    def hold(exchange: Exchange) -> None:
        if exchange.number == 64:
            full.set()
        exchange.wait(30)

    server = serve(hold)
    async with AsyncClient(resolve(server.url)) as client:
        async with anyio.create_task_group() as group:
            # More than the pool has connections: some are cancelled while they wait for one.
            for _ in range(100):
                group.start_soon(client.execute, QUERY)
            assert await anyio.to_thread.run_sync(full.wait, 20)
            group.cancel_scope.cancel()
        assert server.connections == 64
        server.answer = lambda exchange: exchange.send(REPLY)
        with anyio.fail_after(20):
            for _ in range(100):
                assert (await client.execute(QUERY)).viewer is None
    assert server.connections == 65


@pytest.mark.anyio
async def test_a_wait_between_two_attempts_can_be_cancelled(resolve: Resolve) -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(503, headers={"retry-after": "50"})

    async with AsyncClient(resolve(), transport=httpx.MockTransport(answer)) as client:
        with anyio.move_on_after(0.05) as scope:
            await client.execute(QUERY)
    assert scope.cancelled_caught
    assert len(sent) == 1


@pytest.mark.anyio
async def test_a_client_can_be_closed_inside_a_cancelled_scope(resolve: Resolve) -> None:
    closed: list[bool] = []
    transport = AsyncHandlerTransport(lambda *_: (200, {}, BODY), lambda: closed.append(True))
    with anyio.CancelScope() as scope:
        async with AsyncClient(resolve(), transport=transport) as client:
            await client.execute(QUERY)
            scope.cancel()
    assert closed == [True]
    with pytest.raises(ClosedError):
        await client.execute(QUERY)


@pytest.mark.anyio
async def test_closing_a_client_under_its_tasks_lets_each_request_end(serve: Serve, resolve: Resolve) -> None:
    begun, released = threading.Event(), threading.Event()

    def answer(exchange: Exchange) -> None:
        begun.set()
        assert released.wait(10)
        exchange.send(REPLY)

    client = AsyncClient(resolve(serve(answer).url))
    async with anyio.create_task_group() as group:
        group.start_soon(client.execute, QUERY)
        assert await anyio.to_thread.run_sync(begun.wait, 10)
        await client.aclose()
        with pytest.raises(ClosedError):
            await client.execute(QUERY)
        released.set()


@pytest.mark.anyio
async def test_headers_that_dribble_do_not_hold_a_task_beyond_the_deadline(serve: Serve, resolve: Resolve) -> None:
    def answer(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\n")
        while True:
            exchange.send(b"x: y\r\n")
            exchange.wait(0.05)

    start = time.monotonic()
    async with AsyncClient(resolve(serve(answer).url, WANDB_HTTP_TIMEOUT="0.5")) as client:
        with pytest.raises(RequestTimeoutError, match="did not end in time"):
            await client.execute(QUERY)
    assert 0.4 < time.monotonic() - start < 2


def pages_of(count: int) -> Callable[[Exchange], None]:
    def answer(exchange: Exchange) -> None:
        end = str(exchange.number)
        line = {"line": end, "level": None, "timestamp": None, "label": None, "number": None}
        info = {"endCursor": end, "hasNextPage": exchange.number < count}
        log = {"edges": [{"node": line}], "pageInfo": info}
        body = json.dumps({"data": {"project": {"run": {"logLineCount": count, "logLines": log}}}}).encode()
        exchange.send(f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)

    return answer


@pytest.mark.anyio
async def test_a_list_that_is_left_early_and_closed_leaves_nothing_open(serve: Serve, resolve: Resolve) -> None:
    server = serve(pages_of(5))
    log = operations.get_run_log_lines(entity="e", project="p", run="r")
    async with AsyncClient(resolve(server.url)) as client:
        async with aclosing(client.paginate(log)) as lines:
            async for _ in lines:
                break
        assert len([line async for line in client.paginate(log)]) == 4
    assert len(server.requests) == 5


@pytest.mark.anyio
async def test_a_handler_in_this_process_does_not_block_the_event_loop(resolve: Resolve) -> None:
    reached = threading.Event()
    released = threading.Event()

    def handle(*_: object) -> tuple[int, dict[str, str], bytes]:
        reached.set()
        assert released.wait(10)
        return 200, {}, BODY

    async with (
        AsyncClient(resolve(), transport=AsyncHandlerTransport(handle)) as client,
        anyio.create_task_group() as group,
    ):
        group.start_soon(client.execute, QUERY)
        assert await anyio.to_thread.run_sync(reached.wait, 10)
        released.set()


@pytest.mark.parametrize("run", [asyncio.run, trio.run])
def test_a_client_is_made_anywhere_and_belongs_to_the_event_loop_that_uses_it_first(
    serve: Serve, resolve: Resolve, run: Callable[[Callable[[], object]], None]
) -> None:
    server = serve(lambda exchange: exchange.send(REPLY.replace(b"\r\n", b"\r\nconnection: close\r\n", 1)))
    client = AsyncClient(resolve(server.url))

    async def ask() -> None:
        await client.execute(QUERY)

    trio.run(ask)
    with pytest.raises(UsageError, match="another event loop"):
        run(ask if run is trio.run else ask())
    assert len(server.requests) == 1
