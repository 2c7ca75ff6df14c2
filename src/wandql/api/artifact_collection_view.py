"""What a collection of versions, and a type of artifacts, say of themselves: pure views of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import PrivateAttr

from wandql.api.artifact_view import texts_of, without
from wandql.api.records import Record
from wandql.errors import UsageError
from wandql.graphql.generated.fragments import ArtifactTypeFields, CollectionFields

__all__ = ["ArtifactCollectionView", "ArtifactTypeView", "CollectionPatch"]

PORTFOLIO = "ArtifactPortfolio"


class ArtifactTypeView(Record, ArtifactTypeFields):
    """One type of artifacts in a project."""

    entity: str
    """The user or team that owns the project."""
    project: str
    """The name of the project."""

    @property
    def identity(self) -> str:
        """The project's path and the name, as text."""
        return f"{self.entity}/{self.project}/{self.name}"

    @property
    def type(self) -> str:
        """The same as `name`."""
        return self.name

    def __repr__(self) -> str:
        return f"<ArtifactType {self.identity}>"


@dataclass(frozen=True, slots=True)
class CollectionPatch:
    """What was changed in a collection and not saved yet. What is None or empty stays as it is."""

    name: str | None
    description: str | None
    type: str | None
    tags_to_add: list[str]
    tags_to_delete: list[str]

    @property
    def has_texts(self) -> bool:
        """Whether name or description were changed."""
        return self.name is not None or self.description is not None


class ArtifactCollectionView(Record, CollectionFields):
    """One collection of versions: a sequence, where they are logged, or a portfolio, where they are linked.

    `name`, `description`, `type` and `tags` may be assigned to, and `tags` changed in place. Such edits stay here until
    they are saved. No other attribute can be set.
    """

    typename__: str
    """What the server calls it."""

    _originals: Mapping[str, str | None] = PrivateAttr(default={})
    """What the server sent for each text that was assigned to."""

    @property
    def identity(self) -> str:
        """The collection's path, as text."""
        return "/".join([self.entity, self.project, self.name])

    @property
    def entity(self) -> str:
        """The user or team that owns the project."""
        return self.home.entity

    @property
    def project(self) -> str:
        """The name of the project."""
        return self.home.name

    @cached_property
    def type(self) -> str:
        """The type of its versions, such as `dataset` or `model`."""
        return self.default_artifact_type.name

    @cached_property
    def tags(self) -> list[str]:
        """The tags of the collection itself."""
        return self._sent_tags()

    def is_sequence(self) -> bool:
        """Return whether versions are logged here, rather than linked. Sends no request.

        Example:
            >>> api.artifact_collection("dataset", "alice/mnist/digits").is_sequence()
            True
        """
        return self.typename__ != PORTFOLIO

    if not TYPE_CHECKING:  # For type checkers, a class with `__setattr__` has every attribute.

        def __setattr__(self, name: str, value: object) -> None:
            state = vars(self)
            if name in {"name", "description"}:
                if not isinstance(value, str) and (name == "name" or value is not None):
                    raise TypeError(f"ArtifactCollection.{name} is text, not a {type(value).__name__}")
                self._originals = {name: state[name], **self._originals}
                state[name] = value
            elif name == "type":
                if not isinstance(value, str) or not value:
                    raise TypeError(f"ArtifactCollection.type is the name of a type, not {value!r}")
                state[name] = value
            elif name == "tags":
                state[name] = texts_of(value, name)
            elif name.startswith("_"):
                super().__setattr__(name, value)
            else:
                raise AttributeError(
                    f"ArtifactCollection.{name} cannot be assigned; name, description, type and tags can"
                )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ArtifactCollectionView) or type(other) is not type(self):
            return NotImplemented
        return super().__eq__(other) and (self.type, self.tags) == (other.type, other.tags)

    def __hash__(self) -> int:
        return super().__hash__()

    def __repr__(self) -> str:
        return f"<ArtifactCollection {self.identity} ({self.type})>"

    def _sent_tags(self) -> list[str]:
        return [edge.node.name for edge in self.tag_page.edges]

    def _patch(self) -> CollectionPatch:
        """Return what was changed.

        Raises:
            UsageError: The type of a portfolio was.
        """
        changed = {name: vars(self)[name] for name, sent in self._originals.items() if sent != vars(self)[name]}
        new_type = self.type if self.type != self.default_artifact_type.name else None
        if new_type is not None and not self.is_sequence():
            raise UsageError(
                f"{self!r} is a portfolio: its type is that of what is linked into it.",
                hint="Change the type of the collection where the versions were logged.",
            )
        sent = self._sent_tags()
        return CollectionPatch(
            name=changed.get("name"),
            # Null leaves the description as it is.
            description=(changed["description"] or "") if "description" in changed else None,
            type=new_type,
            tags_to_add=without(self.tags, sent),
            tags_to_delete=without(sent, self.tags),
        )

    def _absorb(self, fields: CollectionFields) -> None:
        """Take over the texts that the server has by now."""
        vars(self).update(name=fields.name, description=fields.description, updated_at=fields.updated_at)
        self._originals = {}

    def _settle(self) -> None:
        """Take what was saved for what the server has."""
        state: dict[str, object] = vars(self)
        state["default_artifact_type"] = self.default_artifact_type.model_copy(update={"name": self.type})
        edges = [{"node": {"id": tag, "name": tag}} for tag in self.tags]
        state["tag_page"] = self.tag_page.model_validate({"edges": edges})
