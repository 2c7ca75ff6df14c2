"""What a collection of versions, and a type of artifacts, say of themselves: pure views of their fields."""

from __future__ import annotations

from wandql.api.records import Record
from wandql.graphql.generated.fragments import ArtifactTypeFields, CollectionFields

__all__ = ["ArtifactCollectionView", "ArtifactTypeView"]

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


class ArtifactCollectionView(Record, CollectionFields):
    """One collection of versions: a sequence, where they are logged, or a portfolio, where they are linked."""

    typename__: str
    """What the server calls it."""

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

    @property
    def type(self) -> str:
        """The type of its versions, such as `dataset` or `model`."""
        return self.default_artifact_type.name

    @property
    def tags(self) -> list[str]:
        """The tags of the collection itself."""
        return [edge.node.name for edge in self.tag_page.edges]

    def is_sequence(self) -> bool:
        """Return whether versions are logged here, rather than linked. Sends no request.

        Example:
            >>> api.artifact_collection("dataset", "alice/mnist/digits").is_sequence()
            True
        """
        return self.typename__ != PORTFOLIO

    def __repr__(self) -> str:
        return f"<ArtifactCollection {self.identity} ({self.type})>"
