# Derived from src/wandql/api/_async/projects.py by `make generate`: edit that file instead.
"""Projects: one, and those of an entity."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import PrivateAttr

from wandql.api._sync.collections import Collection, Page
from wandql.api._sync.sweeps import Sweeps
from wandql.api.missing import entity_not_found, project_not_found
from wandql.api.project_view import ProjectView
from wandql.api.records import bound
from wandql.client._sync.client import Client
from wandql.client.paging import end_of
from wandql.errors import InvalidPathError
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import ProjectFields
from wandql.paths import ProjectPath

__all__ = ["Project", "Projects"]


class Project(ProjectView):
    """One project.

    Example:
        >>> project = api.project("mnist", entity="alice")
        >>> project.path
        ['alice', 'mnist']
    """

    _client: Client | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, fields: ProjectFields, client: Client) -> Project:
        """Make a project of what the server sent. Sends nothing."""
        path = ProjectPath(fields.entity, fields.name)
        return cls._extend(fields, {"url": path.url(client.app_url)}, _client=client)

    def sweeps(self, per_page: int = 50, filters: Mapping[str, object] | None = None) -> Sweeps:
        """Return the sweeps of the project: a lazy sequence, the newest first.

        Sends no request itself; iterating sends one for each page, and with `filters` one more the first time, to learn
        whether the server can filter sweeps.

        Args:
            per_page: The most sweeps that one request asks for.
            filters: What must hold, in MongoDB's dialect, such as `{"state": "RUNNING"}`. Fields are `name` (the id),
                `display_name`, `state`, `method`, `created_at` and others.

        Raises:
            UsageError: The project was unpickled, and has no client.
            InvalidFilterError: `filters` is malformed; the message has the place.
            ValueError: `per_page` is less than 1.

        Example:
            >>> project = api.project("alice/mnist")
            >>> [(sweep.id, sweep.state) for sweep in project.sweeps()]
            [('sweep-1', 'FINISHED')]
        """
        client = bound(self._client, self)
        return Sweeps(client, self.entity, self.name, per_page=per_page, filters=filters)


class Projects(Collection[Project]):
    """The projects of an entity: a lazy sequence, fetched page by page. The server does not tell how many there are.

    Example:
        >>> [project.name for project in api.projects("alice")]
        ['mnist']
    """

    def __init__(
        self,
        client: Client,
        entity: str | None,
        locate: Callable[[str | None], str],
        *,
        per_page: int,
    ) -> None:
        super().__init__(per_page)
        if entity and "/" in entity:
            raise InvalidPathError(f"{entity!r} is not the name of a user or team.", hint="It holds no '/'.")
        self._client = client
        self._entity = entity
        self._locate = locate

    @property
    def entity(self) -> str | None:
        """The owner; None until the first request where none was given. Sends no request."""
        return self._entity

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._entity or 'of the default entity'}>"

    def _fetch(self, after: str | None) -> Page[Project]:
        assumed = self._entity is None
        entity = self._locate(self._entity)
        operation = operations.get_projects(entity=entity, after=after, first=self.per_page)
        data = self._client.execute(operation)
        if data.projects is None:
            raise entity_not_found(entity, operation.name, assumed=assumed)
        self._entity = entity
        nodes = [edge.node for edge in data.projects.edges if edge.node]
        items = [Project.of(node, self._client) for node in nodes]
        return Page(items, end_of(operation, data.projects))


def fetch_project(client: Client, path: ProjectPath, entity: str) -> Project:
    """Fetch one project. Sends one request.

    Raises:
        NotFoundError: There is no such project.
        RequestError: The request failed.
    """
    operation = operations.get_project(entity=entity, project=path.project)
    data = client.execute(operation)
    if data.project is None:
        raise project_not_found(entity, path.project, operation.name, assumed=path.entity is None)
    return Project.of(data.project, client)
