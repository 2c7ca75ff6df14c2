"""Artifacts as an SDK writes them, request by request."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from tests.server.conftest import Caller
from wandql.server import tables
from wandql.server.artifacts.manifests import Entry, digest_of
from wandql.server.store import add, now

if TYPE_CHECKING:
    from pathlib import Path

    from wandql.server import Application, Response

CREATE = """
  mutation ($input: CreateArtifactInput!) {
    createArtifact(input: $input) { artifact { id state artifactSequence { id latestArtifact { id } } } }
  }
"""
MANIFEST = """
  mutation ($input: CreateArtifactManifestInput!) {
    createArtifactManifest(input: $input) { artifactManifest { id file { id name uploadUrl uploadHeaders } } }
  }
"""
UPDATE_MANIFEST = """
  mutation ($input: UpdateArtifactManifestInput!) {
    updateArtifactManifest(input: $input) { artifactManifest { id file { uploadUrl uploadHeaders } } }
  }
"""
FILES = """
  mutation ($input: CreateArtifactFilesInput!) {
    createArtifactFiles(input: $input) { files {
      totalCount uploadHeaders
      edges { cursor node {
        id name displayName uploadUrl uploadHeaders uploadMultipartUrls { uploadID } storagePath artifact { id }
      } }
    } }
  }
"""
COMMIT = (
    "mutation ($id: ID!) { commitArtifact(input: {artifactID: $id}) { artifact { id digest state versionIndex } } }"
)
DELETE = """
  mutation ($id: ID!, $aliases: Boolean) {
    deleteArtifact(input: {artifactID: $id, deleteAliases: $aliases}) { artifact { id } }
  }
"""
LINK = """
  mutation ($input: LinkArtifactInput!) {
    linkArtifact(input: $input) { versionIndex artifactMembership {
      id versionIndex createdAt aliases { alias } artifact { id } artifactCollection { id name __typename }
    } }
  }
"""


def md5(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content).digest()).decode()


def entries_of(files: dict[str, bytes]) -> dict[str, dict[str, Any]]:
    return {name: {"digest": md5(content), "size": len(content)} for name, content in files.items()}


def manifest_of(entries: dict[str, dict[str, Any]]) -> bytes:
    policy = {"storagePolicy": "wandb-storage-policy-v1", "storagePolicyConfig": {"storageLayout": "V2"}}
    return json.dumps({"version": 1, **policy, "contents": entries}).encode()


def digest(entries: dict[str, dict[str, Any]]) -> str:
    return digest_of({name: Entry.model_validate(entry) for name, entry in entries.items()})


def on_disk(application: Application) -> list[Path]:
    return [path for path in (application.directory / "files").rglob("*") if path.is_file()]


@dataclass
class Writer:
    """A writer of artifacts in a project.

    Attributes:
        caller: Who writes.
        run: The run that logs; None for a user without one.
    """

    caller: Caller
    run: str | None = "run"
    entity: str = "alice"
    project: str = "p"
    common: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> dict[str, Any]:
        return {"entityName": self.entity, "projectName": self.project}

    def wish(self, name: str, entries: dict[str, dict[str, Any]], **values: Any) -> dict[str, Any]:
        """Return the input of `createArtifact`."""
        aliases = [{"artifactCollectionName": name, "alias": alias} for alias in values.pop("aliases", [])]
        return {
            **self.place,
            "runName": self.run,
            "artifactTypeName": values.pop("type", "dataset"),
            "artifactCollectionName": name,
            "digest": digest(entries),
            "digestAlgorithm": "MANIFEST_MD5",
            "enableDigestDeduplication": True,
            "aliases": aliases,
            "tags": [{"tagName": tag} for tag in values.pop("tags", [])],
            **self.common,
            **values,
        }

    def begin(self, name: str, entries: dict[str, dict[str, Any]], **values: Any) -> dict[str, Any]:
        return self.caller.ask(CREATE, input=self.wish(name, entries, **values))["createArtifact"]["artifact"]

    def announce(self, id_: str, files: dict[str, bytes]) -> list[dict[str, Any]]:
        specs = [{"artifactID": id_, "name": name, "md5": md5(content)} for name, content in files.items()]
        reply = self.caller.ask(FILES, input={"artifactFiles": specs, "storageLayout": "V2"})
        return [edge["node"] for edge in reply["createArtifactFiles"]["files"]["edges"]]

    def put(self, url: str, content: bytes) -> Response:
        """Upload without a key, as a live run does."""
        target = url.removeprefix("http://server.test")
        return Caller(self.caller.application, None).send("PUT", target, content)

    def upload(self, id_: str, files: dict[str, bytes]) -> None:
        for file, content in zip(self.announce(id_, files), files.values(), strict=True):
            if file["uploadUrl"]:
                assert self.put(file["uploadUrl"], content).status == 200

    def describe(self, id_: str, content: bytes, kind: str = "FULL", base: str | None = None) -> None:
        """Announce a manifest and upload it."""
        given = {
            **self.place,
            "artifactID": id_,
            "name": "wandb_manifest.json",
            "runName": self.run or "",
            "type": kind,
        }
        first = self.caller.ask(MANIFEST, input={**given, "digest": "", "baseArtifactID": base})
        manifest = first["createArtifactManifest"]["artifactManifest"]
        if kind == "FULL":
            again = self.caller.ask(MANIFEST, input={**given, "digest": md5(content)})
            manifest = again["createArtifactManifest"]["artifactManifest"]
        else:
            change = {"artifactManifestID": manifest["id"], "digest": md5(content)}
            manifest = self.caller.ask(UPDATE_MANIFEST, input=change)["updateArtifactManifest"]["artifactManifest"]
        assert self.put(manifest["file"]["uploadUrl"], content).status == 200

    def commit(self, id_: str) -> dict[str, Any]:
        return self.caller.ask(COMMIT, id=id_)["commitArtifact"]["artifact"]

    def log(self, name: str, files: dict[str, bytes], **values: Any) -> str:
        """Log a version and return its id."""
        entries = entries_of(files)
        begun = self.begin(name, entries, **values)
        if begun["state"] == "PENDING":
            self.upload(begun["id"], files)
            self.describe(begun["id"], manifest_of(entries))
            self.commit(begun["id"])
        return begun["id"]

    def link(self, id_: str, portfolio: str, *aliases: str, project: str = "p") -> dict[str, Any]:
        given = {"entityName": self.entity, "projectName": project, "artifactPortfolioName": portfolio}
        named = [{"artifactCollectionName": portfolio, "alias": alias} for alias in aliases]
        return self.caller.ask(LINK, input={"artifactID": id_, **given, "aliases": named})["linkArtifact"]

    def read(self, name: str, selection: str = "id") -> Any:
        document = (
            "query ($entity: String, $project: String, $name: String!) {"
            " project(entityName: $entity, name: $project) { artifactCollectionMembership(name: $name) {"
            f" versionIndex aliases {{ alias }} artifact {{ {selection} }} }} }} }}"
        )
        found = self.caller.ask(document, entity=self.entity, project=self.project, name=name)["project"]
        return found and found["artifactCollectionMembership"]

    def versions(self, name: str, **arguments: Any) -> list[str]:
        return [edge["version"] for edge in self.listed(name, **arguments)["edges"]]

    def listed(self, name: str, kind: str = "artifactCollection", **arguments: Any) -> dict[str, Any]:
        document = (
            "query ($project: String, $name: String!, $filters: JSONString, $order: String, $first: Int,"
            f" $after: String) {{ project(name: $project) {{ {kind}(name: $name) {{"
            " artifacts(filters: $filters, order: $order, first: $first, after: $after) {"
            " totalCount pageInfo { endCursor hasNextPage } edges { cursor version node { id versionIndex } } } } } }"
        )
        return self.caller.ask(document, project=self.project, name=name, **arguments)["project"][kind]["artifacts"]


def make_bob(application: Application) -> Caller:
    """Return another user of the same server, with an entity of his own and nothing in common with alice."""
    with application._store.write() as connection:
        entity = add(connection, tables.entities, {"name": "bob", "is_team": False, "created_at": now()})
        bob = {"username": "bob", "name": "Bob", "admin": False, "default_entity_key": entity, "created_at": now()}
        user = add(connection, tables.users, bob)
        connection.execute(insert(tables.memberships).values(user_key=user, entity_key=entity, role="admin"))
        key = {"user_key": user, "digest": hashlib.sha256(b"bobs-key").hexdigest(), "name": "bobs", "created_at": now()}
        add(connection, tables.api_keys, key)
    return Caller(application, "bobs-key")
