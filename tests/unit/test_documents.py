"""What SDKs have written over the years: every document has a documented value, or is refused."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from wandql.api.config import read_config
from wandql.errors import DecodeError
from wandql.frames.histories import HistoryColumns
from wandql.graphql.documents import decode, with_floats
from wandql.graphql.scalars import JSONString

INF, NAN = math.inf, math.nan
REFUSED = object()

PAYLOADS = [
    # Numbers that JSON does not have.
    ('{"loss": NaN}', {"loss": NAN}),
    ('{"loss": Infinity}', {"loss": INF}),
    ('{"loss": -Infinity}', {"loss": -INF}),
    ('{"loss": "NaN"}', {"loss": "NaN"}),
    ('{"loss": "-Infinity"}', {"loss": "-Infinity"}),
    ("[NaN, [Infinity, {\"a\": -Infinity}]]", [NAN, [INF, {"a": -INF}]]),
    ('{"NaN": 1}', {"NaN": 1}),
    ("NaN", NAN),
    ('{"loss": nan}', REFUSED),
    ('{"loss": -NaN}', REFUSED),
    ('{"loss": inf}', REFUSED),
    # Numbers that are too large, too small or of another form.
    ('{"id": 9223372036854775807}', {"id": 2**63 - 1}),
    ('{"id": 9223372036854775808}', {"id": 2**63}),
    ('{"id": -123456789012345678901234567890}', {"id": -123456789012345678901234567890}),
    ('{"x": 1e400}', {"x": INF}),
    ('{"x": -1e400}', {"x": -INF}),
    ('{"x": 1e-400}', {"x": 0.0}),
    ('{"x": 1.0}', {"x": 1.0}),
    ('{"x": 1.79e+09}', {"x": 1.79e9}),
    ('{"x": ' + "9" * 5000 + "}", REFUSED),
    ('{"x": 01}', REFUSED),
    ('{"x": .5}', REFUSED),
    # Texts.
    ('{"note": "a\tb\nc"}', {"note": "a\tb\nc"}),
    ('{"note": "\x01\x1f"}', {"note": "\x01\x1f"}),
    ('{"note": "\x00"}', {"note": "\x00"}),
    ('{"note": "\\u0000"}', {"note": "\x00"}),
    ('{"note": "\\ud83d\\ude00"}', {"note": "\U0001f600"}),
    ('{"note": "\\ud83d"}', {"note": "\ufffd"}),
    ('{"note": "\\ude00x"}', {"note": "\ufffdx"}),
    ('{"note": "\ud83d"}', {"note": "\ufffd"}),
    ('{"\\ud83d": 1}', {"\ufffd": 1}),
    ('{"note": "größe \u2028"}', {"note": "größe \u2028"}),
    # Objects.
    ('{"a": 1, "a": 2}', {"a": 2}),
    ('{"": 0, "a.b": 1, "a/b": 2, "$c": 3}', {"": 0, "a.b": 1, "a/b": 2, "$c": 3}),
    ('{"lr": {"value": 0.1, "desc": null}}', {"lr": {"value": 0.1, "desc": None}}),
    ("{}", {}),
    ("null", None),
    ('"a text"', "a text"),
    (' [1,\n2] ', [1, 2]),
    ("[" * 190 + "]" * 190, ...),
    ("[" * 300 + "]" * 300, REFUSED),
    ("[" * 100_000 + "]" * 100_000, REFUSED),
    # No JSON at all.
    ("", REFUSED),
    ("{", REFUSED),
    ("{'a': 1}", REFUSED),
    ('{"a": 1,}', REFUSED),
    ('{"a": 1} {"b": 2}', REFUSED),
    ("\ufeff{}", REFUSED),
    ("<html>", REFUSED),
    ("undefined", REFUSED),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), PAYLOADS, ids=[ascii(text)[:40] for text, _ in PAYLOADS])
def test_a_nasty_document_has_its_documented_value_or_is_refused(text: str, value: object) -> None:
    if value is REFUSED:
        with pytest.raises(ValueError):
            decode(text)
        with pytest.raises(ValueError):
            _ = JSONString(text).value
        with pytest.raises((DecodeError, ValueError)):
            read_config(JSONString(text or " "), of="a run")
    elif value is not ...:
        assert repr(decode(text)) == repr(value)
        assert repr(JSONString(text).value) == repr(value)
    else:
        assert decode(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('{"lr": {"value": 0.1, "desc": null}}', {"lr": 0.1}),
        ('{"lr": 0.1}', {"lr": 0.1}),
        ('{"opt": {"value": {"value": 3}}}', {"opt": {"value": 3}}),
        ('{"opt": {"name": "adam"}}', {"opt": {"name": "adam"}}),
        ('{"x": {"value": null}}', {"x": None}),
        ('{"x": {"value": NaN}, "_wandb": {"value": {"t": 1}}, "wandb_version": 1}', {"x": NAN}),
        ("null", {}),
        ("{}", {}),
    ],
)
def test_a_config_is_what_is_inside_of_its_wrappers(text: str, values: object) -> None:
    assert repr(read_config(JSONString(text), of="a run")[0]) == repr(values)


def test_quoted_floats_are_floats_only_where_the_wire_cannot_send_them_bare() -> None:
    assert repr(with_floats({"x": "NaN", "y": ["Infinity", "nan"]})) == "{'x': nan, 'y': [inf, 'nan']}"


SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats()
    | st.sampled_from(["NaN", "2020-01-01", "2020-01-01T00:00:00Z", ""]) | st.text()
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@given(VALUES)
def test_what_is_encoded_is_decoded_again(value: object) -> None:
    assert repr(decode(to_json(value, inf_nan_mode="constants").decode())) == repr(value)
    assert repr(decode(json.dumps(value))) == repr(value)


@given(st.text() | st.text(alphabet='{}[]":,\\ud8NaInfity0123e-+. \n\x00\ud800'))
def test_any_text_is_a_value_or_no_json(text: str) -> None:
    try:
        value = decode(text)
    except ValueError:
        return
    to_json(value, inf_nan_mode="constants")


ROWS = st.lists(st.dictionaries(st.sampled_from(["a", "b", "c.d", "c"]), VALUES, max_size=3), max_size=6)


@given(rows=ROWS, data=st.data())
def test_columns_hold_what_rows_hold_however_they_are_cut(rows: list[dict[str, object]], data: st.DataObject) -> None:
    lines = [json.dumps({"_step": step, **row}) for step, row in enumerate(rows)]
    whole = HistoryColumns()
    whole.add_lines(lines)
    parts = HistoryColumns()
    cut = data.draw(st.integers(0, len(lines)))
    parts.add_lines(lines[:cut])
    parts.add_lines(lines[cut:])
    table = whole.table({})
    assert table.schema == parts.table({}).schema
    for name in table.column_names:
        field = table.schema.field(name)
        logged = [{"_step": step, **row} for step, row in enumerate(rows)]
        for row, found in zip(logged, table[name].to_pylist(), strict=True):
            expected = row.get(name)
            if expected is not None and field.metadata:
                assert repr(json.loads(found)) == repr(json.loads(json.dumps(expected)))
            elif isinstance(expected, int | float) and str(field.type) == "double":
                assert repr(found) == repr(float(expected))
            elif expected != [] and "double" not in str(field.type):
                assert repr(found) == repr(expected)
