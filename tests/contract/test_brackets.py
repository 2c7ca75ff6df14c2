"""What only threads can do: `len(runs)`, `runs[0]`, `reversed(runs)` and `if runs:` wait for requests."""

from __future__ import annotations

import operator
import random
from typing import TYPE_CHECKING

import pytest

import wandql
from tests.contract._sync.asking import Wire, open_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.contract.places import Place

IDS = ["r000", "r001", "r002", "r003", "r004"]


@pytest.fixture
def wire(place: Place) -> Iterator[Wire]:
    with open_wire(place) as wire:
        yield wire


@pytest.fixture
def api(wire: Wire) -> Iterator[wandql.Api]:
    with wire.api() as api:
        yield api


@pytest.fixture
def runs(api: wandql.Api) -> wandql.Runs:
    """Two pages of two runs, and one of one."""
    return api.runs("lab/small", order="+created_at", per_page=2)


def test_list_asks_for_the_length_and_sends_nothing_for_it(runs: wandql.Runs, wire: Wire) -> None:
    assert [run.id for run in list(runs)] == IDS
    assert len(wire.sent) == 3
    assert tuple(runs) == (*runs,)
    assert len(wire.sent) == 3


def test_len_costs_the_first_page(runs: wandql.Runs, wire: Wire) -> None:
    assert len(runs) == 5
    assert len(runs) == operator.length_hint(runs) == 5
    assert len(wire.sent) == 1
    list(runs)
    assert len(wire.sent) == 3


def test_brackets_fetch_what_they_need(api: wandql.Api, wire: Wire) -> None:
    runs = api.runs("lab/big", order="+created_at", per_page=100)
    assert [run.id for run in runs[:10]] == [f"r00{number}" for number in range(10)]
    assert len(wire.sent) == 1
    assert runs[150].id == "r150"
    assert len(wire.sent) == 2
    assert runs[-1].id == "r999"
    assert len(wire.sent) == 10


@pytest.mark.parametrize("index", [0, 4, -1, -5, slice(1, 3), slice(None, None, -2), slice(-2, None), slice(9, 12)])
def test_brackets_are_those_of_a_list(runs: wandql.Runs, index: int | slice) -> None:
    assert runs[index] == list(runs)[index]


def test_wrong_brackets_fail_as_those_of_a_list_do_and_send_nothing(runs: wandql.Runs, wire: Wire) -> None:
    for wrong in ["r001", 1.0, None, (0, 1)]:
        with pytest.raises(TypeError):
            runs[wrong]
    with pytest.raises(ValueError, match="zero"):
        runs[::0]
    assert wire.sent == []
    with pytest.raises(IndexError, match=r"lab/small.* 5 items.* 5"):
        runs[5]


def test_reversed_begins_with_the_last(runs: wandql.Runs, api: wandql.Api) -> None:
    assert [run.id for run in reversed(runs)] == IDS[::-1]
    projects = api.projects("lab", per_page=3)
    assert list(reversed(projects)) == list(projects)[::-1]


def test_a_list_is_true_if_it_has_items(api: wandql.Api, wire: Wire) -> None:
    for full in [api.runs("lab/small"), api.projects("lab")]:
        assert full
    for empty in [api.runs("lab/empty"), api.runs("lab/small", {"state": "nothing"})]:
        assert not empty
    assert len(wire.sent) == 4
    with pytest.raises(wandql.NotFoundError, match="'nobody'"):
        bool(api.projects("nobody"))
    with wandql.local() as fresh:
        assert not fresh.projects()


def test_projects_have_no_length_yet_make_a_list(api: wandql.Api) -> None:
    projects = api.projects("lab", per_page=3)
    with pytest.raises(TypeError, match="len"):
        len(projects)
    assert len(list(projects)) == len(projects[:]) == 7


def test_a_list_is_good_for_whatever_takes_a_sequence(runs: wandql.Runs, wire: Wire) -> None:
    assert [number for number, _ in enumerate(runs)] == [0, 1, 2, 3, 4]
    assert list(zip(runs, runs, strict=True)) == [(run, run) for run in runs]
    assert runs[1] in runs
    assert sorted(runs, key=lambda run: -run.summary["loss"])[0].id == "r004"
    assert max(runs, key=lambda run: run.config["lr"]).id == "r004"
    assert len({*runs, *runs}) == 5
    assert {run.id: run for run in runs}.keys() == set(IDS)
    assert random.Random(0).choice(runs) in list(runs)
    first, *_, last = runs
    assert (first.id, last.id) == ("r000", "r004")
    assert len(wire.sent) == 3


@pytest.mark.parametrize(
    "misuse", [len, iter, reversed, next, operator.itemgetter(0), operator.itemgetter(slice(2)), list, bool]
)
def test_async_lists_refuse_what_cannot_wait(misuse: Callable[[object], object]) -> None:
    import wandql

    runs = wandql.AsyncApi(base_url="http://nowhere.invalid").runs("lab/small")
    with pytest.raises(TypeError, match="AsyncRuns"):
        misuse(runs)
