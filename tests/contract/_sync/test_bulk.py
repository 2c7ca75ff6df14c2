# Derived from tests/contract/_async/test_bulk.py by `make generate`: edit that file instead.
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
    from tests.contract._sync.asking import Wire


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


def mutations(wire: Wire) -> list[str]:
    return [name for name in wire.operations if name in MUTATIONS]


def tags(wire: Wire) -> dict[str, list[str]]:
    return {run.id: sorted(run.tags) for run in wire.api().runs("lab/small")}


def test_a_dry_run_lists_exactly_what_would_change_and_sends_no_change(api: wandql.Api, wire: Wire) -> None:
    runs = api.runs("lab/small")
    first = runs.at(0)
    ids = [run.id for run in runs]
    for plan in (
        runs.add_tags("new", dry_run=True),
        runs.set_group("new", dry_run=True),
        runs.delete(dry_run=True),
    ):
        assert [change.path for change in plan.changes] == [f"lab/small/{each}" for each in ids]
        assert not plan.is_sent
        assert len(plan) == len(ids) == len(plan.diff.splitlines())
    assert runs.add_tags("new", dry_run=True).changes[0].after == (*first.tags, "new")
    assert mutations(wire) == []


def test_tags_are_added_and_removed_and_nothing_else_is_sent(api: wandql.Api, wire: Wire) -> None:
    before = tags(wire)
    done = api.runs("lab/small").add_tags("b", "a", "b")
    assert done.is_sent
    assert len(done) == len(before)
    assert tags(wire) == {run: sorted({*kept, "a", "b"}) for run, kept in before.items()}
    written = [each.variables for each in wire.sent if each.operation == "UpsertRun"]
    assert {name for each in written for name, value in each.items() if value is not None} <= {
        "storageId",
        "tags",
        "withHistoryKeys",
    }
    api.flush()
    count = len(mutations(wire))
    again = api.runs("lab/small").add_tags("a")
    assert len(again) == 0
    assert len(again.unchanged) == len(before)
    assert len(mutations(wire)) == count
    api.runs("lab/small").remove_tags("a", "b")
    assert tags(wire) == before


def test_tags_that_others_add_meanwhile_stay(api: wandql.Api, wire: Wire) -> None:
    runs = api.runs("lab/small")
    ids = [run.id for run in runs]
    other = wire.api().run(f"lab/small/{ids[0]}")
    other.tags.append("theirs")
    other.update()
    runs.add_tags("ours")
    assert {"ours", "theirs"} <= set(tags(wire)[ids[0]])


def test_a_run_that_has_it_by_now_is_not_written(api: wandql.Api, wire: Wire) -> None:
    runs = api.runs("lab/small")
    ids = [run.id for run in runs]
    wire.api().runs("lab/small").add_tags("same")
    count = len(mutations(wire))
    done = runs.add_tags("same")
    assert len(mutations(wire)) == count
    assert sorted(done.unchanged) == sorted(f"lab/small/{each}" for each in ids)


def test_a_group_that_somebody_else_set_meanwhile_is_a_conflict(api: wandql.Api, wire: Wire) -> None:
    runs = api.runs("lab/small")
    run = runs.at(0)
    other = wire.api().run(run.identity)
    other.group = "theirs"
    other.update()
    with pytest.raises(ConflictError, match="'theirs' by somebody else") as caught:
        runs.set_group("ours", concurrency=1)
    assert caught.value.path == run.identity
    assert wire.api().run(run.identity).group == "theirs"


def test_runs_are_deleted_and_those_that_are_gone_are_told(api: wandql.Api, wire: Wire) -> None:
    runs = api.runs("lab/small")
    ids = [run.id for run in runs]
    wire.api().run(f"lab/small/{ids[1]}").delete()
    done = runs.delete()
    assert done.gone == (f"lab/small/{ids[1]}",)
    assert len(done) == len(ids) - 1
    assert tags(wire) == {}


def test_a_change_that_ended_in_the_middle_goes_on_without_repeats(api: wandql.Api, wire: Wire, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    runs = api.runs("lab/small")
    ids = [run.id for run in runs]
    before = len(wire.sent)
    wire.replies[before + 4] = BROKEN  # the second write
    with pytest.raises(ServerError):
        runs.add_tags("x", concurrency=1, journal=journal)
    with journal.open("ab") as file:
        file.write(b'"lab/small/torn')  # what a crash may leave
    done = runs.add_tags("x", concurrency=1, journal=journal)
    assert done.resumed == (f"lab/small/{ids[0]}",)
    assert len(done) == len(ids) - 1
    assert len(mutations(wire)) == len(ids) + 1
    rest = len(wire.sent)
    assert runs.add_tags("x", journal=journal).resumed == tuple(f"lab/small/{each}" for each in ids)
    assert len(wire.sent) == rest


def test_a_journal_of_something_else_is_refused_before_any_request(api: wandql.Api, wire: Wire, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    api.runs("lab/small").add_tags("x", journal=journal)
    count = len(wire.sent)
    with pytest.raises(UsageError, match="another change"):
        api.runs("lab/small").add_tags("y", journal=journal)
    with pytest.raises(UsageError, match="another change"):
        api.runs("lab/small", {"state": "finished"}).add_tags("x", journal=journal)
    for content in (b"nonsense\n", b"1\n2\n"):
        journal.write_bytes(content)
        with pytest.raises(UsageError, match="journal"):
            api.runs("lab/small").delete(journal=journal)
        assert journal.read_bytes() == content
    assert len(wire.sent) == count


def test_what_makes_no_sense_is_refused_before_any_request(api: wandql.Api, wire: Wire) -> None:
    runs = api.runs("lab/small")
    with pytest.raises(UsageError, match="No tag"):
        runs.add_tags()
    with pytest.raises(UsageError, match="no tag"):
        runs.remove_tags("a", " ")
    with pytest.raises(UsageError, match="no group"):
        runs.set_group("")
    with pytest.raises(UsageError, match="concurrency"):
        runs.delete(concurrency=0)
    assert wire.sent == []


def test_a_server_that_is_none_does_not_count_as_runs_that_are_gone(
    api: wandql.Api, wire: Wire, tmp_path: Path
) -> None:
    runs = api.runs("lab/small")
    ids = [run.id for run in runs]
    wire.replies[len(wire.sent) + 1] = httpx.Response(404, text="no such page")
    with pytest.raises(NotFoundError):
        runs.add_tags("new", concurrency=1, journal=tmp_path / "journal")
    runs.add_tags("new", journal=tmp_path / "journal")
    assert {each: "new" in kept for each, kept in tags(wire).items()} == dict.fromkeys(ids, True)
