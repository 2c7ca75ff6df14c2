"""Filters in the MongoDB dialect select, in SQL, what MongoDB would; a malformed one says where and why."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Boolean, Column, Engine, MetaData, Table, case, select

from tests.databases import engine_of
from wandql.server.databases.columns import Integer, Number, Text
from wandql.server.filters import fields
from wandql.server.filters.conditions import FilterError, compile_filter, read_filter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.sql import Select

    from wandql.graphql.scalars import JSONObject, JSONValue

TEXTS = [
    "name",
    "display_name",
    "state",
    "tags",
    "entity",
    "username",
    "group",
    "job_type",
    "sweep",
    "host",
    "commit",
    "notes",
    "description",
    "config",
    "summary",
    "keys_info",
]
MOMENTS = ("created_at", "updated_at", "heartbeat_at")
RUNS = Table(
    "runs",
    MetaData(),
    Column("key", Integer, primary_key=True),
    *(Column(name, Text) for name in TEXTS),
    *(Column(name, Integer) for name in MOMENTS),
    Column("duration", Number),
    Column("done", Boolean),
)
FIELDS = fields.run_fields(**{name: RUNS.c[name] for name in (*TEXTS, *MOMENTS, "duration")})
SECOND = 1_000_000
DIALECT = "sqlite"
NOON = 1_704_110_400 * SECOND  # 2024-01-01T12:00:00Z


@pytest.fixture(scope="module")
def engine(database: str | None) -> Iterator[Engine]:
    with engine_of(database, RUNS.metadata) as opened:
        yield opened


def ask(engine: Engine, rows: list[dict[str, object]], document: JSONObject, names: fields.FieldResolver = FIELDS):
    """Return the positions of the rows that a filter selects."""
    with engine.begin() as connection:
        connection.execute(RUNS.delete())
        for key, row in enumerate(rows):
            connection.execute(RUNS.insert().values(key=key, **row))
        return connection.scalars(
            select(RUNS.c.key).where(compile_filter(document, names, engine.dialect.name)).order_by(RUNS.c.key)
        ).all()


def ask_values(engine: Engine, values: list[JSONValue], operand: JSONValue):
    """Return the positions of the values that an operand selects, as values of the summary."""
    rows = [{"summary": json.dumps({"x": value})} for value in values]
    return ask(engine, rows, {"summary_metrics.x": operand})


def configs(*values: JSONValue) -> list[dict[str, object]]:
    return [{"config": json.dumps({"lr": {"value": value}})} for value in values]


# Names


def test_every_spelling_of_a_column_means_that_column(engine):
    spellings = {
        "name": ["name"],
        "display_name": ["display_name", "displayName"],
        "state": ["state"],
        "entity": ["entity"],
        "username": ["username", "user.username", "user"],
        "group": ["group"],
        "job_type": ["job_type", "jobType"],
        "sweep": ["sweep"],
        "host": ["host"],
        "commit": ["commit"],
        "notes": ["notes"],
        "description": ["description"],
    }
    for column, names in spellings.items():
        for name in names:
            assert ask(engine, [{column: "x"}, {column: "y"}, {}], {name: "x"}) == [0], name


@pytest.mark.parametrize("name", ["created_at", "createdAt"])
def test_a_moment_has_two_spellings(engine, name):
    assert ask(engine, [{"created_at": NOON}, {"created_at": 0}, {}], {name: {"$gt": "2024-01-01"}}) == [0]


@pytest.mark.parametrize("name", ["duration", "compute_seconds", "computeSeconds"])
def test_the_duration_is_in_seconds(engine, name):
    assert ask(engine, [{"duration": 60.5}, {"duration": 3.0}, {}], {name: {"$gte": 60}}) == [0]


@pytest.mark.parametrize("name", ["config.lr", "config.lr.value"])
def test_a_config_value_is_found_with_and_without_the_word_value(engine, name):
    assert ask(engine, [*configs(0.1, 0.2), {"config": "{}"}, {}], {name: 0.1}) == [0]


@pytest.mark.parametrize("name", ["config.opt.lr", "config.opt.value.lr"])
def test_a_config_value_is_found_inside_another(engine, name):
    rows = [{"config": json.dumps({"opt": {"value": {"lr": lr}, "desc": None}})} for lr in (0.1, 0.2)]
    assert ask(engine, rows, {name: 0.1}) == [0]


def test_a_key_of_config_may_be_named_value(engine):
    rows = [{"config": json.dumps({"value": {"value": {"value": size}}})} for size in (1, 2)]
    assert ask(engine, rows, {"config.value.value.value": 2}) == [1]
    assert ask(engine, rows, {"config.value.value": {"value": 2}}) == [1]
    assert ask(engine, rows, {"config.value": {"value": 2}}) == [1]


@pytest.mark.parametrize("name", ["summary_metrics.val.loss", "summary.val.loss", "summaryMetrics.val.loss"])
def test_a_metric_is_found_nested_and_flat(engine, name):
    rows = [
        {"summary": summary} for summary in ('{"val": {"loss": 1}}', '{"val.loss": 1}', '{"val": {"loss": 2}}', "{}")
    ]
    assert ask(engine, rows, {name: 1}) == [0, 1]


def test_of_a_nested_and_a_flat_value_the_nested_counts(engine):
    assert ask(engine, [{"summary": '{"a.b": 1, "a": {"b": 2}}'}], {"summary.a.b": 2}) == [0]
    assert ask(engine, [{"summary": '{"a.b": 1, "a": {"b": 2}}'}], {"summary.a.b": 1}) == []


def test_a_flat_key_of_many_parts_is_found(engine):
    key = "/".join("abc") + "." + ".".join("layer0123456789")
    rows = [{"summary": json.dumps({key: 1}), "config": json.dumps({key: {"value": 1}})}]
    assert ask(engine, rows, {f"summary.{key}": 1, f"config.{key}": 1}) == [0]


def test_a_name_of_a_thousand_parts_is_read_in_bounded_time(engine):
    parts = ["é"] * 1000
    assert ask(engine, [{"summary": "{}"}], {f"summary.{'.'.join(parts)}": 1}) == []


def test_a_number_in_a_name_is_an_index_or_a_key(engine):
    rows = [{"summary": summary} for summary in ('{"a": [5, [6, 7]]}', '{"a": {"1": [6]}}', '{"a": [6]}', '{"a.1": 6}')]
    assert ask(engine, rows, {"summary.a.1": 6}) == [0, 1, 3]
    assert ask(engine, rows, {"summary.a.1.0": 6}) == [0, 1]


def test_a_logged_key_exists_in_keys_info(engine):
    rows = [{"keys_info": json.dumps({"keys": {"loss": {"typeCounts": []}}})}, {"keys_info": '{"keys": {}}'}, {}]
    assert ask(engine, rows, {"keys_info.keys.loss": {"$exists": True}}) == [0]
    assert ask(engine, rows, {"keys_info.keys.loss": {"$ne": None}}) == [0]
    assert ask(engine, rows, {"keys_info.keys.loss": None}) == [1, 2]


def test_a_state_may_be_an_expression(engine):
    state = case((RUNS.c.heartbeat_at < 5, "crashed"), else_=RUNS.c.state)
    names = fields.FieldResolver({"state": fields.Column(state)})
    rows = [{"state": "running", "heartbeat_at": beat} for beat in (1, 9)]
    assert ask(engine, rows, {"state": {"$in": ["crashed", "failed"]}}, names) == [0]
    assert ask(engine, rows, {"state": "running"}, names) == [1]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("confg.lr", "Unknown field 'confg.lr'. Did you mean 'config.lr'?"),
        ("createdat", "Did you mean 'created_at' or 'createdAt'?"),
        ("loss", "summary_metrics.<key>"),
        ("config", "Unknown field 'config'"),
        ("", "Unknown field ''"),
    ],
)
def test_an_unknown_name_is_refused_with_the_names_near_it(name, words):
    with pytest.raises(FilterError) as caught:
        compile_filter({name: 1}, FIELDS, DIALECT)
    assert words in str(caught.value)


# Values


def test_values_of_two_types_are_never_equal_nor_in_order(engine):
    values = [1, 1.0, True, "1", None, [], {}, 0, False, ""]
    assert ask_values(engine, values, 1) == [0, 1]
    assert ask_values(engine, values, True) == [2]
    assert ask_values(engine, values, "1") == [3]
    assert ask_values(engine, values, {"$gte": 0}) == [0, 1, 7]
    assert ask_values(engine, values, {"$gte": ""}) == [3, 9]
    assert ask_values(engine, values, {"$gte": False}) == [2, 8]
    assert ask_values(engine, values, {"$in": [1, ""]}) == [0, 1, 9]
    assert ask_values(engine, values, {"$in": [True]}) == [2]
    assert ask_values(engine, [[True], [1]], [1]) == [1]


def test_a_column_has_one_type(engine):
    names = fields.FieldResolver(
        {
            "name": fields.Column(RUNS.c.name),
            "done": fields.Column(RUNS.c.done, "boolean"),
            "duration": fields.Column(RUNS.c.duration, "number"),
        }
    )
    rows = [{"name": "1", "done": True, "duration": 1.0}, {"name": "0", "done": False, "duration": 0.0}, {}]
    for name, value in (("name", "1"), ("done", True), ("duration", 1)):
        for operand in ("1", True, 1, [1], {"a": 1}):
            same = type(operand) is type(value)
            assert ask(engine, rows, {name: {"$eq": operand}}, names) == ([0] if same else [])
            assert ask(engine, rows, {name: {"$in": [operand]}}, names) == ([0] if same else [])
            assert ask(engine, rows, {name: {"$ne": operand}}, names) == ([1, 2] if same else [0, 1, 2])
            if not isinstance(operand, list | dict):
                assert ask(engine, rows, {name: {"$lt": operand}}, names) == ([1] if same else [])
    assert ask(engine, rows, {"done": {"$regex": "1"}}, names) == []


def test_null_matches_what_is_null_or_missing(engine):
    rows = [{"summary": summary, "notes": None} for summary in ('{"x": null}', "{}", '{"x": 0}', '{"x": [null]}')]
    rows += [{"notes": ""}]
    assert ask(engine, rows, {"summary.x": None}) == [0, 1, 3, 4]
    assert ask(engine, rows, {"summary.x": {"$ne": None}}) == [2]
    assert ask(engine, rows, {"summary.x": {"$in": [None, 0]}}) == [0, 1, 2, 3, 4]
    assert ask(engine, rows, {"summary.x": {"$gte": None}}) == [0, 1, 3, 4]
    assert ask(engine, rows, {"summary.x": {"$gt": None}}) == []
    assert ask(engine, rows, {"summary.x": {"$exists": True}}) == [0, 2, 3]
    assert ask(engine, rows, {"summary.x": {"$exists": False}}) == [1, 4]
    assert ask(engine, rows, {"notes": None}) == [0, 1, 2, 3]
    assert ask(engine, rows, {"notes": {"$exists": 1}}) == [4]


def test_null_matches_behind_a_scalar_and_behind_the_end_of_a_list(engine):
    rows = [
        {"summary": '{"a": 1}'},
        {"summary": '{"a": [1]}'},
        {"summary": '{"a": null}'},
        {"summary": '{"a": {"1": 2}}'},
    ]
    assert ask(engine, rows, {"summary.a.1": None}) == [0, 1, 2]


def test_what_is_missing_is_not_equal_to_anything(engine):
    assert ask(engine, [{"state": "a"}, {}], {"state": {"$ne": "a"}}) == [1]
    assert ask(engine, [{"state": "a"}, {}], {"state": {"$nin": ["a", "b"]}}) == [1]
    assert ask(engine, [{"state": "a"}, {}], {"state": {"$not": {"$eq": "a"}}}) == [1]
    assert ask(engine, [{"state": "a"}, {}], {"$nor": [{"state": "a"}]}) == [1]
    assert ask(engine, [*configs(1, 2), {}], {"config.lr": {"$nin": [1]}}) == [1, 2]
    assert ask(engine, [*configs(1, 2), {}], {"config.lr": {"$not": {"$gt": 1}}}) == [0, 2]


def test_a_list_answers_as_a_whole_or_by_any_element(engine):
    values = [[1, 2], [2, 1], [[1, 2]], [1, 2, 3], [], ["a"], {"0": 1}, [{"b": 1}], {"b": 1}]
    assert ask_values(engine, values, [1, 2]) == [0, 2]
    assert ask_values(engine, values, {"$eq": [1, 2]}) == [0, 2]
    assert ask_values(engine, values, {"$ne": [1, 2]}) == [1, 3, 4, 5, 6, 7, 8]
    assert ask_values(engine, values, {"$in": [[1, 2], "a"]}) == [0, 2, 5]
    assert ask_values(engine, values, 2) == [0, 1, 3]
    assert ask_values(engine, values, {"$ne": 2}) == [2, 4, 5, 6, 7, 8]
    assert ask_values(engine, values, {"$gt": 2}) == [3]
    assert ask_values(engine, values, {"$regex": "^a"}) == [5]
    assert ask_values(engine, values, []) == [4]
    assert ask_values(engine, values, {"b": 1}) == [7, 8]
    assert ask_values(engine, [[1, 9], [5]], {"$gt": 4, "$lt": 6}) == [0, 1]
    assert ask_values(engine, [[1, 9], [4]], {"$gt": 4, "$lt": 4}) == [0]


def test_objects_are_equal_whatever_the_order_of_their_keys(engine):
    values = [{"a": 1, "b": {"c": [True, None]}}, {"b": {"c": [True, None]}, "a": 1.0}, {"a": 1}, {}, {"a": None}]
    assert ask_values(engine, values, {"a": 1, "b": {"c": [True, None]}}) == [0, 1]
    assert ask_values(engine, values, {"a": 1}) == [2]
    assert ask_values(engine, values, {}) == [3]
    assert ask_values(engine, values, {"$eq": {"a": None}}) == [4]
    assert ask_values(engine, [{'"é.': {"\\": 2}}, {'"é.': {"\\": 3}}], {'"é.': {"\\": 2}}) == [0]


def test_large_integers_and_floats_compare_exactly(engine):
    values = [2**53, 2**53 + 1, 2.0**53, 2**63 - 1, 2.0**63, -(2**63), 2**64]
    assert ask_values(engine, values, 2**53) == [0, 2]
    assert ask_values(engine, values, 2**53 + 1) == [1]
    assert ask_values(engine, values, {"$gt": 2.0**53}) == [1, 3, 4, 6]
    assert ask_values(engine, values, 2**63 - 1) == [3]
    assert ask_values(engine, values, {"$lt": 2.0**63}) == [0, 1, 2, 3, 5]
    assert ask_values(engine, values, 2**64) == [6]
    assert ask_values(engine, [0.1 + 0.2, 0.3, 5e-324, 1.7976931348623157e308], 0.1 + 0.2) == [0]
    assert ask(engine, [{"duration": 1.0}], {"duration": {"$lt": 10**400}}) == [0]


def test_no_number_and_infinity_equal_what_stands_for_them(engine):
    values = [1.5, "NaN", "Infinity", 1.7976931348623157e308, None]
    assert ask_values(engine, values, math.nan) == [1]
    assert ask_values(engine, values, {"$ne": math.nan}) == [0, 2, 3, 4]
    assert ask_values(engine, values, math.inf) == [2, 3]
    assert ask_values(engine, values, {"$in": [math.inf, 1.5]}) == [0, 2, 3]
    assert ask_values(engine, values, {"$lt": math.inf}) == [0, 3]
    assert ask_values(engine, values, {"$gt": -math.inf}) == [0, 3]
    assert ask_values(engine, values, {"$lt": math.nan}) == []


def test_a_lone_surrogate_harms_no_query(engine):
    rows = [{"summary": r'{"x": "\ud800"}', "name": "a"}, {"summary": r'{"x": "ab"}', "name": "ab"}]
    assert ask(engine, rows, {"summary.x": {"$regex": "b"}}) == [1]
    assert ask(engine, rows, {"summary.x": "\ud800"}) == [0]
    assert ask(engine, rows, {"summary.\ud800": "x"}) == []
    assert ask(engine, rows, {"name": "\ud800"}) == []
    assert ask(engine, rows, {"name": {"$nin": ["\ud800", "a"]}}) == [1]


# Columns of time


@pytest.mark.parametrize(
    "noon",
    [
        "2024-01-01T12:00:00Z",
        "2024-01-01T12:00:00",
        "2024-01-01 12:00",
        "2024-01-01T12:00:00.000",
        "2024-01-01T12:00:00.000000000Z",
        "2024-01-01T14:00:00+02:00",
        "20240101T120000Z",
        1_704_110_400,
        1_704_110_400.0,
    ],
)
def test_a_time_has_many_spellings(engine, noon):
    rows = [{"created_at": NOON + offset} for offset in (-1, 0, 1)] + [{}]
    assert ask(engine, rows, {"created_at": noon}) == [1]
    assert ask(engine, rows, {"created_at": {"$lt": noon}}) == [0]
    assert ask(engine, rows, {"created_at": {"$gte": noon}}) == [1, 2]
    assert ask(engine, rows, {"created_at": {"$in": [noon]}}) == [1]
    assert ask(engine, rows, {"created_at": {"$ne": noon}}) == [0, 2, 3]


def test_a_fraction_of_a_second_counts(engine):
    rows = [{"created_at": NOON + offset} for offset in (0, 250_000, 250_001)]
    assert ask(engine, rows, {"created_at": {"$gt": "2024-01-01T12:00:00.25Z"}}) == [2]
    assert ask(engine, rows, {"created_at": 1_704_110_400.25}) == [1]


def test_a_time_before_the_epoch_and_the_last_one_are_times(engine):
    rows = [{"created_at": -1}, {"created_at": 0}]
    assert ask(engine, rows, {"created_at": {"$lte": "1969-12-31T23:59:59.999999Z"}}) == [0]
    assert ask(engine, rows, {"created_at": {"$lt": "9999-12-31"}}) == [0, 1]


@pytest.mark.parametrize("value", ["yesterday", "2024-13-01", "", "2024-01", 1e300, math.inf, math.nan])
def test_what_is_no_time_is_refused(value):
    with pytest.raises(FilterError, match=r"not (an ISO 8601 time|a number of seconds).*/createdAt"):
        compile_filter({"createdAt": value}, FIELDS, DIALECT)


def test_a_type_that_no_time_has_matches_none(engine):
    assert ask(engine, [{"created_at": 1}, {}], {"created_at": True}) == []
    assert ask(engine, [{"created_at": 1}, {}], {"created_at": None}) == [1]


# Tags


def test_a_tag_is_an_element_of_the_tags(engine):
    rows = [{"tags": '["a", "b"]'}, {"tags": '["ab"]'}, {"tags": "[]"}, {}]
    assert ask(engine, rows, {"tags": "a"}) == [0]
    assert ask(engine, rows, {"tags": {"$in": ["b", "ab"]}}) == [0, 1]
    assert ask(engine, rows, {"tags": {"$nin": ["b"]}}) == [1, 2, 3]
    assert ask(engine, rows, {"tags": ["a", "b"]}) == [0]
    assert ask(engine, rows, {"tags": {"$all": ["b", "a"]}}) == [0]
    assert ask(engine, rows, {"tags": {"$all": []}}) == []
    assert ask(engine, rows, {"tags": {"$regex": "^a"}}) == [0, 1]
    assert ask(engine, rows, {"$or": [{"tags": None}, {"tags": {"$ne": "a"}}]}) == [1, 2, 3]


# Operators


def test_several_fields_and_operators_must_all_hold(engine):
    rows = [{**row, "state": state} for row in configs(1, 2, 3) for state in ("finished", "failed")]
    assert ask(engine, rows, {"config.lr": {"$gt": 1, "$lt": 3}, "state": "failed"}) == [3]


def test_groups_nest(engine):
    rows = [{"name": name, "state": state} for name in "ab" for state in "xy"]
    assert ask(engine, rows, {"$or": [{"name": "a", "state": "x"}, {"$and": [{"name": "b"}, {"state": "y"}]}]}) == [
        0,
        3,
    ]
    assert ask(engine, rows, {"$nor": [{"name": "a"}, {"state": "x"}]}) == [3]
    assert ask(engine, rows, {"name": "a", "$or": [{"state": "y"}]}) == [1]


def test_an_empty_filter_and_an_empty_and_select_everything(engine):
    rows = [{"name": "a"}, {}]
    assert ask(engine, rows, {}) == [0, 1]
    assert ask(engine, rows, {"$or": [{"$and": []}]}) == [0, 1]
    assert ask(engine, rows, {"$nor": [{}]}) == []


def test_not_turns_all_its_operators_round_at_once(engine):
    rows = [*configs(1, 2, 3), {}]
    assert ask(engine, rows, {"config.lr": {"$not": {"$gt": 1, "$lt": 3}}}) == [0, 2, 3]
    assert ask(engine, rows, {"config.lr": {"$not": {"$not": {"$gt": 1}}}}) == [1, 2]


def test_an_empty_in_selects_nothing_and_an_empty_nin_everything(engine):
    for name in ("name", "config.lr", "created_at", "duration", "tags"):
        assert ask(engine, [{"name": "a"}, {}], {name: {"$in": []}}) == [], name
        assert ask(engine, [{"name": "a"}, {}], {name: {"$nin": []}}) == [0, 1], name


def test_a_part_of_a_text_is_found_as_it_is(engine):
    rows = [{"name": name} for name in ("a.b", "axb", "", None)]
    assert ask(engine, rows, {"name": {"$contains": "."}}) == [0]
    assert ask(engine, rows, {"name": {"$contains": "b"}}) == [0, 1]


def test_a_regular_expression_searches_and_takes_options(engine):
    rows = [{"name": name} for name in ("Base-1", "base\n2", "other", "")] + [{}]
    assert ask(engine, rows, {"name": {"$regex": "^Base"}}) == [0]
    assert ask(engine, rows, {"name": {"$regex": "^base", "$options": "i"}}) == [0, 1]
    assert ask(engine, rows, {"name": {"$options": "ms", "$regex": "^2$"}}) == [1]
    assert ask(engine, rows, {"name": {"$regex": "(?i)BASE", "$options": ""}}) == [0, 1]
    assert ask(engine, rows, {"name": {"$not": {"$regex": "e"}}}) == [3, 4]
    assert ask(engine, rows, {"name": {"$regex": "[[o]"}}) == [2]


def test_a_wide_filter_is_no_deeper_than_sqlite_takes(engine):
    rows = [{"name": str(key)} for key in range(3)]
    assert ask(engine, rows, {"$or": [{"name": str(key)} for key in range(1, 2500)]}) == [1, 2]
    assert ask(engine, rows, {"name": {"$in": [str(key) for key in range(1, 50_000)]}}) == [1, 2]
    assert ask(engine, rows, {"$and": [{"name": {"$ne": str(key)}} for key in range(1, 1100)]}) == [0]
    assert ask_values(engine, [list(range(600)), [1]], list(range(600))) == [0]


def test_a_filter_at_the_limit_of_depth_is_answered(engine):
    document: JSONObject = {"config.a.é": {"$not": {"$gt": 1}}}
    for _ in range(10):
        document = {"$nor": [{"name": "y"}, document], "state": None}
    assert ask(engine, [{"name": "a"}, {"name": "y"}], document) == [0]


def test_hostile_keys_are_keys(engine):
    for key in (
        "'",
        '"',
        "\\",
        "') OR 1=1 --",
        '"; DROP TABLE runs; --',
        "$",
        "[0]",
        "%s",
        ":x",
        "?",
        "\n",
        "é",
        "a b/c",
    ):
        rows = [{"summary": json.dumps({key: 1}), "config": json.dumps({key: {"value": 1}})}, {"summary": "{}"}]
        assert ask(engine, rows, {f"summary.{key}": 1}) == [0], key
        assert ask(engine, rows, {f"config.{key}": 1}) == [0], key


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (
            {"$and": [{"name": {"$gte": {}}}]},
            "number, a text or a boolean, not {}. (In the filter at /$and/0/name/$gte)",
        ),
        ({"name": {"$gtt": 1}}, "Unknown operator '$gtt'. Did you mean '$gt'? (In the filter at /name/$gtt)"),
        ({"$foo": 1}, "Unknown operator '$foo'"),
        ({"$not": {"name": "a"}}, "$not stands behind a field"),
        ({"name": {"$and": []}}, "Unknown operator '$and'"),
        ({"name": {"$eq": 1, "x": 1}}, "Unknown operator 'x'"),
        ({"$or": []}, "$or takes a list of one filter or more, not []"),
        ({"$nor": []}, "$nor takes a list"),
        ({"$and": {"name": "a"}}, "$and takes a list"),
        ({"$and": [None]}, "A filter must be an object, not null. (In the filter at /$and/0)"),
        ({"name": {"$in": "a"}}, 'takes a list, not "a". (In the filter at /name/$in)'),
        ({"name": {"$in": [{"$regex": "a"}]}}, "takes values, not operators"),
        ({"name": {"$nin": None}}, "takes a list, not null"),
        ({"name": {"$not": "a"}}, "$not takes operators"),
        ({"name": {"$not": {}}}, "$not takes operators"),
        ({"name": {"$not": {"x": 1}}}, "Unknown operator 'x'. "),
        ({"name": {"$exists": "no"}}, 'takes true or false, not "no"'),
        ({"name": {"$regex": "("}}, '"(" is not a regular expression: missing )'),
        ({"name": {"$regex": 1}}, "takes a text, not 1"),
        ({"name": {"$contains": 1}}, "takes a text, not 1"),
        ({"name": {"$all": "a"}}, 'takes a list, not "a"'),
        ({"name": {"$regex": "\ud800"}}, "is not a regular expression"),
        ({"name": {"$regex": "a", "$options": "q"}}, "$options takes letters of 'imsx'"),
        ({"name": {"$options": "i"}}, "$options takes letters of 'imsx', beside the text of $regex"),
        ({"config.a/b~": {"$in": 1}}, "/config.a~1b~0/$in)"),
        ({"config.a": [0] * 2000}, "at most 1,000 values"),
    ],
)
def test_a_malformed_filter_says_where_and_why(document, words):
    with pytest.raises(FilterError) as caught:
        compile_filter(document, FIELDS, DIALECT)
    assert words in str(caught.value)


def test_a_filter_nested_too_deep_is_refused():
    groups: JSONObject = {"name": "a"}
    negations: JSONObject = {"$eq": "a"}
    for _ in range(60):
        groups, negations = {"$and": [groups]}, {"$not": negations}
    for document in (groups, {"name": negations}):
        with pytest.raises(FilterError, match="nested more than"):
            compile_filter(document, FIELDS, DIALECT)


def test_an_operand_nested_too_deep_is_refused():
    operand: JSONValue = 1
    for _ in range(100):
        operand = [operand]
    with pytest.raises(FilterError, match="deep"):
        compile_filter({"config.a": operand}, FIELDS, DIALECT)


# The text of a filter


@pytest.mark.parametrize("text", [None, "", "null", "{}"])
def test_no_filter_is_an_empty_one(text):
    assert read_filter(text) == {}


def test_a_filter_text_may_hold_what_json_lacks():
    assert read_filter('{"a": [Infinity, 12345678901234567890]}') == {"a": [math.inf, 12345678901234567890]}


@pytest.mark.parametrize("text", ["{", "[]", '"a"', "1", "[" * 100_000, "1" * 5000])
def test_a_text_that_is_no_filter_is_refused(text):
    with pytest.raises(FilterError):
        read_filter(text)


# Plans


def plan(engine: Engine, statement: Select[tuple[object]]) -> str:
    compiled = statement.compile(engine, compile_kwargs={"literal_binds": True})
    with engine.connect() as connection:
        return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}"))


@pytest.mark.parametrize(
    "document",
    [
        {"name": "a"},
        {"name": {"$in": ["a", "b"]}},
        {"name": None},
        {"name": {"$gt": "a"}},
        {"$and": [{"name": "a"}, {"config.lr": {"$gt": 1}}]},
        {"createdAt": {"$gte": "2024-01-01", "$lt": "2024-02-01"}},
        {"$or": [{"name": "a"}, {"created_at": 1}]},
    ],
)
def test_a_filter_on_a_column_uses_its_index(document):
    with engine_of(None, RUNS.metadata) as engine:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE INDEX by_name ON runs (name)")
            connection.exec_driver_sql("CREATE INDEX by_creation ON runs (created_at)")
        steps = plan(engine, select(RUNS.c.key).where(compile_filter(document, FIELDS, engine.dialect.name)))
    assert "SEARCH runs" in steps
    assert "SCAN runs" not in steps
