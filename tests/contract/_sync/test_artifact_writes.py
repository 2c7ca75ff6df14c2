# Derived from tests/contract/_async/test_artifact_writes.py by `make generate`: edit that file instead.
"""Artifacts are changed: what is sent is what changed, and bad input sends nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

import wandql
from tests.contract._sync.asking import Wire, open_wire
from tests.contract.places import Place
from tests.contract.shelved import own_place, written_artifacts  # noqa: F401 - fixtures
from wandql.errors import ConflictError, InvalidPathError, NotFoundError, ReplyError, UsageError


@pytest.fixture
def wire(own_place: Place) -> Iterator[Wire]:  # noqa: F811 - a fixture
    with open_wire(own_place) as wire:
        yield wire


@pytest.fixture
def digits(api: wandql.Api, wire: Wire) -> wandql.Artifact:
    """The second version of a dataset. Its request is not counted."""
    artifact = api.artifact("lab/shelf/digits:v1")
    wire.sent.clear()
    return artifact


def test_what_was_not_changed_sends_nothing(digits: wandql.Artifact, wire: Wire) -> None:
    digits.tags = [*digits.tags]
    digits.aliases = [*digits.aliases]
    digits.metadata = dict(digits.metadata)
    digits.description = str(digits.description)
    digits.ttl = digits.ttl
    digits.save()
    assert wire.sent == []


def test_fields_are_saved_with_one_request(api: wandql.Api, digits: wandql.Artifact, wire: Wire) -> None:
    digits.description = "Three rows."
    digits.metadata["rows"] = 3
    digits.tags.append("reviewed")
    digits.tags.remove("clean")
    digits.ttl = timedelta(days=2)
    digits.save()
    assert wire.operations == ["UpdateArtifact"]
    digits.save()
    assert len(wire.sent) == 1
    saved = api.artifact("lab/shelf/digits:v1")
    assert saved == digits
    assert (saved.description, saved.metadata["rows"], saved.ttl) == ("Three rows.", 3, timedelta(days=2))
    assert sorted(saved.tags) == ["reviewed", "small"]


def test_only_what_changed_is_sent(digits: wandql.Artifact, wire: Wire) -> None:
    digits.tags.append("reviewed")
    digits.save()
    assert {name for name, value in wire.sent[0].variables.items() if value is not None} == {"id", "tagsToAdd"}


def test_what_somebody_else_tagged_stays(api: wandql.Api, digits: wandql.Artifact) -> None:
    other = api.artifact("lab/shelf/digits:v1")
    other.tags.append("theirs")
    other.save()
    digits.tags.append("ours")
    digits.save()
    assert sorted(digits.tags) == ["clean", "ours", "small", "theirs"]


def test_aliases_are_sent_as_differences(api: wandql.Api, digits: wandql.Artifact, wire: Wire) -> None:
    other = api.artifact("lab/shelf/digits:v1")
    other.aliases.append("theirs")
    other.save()
    wire.sent.clear()
    digits.aliases = ["latest", "reviewed"]
    digits.save()
    assert wire.operations == ["AddAliases", "DeleteAliases", "GetArtifactByID"]
    assert sorted(digits.aliases) == ["latest", "reviewed", "theirs"]
    assert not api.artifact_exists("lab/shelf/digits:best")
    assert api.artifact("lab/shelf/digits:reviewed").version == "v1"


def test_an_alias_moves_from_another_version(api: wandql.Api) -> None:
    first = api.artifact("lab/shelf/digits:v0")
    first.aliases = [*first.aliases, "best"]
    first.save()
    assert api.artifact("lab/shelf/digits:best").version == "v0"
    assert "best" not in api.artifact("lab/shelf/digits:v1").aliases


def test_a_description_and_a_lifetime_can_be_taken_away(api: wandql.Api, digits: wandql.Artifact) -> None:
    digits.ttl = timedelta(days=2)
    digits.save()
    digits.description, digits.ttl, digits.metadata = None, None, {}
    digits.save()
    saved = api.artifact("lab/shelf/digits:v1")
    assert (saved.description or None, saved.ttl, saved.metadata) == (None, None, {})


@pytest.mark.parametrize("alias", ["a:b", "a/b", "", "v3"])
def test_malformed_aliases_are_refused_before_any_request(digits: wandql.Artifact, wire: Wire, alias: str) -> None:
    with pytest.raises(InvalidPathError, match="no alias"):
        digits.aliases = [alias]
    digits.aliases.append(alias)
    with pytest.raises(InvalidPathError, match="no alias"):
        digits.save()
    with pytest.raises(InvalidPathError, match="no alias"):
        digits.link("gold", aliases=[alias])
    assert wire.sent == []


def test_what_cannot_be_assigned_is_refused(digits: wandql.Artifact, wire: Wire) -> None:
    with pytest.raises(AttributeError, match="cannot be assigned"):
        setattr(digits, "name", "other")  # noqa: B010 - a type checker refuses it, too
    with pytest.raises(TypeError, match="text"):
        setattr(digits, "description", 3)  # noqa: B010
    with pytest.raises(TypeError, match="list of text"):
        setattr(digits, "tags", "clean")  # noqa: B010
    with pytest.raises(ValueError, match="one second"):
        digits.ttl = timedelta(0)
    assert wire.sent == []


def test_metadata_that_are_no_json_are_refused_before_any_request(digits: wandql.Artifact, wire: Wire) -> None:
    odd: Any = object()
    digits.metadata["odd"] = odd
    with pytest.raises(UsageError, match=r"metadata\.odd"):
        digits.save()
    assert wire.sent == []


def test_edits_make_records_differ(api: wandql.Api, digits: wandql.Artifact) -> None:
    other = api.artifact("lab/shelf/digits:v1")
    other.metadata["rows"] = 2
    assert digits == other
    other.metadata["rows"] = 2.5
    assert digits != other


def test_a_version_with_aliases_is_deleted_only_on_demand(api: wandql.Api, digits: wandql.Artifact, wire: Wire) -> None:
    with pytest.raises(ConflictError):
        digits.delete()
    digits.delete(delete_aliases=True)
    assert wire.operations == ["DeleteArtifact"] * 2
    assert not api.artifact_exists("lab/shelf/digits:v1")
    with pytest.raises(NotFoundError):
        _ = digits.manifest


def test_a_version_is_linked_and_unlinked(api: wandql.Api, digits: wandql.Artifact, wire: Wire) -> None:
    link = digits.link("silver", aliases=["approved"])
    assert (link.qualified_name, sorted(link.aliases)) == ("lab/shelf/silver:v0", ["approved", "latest"])
    assert link.is_link
    assert wire.operations == ["LinkArtifact"]
    assert link == api.artifact("lab/shelf/silver:approved")
    wire.sent.clear()
    link.unlink()
    assert wire.operations == ["GetArtifactMemberships", "UnlinkArtifact"]
    assert not api.artifact_exists("lab/shelf/silver:v0")
    assert api.artifact_exists("lab/shelf/digits:v1")
    with pytest.raises(NotFoundError):
        link.unlink()


def test_deleting_a_link_leaves_the_source(api: wandql.Api) -> None:
    api.artifact("lab/shelf/gold").delete()
    assert not api.artifact_exists("lab/shelf/gold:v0")
    assert api.artifact_exists("lab/shelf/digits:v1")


def test_aliases_of_a_link_are_its_own(api: wandql.Api) -> None:
    link = api.artifact("lab/shelf/gold")
    link.aliases.append("approved")
    link.save()
    assert sorted(link.aliases) == ["approved", "latest"]
    assert sorted(api.artifact("lab/shelf/digits:v1").aliases) == ["best", "latest"]


def test_wrong_links_are_refused_before_any_request(digits: wandql.Artifact, wire: Wire) -> None:
    with pytest.raises(UsageError, match="no link"):
        digits.unlink()
    with pytest.raises(InvalidPathError, match="not a collection"):
        digits.link("gold:v1")
    with pytest.raises(InvalidPathError):
        digits.link("a/b/c/d")
    assert wire.sent == []


def test_what_the_server_did_not_do_is_an_error(digits: wandql.Artifact, wire: Wire) -> None:
    wire.replies[1] = httpx.Response(200, json={"data": {"addAliases": {"success": False}}})
    digits.aliases.append("reviewed")
    with pytest.raises(ReplyError, match="did not do"):
        digits.save()
    wire.replies[2] = httpx.Response(200, json={"data": {"linkArtifact": None}})
    with pytest.raises(ReplyError, match="did not do"):
        digits.link("gold")


def test_a_run_uses_a_version(api: wandql.Api, digits: wandql.Artifact, wire: Wire) -> None:
    run = api.run("lab/shelf/idle")
    wire.sent.clear()
    assert run.use_artifact(digits, use_as="training data") is digits
    assert run.use_artifact(digits) is digits
    assert wire.operations == ["UseArtifact"] * 2
    assert [each.name for each in run.used_artifacts()] == ["digits:v1"]


def test_a_run_logs_a_version_that_is_there_already(api: wandql.Api, digits: wandql.Artifact, wire: Wire) -> None:
    run = api.run("lab/shelf/idle")
    wire.sent.clear()
    logged = run.log_artifact(digits, aliases=["second"], tags=["twice"])
    assert wire.operations == ["CreateArtifact"]
    assert (logged.id, logged.name) == (digits.id, "digits:v1")
    assert sorted(logged.aliases) == ["best", "latest", "second"]
    assert sorted(logged.tags) == ["clean", "small", "twice"]
    assert [each.name for each in run.logged_artifacts()] == ["digits:v1"]


def test_a_run_logs_nothing_of_another_project(api: wandql.Api, digits: wandql.Artifact, wire: Wire) -> None:
    run = api.create_run("r", project="elsewhere", entity="lab")
    wire.sent.clear()
    with pytest.raises(UsageError, match="lab/elsewhere"):
        run.log_artifact(digits)
    assert wire.sent == []


def test_a_collection_saves_what_was_changed_and_nothing_else(api: wandql.Api, wire: Wire) -> None:
    collection = api.artifact_collection("model", "lab/shelf/weights")
    wire.sent.clear()
    collection.save()
    assert wire.sent == []
    collection.description = "all of it"
    collection.name = "everything"
    collection.tags = ["raw", "old"]
    collection.save()
    assert wire.operations == ["UpdateSequence", "AddCollectionTags"]
    assert wire.sent[0].variables == {"id": collection.id, "name": "everything", "description": "all of it"}
    wire.sent.clear()
    collection.tags.remove("old")
    collection.change_type("archive")
    assert wire.operations == ["MoveSequence", "DeleteCollectionTags"]
    fetched = api.artifact_collection("archive", "lab/shelf/everything")
    assert (fetched.description, fetched.tags, fetched.type) == ("all of it", ["raw"], "archive")
    assert (collection.name, collection.tags, collection.type) == ("everything", ["raw"], "archive")
    wire.sent.clear()
    collection.save()
    assert wire.sent == []


def test_a_portfolio_is_saved_and_deleted_and_its_versions_stay(api: wandql.Api, wire: Wire) -> None:
    artifact = api.artifact("lab/shelf/weights:latest")
    link = artifact.link("lab/shelf/fresh", aliases=["best"])
    portfolio = link.collection
    portfolio.description = "the best"
    wire.sent.clear()
    portfolio.save()
    assert wire.operations == ["UpdatePortfolio"]
    portfolio.type = "dataset"
    with pytest.raises(UsageError, match="is a portfolio"):
        portfolio.save()
    fetched = api.artifact_collection(link.type, "lab/shelf/fresh")
    assert fetched.description == "the best"
    assert [each.qualified_name for each in artifact.linked_artifacts] == [link.qualified_name]
    assert link.source_artifact.qualified_name == artifact.qualified_name
    assert artifact.source_artifact is artifact
    assert link.source_collection.name == "weights"
    fetched.delete()
    assert artifact.linked_artifacts == []
    assert api.artifact_exists("lab/shelf/weights:latest")


def test_a_deleted_sequence_is_gone_with_its_versions(api: wandql.Api) -> None:
    collection = api.artifact_collection("model", "lab/shelf/weights")
    collection.delete()
    assert not api.artifact_exists("lab/shelf/weights:latest")
    with pytest.raises(NotFoundError):
        collection.delete()


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [("name", None, TypeError), ("type", "", TypeError), ("tags", "raw", TypeError), ("id", "x", AttributeError)],
)
def test_a_collection_takes_no_nonsense(api: wandql.Api, name: str, value: Any, error: Any) -> None:
    collection = api.artifact_collection("model", "lab/shelf/weights")
    with pytest.raises(error, match=name):
        setattr(collection, name, value)


def test_a_complete_version_needs_no_waiting(api: wandql.Api, wire: Wire) -> None:
    artifact = api.artifact("lab/shelf/weights:latest")
    wire.sent.clear()
    assert artifact.wait(timeout=0) is artifact
    assert wire.operations == ["GetArtifactByID"]
    with pytest.raises(ValueError, match="poll"):
        artifact.wait(poll=0)
