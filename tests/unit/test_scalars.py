"""Custom scalars, as they come and as they are read."""

from __future__ import annotations

import copy
import json
import math
import pickle
from datetime import UTC, datetime

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandql.graphql.scalars import JSONString, UTCDatetime

TIME = pydantic.TypeAdapter(UTCDatetime)
JSON_STRING = pydantic.TypeAdapter(JSONString)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(values)
def test_a_json_string_has_the_value_of_its_text(value: object) -> None:
    text = json.dumps(value)
    parsed = JSON_STRING.validate_json(json.dumps(text))
    assert parsed == text
    assert parsed.value == json.loads(text)


def test_a_json_string_is_parsed_when_its_value_is_read_and_once() -> None:
    text = JSON_STRING.validate_python('{"lr": 0.1}')
    assert "value" not in vars(text)
    assert text.value is text.value
    assert text.value == {"lr": 0.1}


def test_what_is_no_json_is_an_error_only_when_it_is_read() -> None:
    text = JSON_STRING.validate_python("{")
    assert text == "{"
    with pytest.raises(ValueError, match="EOF"):
        _ = text.value


def test_a_json_string_holds_numbers_that_the_standard_does_not() -> None:
    value = JSONString("[NaN, Infinity, -Infinity, 123456789012345678901234567890]").value
    assert isinstance(value, list)
    assert math.isnan(value[0])
    assert value[1:] == [math.inf, -math.inf, 123456789012345678901234567890]


def test_a_json_string_is_a_text_to_everybody_else() -> None:
    text = JSONString('{"a": 1}')
    assert text.value == {"a": 1}
    assert hash(text) == hash('{"a": 1}')
    assert JSON_STRING.dump_python(text) == JSON_STRING.dump_python(text, mode="json") == '{"a": 1}'
    assert json.loads(JSON_STRING.dump_json(text)) == '{"a": 1}'
    assert JSON_STRING.json_schema()["type"] == "string"
    for other in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert isinstance(other, JSONString)
        assert other == text
        assert other.value == {"a": 1}


@pytest.mark.parametrize("given_value", [1, None, ["{}"], {"a": 1}])
def test_a_json_string_is_nothing_but_a_text(given_value: object) -> None:
    with pytest.raises(pydantic.ValidationError):
        JSON_STRING.validate_python(given_value)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05",
        "2026-01-02 03:04:05",
        "2026-01-02T03:04:05+00:00",
        "2026-01-02T05:04:05+02:00",
        "2026-01-01T19:04:05-08:00",
        "2026-01-02T03:04:05.000000000Z",
    ],
)
def test_a_time_is_in_utc_whatever_form_the_server_sends(text: str) -> None:
    time = TIME.validate_json(json.dumps(text))
    assert time == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert time.tzinfo is UTC


def test_the_time_that_go_calls_zero_is_a_time() -> None:
    assert TIME.validate_json('"0001-01-01T00:00:00Z"') == datetime.min.replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+05:00"])
def test_what_is_no_time_is_the_replys_fault(text: str) -> None:
    with pytest.raises(pydantic.ValidationError):
        TIME.validate_json(json.dumps(text))


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_keeps_its_moment(time: datetime) -> None:
    try:
        moment = time.astimezone(UTC)
    except OverflowError:
        return
    assert TIME.validate_json(json.dumps(moment.isoformat())) == moment
    assert TIME.validate_python(time) == moment
