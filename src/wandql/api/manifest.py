"""Manifests: the list of what is in a version of an artifact. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

import pydantic

from wandql.client.transfers.digests import MD5, Algorithm, Digest, xxh128
from wandql.errors import DecodeError
from wandql.graphql.scalars import JSONObject

__all__ = ["Manifest", "ManifestEntry", "read_manifest"]

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One file of an artifact, or a reference to one that is stored elsewhere.

    Attributes:
        path: Its path within the artifact, with forward slashes.
        digest: The MD5 or the XXH128 of the content, base64. Of a reference, whatever tells its content: an ETag, or
            the URI itself.
        size: How many bytes it has; None where nobody knows.
        ref: The URI of the content if it is stored elsewhere, else None.
        birth_artifact_id: The id of the version that first brought in this content, or None.
        extra: What else was noted, such as the version of an object in S3, or `alg`, where the digest is no MD5.
    """

    path: str
    digest: str
    size: int | None = None
    ref: str | None = None
    birth_artifact_id: str | None = None
    extra: JSONObject = field(default_factory=dict[str, "pydantic.JsonValue"], hash=False)

    @property
    def scheme(self) -> str | None:
        """Where a reference leads, such as `https`, `file` or `s3`; None for a file."""
        return None if self.ref is None else urlsplit(self.ref).scheme.lower()

    @property
    def md5(self) -> Digest | None:
        """The digest, where it is an MD5."""
        return self._read(MD5) if self.extra.get("alg", "MD5") == "MD5" else None

    @property
    def checksum(self) -> Digest | None:
        """What the content is compared with: the MD5, or the XXH128 where the package `xxhash` is installed."""
        if self.extra.get("alg") == "XXH128":
            return self._read(algorithm) if (algorithm := xxh128()) else None
        return self.md5

    def _read(self, algorithm: Algorithm) -> Digest | None:
        try:
            return Digest.read(self.digest, algorithm)
        except DecodeError:
            return None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The list of what is in a version of an artifact.

    Attributes:
        version: The version of the format: 1.
        storage_policy: The name of the way in which the server keeps the files.
        storage_policy_config: What that has to know.
        entries: What is in it, by path.

    Example:
        >>> artifact = api.artifact("alice/mnist/digits:v0")
        >>> sorted(artifact.manifest.entries)
        ['labels.csv', 'train/images.bin']
    """

    version: int
    storage_policy: str
    storage_policy_config: JSONObject
    entries: Mapping[str, ManifestEntry] = field(hash=False)

    @property
    def files(self) -> list[ManifestEntry]:
        """The entries that the server has."""
        return [entry for entry in self.entries.values() if entry.ref is None]

    @property
    def references(self) -> list[ManifestEntry]:
        """The entries that are stored elsewhere."""
        return [entry for entry in self.entries.values() if entry.ref is not None]

    @property
    def size(self) -> int:
        """How many bytes all entries have together, as far as that is known."""
        return sum(entry.size or 0 for entry in self.entries.values())

    def below(self, prefix: str | None) -> list[ManifestEntry]:
        """Return the entries whose path begins with `prefix`; all where it is None. Sends nothing.

        Args:
            prefix: How the path begins, such as `train/`.
        """
        return [entry for path, entry in self.entries.items() if path.startswith(prefix or "")]

    def __len__(self) -> int:
        return len(self.entries)

    def __repr__(self) -> str:
        return f"<Manifest of {len(self.files)} files and {len(self.references)} references>"


# `defer_build`: few programs read a manifest.
class _Entry(pydantic.BaseModel, defer_build=True):
    digest: str
    size: int | None = pydantic.Field(None, ge=0)
    ref: str | None = None
    birth_artifact_id: str | None = pydantic.Field(None, alias="birthArtifactID")
    extra: dict[str, pydantic.JsonValue] = pydantic.Field(default_factory=dict[str, "pydantic.JsonValue"])


class _Document(pydantic.BaseModel, defer_build=True):
    version: int
    storage_policy: str = pydantic.Field("", alias="storagePolicy")
    storage_policy_config: dict[str, pydantic.JsonValue] = pydantic.Field(
        default_factory=dict[str, "pydantic.JsonValue"], alias="storagePolicyConfig"
    )
    contents: dict[str, _Entry]


def read_manifest(content: bytes, *, of: str) -> Manifest:
    """Read a manifest.

    Args:
        content: The JSON document.
        of: Whose it is, for errors.

    Raises:
        DecodeError: It is no manifest of version 1.
    """
    try:
        document = _Document.model_validate_json(content)
    except pydantic.ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = "/".join(map(str, fault["loc"])) or "it"
        raise DecodeError(
            f"The server sent a manifest of {of} that cannot be read: {place}: {fault['msg']}.",
            hint="A login page or a proxy may have answered in its place.",
            operation="GetArtifactManifest",
            path=of,
        ) from None
    if document.version != VERSION:
        raise DecodeError(
            f"The manifest of {of} has version {document.version}, and this client reads version {VERSION}.",
            hint="Look for a newer version of wandql.",
            operation="GetArtifactManifest",
            path=of,
        )
    entries = {
        path: ManifestEntry(path, entry.digest, entry.size, entry.ref, entry.birth_artifact_id, entry.extra)
        for path, entry in document.contents.items()
    }
    return Manifest(
        document.version, document.storage_policy, document.storage_policy_config, MappingProxyType(entries)
    )
