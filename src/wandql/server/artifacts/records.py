"""Rows of artifacts as typed values: one class per GraphQL type that is a row.

An attribute answers the field of the same name (`version_index` for `versionIndex`); `key` answers `id`.
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from wandql.server import tables

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from wandql.server.artifacts.parts import PartialUpload

    # A row's types are those of its record, and no type checker can follow.
    Columns: TypeAlias = tuple[ColumnElement[Any], ...]

__all__ = [
    "ALIAS_COLUMNS",
    "ARTIFACT_COLUMNS",
    "ARTIFACT_FILE_COLUMNS",
    "COLLECTION_COLUMNS",
    "INHERITED",
    "MEMBERSHIP_COLUMNS",
    "TAG_COLUMNS",
    "TYPE_COLUMNS",
    "AliasRecord",
    "ArtifactFileRecord",
    "ArtifactRecord",
    "ArtifactTypeRecord",
    "CollectionRecord",
    "ManifestRecord",
    "MembershipRecord",
    "TagRecord",
]

INHERITED: Final = -1
"""The time to live of a version that has none of its own: this server has none to inherit."""


@dataclass(frozen=True, slots=True)
class ArtifactTypeRecord:
    """A kind of artifacts in a project."""

    key: int
    project_key: int
    name: str
    description: str | None
    created_at: int


@dataclass(frozen=True, slots=True)
class CollectionRecord:
    """A sequence or a portfolio."""

    key: int
    project_key: int
    type_key: int
    is_sequence: bool
    name: str
    description: str | None
    created_at: int
    updated_at: int
    state: str = "READY"


@dataclass(frozen=True, slots=True)
class ArtifactRecord:
    """A version."""

    key: int
    sequence_key: int
    run_key: int | None
    user_key: int | None
    state: str
    version_index: int | None
    digest: str
    digest_algorithm: str
    commit_hash: str | None
    size: int
    file_count: int
    ttl_duration_seconds: int
    history_step: int | None
    created_at: int
    updated_at: int
    description: str | None
    metadata: str | None

    @property
    def ttl_is_inherited(self) -> bool:
        """Whether the version has no time to live of its own."""
        return self.ttl_duration_seconds == INHERITED


@dataclass(frozen=True, slots=True)
class MembershipRecord:
    """A version as part of a collection."""

    key: int
    collection_key: int
    version_index: int
    created_at: int
    artifact: ArtifactRecord


@dataclass(frozen=True, slots=True)
class AliasRecord:
    """A name that points to one version of a collection."""

    key: int
    collection_key: int
    alias: str


@dataclass(frozen=True, slots=True)
class TagRecord:
    """A label on versions and collections."""

    key: int
    name: str

    @property
    def tag_category_name(self) -> None:
        """The category that it belongs to: this server has none."""


@dataclass(frozen=True, slots=True)
class ArtifactFileRecord:
    """A file of a version, or its manifest.

    Attributes:
        artifact_key: The version.
        name: The path within it.
        digest: The digest that the manifest records.
        size_bytes: How many bytes it has, as the manifest says.
        ref: The URI of the content, if it is stored elsewhere.
        token: The token of the blob; None for a reference.
        md5: The MD5, base64; None for a reference.
        birth_key: The version that first brought in this content, if it still exists.
        updated_at: When the content arrived; None while it has not.
        parts: Where its parts go, if it is to be uploaded in parts.
    """

    artifact_key: int
    name: str
    digest: str | None
    size_bytes: int
    ref: str | None
    token: str | None
    md5: str | None
    birth_key: int | None
    updated_at: int | None
    parts: PartialUpload | None = None

    @property
    def storage_path(self) -> str | None:
        """The key under which this server holds the content."""
        return self.token

    @property
    def mimetype(self) -> str | None:
        """The media type that the name suggests."""
        return mimetypes.guess_type(self.name, strict=False)[0]


@dataclass(frozen=True, slots=True)
class ManifestRecord:
    """The list of a version's files."""

    key: int
    file: ArtifactFileRecord


TYPE_COLUMNS: Columns = tuple(tables.artifact_types.c[name] for name in ArtifactTypeRecord.__slots__)

COLLECTION_COLUMNS: Columns = tuple(
    tables.collections.c[name] for name in CollectionRecord.__slots__ if name != "state"
)

ARTIFACT_COLUMNS: Columns = tuple(tables.artifacts.c[name] for name in ArtifactRecord.__slots__)

# Needs `artifacts` joined.
MEMBERSHIP_COLUMNS: Columns = (
    *(tables.artifact_memberships.c[name] for name in MembershipRecord.__slots__ if name != "artifact"),
    *ARTIFACT_COLUMNS,
)

ALIAS_COLUMNS: Columns = tuple(tables.aliases.c[name] for name in AliasRecord.__slots__)

TAG_COLUMNS: Columns = tuple(tables.tags.c[name] for name in TagRecord.__slots__)

# Needs `contents` and `blobs` joined, which references have none of.
ARTIFACT_FILE_COLUMNS: Columns = (
    *(tables.artifact_files.c[name] for name in ("artifact_key", "name", "digest", "size", "ref")),
    *(tables.contents.c[name] for name in ("token", "md5", "birth_key")),
    tables.blobs.c.updated_at,
)
