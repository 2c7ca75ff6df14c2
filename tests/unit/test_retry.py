"""Whether and when a request is sent again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandql.client.messages import Limits
from wandql.client.retry import Attempt, RetryPolicy, parse_retry_after
from wandql.errors import SettingsError

NOW = datetime(2026, 10, 21, 7, 28, tzinfo=UTC)
POLICY = RetryPolicy()


def delay(
    attempt: Attempt,
    policy: RetryPolicy = POLICY,
    *,
    number: int = 1,
    elapsed: float = 0.0,
    idempotent: bool = True,
    chance: float = 0.5,
) -> float | None:
    return policy.delay(attempt, number=number, elapsed=elapsed, idempotent=idempotent, chance=chance)


@pytest.mark.parametrize("status", [None, 429, 502, 503, 504])
def test_a_query_is_sent_again_after_a_failure_that_may_pass(status: int | None) -> None:
    assert delay(Attempt(status)) is not None


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 410, 413, 422, 500, 501, 505])
def test_nothing_is_sent_again_after_a_failure_that_will_not_pass(status: int) -> None:
    assert delay(Attempt(status)) is None
    assert delay(Attempt(status, retry_after=1.0, executed=False)) is None


@pytest.mark.parametrize("status", [None, 429, 502, 503, 504])
def test_a_mutation_is_sent_again_only_where_it_was_certainly_not_executed(status: int | None) -> None:
    assert delay(Attempt(status, executed=True), idempotent=False) is None
    assert delay(Attempt(status, executed=False), idempotent=False) is not None


def test_the_attempts_are_limited() -> None:
    policy = RetryPolicy(attempts=3)
    assert [delay(Attempt(503), policy, number=number) is None for number in range(1, 5)] == [False, False, True, True]
    assert delay(Attempt(503), RetryPolicy(attempts=1)) is None


def test_the_wait_doubles_up_to_a_limit() -> None:
    policy = RetryPolicy(attempts=2000, deadline=1e9, first_delay=0.5, longest_delay=16)
    waits = [delay(Attempt(None), policy, number=number, chance=1.0) for number in (1, 2, 3, 4, 5, 6, 7, 1999)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 16, 16]


def test_the_server_may_ask_for_more_than_that_but_not_for_less() -> None:
    assert delay(Attempt(429, retry_after=40.0)) == 40
    assert delay(Attempt(429, retry_after=0.0), chance=0.0) == POLICY.first_delay / 2


def test_no_wait_ends_after_the_deadline() -> None:
    assert delay(Attempt(429, retry_after=59.9)) == 59.9
    assert delay(Attempt(429, retry_after=60.0)) is None
    assert delay(Attempt(429, retry_after=1e300)) is None
    assert delay(Attempt(None), elapsed=59.9) is None


@given(
    status=st.sampled_from([None, 429, 500, 502, 503, 504]),
    executed=st.booleans(),
    idempotent=st.booleans(),
    retry_after=st.none() | st.floats(0, 1e9),
    number=st.integers(1, 5000),
    attempts=st.integers(1, 5000),
    elapsed=st.floats(0, 100),
    deadline=st.floats(0.1, 100),
    first=st.floats(0.01, 10),
    longest=st.floats(0.01, 100),
    chance=st.floats(0, 1, exclude_max=True),
)
def test_every_wait_is_long_enough_spread_and_within_the_deadline(
    status: int | None,
    executed: bool,
    idempotent: bool,
    retry_after: float | None,
    number: int,
    attempts: int,
    elapsed: float,
    deadline: float,
    first: float,
    longest: float,
    chance: float,
) -> None:
    policy = RetryPolicy(attempts, deadline, first, longest)
    wait = delay(
        Attempt(status, retry_after, executed),
        policy,
        number=number,
        elapsed=elapsed,
        idempotent=idempotent,
        chance=chance,
    )
    if wait is None:
        return
    assert number < attempts
    assert idempotent or not executed
    assert elapsed + wait < deadline
    assert wait >= (retry_after or 0)
    assert min(first, longest) / 2 <= wait <= max(longest, retry_after or 0)


SECONDS = [
    ("0", 0.0),
    ("1", 1.0),
    (" 5 ", 5.0),
    ("0.25", 0.25),
    ("1e3", 1000.0),
    ("86400", 86400.0),
]
DATES = [
    ("Wed, 21 Oct 2026 07:28:05 GMT", 5.0),
    ("Wed, 21 Oct 2026 07:28:05 -0000", 5.0),
    ("Wed, 21 Oct 2026 07:28:05", 5.0),
    ("Wed, 21 Oct 2026 09:28:05 +0200", 5.0),
    ("Wednesday, 21-Oct-26 07:28:05 GMT", 5.0),
    ("Wed Oct 21 07:28:05 2026", 5.0),
    ("Wed, 21 Oct 2026 07:28:00 GMT", 0.0),
]
ABSENT = [
    None,
    "",
    " ",
    "soon",
    "5 seconds",
    "5, 5",
    "0x10",
    "-1",
    "-0.001",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "9" * 5000,
    "Wed, 21 Oct 2026 07:27:59 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Wed, 21 Oct 100000 07:28:00 GMT",
    f"Wed, 21 Oct {'9' * 400} 07:28:00 GMT",
    f"Wed, 21 Oct 2026 07:28:00 +{'9' * 400}",
    "Wed, 99 Oct 2026 07:28:00 GMT",
    "Wed, 21 Oct 2026 25:61:61 GMT",
    "Wed,",
    "\x00",
]


@pytest.mark.parametrize(("value", "seconds"), SECONDS + DATES)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, seconds: float) -> None:
    assert parse_retry_after(value, NOW) == seconds


@pytest.mark.parametrize("value", ABSENT)
def test_a_retry_after_that_means_nothing_counts_as_absent(value: str | None) -> None:
    assert parse_retry_after(value, NOW) is None


@given(st.text() | st.text("0123456789 .,:+-eE_WedOctGMT", max_size=60))
def test_no_retry_after_breaks_the_reader_or_gives_a_wait_that_cannot_be_waited(value: str) -> None:
    seconds = parse_retry_after(value, NOW)
    assert seconds is None or 0 <= seconds < float("inf")


@given(st.integers(0, 10**8))
def test_a_date_in_the_future_is_so_many_seconds_away(seconds: int) -> None:
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert parse_retry_after(date, NOW) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5.0),
        (" 5 ", 5.0),
        ("0.5", 0.5),
        ("1e3", 1000.0),
        ("0", 0.0),
        ("", None),
        ("-1", None),
        ("-0.0", 0.0),
        ("nan", None),
        ("inf", None),
        ("-inf", None),
        ("1e999", None),
        ("1_0", None),
        ("0x10", None),
        ("\uff15", None),
        ("soon", None),
        ("5 seconds", None),
        ("Wed, 21 Oct 2026 07:28:05 GMT", 5.0),
        ("Wed, 21 Oct 2026 07:27:55 GMT", None),
        ("Wed, 21 Oct 2026 07:28:05", 5.0),
        ("Wed, 21 Oct 100000 07:28:05 GMT", None),
        ("Wed, 21 Oct 9999 07:28:05 -2359", 251603625545.0),
        ("Wed, 99 Oct 2026 07:28:05 GMT", None),
        ("Fri, 01 Jan 0001 00:00:00 +2359", None),
    ],
)
def test_what_a_server_may_say_of_when_to_come_again(text: str, seconds: float | None) -> None:
    assert parse_retry_after(text, NOW) == seconds


@given(st.text())
def test_whatever_a_server_says_is_a_number_of_seconds_or_nothing(text: str) -> None:
    seconds = parse_retry_after(text, NOW)
    assert seconds is None or 0 <= seconds < float("inf")


@pytest.mark.parametrize(
    "wrong",
    [
        {"attempts": 0},
        {"deadline": 0},
        {"deadline": float("nan")},
        {"deadline": float("inf")},
        {"read": -1},
        {"connect": 0},
        {"first_delay": -1},
        {"longest_delay": float("inf")},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        RetryPolicy(**wrong)


def test_retries_are_the_attempts_after_the_first() -> None:
    assert RetryPolicy().but(retries=0).attempts == 1
    assert RetryPolicy().but(retries=2, timeout=5) == RetryPolicy(attempts=3, deadline=5)
    assert RetryPolicy(attempts=4, read=1).but() == RetryPolicy(attempts=4, read=1)
    with pytest.raises(SettingsError, match="retries"):
        RetryPolicy().but(retries=-1)


def test_no_phase_is_longer_than_what_is_left_of_the_deadline() -> None:
    policy = RetryPolicy(connect=3, read=5, write=None, pool=0.5)
    assert policy.limits(60) == Limits(total=60, connect=3, read=5, write=60, pool=0.5)
    assert policy.limits(4) == Limits(total=4, connect=3, read=4, write=4, pool=0.5)
    assert 0 < policy.limits(-7).total < 0.01


def test_which_failures_are_tried_again_is_for_the_policy_to_say() -> None:
    assert delay(Attempt(408), RetryPolicy(statuses=frozenset({408}))) is not None
    assert delay(Attempt(503), RetryPolicy(statuses=frozenset({408}))) is None
    assert delay(Attempt(None), RetryPolicy(unanswered=False)) is None
