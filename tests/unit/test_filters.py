"""Claims about filters and orders: what travels, and what is refused before it does."""

from __future__ import annotations

import enum
import json
import math
import re
import warnings
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandql.errors import InvalidFilterError, InvalidOrderError
from wandql.filters import canonical_filters, encode_filters, encode_order

numpy = pytest.importorskip("numpy")


class State(enum.Enum):
    FINISHED = "finished"


class Level(enum.IntEnum):
    HIGH = 3


def refused(filters) -> InvalidFilterError:
    with pytest.raises(InvalidFilterError) as caught:
        encode_filters(filters)
    with pytest.raises(InvalidFilterError):
        canonical_filters(filters)
    assert isinstance(caught.value, ValueError)
    return caught.value


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"state": "finished"},
        {"state": None, "tags": "best", "config.lr": 0.1, "config.deep": True, "config.n": 3},
        {"config.lr": {"$gte": 0.01, "$lt": 0.1}},
        {"config.lr.value": {"$ne": 1}},
        {"tags": {"$in": ["a", "b"]}, "name": {"$nin": []}},
        {"tags": {"$all": ["a", "b"]}},
        {"tags": ["a", "b"]},
        {"config.model": {"name": "cnn", "layers": [1, {"a": None}]}},
        {"config.empty": {}},
        {"summary_metrics.acc": {"$exists": True}},
        {"display_name": {"$regex": "^run-[0-9]+$"}},
        {"display_name": {"$regex": "^RUN", "$options": "i"}},
        {"display_name": {"$not": {"$regex": "x", "$in": ["a"]}}},
        {"config.a": {"$not": {"$not": {"$gt": 1}}}},
        {"$and": [{"sweep": "s"}]},
        {"$or": [{"state": "crashed"}, {"$and": [{"a": 1}, {}]}], "$nor": [{"b": {"$eq": [1]}}]},
        {"created_at": {"$gt": "2024-01-02"}},
        {"summary_metrics.eval/loss": 1},
        {"order": "x", "state": "y"},
        {"config.a": {"$eq": {"gt": 1}}},
        {"some.field.of.a.newer.server": 1},
    ],
)
def test_a_filter_of_the_dialect_travels_as_it_is(filters):
    text = encode_filters(filters)
    assert json.loads(text) == filters
    assert list(json.loads(text)) == list(filters)


def test_no_filter_is_the_empty_document():
    assert encode_filters(None) == encode_filters({}) == canonical_filters(None) == "{}"


def test_the_text_is_compact_json():
    assert encode_filters({"$and": [{"sweep": "s"}]}) == '{"$and":[{"sweep":"s"}]}'


def test_the_filter_that_was_given_is_not_changed():
    filters = {"summary.a": {"$in": (1, 2)}}
    encode_filters(filters)
    assert filters == {"summary.a": {"$in": (1, 2)}}


@pytest.mark.parametrize(
    ("value", "travels"),
    [
        (State.FINISHED, "finished"),
        (Level.HIGH, 3),
        (numpy.float64(0.5), 0.5),
        (numpy.float32(0.5), 0.5),
        (numpy.int64(3), 3),
        (numpy.bool_(True), True),
        (numpy.str_("a"), "a"),
        (numpy.array(2), 2),
        ((1, 2), [1, 2]),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "2024-01-02T03:04:05.000006Z"),
        (datetime(2024, 1, 2, tzinfo=UTC), "2024-01-02T00:00:00.000000Z"),
        (datetime(2024, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))), "2024-01-02T01:00:00.000000Z"),
        (datetime(2024, 7, 2, 3, tzinfo=ZoneInfo("America/New_York")), "2024-07-02T07:00:00.000000Z"),
        ("é\ud800", "é\ud800"),
    ],
)
def test_a_python_value_travels_as_json_has_it(value, travels):
    text = json.dumps(travels, separators=(",", ":"))
    assert encode_filters({"a": value}) == f'{{"a":{text}}}'
    assert encode_filters({"a": {"$eq": value}}) == f'{{"a":{{"$eq":{text}}}}}'
    assert encode_filters({"a": {"$in": [value]}}) == f'{{"a":{{"$in":[{text}]}}}}'


def test_times_sort_as_their_texts_do():
    times = [datetime(2024, 1, 2, 3, 4, 5, micro, tzinfo=UTC) for micro in (0, 1, 10, 999_999)]
    assert sorted(encode_filters({"a": time}) for time in reversed(times)) == [
        encode_filters({"a": time}) for time in times
    ]


def test_summary_is_sent_by_its_name_on_the_wire():
    filters = {"summary.loss": 1, "$or": [{"summary.a.b": {"$gt": 2}}], "summary": 3, "summary_metrics.x": 4}
    assert json.loads(encode_filters(filters)) == {
        "summary_metrics.loss": 1,
        "$or": [{"summary_metrics.a.b": {"$gt": 2}}],
        "summary": 3,
        "summary_metrics.x": 4,
    }


@pytest.mark.parametrize(
    ("filters", "message", "hint"),
    [
        # what it is
        ([{"state": "x"}], "filters is list and no document", "Write {"),
        ("state", "filters is str and no document", "Write {"),
        (3, "filters is int and no document", "Write {"),
        ({"order": "-created_at"}, 'filters["order"] is the only key', "order= as an argument"),
        # keys
        ({1: 2}, "filters has the key 1, which is no text", None),
        ({"": 2}, "filters has an empty key", None),
        ({"a": {"$eq": {" ": 2}}}, 'filters["a"]["$eq"] has an empty key', None),
        ({"a": {"$eq": {3: 2}}}, 'filters["a"]["$eq"] has the key 3', None),
        ({"summary.a": 1, "summary_metrics.a": 2}, "a second time", None),
        # operators
        ({"a": {"$gte2": 1}}, 'filters["a"]["$gte2"] is no operator', "Did you mean '$gte'?"),
        ({"a": {"$GT": 1}}, 'filters["a"]["$GT"] is no operator', "Did you mean '$gt'?"),
        ({"a": {"$regx": "x"}}, "is no operator", "Did you mean '$regex'?"),
        ({"a": {"$zzzzzz": 1}}, "is no operator", "The operators are $all $and"),
        ({"a": {"gt": 1}}, 'filters["a"]["gt"] is no operator without', "Did you mean '$gt'?"),
        ({"a": {"$gt": 1, "b": 2}}, "mixes operators ('$gt') and fields ('b')", "'a.b'"),
        ({"$gt": 1}, 'filters["$gt"] needs a field', '{field: {"$gt": …}}'),
        ({"$not": {"a": 1}}, 'filters["$not"] stands at a field', "$nor"),
        ({"$ands": [{}]}, 'filters["$ands"] is no operator', "Did you mean '$and'?"),
        ({"a": {"$or": [1, 2]}}, 'filters["a"]["$or"] combines documents', '{"$or": ['),
        (
            {"a": {"$regex": "x", "$options": "ig"}},
            "filters[\"a\"][\"$options\"] wants letters of 'imsx', not 'ig'",
            None,
        ),
        ({"a": {"$regex": "x", "$options": 2}}, "wants letters of 'imsx', not 2", None),
        ({"a": {"$options": "i"}}, 'filters["a"]["$options"] stands without \'$regex\'', None),
        ({"a": {"b": {"$gt": 1}}}, 'filters["a"]["b"] holds the operator \'$gt\' where a value stands', None),
        # operands
        ({"$and": {"a": 1}}, 'filters["$and"] wants a list of one or more documents, not of type dict', None),
        ({"$or": []}, 'filters["$or"] wants a list of one or more documents, not an empty list', None),
        ({"$nor": [1]}, 'filters["$nor"][0] wants a document, not 1', None),
        (
            {"$and": [{"a": 1}, {"config.lr": {"$lte": math.nan}}]},
            'filters["$and"][1]["config.lr"]["$lte"] is nan',
            None,
        ),
        ({"a": {"$in": "abc"}}, "wants a list of values, not of type str", "Write ['abc']."),
        ({"a": {"$in": {"b"}}}, "wants a list of values, not of type set", "sorted"),
        ({"a": {"$nin": 3}}, "wants a list of values, not 3", None),
        ({"a": {"$exists": 1}}, "wants True or False, not 1", None),
        ({"a": {"$exists": "true"}}, "wants True or False, not of type str", None),
        ({"a": {"$regex": 3}}, "wants text, not 3", None),
        ({"a": {"$regex": "(x"}}, "is '(x', which is no regular expression", "re.escape"),
        ({"a": {"$gt": None}}, "wants a number, text or time, not None", None),
        ({"a": {"$lt": [1]}}, "wants a number, text or time, not of type list", None),
        ({"a": {"$lt": {"b": 1}}}, "wants a number, text or time, not of type dict", None),
        ({"a": {"$not": 3}}, "wants a document of operators, not 3", "$ne"),
        ({"a": {"$not": {}}}, "wants a document of operators, not an empty dict", "$ne"),
        ({"a": {"$not": {"b": 1}}}, "wants a document of operators", "$ne"),
        ({"a": {"$not": {"$gtt": 1}}}, 'filters["a"]["$not"]["$gtt"] is no operator', "'$gt'"),
        # values
        ({"a": math.inf}, 'filters["a"] is inf', None),
        ({"a": [1, -math.inf]}, 'filters["a"][1] is -inf', None),
        ({"a": numpy.float32("nan")}, 'filters["a"] is nan', None),
        ({"a": datetime(2024, 1, 2)}, 'filters["a"] is a time without a zone', "tzinfo=UTC"),  # noqa: DTZ001
        ({"a": date(2024, 1, 2)}, "of type date", "datetime with a zone"),
        ({"a": timedelta(1)}, "of type timedelta", "total_seconds"),
        ({"a": numpy.datetime64("2024-01-02", "ns")}, "of type datetime64", "datetime with a zone"),
        ({"a": numpy.timedelta64(1, "ns")}, "of type timedelta64", "seconds"),
        ({"a": numpy.zeros(2)}, "of type ndarray", ".tolist()"),
        ({"a": {1, 2}}, "of type set", "sorted"),
        ({"a": frozenset({1})}, "of type frozenset", "sorted"),
        ({"a": re.compile("x")}, "of type Pattern", '{"$regex": pattern.pattern}'),
        ({"a": b"x"}, "of type bytes", ".decode()"),
        ({"a": Decimal(1)}, "of type Decimal", "float"),
        ({"a": object()}, "of type object", None),
        ({"a": 1j}, "of type complex", None),
    ],
)
def test_a_fault_is_refused_with_its_place_and_a_hint(filters, message, hint):
    error = refused(filters)
    assert message in error.message
    assert (hint is None) == (error.hint is None)
    assert (hint or "") in (error.hint or "")


def test_a_document_that_holds_itself_is_refused():
    document: dict[str, object] = {}
    document["$and"] = [document]
    value: list[object] = []
    value.append(value)
    nested: dict[str, object] = {"$gt": 1}
    for _ in range(200):
        nested = {"$not": nested}
    for filters in (document, {"a": value}, {"a": {"$eq": {"b": value}}}, {"a": nested}):
        assert "nested deeper" in refused(filters).message


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "^a.*b$",
        "(?i)abc",
        "a(?i)b",
        "(?s-i:a.b)",
        "(?U)a+",
        "(?P<n>a)",
        "(?<n>a)",
        r"\pL+\p{Greek}\PN",
        r"[\pL_]+",
        r"a\z",
        r"\Qa(b\E",
        r"\Qa(b",
        "[[:alpha:]]+",
        "[[:^digit:]x]",
        r"\x{10FFFF}",
        r"\\pL",
        "[a--b]",
        "[a||b]",
        "(?<!x)y",
    ],
)
def test_a_regular_expression_may_be_of_the_servers_dialect(pattern):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert json.loads(encode_filters({"a": {"$regex": pattern}})) == {"a": {"$regex": pattern}}


@pytest.mark.parametrize("pattern", ["(", "a)", "*a", "[a", r"\\(", "(?i", "a{2,1}", r"\\\p", "(?i)("])
def test_a_regular_expression_that_no_dialect_reads_is_refused(pattern):
    assert "no regular expression" in refused({"a": {"$regex": pattern}}).message


def test_equal_documents_have_one_canonical_text_whatever_the_order_of_keys():
    one = {"a": {"$gt": 1, "$lt": 2}, "$or": [{"b": 1, "c": 2}]}
    other = {"$or": [{"c": 2, "b": 1}], "a": {"$lt": 2, "$gt": 1}}
    assert canonical_filters(one) == canonical_filters(other)
    assert encode_filters(one) != encode_filters(other)
    assert canonical_filters({"a": [1, 2]}) != canonical_filters({"a": [2, 1]})
    assert canonical_filters({"summary.a": 1}) == canonical_filters({"summary_metrics.a": 1})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
fields = st.text(min_size=1).filter(
    lambda name: name.strip() and not name.startswith(("$", "summary.")) and name != "order"
)
conditions = json_values | st.dictionaries(st.sampled_from(["$eq", "$ne"]), json_values, min_size=1)
documents = st.recursive(
    st.dictionaries(fields, conditions, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from(["$and", "$or", "$nor"]), st.lists(inner, min_size=1, max_size=3)),
    max_leaves=6,
)


@given(documents)
def test_any_document_travels_whole_and_canonically_the_same(document):
    text = encode_filters(document)
    assert json.loads(text) == document
    assert encode_filters(json.loads(text)) == text
    assert canonical_filters(json.loads(canonical_filters(document))) == canonical_filters(document)


garbage = st.recursive(
    st.none()
    | st.floats()
    | st.text(max_size=3)
    | st.binary(max_size=2)
    | st.datetimes()
    | st.sets(st.integers(), max_size=2),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["$and", "$not", "$in", "$regex", "$gt", "$x", "a", "", "gt"]), inner, max_size=3
        )
        | st.dictionaries(st.integers(), inner, max_size=1)
    ),
    max_leaves=8,
)


@given(garbage)
def test_whatever_is_given_travels_as_json_or_is_refused_at_its_place(filters):
    try:
        text = encode_filters(filters)
    except InvalidFilterError as error:
        place = error.message
    else:
        place = "filters" if isinstance(json.loads(text), dict) else "no document"
    assert place.startswith("filters")


# Orders


@pytest.mark.parametrize(
    ("order", "sent"),
    [
        (None, None),
        ("+created_at", "+created_at"),
        ("-created_at", "-created_at"),
        ("created_at", "+created_at"),
        ("createdAt", "+createdAt"),
        (" -heartbeat_at ", "-heartbeat_at"),
        ("-config.lr.value", "-config.lr.value"),
        ("config.lr", "+config.lr"),
        ("config.my key.value", "+config.my key.value"),
        ("+summary_metrics.loss", "+summary_metrics.loss"),
        ("-summary.loss", "-summary_metrics.loss"),
        ("summary.a.b", "+summary_metrics.a.b"),
        ("-summary_metrics.eval/loss", "-summary_metrics.eval/loss"),
        ("summary_metrics.a-b", "+summary_metrics.a-b"),
        ("tags.x", "+tags.x"),
        ("name", "+name"),
        ("-summary", "-summary"),
        ("config.é", "+config.é"),
    ],
)
def test_an_order_travels_as_sign_and_field(order, sent):
    assert encode_order(order) == sent


@pytest.mark.parametrize(
    ("order", "message", "hint"),
    [
        ("", "is empty", "Pass None"),
        ("  ", "is empty", "Pass None"),
        ("++created_at", "is not a sign and a field", "Did you mean '+created_at'?"),
        ("- created_at", "is not a sign and a field", "Did you mean '-created_at'?"),
        ("-+x", "is not a sign and a field", "Did you mean '-x'?"),
        ("desc created_at", "is not a sign and a field", "Did you mean '-created_at'?"),
        ("created_at desc", "is not a sign and a field", "Did you mean '-created_at'?"),
        ("created_at DESCENDING", "is not a sign and a field", "Did you mean '-created_at'?"),
        ("asc summary_metrics.loss", "is not a sign and a field", "Did you mean '+summary_metrics.loss'?"),
        ("a,b", "names several fields", "sorts by one"),
        ("+created_at, -name", "names several fields", "sorts by one"),
        ("+", "is not a sign and a field", 'Write "+field"'),
        ("+config.", "is not a sign and a field", 'Write "+field"'),
        (".x", "is not a sign and a field", 'Write "+field"'),
        ("created at", "is not a sign and a field", 'Write "+field"'),
        ("config.x.", "is not a sign and a field", 'Write "+field"'),
        ("3", "is not a sign and a field", 'Write "+field"'),
        (3, "3 is no text", 'Write "+field"'),
        (["created_at"], "is no text", 'Write "+field"'),
        (b"created_at", "is no text", 'Write "+field"'),
    ],
)
def test_a_malformed_order_is_refused_with_a_hint(order, message, hint):
    with pytest.raises(InvalidOrderError) as caught:
        encode_order(order)
    assert isinstance(caught.value, ValueError)
    assert repr(order) in caught.value.message
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert ("Did you mean" in caught.value.hint) == ("Did you mean" in hint)


@given(st.text(max_size=20))
def test_any_order_travels_or_is_refused_and_what_travels_travels_unchanged_again(order):
    try:
        sent = encode_order(order)
    except InvalidOrderError:
        return
    assert sent is not None
    assert sent[0] in "+-"
    assert encode_order(sent) == sent
