"""Records are values: they compare, hash, copy and pickle by their data, and reading them sends nothing."""

from __future__ import annotations

import pickle
import subprocess
import sys
import warnings
from collections.abc import Callable
from copy import copy, deepcopy
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pydantic
import pytest

from tests.contract._async.asking import AsyncWire, open_wire
from wandql.errors import NotLoadedError

if TYPE_CHECKING:
    import wandql
    from tests.contract.places import Place
    from wandql.api.records import Record

pytestmark = pytest.mark.anyio


@pytest.fixture
async def records(api: wandql.AsyncApi) -> list[Record]:
    """One of each kind: a run that was fetched, one that was listed, a project, a user."""
    listed = await api.runs("lab/small").at(0)
    return [await api.run("lab/small/r004"), listed, await api.project("lab/small"), await api.viewer]


async def test_a_run_has_what_was_logged(api: wandql.AsyncApi) -> None:
    run = await api.run("lab/small/r004")
    assert (run.id, run.name, run.display_name, run.state) == ("r004", "run 4", "run 4", "finished")
    assert (run.entity, run.project, run.path) == ("lab", "small", ["lab", "small", "r004"])
    assert (run.tags, run.group, run.notes, run.history_line_count) == (["even"], None, None, 3)
    assert run.config == run.rawconfig == {"lr": 0.004}
    assert run.summary["loss"] == run.summary_metrics["loss"]
    assert run.user is not None
    assert run.user.username == (await api.viewer).username
    assert run.created_at.tzinfo is UTC
    assert timedelta() <= datetime.now(UTC) - run.created_at < timedelta(hours=1)


async def test_a_listed_run_is_the_fetched_one_but_for_history_keys(api: wandql.AsyncApi) -> None:
    fetched, listed = await api.run("lab/small/r004"), await api.runs("lab/small").at(0)
    assert fetched.model_dump(exclude={"history_keys_value"}) == listed.model_dump(exclude={"history_keys_value"})
    assert hash(fetched) == hash(listed)


async def test_what_is_fetched_of_one_listed_run_is_not_said_to_be_fetched_of_the_others(api: wandql.AsyncApi) -> None:
    fetched, other = await api.runs("lab/small").slice(0, 2)
    await fetched.load()
    assert fetched.history_keys is not None
    assert "history_keys_value" not in other.model_fields_set
    with pytest.raises(NotLoadedError):
        _ = other.history_keys


async def test_a_project_has_what_its_page_shows(api: wandql.AsyncApi) -> None:
    project = await api.project("lab/small")
    assert (project.name, project.entity, project.path) == ("small", "lab", ["lab", "small"])
    assert project.created_at.tzinfo is UTC
    assert project in [each async for each in api.projects("lab")]


async def test_the_viewer_is_the_owner_of_the_key(api: wandql.AsyncApi) -> None:
    viewer = await api.viewer
    assert viewer.entity == "lab"
    assert "lab" in viewer.teams
    assert len(viewer.api_keys) == 1
    assert isinstance(viewer.flags, dict)


async def test_the_address_of_a_record_leads_back_to_it(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    run, project = await api.run("lab/small/r004"), await api.project("lab/small")
    assert await api.run(run.url) is await api.run(run.path) is run
    assert await api.project(project.url) is project
    assert api.runs(project.url) is api.runs(project.path) is api.runs("lab/small")
    assert len(wire.sent) == 2
    assert run.url.startswith(api.client.app_url)


# The documented exceptions.
SENDING = {"lastHistoryStep", "metadata", "sweep"}


async def test_reading_every_attribute_sends_nothing(records: list[Record], wire: AsyncWire) -> None:
    warnings.simplefilter("ignore", DeprecationWarning)
    sent = len(wire.sent)
    for record in records:
        names = public_names(type(record))
        assert "identity" in names
        for name in names:
            # A list leaves this out.
            if name not in SENDING and (record is not records[1] or name != "history_keys"):
                getattr(record, name)
    assert len(wire.sent) == sent


def public_names(cls: type[Record]) -> list[str]:
    """Return the fields and views that this library gives a record."""
    own = [each for each in cls.__mro__ if each.__module__.split(".")[0] == "wandql"]
    names = {name for each in own for name in [*vars(each), *vars(each).get("__annotations__", {})]}
    return sorted(name for name in names if not name.startswith(("_", "model_")))


async def test_a_copy_and_a_pickle_are_equal(records: list[Record]) -> None:
    for record in records:
        for other in [copy(record), deepcopy(record), pickle.loads(pickle.dumps(record)), record.model_copy()]:
            assert other is not record
            assert other == record
            assert type(other) is type(record)
            assert hash(other) == hash(record)
            assert other.model_dump() == record.model_dump()
            assert {record: 1}[other] == 1


async def test_a_deep_copy_shares_no_data_and_keeps_the_client(api: wandql.AsyncApi) -> None:
    run = await api.run("lab/small/r004")
    copied = deepcopy(run)
    copied.config["lr"] = 1
    assert run.config == {"lr": 0.004}
    assert copied._client is run._client is api.client


async def test_a_pickle_leaves_the_client_behind(api: wandql.AsyncApi) -> None:
    run = await api.run("lab/small/r004")
    data = pickle.dumps(run)
    assert b"wandql.client" not in data
    restored = pickle.loads(data)
    assert restored._client is None
    assert restored.config == run.config
    assert restored.history_keys == run.history_keys


async def test_a_pickle_is_read_in_another_process(records: list[Record]) -> None:
    assert pickle.loads(there_and_back(pickle.dumps(records))) == records


def there_and_back(data: bytes) -> bytes:
    """Let another process read a pickle of records, use them, and pickle them again."""
    script = """
import pickle, sys
run, *others = pickle.load(sys.stdin.buffer)
assert {run: run.config["lr"]}[run] == 0.004
assert repr(run) == "<Run lab/small/r004 (finished)>"
sys.stdout.buffer.write(pickle.dumps([run, *others]))
"""
    return subprocess.run([sys.executable, "-c", script], input=data, stdout=subprocess.PIPE, check=True).stdout


async def test_records_are_rebuilt_from_what_they_dump(records: list[Record]) -> None:
    for record in records[:1] + records[2:]:
        assert type(record).model_validate(record.model_dump()) == record
        assert type(record).model_validate_json(record.model_dump_json()) == record


async def test_what_changed_on_the_server_is_unequal_but_the_same_key(make_place: Callable[[str], Place]) -> None:
    async with open_wire(make_place("alice")) as wire, wire.api() as api:
        await api.client.upsert_run(entity="alice", project="p", run="r", name="before")
        before = await api.run("alice/p/r")
        await api.client.upsert_run(storage_id=before.storage_id, name="after")
        api.flush()
        after = await api.run("alice/p/r")
    assert before != after
    assert hash(before) == hash(after)


async def test_records_differ_from_all_else(records: list[Record]) -> None:
    for record in records:
        assert record != record.identity
        assert record != record.model_dump()
        assert record is not None
        assert sum(record == other for other in records) == 1
    assert len(set(records)) == 4


async def test_a_project_and_a_user_do_not_change(records: list[Record]) -> None:
    for record in records[2:]:
        with pytest.raises(pydantic.ValidationError, match="frozen"):
            record.name = "another"
        with pytest.raises(pydantic.ValidationError, match="frozen"):
            del record.name


async def test_a_name_that_is_not_there_is_an_attribute_error(records: list[Record]) -> None:
    for record in records:
        with pytest.raises(AttributeError, match="nosuchfield"):
            _ = record.nosuchfield
        assert not hasattr(record, "_nosuchfield")


async def test_reprs_are_short_and_hold_no_key(api: wandql.AsyncApi, wire: AsyncWire, records: list[Record]) -> None:
    shown = [*records, api, api.client, api.api_key, api.runs("lab/small"), api.projects("lab")]
    for each in shown:
        assert len(repr(each)) < 100
        assert "\n" not in repr(each)
        assert wire.api_key not in repr(each)
    for each in records:
        assert str(each) == repr(each)
    assert [repr(each) for each in records] == [
        "<Run lab/small/r004 (finished)>",
        "<Run lab/small/r004 (finished)>",
        "<Project lab/small>",
        f"<User {records[3].username}>",
    ]
    assert wire.api_key not in f"{api.settings!r} {api.settings} {api.settings.explain()} {records!r}"
