"""What old versions of the official SDK ask for that new ones do not. `make sdks` runs the versions themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.server.artifact_writer import Writer

if TYPE_CHECKING:
    from tests.server.conftest import Caller


def test_version_0_17_learns_by_introspection_that_there_are_messages_and_finds_none(caller: Caller):
    probe = '{ ServerSettingsType: __type(name: "ServerSettings") { fields { name } } }'
    assert caller.ask(probe) == {"ServerSettingsType": {"fields": [{"name": "serverMessages"}]}}
    document = """
      mutation ($input: UpsertBucketInput!) {
        upsertBucket(input: $input) {
          inserted
          serverSettings { serverMessages { utfText plainText htmlText messageType messageLevel } }
        }
      }
    """
    reply = caller.ask(document, input={"name": "run", "modelName": "p"})["upsertBucket"]
    assert reply == {"inserted": True, "serverSettings": {"serverMessages": []}}


def test_version_0_22_asks_for_the_category_of_a_tag_and_what_was_unlinked(caller: Caller):
    caller.upsert()
    writer = Writer(caller)
    id_ = writer.log("data", {"a.txt": b"a"})
    given = {"entityName": "alice", "projectName": "p", "artifactCollectionName": "data", "tags": [{"tagName": "x"}]}
    document = """
      mutation ($input: CreateArtifactCollectionTagAssignmentsInput!) {
        createArtifactCollectionTagAssignments(input: $input) { tags { name tagCategoryName } }
      }
    """
    tags = caller.ask(document, input=given)["createArtifactCollectionTagAssignments"]["tags"]
    assert tags == [{"name": "x", "tagCategoryName": None}]
    shelf = writer.link(id_, "shelf")["artifactMembership"]["artifactCollection"]["id"]
    document = """
      mutation ($id: ID!, $shelf: ID!) {
        unlinkArtifact(input: {artifactID: $id, artifactPortfolioID: $shelf}) { artifactID success }
      }
    """
    gone = caller.ask(document, id=id_, shelf=shelf)["unlinkArtifact"]
    assert gone == {"artifactID": id_, "success": True}


def test_a_version_is_found_by_its_type_with_the_files_of_some_names(caller: Caller):
    caller.upsert()
    Writer(caller).log("data", {"a.txt": b"a", "b.txt": b"b"})
    document = """
      query ($type: String!, $name: String!, $sequence: String!) {
        project(name: "p") {
          artifactType(name: $type) {
            artifact(name: $name) { versionIndex aliases { alias } files(names: ["b.txt"]) { edges { node { name } } } }
            artifactSequence(name: $sequence) { name }
          }
        }
      }
    """
    found = caller.ask(document, type="dataset", name="data:v0", sequence="data")["project"]["artifactType"]
    assert found == {
        "artifact": {
            "versionIndex": 0,
            "aliases": [{"alias": "latest"}, {"alias": "v0"}],
            "files": {"edges": [{"node": {"name": "b.txt"}}]},
        },
        "artifactSequence": {"name": "data"},
    }
    missing = caller.ask(document, type="dataset", name="data:v1", sequence="other")["project"]["artifactType"]
    assert missing == {"artifact": None, "artifactSequence": None}
