"""Every operation of wandql on artifacts and collections, over the server that answers it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from tests.server.artifact_writer import Writer, entries_of, md5
from tests.server.conftest import Caller
from wandql.graphql.generated import operations
from wandql.graphql.generated.input_types import ArtifactAliasInput, ArtifactCollectionAliasInput, TagInput

if TYPE_CHECKING:
    import pydantic

    from wandql.graphql.operation import Operation

R = TypeVar("R", bound="pydantic.BaseModel")

PLACE = {"entity": "alice", "project": "p"}
FILES = {"a.txt": b"a", "sub/b.txt": b"bb"}


@dataclass
class Asker:
    """Somebody who sends operations, and remembers which."""

    caller: Caller

    def __call__(self, operation: Operation[R]) -> R:
        response = self.caller.send("POST", "/graphql", operation.body())
        assert response.status == 200, response.body
        reply = operation.parse(response.body)
        assert reply.errors is None
        assert reply.data is not None
        return reply.data


@pytest.fixture
def ask(caller: Caller) -> Asker:
    caller.upsert()
    return Asker(caller)


@pytest.fixture
def writer(caller: Caller) -> Writer:
    return Writer(caller)


def aliased(*aliases: str, collection: str = "data") -> list[ArtifactCollectionAliasInput]:
    return [
        ArtifactCollectionAliasInput(
            entity_name="alice", project_name="p", artifact_collection_name=collection, alias=alias
        )
        for alias in aliases
    ]


def tags_of(writer: Writer, name: str) -> list[str]:
    return [tag["name"] for tag in writer.read(name, "tags { name }")["artifact"]["tags"]]


def test_a_version_is_found_by_name_id_and_place(ask: Asker, writer: Writer):
    id_ = writer.log("data", FILES, aliases=["best"], tags=["t"], metadata='{"x": 1}')
    membership = ask(operations.get_artifact(**PLACE, artifact="data:best")).project.artifact_collection_membership
    assert (membership.artifact.id, membership.version_index) == (id_, 0)
    assert [alias.alias for alias in membership.aliases] == ["latest", "best"]
    assert ask(operations.get_artifact(**PLACE, artifact="data:none")).project.artifact_collection_membership is None
    artifact = ask(operations.get_artifact_by_id(id=id_)).artifact
    assert artifact == membership.artifact
    assert (artifact.size, artifact.file_count, artifact.metadata_json) == (3, 2, '{"x": 1}')
    page = operations.get_artifact_versions(**PLACE, artifact_type="dataset", collection="data", order="-createdAt")
    artifacts = ask(page).project.artifact_type.artifact_collection.artifacts
    assert [(edge.version, edge.node.id) for edge in artifacts.edges] == [("v0", id_)]
    assert artifacts.total_count == 1


def test_lineage_is_recorded_and_read(ask: Asker, writer: Writer):
    id_ = writer.log("data", FILES)
    ask.caller.upsert("user")
    used = operations.use_artifact(id=id_, **PLACE, run="user", used_as="input")
    assert ask(used).use_artifact.artifact.id == id_
    ask(used)
    inputs = ask(operations.get_run_input_artifacts(**PLACE, run="user")).project.run.input_artifacts
    assert (inputs.total_count, [edge.node.id for edge in inputs.edges]) == (1, [id_])
    outputs = ask(operations.get_run_output_artifacts(**PLACE, run="run")).project.run.output_artifacts
    assert (outputs.total_count, [edge.node.id for edge in outputs.edges]) == (1, [id_])
    users = ask(operations.get_artifact_used_by(id=id_)).artifact.used_by
    assert [edge.node.id for edge in users.edges] == ["user"]
    assert ask(operations.get_artifact_created_by(id=id_)).artifact.created_by.id == "run"


def test_a_run_logs_a_version_that_is_there(ask: Asker, writer: Writer):
    id_ = writer.log("data", FILES)
    ask.caller.upsert("second")
    creation = operations.create_artifact(
        **PLACE,
        run="second",
        artifact_type="dataset",
        collections=["data"],
        digest=writer.wish("data", entries_of(FILES))["digest"],
        aliases=[ArtifactAliasInput(artifact_collection_name="data", alias="again")],
        tags=[TagInput(tag_name="seen")],
    )
    artifact = ask(creation).create_artifact.artifact
    assert artifact.id == id_
    assert tags_of(writer, "data:again") == ["seen"]
    outputs = ask(operations.get_run_output_artifacts(**PLACE, run="second")).project.run.output_artifacts
    assert [edge.node.id for edge in outputs.edges] == [id_]


def test_a_version_is_changed_and_what_is_not_named_stays(ask: Asker, writer: Writer):
    id_ = writer.log("data", FILES, description="old", metadata='{"x": 1}', tags=["a", "b"])
    change = operations.update_artifact(
        id=id_, ttl_duration_seconds=60, tags_to_add=[TagInput(tag_name="c")], tags_to_delete=[TagInput(tag_name="a")]
    )
    artifact = ask(change).update_artifact.artifact
    assert (artifact.description, artifact.metadata_json, artifact.ttl_duration_seconds) == ("old", '{"x": 1}', 60)
    assert artifact.ttl_is_inherited is False
    assert tags_of(writer, "data:v0") == ["b", "c"]
    artifact = ask(operations.update_artifact(id=id_, description="new", metadata_json="{}")).update_artifact.artifact
    assert (artifact.description, artifact.metadata_json, artifact.ttl_duration_seconds) == ("new", "{}", 60)


def test_aliases_are_given_moved_and_taken(ask: Asker, writer: Writer):
    first, second = writer.log("data", FILES), writer.log("data", {})
    assert ask(operations.add_aliases(id=first, aliases=aliased("one", "two"))).add_aliases.success
    assert ask(operations.add_aliases(id=second, aliases=aliased("two"))).add_aliases.success
    assert [alias["alias"] for alias in writer.read("data:v1")["aliases"]] == ["latest", "two"]
    assert ask(operations.delete_aliases(id=first, aliases=aliased("one"))).delete_aliases.success
    assert not ask(operations.delete_aliases(id=first, aliases=aliased("two"))).delete_aliases.success
    assert writer.read("data:v0")["aliases"] == []
    collection = ask(operations.get_collection(**PLACE, artifact_type="dataset", collection="data"))
    page = operations.get_collection_aliases(id=collection.project.artifact_type.artifact_collection.id)
    assert [edge.node.alias for edge in ask(page).artifact_collection.aliases.edges] == ["latest", "two"]


def test_a_version_is_linked_and_unlinked(ask: Asker, writer: Writer):
    id_ = writer.log("data", FILES)
    aliases = [ArtifactAliasInput(artifact_collection_name="shelf", alias="staging")]
    linked = ask(operations.link_artifact(id=id_, entity="alice", project="q", portfolio="shelf", aliases=aliases))
    membership = linked.link_artifact.artifact_membership
    assert (linked.link_artifact.version_index, membership.artifact.id) == (0, id_)
    assert [alias.alias for alias in membership.aliases] == ["latest", "staging"]
    memberships = ask(operations.get_artifact_memberships(id=id_)).artifact.artifact_memberships.edges
    assert [edge.node.artifact_collection.name for edge in memberships] == ["data", "shelf"]
    portfolio = membership.artifact_collection.id
    assert ask(operations.unlink_artifact(id=id_, portfolio_id=portfolio)).unlink_artifact.success
    assert len(ask(operations.get_artifact_memberships(id=id_)).artifact.artifact_memberships.edges) == 1


def test_files_and_manifest_are_listed_with_their_urls(ask: Asker, writer: Writer):
    id_ = writer.log("data", FILES)
    place = {**PLACE, "collection": "data", "version": "v0"}
    files = ask(operations.get_artifact_files(**place)).project.artifact_collection.artifact_membership.files
    assert files.total_count == 2
    assert [(edge.node.name, edge.node.size, edge.node.md5) for edge in files.edges] == [
        ("a.txt", 1, md5(b"a")), ("sub/b.txt", 2, md5(b"bb")),
    ]  # fmt: skip
    named = ask(operations.get_artifact_files(**place, names=["sub/b.txt"])).project.artifact_collection
    assert [edge.node.name for edge in named.artifact_membership.files.edges] == ["sub/b.txt"]
    urls = ask(operations.get_artifact_file_urls(**place)).project.artifact_collection.artifact_membership.files
    (_, url) = [edge.node.direct_url for edge in urls.edges]
    assert ask.caller.send("GET", url.removeprefix("http://server.test")).body == b"bb"
    by_id = ask(operations.get_artifact_file_urls_by_id(id=id_, names=["a.txt"], first=5)).artifact
    (found,) = by_id.artifact_memberships.edges[0].node.files.edges
    assert ask.caller.send("GET", found.node.direct_url.removeprefix("http://server.test")).body == b"a"
    assert ask(operations.get_client_artifact(client_id="nobody's")).client_id_mapping is None
    manifest = ask(operations.get_artifact_manifest(id=id_)).artifact.current_manifest
    body = ask.caller.send("GET", manifest.file.direct_url.removeprefix("http://server.test")).body
    assert sorted(json.loads(body)["contents"]) == ["a.txt", "sub/b.txt"]


def test_a_version_is_deleted(ask: Asker, writer: Writer):
    id_ = writer.log("data", FILES)
    assert ask(operations.delete_artifact(id=id_, delete_aliases=True)).delete_artifact.artifact.id == id_
    assert ask(operations.get_artifact_by_id(id=id_)).artifact is None


def test_types_and_collections_are_listed(ask: Asker, writer: Writer):
    writer.log("one", FILES)
    writer.log("two", FILES, type="model")
    types = ask(operations.get_artifact_types(**PLACE)).project.artifact_types
    assert [edge.node.name for edge in types.edges] == ["dataset", "model"]
    assert ask(operations.get_artifact_type(**PLACE, artifact_type="model")).project.artifact_type.name == "model"
    assert ask(operations.get_artifact_type(**PLACE, artifact_type="none")).project.artifact_type is None
    of_type = operations.get_collections(**PLACE, artifact_type="model", filters='{"name": "two"}', order="+name")
    found = ask(of_type).project.artifact_type.artifact_collections
    assert (found.total_count, [edge.node.name for edge in found.edges]) == (1, ["two"])
    everything = ask(operations.get_project_collections(**PLACE, order="-name")).project.artifact_collections
    assert (everything.total_count, [edge.node.name for edge in everything.edges]) == (2, ["two", "one"])


def test_collections_are_changed_and_deleted(ask: Asker, writer: Writer):
    id_ = writer.log("data", FILES)
    portfolio = writer.link(id_, "shelf")["artifactMembership"]["artifactCollection"]["id"]
    found = ask(operations.get_collection(**PLACE, artifact_type="dataset", collection="data"))
    sequence = found.project.artifact_type.artifact_collection.id
    changed = ask(operations.update_sequence(id=sequence, name="renamed")).update_artifact_sequence
    assert changed.artifact_collection.name == "renamed"
    moved = ask(operations.move_sequence(id=sequence, artifact_type="other")).move_artifact_sequence
    assert moved.artifact_collection.default_artifact_type.name == "other"
    described = ask(operations.update_portfolio(id=portfolio, description="Shelf")).update_artifact_portfolio
    assert (described.artifact_collection.name, described.artifact_collection.description) == ("shelf", "Shelf")
    place = {**PLACE, "collection": "renamed"}
    tags = [TagInput(tag_name="x"), TagInput(tag_name="y")]
    added = ask(operations.add_collection_tags(**place, tags=tags)).create_artifact_collection_tag_assignments
    assert sorted(tag.name for tag in added.tags) == ["x", "y"]
    taken = ask(operations.delete_collection_tags(**place, tags=tags[:1])).delete_artifact_collection_tag_assignments
    assert taken.success
    document = '{ project(name: "p") { artifactCollection(name: "renamed") { tags { edges { node { name } } } } } }'
    left = ask.caller.ask(document)["project"]["artifactCollection"]["tags"]
    assert left == {"edges": [{"node": {"name": "y"}}]}
    deleted = ask(operations.delete_portfolio(id=portfolio)).delete_artifact_portfolio
    assert deleted.artifact_collection.state == "DELETED"
    assert writer.versions("renamed") == ["v0"]
    deleted = ask(operations.delete_sequence(id=sequence)).delete_artifact_sequence
    assert deleted.artifact_collection.state == "DELETED"
    assert ask(operations.get_artifact_by_id(id=id_)).artifact is None


def test_reading_what_is_not_there_is_null(ask: Asker):
    nothing: dict[str, Any] = {"entity": "alice", "project": "none"}
    assert ask(operations.get_artifact(**nothing, artifact="data:v0")).project is None
    missing = base64.b64encode(b"Artifact:99").decode()
    assert ask(operations.get_artifact_by_id(id=missing)).artifact is None
    assert ask(operations.get_artifact_memberships(id=missing)).artifact is None
