"""Laws of merging what two writers changed in copies of the same value."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandql.api.merging import as_json, merge_objects, merge_sets, overwrite, same

if TYPE_CHECKING:
    from wandql.graphql.scalars import JSONObject, JSONValue

SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.floats(width=16) | st.sampled_from(["", "a", "NaN"])
KEYS = st.sampled_from(["a", "b", "c", "d"])
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3))
OBJECTS = st.dictionaries(KEYS, VALUES, max_size=4)
TAGS = st.lists(st.sampled_from("abcdef"), max_size=6, unique=True)


@given(base=OBJECTS, theirs=OBJECTS)
def test_who_changed_nothing_gets_what_the_other_made(base: JSONObject, theirs: JSONObject) -> None:
    merged, clashes = merge_objects(base, deepcopy(base), theirs, what="x")
    assert same(merged, theirs)
    assert clashes == []
    merged, clashes = merge_objects(base, theirs, deepcopy(base), what="x")
    assert same(merged, theirs)
    assert clashes == []


@given(base=OBJECTS, both=OBJECTS)
def test_the_same_change_by_both_is_no_clash(base: JSONObject, both: JSONObject) -> None:
    merged, clashes = merge_objects(base, both, deepcopy(both), what="x")
    assert same(merged, both)
    assert clashes == []


@given(base=OBJECTS, ours=OBJECTS, theirs=OBJECTS)
def test_both_see_the_same_clashes_and_without_any_the_same_result(
    base: JSONObject, ours: JSONObject, theirs: JSONObject
) -> None:
    before = deepcopy([base, ours, theirs])
    merged, clashes = merge_objects(base, ours, theirs, what="x")
    mirrored, mirrored_clashes = merge_objects(base, theirs, ours, what="x")
    assert {clash.place for clash in clashes} == {clash.place for clash in mirrored_clashes}
    if not clashes:
        assert same(merged, mirrored)
    assert all(map(same, before, [base, ours, theirs]))


@given(base=OBJECTS, ours=OBJECTS, theirs=OBJECTS)
def test_every_key_is_as_somebody_wants_it(base: JSONObject, ours: JSONObject, theirs: JSONObject) -> None:
    merged, clashes = merge_objects(base, ours, theirs, what="x")
    clashing = {clash.place.split(".")[1] for clash in clashes}
    for key in base.keys() | ours.keys() | theirs.keys():
        changed = [side for side in (ours, theirs) if differs(base, side, key)]
        if key in clashing:
            assert len(changed) == 2
        elif len(changed) == 1:
            assert not differs(merged, changed[0], key)
        elif not changed:
            assert not differs(merged, base, key)


def differs(one: JSONObject, other: JSONObject, key: str) -> bool:
    return (key in one) != (key in other) or (key in one and not same(one[key], other[key]))


@given(value=VALUES, other=VALUES)
def test_values_are_the_same_where_they_are_written_the_same(value: JSONValue, other: JSONValue) -> None:
    assert same(value, deepcopy(value))
    assert same(value, other) == same(other, value) == (repr(plain(value)) == repr(plain(other)))


def plain(value: JSONValue) -> JSONValue:
    """Return a value with sorted keys, and without the sign of zero, which is no difference."""
    match value:
        case dict():
            return {key: plain(value[key]) for key in sorted(value)}
        case list():
            return [plain(each) for each in value]
        case float():
            return value + 0.0
        case _:
            return value


@given(value=OBJECTS)
def test_what_is_json_is_read_back_as_it_is(value: JSONObject) -> None:
    assert same(as_json(value, what="x"), value)


@given(target=OBJECTS, source=OBJECTS)
def test_whoever_holds_an_object_sees_it_change(target: JSONObject, source: JSONObject) -> None:
    held = {key: value for key, value in target.items() if isinstance(value, dict)}
    kept = {key for key in held if isinstance(source.get(key), dict)}
    overwrite(target, source)
    assert same(target, source)
    assert all(target[key] is held[key] for key in kept)


@given(base=TAGS, ours=TAGS, theirs=TAGS)
def test_tags_that_anybody_added_are_there_and_those_that_anybody_removed_are_not(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    merged = merge_sets(base, ours, theirs)
    added = ({*ours} | {*theirs}) - {*base}
    removed = {*base} - ({*ours} & {*theirs})
    assert {*merged} == ({*base} - removed) | added
    assert len(merged) == len({*merged})
    assert merge_sets(base, base, theirs) == theirs


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0, False), ("1", 1), (None, ""), ([], {})])
def test_what_python_finds_equal_or_empty_is_not_the_same(one: JSONValue, other: JSONValue) -> None:
    assert not same(one, other)
    assert not same({"a": [one]}, {"a": [other]})
