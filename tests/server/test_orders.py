"""Orders sort in SQL, totally and stably: nothing goes last in both directions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, Engine, MetaData, Table, select

from tests.databases import engine_of
from wandql.server.databases.columns import Integer, Text
from wandql.server.filters import fields
from wandql.server.filters.orders import OrderError, compile_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wandql.graphql.scalars import JSONValue

RUNS = Table(
    "runs",
    MetaData(),
    Column("key", Integer, primary_key=True),
    Column("name", Text),
    Column("created_at", Integer, nullable=False, default=0),
    Column("tags", Text),
    Column("config", Text),
    Column("summary", Text),
)
FIELDS = fields.FieldResolver(
    columns={
        "name": fields.Column(RUNS.c.name),
        "created_at": fields.Column(RUNS.c.created_at, "datetime"),
        "tags": fields.JSONList(RUNS.c.tags),
    },
    documents={
        "config": fields.JSONDocument(RUNS.c.config, wrapped=True),
        "summary_metrics": fields.JSONDocument(RUNS.c.summary),
    },
)

DIALECT = "sqlite"


@pytest.fixture(scope="module")
def engine(database: str | None) -> Iterator[Engine]:
    with engine_of(database, RUNS.metadata) as opened:
        yield opened


def sort(engine: Engine, rows: list[dict[str, object]], order: str | None) -> Sequence[int]:
    """Return the positions of the rows in the order."""
    with engine.begin() as connection:
        connection.execute(RUNS.delete())
        for key, row in enumerate(rows):
            connection.execute(RUNS.insert().values(key=key, **row))
        return connection.scalars(
            select(RUNS.c.key).order_by(*compile_order(order, FIELDS, RUNS.c.key, engine.dialect.name))
        ).all()


def summaries(*losses: JSONValue) -> list[dict[str, object]]:
    return [{"summary": json.dumps({"loss": loss})} for loss in losses]


@pytest.mark.parametrize("order", [None, ""])
def test_no_order_is_that_of_the_tie_break(engine, order):
    assert sort(engine, [{"name": "b"}, {"name": "a"}], order) == [0, 1]


@pytest.mark.parametrize(("order", "keys"), [("+name", [1, 3, 0, 2]), ("name", [1, 3, 0, 2]), ("-name", [0, 1, 3, 2])])
def test_a_column_sorts_with_nothing_last_and_ties_by_the_tie_break(engine, order, keys):
    assert sort(engine, [{"name": "b"}, {"name": "a"}, {"name": None}, {"name": "a"}], order) == keys


@pytest.mark.parametrize("name", ["config.lr", "config.lr.value"])
def test_a_config_value_sorts_by_either_spelling(engine, name):
    rows = [{"config": json.dumps({"lr": {"value": lr}})} for lr in (0.1, 10, 9)] + [{"config": "{}"}, {}]
    assert sort(engine, rows, f"-{name}") == [1, 2, 0, 3, 4]


@pytest.mark.parametrize(
    ("order", "keys"),
    [("+summary_metrics.loss", [6, 0, 3, 1, 8, 2, 5, 4, 7]), ("-summary_metrics.loss", [3, 0, 6, 8, 1, 5, 2, 4, 7])],
)
def test_numbers_go_before_texts_before_others_before_nothing(engine, order, keys):
    assert sort(engine, [*summaries(2, "NaN", False, 2.5, None, [1], -1), {}, *summaries("b")], order) == keys


def test_large_integers_sort_exactly(engine):
    assert sort(engine, summaries(2**53 + 1, 2**53, 2.0**53 + 2), "+summary_metrics.loss") == [1, 0, 2]


def test_a_nested_and_a_flat_metric_sort_together(engine):
    rows = [{"summary": summary} for summary in ('{"val.loss": 2}', '{"val": {"loss": 1}}', '{"val.loss": 0}')]
    assert sort(engine, rows, "+summary_metrics.val.loss") == [2, 1, 0]


def test_lists_sort_somehow_but_always_the_same(engine):
    assert sort(engine, [{"tags": '["b"]'}, {"tags": '["a"]'}, {}, {"tags": '["a"]'}], "+tags") == [1, 3, 0, 2]


def test_several_orders_go_one_after_the_other(engine):
    rows = [{"name": name, "created_at": at} for name, at in (("a", 1), ("b", 2), ("a", 3))]
    assert sort(engine, rows, "+name,-created_at") == [2, 0, 1]


def test_a_comma_may_be_a_part_of_a_key(engine):
    rows = [{"name": name, "summary": json.dumps({"f,(x),+y": size})} for name, size in (("a", 2), ("b", 1), ("c", 2))]
    assert sort(engine, rows, "-summary_metrics.f,(x),+y,-name") == [2, 0, 1]


@pytest.mark.parametrize("key", ["'", '"', "; DROP TABLE runs", "é", "a b", "-", "+x", "$[0]"])
def test_hostile_keys_are_keys(engine, key):
    rows = [{"summary": json.dumps({key: size})} for size in (2, 1)]
    assert sort(engine, rows, f"+summary_metrics.{key}") == [1, 0]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ("+creatd_at", "Unknown field 'creatd_at'. Did you mean 'created_at'? (In the order '+creatd_at')"),
        ("-loss", "There are name, created_at, tags, config.<key>, summary_metrics.<key>."),
        ("++name", "Unknown field '+name'. Did you mean 'name'?"),
        ("+name,nam", "Unknown field 'nam'. Did you mean 'name'? (In the order 'nam')"),
        ("-", "Unknown field ''"),
    ],
)
def test_an_unknown_field_is_refused_with_the_names_near_it(order, words):
    with pytest.raises(OrderError) as caught:
        compile_order(order, FIELDS, RUNS.c.key, DIALECT)
    assert words in str(caught.value)


@pytest.mark.parametrize("order", ["+created_at", "-created_at"])
def test_an_order_by_a_column_uses_its_index(order):
    statement = select(RUNS.c.key).order_by(*compile_order(order, FIELDS, RUNS.c.key, DIALECT))
    with engine_of(None, RUNS.metadata) as engine, engine.begin() as connection:
        connection.exec_driver_sql("CREATE INDEX by_creation ON runs (created_at)")
        steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    assert "USING COVERING INDEX by_creation" in steps[0]
