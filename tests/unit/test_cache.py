"""The bounded cache, and the two that fetch on top of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import anyio
import anyio.lowlevel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandql.client._async.fetched import AsyncFetched
from wandql.client._sync.fetched import Fetched
from wandql.client.cache import Cache


def test_the_same_key_gives_the_same_object_until_it_is_cleared() -> None:
    cache: Cache[str, object] = Cache()
    first = cache.get("a", object)
    assert cache.get("a", object) is first
    assert cache.get("b", object) is not first
    cache.clear()
    assert len(cache) == 0
    assert cache.get("a", object) is not first


def test_the_object_that_was_not_used_for_longest_goes_first() -> None:
    cache: Cache[str, list[str]] = Cache(2)
    a = cache.get("a", list)
    b = cache.get("b", list)
    assert cache.get("a", list) is a
    cache.get("c", list)
    assert len(cache) == 2
    assert cache.get("a", list) is a
    assert cache.get("b", list) is not b


def test_a_capacity_of_nothing_keeps_nothing() -> None:
    cache: Cache[str, str] = Cache(0)
    assert cache.get("a", lambda: "made") == "made"
    assert len(cache) == 0


def test_a_failure_to_make_leaves_nothing_behind() -> None:
    cache: Cache[str, float] = Cache()
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 / 0)
    assert len(cache) == 0
    assert cache.get("a", lambda: 1.0) == 1.0


@given(st.integers(1, 5), st.lists(st.integers(0, 9)))
def test_the_cache_holds_the_keys_that_were_used_last(capacity: int, keys: list[int]) -> None:
    cache: Cache[int, int] = Cache(capacity)
    for key in keys:
        assert cache.get(key, lambda key=key: key) == key
    last = list(dict.fromkeys(reversed(keys)))[:capacity]
    assert len(cache) == len(last)
    made: list[int] = []
    for key in last:
        cache.get(key, lambda key=key: made.append(key) or key)
    assert made == []


def test_threads_get_one_object_for_a_key_and_make_it_once() -> None:
    cache: Cache[int, object] = Cache(8)
    made: list[int] = []
    start = threading.Barrier(8)

    def use() -> list[object]:
        start.wait()
        return [cache.get(key, lambda key=key: made.append(key) or object()) for key in range(8)]

    with ThreadPoolExecutor(8) as pool:
        results = [each.result() for each in [pool.submit(use) for _ in range(8)]]
    assert all(objects == results[0] for objects in results)
    assert sorted(made) == list(range(8))


@pytest.mark.anyio
async def test_tasks_that_ask_for_the_same_key_at_once_wait_for_one_fetch() -> None:
    fetched: AsyncFetched[str, object] = AsyncFetched()
    calls: list[str] = []
    found: list[object] = []

    async def fetch() -> object:
        calls.append("fetch")
        await anyio.lowlevel.checkpoint()
        return object()

    async def use() -> None:
        found.append(await fetched.get("a", fetch))

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(use)
    assert calls == ["fetch"]
    assert len(found) == 20
    assert len({id(each) for each in found}) == 1


@pytest.mark.anyio
async def test_tasks_that_ask_for_different_keys_do_not_wait_for_each_other() -> None:
    fetched: AsyncFetched[str, str] = AsyncFetched()
    reached = anyio.Event()

    async def waits() -> str:
        await reached.wait()
        return "a"

    async def arrives() -> str:
        reached.set()
        return "b"

    with anyio.fail_after(5):
        async with anyio.create_task_group() as group:
            group.start_soon(fetched.get, "a", waits)
            await anyio.lowlevel.checkpoint()
            assert await fetched.get("b", arrives) == "b"


@pytest.mark.anyio
async def test_a_failed_or_cancelled_fetch_is_not_kept() -> None:
    fetched: AsyncFetched[str, str] = AsyncFetched()

    async def fails() -> str:
        raise LookupError("a")

    async def succeeds() -> str:
        return "fetched"

    with pytest.raises(LookupError):
        await fetched.get("a", fails)
    with anyio.move_on_after(0.01) as scope:
        await fetched.get("a", anyio.sleep_forever)
    assert scope.cancelled_caught
    assert await fetched.get("a", succeeds) == "fetched"
    assert await fetched.get("a", fails) == "fetched"


@pytest.mark.anyio
async def test_what_is_fetched_across_a_clear_is_not_kept() -> None:
    fetched: AsyncFetched[str, str] = AsyncFetched()

    async def old() -> str:
        fetched.clear()
        return "old"

    async def new() -> str:
        return "new"

    assert await fetched.get("a", old) == "old"
    assert await fetched.get("a", new) == "new"


def test_threads_that_ask_for_the_same_key_at_once_wait_for_one_fetch() -> None:
    fetched: Fetched[str, object] = Fetched()
    calls: list[str] = []
    start = threading.Barrier(8)

    def fetch() -> object:
        calls.append("fetch")
        return object()

    def use(_: int) -> object:
        start.wait()
        return fetched.get("a", fetch)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(use, range(8)))
    assert calls == ["fetch"]
    assert len({id(each) for each in found}) == 1
