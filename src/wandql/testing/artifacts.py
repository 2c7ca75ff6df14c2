"""Artifacts for tests to ask for, logged request by request as the official SDK does."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import TYPE_CHECKING, Final

from pydantic_core import to_json

from wandql.errors import UsageError
from wandql.graphql.generated import operations
from wandql.graphql.generated.input_types import ArtifactAliasInput, CreateArtifactFileSpecInput, TagInput
from wandql.graphql.scalars import JSONValue
from wandql.testing.sending import ask, dump, put

if TYPE_CHECKING:
    from wandql.server import Application

__all__ = ["SampleArtifact", "send_artifact"]

MANIFEST: Final = "wandb_manifest.json"
POLICY: Final[dict[str, object]] = {
    "storagePolicy": "wandb-storage-policy-v1",
    "storagePolicyConfig": {"storageLayout": "V2"},
}


@dataclass(frozen=True, kw_only=True)
class SampleArtifact:
    """A version as a training script logs it. See `Server.add_artifact`."""

    project: str
    name: str
    type_name: str
    files: Mapping[str, bytes]
    references: Mapping[str, str]
    run: str | None
    aliases: Sequence[str]
    tags: Sequence[str]
    metadata: Mapping[str, JSONValue]
    description: str | None
    used_by: Sequence[str]


def send_artifact(application: Application, artifact: SampleArtifact) -> str:
    """Log a version, and return its path."""
    entity = application.entity
    contents: dict[str, dict[str, str | int]] = {
        **{path: {"digest": _digest(content), "size": len(content)} for path, content in artifact.files.items()},
        **{path: {"digest": uri, "ref": uri} for path, uri in artifact.references.items()},
    }
    begun = ask(
        application,
        operations.create_artifact(
            entity=entity,
            project=artifact.project,
            run=artifact.run,
            artifact_type=artifact.type_name,
            collections=[artifact.name],
            digest=_digest_of_all({path: str(entry["digest"]) for path, entry in contents.items()}),
            description=artifact.description,
            metadata_json=dump(artifact.metadata),
            aliases=[
                ArtifactAliasInput(artifact_collection_name=artifact.name, alias=alias)
                for alias in dict.fromkeys(["latest", *artifact.aliases])
            ],
            tags=[TagInput(tag_name=tag) for tag in artifact.tags],
        ),
    ).create_artifact
    version = begun.artifact if begun else None
    if version is not None and version.version_index is None:
        _upload(application, artifact, version.id, to_json({"version": 1, **POLICY, "contents": contents}))
        done = ask(application, operations.commit_artifact(id=version.id)).commit_artifact
        version = done.artifact if done else None
    if version is None:
        raise UsageError(f"The embedded server keeps no version of {artifact.name!r}.")
    for run in artifact.used_by:
        ask(application, operations.use_artifact(id=version.id, entity=entity, project=artifact.project, run=run))
    return f"{entity}/{artifact.project}/{artifact.name}:v{version.version_index}"


def _upload(application: Application, artifact: SampleArtifact, id_: str, manifest: bytes) -> None:
    """Upload the files of a version that are not there yet, then its manifest."""
    specs = [
        CreateArtifactFileSpecInput(artifactID=id_, name=path, md5=_digest(content))
        for path, content in artifact.files.items()
    ]
    if specs:
        announced = ask(application, operations.create_artifact_files(files=specs)).create_artifact_files
        for edge in announced.files.edges if announced else []:
            if edge.node is not None:
                put(application, edge.node.upload_url, artifact.files[edge.node.name])
    announced_manifest = ask(
        application,
        operations.create_artifact_manifest(
            id=id_,
            entity=application.entity,
            project=artifact.project,
            run=artifact.run or "",
            name=MANIFEST,
            digest=_digest(manifest),
        ),
    ).create_artifact_manifest
    if announced_manifest is not None:
        put(application, announced_manifest.artifact_manifest.file.upload_url, manifest)


def _digest(content: bytes) -> str:
    return b64encode(md5(content, usedforsecurity=False).digest()).decode()


def _digest_of_all(digests: Mapping[str, str]) -> str:
    """Return the digest of a version with these files, as the SDK computes it."""
    lines = "".join(f"{path}:{digest}\n" for path, digest in sorted(digests.items()))
    return md5(f"wandb-artifact-manifest-v1\n{lines}".encode(), usedforsecurity=False).hexdigest()
