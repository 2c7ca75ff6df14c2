"""Artifacts are changed: what is sent is what changed, and bad input sends nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

import wandql
from tests.contract._async.asking import AsyncWire, open_wire
from tests.contract.places import Place
from tests.contract.shelved import own_place, written_artifacts  # noqa: F401 - fixtures
from wandql.errors import ConflictError, InvalidPathError, NotFoundError, ReplyError, UsageError

pytestmark = pytest.mark.anyio


@pytest.fixture
async def wire(own_place: Place) -> AsyncIterator[AsyncWire]:  # noqa: F811 - a fixture
    async with open_wire(own_place) as wire:
        yield wire


@pytest.fixture
async def digits(api: wandql.AsyncApi, wire: AsyncWire) -> wandql.AsyncArtifact:
    """The second version of a dataset. Its request is not counted."""
    artifact = await api.artifact("lab/shelf/digits:v1")
    wire.sent.clear()
    return artifact


async def test_what_was_not_changed_sends_nothing(digits: wandql.AsyncArtifact, wire: AsyncWire) -> None:
    digits.tags = [*digits.tags]
    digits.aliases = [*digits.aliases]
    digits.metadata = dict(digits.metadata)
    digits.description = str(digits.description)
    digits.ttl = digits.ttl
    await digits.save()
    assert wire.sent == []


async def test_fields_are_saved_with_one_request(
    api: wandql.AsyncApi, digits: wandql.AsyncArtifact, wire: AsyncWire
) -> None:
    digits.description = "Three rows."
    digits.metadata["rows"] = 3
    digits.tags.append("reviewed")
    digits.tags.remove("clean")
    digits.ttl = timedelta(days=2)
    await digits.save()
    assert wire.operations == ["UpdateArtifact"]
    await digits.save()
    assert len(wire.sent) == 1
    saved = await api.artifact("lab/shelf/digits:v1")
    assert saved == digits
    assert (saved.description, saved.metadata["rows"], saved.ttl) == ("Three rows.", 3, timedelta(days=2))
    assert sorted(saved.tags) == ["reviewed", "small"]


async def test_only_what_changed_is_sent(digits: wandql.AsyncArtifact, wire: AsyncWire) -> None:
    digits.tags.append("reviewed")
    await digits.save()
    assert {name for name, value in wire.sent[0].variables.items() if value is not None} == {"id", "tagsToAdd"}


async def test_what_somebody_else_tagged_stays(api: wandql.AsyncApi, digits: wandql.AsyncArtifact) -> None:
    other = await api.artifact("lab/shelf/digits:v1")
    other.tags.append("theirs")
    await other.save()
    digits.tags.append("ours")
    await digits.save()
    assert sorted(digits.tags) == ["clean", "ours", "small", "theirs"]


async def test_aliases_are_sent_as_differences(
    api: wandql.AsyncApi, digits: wandql.AsyncArtifact, wire: AsyncWire
) -> None:
    other = await api.artifact("lab/shelf/digits:v1")
    other.aliases.append("theirs")
    await other.save()
    wire.sent.clear()
    digits.aliases = ["latest", "reviewed"]
    await digits.save()
    assert wire.operations == ["AddAliases", "DeleteAliases", "GetArtifactByID"]
    assert sorted(digits.aliases) == ["latest", "reviewed", "theirs"]
    assert not await api.artifact_exists("lab/shelf/digits:best")
    assert (await api.artifact("lab/shelf/digits:reviewed")).version == "v1"


async def test_an_alias_moves_from_another_version(api: wandql.AsyncApi) -> None:
    first = await api.artifact("lab/shelf/digits:v0")
    first.aliases = [*first.aliases, "best"]
    await first.save()
    assert (await api.artifact("lab/shelf/digits:best")).version == "v0"
    assert "best" not in (await api.artifact("lab/shelf/digits:v1")).aliases


async def test_a_description_and_a_lifetime_can_be_taken_away(
    api: wandql.AsyncApi, digits: wandql.AsyncArtifact
) -> None:
    digits.ttl = timedelta(days=2)
    await digits.save()
    digits.description, digits.ttl, digits.metadata = None, None, {}
    await digits.save()
    saved = await api.artifact("lab/shelf/digits:v1")
    assert (saved.description or None, saved.ttl, saved.metadata) == (None, None, {})


@pytest.mark.parametrize("alias", ["a:b", "a/b", "", "v3"])
async def test_malformed_aliases_are_refused_before_any_request(
    digits: wandql.AsyncArtifact, wire: AsyncWire, alias: str
) -> None:
    with pytest.raises(InvalidPathError, match="no alias"):
        digits.aliases = [alias]
    digits.aliases.append(alias)
    with pytest.raises(InvalidPathError, match="no alias"):
        await digits.save()
    with pytest.raises(InvalidPathError, match="no alias"):
        await digits.link("gold", aliases=[alias])
    assert wire.sent == []


async def test_what_cannot_be_assigned_is_refused(digits: wandql.AsyncArtifact, wire: AsyncWire) -> None:
    with pytest.raises(AttributeError, match="cannot be assigned"):
        setattr(digits, "name", "other")  # noqa: B010 - a type checker refuses it, too
    with pytest.raises(TypeError, match="text"):
        setattr(digits, "description", 3)  # noqa: B010
    with pytest.raises(TypeError, match="list of text"):
        setattr(digits, "tags", "clean")  # noqa: B010
    with pytest.raises(ValueError, match="one second"):
        digits.ttl = timedelta(0)
    assert wire.sent == []


async def test_metadata_that_are_no_json_are_refused_before_any_request(
    digits: wandql.AsyncArtifact, wire: AsyncWire
) -> None:
    odd: Any = object()
    digits.metadata["odd"] = odd
    with pytest.raises(UsageError, match=r"metadata\.odd"):
        await digits.save()
    assert wire.sent == []


async def test_edits_make_records_differ(api: wandql.AsyncApi, digits: wandql.AsyncArtifact) -> None:
    other = await api.artifact("lab/shelf/digits:v1")
    other.metadata["rows"] = 2
    assert digits == other
    other.metadata["rows"] = 2.5
    assert digits != other


async def test_a_version_with_aliases_is_deleted_only_on_demand(
    api: wandql.AsyncApi, digits: wandql.AsyncArtifact, wire: AsyncWire
) -> None:
    with pytest.raises(ConflictError):
        await digits.delete()
    await digits.delete(delete_aliases=True)
    assert wire.operations == ["DeleteArtifact"] * 2
    assert not await api.artifact_exists("lab/shelf/digits:v1")
    with pytest.raises(NotFoundError):
        _ = await digits.manifest


async def test_a_version_is_linked_and_unlinked(
    api: wandql.AsyncApi, digits: wandql.AsyncArtifact, wire: AsyncWire
) -> None:
    link = await digits.link("silver", aliases=["approved"])
    assert (link.qualified_name, sorted(link.aliases)) == ("lab/shelf/silver:v0", ["approved", "latest"])
    assert link.is_link
    assert wire.operations == ["LinkArtifact"]
    assert link == await api.artifact("lab/shelf/silver:approved")
    wire.sent.clear()
    await link.unlink()
    assert wire.operations == ["GetArtifactMemberships", "UnlinkArtifact"]
    assert not await api.artifact_exists("lab/shelf/silver:v0")
    assert await api.artifact_exists("lab/shelf/digits:v1")
    with pytest.raises(NotFoundError):
        await link.unlink()


async def test_deleting_a_link_leaves_the_source(api: wandql.AsyncApi) -> None:
    await (await api.artifact("lab/shelf/gold")).delete()
    assert not await api.artifact_exists("lab/shelf/gold:v0")
    assert await api.artifact_exists("lab/shelf/digits:v1")


async def test_aliases_of_a_link_are_its_own(api: wandql.AsyncApi) -> None:
    link = await api.artifact("lab/shelf/gold")
    link.aliases.append("approved")
    await link.save()
    assert sorted(link.aliases) == ["approved", "latest"]
    assert sorted((await api.artifact("lab/shelf/digits:v1")).aliases) == ["best", "latest"]


async def test_wrong_links_are_refused_before_any_request(digits: wandql.AsyncArtifact, wire: AsyncWire) -> None:
    with pytest.raises(UsageError, match="no link"):
        await digits.unlink()
    with pytest.raises(InvalidPathError, match="not a collection"):
        await digits.link("gold:v1")
    with pytest.raises(InvalidPathError):
        await digits.link("a/b/c/d")
    assert wire.sent == []


async def test_what_the_server_did_not_do_is_an_error(digits: wandql.AsyncArtifact, wire: AsyncWire) -> None:
    wire.replies[1] = httpx.Response(200, json={"data": {"addAliases": {"success": False}}})
    digits.aliases.append("reviewed")
    with pytest.raises(ReplyError, match="did not do"):
        await digits.save()
    wire.replies[2] = httpx.Response(200, json={"data": {"linkArtifact": None}})
    with pytest.raises(ReplyError, match="did not do"):
        await digits.link("gold")


async def test_a_run_uses_a_version(api: wandql.AsyncApi, digits: wandql.AsyncArtifact, wire: AsyncWire) -> None:
    run = await api.run("lab/shelf/idle")
    wire.sent.clear()
    assert await run.use_artifact(digits, use_as="training data") is digits
    assert await run.use_artifact(digits) is digits
    assert wire.operations == ["UseArtifact"] * 2
    assert [each.name async for each in run.used_artifacts()] == ["digits:v1"]


async def test_a_run_logs_a_version_that_is_there_already(
    api: wandql.AsyncApi, digits: wandql.AsyncArtifact, wire: AsyncWire
) -> None:
    run = await api.run("lab/shelf/idle")
    wire.sent.clear()
    logged = await run.log_artifact(digits, aliases=["second"], tags=["twice"])
    assert wire.operations == ["CreateArtifact"]
    assert (logged.id, logged.name) == (digits.id, "digits:v1")
    assert sorted(logged.aliases) == ["best", "latest", "second"]
    assert sorted(logged.tags) == ["clean", "small", "twice"]
    assert [each.name async for each in run.logged_artifacts()] == ["digits:v1"]


async def test_a_run_logs_nothing_of_another_project(
    api: wandql.AsyncApi, digits: wandql.AsyncArtifact, wire: AsyncWire
) -> None:
    run = await api.create_run("r", project="elsewhere", entity="lab")
    wire.sent.clear()
    with pytest.raises(UsageError, match="lab/elsewhere"):
        await run.log_artifact(digits)
    assert wire.sent == []


async def test_a_collection_saves_what_was_changed_and_nothing_else(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    collection = await api.artifact_collection("model", "lab/shelf/weights")
    wire.sent.clear()
    await collection.save()
    assert wire.sent == []
    collection.description = "all of it"
    collection.name = "everything"
    collection.tags = ["raw", "old"]
    await collection.save()
    assert wire.operations == ["UpdateSequence", "AddCollectionTags"]
    assert wire.sent[0].variables == {"id": collection.id, "name": "everything", "description": "all of it"}
    wire.sent.clear()
    collection.tags.remove("old")
    await collection.change_type("archive")
    assert wire.operations == ["MoveSequence", "DeleteCollectionTags"]
    fetched = await api.artifact_collection("archive", "lab/shelf/everything")
    assert (fetched.description, fetched.tags, fetched.type) == ("all of it", ["raw"], "archive")
    assert (collection.name, collection.tags, collection.type) == ("everything", ["raw"], "archive")
    wire.sent.clear()
    await collection.save()
    assert wire.sent == []


async def test_a_portfolio_is_saved_and_deleted_and_its_versions_stay(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    artifact = await api.artifact("lab/shelf/weights:latest")
    link = await artifact.link("lab/shelf/fresh", aliases=["best"])
    portfolio = await link.collection
    portfolio.description = "the best"
    wire.sent.clear()
    await portfolio.save()
    assert wire.operations == ["UpdatePortfolio"]
    portfolio.type = "dataset"
    with pytest.raises(UsageError, match="is a portfolio"):
        await portfolio.save()
    fetched = await api.artifact_collection(link.type, "lab/shelf/fresh")
    assert fetched.description == "the best"
    assert [each.qualified_name for each in await artifact.linked_artifacts] == [link.qualified_name]
    assert (await link.source_artifact).qualified_name == artifact.qualified_name
    assert await artifact.source_artifact is artifact
    assert (await link.source_collection).name == "weights"
    await fetched.delete()
    assert await artifact.linked_artifacts == []
    assert await api.artifact_exists("lab/shelf/weights:latest")


async def test_a_deleted_sequence_is_gone_with_its_versions(api: wandql.AsyncApi) -> None:
    collection = await api.artifact_collection("model", "lab/shelf/weights")
    await collection.delete()
    assert not await api.artifact_exists("lab/shelf/weights:latest")
    with pytest.raises(NotFoundError):
        await collection.delete()


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [("name", None, TypeError), ("type", "", TypeError), ("tags", "raw", TypeError), ("id", "x", AttributeError)],
)
async def test_a_collection_takes_no_nonsense(api: wandql.AsyncApi, name: str, value: Any, error: Any) -> None:
    collection = await api.artifact_collection("model", "lab/shelf/weights")
    with pytest.raises(error, match=name):
        setattr(collection, name, value)


async def test_a_complete_version_needs_no_waiting(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    artifact = await api.artifact("lab/shelf/weights:latest")
    wire.sent.clear()
    assert await artifact.wait(timeout=0) is artifact
    assert wire.operations == ["GetArtifactByID"]
    with pytest.raises(ValueError, match="poll"):
        await artifact.wait(poll=0)
