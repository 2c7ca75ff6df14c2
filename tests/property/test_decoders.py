"""Whatever a server sends: a value of the promised type, or an error of ours. Never anything else."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import example, given
from hypothesis import strategies as st

from wandql.api.history_rows import parse_rows
from wandql.api.manifest import Manifest, read_manifest
from wandql.client.messages import Response
from wandql.client.replies import Call, read_reply
from wandql.client.transfers.storage_replies import read_range, status_error, total_size
from wandql.errors import DecodeError, RequestError, WandqlError
from wandql.graphql.documents import decode
from wandql.graphql.generated import operations

OPERATION = operations.get_runs(entity="alice", project="mnist", first=2)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
# Texts that look like what is expected, until they do not.
KEYS = st.sampled_from(
    ["data", "errors", "message", "project", "runs", "edges", "node", "pageInfo", "id", "version", "contents", "digest"]
)
NEAR = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=30)
TEXTS = (
    st.text() | (VALUES | NEAR).map(json.dumps) | st.sampled_from(["NaN", "-Infinity", "[" * 10_000, '{"a":' * 5000])
)
BODIES = st.binary() | TEXTS.map(lambda text: text.encode(errors="surrogatepass"))
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "content-range", "content-length", "content-encoding", "location", "retry-after"]),
    st.text(),
)


@given(st.sampled_from([200, 302, 400, 401, 404, 408, 413, 429, 500, 504, 599]), HEADERS, BODIES)
@example(200, {}, b'{"data": {"project": {"runs": ' + b"[" * 100_000)
@example(200, {}, b'{"data": {}, "errors": [{}]}')
def test_a_reply_is_data_or_an_error_that_names_its_call(status: int, headers: dict[str, str], body: bytes) -> None:
    call = Call(OPERATION.name, OPERATION.variables, secrets=("secret-key",))
    try:
        data = read_reply(OPERATION, Response(status, headers, body), call)
    except RequestError as error:
        failure: RequestError | None = error
    else:
        failure = None
        assert type(data).__name__ == "GetRuns"
    if failure:
        assert (failure.operation, failure.path) == (OPERATION.name, "alice/mnist")
        assert str(failure)


@given(st.integers(300, 599), HEADERS, BODIES)
def test_a_reply_of_a_storage_is_an_error_that_names_its_call(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    call = Call("GET https://storage/file", {"name": "file"})
    assert str(status_error(Response(status, headers, body), call, None))
    read_range(headers)
    for is_part in (False, True):
        size = total_size(headers, is_part=is_part)
        assert size is None or size >= 0


@given(BODIES)
@example(b'{"version": 1, "storagePolicy": "x", "contents": {"a": {"digest": "", "size": 1e400}}}')
def test_a_manifest_is_read_or_refused(body: bytes) -> None:
    with suppress(DecodeError):
        assert isinstance(read_manifest(body, of="alice/mnist/digits:v0"), Manifest)


@given(st.lists(TEXTS, max_size=5))
def test_history_rows_are_objects_or_refused(lines: list[str]) -> None:
    with suppress(DecodeError):
        rows = parse_rows(lines, of="alice/mnist/run-1")
        assert [type(row) for row in rows] == [dict] * len(lines)


@given(TEXTS)
def test_a_document_is_read_or_no_value(text: str) -> None:
    with suppress(ValueError, WandqlError):
        decode(text)
