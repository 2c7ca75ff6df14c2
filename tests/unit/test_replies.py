"""From what a server sends to data, or to the one error that says why there is none."""

from __future__ import annotations

import json
import pickle
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandql import errors
from wandql.client.messages import Response, TransferError
from wandql.client.replies import Call, read_reply, transfer_error
from wandql.graphql.generated import operations
from wandql.graphql.generated.get_run_count import GetRunCount

KEY = "0123456789abcdef" * 3
OPERATION = operations.get_run_count(entity="alice", project="mnist")
CALL = Call(OPERATION.name, OPERATION.variables, attempts=3, secrets=(KEY,))
GOOD = {"data": {"project": {"runCount": 5}}}
LOGIN = b"""<!DOCTYPE html>
<html><head><title>Sign in</title><style>p { color: red }</style><script src="x.js">if (1 < 2) {}</script></head>
<body><!-- <b>version</b> 5 --><p class="x">Log&nbsp;in</p></body></html>
"""


@dataclass(frozen=True)
class Case:
    """What a server sends, and what becomes of it."""

    status: int
    body: object
    error: type[errors.RequestError]
    says: str = ""
    words: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def response(self) -> Response:
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        return Response(self.status, {"x-request-id": "r-1", **self.headers}, body)


def graphql(*messages: str, **more: object) -> dict[str, object]:
    return {"errors": [{"message": message} for message in messages], **more}


CASES = {
    "400 of a proxy": Case(400, b"bad request", errors.BadRequestError, "HTTP 400", "bad request"),
    "400 of a web server": Case(
        400,
        b"<html><body><h1>400</h1>Request Header Too Large</body></html>",
        errors.BadRequestError,
        "HTTP 400",
        "400 Request Header Too Large",
    ),
    "400 of the executor": Case(
        400, graphql("Variable $first is required"), errors.GraphQLError, "GetRunCount failed: Variable $first"
    ),
    "400 without a body": Case(400, b"", errors.BadRequestError, "HTTP 400"),
    "401": Case(401, {"error": "invalid key"}, errors.AuthenticationError, "refuses the API key", "invalid key"),
    "401 of the executor": Case(
        401, graphql("user is not logged in"), errors.AuthenticationError, "API key", "not logged"
    ),
    "403": Case(403, graphql("permission denied"), errors.PermissionDeniedError, "may not", "permission denied"),
    "404": Case(404, graphql("project not found"), errors.NotFoundError, "does not know", "project not found"),
    "404 of a web server": Case(
        404, b"404 page not found", errors.NotFoundError, "does not know", "404 page not found"
    ),
    "409": Case(409, {"message": "name taken"}, errors.ConflictError, "changed it first", "name taken"),
    "410": Case(410, {"detail": "gone"}, errors.BadRequestError, "HTTP 410", "gone"),
    "413": Case(413, {"error": {"message": "too large"}}, errors.BadRequestError, "HTTP 413", "too large"),
    "418": Case(418, "I am a teapot", errors.BadRequestError, "HTTP 418", "I am a teapot"),
    "422 of the executor": Case(
        422, graphql('Cannot query field "x" on type "Y".'), errors.UnsupportedError, "Cannot query"
    ),
    "429": Case(429, {"errors": ["rate limit"]}, errors.RateLimitError, "Too many requests", "rate limit"),
    "500 with a page": Case(500, LOGIN, errors.ServerError, "HTTP 500", "Sign in Log&nbsp;in"),
    "500 of the executor": Case(500, graphql("panic"), errors.ServerError, "HTTP 500", "panic"),
    "501": Case(501, b"", errors.ServerError, "HTTP 501"),
    "502": Case(502, b"<h1>Bad Gateway</h1>", errors.ServerError, "HTTP 502", "Bad Gateway"),
    "503": Case(503, {"error": "upgrading", "code": 5}, errors.ServerError, "HTTP 503", "upgrading"),
    "503 of another shape": Case(503, {"code": 5}, errors.ServerError, "HTTP 503", '{"code":5}'),
    "504": Case(504, b"\xff\xfe upstream timed out", errors.ServerError, "HTTP 504", "upstream timed out"),
    "a redirect to another host": Case(
        302,
        b"",
        errors.RedirectError,
        "redirects to https://other.example/graphql",
        headers={"location": "https://other.example/graphql"},
    ),
    "a redirect to nowhere": Case(307, b"", errors.RedirectError, "redirects to nowhere"),
    "a login page": Case(200, LOGIN, errors.DecodeError, "not what the schema promises", "Sign in Log&nbsp;in"),
    "nothing": Case(200, b"", errors.DecodeError, "Invalid JSON: EOF"),
    "no content": Case(204, b"", errors.DecodeError, "Invalid JSON: EOF"),
    "truncated JSON": Case(
        200, json.dumps(GOOD).encode()[:-5], errors.DecodeError, "Invalid JSON: EOF", '{"data": {"pro'
    ),
    "no text": Case(200, b'{"data": {"project": "\xff\xfe"}}', errors.DecodeError, "Invalid JSON"),
    "text of another encoding": Case(200, json.dumps(GOOD).encode("utf-16"), errors.DecodeError, "Invalid JSON"),
    "JSON that is no object": Case(200, [GOOD], errors.DecodeError, "not what the schema promises", '[{"data"'),
    "an empty object": Case(200, {}, errors.DecodeError, "neither data nor errors", "{}"),
    "no data": Case(200, {"data": None}, errors.DecodeError, "neither data nor errors"),
    "no data and no errors": Case(200, {"data": None, "errors": []}, errors.DecodeError, "neither data nor errors"),
    "a field that is missing": Case(200, {"data": {}}, errors.DecodeError, "data.project: Field required"),
    "a field of the wrong type": Case(
        200, {"data": {"project": {"runCount": "many"}}}, errors.DecodeError, "data.project.runCount: Input should be"
    ),
    "errors": Case(
        200, graphql("first", "second", data=None), errors.GraphQLError, "GetRunCount failed: first; second"
    ),
    "errors beside data": Case(200, graphql("half", **GOOD), errors.GraphQLError, "GetRunCount failed: half"),
    "errors beside data that the schema forbids": Case(
        200, graphql("not found", data={}), errors.GraphQLError, "GetRunCount failed: not found"
    ),
    "errors with everything that the standard allows": Case(
        200,
        {"errors": [{"message": "no", "path": ["project", 0], "locations": [], "extensions": {"code": "X"}}]},
        errors.GraphQLError,
        "GetRunCount failed: no",
    ),
    "errors of another shape": Case(200, {"errors": "no"}, errors.GraphQLError, "GetRunCount failed: no"),
    "errors without a message": Case(200, {"errors": [{"code": 7}]}, errors.GraphQLError, 'failed: {"code":7}'),
    "an unknown field": Case(
        200, graphql('Cannot query field "runCount" on type "Project".'), errors.UnsupportedError, "Cannot query field"
    ),
    "an unknown field in other quotes": Case(
        200, graphql("Cannot query field 'runCount' on type 'Project'."), errors.UnsupportedError, "Cannot query field"
    ),
    "an unknown argument": Case(
        200, graphql('Unknown argument "filters" on field "Project.runCount".'), errors.UnsupportedError, "argument"
    ),
    "an unknown type": Case(200, graphql('Unknown type "JSONString".'), errors.UnsupportedError, "Unknown type"),
    "an unknown input field": Case(
        200, graphql('Field "x" is not defined by type "UpsertBucketInput".'), errors.UnsupportedError, "not defined"
    ),
}


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_a_reply_without_data_is_one_error_that_says_why_and_what_to_do(case: Case) -> None:
    with pytest.raises(errors.RequestError) as caught:
        read_reply(OPERATION, case.response, CALL)
    error = caught.value
    assert type(error) is case.error
    assert case.says in error.message
    assert (case.words or "") in (error.server_message or error.message)
    assert error.hint
    assert (error.operation, error.path, error.attempts) == ("GetRunCount", "alice/mnist", 3)
    assert (error.status, error.request_id) == (case.status, "r-1")
    for part in (error.message, error.hint, "GetRunCount", "alice/mnist", str(case.status), "r-1", case.words or ""):
        assert part in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        {**GOOD, "errors": []},
        {**GOOD, "errors": None},
        {"data": {"project": {"runCount": 5, "isNew": [1]}, "viewer": None}, "extensions": {"cost": 1}},
    ],
)
@pytest.mark.parametrize("status", [200, 201, 203])
def test_a_reply_with_data_is_the_data(body: object, status: int) -> None:
    data = read_reply(OPERATION, Response(status, {}, json.dumps(body).encode()), CALL)
    assert data.project is not None
    assert data.project.run_count == 5


def test_null_where_the_schema_allows_it_is_data() -> None:
    assert read_reply(OPERATION, Response(200, {}, b'{"data": {"project": null}}'), CALL).project is None


@pytest.mark.parametrize(
    ("body", "partial"),
    [(graphql("no", data=None), False), (graphql("no", **GOOD), True), (graphql("no", data={}), True)],
)
def test_a_graphql_error_has_every_message_and_tells_of_partial_data(body: object, partial: bool) -> None:
    with pytest.raises(errors.GraphQLError) as caught:
        read_reply(OPERATION, Response(200, {}, json.dumps(body).encode()), CALL)
    assert caught.value.messages == ["no"]
    assert caught.value.server_message == "no"
    assert caught.value.partial is partial


def test_messages_that_repeat_are_named_once_with_their_number() -> None:
    body = json.dumps(graphql("no", "other", "no", "no", data=None)).encode()
    with pytest.raises(errors.GraphQLError, match=r"failed: no \(3 times\); other\n") as caught:
        read_reply(OPERATION, Response(200, {}, body), CALL)
    assert caught.value.messages == ["no", "other", "no", "no"]


def test_a_rate_limit_error_says_how_long_the_server_asks_to_wait() -> None:
    with pytest.raises(errors.RateLimitError) as caught:
        read_reply(OPERATION, Response(429, {}, b""), CALL, retry_after=40.0)
    assert caught.value.retry_after == 40
    assert pickle.loads(pickle.dumps(caught.value)).retry_after == 40


def test_a_decode_error_is_raised_from_what_the_parser_says() -> None:
    with pytest.raises(errors.DecodeError) as caught:
        read_reply(OPERATION, Response(200, {}, b"{"), CALL)
    assert "Invalid JSON" in str(caught.value.__cause__)


ECHOES = {
    "as a page": (500, f"<p>Authorization: {KEY}</p>".encode(), {}),
    "as text": (400, f"you sent {KEY}".encode(), {}),
    "as JSON": (403, json.dumps({"error": f"the key {KEY}"}).encode(), {}),
    "as an error": (200, json.dumps(graphql(f"the key {KEY}", f"and {KEY}")).encode(), {}),
    "as another error": (200, json.dumps({"errors": [{"sent": {"key": KEY}}]}).encode(), {}),
    "as an error beside data": (200, json.dumps(graphql(KEY, data={"project": KEY})).encode(), {}),
    "as a redirect": (302, b"", {"location": f"https://evil.example/?key={KEY}"}),
    "as data": (200, json.dumps({"data": {"project": KEY}}).encode(), {}),
    "as broken JSON": (200, f'{{"data": "{KEY}'.encode(), {}),
    "at the end of what is quoted": (500, b"x" * (2000 - len(KEY) // 2) + KEY.encode(), {}),
    "at the end of what is read": (500, b"<p>" * 33_325 + b" " + KEY.encode(), {}),
}


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in ECHOES.items()])
def test_no_error_repeats_the_key_though_the_server_does(case: tuple[int, bytes, Mapping[str, str]]) -> None:
    with pytest.raises(errors.RequestError) as caught:
        read_reply(OPERATION, Response(case[0], case[2], case[1]), CALL)
    error: BaseException | None = caught.value
    while error is not None:
        shown = f"{error} {error!r} {error.args} {vars(error)}"
        assert KEY not in shown
        assert KEY[: len(KEY) // 2] not in shown
        error = error.__cause__ or error.__context__


def test_what_is_quoted_of_a_long_page_is_short() -> None:
    with pytest.raises(errors.ServerError) as caught:
        read_reply(OPERATION, Response(500, {}, b"<p>" + b"long " * 1_000_000), CALL)
    assert len(caught.value.server_message or "") == 2000
    with pytest.raises(errors.GraphQLError) as failed:
        read_reply(OPERATION, Response(200, {}, json.dumps(graphql(*["long " * 1000] * 50)).encode()), CALL)
    assert len(failed.value.message) < 2100


@pytest.mark.parametrize("piece", [b"<script>", b"<style ", b"<!--", b"<", b"</script", b"<!-- --", b"&", b" \n"])
def test_no_page_takes_long_to_read(piece: bytes) -> None:
    start = time.process_time()
    with pytest.raises(errors.ServerError):
        read_reply(OPERATION, Response(500, {}, piece * 200_000), CALL)
    assert time.process_time() - start < 1


def data_or_error(response: Response) -> GetRunCount | errors.RequestError:
    try:
        return read_reply(OPERATION, response, CALL)
    except errors.RequestError as error:
        return error


@given(st.integers(200, 599), st.binary() | st.text().map(str.encode), st.dictionaries(st.text(), st.text()))
def test_whatever_a_server_sends_is_data_or_a_typed_error(status: int, body: bytes, headers: dict[str, str]) -> None:
    outcome = data_or_error(Response(status, headers, body))
    assert isinstance(outcome, errors.RequestError | GetRunCount)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from([200, 400, 401, 500]),
    st.fixed_dictionaries({}, optional={"data": json_values, "errors": json_values}),
)
def test_whatever_json_a_server_sends_is_data_or_a_typed_error(status: int, body: object) -> None:
    outcome = data_or_error(Response(status, {}, json.dumps(body).encode()))
    assert isinstance(outcome, errors.RequestError | GetRunCount)


@pytest.mark.parametrize(
    ("failure", "cls", "says"),
    [
        ("lost", errors.ConnectionFailedError, "No answer from http://h: refused."),
        ("late", errors.RequestTimeoutError, "http://h did not answer within 2.5 seconds: refused."),
        ("garbled", errors.DecodeError, "The reply of http://h cannot be decompressed: refused."),
    ],
)
def test_a_call_without_a_reply_is_an_error_that_says_how_it_failed(
    failure: Literal["lost", "late", "garbled"], cls: type[errors.RequestError], says: str
) -> None:
    error = transfer_error(TransferError("refused", failure, executed=False), CALL, "http://h", 2.5)
    assert type(error) is cls
    assert error.message == says
    assert error.hint
    assert (error.operation, error.path, error.attempts, error.status) == ("GetRunCount", "alice/mnist", 3, None)


@pytest.mark.parametrize(
    ("variables", "path"),
    [
        ({"entity": "alice", "project": "mnist", "run": "r1"}, "alice/mnist/r1"),
        ({"run": "r1", "project": "mnist", "entity": "alice", "first": 5}, "alice/mnist/r1"),
        ({"entity": "alice"}, "alice"),
        ({"storageId": "Um9="}, "Um9="),
        ({"entity": "", "query": "x"}, None),
        ({"team": "vision", "id": "T1"}, "vision/T1"),
        ({"files": ["F1", "F2"]}, '"F1","F2"'),
        ({}, None),
    ],
)
def test_the_path_of_a_call_is_made_of_what_its_variables_name(variables: dict[str, object], path: str | None) -> None:
    assert Call("GetRun", variables).path == path


def test_a_call_does_not_show_its_secrets() -> None:
    assert KEY not in repr(CALL)
