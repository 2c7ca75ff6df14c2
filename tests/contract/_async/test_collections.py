"""Lists are fetched page by page, once, whoever goes through them and however often."""

from __future__ import annotations

import gc
import pickle
from copy import copy, deepcopy
from itertools import pairwise
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.contract.seam_async import at_once
from wandql.errors import GraphQLError, PaginationError, ServerError

if TYPE_CHECKING:
    import wandql
    from tests.contract._async.asking import AsyncWire

pytestmark = pytest.mark.anyio

IDS = [f"r{number:03}" for number in range(1000)]


# Start, stop, step, and the requests that it takes where a page holds two.
SLICES = [
    (None, 2, None, 1),
    (None, 3, None, 2),
    (1, 4, None, 2),
    (0, 0, None, 0),
    (None, None, None, 3),
    (3, None, None, 3),
    (0, 4, 3, 2),
    (2, 99, None, 3),
    (-2, None, None, 3),
    (None, -1, None, 3),
    (None, None, -1, 3),
    (4, 1, -2, 3),
    (99, None, None, 3),
]


def page_of(total: int | None, end: str | None) -> object:
    """Return a reply without runs: how many there are in all, and the cursor to the next page."""
    page = {"pageInfo": {"endCursor": end, "hasNextPage": end is not None}, "edges": []}
    return {"data": {"project": {"runCount": total, "runs": page}}}


@pytest.fixture
def runs(api: wandql.AsyncApi) -> wandql.AsyncRuns:
    """Ten pages of a hundred runs."""
    return api.runs("lab/big", order="+created_at", per_page=100)


@pytest.fixture
def few(api: wandql.AsyncApi) -> wandql.AsyncRuns:
    """Two pages of two runs, and one of one."""
    return api.runs("lab/small", order="+created_at", per_page=2)


async def test_a_second_iteration_sends_nothing(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    first = [run async for run in few]
    second = [run async for run in few]
    assert [run.id for run in first] == IDS[:5]
    assert all(one is other for one, other in zip(first, second, strict=True))
    assert wire.operations == ["GetRuns"] * 3


async def test_pages_are_fetched_when_they_are_reached(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    assert [len(wire.sent) async for _ in few] == [1, 1, 2, 2, 3]


async def test_pages_are_lists_of_items(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    pages = [[run.id for run in page] async for page in few.pages()]
    assert pages == [IDS[0:2], IDS[2:4], IDS[4:5]]
    assert [len(page) async for page in few.pages()] == [2, 2, 1]
    assert len(wire.sent) == 3


async def test_changing_a_page_changes_nothing_for_others(few: wandql.AsyncRuns) -> None:
    async for page in few.pages():
        page.clear()
    sliced = await few.slice()
    sliced.clear()
    assert [run.id async for run in few] == IDS[:5]


async def test_nested_loops_see_every_pair(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    pairs = [(one.id, other.id) async for one in few async for other in few]
    assert pairs == [(one, other) for one in IDS[:5] for other in IDS[:5]]
    assert len(wire.sent) == 3


async def test_interleaved_iterations_do_not_disturb_each_other(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    ahead, behind = aiter(few), aiter(few)
    for _ in range(3):
        await anext(ahead)
    assert [run.id async for run in behind] == IDS[:5]
    assert [run.id async for run in ahead] == IDS[3:5]
    assert len(wire.sent) == 3


async def test_a_loop_may_be_left_early(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    async for _ in few:
        break
    async for _ in few.pages():
        break
    gc.collect()
    assert len(wire.sent) == 1
    assert [run.id async for run in few] == IDS[:5]


async def test_an_iterator_that_ended_stays_at_its_end(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    items = aiter(few)
    assert len([run async for run in items]) == 5
    assert [run async for run in items] == []
    with pytest.raises(StopAsyncIteration):
        await anext(items)
    assert len(wire.sent) == 3


async def test_all_who_iterate_at_once_see_all_items_once(runs: wandql.AsyncRuns, wire: AsyncWire) -> None:
    async def read() -> list[str]:
        return [run.id async for run in runs]

    assert await at_once(8, read) == [IDS] * 8
    assert wire.operations == ["GetRuns"] * 10


async def test_workers_may_share_one_iterator(runs: wandql.AsyncRuns, wire: AsyncWire) -> None:
    items = aiter(runs)

    async def work() -> list[str]:
        return [run.id async for run in items]

    shares = await at_once(8, work)
    assert sorted(each for share in shares for each in share) == IDS
    assert len(wire.sent) == 10


async def test_an_error_does_not_cut_the_list_short(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    wire.replies = {2: httpx.Response(500), 3: httpx.Response(500)}
    with pytest.raises(ServerError):
        [run async for run in few]
    with pytest.raises(ServerError):
        await few.at(-1)
    assert [run.id async for run in few] == IDS[:5]
    assert len(wire.sent) == 5


async def test_an_iterator_goes_on_after_an_error(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    wire.replies = {2: httpx.Response(500), 4: httpx.Response(500)}
    items, pages = aiter(few), few.pages()
    assert [(await anext(items)).id for _ in range(2)] == IDS[:2]
    with pytest.raises(ServerError):
        await anext(items)
    assert [(await anext(items)).id for _ in range(2)] == IDS[2:4]
    assert [len(await anext(pages)) for _ in range(2)] == [2, 2]
    with pytest.raises(ServerError):
        await anext(pages)
    assert [run.id async for run in items] == IDS[4:5]
    assert [len(page) async for page in pages] == [1]
    assert len(wire.sent) == 5


async def test_a_cursor_that_does_not_move_is_an_error(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    wire.replies = {number: httpx.Response(200, json=page_of(5, "here")) for number in [1, 2]}
    with pytest.raises(PaginationError, match="lab/small"):
        [run async for run in few]
    assert len(wire.sent) == 2


async def test_an_empty_page_is_not_the_end(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    wire.replies = {1: httpx.Response(200, json=page_of(5, "somewhere"))}
    with pytest.raises(GraphQLError, match="somewhere"):
        await few.first()
    assert [request.variables.get("after") for request in wire.sent] == [None, "somewhere"]


async def test_a_slice_is_that_of_a_list_and_fetches_what_it_needs(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    for start, stop, step, requests in SLICES:
        before = len(wire.sent)
        found = await api.runs("lab/small", order="+created_at", per_page=2).slice(start, stop, step)
        assert [run.id for run in found] == IDS[:5][start:stop:step]
        assert len(wire.sent) - before == requests, (start, stop, step)
        api.flush()


async def test_an_index_is_that_of_a_list_and_fetches_what_it_needs(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    for index, requests in {0: 1, 1: 1, 2: 2, 4: 3, -1: 3, -5: 3}.items():
        before = len(wire.sent)
        assert (await api.runs("lab/small", order="+created_at", per_page=2).at(index)).id == IDS[:5][index]
        assert len(wire.sent) - before == requests, index
        api.flush()


async def test_an_index_beyond_the_list_names_the_list_and_its_length(few: wandql.AsyncRuns) -> None:
    for index in [5, 99, -6]:
        with pytest.raises(IndexError, match=rf"lab/small.* 5 items.* {index}"):
            await few.at(index)


async def test_a_wrong_index_or_slice_fails_before_any_request(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    for wrong in ["r001", 1.0, None]:
        with pytest.raises(TypeError):
            await few.at(wrong)
    for wrong in ["r001", 1.5]:
        with pytest.raises(TypeError):
            await few.slice(wrong)
    with pytest.raises(ValueError, match="zero"):
        await few.slice(None, None, 0)
    assert wire.sent == []


async def test_count_asks_for_no_runs_until_a_page_is_there(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    assert await few.count() == 5
    assert (await few.at(1)).id == IDS[1]
    assert await few.count() == 5
    assert wire.operations == ["GetRunCount", "GetRuns"]


async def test_count_counts_only_what_matches(api: wandql.AsyncApi) -> None:
    assert await api.runs("lab/small", {"tags": "even"}).count() == 3
    assert await api.runs("lab/small", {"state": "finished"}).count() == 1


async def test_first_costs_one_request(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    first = await few.first()
    assert first is not None
    assert first.id == IDS[0]
    assert await few.first() is first
    assert len(wire.sent) == 1


@pytest.mark.parametrize("how", ["no runs", "no match"])
async def test_an_empty_list_costs_one_request(api: wandql.AsyncApi, wire: AsyncWire, how: str) -> None:
    runs = api.runs("lab/empty") if how == "no runs" else api.runs("lab/small", {"state": "nothing"})
    assert [run async for run in runs] == []
    assert await runs.first() is None
    assert await runs.count() == 0
    assert await runs.slice() == []
    assert [page async for page in runs.pages()] == [[]]
    with pytest.raises(IndexError, match=" 0 items"):
        await runs.at(0)
    assert len(wire.sent) == 1


async def test_count_is_the_length_where_all_pages_are_there(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    wire.replies = {1: httpx.Response(200, json=page_of(7, None))}
    assert len([run async for run in few]) == await few.count() == 0


async def test_count_counts_where_the_server_does_not(few: wandql.AsyncRuns, wire: AsyncWire) -> None:
    wire.replies = {
        1: httpx.Response(200, json=page_of(None, "next")),
        2: httpx.Response(200, json=page_of(None, None)),
    }
    assert await few.first() is None
    assert await few.count() == 0
    assert len(wire.sent) == 2


async def test_projects_are_fetched_page_by_page(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    projects = api.projects("lab", per_page=3)
    names = [project.name async for project in projects]
    assert sorted(names) == ["big", "empty", "p1", "p2", "p3", "p4", "small"]
    assert [project.name async for project in projects] == names
    assert [len(page) async for page in projects.pages()] == [3, 3, 1]
    assert (await projects.at(-1)).name == names[-1]
    assert [project.name for project in await projects.slice(2, 4)] == names[2:4]
    assert wire.operations == ["GetProjects"] * 3


async def test_the_default_order_is_newest_first(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    times = [run.created_at async for run in api.runs("lab/small")]
    assert all(later > earlier for later, earlier in pairwise(times))
    assert wire.sent[0].variables["order"] == "-created_at"


async def test_a_list_is_neither_copied_nor_pickled(few: wandql.AsyncRuns) -> None:
    for attempt in [copy, deepcopy, pickle.dumps]:
        with pytest.raises(TypeError, match="a list of its items"):
            attempt(few)
    items = await few.slice()
    assert pickle.loads(pickle.dumps(items)) == deepcopy(items) == items


async def test_a_list_knows_what_it_lists(api: wandql.AsyncApi) -> None:
    runs = api.runs("small", {"state": "running"}, order="created_at", per_page=7)
    assert (runs.entity, runs.project, runs.order, runs.per_page) == (None, "small", "+created_at", 7)
    assert runs.filters == '{"state":"running"}'
    projects = api.projects()
    assert (projects.entity, projects.per_page) == (None, 200)
    await runs.first()
    await projects.first()
    assert runs.entity == projects.entity == "lab"
    assert repr(runs).endswith("Runs lab/small>")
    assert repr(projects).endswith("Projects lab>")


@pytest.mark.parametrize("per_page", [0, -1])
async def test_a_page_holds_at_least_one_item(api: wandql.AsyncApi, wire: AsyncWire, per_page: int) -> None:
    for make in [lambda: api.runs("lab/small", per_page=per_page), lambda: api.projects("lab", per_page=per_page)]:
        with pytest.raises(ValueError, match=f"per_page must be at least 1, not {per_page}"):
            make()
    assert wire.sent == []


async def test_the_size_of_a_page_is_a_whole_number(api: wandql.AsyncApi) -> None:
    for wrong in ["50", 2.5, None]:
        with pytest.raises(TypeError):
            api.runs("lab/small", per_page=wrong)
