"""A limit on requests, shared by threads, by tasks, and by processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path

import anyio
import pytest

from tests.contract.limited import LimitedServer
from tests.contract.sockets import Exchange, Serve
from wandql.client._async.client import AsyncClient
from wandql.client._sync.client import Client
from wandql.client.rates import RateLimit
from wandql.client.retry import RetryPolicy
from wandql.errors import LocalFileError, RateLimitError
from wandql.graphql.generated import operations
from wandql.settings import Settings

QUERY = operations.get_viewer()
PATIENT = RetryPolicy(deadline=100)
WINDOW = 0.5

Resolve = Callable[[str], Settings]


@pytest.fixture
def resolve(tmp_path: Path) -> Resolve:
    return lambda url: Settings.resolve(api_key="k" * 40, base_url=url, environ={}, home=tmp_path, cwd=tmp_path)


def test_sixteen_threads_stay_within_a_limit(serve: Serve, resolve: Resolve) -> None:
    server = LimitedServer(20, WINDOW)
    with Client(resolve(serve(server).url), policy=PATIENT) as client, ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: client.execute(QUERY), range(100)))
        known = client.rate_limit
    assert len(replies) == len(server.answered) == 100
    assert server.refused <= 1
    assert known.limit == 20
    assert known.under_way == known.waiting == 0


@pytest.mark.anyio
async def test_sixteen_tasks_stay_within_a_limit(serve: Serve, resolve: Resolve) -> None:
    server = LimitedServer(20, WINDOW)
    numbers = iter(range(100))

    async def ask() -> None:
        for _ in numbers:
            await client.execute(QUERY)

    async with AsyncClient(resolve(serve(server).url), policy=PATIENT) as client, anyio.create_task_group() as tasks:
        for _ in range(16):
            tasks.start_soon(ask)
    assert len(server.answered) == 100
    assert server.refused <= 1


SCRIPT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from wandql.client._sync.client import Client
from wandql.client.retry import RetryPolicy
from wandql.graphql.generated import operations
from wandql.settings import Settings

url, home, file = sys.argv[1:]
settings = Settings.resolve(api_key="k" * 40, base_url=url, environ={}, home=Path(home), cwd=Path(home))
with Client(settings, policy=RetryPolicy(deadline=100), rate_limit_file=Path(file)) as client:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: client.get_viewer(), range(60)))
"""


def test_two_processes_share_a_limit_through_a_file(serve: Serve, tmp_path: Path) -> None:
    server = LimitedServer(20, WINDOW)
    url, file = serve(server).url, tmp_path / "limit"
    command = [sys.executable, "-c", SCRIPT, url, str(tmp_path), str(file)]
    processes = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(100) for process in processes] == [0, 0]
    assert len(server.answered) == 120
    assert server.refused <= 1
    assert file.stat().st_mode & 0o077 == 0


def test_a_file_that_holds_nonsense_counts_as_nothing_known(serve: Serve, resolve: Resolve, tmp_path: Path) -> None:
    file = tmp_path / "limit"
    server = LimitedServer(20, 60)
    for content in (b"", b"{", b'{"remaining": "x"}', b"\xff" * 100, b"[]"):
        file.write_bytes(content)
        with Client(resolve(serve(server).url), rate_limit_file=file) as client:
            client.execute(QUERY)
            assert client.rate_limit.remaining == 20 - len(server.answered)


def test_a_file_that_cannot_be_there_is_told(serve: Serve, resolve: Resolve, tmp_path: Path) -> None:
    server = serve(LimitedServer(20, 60))
    with Client(resolve(server.url), rate_limit_file=tmp_path / "no" / "limit") as client:
        with pytest.raises(LocalFileError, match="limit"):
            client.execute(QUERY)
        with pytest.raises(LocalFileError, match="limit"):
            _ = client.rate_limit
    assert server.requests == []


def test_an_interactive_call_does_not_wait_for_bulk_work(serve: Serve, resolve: Resolve) -> None:
    """Bulk work is told to wait for longer than its deadline. Others go: to wait as long would be an error, too."""
    server = LimitedServer(20, 300)
    with Client(resolve(serve(server).url), policy=RetryPolicy(deadline=10)) as client, ThreadPoolExecutor(16) as pool:
        bulk = client.with_options(priority="bulk")
        work = [pool.submit(bulk.execute, QUERY) for _ in range(60)]
        wait(work, return_when=FIRST_EXCEPTION)
        client.execute(QUERY)
        failures = [job.exception() for job in work]
    assert {type(failure) for failure in failures if failure} == {RateLimitError}
    assert server.refused == 0


def test_a_wait_beyond_the_deadline_is_an_error_without_a_request(serve: Serve, resolve: Resolve) -> None:
    server = LimitedServer(1, 30)
    with Client(resolve(serve(server).url), policy=RetryPolicy(deadline=5)) as client:
        client.execute(QUERY)
        with pytest.raises(RateLimitError, match="takes no more requests for") as caught:
            client.execute(QUERY)
    assert caught.value.attempts == 0
    assert caught.value.retry_after is not None
    assert 20 < caught.value.retry_after <= 30
    assert server.refused == 0


def test_nothing_is_known_of_a_server_that_tells_nothing(serve: Serve, resolve: Resolve) -> None:
    def answer(exchange: Exchange) -> None:
        exchange.send(b'HTTP/1.1 200 OK\r\ncontent-length: 26\r\n\r\n{"data": {"viewer": null}}')

    with Client(resolve(serve(answer).url)) as client:
        client.execute(QUERY)
        assert client.rate_limit == RateLimit()


@pytest.mark.anyio
async def test_a_call_that_is_cancelled_while_it_waits_leaves_the_line(serve: Serve, resolve: Resolve) -> None:
    server = LimitedServer(1, 30)
    async with AsyncClient(resolve(serve(server).url)) as client:
        await client.execute(QUERY)
        with anyio.move_on_after(0.05) as scope:
            await client.execute(QUERY)
        assert scope.cancelled_caught
        assert client.rate_limit.waiting == 0
    assert len(server.answered) == 1
