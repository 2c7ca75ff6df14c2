# Derived from src/wandql/api/_async/artifact_collections.py by `make generate`: edit that file instead.
"""Collections of versions, and types of artifacts: one, and those of a project."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import PrivateAttr

from wandql.api._sync.artifacts import Artifacts
from wandql.api._sync.collections import Collection, SizedCollection, located
from wandql.api.artifact_collection_view import ArtifactCollectionView, ArtifactTypeView, CollectionPatch
from wandql.api.missing import project_not_found
from wandql.api.missing_artifacts import collection_not_found, type_not_found
from wandql.api.pages import Mark, Page
from wandql.api.records import bound
from wandql.client._sync.client import Client
from wandql.client.paging import end_of
from wandql.filters import encode_filters, encode_order
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import ArtifactTypeFields, CollectionFields
from wandql.graphql.generated.input_types import TagInput
from wandql.paths import ArtifactPath, ProjectPath

__all__ = [
    "ArtifactCollection",
    "ArtifactCollections",
    "ArtifactType",
    "ArtifactTypes",
    "ProjectCollections",
    "fetch_collection",
    "fetch_type",
]


class ArtifactCollection(ArtifactCollectionView):
    """One collection of versions: a sequence, where they are logged, or a portfolio, where they are linked.

    `name`, `description`, `type` and `tags` may be assigned to, and `tags` changed in place: `save()` saves them.
    Reading an attribute sends no request, but for `aliases`.

    Example:
        >>> collection = api.artifact_collection("dataset", "alice/mnist/digits")
        >>> collection.name, collection.type, collection.is_sequence()
        ('digits', 'dataset', True)
    """

    _client: Client | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, fields: CollectionFields, client: Client, typename: str) -> ArtifactCollection:
        """Make a collection of what the server sent. Sends nothing."""
        return cls._extend(fields, {"typename__": typename}, _client=client)

    @property
    def aliases(self) -> list[str]:
        """The aliases of all its versions. Sends one request for each 1,000 of them, each time.

        Raises:
            NotFoundError: It is not there any more.
            RequestError: A request failed.

        Example:
            >>> collection = api.artifact_collection("dataset", "alice/mnist/digits")
            >>> collection.aliases
            ['latest']
        """
        client = bound(self._client, self)
        aliases: list[str] = []
        after: str | None = None
        while True:
            operation = operations.get_collection_aliases(id=self.id, after=after)
            found = client.execute(operation).artifact_collection
            if found is None:
                raise collection_not_found(self.identity, self.type, operation.name)
            aliases += [edge.node.alias for edge in found.aliases.edges if edge.node]
            after = end_of(operation, found.aliases)
            if after is None:
                return aliases

    def artifacts(self, per_page: int = 50) -> Artifacts:
        """Return its complete versions: a lazy sequence.

        Sends no request itself; iterating sends one for each page.

        Args:
            per_page: The most versions that one request asks for.

        Raises:
            ValueError: `per_page` is less than 1.

        Example:
            >>> collection = api.artifact_collection("dataset", "alice/mnist/digits")
            >>> [version.name for version in collection.artifacts()]
            ['digits:v0']
        """
        path = ArtifactPath(self.entity, self.project, self.name)
        return Artifacts(bound(self._client, self), path, located(self.entity), type_name=self.type, per_page=per_page)

    def versions(self, per_page: int = 50) -> Artifacts:
        """Return the same as `artifacts`, under its old name. Sends no request itself.

        Args:
            per_page: The most versions that one request asks for.

        Raises:
            ValueError: `per_page` is less than 1.

        Example:
            >>> collection = api.artifact_collection("dataset", "alice/mnist/digits")
            >>> collection.versions().count()
            1
        """
        return self.artifacts(per_page)

    def save(self) -> None:
        """Save what was changed here: `name`, `description`, `type` and `tags`.

        Sends one request for a new name or description, one for a new type, one for new tags and one for those that
        were taken away: none where nothing changed. Tags are sent as differences: those that somebody else gave stay.

        Raises:
            UsageError: The type of a portfolio was changed. No request was sent.
            ConflictError: The name is taken.
            PermissionDeniedError: This API key may not change it.
            NotFoundError: It is not there any more.
            RequestError: A request failed.

        Example:
            >>> collection = api.artifact_collection("dataset", "alice/mnist/digits")
            >>> collection.description = "Small ones."
            >>> collection.tags.append("reviewed")
            >>> collection.save()
            >>> api.artifact_collection("dataset", "alice/mnist/digits").tags
            ['reviewed']
        """
        client, patch = bound(self._client, self), self._patch()
        if patch.has_texts:
            self._absorb(self._update(client, patch))
        if patch.type is not None:
            moving = operations.move_sequence(id=self.id, artifact_type=patch.type)
            if client.execute(moving).move_artifact_sequence is None:
                raise collection_not_found(self.identity, self.default_artifact_type.name, moving.name)
        where = {"entity": self.entity, "project": self.project, "collection": self.name}
        if patch.tags_to_add:
            added = [TagInput(tag_name=tag) for tag in patch.tags_to_add]
            client.execute(operations.add_collection_tags(**where, tags=added))
        if patch.tags_to_delete:
            taken = [TagInput(tag_name=tag) for tag in patch.tags_to_delete]
            client.execute(operations.delete_collection_tags(**where, tags=taken))
        self._settle()

    def change_type(self, new_type: str) -> None:
        """Move the collection with all its versions to another type, which is made where it is missing.

        Sends one request. The same as assigning to `type` and `save()`.

        Args:
            new_type: The name of the type.

        Raises:
            UsageError: It is a portfolio: its type is that of what is linked into it.
            PermissionDeniedError: This API key may not change it.
            RequestError: The request failed.

        Example:
            >>> collection = api.artifact_collection("dataset", "alice/mnist/digits")
            >>> collection.change_type("images")
            >>> api.artifact("alice/mnist/digits:v0").type
            'images'
        """
        self.type = new_type
        self.save()

    def delete(self) -> None:
        """Delete the collection: a sequence with all its versions, of a portfolio the links alone. No way back.

        Sends one request.

        Raises:
            NotFoundError: It is not there any more.
            PermissionDeniedError: This API key may not delete it.
            RequestError: The request failed.

        Example:
            >>> api.artifact_collection("dataset", "alice/mnist/digits").delete()
            >>> api.artifact_collection_exists("alice/mnist/digits", "dataset")
            False
        """
        client = bound(self._client, self)
        if self.is_sequence():
            client.delete_sequence(id=self.id)
        else:
            client.delete_portfolio(id=self.id)

    def _update(self, client: Client, patch: CollectionPatch) -> CollectionFields:
        found: CollectionFields | None
        if self.is_sequence():
            changed = client.update_sequence(id=self.id, name=patch.name, description=patch.description)
            sequence = changed.update_artifact_sequence
            found = sequence.artifact_collection if sequence else None
        else:
            updated = client.update_portfolio(id=self.id, name=patch.name, description=patch.description)
            portfolio = updated.update_artifact_portfolio
            found = portfolio.artifact_collection if portfolio else None
        if found is None:
            raise collection_not_found(self.identity, self.type, "UpdateSequence or UpdatePortfolio")
        return found


class ArtifactCollections(SizedCollection[ArtifactCollection]):
    """The collections of one type in a project: a lazy sequence, fetched page by page.

    Example:
        >>> [collection.name for collection in api.artifact_collections("alice/mnist", "dataset")]
        ['digits']
    """

    def __init__(
        self,
        client: Client,
        path: ProjectPath,
        locate: Callable[[str | None], str],
        *,
        type_name: str,
        filters: str | None = None,
        order: str | None = None,
        per_page: int,
    ) -> None:
        super().__init__(per_page)
        self._client = client
        self._path = path
        self._locate = locate
        self._type_name = type_name
        self._filters = filters
        self._order = order

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._path} of the type {self._type_name!r}>"

    def _fetch(self, after: str | None, first: int) -> Page[ArtifactCollection]:
        assumed = self._path.entity is None
        entity, project = self._locate(self._path.entity), self._path.project
        operation = operations.get_collections(
            entity=entity,
            project=project,
            artifact_type=self._type_name,
            filters=self._filters,
            order=self._order,
            after=after,
            first=first,
        )
        owner = self._client.execute(operation).project
        if owner is None:
            raise project_not_found(entity, project, operation.name, assumed=assumed)
        if owner.artifact_type is None:
            raise type_not_found(f"{entity}/{project}", self._type_name, operation.name)
        self._path = ProjectPath(entity, project)
        page = owner.artifact_type.artifact_collections
        found = [(edge.node, edge.cursor) for edge in page.edges if edge.node] if page else []
        items = [ArtifactCollection.of(node, self._client, node.typename__) for node, _ in found]
        marks = [Mark(node.id, cursor) for node, cursor in found]
        return Page(items, end_of(operation, page), page.total_count if page else None, marks)


class ProjectCollections(SizedCollection[ArtifactCollection]):
    """The collections of all types in a project: a lazy sequence, fetched page by page.

    Example:
        >>> project = api.project("alice/mnist")
        >>> project.collections().count()
        2
    """

    def __init__(
        self, client: Client, path: ProjectPath, *, filters: str | None, order: str | None, per_page: int
    ) -> None:
        super().__init__(per_page)
        self._client = client
        self._path = path
        self._filters = filters
        self._order = order

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._path}>"

    def _fetch(self, after: str | None, first: int) -> Page[ArtifactCollection]:
        entity, project = self._path.entity or "", self._path.project
        operation = operations.get_project_collections(
            entity=entity,
            project=project,
            filters=self._filters,
            order=self._order,
            after=after,
            first=first,
        )
        owner = self._client.execute(operation).project
        if owner is None:
            raise project_not_found(entity, project, operation.name, assumed=False)
        page = owner.artifact_collections
        found = [(edge.node, edge.cursor) for edge in page.edges if edge.node] if page else []
        items = [ArtifactCollection.of(node, self._client, node.typename__) for node, _ in found]
        marks = [Mark(node.id, cursor) for node, cursor in found]
        return Page(items, end_of(operation, page), page.total_count if page else None, marks)


class ArtifactType(ArtifactTypeView):
    """One type of artifacts in a project.

    Example:
        >>> datasets = api.artifact_type("dataset", "alice/mnist")
        >>> [collection.name for collection in datasets.collections()]
        ['digits']
    """

    _client: Client | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, fields: ArtifactTypeFields, client: Client, *, entity: str, project: str) -> ArtifactType:
        """Make a type of what the server sent. Sends nothing."""
        return cls._extend(fields, {"entity": entity, "project": project}, _client=client)

    def collections(
        self, filters: Mapping[str, object] | None = None, order: str | None = None, per_page: int = 50
    ) -> ArtifactCollections:
        """Return the collections of this type: a lazy sequence.

        Sends no request itself; iterating sends one for each page.

        Args:
            filters: What must hold, in MongoDB's dialect, such as `{"name": "digits"}`.
            order: `+` or `-` and a field, such as `-created_at`; by default as the server likes.
            per_page: The most collections that one request asks for.

        Raises:
            InvalidFilterError: `filters` is malformed; the message has the place.
            InvalidOrderError: `order` is malformed.
            ValueError: `per_page` is less than 1.

        Example:
            >>> datasets = api.artifact_type("dataset", "alice/mnist")
            >>> [collection.name for collection in datasets.collections({"name": {"$regex": "^d"}})]
            ['digits']
        """
        return ArtifactCollections(
            bound(self._client, self),
            ProjectPath(self.entity, self.project),
            located(self.entity),
            type_name=self.name,
            filters=encode_filters(filters) if filters else None,
            order=encode_order(order),
            per_page=per_page,
        )

    def load(self) -> ArtifactType:
        """Fetch the type anew. Sends one request.

        Returns:
            The type as it is now. This object stays as it was.

        Raises:
            UsageError: The type was unpickled, and has no client.
            NotFoundError: It is not there any more.
            RequestError: The request failed.

        Example:
            >>> datasets = api.artifact_type("dataset", "alice/mnist")
            >>> datasets.load() == datasets
            True
        """
        path = ProjectPath(self.entity, self.project)
        return fetch_type(bound(self._client, self), path, self.entity, self.name)

    def collection(self, name: str) -> ArtifactCollection:
        """Fetch one collection of this type. Sends one request.

        Args:
            name: Its name.

        Raises:
            InvalidPathError: It is no name. No request was sent.
            NotFoundError: There is no such collection of this type.
            RequestError: The request failed.

        Example:
            >>> datasets = api.artifact_type("dataset", "alice/mnist")
            >>> datasets.collection("digits").name
            'digits'
        """
        path = ArtifactPath(self.entity, self.project, name)
        return fetch_collection(bound(self._client, self), path, self.entity, self.name)


class ArtifactTypes(Collection[ArtifactType]):
    """The types of artifacts in a project: a lazy sequence, fetched page by page. The server does not count them.

    Example:
        >>> sorted([each.name for each in api.artifact_types("alice/mnist")])
        ['dataset', 'model']
    """

    def __init__(
        self,
        client: Client,
        path: ProjectPath,
        locate: Callable[[str | None], str],
        *,
        per_page: int = 50,
    ) -> None:
        super().__init__(per_page)
        self._client = client
        self._path = path
        self._locate = locate

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._path}>"

    def _fetch(self, after: str | None, first: int) -> Page[ArtifactType]:
        assumed = self._path.entity is None
        entity, project = self._locate(self._path.entity), self._path.project
        operation = operations.get_artifact_types(entity=entity, project=project, after=after, first=first)
        found = self._client.execute(operation).project
        if found is None:
            raise project_not_found(entity, project, operation.name, assumed=assumed)
        self._path = ProjectPath(entity, project)
        page = found.artifact_types
        nodes = [edge.node for edge in page.edges if edge.node]
        items = [ArtifactType.of(node, self._client, entity=entity, project=project) for node in nodes]
        return Page(items, end_of(operation, page))


def fetch_type(client: Client, path: ProjectPath, entity: str, name: str) -> ArtifactType:
    """Fetch one type. Sends one request.

    Raises:
        NotFoundError: There is no such project or type.
        RequestError: The request failed.
    """
    operation = operations.get_artifact_type(entity=entity, project=path.project, artifact_type=name)
    project = client.execute(operation).project
    if project is None:
        raise project_not_found(entity, path.project, operation.name, assumed=path.entity is None)
    if project.artifact_type is None:
        raise type_not_found(f"{entity}/{path.project}", name, operation.name)
    return ArtifactType.of(project.artifact_type, client, entity=entity, project=path.project)


def fetch_collection(client: Client, path: ArtifactPath, entity: str, type_name: str) -> ArtifactCollection:
    """Fetch one collection. Sends one request.

    Raises:
        NotFoundError: There is no such project, or no such collection of this type.
        RequestError: The request failed.
    """
    operation = operations.get_collection(
        entity=entity, project=path.project, artifact_type=type_name, collection=path.name
    )
    project = client.execute(operation).project
    if project is None:
        raise project_not_found(entity, path.project, operation.name, assumed=path.entity is None)
    found = project.artifact_type.artifact_collection if project.artifact_type else None
    if found is None:
        raise collection_not_found(f"{entity}/{path.project}/{path.name}", type_name, operation.name)
    return ArtifactCollection.of(found, client, found.typename__)
