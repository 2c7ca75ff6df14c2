"""What a project says of itself: pure views of its fields."""

from __future__ import annotations

from wandql.api.embedding import iframe
from wandql.api.records import Record
from wandql.errors import NotFoundError
from wandql.graphql.generated.fragments import ProjectFields, UserFields
from wandql.paths import ProjectPath

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

    @property
    def owner(self) -> UserFields:
        """Who made the project.

        Raises:
            NotFoundError: Nobody is known.
        """
        if self.user is None:
            raise NotFoundError(f"Nobody is known to have made the project {self.identity}.", path=self.identity)
        return self.user

    def to_html(self, height: int = 420, hidden: bool = False) -> str:  # noqa: FBT001, FBT002 - the official signature
        """Return HTML that shows the project's page in the web app, for notebooks. Sends nothing.

        Args:
            height: The height, in pixels.
            hidden: Whether it is folded, with a button that shows it.

        Example:
            >>> api.project("alice/mnist").to_html()
            '<iframe src="http://.../alice/mnist...?jupyter=true" ...></iframe>'
        """
        return iframe(self.url, what="project", height=height, hidden=hidden)

    @property
    def _own_path(self) -> ProjectPath:
        return ProjectPath(self.entity, self.name)

    def __repr__(self) -> str:
        return f"<Project {self.identity}>"
