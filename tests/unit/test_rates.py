"""When a request may go, so that a server that limits them need not turn one away."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandql.client.rates import POLLING, RateWindow, answer, begin, lose, pause

LEFT = {"ratelimit-remaining": "5", "ratelimit-reset": "10"}


class Server:
    """Takes so many requests per window, and turns others away."""

    def __init__(self, limit: int, window: float, *, first: float = 0.0) -> None:
        self.limit, self.window, self.first = limit, window, first
        self.counted: dict[int, int] = {}
        self.refused = 0

    def take(self, now: float) -> tuple[int, dict[str, str], float | None]:
        number = int((now + self.first) // self.window)
        used = self.counted[number] = self.counted.get(number, 0) + 1
        reset = (number + 1) * self.window - (now + self.first)
        told = {"ratelimit-remaining": str(max(self.limit - used, 0)), "ratelimit-reset": str(reset)}
        if used > self.limit:
            self.refused += 1
            return 429, told, reset
        return 200, told, None


def simulate(server: Server, tasks: int, requests: int, latency: Callable[[], float]) -> tuple[int, float]:
    """Let tasks send requests, each as soon as it may. Return how many were answered, and when the last was."""
    window, done, sent, now = RateWindow(), 0, 0, 0.0
    # When, number, what then: 0 asks, 1 arrives at the server, 2 is answered.
    events: list[tuple[float, int, int, float, tuple[int, dict[str, str], float | None] | None]] = []
    for number in range(tasks):
        heapq.heappush(events, (0.0, number, 0, 0.0, None))
    while events:
        now, number, kind, began, reply = heapq.heappop(events)
        if kind == 0:
            if sent == requests:
                continue
            wait = pause(window, now, bulk=False)
            if wait > 0:
                heapq.heappush(events, (now + wait, number, 0, 0.0, None))
                continue
            window = begin(window, now, bulk=False)
            sent += 1
            heapq.heappush(events, (now + latency(), number, 1, now, None))
        elif kind == 1:
            heapq.heappush(events, (now + latency(), number, 2, began, server.take(now)))
        else:
            assert reply is not None
            window = answer(window, began, now, *reply)
            done += reply[0] == 200
            sent -= reply[0] != 200
            heapq.heappush(events, (now, number, 0, 0.0, None))
    return done, now


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    limit=st.integers(17, 60),
    tasks=st.integers(1, 16),
    slowest=st.floats(0.001, 3.0),
)
def test_a_server_that_tells_its_limit_turns_at_most_one_request_away(
    seed: int, limit: int, tasks: int, slowest: float
) -> None:
    chance = random.Random(seed)
    server = Server(limit, 10.0)
    done, _ = simulate(server, tasks, 200, lambda: chance.uniform(0.0001, slowest / 2))
    assert done == 200
    assert server.refused <= 1


def test_twenty_requests_per_window_are_used_and_not_passed() -> None:
    server = Server(20, 60.0)
    done, end = simulate(server, 16, 200, lambda: 0.02)
    assert (done, server.refused) == (200, 0)
    assert end < 10 * 60 + 1
    assert max(server.counted.values()) == 20


def test_a_client_that_comes_in_the_middle_of_a_window_learns_its_limit() -> None:
    server = Server(20, 60.0, first=55.0)
    done, end = simulate(server, 16, 100, lambda: 0.02)
    assert (done, server.refused) == (100, 0)
    assert end < 5 * 60 + 1


def test_a_server_that_tells_nothing_is_asked_without_a_wait() -> None:
    window = RateWindow()
    for now in range(100):
        assert pause(window, now, bulk=False) == pause(window, now, bulk=True) == 0.0
        window = begin(window, now, bulk=False)
    for now in range(100):
        window = answer(window, now, 100 + now, 200, {}, None)
    assert window == RateWindow(last=99)


def test_the_last_requests_of_a_window_are_spread_over_the_rest_of_it() -> None:
    window = RateWindow(limit=20, remaining=4, ends=60.0, last=10.0)
    assert pause(window, 10.0, bulk=False) == pytest.approx(10.0)
    assert pause(window, 20.0, bulk=False) == 0.0
    assert pause(RateWindow(limit=20, remaining=5, ends=60.0, last=10.0), 10.0, bulk=False) == 0.0


def test_the_first_request_of_a_client_waits_for_none_before_it() -> None:
    just_booted = 3.0
    window = RateWindow(limit=20, remaining=2, ends=60.0)
    assert pause(window, just_booted, bulk=False) == 0.0
    assert pause(begin(window, just_booted, bulk=False), just_booted, bulk=False) > 0.0


def test_nothing_goes_after_the_last_one_until_the_window_ends_and_then_one_goes_ahead() -> None:
    window = RateWindow(limit=20, remaining=2, ends=60.0, under_way=(1.0, 2.0))
    assert pause(window, 10.0, bulk=False) == 50.0
    assert pause(window, 60.0, bulk=False) == 0.0
    window = begin(window, 60.0, bulk=False)
    assert pause(window, 60.0, bulk=False) == POLLING
    window = answer(window, 60.0, 61.0, 200, {"ratelimit-remaining": "19", "ratelimit-reset": "59"}, None)
    assert pause(window, 61.0, bulk=False) == 0.0
    assert window.ends == 120.0


def test_bulk_work_leaves_the_last_requests_to_others() -> None:
    window = RateWindow(limit=20, remaining=2, ends=60.0, last=-60.0, last_bulk=10.0)
    assert pause(window, 10.0, bulk=True) == 50.0
    assert pause(window, 10.0, bulk=False) == 0.0


def test_after_a_429_nobody_asks_before_the_time_that_the_server_named() -> None:
    window = answer(begin(RateWindow(), 0.0, bulk=False), 0.0, 1.0, 429, {}, 30.0)
    assert pause(window, 1.0, bulk=False) == 30.0
    assert window.public(11.0, waiting=3).retry_in == 20.0
    assert pause(window, 31.0, bulk=False) == 0.0


@pytest.mark.parametrize("text", ["nan", "inf", "-1", "1e400", "", "soon", "\uff19", "2000000000", "1e8"])
def test_a_number_that_makes_no_sense_is_not_believed(text: str) -> None:
    window = answer(RateWindow(), 0.0, 0.0, 200, {**LEFT, "ratelimit-reset": text}, None)
    assert pause(window, 0.0, bulk=False) == 0.0
    assert pause(answer(RateWindow(), 0.0, 0.0, 429, {}, 1e300), 0.0, bulk=False) == 0.0


def test_headers_with_more_in_them_and_of_older_servers_are_read() -> None:
    for headers in (
        {"x-ratelimit-remaining": "5", "x-ratelimit-reset": "10", "x-ratelimit-limit": "20"},
        {"ratelimit-remaining": "5", "ratelimit-reset": "10", "ratelimit-limit": "20, 20;window=60"},
    ):
        known = answer(RateWindow(), 0.0, 100.0, 200, headers, None).public(101.0, waiting=0)
        assert (known.limit, known.remaining, known.reset_in) == (20, 5, 9.0)


def test_a_request_without_a_reply_counts_as_one() -> None:
    window = begin(RateWindow(limit=20, remaining=5, ends=60.0), 1.0, bulk=False)
    assert window.public(1.0, waiting=0).remaining == 4
    assert lose(window, 1.0, 2.0).public(2.0, waiting=0).remaining == 4


def test_a_process_that_ended_without_a_word_is_forgotten() -> None:
    window = RateWindow(limit=20, remaining=20, ends=5000.0, under_way=tuple([0.0] * 20))
    assert pause(window, 10.0, bulk=False) > 0
    assert pause(window, 1000.0, bulk=False) == 0.0


def test_a_server_that_stops_telling_is_not_held_back_for_good() -> None:
    window = begin(RateWindow(limit=20, remaining=0, ends=60.0), 60.0, bulk=False)
    window = answer(window, 60.0, 60.1, 200, {}, None)
    assert window.remaining is None
