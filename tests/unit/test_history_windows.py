"""Windows of a scan: no row is missed, none comes twice, and gaps cost little, whatever history and server are like."""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandql.api.history_windows import Window, Windows

# Steps as programs count them: one by one, several rows of one step, frames of a game, a gap of a billion.
GAPS = st.lists(st.sampled_from([0, 0, 1, 1, 1, 1, 2, 7, 2048, 10**6, 10**9]), max_size=120)
HISTORIES = st.builds(lambda first, gaps: [*accumulate(gaps, initial=first)], st.sampled_from([0, 5, 10**9]), GAPS)


class Server:
    """Answers a window with all its rows, or with some of them that it picks, as servers do."""

    def __init__(self, steps: list[int], seed: int) -> None:
        self.steps = steps
        self.requests = 0
        self._chance = random.Random(seed)

    def answer(self, window: Window) -> list[int]:
        self.requests += 1
        rows = self.steps[bisect_left(self.steps, window.first) : bisect_left(self.steps, window.end)]
        if len(rows) <= window.samples:
            return rows
        return sorted(self._chance.sample(rows, window.samples))


def scan(windows: Windows, server: Server, at_once: int = 1, *, steps_are_known: bool = True) -> list[int]:
    """Return the rows of a scan, windows asked for `at_once` at a time."""
    found: list[int] = []
    while ahead := windows.ahead(at_once):
        assert ahead[0] == windows.next()
        for window in ahead:
            rows = server.answer(window)
            if not windows.accept(window, len(rows)):
                windows.shrink(window, rows if steps_are_known else [])
                break
            found += rows
    assert windows.next() is None
    return found


@given(
    steps=HISTORIES,
    page_size=st.integers(1, 40),
    hint=st.tuples(st.integers(0, 200), st.integers(1, 10**10)),
    at_once=st.integers(1, 16),
    seed=st.integers(0, 3),
    steps_are_known=st.booleans(),
)
def test_each_row_comes_once_and_in_order(
    steps: list[int], page_size: int, hint: tuple[int, int], at_once: int, seed: int, steps_are_known: bool
):
    rows, spread = hint
    server = Server(steps, seed)
    windows = Windows(0, steps[-1] + 1, page_size=page_size, rows=rows, steps=spread)
    assert scan(windows, server, at_once, steps_are_known=steps_are_known) == steps


@given(steps=HISTORIES, bounds=st.tuples(st.integers(0, 130), st.integers(0, 130)), page_size=st.integers(1, 40))
def test_a_part_of_a_history_is_just_that_part(steps: list[int], bounds: tuple[int, int], page_size: int):
    first, end = (steps[min(bound, len(steps) - 1)] for bound in bounds)
    found = scan(Windows(first, end, page_size=page_size), Server(steps, 0), 4)
    assert found == [step for step in steps if first <= step < end]


@given(steps=HISTORIES, page_size=st.integers(1, 40), most=st.integers(1, 16))
def test_windows_ahead_follow_on_one_another_up_to_the_end(steps: list[int], page_size: int, most: int):
    end = steps[-1] + 1
    ahead = Windows(0, end, page_size=page_size, rows=len(steps), steps=end).ahead(most)
    assert 1 <= len(ahead) <= most
    assert [window.first for window in ahead[1:]] == [window.end for window in ahead[:-1]]
    assert ahead[0].first == 0
    assert ahead[-1].end == end or (ahead[-1].end < end and len(ahead) == most)
    assert all(window.samples == 2 * page_size for window in ahead)


@given(steps=HISTORIES, page_size=st.integers(1, 40))
def test_requests_follow_rows_and_gaps_not_steps(steps: list[int], page_size: int):
    """A gap costs a logarithm of its length: windows grow by a factor of eight."""
    server = Server(steps, 0)
    scan(Windows(0, steps[-1] + 1, page_size=page_size), server)
    rows = len(steps)
    gaps = [steps[0] + 1, *(behind - before for before, behind in pairwise(steps))]
    logarithms = sum(2 + math.log(gap / page_size, 8) for gap in gaps if gap > page_size)
    same = [steps.count(step) for step in set(steps)]
    crowds = sum(2 + math.log(count / page_size, 8) for count in same if count > page_size)
    assert server.requests <= 8 + 6 * rows / page_size + 8 * logarithms + 8 * crowds


@pytest.mark.parametrize(
    ("rows", "page_size", "requests"), [(100_000, 1000, 100), (100_000, 5000, 20), (1000, 1000, 1)]
)
def test_where_every_step_has_a_row_a_page_is_full(rows: int, page_size: int, requests: int):
    server = Server([*range(rows)], 0)
    windows = Windows(0, rows, page_size=page_size, rows=rows, steps=rows)
    assert scan(windows, server, 16) == server.steps
    assert server.requests == requests
