"""Manifests: the JSON files that list what a version of an artifact holds."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Literal

import xxhash
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json, to_json

from wandql.server.messages import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = [
    "MANIFEST_MD5",
    "MANIFEST_NAME",
    "MANIFEST_XXH128",
    "Entry",
    "digest_of",
    "is_safe_path",
    "merge_manifests",
    "read_manifest",
]

MANIFEST_NAME: Final = "wandb_manifest.json"
MANIFEST_MD5: Final = "MANIFEST_MD5"
MANIFEST_XXH128: Final = "MANIFEST_XXH128"
HEADER: Final = b"wandb-artifact-manifest-v1\n"


class Entry(BaseModel):
    """A file of a version.

    Attributes:
        digest: The MD5 or the XXH128, base64; of a reference, whatever tells its content.
        size: How many bytes it has, where that is known.
        ref: The URI of the content, if it is stored elsewhere.
        birth_artifact_id: The version that first brought in this content.
    """

    digest: str
    size: int | None = Field(None, ge=0)
    ref: str | None = None
    birth_artifact_id: str | None = Field(None, alias="birthArtifactID")


class Manifest(BaseModel):
    """The list of a version's files, by path."""

    version: Literal[1]
    contents: dict[str, Entry]


def read_manifest(data: bytes) -> dict[str, Entry]:
    """Return the files of a manifest by path.

    Raises:
        Refusal: It is not a manifest of version 1, or a path in it leaves the artifact's directory (400).
    """
    try:
        contents = Manifest.model_validate_json(data).contents
    except ValidationError as error:
        fault = error.errors()[0]
        place = "/".join(map(str, fault["loc"]))
        raise Refusal(400, f"The manifest cannot be read: {place or 'it'}: {fault['msg']}.") from None
    for path in contents:
        if not is_safe_path(path):
            raise Refusal(400, f"{path!r} cannot be in an artifact: it must be a path within its directory.")
    return contents


def merge_manifests(manifests: Sequence[bytes]) -> bytes:
    """Return a manifest with the files of all these; of files that share a path, the last one's.

    Whatever else is in them stays, too.

    Raises:
        Refusal: One is not a manifest of version 1, or a path in it leaves the artifact's directory (400).
    """
    for manifest in manifests:
        read_manifest(manifest)
    documents: list[JSONObject] = [from_json(manifest) for manifest in manifests]
    contents: dict[str, JSONValue] = {}
    for document in documents:
        files = document["contents"]
        contents |= files if isinstance(files, dict) else {}
    return to_json({**documents[-1], "contents": dict(sorted(contents.items()))})


def digest_of(contents: Mapping[str, Entry], algorithm: str = MANIFEST_MD5) -> str:
    """Return the digest of a version with these files, hex: equal digests mean equal contents."""
    digest = xxhash.xxh128(HEADER) if algorithm == MANIFEST_XXH128 else hashlib.md5(HEADER, usedforsecurity=False)
    for path, entry in sorted(contents.items()):
        digest.update(f"{path}:{entry.digest}\n".encode())
    return digest.hexdigest()


def is_safe_path(path: str) -> bool:
    """Tell whether a file's path stays within whatever directory a client will put it into.

    What looks like a drive of Windows, such as `w:0`, is a plain name elsewhere: that is for the client to judge.
    """
    parts = path.replace("\\", "/").split("/")
    return bool(path) and parts[0] != "" and ".." not in parts and "\0" not in path
