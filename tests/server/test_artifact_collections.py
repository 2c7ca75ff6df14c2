"""Collections of versions: their pages, filters and orders, their names, types and tags."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.server.artifact_writer import DELETE, LINK, Writer, on_disk

if TYPE_CHECKING:
    from tests.server.conftest import Caller

COLLECTIONS = """
  query ($filters: JSONString, $order: String, $first: Int, $after: String) {
    project(name: "p") { artifactCollections(filters: $filters, order: $order, first: $first, after: $after) {
      totalCount pageInfo { endCursor hasNextPage } edges { cursor node { __typename id name state } }
    } }
  }
"""
OF_TYPE = """
  query ($type: String!, $filters: JSONString) { project(name: "p") { artifactType(name: $type) {
    id name description createdAt
    artifactCollections(filters: $filters) { totalCount edges { node { name } } }
    artifactCollection(name: "one") { name }
  } } }
"""
COLLECTION = """
  query ($id: ID!) { artifactCollection(id: $id) {
    __typename id name description state createdAt updatedAt defaultArtifactType { name } project { name }
    tags { edges { node { name } } } aliases { edges { node { alias } } } artifacts { totalCount }
    latest: artifactMembership(aliasName: "latest") { versionIndex }
    ... on ArtifactSequence { latestArtifact { versionIndex } digestAlgorithm }
  } }
"""
RENAME = """
  mutation ($id: ID!, $name: String, $description: String) {
    updateArtifactSequence(input: {artifactSequenceID: $id, name: $name, description: $description}) {
      artifactCollection { name description }
    }
  }
"""
TAGS = """
  mutation ($input: CreateArtifactCollectionTagAssignmentsInput!) {
    createArtifactCollectionTagAssignments(input: $input) { tags { id name } }
  }
"""


@pytest.fixture
def writer(caller: Caller) -> Writer:
    caller.upsert()
    return Writer(caller)


@pytest.fixture
def versions(writer: Writer) -> Writer:
    """`data` with four versions that differ in all that filters may name."""
    said: list[dict[str, Any]] = [
        {"aliases": ["first"], "tags": ["a"], "metadata": '{"lr": 0.1, "opt": {"name": "sgd"}, "bad": NaN}'},
        {"aliases": ["second"], "tags": ["a", "b"], "metadata": '{"lr": 0.2}', "description": "two"},
        {"tags": ["b"], "metadata": '{"lr": 0.3}', "historyStep": 5},
        {"aliases": ["fourth"]},
    ]
    for size, more in enumerate(said):
        writer.log("data", {f"{n}": b"x" * size for n in range(size)}, **more)
    return writer


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"state": "COMMITTED"}, [3, 2, 1, 0]),
        ({"state": "PENDING"}, []),
        ({}, [3, 2, 1, 0]),
        ({"version": "v2"}, [2]),
        ({"versionIndex": {"$gte": 2}}, [3, 2]),
        ({"alias": "second"}, [1]),
        ({"aliases": {"$in": ["first", "latest"]}}, [3, 0]),
        ({"tag": "b"}, [2, 1]),
        ({"tags": {"$nin": ["a"]}}, [3, 2]),
        ({"metadata.lr": {"$gt": 0.15}}, [2, 1]),
        ({"metadata.opt.name": "sgd"}, [0]),
        ({"metadata.lr": {"$exists": False}}, [3]),
        ({"description": {"$regex": "^tw"}}, [1]),
        ({"size": {"$lt": 4}}, [1, 0]),
        ({"fileCount": 3}, [3]),
        ({"historyStep": 5}, [2]),
        ({"createdAt": {"$gt": "2020-01-01T00:00:00Z"}}, [3, 2, 1, 0]),
        ({"$or": [{"tag": "a"}, {"alias": "latest"}]}, [3, 1, 0]),
    ],
)
def test_versions_are_filtered(versions: Writer, filters: dict[str, Any], expected: list[int]):
    listed = versions.listed("data", filters=json.dumps(filters))
    assert [edge["version"] for edge in listed["edges"]] == [f"v{index}" for index in expected]
    assert listed["totalCount"] == len(expected)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (None, [3, 2, 1, 0]),
        ("", [3, 2, 1, 0]),
        ("+versionIndex", [0, 1, 2, 3]),
        ("createdAt", [0, 1, 2, 3]),
        ("-created_at", [3, 2, 1, 0]),
        ("-size", [3, 2, 1, 0]),
        ("+metadata.lr", [0, 1, 2, 3]),
        ("-metadata.lr", [2, 1, 0, 3]),
    ],
)
def test_versions_are_ordered(versions: Writer, order: str | None, expected: list[int]):
    assert versions.versions("data", order=order) == [f"v{index}" for index in expected]


@pytest.mark.parametrize("argument", [{"filters": '{"nothing": 1}'}, {"filters": "{"}, {"order": "-nothing"}])
def test_what_filters_and_orders_may_not_name_is_refused(versions: Writer, argument: dict[str, str]):
    document = """
      query ($filters: JSONString, $order: String) { project(name: "p") { artifactCollection(name: "data") {
        artifacts(filters: $filters, order: $order) { totalCount }
      } artifactCollections(filters: $filters, order: $order) { totalCount } } }
    """
    assert versions.caller.refused(document, **argument)[0] == 400


def pages(ask: Any, size: int) -> list[Any]:
    """Read all pages of a connection: `ask` gives one of the first so many behind a cursor."""
    found: list[Any] = []
    after = None
    while True:
        page = ask(first=size, after=after)
        assert len(page["edges"]) <= size
        found += page["edges"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


def test_everything_comes_in_pages(versions: Writer):
    caller = versions.caller
    assert [edge["version"] for edge in pages(lambda **page: versions.listed("data", **page), 3)] == [
        "v3",
        "v2",
        "v1",
        "v0",
    ]
    for name in ("one", "two", "three"):
        versions.log(name, {"x": b"x"}, type=name)
    for number in range(3):
        caller.upsert(f"user-{number}")
        use = """
          mutation ($id: ID!, $run: String!) {
            useArtifact(input: {artifactID: $id, entityName: "alice", projectName: "p", runName: $run}) {
              artifact { id }
            }
          }
        """
        for version in ("v0", "v1", "v2"):
            id_ = versions.read(f"data:{version}")["artifact"]["id"]
            caller.ask(use, id=id_, run=f"user-{number}")

    def of_project(field: str, selection: str) -> Any:
        document = (
            'query ($first: Int, $after: String) { project(name: "p") {'
            f" {field}(first: $first, after: $after) {{"
            f" pageInfo {{ endCursor hasNextPage }} edges {{ {selection} }} }} }} }}"
        )
        return lambda **page: caller.ask(document, **page)["project"][field]

    def inside(*fields: str) -> Any:
        *outer, inner = fields
        opening = "".join(f"{field} {{ " for field in outer)
        document = (
            f'query ($first: Int, $after: String) {{ project(name: "p") {{ {opening}'
            f"{inner}(first: $first, after: $after) {{ pageInfo {{ endCursor hasNextPage }} edges {{ cursor }} }}"
            f"{'}' * len(outer)} }} }}"
        )

        def ask(**page: Any) -> Any:
            found = caller.ask(document, **page)["project"]
            for field in fields:
                found = found[field.partition("(")[0]]
            return found

        return ask

    names = [edge["node"]["name"] for edge in pages(of_project("artifactCollections", "node { name }"), 2)]
    assert names == ["three", "two", "one", "data"]
    assert [edge["node"]["name"] for edge in pages(of_project("artifactTypes", "node { name }"), 3)] == [
        "dataset", "one", "three", "two",
    ]  # fmt: skip
    counts = {
        ('run(name: "run")', "outputArtifacts"): 7,
        ('run(name: "user-1")', "inputArtifacts"): 3,
        ('artifact(name: "data:v1")', "usedBy"): 3,
        ('artifact(name: "data:v3")', "files"): 3,
        ('artifactCollectionMembership(name: "data:v3")', "files"): 3,
        ('artifactCollection(name: "data")', "aliases"): 4,
    }
    for fields, count in counts.items():
        assert len({edge["cursor"] for edge in pages(inside(*fields), 2)}) == count, fields


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["shelf", "two", "one"]),
        ({"name": "one"}, ["one"]),
        ({"name": {"$regex": "o"}}, ["two", "one"]),
        ({"type": "model"}, ["shelf", "two"]),
        ({"tag": "t"}, ["one"]),
        ({"tags": {"$ne": "t"}}, ["shelf", "two"]),
        ({"description": "About"}, ["one"]),
        ({"created_at": {"$gt": "2020-01-01"}}, ["shelf", "two", "one"]),
    ],
)
def test_collections_are_filtered(writer: Writer, filters: dict[str, Any], expected: list[str]):
    writer.log("one", {})
    writer.link(writer.log("two", {}, type="model"), "shelf")
    id_ = writer.caller.ask(COLLECTIONS, filters='{"name": "one"}')["project"]["artifactCollections"]["edges"][0][
        "node"
    ]["id"]
    writer.caller.ask(RENAME, id=id_, description="About")
    given = {**writer.place, "artifactCollectionName": "one", "tags": [{"tagName": "t"}]}
    writer.caller.ask(TAGS, input=given)
    found = writer.caller.ask(COLLECTIONS, filters=json.dumps(filters))["project"]["artifactCollections"]
    assert [edge["node"]["name"] for edge in found["edges"]] == expected
    assert found["totalCount"] == len(expected)
    of_type = writer.caller.ask(OF_TYPE, type="model", filters=json.dumps(filters))["project"]["artifactType"]
    assert of_type["artifactCollections"]["totalCount"] == len([name for name in expected if name != "one"])
    assert of_type["artifactCollection"] is None  # it is of another type


def test_a_collection_is_all_that_is_known_of_it(writer: Writer):
    writer.log("data", {})
    linked = writer.link(writer.log("data", {"a": b"a"}, aliases=["x"]), "shelf")
    assert linked["versionIndex"] == 0
    nodes = {
        edge["node"]["name"]: edge["node"]
        for edge in writer.caller.ask(COLLECTIONS)["project"]["artifactCollections"]["edges"]
    }
    data = writer.caller.ask(COLLECTION, id=nodes["data"]["id"])["artifactCollection"]
    assert data.pop("createdAt") <= data.pop("updatedAt")
    assert data == {
        "__typename": "ArtifactSequence", "id": nodes["data"]["id"], "name": "data", "description": None,
        "state": "READY", "defaultArtifactType": {"name": "dataset"}, "project": {"name": "p"}, "tags": {"edges": []},
        "aliases": {"edges": [{"node": {"alias": "latest"}}, {"node": {"alias": "x"}}]}, "artifacts": {"totalCount": 2},
        "latest": {"versionIndex": 1}, "latestArtifact": {"versionIndex": 1}, "digestAlgorithm": "MANIFEST_MD5",
    }  # fmt: skip
    shelf = writer.caller.ask(COLLECTION, id=nodes["shelf"]["id"])["artifactCollection"]
    assert (shelf["__typename"], shelf["latest"], shelf["artifacts"]) == (
        "ArtifactPortfolio", {"versionIndex": 0}, {"totalCount": 1},
    )  # fmt: skip


def test_a_name_is_not_taken_twice(writer: Writer):
    writer.log("one", {})
    writer.log("two", {})
    nodes = writer.caller.ask(COLLECTIONS)["project"]["artifactCollections"]["edges"]
    id_ = next(edge["node"]["id"] for edge in nodes if edge["node"]["name"] == "one")
    status, message = writer.caller.refused(RENAME, id=id_, name="two")
    assert (status, "another collection" in message) == (409, True)
    assert writer.caller.refused(RENAME, id=id_, name="a/b")[0] == 400
    assert (
        writer.caller.ask(RENAME, id=id_, name="one")["updateArtifactSequence"]["artifactCollection"]["name"] == "one"
    )
    assert (
        writer.caller.ask(RENAME, id=id_, name="uno")["updateArtifactSequence"]["artifactCollection"]["name"] == "uno"
    )
    assert writer.versions("uno") == ["v0"]


def test_the_kinds_of_collections_are_not_mixed_up(writer: Writer):
    id_ = writer.log("data", {})
    portfolio = writer.link(id_, "shelf")["artifactMembership"]["artifactCollection"]["id"]
    status, message = writer.caller.refused(RENAME, id=portfolio, name="x")
    assert (status, "is a portfolio, not a sequence" in message) == (400, True)
    unlink = """
      mutation ($id: ID!, $from: ID!) {
        unlinkArtifact(input: {artifactID: $id, artifactPortfolioID: $from}) { success }
      }
    """
    sequence = writer.caller.ask(COLLECTIONS, filters='{"name": "data"}')["project"]["artifactCollections"]
    status, message = writer.caller.refused(unlink, id=id_, **{"from": sequence["edges"][0]["node"]["id"]})
    assert (status, "is a sequence, not a portfolio" in message) == (400, True)
    assert writer.caller.ask(unlink, id=id_, **{"from": portfolio}) == {"unlinkArtifact": {"success": True}}
    assert writer.caller.refused(unlink, id=id_, **{"from": portfolio})[0] == 404
    missing = base64.b64encode(b"ArtifactCollection:99").decode()
    assert writer.caller.refused(RENAME, id=missing, name="x")[0] == 404
    assert writer.caller.ask(COLLECTION, id=missing) == {"artifactCollection": None}


def test_a_portfolio_numbers_its_versions_itself(writer: Writer):
    ids = [writer.log("data", {"n": bytes([n])}) for n in range(3)]
    assert [writer.link(id_, "shelf", "x")["versionIndex"] for id_ in reversed(ids)] == [0, 1, 2]
    assert writer.link(ids[2], "shelf")["versionIndex"] == 0
    assert writer.read("shelf:latest")["artifact"] == {"id": ids[2]}
    assert writer.read("shelf:x")["artifact"] == {"id": ids[0]}
    assert writer.versions("shelf") == ["v2", "v1", "v0"]
    assert writer.link(writer.log("other", {}), "shelf")["versionIndex"] == 3


def test_a_portfolio_holds_one_type(writer: Writer):
    writer.link(writer.log("data", {}), "shelf")
    model = writer.log("model", {}, type="model")
    given = {**writer.place, "artifactPortfolioName": "shelf", "artifactID": model}
    status, message = writer.caller.refused(LINK, input=given)
    assert (status, "another type" in message) == (409, True)


def test_an_alias_points_to_one_version_of_each_collection(writer: Writer):
    first, second = writer.log("data", {"a": b"1"}, aliases=["x"]), writer.log("data", {"a": b"2"}, aliases=["x"])
    writer.link(first, "shelf", "x")
    assert writer.read("data:x")["artifact"] == {"id": second}
    assert writer.read("shelf:x")["artifact"] == {"id": first}
    aliases = "aliases { alias artifactCollection { name } }"
    assert writer.read("data:v0", aliases)["artifact"]["aliases"] == [
        {"alias": alias, "artifactCollection": {"name": name}}
        for name, alias in (("shelf", "latest"), ("shelf", "x"), ("data", "v0"), ("shelf", "v0"))
    ]
    writer.caller.ask(DELETE, id=first, aliases=True)
    assert writer.read("shelf:x") is None


def test_deleting_a_sequence_frees_its_place(writer: Writer):
    ids = [writer.log("data", {"n": bytes([n]) * 1000}) for n in range(3)]
    writer.link(ids[0], "shelf")
    sequence = writer.caller.ask(COLLECTIONS, filters='{"name": "data"}')["project"]["artifactCollections"]["edges"][0]
    document = """
      mutation ($id: ID!) {
        deleteArtifactSequence(input: {artifactSequenceID: $id}) { artifactCollection { state name } }
      }
    """
    deleted = writer.caller.ask(document, id=sequence["node"]["id"])["deleteArtifactSequence"]
    assert deleted == {"artifactCollection": {"state": "DELETED", "name": "data"}}
    assert on_disk(writer.caller.application) == []
    assert writer.versions("shelf") == []
    assert writer.log("data", {}) not in ids
    assert writer.versions("data") == ["v0"]


def test_a_type_is_made_by_itself_or_on_purpose(writer: Writer):
    document = """
      mutation ($name: String!) { createArtifactType(input: {
        entityName: "alice", projectName: "p", name: $name, description: "About"
      }) { artifactType { id name description } } }
    """
    made = writer.caller.ask(document, name="made")["createArtifactType"]["artifactType"]
    assert (made["name"], made["description"]) == ("made", "About")
    assert writer.caller.ask(document, name="made")["createArtifactType"]["artifactType"] == made
    assert writer.caller.refused(document, name="a/b")[0] == 400
    writer.log("data", {}, type="made")
    found = writer.caller.ask(OF_TYPE, type="made")["project"]["artifactType"]
    assert (found["id"], found["artifactCollections"]["totalCount"]) == (made["id"], 1)


def test_tags_are_few_and_many_carry_them(writer: Writer):
    writer.log("one", {}, tags=["t"])
    given = {**writer.place, "artifactCollectionName": "one", "tags": [{"tagName": "t"}, {"tagName": "t"}]}
    tags = writer.caller.ask(TAGS, input=given)["createArtifactCollectionTagAssignments"]["tags"]
    assert [tag["name"] for tag in tags] == ["t"]
    assert writer.read("one:v0", "tags { id name }")["artifact"]["tags"] == tags
    assert writer.caller.refused(TAGS, input={**given, "artifactCollectionName": "none"})[0] == 404
    assert writer.caller.refused(TAGS, input={**given, "tags": [{"tagName": " "}]})[0] == 400
