"""Sampled rows read as columns are what they are read row by row, or they are left to be read so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wandql.api.history_rows import read_sampled
from wandql.api.sampled_page import as_columns
from wandql.frames.histories import HistoryColumns
from wandql.frames.sampled_columns import read_sampled_columns
from wandql.graphql.generated import operations

OPERATION = operations.get_sampled_run_history(entity="e", project="p", run="r", specs=["{}"])
TEXTS = st.sampled_from(
    ["a", "", "ü\u2028😀", "NaN", "Infinity", "2027-01-15T08:00:00", "2027-01-15", "1", "true", "\x01"]
)
NUMBERS = (
    st.integers(-5, 5) | st.sampled_from([2**53 + 1, 2**63 - 1, 2**63, 2**70, -(2**63)]) | st.floats(allow_nan=False)
)
PLAIN = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.sampled_from("xy"), PLAIN, max_size=2)
KINDS = st.sampled_from([st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False), NUMBERS, TEXTS, VALUES])
KEYS = ["a", "b.c", "d/e"]


def reply(value: Any) -> bytes:
    return json.dumps({"data": {"project": {"run": {"sampledHistory": value}}}}).encode()


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    kinds = {key: draw(KINDS) for key in KEYS}
    return [
        {"_step": step} | {key: draw(kind) for key, kind in kinds.items()} for step in range(draw(st.integers(0, 5)))
    ]


@given(histories())
@example([{"_step": 0, "a": [2**53 + 1], "b.c": 0, "d/e": 2**53 + 1}, {"_step": 1, "a": [0.5], "b.c": 0, "d/e": 0.5}])
def test_columns_are_those_of_rows(rows: list[dict[str, Any]]):
    content = reply([rows])
    plain = OPERATION.parse(content).data
    assert plain is not None
    assert plain.project is not None
    assert plain.project.run is not None
    expected = HistoryColumns(KEYS)
    expected.add_rows(read_sampled(plain.project.run.sampled_history, of="r"))
    found = HistoryColumns(KEYS)
    page = as_columns(OPERATION).parse(content).data
    assert page is not None
    if page.table is not None:
        found.add_table(page.table)
    else:
        assert page.data == plain
        found = expected
    assert repr(found.table({}).to_pydict()) == repr(expected.table({}).to_pydict())
    assert found.table({}).schema.equals(expected.table({}).schema, check_metadata=True)


def test_numbers_and_texts_are_read_without_rows():
    table = read_sampled_columns(reply([[{"_step": 0, "x": 1, "y": "a"}, {"_step": 1, "x": 0.5, "y": None}]]))
    assert table is not None
    assert {name: table.column(name).to_pylist() for name in table.column_names} == {
        "_step": [0, 1], "x": [1.0, 0.5], "y": ["a", None],
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        reply([]),
        reply([[]]),
        reply([[], []]),
        reply([[{"_step": 0}], [{"_step": 1}]]),
        reply([[None]]),
        reply([1]),
        reply("text"),
        b'{"data": {"project": null}}',
        b'{"data": {"project": {"run": null}}}',
        b'{"data": null, "errors": [{"message": "no"}]}',
        reply([[{"_step": 0}]]).replace(b"}]]}}}}", b'}]]}}}, "errors": [{"message": "half"}]}'),
        b"",
        b"<html>",
        b"{}{}",
    ],
)
def test_what_is_no_list_of_rows_is_left_to_the_decoder(content: bytes):
    assert read_sampled_columns(content) is None


def test_integers_beside_floats_are_the_nearest_floats_also_in_another_block(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("wandql.frames.histories.BLOCK", 2)
    columns = HistoryColumns()
    values = [2**53 + 1, 3, 0.5, 2**53 + 1]
    columns.add_lines(json.dumps({"_step": step, "x": value, "l": [value]}) for step, value in enumerate(values))
    near = [float(value) for value in values]
    assert columns.table({}).to_pydict() == {"_step": [0, 1, 2, 3], "x": near, "l": [[value] for value in near]}
