"""Filters and orders in SQL select and sort what MongoDB would. mongomock is the oracle of the filters.

Where mongomock departs from MongoDB, the generators keep away, and `tests/server/test_filters.py` states the claim:

- It compares with Python's `==`, by which `True == 1` and `[True] == [1]`: a document and its filter hold booleans or
  the numbers 0 and 1, never both.
- A path through a scalar, or behind the end of a list, makes no candidate there, and `null` does not match it: such
  rows are left out.
- `$eq`, `$ne` and `$in` do not look for a list inside a list: no list is an operand of theirs, only a bare one.
- A missing field matches the bare operand `{}`: it is not drawn.
- `null` with `$gte` and `$lte` does not match a missing field: it is no operand of them.

SQLite's JSON functions end a text at U+0000, which PostgreSQL lacks, and mongomock knows no key with a dot and no empty
key: neither is drawn here. Keys of every other kind have a test of their own below.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from mongomock.filtering import filter_applies
from sqlalchemy import Boolean, Column, MetaData, Table, select

from tests.databases import engine_of
from wandql.server.databases.columns import Integer, Number, Text
from wandql.server.filters.conditions import compile_filter
from wandql.server.filters.fields import Column as Operand
from wandql.server.filters.fields import FieldResolver, JSONDocument, JSONList
from wandql.server.filters.orders import compile_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from wandql.graphql.scalars import JSONObject, JSONValue

ROWS = Table(
    "rows",
    MetaData(),
    Column("key", Integer, primary_key=True),
    Column("name", Text),
    Column("done", Boolean),
    Column("duration", Number),
    Column("created_at", Integer),
    Column("tags", Text),
    Column("config", Text),
    Column("summary", Text),
)
FIELDS = FieldResolver(
    columns={
        "name": Operand(ROWS.c.name, "text"),
        "done": Operand(ROWS.c.done, "boolean"),
        "duration": Operand(ROWS.c.duration, "number"),
        "created_at": Operand(ROWS.c.created_at, "datetime"),
        "tags": JSONList(ROWS.c.tags),
    },
    documents={"config": JSONDocument(ROWS.c.config, wrapped=True), "summary": JSONDocument(ROWS.c.summary)},
)


@pytest.fixture(scope="module")
def engine(database: str | None) -> Iterator[Engine]:
    with engine_of(database, ROWS.metadata) as opened:
        yield opened


KEYS = ["a", "b", "lr", "x y", 'q"', "é", "a/b", "[0]", "0", "it's", "$d", "\\"]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

texts = st.sampled_from(["", "a", "b", "A", "ab", "é", "2", "true"]) | st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=4
)
sizes = st.sampled_from(
    [2, 2.0, 2.5, -3, 2**53, 2**53 + 1, 2.0**53, 2**63 - 1, -(2**63), 1e300, 5e-324, 0.1, 0.1 + 0.2]
)
numbers = (sizes | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)).filter(
    lambda number: number not in {0, 1}
)
# Booleans or the numbers 0 and 1: see above.
SCALARS = [st.none() | numbers | texts | small for small in (st.booleans(), st.sampled_from([0, 1, 0.0, 1.0, -0.0]))]
keys = st.sampled_from(KEYS)
moments = st.integers(0, 3).map(lambda days: days * 86_400_000_000) | st.integers(0, 4 * 10**15)
patterns = st.sampled_from(["a", "^a", "b$", "(?i)A", "^$", "[^a]", "é", r"\d", "a|b", "."])


def values(scalar: st.SearchStrategy[JSONValue]) -> st.SearchStrategy[JSONValue]:
    return st.recursive(
        scalar,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=4,
    )


def rows(scalar: st.SearchStrategy[JSONValue]) -> st.SearchStrategy[JSONObject]:
    """Rows as MongoDB would hold them: what is not there is missing."""
    documents = st.dictionaries(keys, values(scalar), max_size=4)
    columns = {
        "name": texts,
        **({"done": st.booleans()} if scalar is SCALARS[0] else {}),
        "duration": st.floats(allow_nan=False, allow_infinity=False),
        "created_at": moments,
        "tags": st.lists(texts, max_size=3),
    }
    return st.fixed_dictionaries({"config": documents, "summary": documents}, optional=columns)


def stored(row: JSONObject, key: int) -> dict[str, object]:
    config, summary, tags = row["config"], row["summary"], row.get("tags")
    wrapped = {name: {"value": value, "desc": None} for name, value in config.items()}
    return {
        **{name: row.get(name) for name in ("name", "done", "duration", "created_at")},
        "key": key,
        "tags": None if tags is None else json.dumps(tags),
        # One with escapes, one without: clients send both.
        "config": json.dumps(wrapped),
        "summary": json.dumps(summary, ensure_ascii=False),
    }


def operators(
    comparable: st.SearchStrategy[JSONValue],
    equatable: st.SearchStrategy[JSONValue],
    spell: Callable[[JSONValue], JSONValue],
) -> st.SearchStrategy[tuple[JSONObject, JSONObject]]:
    """Operator documents, each as the client and as the oracle spells its operands."""

    def pair(name: str, operand: st.SearchStrategy[JSONValue], spell: Callable[[JSONValue], JSONValue]):
        return operand.map(lambda value: ({name: spell(value)}, {name: value}))

    def several(values: JSONValue) -> JSONValue:
        return [spell(value) for value in values] if isinstance(values, list) else values

    one = st.one_of(
        *(pair(name, comparable, spell) for name in ("$gt", "$gte", "$lt", "$lte")),
        *(pair(name, equatable, spell) for name in ("$eq", "$ne")),
        *(pair(name, st.lists(equatable, max_size=3), several) for name in ("$in", "$nin")),
        pair("$exists", st.booleans(), lambda value: value),
        pair("$regex", patterns, lambda value: value),
    )
    document = st.lists(one, min_size=1, max_size=2).map(
        lambda pairs: ({**pairs[0][0], **pairs[-1][0]}, {**pairs[0][1], **pairs[-1][1]})
    )
    negated = document.map(lambda pair: ({"$not": pair[0]}, {"$not": pair[1]}))
    return document | negated


def leaves(scalar: st.SearchStrategy[JSONValue]) -> st.SearchStrategy[tuple[JSONObject, JSONObject]]:
    """Conditions on one field, each as the client and as the oracle spells it."""
    literals = values(scalar).filter(
        lambda value: not (isinstance(value, dict) and any(name.startswith("$") for name in value))
    )
    equatable = literals.filter(lambda value: not isinstance(value, list))
    bare = literals.filter(lambda value: value != {}).map(lambda value: (value, value))
    comparable = scalar.filter(lambda value: value is not None)
    columns = st.sampled_from(["name", "done", "duration", "tags"]).map(lambda name: (name, name))
    paths = st.lists(keys, min_size=1, max_size=3)
    in_summary = paths.map(lambda path: (f"summary.{'.'.join(path)}",) * 2)
    in_config = st.tuples(paths, st.sampled_from([["value"], []])).map(
        lambda drawn: (".".join(["config", drawn[0][0], *drawn[1], *drawn[0][1:]]), f"config.{'.'.join(drawn[0])}")
    )
    asked = st.tuples(columns | in_summary | in_config, bare | operators(comparable, equatable, lambda value: value))
    times = st.tuples(st.just(("created_at", "created_at")), operators(moments, moments | st.none(), as_time))
    return (asked | times).map(lambda leaf: ({leaf[0][0]: leaf[1][0]}, {leaf[0][1]: leaf[1][1]}))


def as_time(value: JSONValue) -> JSONValue:
    return None if value is None else (EPOCH + timedelta(microseconds=value)).isoformat()


def filters(scalar: st.SearchStrategy[JSONValue]) -> st.SearchStrategy[tuple[JSONObject, JSONObject]]:
    def groups(inner: st.SearchStrategy[tuple[JSONObject, JSONObject]]):
        return st.tuples(st.sampled_from(["$and", "$or", "$nor"]), st.lists(inner, min_size=1, max_size=3)).map(
            lambda group: ({group[0]: [wire for wire, _ in group[1]]}, {group[0]: [oracle for _, oracle in group[1]]})
        )

    return st.recursive(leaves(scalar), groups, max_leaves=4)


def fields_of(document: JSONObject) -> set[str]:
    return {
        field
        for name, operand in document.items()
        for field in ([name] if not name.startswith("$") else {f for item in operand for f in fields_of(item)})
    }


def goes_astray(row: JSONValue, name: str) -> bool:
    """Whether a path goes through a scalar, or into a list but by an index that it has."""
    value = row
    for step in name.split("."):
        match value:
            case dict() if step in value:
                value = value[step]
            case dict():
                return False
            case list() if step == "0" and value:
                value = value[0]
            case _:
                return True
    return False


cases = st.one_of(*(st.tuples(st.lists(rows(scalar), min_size=1, max_size=5), filters(scalar)) for scalar in SCALARS))


def selected(engine: Engine, found: list[dict[str, object]], document: JSONObject) -> set[int]:
    with engine.begin() as connection:
        connection.execute(ROWS.delete())
        connection.execute(ROWS.insert(), found)
        return set(connection.scalars(select(ROWS.c.key).where(compile_filter(document, FIELDS, engine.dialect.name))))


@given(cases)
def test_a_filter_selects_the_rows_that_mongodb_would(
    engine: Engine, case: tuple[list[JSONObject], tuple[JSONObject, JSONObject]]
):
    documents, (wire, oracle) = case
    names = fields_of(oracle)
    known = {key: row for key, row in enumerate(documents) if not any(goes_astray(row, name) for name in names)}
    assume(known)

    found = selected(engine, [stored(row, key) for key, row in known.items()], wire)

    assert found == {key for key, row in known.items() if filter_applies(oracle, row)}


any_keys = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8) | st.sampled_from(
    [
        "",
        "'",
        '"',
        "\\",
        '\\"',
        "$",
        "$.",
        "[0]",
        "#-1",
        "%",
        "?",
        ":x",
        "; DROP TABLE rows; --",
        "' OR 1=1 --",
        "\x7f",
        "\n",
    ]
)


@given(any_keys, any_keys, st.booleans())
@example(key='"."', other='".', escaped=False)
@example(key="<b>&", other="</b>", escaped=True)
@example(key="0", other="00", escaped=True)
def test_any_key_reaches_its_own_value_and_nothing_else(engine: Engine, key: str, other: str, escaped: bool):
    assume(key != other)

    def dump(value: JSONObject) -> str:
        return json.dumps(value, ensure_ascii=escaped)

    documents = [{key: 2}, {other: 2}, {key: 3, other: 2}, {}]
    nested = [{"k": document} for document in documents]
    for shape, prefix in ((documents, ""), (nested, "k.")):
        found = [
            {"key": at, "config": dump({name: {"value": value} for name, value in row.items()}), "summary": dump(row)}
            for at, row in enumerate(shape)
        ]
        assert selected(engine, found, {f"summary.{prefix}{key}": 2}) == {0}
        assert selected(engine, found, {f"summary.{prefix}{key}": {"$exists": True}}) == {0, 2}
        assert selected(engine, found, {f"config.{prefix}{key}": 2}) == {0}


@given(st.lists(st.sampled_from(["a", "b", "c d", 'e"', "é", "0"]), min_size=2, max_size=4), st.data())
def test_a_dot_parts_keys_or_is_a_part_of_one(engine: Engine, parts: list[str], data: st.DataObject):
    joined = data.draw(st.lists(st.booleans(), min_size=len(parts) - 1, max_size=len(parts) - 1))
    keys = [parts[0]]
    for part, join in zip(parts[1:], joined, strict=True):
        if join:
            keys[-1] += f".{part}"
        else:
            keys.append(part)
    document: JSONValue = 2
    for key in reversed(keys):
        document = {key: document}
    (first, inner), *_ = document.items()
    row = {"key": 0, "config": json.dumps({first: {"value": inner}}), "summary": json.dumps(document)}
    name = ".".join(parts)

    for field in (f"summary.{name}", f"config.{name}", f"config.{first}.value{name.removeprefix(first)}"):
        assert selected(engine, [row], {field: 2}) == {0}


def rank(value: JSONValue) -> int:
    match value:
        case None:
            return 3
        case bool() | list() | dict():
            return 2
        case str():
            return 1
        case _:
            return 0


ordered = st.one_of(st.none(), st.booleans(), numbers, texts, st.just([2]), st.just({"a": 2}))


@given(st.lists(st.dictionaries(st.just("loss"), ordered), min_size=1, max_size=8), st.sampled_from(["", "+", "-"]))
def test_an_order_puts_numbers_before_texts_before_others_before_nothing(
    engine: Engine, documents: list[JSONObject], sign: str
):
    with engine.begin() as connection:
        connection.execute(ROWS.delete())
        connection.execute(ROWS.insert(), [{"key": at, "summary": json.dumps(row)} for at, row in enumerate(documents)])
        order = compile_order(f"{sign}summary.loss", FIELDS, ROWS.c.key, engine.dialect.name)
        found = connection.scalars(select(ROWS.c.key).order_by(*order)).all()

    assert sorted(found) == list(range(len(documents)))
    ranks = [rank(documents[key].get("loss")) for key in found]
    assert ranks == sorted(ranks)
    for kind in (0, 1):
        same = [(documents[key]["loss"], key) for key in found if rank(documents[key].get("loss")) == kind]
        by_key = sorted(same, key=lambda pair: pair[1])
        assert same == sorted(by_key, key=lambda pair: pair[0], reverse=sign == "-")
