"""Large files that go up in parts: announced, uploaded, joined or given up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.server.artifact_writer import Writer, entries_of, make_bob, manifest_of, md5, on_disk
from wandql.server import application as application_module
from wandql.server import tables
from wandql.server.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.server.conftest import Caller
    from wandql.server.blobs import Upload

WHOLE = b"abcdefghij"
PARTS = (b"abcd", b"efgh", b"ij")
ANNOUNCE = """
  mutation ($input: CreateArtifactFilesInput!) { createArtifactFiles(input: $input) { files { edges { node {
    storagePath uploadUrl uploadMultipartUrls { uploadID uploadUrlParts { partNumber uploadUrl } }
  } } } } }
"""
COMPLETE = """
  mutation ($input: CompleteMultipartUploadArtifactInput!) {
    completeMultipartUploadArtifact(input: $input) { digest clientMutationId }
  }
"""


def specs(parts: tuple[bytes, ...] = PARTS) -> list[dict[str, Any]]:
    return [{"partNumber": n, "hexMD5": hashlib.md5(part).hexdigest()} for n, part in enumerate(parts, 1)]


@dataclass
class Large:
    """A file on its way."""

    writer: Writer
    version: str
    node: dict[str, Any]

    def put(self, number: int, content: bytes) -> tuple[int, str | None]:
        """Upload a part; return the status and the tag."""
        place = self.node["uploadMultipartUrls"]["uploadUrlParts"][number - 1]
        assert place["partNumber"] == number
        response = self.writer.put(place["uploadUrl"], content)
        return response.status, response.headers.get("etag")

    def given(self, action: str = "Complete", **values: Any) -> dict[str, Any]:
        """Return the input of the last step."""
        return {
            "completeMultipartAction": action,
            "completedParts": specs(),
            "artifactID": self.version,
            "storagePath": self.node["storagePath"],
            "uploadID": self.node["uploadMultipartUrls"]["uploadID"],
            **values,
        }

    def end(self, action: str = "Complete") -> str | None:
        reply = self.writer.caller.ask(COMPLETE, input=self.given(action))["completeMultipartUploadArtifact"]
        digest: str | None = reply["digest"]
        return digest

    def refused(self, **values: Any) -> tuple[int, str]:
        return self.writer.caller.refused(COMPLETE, input=self.given(**values))


def announced(writer: Writer, parts: list[dict[str, Any]] | None = None, content: bytes = WHOLE) -> Large:
    version = writer.begin("data", entries_of({"large": content}))["id"]
    file = {"artifactID": version, "name": "large", "md5": md5(content), "uploadPartsInput": parts or specs()}
    reply = writer.caller.ask(ANNOUNCE, input={"artifactFiles": [file]})
    return Large(writer, version, reply["createArtifactFiles"]["files"]["edges"][0]["node"])


@pytest.fixture
def writer(caller: Caller) -> Writer:
    caller.upsert()
    return Writer(caller)


def test_parts_become_the_file_in_whatever_order_they_arrive(writer: Writer):
    large = announced(writer)
    for number in (3, 1, 2):
        part = PARTS[number - 1]
        assert large.put(number, part) == (200, f'"{hashlib.md5(part).hexdigest()}"')
    assert large.end() == md5(WHOLE)
    assert large.end() == md5(WHOLE)  # the reply may have been lost
    assert len(on_disk(writer.caller.application)) == 1
    writer.describe(large.version, manifest_of(entries_of({"large": WHOLE})))
    writer.commit(large.version)
    file = writer.read("data:v0", "size files { edges { node { sizeBytes md5 directUrl } } }")["artifact"]
    node = file["files"]["edges"][0]["node"]
    assert (file["size"], node["sizeBytes"], node["md5"]) == (10, 10, md5(WHOLE))
    assert writer.caller.send("GET", node["directUrl"].removeprefix("http://server.test")).body == WHOLE


def test_tags_count_as_digests_of_the_parts(writer: Writer):
    large = announced(writer)
    tags = [tag for number, part in enumerate(PARTS, 1) for _, tag in [large.put(number, part)]]
    completed = [{"partNumber": number, "hexMD5": tag} for number, tag in enumerate(tags, 1)]
    reply = writer.caller.ask(COMPLETE, input=large.given(completedParts=completed))
    assert reply["completeMultipartUploadArtifact"]["digest"] == md5(WHOLE)


def test_what_is_there_already_is_not_uploaded_again(writer: Writer):
    writer.log("other", {"same": WHOLE})
    node = announced(writer).node
    assert (node["uploadUrl"], node["uploadMultipartUrls"]) == (None, None)


def test_two_may_upload_the_same_file_in_parts_at_once(writer: Writer):
    first, second = announced(writer), announced(writer)
    assert first.node["storagePath"] == second.node["storagePath"]
    for large in (first, second):
        for number, part in enumerate(PARTS, 1):
            assert large.put(number, part)[0] == 200
        assert large.end() == md5(WHOLE)
    assert len(on_disk(writer.caller.application)) == 1


def test_a_part_must_be_what_was_announced_and_all_must_have_arrived(writer: Writer):
    large = announced(writer)
    assert large.put(1, b"other")[0] == 400
    for number in (1, 3):
        assert large.put(number, PARTS[number - 1])[0] == 200
    assert large.refused() == (400, "Part 2 of 3 has not arrived: upload it before they are joined.")
    assert large.put(2, PARTS[1])[0] == 200
    assert large.refused(completedParts=specs()[:2])[0] == 400
    assert large.refused(completedParts=specs((b"x", b"y", b"z")))[0] == 400
    assert large.refused(uploadID="other")[0] == 404
    assert large.refused(storagePath="other")[0] == 404
    assert large.end() == md5(WHOLE)


def test_parts_of_another_file_are_not_joined_to_this_one(writer: Writer):
    large = announced(writer, content=b"something else")
    for number, part in enumerate(PARTS, 1):
        large.put(number, part)
    assert "has the MD5" in large.refused()[1]
    assert len(on_disk(writer.caller.application)) == len(PARTS)


@pytest.mark.parametrize(
    "parts",
    [
        [{"partNumber": 2, "hexMD5": "0" * 32}],
        [{"partNumber": 1, "hexMD5": "0" * 32}, {"partNumber": 3, "hexMD5": "0" * 32}],
        [{"partNumber": 1, "hexMD5": "nonsense"}],
        [{"partNumber": 1, "hexMD5": "00"}],
        [{"partNumber": number, "hexMD5": "0" * 32} for number in range(1, 10_002)],
    ],
)
def test_parts_that_cannot_be_are_not_announced(writer: Writer, parts: list[dict[str, Any]]):
    version = writer.begin("data", entries_of({"large": WHOLE}))["id"]
    file = {"artifactID": version, "name": "large", "md5": md5(WHOLE), "uploadPartsInput": parts}
    assert writer.caller.refused(ANNOUNCE, input={"artifactFiles": [file]})[0] == 400


def test_parts_that_are_given_up_or_abandoned_leave_nothing(writer: Writer):
    application = writer.caller.application
    large = announced(writer)
    large.put(1, PARTS[0])
    assert large.end("Abort") is None
    assert (on_disk(application), large.put(2, PARTS[1])[0]) == ([], 404)
    assert large.refused(action="Abort")[0] == 404
    assert large.refused()[0] == 404
    lost = announced(writer)
    lost.put(1, PARTS[0])
    whole = announced(writer)
    assert writer.put(whole.node["uploadUrl"], WHOLE).status == 200
    writer.describe(whole.version, manifest_of(entries_of({"large": WHOLE})))
    writer.commit(whole.version)
    writer.caller.ask(
        "mutation ($id: ID!) { deleteArtifact(input: {artifactID: $id}) { artifact { id } } }", id=lost.version
    )
    assert len(on_disk(application)) == 2  # the file and the manifest
    with application._store.read() as connection:
        assert connection.execute(select(tables.upload_parts)).all() == []


def test_a_stranger_completes_nothing(writer: Writer):
    large = announced(writer)
    assert make_bob(writer.caller.application).refused(COMPLETE, input=large.given())[0] == 404


def test_parts_are_joined_while_others_write(writer: Writer, monkeypatch: pytest.MonkeyPatch):
    join = application_module.join_parts

    def join_and_write(upload: Upload, files: Iterable[Path]) -> None:
        assert writer.caller.upsert("meanwhile")["inserted"]
        join(upload, files)

    monkeypatch.setattr(application_module, "join_parts", join_and_write)
    large = announced(writer)
    for number, part in enumerate(PARTS, 1):
        large.put(number, part)
    assert large.end() == md5(WHOLE)


def test_the_limit_of_an_upload_is_that_of_the_whole_file(writer: Writer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writer.caller.application, "limits", Limits(upload=9))
    large = announced(writer)
    for number, part in enumerate(PARTS, 1):
        assert large.put(number, part)[0] == 200
    assert large.refused()[0] == 413
