"""Scans of histories: whatever the steps are, and however the server samples, no row is missed and none comes twice."""

from __future__ import annotations

from bisect import bisect_left
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandql.api.history_windows import Windows

if TYPE_CHECKING:
    from collections.abc import Callable

Sample = list[int]


class Scan(NamedTuple):
    """What came, in how many requests, how many rows were sent for it, and how many of them at most at once."""

    steps: Sample
    requests: int
    sent: int
    longest: int


def first_rows(steps: Sample, samples: int) -> Sample:
    return steps[:samples]


def even_rows(steps: Sample, samples: int) -> Sample:
    return [steps[number * len(steps) // samples] for number in range(min(samples, len(steps)))]


def random_rows(steps: Sample, samples: int) -> Sample:
    return sorted(Random(len(steps)).sample(steps, min(samples, len(steps))))


def scan(
    steps: Sample,
    *,
    page_size: int,
    rows: int = 1,
    first: int = 0,
    end: int | None = None,
    pick: Callable[[Sample, int], Sample] = even_rows,
    blind: bool = False,
) -> Scan:
    """Scan sorted steps, as a server answers that picks rows where there are more than it was asked for."""
    last = steps[-1] if steps else -1
    windows = Windows(first, last + 1 if end is None else end, page_size=page_size, rows=rows, steps=last + 1)
    found: Sample = []
    answers: list[int] = []
    while (window := windows.next()) is not None:
        inside = steps[bisect_left(steps, window.first) : bisect_left(steps, window.end)]
        answer = pick(inside, window.samples) if len(inside) > window.samples else inside
        answers.append(len(answer))
        if windows.accept(window, len(answer)):
            found += answer
        else:
            windows.shrink(window, [] if blind else answer)
    return Scan(found, len(answers), sum(answers), max(answers, default=0))


# Runs of steps, each at some distance from the one before: dense, rare, repeated, and far apart.
HISTORIES = st.lists(
    st.tuples(st.integers(0, 10**7) | st.integers(0, 50), st.sampled_from([0, 1, 1, 2, 7, 2048]), st.integers(1, 120)),
    max_size=6,
).map(
    lambda blocks: [
        step
        for start, (_, distance, count) in zip(starts(blocks), blocks, strict=True)
        for step in range(start, start + max(distance, 1) * count, max(distance, 1))
        for _ in range(1 if distance else 3)
    ]
)


def starts(blocks: list[tuple[int, int, int]]) -> list[int]:
    found, step = [], 0
    for gap, distance, count in blocks:
        found.append(step + gap)
        step += gap + max(distance, 1) * count
    return found


@given(
    steps=HISTORIES,
    page_size=st.integers(1, 60),
    rows=st.integers(0, 10**6),
    pick=st.sampled_from([first_rows, even_rows, random_rows]),
    blind=st.booleans(),
)
def test_every_row_comes_once_and_in_order(
    steps: Sample, page_size: int, rows: int, pick: Callable[[Sample, int], Sample], blind: bool
) -> None:
    assert scan(steps, page_size=page_size, rows=rows, pick=pick, blind=blind).steps == steps


@given(steps=HISTORIES, page_size=st.integers(1, 60), first=st.integers(0, 500), length=st.integers(0, 10**7))
def test_a_part_of_the_steps_is_whole(steps: Sample, page_size: int, first: int, length: int) -> None:
    found = scan(steps, page_size=page_size, first=first, end=first + length).steps
    assert found == [step for step in steps if first <= step < first + length]


@pytest.mark.parametrize(
    ("steps", "rows", "requests"),
    [
        (range(12_345), 12_345, 13),
        (range(12_345), 1, 16),
        (range(0, 2048 * 100_000, 2048), 100_000, 150),
        (range(0, 2048 * 100_000, 2048), 1, 160),
        (range(10**9, 10**9 + 5000), 5000, 10),
        ([0, 10**9], 2, 1),
        ([0, 10**9], 1, 10),
        (range(400), 400, 1),
        ([number // 3 for number in range(30_000)], 30_000, 50),
    ],
)
def test_the_number_of_requests_follows_rows_and_not_steps(steps: Sample, rows: int, requests: int) -> None:
    found = scan([*steps], page_size=1000, rows=rows)
    assert found.steps == [*steps]
    assert found.requests <= requests
    assert found.sent <= 2 * len(steps)


@given(steps=HISTORIES, page_size=st.integers(1, 60), rows=st.integers(0, 10**6))
def test_no_answer_is_longer_than_two_pages_where_steps_differ(steps: Sample, page_size: int, rows: int) -> None:
    assert scan(sorted(set(steps)), page_size=page_size, rows=rows).longest <= 2 * page_size
