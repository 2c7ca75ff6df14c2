"""How many requests each call sends, and that what was fetched is kept until `flush()`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.contract._async.asking import AsyncWire, open_wire
from tests.contract.seam_async import at_once
from wandql.client._async.fetched import AsyncFetched
from wandql.errors import ServerError

if TYPE_CHECKING:
    import wandql
    from tests.contract.places import Place

pytestmark = pytest.mark.anyio

SPELLINGS = [
    "/lab/small/r001/",
    "lab/small/runs/r001",
    "lab/small:r001",
    ["lab", "small", "r001"],
    "https://wandb.ai/lab/small/runs/r001?nw=nwuser",
    "small/r001",
]


async def test_making_an_api_and_lists_sends_nothing(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    for made in [api, api.runs("lab/small"), api.projects(), api.runs("lab/small").pages()]:
        repr(made)
    api.flush()
    assert wire.operations == []


async def test_a_full_path_costs_one_request_and_none_again(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run = await api.run("lab/small/r001")
    assert run.name == "run 1"
    assert await api.run("lab/small/r001") is run
    assert wire.operations == ["GetRun"]


async def test_every_spelling_of_a_path_gives_the_same_run(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run = await api.run("lab/small/r001")
    for spelling in SPELLINGS:
        assert await api.run(spelling) is run, spelling
    assert wire.operations.count("GetRun") == 1


async def test_flush_lets_the_next_call_fetch_again(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    first = await api.run("lab/small/r001")
    api.flush()
    second = await api.run("lab/small/r001")
    assert second is not first
    assert second == first
    assert wire.operations == ["GetRun"] * 2


async def test_after_flush_every_kind_of_object_is_a_new_one(api: wandql.AsyncApi) -> None:
    async def fetch() -> list[object]:
        return [
            await api.run("lab/small/r001"),
            await api.project("lab/small"),
            api.runs("lab/small"),
            api.projects("lab"),
            await api.viewer,
        ]

    before, again = await fetch(), await fetch()
    assert all(one is other for one, other in zip(before, again, strict=True))
    api.flush()
    after = await fetch()
    assert not any(one is other for one, other in zip(before, after, strict=True))


async def test_flush_shows_what_has_changed(make_place: Callable[[str], Place]) -> None:
    async with open_wire(make_place("alice")) as wire, wire.api() as api:
        await api.client.upsert_run(entity="alice", project="p", run="r", name="before")
        run, runs = await api.run("alice/p/r"), api.runs("alice/p")
        assert len([each async for each in runs]) == 1
        await api.client.upsert_run(storage_id=run.storage_id, name="after")
        await api.client.upsert_run(entity="alice", project="p", run="another")
        assert (await api.run("alice/p/r")).name == run.name == "before"
        assert await api.runs("alice/p").count() == 1
        api.flush()
        assert (await api.run("alice/p/r")).name == "after"
        assert await api.runs("alice/p").count() == 2
        assert run.name == "before"


async def test_the_entity_of_a_short_path_is_asked_for_once(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run = await api.run("small/r001")
    assert run.path == ["lab", "small", "r001"]
    await api.run("small/r002")
    await api.project("small")
    await api.runs("small").count()
    assert [project.name async for project in api.projects()]
    assert await api.default_entity == "lab"
    assert wire.operations == ["GetViewer", "GetRun", "GetRun", "GetProject", "GetRunCount", "GetProjects"]
    api.flush()
    await api.run("small/r001")
    assert wire.operations[6:] == ["GetViewer", "GetRun"]


async def test_an_entity_in_the_settings_is_not_asked_for(wire: AsyncWire) -> None:
    async with wire.api(entity="lab", project="small") as api:
        assert (await api.run("r001")).path == ["lab", "small", "r001"]
        assert (await api.project("big")).path == ["lab", "big"]
        assert await api.runs().count() == 5
        assert await api.default_entity == "lab"
    assert wire.operations == ["GetRun", "GetProject", "GetRunCount"]


async def test_a_thousand_runs_cost_ten_requests(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    runs = api.runs("lab/big", order="+created_at", per_page=100)
    rows = [(run.name, run.state, run.config["lr"], run.summary["loss"]) async for run in runs]
    assert rows == [(f"run {number}", "running", number / 1000, number) for number in range(1000)]
    assert wire.operations == ["GetRuns"] * 10
    # Each page but the first begins with the last item of the one before: it tells whether anything has moved.
    assert [request.variables["first"] for request in wire.sent] == [100, *[101] * 9]


async def test_many_who_ask_at_once_send_one_request(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    async def fetch() -> tuple[object, ...]:
        return await api.run("small/r001"), await api.project("small"), await api.viewer

    fetched = await at_once(8, fetch)
    assert len({tuple(map(id, each)) for each in fetched}) == 1
    assert sorted(wire.operations) == ["GetProject", "GetRun", "GetViewer"]


async def test_a_failure_is_not_kept(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    async def ask() -> list[Awaitable[object]]:
        return [await api.run("lab/small/r001"), await api.project("lab/small"), await api.viewer]

    wire.replies = dict.fromkeys([1, 3, 5], httpx.Response(500))
    for _ in range(3):
        with pytest.raises(ServerError):
            await ask()
    assert len(await ask()) == 3
    assert wire.operations == ["GetRun", "GetRun", "GetProject", "GetProject", "GetViewer", "GetViewer"]


async def test_the_same_list_is_the_same_object(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    filters = {"state": "running", "config.lr": {"$gte": 0.001, "$lt": 0.004}}
    turned = {"config.lr": {"$lt": 0.004, "$gte": 0.001}, "state": "running"}
    runs = api.runs("lab/small", filters, order="+created_at")
    assert api.runs("/lab/small/", turned, order="created_at") is runs
    assert api.runs(["lab", "small"], filters, "+created_at", 50) is runs
    assert api.runs("lab/small", {}) is api.runs("lab/small") is api.runs("lab/small", None)
    assert api.projects("lab") is api.projects("lab", 200)
    assert [run.id async for run in runs] == ["r001", "r002", "r003"]
    assert wire.operations == ["GetRuns"]


async def test_whatever_changes_the_answer_makes_another_list(api: wandql.AsyncApi) -> None:
    lists = [
        api.runs("lab/small"),
        api.runs("lab/big"),
        api.runs("other/small"),
        api.runs("lab/small", {"state": "running"}),
        api.runs("lab/small", {"state": "finished"}),
        api.runs("lab/small", {"config.lr": 1}),
        api.runs("lab/small", {"config.lr": True}),
        api.runs("lab/small", {"config.lr": "1"}),
        api.runs("lab/small", order="+created_at"),
        api.runs("lab/small", order=None),
        api.runs("lab/small", per_page=51),
        api.projects("lab"),
        api.projects("other"),
        api.projects("lab", per_page=51),
    ]
    assert len({id(each) for each in lists}) == len(lists)


async def test_changing_filters_afterwards_changes_nothing(api: wandql.AsyncApi) -> None:
    filters = {"config.lr": {"$lt": 0.002}}
    runs = api.runs("lab/small", filters)
    filters["config.lr"]["$lt"] = 1
    assert await runs.count() == 2
    assert await api.runs("lab/small", filters).count() == 5


async def test_what_is_kept_is_bounded(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    first, last = api.runs("lab/small", per_page=1), None
    for per_page in range(2, 1025):
        last = api.runs("lab/small", per_page=per_page)
    assert api.runs("lab/small", per_page=1) is first
    api.runs("lab/small", per_page=1025)
    assert api.runs("lab/small", per_page=1) is first
    assert api.runs("lab/small", per_page=1024) is last
    for per_page in range(2000, 3024):
        api.runs("lab/small", per_page=per_page)
    assert api.runs("lab/small", per_page=1) is not first
    assert wire.operations == []


async def test_the_objects_that_are_kept_are_bounded(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    fetched: AsyncFetched[str, wandql.AsyncRun] = AsyncFetched(capacity=2)

    async def fetch(run: str) -> wandql.AsyncRun:
        return await fetched.get(run, lambda: api.run(f"lab/small/{run}"))

    first = await fetch("r001")
    await fetch("r002")
    assert await fetch("r001") is first
    await fetch("r003")
    api.flush()
    assert await fetch("r001") is first
    await fetch("r002")
    assert len(wire.sent) == 4
