"""Artifacts for tests to ask for, written request by request as the official SDK does."""

from __future__ import annotations

import base64
import hashlib
import json
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from wandql.graphql.generated import operations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wandql.server import Application

__all__ = ["ArtifactWriter", "md5"]

CREATE = "mutation ($input: CreateArtifactInput!) { createArtifact(input: $input) { artifact { id state } } }"
FILES = """
  mutation ($input: CreateArtifactFilesInput!) {
    createArtifactFiles(input: $input) { files { edges { node { uploadUrl } } } }
  }
"""
MANIFEST = """
  mutation ($input: CreateArtifactManifestInput!) {
    createArtifactManifest(input: $input) { artifactManifest { file { uploadUrl } } }
  }
"""
COMMIT = "mutation ($input: CommitArtifactInput!) { commitArtifact(input: $input) { artifact { id } } }"


@dataclass
class ArtifactWriter:
    """Writes artifacts into a project.

    Attributes:
        application: The server.
        project: The name of the project.
    """

    application: Application
    project: str

    def write(
        self,
        name: str,
        files: Mapping[str, bytes],
        *,
        run: str | None = None,
        type_name: str = "dataset",
        **wanted: Any,
    ) -> str:
        """Write one version and return its id. `references` are entries of the manifest beside those of the files."""
        references: dict[str, dict[str, Any]] = wanted.pop("references", {})
        entries = {path: {"digest": md5(content), "size": len(content)} for path, content in files.items()}
        contents = {**entries, **references}
        lines = "".join(f"{path}:{entry['digest']}\n" for path, entry in sorted(contents.items()))
        place = {"entityName": self.application.entity, "projectName": self.project}
        created = self._ask(
            CREATE,
            **place,
            runName=run,
            artifactTypeName=type_name,
            artifactCollectionName=name,
            digest=hashlib.md5(f"wandb-artifact-manifest-v1\n{lines}".encode()).hexdigest(),
            digestAlgorithm="MANIFEST_MD5",
            enableDigestDeduplication=True,
            aliases=[
                {"artifactCollectionName": name, "alias": alias} for alias in ["latest", *wanted.pop("aliases", [])]
            ],
            tags=[{"tagName": tag} for tag in wanted.pop("tags", [])],
            metadata=json.dumps(wanted.pop("metadata", {})),
            **wanted,
        )["createArtifact"]["artifact"]
        identity: str = created["id"]
        if created["state"] == "COMMITTED":
            return identity
        if files:
            specs = [{"artifactID": identity, "name": path, "md5": md5(content)} for path, content in files.items()]
            made = self._ask(FILES, artifactFiles=specs, storageLayout="V2")["createArtifactFiles"]["files"]
            for edge, content in zip(made["edges"], files.values(), strict=True):
                self._put(edge["node"]["uploadUrl"], content)
        policy = {"storagePolicy": "wandb-storage-policy-v1", "storagePolicyConfig": {"storageLayout": "V2"}}
        manifest = json.dumps({"version": 1, **policy, "contents": contents}).encode()
        described = self._ask(
            MANIFEST,
            **place,
            artifactID=identity,
            name="wandb_manifest.json",
            runName=run or "",
            type="FULL",
            digest=md5(manifest),
        )
        self._put(described["createArtifactManifest"]["artifactManifest"]["file"]["uploadUrl"], manifest)
        self._ask(COMMIT, artifactID=identity)
        return identity

    def use(self, identity: str, run: str) -> None:
        """Record that a run uses a version."""
        operation = operations.use_artifact(id=identity, entity=self.application.entity, project=self.project, run=run)
        self._post(operation.body())

    def link(self, identity: str, portfolio: str) -> None:
        """Link a version into a portfolio of the project."""
        operation = operations.link_artifact(
            id=identity, entity=self.application.entity, project=self.project, portfolio=portfolio
        )
        self._post(operation.body())

    def _ask(self, text: str, **given: Any) -> dict[str, Any]:
        return self._post(json.dumps({"query": text, "variables": {"input": given}}).encode())

    def _post(self, body: bytes) -> dict[str, Any]:
        from wandql.server import Request

        credentials = b64encode(f"api:{self.application.api_key}".encode()).decode()
        request = Request("POST", "/graphql", {"authorization": f"Basic {credentials}"}, body)
        reply = json.loads(self.application.respond(request).body)
        assert not reply.get("errors"), reply
        data: dict[str, Any] = reply["data"]
        return data

    def _put(self, url: str | None, content: bytes) -> None:
        from wandql.server import Request

        if url is not None:  # The server has this content already.
            parts = urlsplit(url)
            response = self.application.respond(Request("PUT", f"{parts.path}?{parts.query}", {}, content))
            assert response.status == 200, response.body


def md5(content: bytes) -> str:
    """Return the digest of a content as manifests have it."""
    return base64.b64encode(hashlib.md5(content).digest()).decode()
