"""Projects: one, and those of an entity."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from pydantic import PrivateAttr

from wandql.api._async.artifact_collections import AsyncArtifactTypes, AsyncProjectCollections
from wandql.api._async.collections import AsyncCollection, located
from wandql.api._async.sweeps import AsyncSweeps
from wandql.api.missing import entity_not_found, project_not_found
from wandql.api.pages import Mark, Page
from wandql.api.project_view import ProjectView
from wandql.api.records import bound
from wandql.client._async.client import AsyncClient
from wandql.client.paging import end_of
from wandql.errors import InvalidPathError
from wandql.filters import Filter, encode_filters, encode_order
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import ProjectFields
from wandql.paths import ProjectPath

__all__ = ["AsyncProject", "AsyncProjects", "create_project", "fetch_project"]


class AsyncProject(ProjectView):
    """One project.

    Example:
        >>> project = await api.project("mnist", entity="alice")
        >>> project.path
        ['alice', 'mnist']
    """

    _client: AsyncClient | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, fields: ProjectFields, client: AsyncClient) -> AsyncProject:
        """Make a project of what the server sent. Sends nothing."""
        path = ProjectPath(fields.entity, fields.name)
        return cls._extend(fields, {"url": path.url(client.app_url)}, _client=client)

    def sweeps(self, per_page: int = 50, filters: Mapping[str, object] | Filter | None = None) -> AsyncSweeps:
        """Return the sweeps of the project: a lazy sequence, the newest first.

        Sends no request itself; iterating sends one for each page, and with `filters` one more the first time, to learn
        whether the server can filter sweeps.

        Args:
            per_page: The most sweeps that one request asks for.
            filters: What must hold: an expression of `F`, such as `F.state == "RUNNING"`, or a document in MongoDB's
                dialect, such as `{"state": "RUNNING"}`. Fields are `name` (the id, `F.id`), `display_name` (`F.name`),
                `state`, `created_at`, `method` (`F.field("method")`) and others.

        Raises:
            UsageError: The project was unpickled, and has no client.
            InvalidFilterError: `filters` is malformed; the message has the place.
            ValueError: `per_page` is less than 1.

        Example:
            >>> project = await api.project("alice/mnist")
            >>> [(sweep.id, sweep.state) async for sweep in project.sweeps()]
            [('sweep-1', 'FINISHED')]
        """
        client = bound(self._client, self)
        return AsyncSweeps(client, self.entity, self.name, per_page=per_page, filters=filters)

    def artifacts_types(self, per_page: int = 50) -> AsyncArtifactTypes:
        """Return the types of artifacts in the project: a lazy sequence.

        Sends no request itself; iterating sends one for each page.

        Args:
            per_page: The most types that one request asks for.

        Raises:
            UsageError: The project was unpickled, and has no client.
            ValueError: `per_page` is less than 1.

        Example:
            >>> project = await api.project("alice/mnist")
            >>> sorted([each.name async for each in project.artifacts_types()])
            ['dataset', 'model']
        """
        return AsyncArtifactTypes(bound(self._client, self), self._own_path, located(self.entity), per_page=per_page)

    def collections(
        self, filters: Mapping[str, object] | None = None, order: str | None = None, per_page: int = 50
    ) -> AsyncProjectCollections:
        """Return the collections of artifacts in the project, whatever their type: a lazy sequence.

        Sends no request itself; iterating sends one for each page.

        Args:
            filters: What must hold, in MongoDB's dialect, such as `{"name": "digits"}`.
            order: `+` or `-` and a field, such as `-created_at`; by default as the server likes.
            per_page: The most collections that one request asks for.

        Raises:
            UsageError: The project was unpickled, and has no client.
            InvalidFilterError: `filters` is malformed; the message has the place.
            InvalidOrderError: `order` is malformed.
            ValueError: `per_page` is less than 1.

        Example:
            >>> project = await api.project("alice/mnist")
            >>> sorted([(each.type, each.name) async for each in project.collections()])
            [('dataset', 'digits'), ('model', 'weights')]
        """
        return AsyncProjectCollections(
            bound(self._client, self),
            self._own_path,
            filters=encode_filters(filters) if filters else None,
            order=encode_order(order),
            per_page=per_page,
        )


class AsyncProjects(AsyncCollection[AsyncProject]):
    """The projects of an entity: a lazy sequence, fetched page by page. The server does not tell how many there are.

    Example:
        >>> [project.name async for project in api.projects("alice")]
        ['mnist']
    """

    def __init__(
        self,
        client: AsyncClient,
        entity: str | None,
        locate: Callable[[str | None], Awaitable[str]],
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

    async def _fetch(self, after: str | None, first: int) -> Page[AsyncProject]:
        assumed = self._entity is None
        entity = await self._locate(self._entity)
        operation = operations.get_projects(entity=entity, after=after, first=first)
        data = await self._client.execute(operation)
        if data.projects is None:
            raise entity_not_found(entity, operation.name, assumed=assumed)
        self._entity = entity
        found = [(edge.node, edge.cursor) for edge in data.projects.edges if edge.node]
        items = [AsyncProject.of(node, self._client) for node, _ in found]
        return Page(items, end_of(operation, data.projects), None, [Mark(node.id, cursor) for node, cursor in found])


async def fetch_project(client: AsyncClient, path: ProjectPath, entity: str) -> AsyncProject:
    """Fetch one project. Sends one request.

    Raises:
        NotFoundError: There is no such project.
        RequestError: The request failed.
    """
    operation = operations.get_project(entity=entity, project=path.project)
    data = await client.execute(operation)
    if data.project is None:
        raise project_not_found(entity, path.project, operation.name, assumed=path.entity is None)
    return AsyncProject.of(data.project, client)


async def create_project(client: AsyncClient, path: ProjectPath, entity: str) -> AsyncProject:
    """Create a project, or return the one that is there. Sends one request.

    Raises:
        NotFoundError: The server made none.
        RequestError: The request failed.
    """
    operation = operations.create_project(entity=entity, project=path.project)
    data = await client.execute(operation)
    made = data.upsert_model.project if data.upsert_model else None
    if made is None:
        raise project_not_found(entity, path.project, operation.name, assumed=path.entity is None)
    return AsyncProject.of(made, client)
