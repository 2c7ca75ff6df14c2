# Derived from tests/contract/_async/test_options.py by `make generate`: edit that file instead.
"""Options per client and per call, and what is told of every request."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import httpx
import pytest

import wandql
from wandql.client.events import RequestEvent, RequestHook
from wandql.client.retry import RetryPolicy
from wandql.errors import ClosedError, ConnectionFailedError, ServerError, SettingsError

if TYPE_CHECKING:
    from tests.contract._sync.asking import Wire


BUSY = httpx.Response(503, text="busy", headers={"x-request-id": "r-1"})


def open_api(
    wire: Wire,
    *,
    timeout: float | None = None,
    retries: int | None = None,
    policy: RetryPolicy | None = None,
    on_request: RequestHook | None = None,
) -> wandql.Api:
    known = {"base_url": wire.base_url, "api_key": wire.api_key, "ca_bundle": None}
    return wandql.Api(known, timeout=timeout, retries=retries, policy=policy, on_request=on_request, transport=wire)


def test_retries_are_set_per_client_and_per_call(wire: Wire) -> None:
    wire.replies = dict.fromkeys(range(1, 20), BUSY)
    hasty = RetryPolicy(first_delay=0)
    for sent, api in [
        (1, open_api(wire, retries=0)),
        (3, open_api(wire, retries=2, policy=hasty)),
        (2, open_api(wire, policy=RetryPolicy(attempts=2, first_delay=0))),
        (1, wire.api().with_options(retries=0)),
        (3, open_api(wire, policy=hasty).with_options(retries=2)),
    ]:
        before = len(wire.sent)
        with pytest.raises(ServerError) as caught:
            api.run("lab/small/r001")
        assert caught.value.attempts == len(wire.sent) - before == sent


def test_a_timeout_changes_the_policy_and_nothing_else_does(wire: Wire) -> None:
    assert open_api(wire, timeout=7).client.policy == RetryPolicy(deadline=7)
    api = open_api(wire, policy=RetryPolicy(attempts=3, read=2))
    view = api.with_options(timeout=7)
    assert view.client.policy == view.client.transfers.policy == RetryPolicy(attempts=3, read=2, deadline=7)
    assert api.client.policy == RetryPolicy(attempts=3, read=2)
    assert view.with_options(retries=0).client.policy == RetryPolicy(attempts=1, read=2, deadline=7)


def test_a_view_is_there_once_and_keeps_its_own_objects(wire: Wire) -> None:
    api = wire.api()
    view = api.with_options(timeout=7)
    assert view is api.with_options(timeout=7) is view.with_options()
    assert api is api.with_options() is view.with_options(policy=api.client.policy)
    run = view.run("lab/small/r001")
    assert run is view.run("lab/small/r001")
    assert run is not api.run("lab/small/r001")
    assert run == api.run("lab/small/r001")
    assert wire.operations == ["GetRun"] * 2


def test_what_a_view_fetched_goes_on_with_its_options(wire: Wire) -> None:
    run = wire.api().with_options(retries=0).run("lab/small/r001")
    listed = wire.api().with_options(retries=0).runs("lab/small").first()
    assert listed is not None
    for each in (run, listed):
        wire.replies[len(wire.sent) + 1] = BUSY
        with pytest.raises(ServerError) as caught:
            each.load(force=True)
        assert caught.value.attempts == 1


def test_to_flush_one_flushes_all(wire: Wire) -> None:
    api = wire.api()
    view = api.with_options(timeout=7)
    runs = [each.run("lab/small/r001") for each in (api, view)]
    view.flush()
    assert [each.run("lab/small/r001") for each in (api, view)] == runs
    assert wire.operations == ["GetRun"] * 4


def test_to_close_one_closes_all(wire: Wire) -> None:
    api = wire.api()
    api.with_options(timeout=7).close()
    with pytest.raises(ClosedError):
        api.run("lab/small/r001")


def test_options_that_make_no_sense_are_refused(wire: Wire) -> None:
    for wrong in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(SettingsError, match="deadline"):
            wire.api().with_options(timeout=wrong)
    with pytest.raises(SettingsError, match="retries"):
        open_api(wire, retries=-1)


def test_every_request_is_told_to_the_hook(wire: Wire) -> None:
    events: list[RequestEvent] = []
    api = open_api(wire, on_request=events.append, policy=RetryPolicy(first_delay=0.001))
    wire.replies[1] = BUSY
    api.run("lab/small/r001")
    first, second = events
    assert (first.operation, first.path, first.attempt, first.status) == ("GetRun", "lab/small/r001", 1, 503)
    assert (first.request_id, first.received, first.error) == ("r-1", 4, None)
    assert first.retry_in is not None
    assert (second.attempt, second.status, second.retry_in) == (2, 200, None)
    assert first.sent == second.sent > 100
    assert second.received > 100
    assert first.started_at <= second.started_at
    assert min(first.seconds, second.seconds) >= 0
    api.with_options(retries=0).run("lab/small/r002")
    assert [event.path for event in events[2:]] == ["lab/small/r002"]


def test_a_request_without_a_reply_is_told_too(wire: Wire) -> None:
    class Lost(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ReadError("reset by " + request.headers["authorization"])

    events: list[RequestEvent] = []
    wire.inner = Lost()
    api = open_api(wire, on_request=events.append, retries=0)
    with pytest.raises(ConnectionFailedError):
        api.run("lab/small/r001")
    (event,) = events
    assert (event.status, event.error, event.retry_in) == (None, "ReadError: reset by Basic (a secret)", None)


def test_a_hook_that_fails_is_logged_and_harms_no_call(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    def fail(event: RequestEvent) -> None:
        raise ZeroDivisionError

    assert open_api(wire, on_request=fail).run("lab/small/r001").id == "r001"
    assert "on_request failed for GetRun" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_line_is_logged_for_every_request_and_holds_no_key(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "wandql")
    wire.api().run("lab/small/r001")
    (record,) = [each for each in caplog.records if each.name == "wandql.requests"]
    assert record.getMessage().startswith("GetRun lab/small/r001 attempt 1: HTTP 200 in ")
    assert wire.api_key not in caplog.text
