"""What can be done with a run: create, load, wait, stop, delete."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest

import wandql
from tests.contract._async.asking import AsyncWire
from tests.contract.logged import HISTORIES, place, served_runs, written_runs  # noqa: F401 - fixtures
from wandql.client.seam_async import Clock
from wandql.errors import (
    InvalidPathError,
    NotFoundError,
    NotLoadedError,
    ReplyError,
    RequestError,
    RequestTimeoutError,
    ServerError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.anyio


class Waits(Clock):
    """A clock that notes how long was waited, and does not wait."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return sum(self.waits)

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
async def own(api: wandql.AsyncApi, wire: AsyncWire) -> wandql.AsyncRun:
    """A run of the test's own. What made it is not counted."""
    run = await api.create_run(project="writes")
    wire.sent.clear()
    return run


# Creating


async def test_a_created_run_is_whole(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run = await api.create_run(project="writes", entity="lab")
    assert wire.operations == ["UpsertRun"]
    assert re.fullmatch("[0-9a-z]{8}", run.id)
    assert run.path == ["lab", "writes", run.id]
    assert (run.state, run.tags, run.config, dict(run.summary), run.history_keys) == ("running", [], {}, {}, None)
    assert run.url.endswith(f"/lab/writes/runs/{run.id}")
    fetched = await api.run(run.path)
    assert fetched == run
    run.name = "a name"
    await run.update()
    assert run.name == "a name"


async def test_created_runs_have_ids_of_their_own(api: wandql.AsyncApi) -> None:
    assert len({(await api.create_run(project="writes")).id for _ in range(5)}) == 5


async def test_what_is_not_given_comes_from_the_settings_and_then_from_the_server(wire: AsyncWire) -> None:
    async with wire.api(entity="lab", project="of the settings") as api:
        assert (await api.create_run("chosen")).path == ["lab", "of the settings", "chosen"]
        assert wire.operations == ["UpsertRun"]
        with pytest.raises(RequestError):
            await api.create_run(project="p", entity="nobody")


async def test_a_run_without_any_project_is_uncategorized(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run = await api.create_run()
    assert run.path[:2] == ["lab", "uncategorized"]
    assert wire.operations == ["GetViewer", "UpsertRun"]


async def test_a_run_that_is_there_is_returned_as_it_is(api: wandql.AsyncApi) -> None:
    run = await api.create_run(run_id="late", project="logged", entity="lab")
    assert run.name == "the late one"
    assert run.history_line_count == len(HISTORIES["late"])


@pytest.mark.parametrize("wrong", [{"run_id": "a/b"}, {"run_id": ""}, {"project": "a/b"}, {"entity": "a:b"}])
async def test_a_malformed_name_fails_before_any_request(
    api: wandql.AsyncApi, wire: AsyncWire, wrong: dict[str, str]
) -> None:
    with pytest.raises(InvalidPathError):
        await api.create_run(**{"project": "writes", "entity": "lab", **wrong})
    assert wire.operations == []


async def test_a_server_that_returns_no_created_run_is_reported(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    wire.replies = {1: httpx.Response(200, json={"data": {"upsertBucket": None}})}
    with pytest.raises(ReplyError, match="lab/writes/x"):
        await api.create_run("x", "writes", "lab")


# Loading


async def test_loading_a_fetched_run_sends_nothing(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run = await api.run("lab/logged/late")
    assert await run.load() is run
    assert wire.operations == ["GetRun"]


async def test_loading_a_listed_run_fetches_its_history_keys_once(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run = await api.runs("lab/logged", {"name": "late"}).first()
    assert run is not None
    with pytest.raises(NotLoadedError):
        _ = run.history_keys
    run.notes = "unsaved"
    await run.load()
    await run.load()
    assert wire.operations == ["GetRuns", "GetRunHistoryKeys"]
    assert run.history_keys is not None
    assert run.history_keys["lastStep"] == 10**9 + 4
    assert run.notes == "unsaved"


async def test_loading_with_force_shows_what_has_changed(
    api: wandql.AsyncApi, own: wandql.AsyncRun, wire: AsyncWire
) -> None:
    config, tags = own.config, own.tags
    await api.client.upsert_run(storage_id=own.storage_id, name="after", tags=["t"], config_json='{"lr": {"value": 1}}')
    own.notes = "unsaved"
    assert own.name != "after"
    wire.sent.clear()
    await own.load(force=True)
    assert wire.operations == ["GetRun"]
    assert (own.name, own.tags, own.config, own.notes) == ("after", ["t"], {"lr": 1}, None)
    assert config is own.config
    assert tags is own.tags


# Waiting


def state(value: str | None) -> httpx.Response:
    return httpx.Response(200, json={"data": {"project": {"run": {"state": value}}}})


@pytest.mark.parametrize("end", ["finished", "failed", "crashed", "killed"])
async def test_waiting_looks_every_five_seconds_until_the_run_has_ended(
    own: wandql.AsyncRun, wire: AsyncWire, end: str
) -> None:
    assert own._client is not None
    own._client.clock = clock = Waits()
    going: Sequence[str | None] = ["pending", "running", "preempting", "preempted", None, "hibernating"]
    wire.replies = {number: state(value) for number, value in enumerate([*going, end], 1)}
    assert await own.wait_until_finished() == own.state == end
    assert clock.waits == [5.0] * 6
    assert wire.operations == ["GetRunState"] * 7


async def test_waiting_for_a_run_that_has_ended_costs_one_request(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run = await api.run("lab/logged/dense")
    assert await run.wait_until_finished() == "finished"
    assert wire.operations == ["GetRun", "GetRunState"]


@pytest.mark.parametrize(("seconds", "waits"), [(0, []), (3, [3]), (5, [5]), (12, [5, 5, 2])])
async def test_waiting_ends_with_its_time(own: wandql.AsyncRun, seconds: float, waits: list[float]) -> None:
    assert own._client is not None
    own._client.clock = clock = Waits()
    with pytest.raises(RequestTimeoutError, match=f"{own.identity} is still running after {seconds} seconds") as caught:
        await own.wait_until_finished(timeout=seconds)
    assert isinstance(caught.value, TimeoutError)
    assert clock.waits == waits


async def test_waiting_ends_with_an_error_of_the_server(own: wandql.AsyncRun, wire: AsyncWire) -> None:
    assert own._client is not None
    own._client.clock = Waits()
    wire.replies = {2: httpx.Response(500)}
    with pytest.raises(ServerError):
        await own.wait_until_finished(poll=1)
    gone = own.model_copy(update={"id": "gone"})
    with pytest.raises(NotFoundError, match="lab/writes/gone"):
        await gone.wait_until_finished()


@pytest.mark.parametrize("poll", [0, -1, float("nan")])
async def test_a_wait_without_a_pause_is_refused(own: wandql.AsyncRun, wire: AsyncWire, poll: float) -> None:
    with pytest.raises(ValueError, match="poll"):
        await own.wait_until_finished(poll=poll)
    assert wire.operations == []


# Ending


async def test_a_live_run_is_asked_to_stop(own: wandql.AsyncRun, wire: AsyncWire) -> None:
    assert await own.stop() is True
    assert wire.operations == ["StopRun"]


async def test_a_run_that_has_ended_cannot_be_stopped(api: wandql.AsyncApi) -> None:
    run = await api.run("lab/logged/dense")
    assert await run.stop() is False


async def test_a_state_is_set_where_the_server_allows_it(api: wandql.AsyncApi, own: wandql.AsyncRun) -> None:
    assert await own.update_state("failed") is True
    assert own.state == "failed"
    assert await own.update_state("pending") is True
    assert (await api.run(own.path)).state == "pending"
    with pytest.raises(RequestError, match="bogus"):
        await own.update_state("bogus")
    assert own.state == "pending"


async def test_a_deleted_run_is_gone(api: wandql.AsyncApi, own: wandql.AsyncRun, wire: AsyncWire) -> None:
    await own.delete(delete_artifacts=True)
    assert wire.operations == ["DeleteRun"]
    assert wire.sent[0].variables == {"storageId": own.storage_id, "deleteArtifacts": True}
    with pytest.raises(NotFoundError, match=own.identity):
        await api.run(own.path)
    for ask in [own.delete, own.stop, lambda: own.update_state("failed"), lambda: own.load(force=True)]:
        with pytest.raises(RequestError):
            await ask()


# Names of old


async def test_names_of_old_still_work(api: wandql.AsyncApi, wire: AsyncWire, monkeypatch: pytest.MonkeyPatch) -> None:
    run = await api.run("lab/logged/dense")
    with pytest.warns(DeprecationWarning, match="entity"):
        assert run.username == "lab"
    run.display_name = "shown"
    assert run.name == "shown"
    assert run.json_config == "{}"
    monkeypatch.setenv("WANDB_DIR", "/nosuchdirectory")
    assert run.dir == "/nosuchdirectory/lab/logged/dense"
    assert f'src="{run.url}?jupyter=true"' in run.to_html(height=300)
    assert "height: 300px" in run.to_html(300)
    assert run.to_html(hidden=True).startswith("<details>")
    assert wire.operations == ["GetRun"]
