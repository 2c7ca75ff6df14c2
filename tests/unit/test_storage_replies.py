"""What a storage says is read as it is meant, and what is malformed counts as unsaid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandql.client.messages import Response
from wandql.client.replies import Call
from wandql.client.retry import Attempt, RetryPolicy
from wandql.client.transfers.efforts import Effort
from wandql.client.transfers.storage_replies import (
    ContentRange,
    attempt_of,
    is_encoded,
    read_range,
    status_error,
    strong_etag,
    total_size,
)
from wandql.errors import BadRequestError, ConflictError, NotFoundError, RateLimitError, RedirectError, ServerError

CALL = Call("GET https://storage.example/f", {"name": "f"}, attempts=3)
LOST = Attempt(None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bytes 0-9/10", ContentRange(0, 10)),
        ("bytes 5-9/*", ContentRange(5, None)),
        ("bytes */10", ContentRange(None, 10)),
        ("bytes=0-9/10", None),
        ("bytes -9/10", None),
        ("bytes 0-9", None),
        ("bytes ٣-9/10", None),
        ("bytes 0-9/" + "9" * 5000, None),
        ("", None),
    ],
)
def test_a_content_range_is_read_or_absent(text: str, expected: ContentRange | None) -> None:
    assert read_range({"content-range": text}) == expected


@pytest.mark.parametrize(
    ("text", "is_strong"),
    [
        ('"abc"', True),
        ('""', True),
        ('W/"abc"', False),
        ("abc", False),
        ('"a\r\nb"', False),
        ('"é"', False),
        ("", False),
    ],
)
def test_only_a_strong_etag_is_one(text: str, is_strong: bool) -> None:
    assert strong_etag({"etag": text}) == (text if is_strong else None)


@pytest.mark.parametrize(
    ("headers", "is_part", "size"),
    [
        ({"content-length": "10"}, False, 10),
        ({"content-length": "5", "content-range": "bytes 5-9/10"}, True, 10),
        ({"content-length": "5"}, True, None),
        ({"content-length": "10", "content-encoding": "gzip"}, False, None),
        ({"content-length": "10", "content-encoding": "Identity"}, False, 10),
        ({"content-length": "-1"}, False, None),
        ({"content-length": "٣"}, False, None),
        ({"content-length": "9" * 30}, False, None),
        ({}, False, None),
    ],
)
def test_the_size_of_the_whole_is_told_or_not(headers: dict[str, str], is_part: bool, size: int | None) -> None:
    assert total_size(headers, is_part=is_part) == size


@given(st.dictionaries(st.sampled_from(["content-range", "content-length", "etag", "content-encoding"]), st.text()))
def test_any_headers_are_read_without_an_error(headers: dict[str, str]) -> None:
    size = total_size(headers, is_part=False)
    assert size is None or size >= 0
    assert strong_etag(headers) in {None, headers.get("etag")}
    assert read_range(headers) is None or "content-range" in headers
    assert is_encoded(headers) in {True, False}


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (100, BadRequestError),
        (204, BadRequestError),
        (302, RedirectError),
        (400, BadRequestError),
        (404, NotFoundError),
        (409, ConflictError),
        (410, NotFoundError),
        (418, BadRequestError),
        (429, RateLimitError),
        (500, ServerError),
        (599, ServerError),
    ],
)
def test_a_status_is_an_error_of_its_class_that_says_where(status: int, cls: type[Exception]) -> None:
    error = status_error(Response(status, {"x-request-id": "r"}, b"<html><b>No</b> luck</html>"), CALL, None)
    assert type(error) is cls
    assert (error.status, error.attempts, error.path, error.request_id) == (status, 3, "f", "r")
    assert error.server_message == "No luck"
    assert error.hint


def test_the_words_of_a_storage_are_its_message_and_not_what_was_signed() -> None:
    body = b"<Error><Message>Wrong\n signature</Message><StringToSign>secret</StringToSign></Error>"
    error = status_error(Response(400, {}, body), CALL, None)
    assert error.server_message == "Wrong signature"
    assert status_error(Response(400, {}, b""), CALL, None).server_message is None
    assert status_error(Response(400, {}, b"\xff\xfe"), CALL, None).server_message


def test_what_passes_is_tried_again_and_what_does_not_is_not() -> None:
    policy = RetryPolicy(deadline=100)
    delays = {
        status: policy.delay(
            attempt_of(Response(status, {}, b""), None), number=1, elapsed=0, idempotent=True, chance=0
        )
        for status in (400, 404, 408, 429, 500, 501, 502, 503, 504)
    }
    assert {status for status, delay in delays.items() if delay is not None} == {408, 429, 500, 502, 503, 504}


def test_progress_makes_an_effort_forget_its_failures() -> None:
    effort = Effort(RetryPolicy(attempts=3, deadline=10), now=0)
    for done in range(1, 100):
        assert effort.fail(LOST, done=done, now=done * 60, chance=0) == 0.25
    assert effort.fail(LOST, done=99, now=99 * 60, chance=0) == 0.5
    assert effort.fail(LOST, done=50, now=99 * 60, chance=0) is None


def test_the_deadline_is_for_the_time_without_progress() -> None:
    effort = Effort(RetryPolicy(attempts=100, deadline=10), now=0)
    assert effort.begin(4).total == 6
    effort.move(100)
    assert effort.begin(101).total == 9
    assert effort.fail(LOST, done=0, now=105, chance=0) is not None
    assert effort.fail(LOST, done=0, now=109.9, chance=0) is None
    assert effort.begin(200).total > 0
    assert effort.requests == 3


def test_what_was_there_before_is_no_progress() -> None:
    effort = Effort(RetryPolicy(attempts=2, deadline=10), now=0, done=500)
    assert effort.fail(LOST, done=500, now=1, chance=0) is not None
    assert effort.fail(LOST, done=500, now=1, chance=0) is None
