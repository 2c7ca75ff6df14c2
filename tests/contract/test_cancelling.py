"""A call that is ended from outside ends at once, leaves no connection open, and the client usable."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import anyio
import anyio.to_thread
import pytest

from tests.contract.sockets import Exchange, Serve, TcpServer
from wandql.client._async.client import AsyncClient
from wandql.client._sync.client import Client
from wandql.client.retry import RetryPolicy
from wandql.errors import RequestTimeoutError
from wandql.graphql.generated import operations
from wandql.settings import Settings

QUERY = operations.get_viewer()
BODY = b'{"data": {"viewer": null}}'
REPLY = f"HTTP/1.1 200 OK\r\ncontent-length: {len(BODY)}\r\n\r\n".encode() + BODY
# A busy machine may be late once, not every time.
TRIES = 5
AT_ONCE = 0.1

Resolve = Callable[[str], Settings]


@pytest.fixture
def resolve(tmp_path: Path) -> Resolve:
    return lambda url: Settings.resolve(api_key="k" * 40, base_url=url, environ={}, home=tmp_path, cwd=tmp_path)


class Silent:
    """Answers nothing, or the beginning of a reply, until it is told to answer."""

    def __init__(self, beginning: bytes = b"") -> None:
        self.beginning = beginning
        self.asked = threading.Event()
        self.answers = False

    def __call__(self, exchange: Exchange) -> None:
        if self.answers:
            exchange.send(REPLY)
            return
        exchange.send(self.beginning)
        self.asked.set()
        # Ends where the client goes away: its connection is closed, and not kept.
        exchange.connection.settimeout(30)
        exchange.connection.recv(1)
        exchange.reset()


def wait_until_none_is_open(server: TcpServer) -> None:
    end = time.monotonic() + 10
    while any(connection.fileno() != -1 for connection in server.open) and time.monotonic() < end:
        time.sleep(0.01)
    assert [connection for connection in server.open if connection.fileno() != -1] == []


BEGINNINGS = [b"", b"HTTP/1.1 200 OK\r\ncontent-len", b"HTTP/1.1 200 OK\r\ncontent-length: 26\r\n\r\n{"]


@pytest.mark.anyio
@pytest.mark.parametrize("beginning", BEGINNINGS, ids=["silence", "half a header", "half a body"])
async def test_a_cancelled_task_ends_at_once_and_leaves_no_connection(
    serve: Serve, resolve: Resolve, beginning: bytes
) -> None:
    silent = Silent(beginning)
    server = serve(silent)
    seconds: list[float] = []
    async with AsyncClient(resolve(server.url)) as client:
        for _ in range(TRIES):
            silent.asked.clear()
            async with anyio.create_task_group() as group:
                group.start_soon(client.execute, QUERY)
                assert await anyio.to_thread.run_sync(silent.asked.wait, 10)
                start = time.monotonic()
                group.cancel_scope.cancel()
            seconds.append(time.monotonic() - start)
            await anyio.to_thread.run_sync(wait_until_none_is_open, server)
        assert client.rate_limit.under_way == 0
        silent.answers = True
        assert (await client.execute(QUERY)).viewer is None
    assert min(seconds) < AT_ONCE


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Take Ctrl-C as a program has it, though the tests run in a background job."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("beginning", BEGINNINGS, ids=["silence", "half a header", "half a body"])
def test_ctrl_c_ends_a_thread_at_once_and_leaves_no_connection(
    serve: Serve, resolve: Resolve, beginning: bytes
) -> None:
    silent = Silent(beginning)
    server = serve(silent)
    seconds: list[float] = []
    with Client(resolve(server.url)) as client:
        for _ in range(TRIES):
            silent.asked.clear()
            sent: list[float] = []

            def interrupt(sent: list[float] = sent) -> None:
                assert silent.asked.wait(10)
                time.sleep(0.02)
                sent.append(time.monotonic())
                os.kill(os.getpid(), signal.SIGINT)

            thread = threading.Thread(target=interrupt)
            thread.start()
            with pytest.raises(KeyboardInterrupt):
                client.execute(QUERY)
            seconds.append(time.monotonic() - sent[0])
            thread.join()
            wait_until_none_is_open(server)
        assert client.rate_limit.under_way == 0
        silent.answers = True
        assert client.execute(QUERY).viewer is None
    assert min(seconds) < AT_ONCE


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_a_wait_between_two_attempts(serve: Serve, resolve: Resolve) -> None:
    server = serve(lambda exchange: exchange.send(b"HTTP/1.1 503 Busy\r\nretry-after: 50\r\ncontent-length: 0\r\n\r\n"))
    with Client(resolve(server.url)) as client:

        def interrupt() -> None:
            while not server.requests:
                time.sleep(0.01)
            time.sleep(0.2)
            os.kill(os.getpid(), signal.SIGINT)

        thread = threading.Thread(target=interrupt)
        thread.start()
        start = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            client.execute(QUERY)
        assert time.monotonic() - start < 5
        thread.join()
    assert len(server.requests) == 1


@pytest.mark.parametrize("beginning", BEGINNINGS, ids=["silence", "half a header", "half a body"])
def test_the_deadline_ends_a_thread_and_leaves_no_connection(serve: Serve, resolve: Resolve, beginning: bytes) -> None:
    server = serve(Silent(beginning))
    seconds: list[float] = []
    with Client(resolve(server.url), policy=RetryPolicy(deadline=0.2)) as client:
        for _ in range(TRIES):
            start = time.monotonic()
            with pytest.raises(RequestTimeoutError):
                client.execute(QUERY)
            seconds.append(time.monotonic() - start)
        wait_until_none_is_open(server)
    assert 0.15 < min(seconds) < 0.2 + AT_ONCE


def test_a_phase_has_a_timeout_of_its_own_and_the_next_attempt_follows(serve: Serve, resolve: Resolve) -> None:
    silent = Silent()
    server = serve(silent)
    policy = RetryPolicy(deadline=20, read=0.1, first_delay=0, attempts=3)
    with Client(resolve(server.url), policy=policy) as client:
        with pytest.raises(RequestTimeoutError, match="ReadTimeout") as caught:
            client.execute(QUERY)
        assert caught.value.attempts == 3
        silent.answers = True
        assert client.execute(QUERY).viewer is None
    assert len(server.requests) == 4


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_server_that_sends_byte_by_byte_does_not_hold_a_thread(serve: Serve, resolve: Resolve, part: str) -> None:
    def dribble(exchange: Exchange) -> None:
        head, body = REPLY.split(b"{", 1)
        if part == "body":
            exchange.send(head)
        for byte in body if part == "body" else REPLY:
            exchange.send(bytes([byte]))
            exchange.wait(0.1)

    server = serve(dribble)
    with Client(resolve(server.url), policy=RetryPolicy(deadline=0.5)) as client:
        start = time.monotonic()
        with pytest.raises(RequestTimeoutError):
            client.execute(QUERY)
        # All of it takes longer than eight seconds, and half of it two.
        assert time.monotonic() - start < 2
    wait_until_none_is_open(server)
