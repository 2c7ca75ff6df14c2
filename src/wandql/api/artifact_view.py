"""What a version of an artifact says of itself: pure views of its fields, and what may be changed in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypedDict

from pydantic import PrivateAttr
from pydantic_core import to_json

from wandql.api.merging import as_json, same
from wandql.api.records import Record, read_object
from wandql.errors import InvalidPathError
from wandql.graphql.generated.fragments import ArtifactFields, ArtifactFileFields, CollectionPathFields
from wandql.graphql.scalars import JSONObject

__all__ = [
    "ArtifactFileView",
    "ArtifactPatch",
    "ArtifactView",
    "MemberAddress",
    "check_aliases",
    "path_of",
    "texts_of",
    "version_name",
    "without",
]

# A name that means something in every collection, and is no alias.
VERSION: Final = re.compile(r"v\d+")
EDITABLE: Final = ("aliases", "metadata", "tags", "ttl")
# What the server understands as a lifetime that never ends.
FOREVER: Final = -2
# Signed anew whenever the server is asked.
LEASED: Final = {"url", "direct_url"}


class MemberAddress(TypedDict):
    """Where a version is, as the variables of operations: one collection of those that it is part of."""

    entity: str
    project: str
    collection: str
    version: str


@dataclass(frozen=True, slots=True)
class ArtifactPatch:
    """What was changed in a version and not saved yet. What is None or empty stays as it is."""

    description: str | None = None
    metadata_json: str | None = None
    ttl_duration_seconds: int | None = None
    tags_to_add: list[str] = field(default_factory=list[str])
    tags_to_delete: list[str] = field(default_factory=list[str])
    aliases_to_add: list[str] = field(default_factory=list[str])
    aliases_to_delete: list[str] = field(default_factory=list[str])

    @property
    def has_aliases(self) -> bool:
        """Whether aliases were changed."""
        return bool(self.aliases_to_add or self.aliases_to_delete)

    @property
    def has_fields(self) -> bool:
        """Whether anything else was changed."""
        only_aliases = ArtifactPatch(aliases_to_add=self.aliases_to_add, aliases_to_delete=self.aliases_to_delete)
        return self != only_aliases


class ArtifactView(Record, ArtifactFields):
    """One version of an artifact, as part of one collection.

    `description`, `ttl`, `aliases`, `tags` and `metadata` may be assigned to, and the last three changed in place. Such
    edits stay here until they are saved. No other attribute can be set.
    """

    entity: str
    """The user or team that owns the collection's project."""
    project: str
    """The name of the collection's project."""
    collection_name: str
    """The name of the collection."""
    version: str
    """The version within the collection, such as `v3`; empty until it is committed."""
    url: str
    """The address of the version's page in the web app."""

    _original_description: tuple[str | None, ...] = PrivateAttr(default=())
    """What the server sent, if it was assigned to."""

    @property
    def identity(self) -> str:
        """The version's path, as text."""
        return self.qualified_name

    @property
    def name(self) -> str:
        """Collection and version: `digits:v3`, by whatever alias it was asked for."""
        return f"{self.collection_name}:{self.version}" if self.version else self.collection_name

    @property
    def qualified_name(self) -> str:
        """Entity, project, collection and version: `alice/mnist/digits:v3`."""
        return f"{self.entity}/{self.project}/{self.name}"

    @property
    def type(self) -> str:
        """The type, such as `dataset` or `model`."""
        return self.artifact_type.name

    @property
    def source_entity(self) -> str:
        """The user or team that owns the project where the version was logged."""
        return self.artifact_sequence.project.entity

    @property
    def source_project(self) -> str:
        """The name of the project where the version was logged."""
        return self.artifact_sequence.project.name

    @property
    def source_version(self) -> str:
        """The version within the collection where it was logged; empty until it is committed."""
        return version_name(self.version_index)

    @property
    def source_name(self) -> str:
        """Collection and version where it was logged."""
        collection = self.artifact_sequence.name
        return f"{collection}:{self.source_version}" if self.source_version else collection

    @property
    def source_qualified_name(self) -> str:
        """Entity, project, collection and version where it was logged."""
        return f"{self.source_entity}/{self.source_project}/{self.source_name}"

    @property
    def history_step(self) -> int | None:
        """The last step of the run's history before the version was logged; None where it was not logged with one."""
        return None if self.next_history_step is None else max(0, self.next_history_step - 1)

    @property
    def is_link(self) -> bool:
        """Whether this is a version in a collection that it was linked into."""
        source = (self.source_entity, self.source_project, self.artifact_sequence.name)
        return (self.entity, self.project, self.collection_name) != source

    @cached_property
    def aliases(self) -> list[str]:
        """The aliases in this collection, such as `latest`."""
        return self._sent_aliases()

    @cached_property
    def tags(self) -> list[str]:
        """The tags."""
        return self._sent_tags()

    @cached_property
    def metadata(self) -> JSONObject:
        """The metadata: what was noted of the content."""
        return self._sent_metadata()

    @cached_property
    def ttl(self) -> timedelta | None:
        """How long the version lives, from its creation; None means for ever."""
        return self._sent_ttl()

    if not TYPE_CHECKING:  # For type checkers, a class with `__setattr__` has every attribute.

        def __setattr__(self, name: str, value: object) -> None:
            state = vars(self)
            if name == "description":
                if value is not None and not isinstance(value, str):
                    raise TypeError(f"Artifact.description is text or None, not a {type(value).__name__}")
                self._original_description = self._original_description or (state[name],)
                state[name] = value
            elif name == "aliases":
                state[name] = check_aliases(value)
            elif name == "tags":
                state[name] = texts_of(value, name)
            elif name == "metadata":
                state[name] = as_json(value or {}, what=name)
            elif name == "ttl":
                if value is not None and not (isinstance(value, timedelta) and value >= timedelta(seconds=1)):
                    raise ValueError(f"Artifact.ttl is a timedelta of at least one second, or None, not {value!r}")
                state[name] = value
            elif name.startswith("_"):
                super().__setattr__(name, value)
            else:
                editable = ", ".join(["description", *EDITABLE])
                raise AttributeError(f"Artifact.{name} cannot be assigned; {editable} can")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ArtifactView) or type(other) is not type(self):
            return NotImplemented
        touched = {name for name in EDITABLE if name in vars(self) or name in vars(other)}
        plain = touched - {"metadata"}
        return (
            super().__eq__(other)
            and all(getattr(self, name) == getattr(other, name) for name in plain)
            and ("metadata" not in touched or same(self.metadata, other.metadata))
        )

    def __hash__(self) -> int:
        return super().__hash__()

    def __repr__(self) -> str:
        return f"<Artifact {self.identity} ({self.type})>"

    def _sent_aliases(self) -> list[str]:
        here = (self.entity, self.project, self.collection_name)
        return [
            alias.alias
            for alias in self.alias_nodes
            if (of := alias.artifact_collection) and path_of(of) == here and not VERSION.fullmatch(alias.alias)
        ]

    def _sent_tags(self) -> list[str]:
        return [tag.name for tag in self.tag_nodes]

    def _sent_metadata(self) -> JSONObject:
        return read_object(self.metadata_json, what=f"metadata of {self.identity}")

    def _sent_ttl(self) -> timedelta | None:
        return timedelta(seconds=self.ttl_duration_seconds) if self.ttl_duration_seconds > 0 else None

    def _patch(self) -> ArtifactPatch:
        """Return what was changed.

        Raises:
            UsageError: A value cannot be written as JSON.
            InvalidPathError: An alias is malformed.
        """
        touched = vars(self)
        aliases, tags = self._sent_aliases(), self._sent_tags()
        wanted_aliases = check_aliases(self.aliases) if "aliases" in touched else aliases
        wanted_tags = self.tags if "tags" in touched else tags
        described = bool(self._original_description) and self._original_description[0] != self.description
        metadata = as_json(self.metadata, what="metadata") if "metadata" in touched else None
        timed = "ttl" in touched and self.ttl != self._sent_ttl()
        return ArtifactPatch(
            # Null leaves the description as it is.
            description=(self.description or "") if described else None,
            metadata_json=(
                to_json(metadata, inf_nan_mode="constants").decode()
                if metadata is not None and not same(metadata, self._sent_metadata())
                else None
            ),
            ttl_duration_seconds=(int(self.ttl.total_seconds()) if self.ttl else FOREVER) if timed else None,
            tags_to_add=without(wanted_tags, tags),
            tags_to_delete=without(tags, wanted_tags),
            aliases_to_add=without(wanted_aliases, aliases),
            aliases_to_delete=without(aliases, wanted_aliases),
        )

    def _absorb(self, fields: ArtifactFields) -> None:
        """Become what the server sent, without any edits."""
        state: dict[str, object] = vars(self)
        state.update({name: getattr(fields, name) for name in ArtifactFields.model_fields})
        self._original_description = ()
        for name in EDITABLE:
            state.pop(name, None)


class ArtifactFileView(Record, ArtifactFileFields):
    """One file of a version of an artifact."""

    artifact_name: str
    """The version's path: entity, project, collection and version."""

    @property
    def identity(self) -> str:
        """The version's path and the name, as text."""
        return f"{self.artifact_name}/{self.name}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ArtifactFileView) or type(other) is not type(self):
            return NotImplemented
        names = type(self).model_fields.keys() - LEASED
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def __hash__(self) -> int:
        return super().__hash__()

    def __repr__(self) -> str:
        return f"<ArtifactFile {self.name} ({self.size:,} bytes)>"


def path_of(collection: CollectionPathFields) -> tuple[str, str, str]:
    """Return the entity, project and name of a collection."""
    return collection.project.entity, collection.project.name, collection.name


def version_name(index: int | None) -> str:
    """Return what the version of that number is called; nothing where it has none yet."""
    return "" if index is None else f"v{index}"


def check_aliases(aliases: Iterable[str]) -> list[str]:
    """Return aliases as a list, each once.

    Raises:
        InvalidPathError: One is empty, looks like a version, or has a slash or colon.
    """
    listed = list(dict.fromkeys(texts_of(aliases, "aliases")))
    for alias in listed:
        if not alias or set("/:") & set(alias):
            raise InvalidPathError(f"{alias!r} is no alias: one has neither slash nor colon, and is not empty.")
        if VERSION.fullmatch(alias):
            raise InvalidPathError(
                f"{alias!r} is no alias: the server numbers the versions.", hint="Choose another one."
            )
    return listed


def texts_of(value: object, name: str) -> list[str]:
    """Return texts as a list.

    Raises:
        TypeError: It is one text, or holds something else than text.
    """
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        listed: list[object] = [*value]
        texts = [each for each in listed if isinstance(each, str)]
        if len(texts) == len(listed):
            return texts
    raise TypeError(f"{name} is a list of text, not {value!r}")


def without(these: list[str], those: list[str]) -> list[str]:
    """Return each of these texts once, but for those."""
    return [each for each in dict.fromkeys(these) if each not in those]
