"""What a request is: an immutable value that knows its body and how to read the reply."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import FrozenInstanceError, dataclass
from datetime import UTC, datetime

import pydantic
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from wandql.graphql.model import BaseModel, OpenEnum
from wandql.graphql.operation import Operation, PagedOperation, Reply, given


class State(OpenEnum):
    RUNNING = "running"
    FINISHED = "finished"


class Tag(BaseModel):
    tag_name: str
    color_index: int | None = None


class Run(BaseModel):
    display_name: str
    state: State | None


RunReply = Reply[Run]


@dataclass(frozen=True)
class End:
    end_cursor: str | None = None
    has_next_page: bool = False


@dataclass(frozen=True)
class Page:
    edges: tuple[()] = ()
    page_info: End = End()


def operation(**variables: object) -> Operation[Run]:
    return Operation("GetRun", "query", "query GetRun { run { displayName } }", given(**variables), RunReply, True)


def test_a_body_is_what_graphql_over_http_asks_for() -> None:
    assert json.loads(operation(name="a", first=5).body()) == {
        "query": "query GetRun { run { displayName } }",
        "operationName": "GetRun",
        "variables": {"name": "a", "first": 5},
    }


def test_equal_requests_have_equal_bodies() -> None:
    assert operation(name="a", tags=[Tag(tag_name="t")]).body() == operation(name="a", tags=[Tag(tag_name="t")]).body()
    assert operation(name="a").body() != operation(name="b").body()


def test_a_body_is_utf8() -> None:
    assert "Größe 🚀".encode() in operation(name="Größe 🚀").body()


@for_all(st.dictionaries(st.text(min_size=1), st.text() | st.integers(-(2**63), 2**63) | st.booleans()))
def test_a_variable_arrives_as_it_was_given(variables: dict[str, object]) -> None:
    request = Operation("GetRun", "query", "", variables, RunReply, True)
    assert json.loads(request.body())["variables"] == variables


def test_a_variable_without_a_value_is_not_sent_so_that_the_servers_default_holds() -> None:
    assert given(name="a", first=None) == {"name": "a"}
    assert given(first=0, name="", flag=False, tags=[]) == {"first": 0, "name": "", "flag": False, "tags": []}


def test_an_input_is_sent_with_the_fields_that_were_set_under_the_names_of_the_schema() -> None:
    tags = [Tag(tag_name="a"), Tag(tagName="b", colorIndex=None), Tag(tag_name="c", color_index=3)]
    assert given(tags=tags, tag=tags[0]) == {
        "tags": [{"tagName": "a"}, {"tagName": "b", "colorIndex": None}, {"tagName": "c", "colorIndex": 3}],
        "tag": {"tagName": "a"},
    }


def test_enums_and_times_are_sent_as_text() -> None:
    assert given(state=State.RUNNING, new=State("new"), time=datetime(2026, 1, 2, tzinfo=UTC)) == {
        "state": "running",
        "new": "new",
        "time": "2026-01-02T00:00:00Z",
    }


def test_a_request_is_immutable() -> None:
    with pytest.raises(FrozenInstanceError):
        operation().name = "Other"


def test_the_next_page_is_a_new_request_from_the_cursor_on() -> None:
    first = PagedOperation("GetRuns", "query", "", given(first=5), RunReply, True, lambda _: Page())
    second = first.after("c1")
    assert type(second) is PagedOperation
    assert dict(first.variables) == {"first": 5}
    assert second.variables == {"first": 5, "after": "c1"}
    assert second.after("c2").variables == {"first": 5, "after": "c2"}
    assert second.connection is first.connection


def test_a_reply_is_data_or_errors_or_both() -> None:
    whole = operation().parse(b'{"data": {"displayName": "a", "state": null}}')
    assert whole.data == Run(display_name="a", state=None)
    assert whole.errors is None
    failed = operation().parse(b'{"data": null, "errors": [{"message": "no"}]}')
    assert failed.data is None
    assert [each.message for each in failed.errors or ()] == ["no"]
    both = operation().parse(b'{"errors": [{"message": "no"}], "data": {"displayName": "a", "state": null}}')
    assert both.data is not None
    assert both.errors is not None
    assert operation().parse(b"{}").data is None


@pytest.mark.parametrize(
    ("errors", "messages"),
    [
        ([], None),
        ({}, None),
        ("", None),
        ([{"message": "no", "path": ["run", 0, None, 1.5], "extensions": None, "locations": "?"}], ["no"]),
        ([{"message": "no", "extensions": {"code": 5}}, {"message": "never"}], ["no", "never"]),
        (["no", "never"], ["no", "never"]),
        ("no", ["no"]),
        ({"message": "no"}, ["no"]),
        ([{"message": None, "code": 5}], ['{"message":null,"code":5}']),
        ([None, 7, ["no"]], ["null", "7", '["no"]']),
    ],
)
def test_errors_are_read_in_whatever_form_they_come(errors: object, messages: list[str] | None) -> None:
    reply = operation().parse(json.dumps({"data": None, "errors": errors}).encode())
    assert (None if reply.errors is None else [each.message for each in reply.errors]) == messages


def test_what_a_newer_server_adds_does_no_harm() -> None:
    content = {"data": {"displayName": "a", "state": "preempted", "gpu": {}}, "extensions": {}, "timing": 1}
    data = operation().parse(json.dumps(content).encode()).data
    assert data is not None
    assert data.state == "preempted"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"[]",
        b'"text"',
        b"null",
        b'{"data": {"displayName": "a"}}',
        b'{"data": {"displayName": null, "state": null}}',
        b'{"data": {"displayName": 5, "state": null}}',
        b'{"data": {"displayName": "a", "state": 5}}',
        b'{"data": {"displayName": "a", "state": null}',
        b'{"data": {"displayName": "\xff", "state": null}}',
    ],
)
def test_a_reply_of_another_form_is_a_validation_error_that_does_not_quote_it(content: bytes) -> None:
    with pytest.raises(pydantic.ValidationError) as caught:
        operation().parse(content)
    assert "input_value" not in str(caught.value)


def test_a_known_value_of_an_open_enum_is_its_member() -> None:
    assert State("running") is State.RUNNING
    assert State.RUNNING == "running"


def test_an_unknown_value_of_an_open_enum_survives() -> None:
    new = State("preempted")
    assert isinstance(new, State)
    assert new == "preempted" == str(new) == new.value == new.name
    assert hash(new) == hash("preempted")
    assert new == State("preempted")
    assert new not in list(State)
    assert {new: 1}["preempted"] == 1
    for other in (copy.copy(new), copy.deepcopy(new), pickle.loads(pickle.dumps(new))):
        assert isinstance(other, State)
        assert other == new


@pytest.mark.parametrize("value", [None, 1, b"running", ["running"]])
def test_an_open_enum_holds_nothing_but_texts(value: object) -> None:
    with pytest.raises(ValueError, match="is not a valid State"):
        State(value)


def test_an_unknown_value_goes_through_a_model_and_back() -> None:
    run = Run.model_validate_json('{"displayName": "a", "state": "preempted"}')
    assert isinstance(run.state, State)
    assert run.model_dump(mode="json", by_alias=True) == {"displayName": "a", "state": "preempted"}
    assert json.loads(run.model_dump_json(by_alias=True)) == {"displayName": "a", "state": "preempted"}
    assert pickle.loads(pickle.dumps(run)) == run


def test_a_model_is_made_by_either_name_and_is_immutable() -> None:
    assert Run(displayName="a", state=None) == Run(display_name="a", state=None)
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        Run(display_name="a", state=None).display_name = "b"
