"""What a project says of itself: pure views of its fields."""

from __future__ import annotations

from wandql.api.records import Record
from wandql.graphql.generated.fragments import ProjectFields

__all__ = ["ProjectView"]


class ProjectView(Record, ProjectFields):
    """One project."""

    url: str
    """The address of the project's page in the web app."""

    @property
    def identity(self) -> str:
        """The project's path, as text."""
        return "/".join(self.path)

    @property
    def path(self) -> list[str]:
        """Entity and name."""
        return [self.entity, self.name]

    def __repr__(self) -> str:
        return f"<Project {self.identity}>"
