"""Changes of many runs at once: what is sent, what is not, and what goes on after an end in the middle."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.contract.places import ROUTES, Place, serve_place
from wandql.errors import ConflictError, NotFoundError, ServerError, UsageError

if TYPE_CHECKING:
    import wandql
    from tests.contract._async.asking import AsyncWire

pytestmark = pytest.mark.anyio

MUTATIONS = {"UpsertRun", "DeleteRun"}
BROKEN = httpx.Response(500, text="broken")


@pytest.fixture(params=ROUTES)
def place(request: pytest.FixtureRequest, written: Place, tmp_path: Path) -> Iterator[Place]:
    """The projects of `lab`, for one test, which may change them."""
    own = replace(written, directory=shutil.copytree(written.directory, tmp_path / "data"))
    if request.param == "tcp":
        with serve_place(own) as served:
            yield served
    else:
        yield own


def mutations(wire: AsyncWire) -> list[str]:
    return [name for name in wire.operations if name in MUTATIONS]


async def tags(wire: AsyncWire) -> dict[str, list[str]]:
    return {run.id: sorted(run.tags) async for run in wire.api().runs("lab/small")}


async def test_a_dry_run_lists_exactly_what_would_change_and_sends_no_change(
    api: wandql.AsyncApi, wire: AsyncWire
) -> None:
    runs = api.runs("lab/small")
    first = await runs.at(0)
    ids = [run.id async for run in runs]
    for plan in (
        await runs.add_tags("new", dry_run=True),
        await runs.set_group("new", dry_run=True),
        await runs.delete(dry_run=True),
    ):
        assert [change.path for change in plan.changes] == [f"lab/small/{each}" for each in ids]
        assert not plan.is_sent
        assert len(plan) == len(ids) == len(plan.diff.splitlines())
    assert (await runs.add_tags("new", dry_run=True)).changes[0].after == (*first.tags, "new")
    assert mutations(wire) == []


async def test_tags_are_added_and_removed_and_nothing_else_is_sent(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    before = await tags(wire)
    done = await api.runs("lab/small").add_tags("b", "a", "b")
    assert done.is_sent
    assert len(done) == len(before)
    assert await tags(wire) == {run: sorted({*kept, "a", "b"}) for run, kept in before.items()}
    written = [each.variables for each in wire.sent if each.operation == "UpsertRun"]
    assert {name for each in written for name, value in each.items() if value is not None} <= {
        "storageId",
        "tags",
        "withHistoryKeys",
    }
    api.flush()
    count = len(mutations(wire))
    again = await api.runs("lab/small").add_tags("a")
    assert len(again) == 0
    assert len(again.unchanged) == len(before)
    assert len(mutations(wire)) == count
    await api.runs("lab/small").remove_tags("a", "b")
    assert await tags(wire) == before


async def test_tags_that_others_add_meanwhile_stay(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    runs = api.runs("lab/small")
    ids = [run.id async for run in runs]
    other = await wire.api().run(f"lab/small/{ids[0]}")
    other.tags.append("theirs")
    await other.update()
    await runs.add_tags("ours")
    assert {"ours", "theirs"} <= set((await tags(wire))[ids[0]])


async def test_a_run_that_has_it_by_now_is_not_written(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    runs = api.runs("lab/small")
    ids = [run.id async for run in runs]
    await wire.api().runs("lab/small").add_tags("same")
    count = len(mutations(wire))
    done = await runs.add_tags("same")
    assert len(mutations(wire)) == count
    assert sorted(done.unchanged) == sorted(f"lab/small/{each}" for each in ids)


async def test_a_group_that_somebody_else_set_meanwhile_is_a_conflict(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    runs = api.runs("lab/small")
    run = await runs.at(0)
    other = await wire.api().run(run.identity)
    other.group = "theirs"
    await other.update()
    with pytest.raises(ConflictError, match="'theirs' by somebody else") as caught:
        await runs.set_group("ours", concurrency=1)
    assert caught.value.path == run.identity
    assert (await wire.api().run(run.identity)).group == "theirs"


async def test_runs_are_deleted_and_those_that_are_gone_are_told(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    runs = api.runs("lab/small")
    ids = [run.id async for run in runs]
    await (await wire.api().run(f"lab/small/{ids[1]}")).delete()
    done = await runs.delete()
    assert done.gone == (f"lab/small/{ids[1]}",)
    assert len(done) == len(ids) - 1
    assert await tags(wire) == {}


async def test_a_change_that_ended_in_the_middle_goes_on_without_repeats(
    api: wandql.AsyncApi, wire: AsyncWire, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    runs = api.runs("lab/small")
    ids = [run.id async for run in runs]
    before = len(wire.sent)
    wire.replies[before + 4] = BROKEN  # the second write
    with pytest.raises(ServerError):
        await runs.add_tags("x", concurrency=1, journal=journal)
    with journal.open("ab") as file:
        file.write(b'"lab/small/torn')  # what a crash may leave
    done = await runs.add_tags("x", concurrency=1, journal=journal)
    assert done.resumed == (f"lab/small/{ids[0]}",)
    assert len(done) == len(ids) - 1
    assert len(mutations(wire)) == len(ids) + 1
    rest = len(wire.sent)
    assert (await runs.add_tags("x", journal=journal)).resumed == tuple(f"lab/small/{each}" for each in ids)
    assert len(wire.sent) == rest


async def test_a_journal_of_something_else_is_refused_before_any_request(
    api: wandql.AsyncApi, wire: AsyncWire, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    await api.runs("lab/small").add_tags("x", journal=journal)
    count = len(wire.sent)
    with pytest.raises(UsageError, match="another change"):
        await api.runs("lab/small").add_tags("y", journal=journal)
    with pytest.raises(UsageError, match="another change"):
        await api.runs("lab/small", {"state": "finished"}).add_tags("x", journal=journal)
    for content in (b"nonsense\n", b"1\n2\n"):
        journal.write_bytes(content)
        with pytest.raises(UsageError, match="journal"):
            await api.runs("lab/small").delete(journal=journal)
        assert journal.read_bytes() == content
    assert len(wire.sent) == count


async def test_what_makes_no_sense_is_refused_before_any_request(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    runs = api.runs("lab/small")
    with pytest.raises(UsageError, match="No tag"):
        await runs.add_tags()
    with pytest.raises(UsageError, match="no tag"):
        await runs.remove_tags("a", " ")
    with pytest.raises(UsageError, match="no group"):
        await runs.set_group("")
    with pytest.raises(UsageError, match="concurrency"):
        await runs.delete(concurrency=0)
    assert wire.sent == []


async def test_a_server_that_is_none_does_not_count_as_runs_that_are_gone(
    api: wandql.AsyncApi, wire: AsyncWire, tmp_path: Path
) -> None:
    runs = api.runs("lab/small")
    ids = [run.id async for run in runs]
    wire.replies[len(wire.sent) + 1] = httpx.Response(404, text="no such page")
    with pytest.raises(NotFoundError):
        await runs.add_tags("new", concurrency=1, journal=tmp_path / "journal")
    await runs.add_tags("new", journal=tmp_path / "journal")
    assert {each: "new" in kept for each, kept in (await tags(wire)).items()} == dict.fromkeys(ids, True)
