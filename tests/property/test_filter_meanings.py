"""A filter means the same thrice: on the server in SQL, here by `matches`, and by MongoDB's rules.

mongomock is the oracle; where it departs from MongoDB, the generators keep away, as in `test_server_filters.py`.
`WANDQL_CASES=10000` sets how many cases are tried.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from mongomock.filtering import filter_applies
from sqlalchemy import Integer, StaticPool, Text, create_engine, event, null, select

from tests.property.test_server_filters import (
    EPOCH,
    ROWS,
    SCALARS,
    goes_astray,
    keys,
    moments,
    numbers,
    patterns,
    rows,
    stored,
    texts,
    values,
)
from wandql import F
from wandql.filters import Filter
from wandql.filters.selections import select as part
from wandql.server.filters.conditions import compile_filter, register_functions
from wandql.server.filters.fields import run_fields

if TYPE_CHECKING:
    from wandql.graphql.scalars import JSONObject, JSONValue

CASES = int(os.environ.get("WANDQL_CASES", "0")) or settings().max_examples

nothing = null().cast(Text)
FIELDS = run_fields(
    name=nothing,
    display_name=ROWS.c.name,
    state=nothing,
    tags=ROWS.c.tags,
    entity=nothing,
    username=nothing,
    group=nothing,
    job_type=nothing,
    sweep=nothing,
    host=nothing,
    commit=nothing,
    notes=nothing,
    description=nothing,
    created_at=ROWS.c.created_at,
    updated_at=null().cast(Integer),
    heartbeat_at=null().cast(Integer),
    duration=ROWS.c.duration,
    config=ROWS.c.config,
    summary=ROWS.c.summary,
    keys_info=nothing,
)
ENGINE = create_engine("sqlite://", poolclass=StaticPool)
event.listen(ENGINE, "connect", lambda connection, _: register_functions(connection))
ROWS.metadata.create_all(ENGINE)


def on_server(documents: list[JSONObject], wire: JSONObject) -> set[int]:
    """Return the numbers of the rows that the embedded server selects."""
    with ENGINE.begin() as connection:
        connection.execute(ROWS.delete())
        connection.execute(ROWS.insert(), [stored(row, key) for key, row in enumerate(documents)])
        return set(connection.scalars(select(ROWS.c.key).where(compile_filter(wire, FIELDS, ENGINE.dialect.name))))


def as_run(row: JSONObject) -> dict[str, object]:
    """Return a row as a mapping of the attributes of `F`."""
    created = row.get("created_at")
    return {**row, "created_at": None if created is None else EPOCH + timedelta(microseconds=created)}


def for_oracle(wire: JSONValue) -> JSONValue:
    """Return a document of the wire as mongomock wants it: other names, and times as numbers."""
    match wire:
        case dict():
            return {oracle_name(name): for_oracle(value) for name, value in wire.items()}
        case list():
            return [for_oracle(each) for each in wire]
        case str() if wire.endswith("Z") and len(wire) == 27:
            return (datetime.fromisoformat(wire) - EPOCH) // timedelta(microseconds=1)
        case _:
            return wire


def oracle_name(name: str) -> str:
    if name.startswith("config."):
        _, key, _, *rest = name.split(".")
        return ".".join(["config", key, *rest])
    return name.replace("summary_metrics", "summary").replace("display_name", "name")


def conditions(scalar: st.SearchStrategy[JSONValue]) -> st.SearchStrategy[Filter]:
    """Filters of one field, by every operator."""
    paths = st.lists(keys, min_size=1, max_size=3)
    documents = st.sampled_from([F.config, F.summary])

    def inside(drawn):
        document, (first, *rest) = drawn
        field = document[first]
        for key in rest:
            field = field[key]
        return field

    equal = values(scalar).filter(lambda value: not isinstance(value, list) and value != {} and not has_operator(value))
    comparable = scalar.filter(lambda value: value is not None)
    any_field = st.tuples(documents, paths).map(inside)
    times = moments.map(lambda micros: EPOCH + timedelta(microseconds=micros))
    floats = numbers.filter(lambda number: not isinstance(number, bool))
    return st.one_of(
        asked(any_field, equal, comparable, patterned=True),
        asked(st.just(F.name), texts, texts, patterned=True),
        asked(st.just(F.created_at), times | st.none(), times, patterned=False),
        asked(st.just(F.duration), floats | st.none(), floats, patterned=False),
        texts.map(F.tags.has),
        st.lists(texts, max_size=3).map(F.tags.has_any),
        st.lists(texts, max_size=3).map(F.tags.has_all),
        patterns.map(F.tags.matches),
        st.just(F.tags.exists()),
    )


def has_operator(value: JSONValue) -> bool:
    match value:
        case dict():
            return any(key.startswith("$") or has_operator(inner) for key, inner in value.items())
        case list():
            return any(map(has_operator, value))
        case _:
            return False


def asked(fields, equal, comparable, *, patterned: bool):
    made = [
        st.builds(lambda field, value: field == value, fields, equal),
        st.builds(lambda field, value: field != value, fields, equal),
        st.builds(lambda field, value: field < value, fields, comparable),
        st.builds(lambda field, value: field <= value, fields, comparable),
        st.builds(lambda field, value: field > value, fields, comparable),
        st.builds(lambda field, value: field >= value, fields, comparable),
        st.builds(lambda field, several: field.in_(several), fields, st.lists(equal, max_size=3)),
        st.builds(lambda field, several: field.not_in(several), fields, st.lists(equal, max_size=3)),
        st.builds(lambda field: field.exists(), fields),
    ]
    if patterned:
        made += [
            st.builds(lambda field, pattern: field.matches(pattern), fields, patterns),
            st.builds(lambda field, text: field.contains(text), fields, texts),
            st.builds(lambda field, text: field.startswith(text), fields, texts),
        ]
    return st.one_of(made)


def joined(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    return st.one_of(
        st.builds(lambda one, other: one & other, inner, inner),
        st.builds(lambda one, other: one | other, inner, inner),
        st.builds(lambda one: ~one, inner),
    )


def filters(scalar: st.SearchStrategy[JSONValue]) -> st.SearchStrategy[Filter]:
    return st.recursive(conditions(scalar), joined, max_leaves=4)


cases = st.one_of(*(st.tuples(st.lists(rows(scalar), min_size=1, max_size=5), filters(scalar)) for scalar in SCALARS))
any_filter = st.one_of(*map(filters, SCALARS))


@settings(max_examples=CASES)
@given(cases)
def test_the_server_and_this_library_and_mongodb_select_the_same(case: tuple[list[JSONObject], Filter]) -> None:
    documents, wanted = case
    here = {key for key, row in enumerate(documents) if wanted.matches(as_run(row))}
    assert here == on_server(documents, wanted.wire)

    oracle = for_oracle(wanted.wire)
    names = {oracle_name(name.wire) for name in wanted.names}
    known = {key: row for key, row in enumerate(documents) if not any(goes_astray(row, name) for name in names)}
    assert here & known.keys() == {key for key, row in known.items() if filter_applies(oracle, row)}


@settings(max_examples=CASES)
@given(cases)
def test_the_opposite_selects_all_other_rows(case: tuple[list[JSONObject], Filter]) -> None:
    documents, wanted = case
    everything = set(range(len(documents)))
    assert on_server(documents, (~wanted).wire) == everything - on_server(documents, wanted.wire)
    assert [(~wanted).matches(as_run(row)) for row in documents] == [
        not wanted.matches(as_run(row)) for row in documents
    ]


@settings(max_examples=CASES)
@given(any_filter)
def test_a_filter_is_read_back_from_its_repr_and_from_the_wire(wanted: Filter) -> None:
    again = eval(repr(wanted), {"F": F, "datetime": datetime, "UTC": UTC})
    assert again == wanted
    assert hash(again) == hash(wanted)
    assert repr(again) == repr(wanted)
    read = F.parse(wanted.wire)
    assert F.parse(json.dumps(wanted.wire)) == read
    assert F.parse(read.wire) == read


@settings(max_examples=CASES)
@given(cases)
def test_what_is_read_from_the_wire_selects_the_same(case: tuple[list[JSONObject], Filter]) -> None:
    documents, wanted = case
    read = F.parse(wanted.wire)
    for row in documents:
        assert read.matches(as_run(row)) == wanted.matches(as_run(row))


def with_dots(wanted: Filter, data: st.DataObject) -> Filter:
    """Return a filter that also asks for keys with dots, somewhere."""
    dotted = st.sampled_from(
        [
            F.config["key.dot"] == 2,
            F.summary["key.dot"].exists(),
            ~F.config["key.dot"].exists(),
            F.config["x"]["key.dot"] != 2,
        ]
    )
    for _ in range(data.draw(st.integers(1, 2))):
        other = data.draw(dotted)
        wanted = data.draw(st.sampled_from([wanted & other, wanted | other, ~(wanted & other), ~(wanted | other)]))
    return wanted


@settings(max_examples=CASES)
@given(cases, st.data())
def test_what_is_sent_selects_at_least_what_is_asked_for_and_the_rest_is_checked_here(
    case: tuple[list[JSONObject], Filter], data: st.DataObject
) -> None:
    documents, wanted = case
    wanted = with_dots(wanted, data)
    for row in documents:
        if data.draw(st.booleans()):
            row["config"]["key.dot"] = 2
        if data.draw(st.booleans()):
            row["summary"]["key.dot"] = None
    selection = part(wanted)
    sent = on_server(documents, json.loads(selection.sent))
    exact = {key for key, row in enumerate(documents) if wanted.matches(as_run(row))}
    local = selection.local
    checked = {key for key in sent if local is None or local.matches(as_run(documents[key]))}
    assert exact <= sent
    assert checked == exact
    assert "key.dot" not in selection.sent


def test_the_cases_select_some_rows_and_leave_out_others() -> None:
    """A property of cases that select nothing would prove nothing."""
    found = {True: 0, False: 0}

    @settings(max_examples=200, database=None, derandomize=True)
    @given(cases)
    def count(case: tuple[list[JSONObject], Filter]) -> None:
        documents, wanted = case
        for row in documents:
            found[wanted.matches(as_run(row))] += 1

    count()
    assert min(found.values()) > 50
