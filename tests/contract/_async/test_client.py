"""What one call sends, when it sends it again, and how it ends: over a scripted transport and over real sockets."""

from __future__ import annotations

import gzip
import json
import logging
import re
import time
import traceback
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from tests.contract.sockets import CERTIFICATE, Exchange, Serve
from wandql import errors
from wandql.client._async.client import AsyncClient
from wandql.client._async.transport import AsyncHandlerTransport
from wandql.client.retry import RetryPolicy
from wandql.client.seam_async import Clock
from wandql.graphql.generated import operations
from wandql.settings import Settings

pytestmark = pytest.mark.anyio

KEY = "0123456789abcdef" * 3
CREDENTIALS = b64encode(f"api:{KEY}".encode()).decode()
NO_VIEWER = {"data": {"viewer": None}}

QUERY = operations.get_viewer()
MUTATION = operations.delete_run(storage_id="UnVu")
DONE = {"data": {"deleteRun": {"clientMutationId": None}}}

Outcome = httpx.Response | Exception


class FakeClock(Clock):
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.sleeps: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


class Script:
    """A server that answers with one outcome after the other, and then with the last for ever."""

    def __init__(self, *outcomes: Outcome, clock: FakeClock | None = None, seconds: float = 0.0) -> None:
        self.outcomes = list(outcomes)
        self.requests: list[httpx.Request] = []
        self.clock = clock or FakeClock()
        self.seconds = seconds
        self.transport = httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.clock.now += self.seconds
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return httpx.Response(outcome.status_code, headers=outcome.headers, content=outcome.content)


Connect = Callable[..., AsyncClient]
Resolve = Callable[..., Settings]


@pytest.fixture
def resolve(tmp_path: Path) -> Resolve:
    """Resolve settings from nothing but what the test says."""

    def resolve(base_url: str = "http://wandb.test", api_key: str | None = KEY, **environ: str) -> Settings:
        return Settings.resolve(api_key=api_key, base_url=base_url, environ=environ, home=tmp_path, cwd=tmp_path)

    return resolve


@pytest.fixture
def connect(resolve: Resolve) -> Connect:
    """Make a client of a script."""

    def connect(script: Script, policy: RetryPolicy | None = None, **environ: str) -> AsyncClient:
        return AsyncClient(resolve(**environ), transport=script.transport, clock=script.clock, policy=policy)

    return connect


def ok(data: object = NO_VIEWER, **headers: str) -> httpx.Response:
    return httpx.Response(200, json=data, headers=headers)


def status(code: int, **headers: str) -> httpx.Response:
    return httpx.Response(code, text="server's words", headers=headers)


def chain(error: BaseException | None) -> list[BaseException]:
    links: list[BaseException] = []
    while error is not None:
        links.append(error)
        error = error.__cause__ or error.__context__
    return links


# Retries


TRANSIENT: list[Outcome] = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("no route"),
    httpx.PoolTimeout("busy"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("closed"),
    *(status(code) for code in (408, 429, 502, 503, 504)),
]


@pytest.mark.parametrize("outcome", TRANSIENT, ids=repr)
async def test_a_query_is_sent_again_after_a_failure_that_may_pass(connect: Connect, outcome: Outcome) -> None:
    script = Script(outcome, outcome, ok())
    async with connect(script) as client:
        assert (await client.execute(QUERY)).viewer is None
    assert len(script.requests) == 3
    assert len({request.content for request in script.requests}) == 1
    assert len(script.clock.sleeps) == 2


# 500 is how a server says that this request breaks it: the same request will break it again.
@pytest.mark.parametrize(
    ("code", "cls"),
    [
        (302, errors.RedirectError),
        (400, errors.BadRequestError),
        (401, errors.AuthenticationError),
        (403, errors.PermissionDeniedError),
        (404, errors.NotFoundError),
        (409, errors.ConflictError),
        (413, errors.BadRequestError),
        (500, errors.ServerError),
        (501, errors.ServerError),
    ],
)
async def test_nothing_is_sent_again_after_a_final_answer(
    connect: Connect, code: int, cls: type[errors.RequestError]
) -> None:
    script = Script(status(code, **{"retry-after": "1"}))
    for operation in (QUERY, MUTATION):
        with pytest.raises(cls) as caught:
            await connect(script).execute(operation)
        assert (type(caught.value), caught.value.status, caught.value.attempts) == (cls, code, 1)
    assert len(script.requests) == 2
    assert script.clock.sleeps == []


@pytest.mark.parametrize(
    "outcome", [httpx.ConnectError("refused"), httpx.ConnectTimeout("no route"), status(429)], ids=repr
)
async def test_a_mutation_is_sent_again_where_it_was_certainly_not_executed(connect: Connect, outcome: Outcome) -> None:
    script = Script(outcome, outcome, ok(DONE))
    await connect(script).execute(MUTATION)
    assert len(script.requests) == 3


@pytest.mark.parametrize(
    ("outcome", "cls"),
    [
        (httpx.ReadError("reset"), errors.ConnectionFailedError),
        (httpx.WriteError("reset"), errors.ConnectionFailedError),
        (httpx.RemoteProtocolError("closed"), errors.ConnectionFailedError),
        (httpx.ReadTimeout(""), errors.RequestTimeoutError),
        (status(502), errors.ServerError),
        (status(503), errors.ServerError),
        (status(504), errors.ServerError),
    ],
    ids=repr,
)
async def test_a_mutation_is_not_sent_again_where_it_may_have_been_executed(
    connect: Connect, outcome: Outcome, cls: type[errors.RequestError]
) -> None:
    script = Script(outcome, ok(DONE))
    with pytest.raises(cls) as caught:
        await connect(script).execute(MUTATION)
    assert caught.value.attempts == len(script.requests) == 1


async def test_a_mutation_that_declares_itself_idempotent_is_sent_again_like_a_query(connect: Connect) -> None:
    script = Script(status(502), ok(DONE))
    fields = (MUTATION.name, MUTATION.kind, MUTATION.document, MUTATION.variables, MUTATION.reply)
    await connect(script).execute(type(MUTATION)(*fields, idempotent=True))
    assert len(script.requests) == 2


async def test_the_waits_grow_and_are_spread(connect: Connect) -> None:
    script = Script(status(503))
    with pytest.raises(errors.ServerError, match="HTTP 503") as caught:
        await connect(script).execute(QUERY)
    assert caught.value.attempts == len(script.requests) == 6
    assert caught.value.server_message == "server's words"
    for wait, longest in zip(script.clock.sleeps, (0.5, 1, 2, 4, 8), strict=True):
        assert longest / 2 <= wait < longest


@pytest.mark.parametrize("code", [429, 503])
async def test_the_wait_that_the_server_asks_for_is_kept(connect: Connect, code: int) -> None:
    script = Script(status(code, **{"retry-after": "7"}), ok())
    await connect(script).execute(QUERY)
    assert script.clock.sleeps == [7]


async def test_the_wait_may_be_a_date(connect: Connect) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    script = Script(status(503, **{"retry-after": date}), ok())
    await connect(script).execute(QUERY)
    assert 20 < script.clock.sleeps[0] <= 30


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "soon", "", "Thu, 01 Jan 1970 00:00:00 GMT", "9" * 5000])
async def test_a_wait_that_means_nothing_counts_as_absent(connect: Connect, value: str) -> None:
    script = Script(status(429, **{"retry-after": value}), ok())
    await connect(script).execute(QUERY)
    assert 0.25 <= script.clock.sleeps[0] < 0.5


async def test_a_wait_over_the_deadline_is_an_error_at_once(connect: Connect) -> None:
    script = Script(status(429, **{"retry-after": "61"}))
    with pytest.raises(errors.RateLimitError) as caught:
        await connect(script).execute(MUTATION)
    assert caught.value.retry_after == 61
    assert caught.value.attempts == len(script.requests) == 1
    assert script.clock.sleeps == []


async def test_all_attempts_share_one_deadline(connect: Connect) -> None:
    script = Script(status(502), seconds=25)
    with pytest.raises(errors.ServerError) as caught:
        await connect(script).execute(QUERY)
    assert caught.value.attempts == len(script.requests) == 3
    first, second, third = (request.extensions["timeout"] for request in script.requests)
    waits = script.clock.sleeps
    assert (first["read"], first["connect"]) == (60, 10)
    assert (second["read"], second["connect"]) == (pytest.approx(35 - waits[0]), 10)
    assert third["read"] == third["connect"] == pytest.approx(10 - sum(waits))


async def test_the_deadline_is_the_timeout_of_the_settings(connect: Connect) -> None:
    script = Script(status(502), seconds=15)
    with pytest.raises(errors.ServerError) as caught:
        await connect(script, WANDB_HTTP_TIMEOUT="15.1").execute(QUERY)
    assert caught.value.attempts == 1
    assert script.requests[0].extensions["timeout"]["read"] == 15.1


async def test_wandb_test_turns_retries_off(connect: Connect) -> None:
    script = Script(httpx.ConnectError("refused"))
    with pytest.raises(errors.ConnectionFailedError):
        await connect(script, WANDB_TEST="1").execute(QUERY)
    assert len(script.requests) == 1


async def test_an_error_without_a_reply_says_what_happened_and_is_raised_from_its_cause(connect: Connect) -> None:
    cause = httpx.ConnectError("[Errno 111] Connection refused")
    with pytest.raises(errors.ConnectionFailedError) as caught:
        await connect(Script(cause)).execute(operations.get_project(entity="alice", project="mnist"))
    error = caught.value
    assert error.__cause__ is cause
    assert isinstance(error, ConnectionError)
    assert error.message == "No answer from http://wandb.test: ConnectError: [Errno 111] Connection refused."
    assert (error.operation, error.path, error.status, error.attempts) == ("GetProject", "alice/mnist", None, 6)


async def test_a_timeout_is_an_error_of_its_own_that_says_how_long_it_took(connect: Connect) -> None:
    script = Script(httpx.ReadTimeout("timed out"), seconds=60)
    with pytest.raises(errors.RequestTimeoutError, match=r"did not answer within 60 seconds: ReadTimeout") as caught:
        await connect(script).execute(QUERY)
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.attempts == 1


async def test_a_failure_inside_the_handler_of_a_transport_is_not_swallowed(resolve: Resolve) -> None:
    def fail(*_: object) -> tuple[int, dict[str, str], bytes]:
        raise LookupError("a bug")

    with pytest.raises(LookupError, match="a bug"):
        await AsyncClient(resolve(), transport=AsyncHandlerTransport(fail)).execute(QUERY)


# What is sent


async def test_a_request_says_who_asks_and_who_carries_it(connect: Connect) -> None:
    script = Script(ok())
    await connect(script, WANDB_USERNAME="alice", WANDB_USER_EMAIL="alice@example.org").execute(QUERY)
    request = script.requests[0]
    assert (request.method, str(request.url)) == ("POST", "http://wandb.test/graphql")
    assert json.loads(request.content) == {"query": QUERY.document, "operationName": "GetViewer", "variables": {}}
    assert request.headers["authorization"] == f"Basic {CREDENTIALS}"
    assert request.headers["content-type"] == "application/json"
    assert re.fullmatch(r"wandql/\S+ \(Python [\d.]+\S*\)", request.headers["user-agent"])
    assert "gzip" in request.headers["accept-encoding"]
    assert request.headers["x-wandb-username"] == "alice"
    assert request.headers["x-wandb-user-email"] == "alice@example.org"
    assert request.headers["use-admin-privileges"] == "true"


async def test_extra_headers_are_added_and_override_all_but_the_key(connect: Connect) -> None:
    script = Script(ok())
    extra = {"X-Trace": "1", "USER-AGENT": "mine", "AUTHORIZATION": "Bearer theirs", "X-WANDB-Username": "bob"}
    await connect(script, WANDB__EXTRA_HTTP_HEADERS=json.dumps(extra)).execute(QUERY)
    headers = script.requests[0].headers
    assert headers.get_list("x-trace") == ["1"]
    assert headers.get_list("user-agent") == ["mine"]
    assert headers.get_list("x-wandb-username") == ["bob"]
    assert headers.get_list("authorization") == [f"Basic {CREDENTIALS}"]


async def test_a_name_outside_of_ascii_is_sent_as_utf8(connect: Connect) -> None:
    script = Script(ok())
    await connect(script, WANDB_USERNAME="Jürgen 🚀").execute(QUERY)
    assert (b"x-wandb-username", "Jürgen 🚀".encode()) in script.requests[0].headers.raw


async def test_without_a_key_nothing_is_sent(resolve: Resolve) -> None:
    script = Script(ok())
    client = AsyncClient(resolve(api_key=None), transport=script.transport)
    with pytest.raises(errors.AuthenticationError, match="WANDB_API_KEY") as caught:
        await client.get_viewer()
    assert caught.value.attempts == 0
    assert script.requests == []


async def test_a_redirect_is_not_followed_so_that_the_key_stays_here(connect: Connect) -> None:
    script = Script(status(302, location="https://evil.example/graphql"), ok())
    with pytest.raises(errors.RedirectError, match=r"redirects to https://evil\.example/graphql"):
        await connect(script).execute(QUERY)
    assert [request.url.host for request in script.requests] == ["wandb.test"]


ECHO = f"you sent {KEY} as {CREDENTIALS}"


@pytest.mark.parametrize(
    "outcome",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("late"),
        httpx.RemoteProtocolError(ECHO),
        httpx.Response(500, text=ECHO),
        httpx.Response(401, json={"error": ECHO}),
        httpx.Response(200, text=f"<html>{ECHO}</html>"),
        httpx.Response(200, json={"errors": [{"message": ECHO}]}),
        httpx.Response(200, json={"data": {"viewer": ECHO}}),
        httpx.Response(302, headers={"location": f"/?{KEY}"}),
    ],
    ids=repr,
)
async def test_the_key_is_in_no_text_and_in_no_log(
    connect: Connect, outcome: Outcome, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = connect(Script(outcome))
    with pytest.raises(errors.RequestError) as caught:
        await client.execute(QUERY)
    # What a library underneath says of itself is its own words, and stays in its own exception.
    ours = [each for each in chain(caught.value) if not isinstance(each, httpx.HTTPError)]
    texts = [repr(client), caplog.text, *(f"{each} {each!r} {each.args} {vars(each)}" for each in ours)]
    if ECHO not in str(outcome):
        texts += traceback.format_exception(caught.value)
    for secret in (KEY, CREDENTIALS):
        assert not [text for text in texts if secret in text]


# What comes back


async def test_a_compressed_reply_is_decompressed(connect: Connect) -> None:
    content = gzip.compress(json.dumps(NO_VIEWER).encode())
    script = Script(httpx.Response(200, content=content))
    script.outcomes[0].headers["content-encoding"] = "gzip"
    assert (await connect(script).execute(QUERY)).viewer is None


async def test_a_reply_that_cannot_be_decompressed_is_a_decode_error_at_once(connect: Connect) -> None:
    script = Script(httpx.Response(200, content=b"no gzip"))
    script.outcomes[0].headers["content-encoding"] = "gzip"
    with pytest.raises(errors.DecodeError, match="cannot be decompressed") as caught:
        await connect(script).execute(QUERY)
    assert caught.value.attempts == len(script.requests) == 1
    assert isinstance(caught.value.__cause__, httpx.DecodingError)


async def test_an_error_has_the_servers_own_name_of_the_request(connect: Connect) -> None:
    with pytest.raises(errors.ServerError, match="r-17") as caught:
        await connect(Script(status(500, **{"X-Request-ID": "r-17"}))).execute(QUERY)
    assert caught.value.request_id == "r-17"


async def test_a_generated_method_sends_its_operation_and_returns_its_data(connect: Connect) -> None:
    script = Script(ok({"data": {"project": {"runCount": 5}}}))
    data = await connect(script).get_run_count(entity="alice", project="mnist", filters="{}")
    assert data.project is not None
    assert data.project.run_count == 5
    assert json.loads(script.requests[0].content)["variables"] == {
        "entity": "alice",
        "project": "mnist",
        "filters": "{}",
    }


# Pages


LOG = operations.get_run_log_lines(entity="e", project="p", run="r", first=2)


def page(*lines: str | None, end: str | None = None, more: bool = False) -> httpx.Response:
    """One page of the lines of a log."""
    edges = [{"node": None if line is None else log_line(line)} for line in lines]
    log_lines = {"edges": edges, "pageInfo": {"endCursor": end, "hasNextPage": more}}
    return ok({"data": {"project": {"run": {"logLineCount": 9, "logLines": log_lines}}}})


def log_line(line: str) -> dict[str, object]:
    return {"line": line, "level": None, "timestamp": None, "label": None, "number": None}


def cursors(script: Script) -> list[str | None]:
    return [json.loads(request.content)["variables"].get("after") for request in script.requests]


async def test_every_item_of_every_page_comes_in_order(connect: Connect) -> None:
    script = Script(page("a", "b", end="2", more=True), page("c", "d", end="4", more=True), page("e", end="5"))
    assert [line.line async for line in connect(script).paginate(LOG)] == ["a", "b", "c", "d", "e"]
    assert cursors(script) == [None, "2", "4"]


async def test_a_page_is_asked_for_when_it_is_needed(connect: Connect) -> None:
    script = Script(page("a", "b", end="2", more=True))
    lines = connect(script).paginate(LOG)
    assert script.requests == []
    assert [(await anext(lines)).line, (await anext(lines)).line] == ["a", "b"]
    assert len(script.requests) == 1
    await lines.aclose()
    assert len(script.requests) == 1


async def test_an_empty_page_in_the_middle_does_not_end_the_list(connect: Connect) -> None:
    script = Script(page("a", end="1", more=True), page(end="2", more=True), page("b", end="3"))
    assert [line.line async for line in connect(script).paginate(LOG)] == ["a", "b"]


@pytest.mark.parametrize("first", [page(end="1", more=True), page("a", end="1", more=True)])
async def test_a_cursor_that_does_not_move_is_an_error_not_an_endless_loop(
    connect: Connect, first: httpx.Response
) -> None:
    script = Script(first)
    with pytest.raises(errors.PaginationError, match="cursor does not move") as caught:
        async for _ in connect(script).paginate(LOG):
            pass
    assert len(script.requests) == 2
    assert (caught.value.operation, caught.value.path) == ("GetRunLogLines", "e/p/r")


@pytest.mark.parametrize("end", [None, ""])
async def test_a_cursor_that_is_missing_is_an_error(connect: Connect, end: str | None) -> None:
    lines = connect(Script(page("a", end=end, more=True))).paginate(LOG)
    assert (await anext(lines)).line == "a"
    with pytest.raises(errors.PaginationError):
        await anext(lines)


@pytest.mark.parametrize("data", [{"project": None}, {"project": {"run": None}}])
async def test_a_list_whose_parent_is_missing_has_a_page_that_is_none(connect: Connect, data: object) -> None:
    client = connect(Script(ok({"data": data})))
    assert [each async for each in client.paginate(LOG)] == []
    pages = [each async for each in client.pages(LOG)]
    assert len(pages) == 1
    assert pages[0][1] is None


async def test_a_failure_in_the_middle_of_a_list_is_raised_after_what_came_before(connect: Connect) -> None:
    lines = connect(Script(page("a", end="1", more=True), status(403))).paginate(LOG)
    assert (await anext(lines)).line == "a"
    with pytest.raises(errors.PermissionDeniedError):
        await anext(lines)


# The end


async def test_making_a_client_sends_nothing_and_closing_twice_is_fine(connect: Connect) -> None:
    script = Script(ok())
    client = connect(script)
    await client.aclose()
    await client.aclose()
    assert script.requests == []


async def test_a_client_that_sent_nothing_closes_what_is_behind_its_transport_once(resolve: Resolve) -> None:
    closed: list[bool] = []
    transport = AsyncHandlerTransport(lambda *_: (200, {}, b""), lambda: closed.append(True))
    client = AsyncClient(resolve(), transport=transport)
    await client.aclose()
    await client.aclose()
    assert closed == [True]


async def test_a_closed_client_says_so(connect: Connect) -> None:
    script = Script(ok())
    async with connect(script) as client:
        await client.execute(QUERY)
    with pytest.raises(errors.ClosedError, match="closed"):
        await client.execute(QUERY)
    assert len(script.requests) == 1


async def test_a_client_that_is_closed_while_it_waits_does_not_send_again(resolve: Resolve) -> None:
    class ClosingClock(FakeClock):
        async def sleep(self, seconds: float) -> None:
            await client.aclose()

    script = Script(status(503))
    client = AsyncClient(resolve(), transport=script.transport, clock=ClosingClock())
    with pytest.raises(errors.ClosedError):
        await client.execute(QUERY)
    assert len(script.requests) == 1


async def test_closing_the_client_closes_what_is_behind_the_transport(resolve: Resolve) -> None:
    closed: list[bool] = []
    transport = AsyncHandlerTransport(lambda *_: (200, {}, json.dumps(NO_VIEWER).encode()), lambda: closed.append(True))
    async with AsyncClient(resolve(), transport=transport) as client:
        await client.execute(QUERY)
        assert closed == []
    assert closed == [True]


# Real sockets

FAST = RetryPolicy(attempts=3, first_delay=0.01, deadline=10)


def http(data: object = NO_VIEWER, head: str = "HTTP/1.1 200 OK") -> bytes:
    body = json.dumps(data).encode()
    return f"{head}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


async def test_requests_share_one_connection(serve: Serve, resolve: Resolve) -> None:
    server = serve(lambda exchange: exchange.send(http()))
    async with AsyncClient(resolve(server.url)) as client:
        for _ in range(10):
            await client.execute(QUERY)
    assert len(server.requests) == 10
    assert server.connections == 1
    assert f"authorization: Basic {CREDENTIALS}" in server.requests[0].head


async def test_a_connection_that_the_server_closed_in_between_is_made_anew(serve: Serve, resolve: Resolve) -> None:
    server = serve(lambda exchange: exchange.send(http(head="HTTP/1.1 200 OK\r\nconnection: close")))
    async with AsyncClient(resolve(server.url)) as client:
        for _ in range(3):
            await client.execute(QUERY)
    assert server.connections == 3


async def test_a_reset_in_the_middle_of_a_reply_lets_a_query_be_sent_again_but_no_mutation(
    serve: Serve, resolve: Resolve
) -> None:
    def answer(exchange: Exchange) -> None:
        if exchange.number % 2:
            exchange.send(http()[:-5])
            exchange.reset()
        else:
            exchange.send(http())

    server = serve(answer)
    async with AsyncClient(resolve(server.url), policy=FAST) as client:
        await client.execute(QUERY)
        assert len(server.requests) == 2
        with pytest.raises(errors.ConnectionFailedError) as caught:
            await client.execute(MUTATION)
    assert caught.value.attempts == 1
    assert len(server.requests) == 3


async def test_a_server_that_is_not_there_is_asked_as_often_as_the_policy_says(
    resolve: Resolve,
) -> None:
    async with AsyncClient(resolve("http://127.0.0.1:1"), policy=FAST) as client:
        for operation in (QUERY, MUTATION):
            with pytest.raises(errors.ConnectionFailedError, match=r"127\.0\.0\.1:1") as caught:
                await client.execute(operation)
            assert caught.value.attempts == 3
            assert isinstance(caught.value.__cause__, httpx.ConnectError)


async def test_a_host_that_has_no_address_is_a_failed_connection(resolve: Resolve) -> None:
    async with AsyncClient(resolve("http://nowhere.invalid"), policy=RetryPolicy(attempts=1)) as client:
        with pytest.raises(errors.ConnectionFailedError, match=r"http://nowhere\.invalid"):
            await client.execute(QUERY)


async def test_something_that_speaks_no_http_is_a_failed_connection(serve: Serve, resolve: Resolve) -> None:
    server = serve(lambda exchange: exchange.send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"))
    async with AsyncClient(resolve(server.url), policy=FAST) as client:
        with pytest.raises(errors.ConnectionFailedError, match="RemoteProtocolError"):
            await client.execute(MUTATION)


def silent(exchange: Exchange) -> None:
    exchange.wait(30)


def dribbling(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    while True:
        exchange.send(b" ")
        exchange.wait(0.05)


@pytest.mark.parametrize("answer", [silent, dribbling])
@pytest.mark.parametrize("operation", [QUERY, MUTATION])
async def test_a_server_that_never_ends_its_answer_is_given_up_at_the_deadline(
    serve: Serve, resolve: Resolve, answer: Callable[..., None], operation: operations.Operation
) -> None:
    server = serve(answer)
    start = time.monotonic()
    async with AsyncClient(resolve(server.url, WANDB_HTTP_TIMEOUT="0.5")) as client:
        with pytest.raises(errors.RequestTimeoutError, match=r"did not answer within 0\.\d+ seconds") as caught:
            await client.execute(operation)
    assert 0.4 < time.monotonic() - start < 2
    assert caught.value.attempts == len(server.requests) == 1
    assert caught.value.__cause__ is not None


async def test_a_reply_in_compressed_chunks_is_read(serve: Serve, resolve: Resolve) -> None:
    def answer(exchange: Exchange) -> None:
        content = gzip.compress(json.dumps(NO_VIEWER).encode())
        exchange.send(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n")
        for start in range(0, len(content), 7):
            piece = content[start : start + 7]
            exchange.send(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        exchange.send(b"0\r\n\r\n")

    async with AsyncClient(resolve(serve(answer).url)) as client:
        assert (await client.execute(QUERY)).viewer is None


async def test_the_key_is_in_no_log_of_a_real_connection(
    serve: Serve, resolve: Resolve, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve(lambda exchange: exchange.send(http()))
    async with AsyncClient(resolve(server.url)) as client:
        await client.execute(QUERY)
    assert "/graphql" in caplog.text
    assert KEY not in caplog.text
    assert CREDENTIALS not in caplog.text


async def test_tls_trusts_the_bundle_of_the_settings_and_nobody_else(serve: Serve, resolve: Resolve) -> None:
    server = serve(lambda exchange: exchange.send(http()), tls=True)
    async with AsyncClient(resolve(server.url, REQUESTS_CA_BUNDLE=str(CERTIFICATE))) as client:
        await client.execute(QUERY)
    assert len(server.requests) == 1
    async with AsyncClient(resolve(server.url), policy=FAST) as client:
        with pytest.raises(errors.ConnectionFailedError, match="CERTIFICATE_VERIFY_FAILED"):
            await client.execute(QUERY)
    assert len(server.requests) == 1


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
async def test_a_bundle_that_cannot_be_read_is_an_error_that_names_it(
    resolve: Resolve, tmp_path: Path, content: bytes | None
) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_bytes(content)
    async with AsyncClient(resolve("https://127.0.0.1:1", REQUESTS_CA_BUNDLE=str(bundle))) as client:
        with pytest.raises(errors.SettingsError, match=r"bundle\.pem"):
            await client.execute(QUERY)
