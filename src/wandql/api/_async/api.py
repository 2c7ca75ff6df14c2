"""`AsyncApi`: the entry to everything."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from random import choices
from string import ascii_lowercase, digits
from types import TracebackType
from typing import ClassVar, Final, NoReturn, Self, TypeAlias

from wandql.api._async.artifact_collections import (
    AsyncArtifactCollection,
    AsyncArtifactCollections,
    AsyncArtifactType,
    AsyncArtifactTypes,
    fetch_collection,
    fetch_type,
)
from wandql.api._async.artifacts import AsyncArtifact, AsyncArtifacts, fetch_artifact
from wandql.api._async.organizations import fetch_organization, fetch_organization_of
from wandql.api._async.projects import AsyncProject, AsyncProjects, create_project, fetch_project
from wandql.api._async.reports import AsyncBetaReport, AsyncReports, fetch_report
from wandql.api._async.run import AsyncRun, create_run, fetch_run
from wandql.api._async.runs import AsyncRuns
from wandql.api._async.sweeps import AsyncSweep, fetch_sweep
from wandql.api._async.users import AsyncTeam, AsyncUser, create_team, create_user, fetch_team, fetch_users
from wandql.api.known_keys import needed_keys
from wandql.api.organization_view import Organization
from wandql.api.projection import Projection
from wandql.client._async.client import AsyncClient, Priority
from wandql.client._async.fetched import AsyncFetched
from wandql.client._async.transport import AsyncTransport
from wandql.client.cache import Cache
from wandql.client.events import RequestHook
from wandql.client.retry import RetryPolicy
from wandql.errors import AuthenticationError, InvalidPathError, NotFoundError, UsageError
from wandql.filters import Filter, Order, encode_order, select
from wandql.graphql.generated import operations
from wandql.paths import (
    AnyPath,
    ArtifactPath,
    ProjectPath,
    ReportPath,
    RunPath,
    SweepPath,
    parse_artifact_path,
    parse_path,
    parse_project_path,
    parse_run_path,
    parse_sweep_path,
)
from wandql.settings import NOT_GIVEN, ApiKey, NotGiven, Settings

__all__ = ["AsyncApi"]

# Where a run goes that names no project, with every server.
DEFAULT_PROJECT: Final = "uncategorized"
ID_CHARACTERS: Final = ascii_lowercase + digits
ID_LENGTH: Final = 8


# What makes a list of runs another one.
RunsKey: TypeAlias = tuple[ProjectPath, str, Filter | None, str | None, int, Projection, int | None, str | None]


class AsyncApi:
    """Queries a W&B server.

    Making one sends no request. It may be shared by the tasks of one event loop, and is closed by `await api.aclose()`
    or by leaving `async with`. It keeps what it has fetched: the same path gives the same object until `flush()`.

    Args:
        overrides: Settings by name, as older scripts give them: `base_url`, `entity`, `project`, `api_key`, …
        api_key: The API key; else from WANDB_API_KEY, the netrc file or a settings file.
        base_url: The server; else from WANDB_BASE_URL, a settings file, or https://api.wandb.ai.
        entity: The user or team of paths that name none; else from WANDB_ENTITY, a settings file, or the server.
        project: The project of paths that name none; else from WANDB_PROJECT or a settings file.
        timeout: The deadline of one call with all its retries, in seconds.
        retries: How many more requests after a failed one; else as the policy says.
        policy: How long a call may take, and when it tries again. `timeout` and `retries` change it.
        transport: What carries the requests; the network where absent.
        on_request: Is told of every request, after it: operation, attempt, duration, bytes. It should be quick.
        rate_limit_file: A file in which all processes that name it count their requests together, so that they share
            the server's limit. Its directory must be there.

    Raises:
        SettingsError: A setting has the wrong form, or a settings file cannot be read.

    Example:
        >>> async with AsyncApi(base_url=server.url, api_key=server.api_key) as api:
        ...     async for run in api.runs("alice/mnist"):
        ...         print(run.name, run.state)
        baseline finished
        wider finished
        diverged failed
    """

    VIEWER_QUERY: ClassVar[str] = operations.get_viewer().document
    """The GraphQL text that asks who the API key belongs to."""

    def __init__(
        self,
        overrides: Mapping[str, object] | None = None,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        entity: str | None | NotGiven = NOT_GIVEN,
        project: str | None | NotGiven = NOT_GIVEN,
        timeout: float | None = None,
        retries: int | None = None,
        policy: RetryPolicy | None = None,
        transport: AsyncTransport | None = None,
        on_request: RequestHook | None = None,
        rate_limit_file: str | PathLike[str] | None = None,
    ) -> None:
        self._settings = Settings.resolve(
            overrides, api_key=api_key, base_url=base_url, entity=entity, project=project, timeout=timeout
        )
        client = AsyncClient(
            self._settings,
            transport=transport,
            policy=policy,
            on_request=on_request,
            rate_limit_file=None if rate_limit_file is None else Path(rate_limit_file),
        )
        self._client = client.with_options(timeout=timeout, retries=retries)
        self._views: Cache[tuple[RetryPolicy, Priority], AsyncApi] = Cache()
        self._views.get((self._client.policy, self._client.priority), lambda: self)
        self._start_empty()

    def _start_empty(self) -> None:
        self._viewers: AsyncFetched[str, AsyncUser] = AsyncFetched(1)
        self._projects: AsyncFetched[tuple[str, str], AsyncProject] = AsyncFetched()
        self._runs: AsyncFetched[tuple[str, str, str], AsyncRun] = AsyncFetched()
        self._sweeps: AsyncFetched[tuple[str, str, str], AsyncSweep] = AsyncFetched()
        self._project_lists: Cache[tuple[str | None, int], AsyncProjects] = Cache()
        self._run_lists: Cache[RunsKey, AsyncRuns] = Cache()

    @property
    def settings(self) -> Settings:
        """What this object works with; `settings.explain()` tells where each value came from. Sends no request."""
        return self._settings

    @property
    def client(self) -> AsyncClient:
        """The client underneath: `client.execute(operation)`, and a method for every operation. Sends no request."""
        return self._client

    @property
    def api_key(self) -> ApiKey | None:
        """The API key, or None. Its repr does not show it. Sends no request."""
        return self._settings.api_key

    @property
    def user_agent(self) -> str:
        """How the client names itself to the server. Sends no request."""
        return self._client.user_agent

    @property
    async def viewer(self) -> AsyncUser:
        """The user that the API key belongs to. Sends one request, then none until `flush()`.

        Raises:
            AuthenticationError: There is no API key, or the server does not know whose it is.
            RequestError: The request failed.

        Example:
            >>> (await api.viewer).username
            'alice'
        """
        return await self._viewers.get("viewer", self._fetch_viewer)

    @property
    async def default_entity(self) -> str | None:
        """The user or team that a path means when it names none.

        Sends no request where the settings have it; else that of `viewer`.

        Raises:
            AuthenticationError: There is no API key, or the server does not know whose it is.
            RequestError: The request failed.

        Example:
            >>> await api.default_entity
            'alice'
        """
        return self._settings.entity or (await self.viewer).entity

    def with_options(
        self,
        *,
        timeout: float | None = None,
        retries: int | None = None,
        policy: RetryPolicy | None = None,
        priority: Priority | None = None,
    ) -> AsyncApi:
        """Return a view of this object whose calls have other options, and so have those of what it fetches.

        A run that was fetched through a view goes on with the view's options, whoever uses it. So a view keeps its own
        objects: `api.run(path)` and `view.run(path)` are two. Connections, contents of files, the count of requests and
        `flush()` are shared. The same options give the same view.

        Sends nothing. To close one closes the other.

        Args:
            timeout: The deadline of one call with all its retries, in seconds.
            retries: How many more requests after a failed one.
            policy: The whole policy, which the other two then change.
            priority: "bulk" for work that nobody waits for: it leaves room for other calls where the server limits
                requests. "interactive" for all else.

        Raises:
            SettingsError: A number is not in its range.

        Example:
            >>> run = await api.with_options(timeout=5, retries=0).run("alice/mnist/run-1")
            >>> run.name
            'baseline'
        """
        client = self._client.with_options(timeout=timeout, retries=retries, policy=policy, priority=priority)
        return self._views.get((client.policy, client.priority), lambda: self._view(client))

    def _view(self, client: AsyncClient) -> AsyncApi:
        # Not `copy.copy`: an Api refuses to be copied.
        view = object.__new__(type(self))
        view.__dict__.update(self.__dict__)
        view._client = client  # noqa: SLF001 - of the same class
        view._start_empty()  # noqa: SLF001
        return view

    def flush(self) -> None:
        """Forget what was fetched: the next call gets the latest. Sends no request.

        Objects that were fetched before stay as they are. Views forget theirs, too.

        Example:
            >>> before = await api.run("alice/mnist/run-1")
            >>> api.flush()
            >>> await api.run("alice/mnist/run-1") is before
            False
        """
        for each in {self, *self._views.values()}:
            each._start_empty()  # noqa: SLF001 - of the same class

    async def project(self, name: str, entity: str | None = None) -> AsyncProject:
        """Fetch one project.

        Sends one request (one more the first time that the default entity has to be asked for), none for a project that
        was fetched since the last `flush()`.

        Args:
            name: The project's name, `entity/project`, or its address in the web app.
            entity: The user or team that owns it; the default one where neither says.

        Raises:
            InvalidPathError: `name` is no project path. No request was sent.
            NotFoundError: There is no such project.
            RequestError: The request failed.

        Example:
            >>> (await api.project("alice/mnist")).name
            'mnist'
        """
        known = self._settings
        path = parse_project_path(name, entity=entity or known.entity, project=known.project, app_url=known.app_url)
        owner = await self._locate(path.entity)
        return await self._projects.get((owner, path.project), lambda: fetch_project(self._client, path, owner))

    def projects(self, entity: str | None = None, per_page: int = 200) -> AsyncProjects:
        """Return the projects of an entity: a lazy sequence, the same object until `flush()`.

        Sends no request itself; iterating sends one for each page.

        Args:
            entity: The user or team; the default one where absent.
            per_page: The most projects that one request asks for.

        Raises:
            ValueError: `per_page` is less than 1.

        Example:
            >>> [project.name async for project in api.projects("alice")]
            ['mnist']
        """
        owner = entity or self._settings.entity
        return self._project_lists.get(
            (owner, per_page), lambda: AsyncProjects(self._client, owner, self._locate, per_page=per_page)
        )

    async def create_project(self, name: str, entity: str | None = None) -> AsyncProject:
        """Create a project. One of that name that is there already is returned as it is.

        Sends one request (one more the first time that the default entity has to be asked for).

        Args:
            name: Its name.
            entity: The user or team that owns it; the default one where absent.

        Returns:
            The project.

        Raises:
            InvalidPathError: `name` is no name of a project. No request was sent.
            PermissionDeniedError: This API key may not make projects there.
            RequestError: The request failed.

        Example:
            >>> (await api.create_project("cifar", "alice")).path
            ['alice', 'cifar']
        """
        path = ProjectPath(entity or self._settings.entity, name)
        return await create_project(self._client, path, await self._locate(path.entity))

    async def run(self, path: str | Sequence[str] | RunPath = "") -> AsyncRun:
        """Fetch one run.

        Sends one request (one more the first time that the default entity has to be asked for), none for a run that was
        fetched since the last `flush()`.

        Args:
            path: `entity/project/run`, `project/run`, `run`, or the run's address in the web app. A run is named by its
                id. Parts that are left out come from the settings; the entity, failing that, from the server.

        Raises:
            InvalidPathError: `path` names no run. No request was sent.
            NotFoundError: There is no such project or run.
            RequestError: The request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> run.config["lr"]
            0.1
        """
        known = self._settings
        parsed = parse_run_path(path, entity=known.entity, project=known.project, run=known.run, app_url=known.app_url)
        owner = await self._locate(parsed.entity)
        key = (owner, parsed.project, parsed.run)
        return await self._runs.get(key, lambda: fetch_run(self._client, parsed, owner))

    async def create_run(
        self, run_id: str | None = None, project: str | None = None, entity: str | None = None
    ) -> AsyncRun:
        """Create a run that no program reports to. One of that id that is there already is returned as it is.

        Sends one request (one more the first time that the default entity has to be asked for).

        Args:
            run_id: Its id; by default eight random letters and digits.
            project: The name of its project, which is made where it is missing; by default that of the settings, and
                `uncategorized` failing that.
            entity: The user or team that owns the project; the default one where absent.

        Returns:
            The run. It is "running", until `update_state` says something else or a program takes it up.

        Raises:
            InvalidPathError: A name is malformed. No request was sent.
            PermissionDeniedError: This API key may not make runs there.
            RequestError: The request failed.

        Example:
            >>> run = await api.create_run(project="mnist")
            >>> run.state, len(run.id)
            ('running', 8)
        """
        known = self._settings
        path = RunPath(
            entity or known.entity,
            project or known.project or DEFAULT_PROJECT,
            "".join(choices(ID_CHARACTERS, k=ID_LENGTH)) if run_id is None else run_id,  # noqa: S311 - no secret
        )
        return await create_run(self._client, path, await self._locate(path.entity))

    def runs(
        self,
        path: str | Sequence[str] | ProjectPath = "",
        filters: Mapping[str, object] | Filter | None = None,
        order: str | Order | None = "-created_at",
        per_page: int = 50,
        include_sweeps: bool = False,  # noqa: ARG002, FBT001, FBT002 - the official signature
        lazy: bool = True,  # noqa: ARG002, FBT001, FBT002 - the official signature
        *,
        config_keys: Sequence[str] | None = None,
        summary_keys: Sequence[str] | None = None,
        limit: int | None = None,
        start: str | None = None,
    ) -> AsyncRuns:
        """Return the runs of a project that match: a lazy sequence, the same object until `flush()`.

        Sends no request itself; iterating sends one for each page, and one more the first time that the default entity
        has to be asked for. Config and summary of every run come with its page.

        Args:
            path: `entity/project`, `project`, or the project's address in the web app.
            filters: What must hold: an expression of `F`, such as `(F.config["lr"] < 0.1) & F.tags.has("best")`, or
                a document in MongoDB's dialect, such as `{"config.lr": {"$lt": 0.1}, "state": "finished"}`. Its fields
                are `config.*`, `summary_metrics.*`, `state`, `tags`, `display_name`, `name` (the id), `created_at`,
                `group`, `job_type`, `user.username`, `sweep` and others.
            order: `F.summary["loss"].asc()`, `F.created_at.desc()`; or `+` or `-` and a field, such as `-created_at`
                (newest first) or `+summary_metrics.loss`. Runs without the field come last.
            per_page: The most runs that one request asks for.
            include_sweeps: As in older scripts; it makes no difference: `run.sweep` is fetched when it is read.
            lazy: As in older scripts; it makes no difference: a listed run is whole.
            config_keys: The top-level keys of the config to fetch; by default all, and none of an empty list. Reading
                another one is a `NotLoadedError`, never a request; `run.load()` and `runs.load_full()` fetch the rest.
            summary_keys: The top-level keys of the summary, likewise.
            limit: The most runs there shall be; by default there is no limit. No more are asked for.
            start: What `runs.cursor` gave for a list of the same path, filters and order: the runs behind it.

        Raises:
            InvalidPathError: `path` names no project.
            UsageError: `config_keys` or `summary_keys` is no list of text, or `start` is no cursor.
            InvalidFilterError: `filters` is malformed; the message has the place.
            InvalidOrderError: `order` is malformed.
            ValueError: `per_page` or `limit` is less than 1.

        Example:
            >>> runs = api.runs("alice/mnist", {"summary_metrics.loss": {"$lt": 1}}, order="+summary_metrics.loss")
            >>> [run.name async for run in runs]
            ['baseline', 'wider']
            >>> [run.name async for run in api.runs("alice/mnist", F.config["lr"] > 1)]
            ['diverged']
        """
        known = self._settings
        project = parse_project_path(path, entity=known.entity, project=known.project, app_url=known.app_url)
        selection, sign_and_field = select(filters), encode_order(order)
        keys = Projection.of(config_keys, summary_keys, needed_keys(selection.local))
        return self._run_lists.get(
            (project, *selection.key, sign_and_field, per_page, keys, limit, start),
            lambda: AsyncRuns(
                self._client,
                project,
                self._locate,
                filters=selection,
                order=sign_and_field,
                per_page=per_page,
                limit=limit,
                start=start,
                projection=keys,
            ),
        )

    async def artifact(self, name: str | Sequence[str] | ArtifactPath, type: str | None = None) -> AsyncArtifact:  # noqa: A002
        """Fetch one version of an artifact.

        Sends one request (one more the first time that the default entity has to be asked for), each time: an alias may
        have moved.

        Args:
            name: `entity/project/collection:alias`, where the alias may be a version such as `v3` and is `latest` where
                it is left out, or the version's address in the web app. Parts that are left out come from the settings;
                the entity, failing that, from the server.
            type: The type that it has to be of; any where absent.

        Raises:
            InvalidPathError: `name` names no artifact. No request was sent.
            NotFoundError: There is no such project or version, or it has another type.
            RequestError: The request failed.

        Example:
            >>> artifact = await api.artifact("alice/mnist/digits:latest")
            >>> artifact.name, artifact.file_count, artifact.metadata
            ('digits:v0', 2, {'rows': 2})
        """
        path = self._artifact_path(name)
        return await fetch_artifact(self._client, path, await self._locate(path.entity), type)

    async def artifact_exists(self, name: str | Sequence[str] | ArtifactPath, type: str | None = None) -> bool:  # noqa: A002
        """Return whether there is such a version of an artifact. Sends requests as `artifact` does.

        Args:
            name: See `artifact`.
            type: The type that it has to be of; any where absent.

        Raises:
            InvalidPathError: `name` names no artifact. No request was sent.
            RequestError: The request failed, so nobody knows.

        Example:
            >>> await api.artifact_exists("alice/mnist/digits:v0"), await api.artifact_exists("alice/mnist/digits:v9")
            (True, False)
        """
        try:
            await self.artifact(name, type)
        except NotFoundError as error:
            if error.status is not None:
                raise  # Whoever answers like this may be no W&B server at all.
            return False
        return True

    def artifacts(
        self,
        type_name: str,
        name: str | Sequence[str] | ArtifactPath,
        order: str | None = None,
        per_page: int = 50,
        tags: Sequence[str] | None = None,
    ) -> AsyncArtifacts:
        """Return the complete versions of a collection: a lazy sequence.

        Sends no request itself; iterating sends one for each page, and one more the first time that the default entity
        has to be asked for.

        Args:
            type_name: The type of the collection, such as `dataset`.
            name: `entity/project/collection`. Parts that are left out come from the settings.
            order: `+` or `-` and a field, such as `-created_at` (newest first); by default as the server likes.
            per_page: The most versions that one request asks for.
            tags: The tags that a version has to have, all of them. They are compared here, so all pages are needed to
                know how many versions there are.

        Raises:
            InvalidPathError: `name` names no collection.
            InvalidOrderError: `order` is malformed.
            ValueError: `per_page` is less than 1.

        Example:
            >>> [version.name async for version in api.artifacts("dataset", "alice/mnist/digits")]
            ['digits:v0']
        """
        return AsyncArtifacts(
            self._client,
            self._collection_path(name),
            self._locate,
            type_name=type_name,
            order=encode_order(order),
            tags=[tags] if isinstance(tags, str) else tags or (),
            per_page=per_page,
        )

    def artifact_versions(
        self, type_name: str, name: str | Sequence[str] | ArtifactPath, per_page: int = 50
    ) -> AsyncArtifacts:
        """Return the same as `artifacts`, under its old name. Deprecated. Sends no request itself.

        Args:
            type_name: The type of the collection.
            name: `entity/project/collection`.
            per_page: The most versions that one request asks for.

        Raises:
            InvalidPathError: `name` names no collection.
            ValueError: `per_page` is less than 1.

        Example:
            >>> import warnings
            >>> with warnings.catch_warnings(action="ignore"):
            ...     await api.artifact_versions("dataset", "alice/mnist/digits").count()
            1
        """
        warnings.warn("Api.artifact_versions is deprecated: it is Api.artifacts.", DeprecationWarning, 2)
        return self.artifacts(type_name, name, per_page=per_page)

    async def artifact_collection(
        self, type_name: str, name: str | Sequence[str] | ArtifactPath
    ) -> AsyncArtifactCollection:
        """Fetch one collection of versions.

        Sends one request (one more the first time that the default entity has to be asked for).

        Args:
            type_name: Its type, such as `dataset`.
            name: `entity/project/collection`. Parts that are left out come from the settings.

        Raises:
            InvalidPathError: `name` names no collection. No request was sent.
            NotFoundError: There is no such project, or no such collection of this type.
            RequestError: The request failed.

        Example:
            >>> (await api.artifact_collection("dataset", "alice/mnist/digits")).name
            'digits'
        """
        path = self._collection_path(name)
        return await fetch_collection(self._client, path, await self._locate(path.entity), type_name)

    async def artifact_collection_exists(self, name: str | Sequence[str] | ArtifactPath, type: str) -> bool:  # noqa: A002
        """Return whether there is such a collection. Sends requests as `artifact_collection` does.

        Args:
            name: `entity/project/collection`. Parts that are left out come from the settings.
            type: Its type, such as `dataset`.

        Raises:
            InvalidPathError: `name` names no collection. No request was sent.
            RequestError: The request failed, so nobody knows.

        Example:
            >>> await api.artifact_collection_exists("alice/mnist/digits", "dataset")
            True
        """
        try:
            await self.artifact_collection(type, name)
        except NotFoundError as error:
            if error.status is not None:
                raise  # Whoever answers like this may be no W&B server at all.
            return False
        return True

    def artifact_collections(
        self,
        project_name: str | Sequence[str] | ProjectPath,
        type_name: str,
        order: str | None = None,
        per_page: int = 50,
    ) -> AsyncArtifactCollections:
        """Return the collections of one type in a project: a lazy sequence.

        Sends no request itself; iterating sends one for each page, and one more the first time that the default entity
        has to be asked for.

        Args:
            project_name: `entity/project`, `project`, or the project's address in the web app.
            type_name: The type, such as `dataset`.
            order: `+` or `-` and a field, such as `-created_at`; by default as the server likes.
            per_page: The most collections that one request asks for.

        Raises:
            InvalidPathError: `project_name` names no project.
            InvalidOrderError: `order` is malformed.
            ValueError: `per_page` is less than 1.

        Example:
            >>> [collection.name async for collection in api.artifact_collections("alice/mnist", "dataset")]
            ['digits']
        """
        return AsyncArtifactCollections(
            self._client,
            self._project_path(project_name),
            self._locate,
            type_name=type_name,
            order=encode_order(order),
            per_page=per_page,
        )

    async def artifact_type(
        self, type_name: str, project: str | Sequence[str] | ProjectPath | None = None
    ) -> AsyncArtifactType:
        """Fetch one type of artifacts.

        Sends one request (one more the first time that the default entity has to be asked for).

        Args:
            type_name: Its name, such as `dataset`.
            project: `entity/project`, `project`, or the project's address in the web app; by default that of the
                settings.

        Raises:
            InvalidPathError: `project` names no project. No request was sent.
            NotFoundError: There is no such project or type.
            RequestError: The request failed.

        Example:
            >>> (await api.artifact_type("dataset", "alice/mnist")).name
            'dataset'
        """
        path = self._project_path(project or "")
        return await fetch_type(self._client, path, await self._locate(path.entity), type_name)

    def artifact_types(self, project: str | Sequence[str] | ProjectPath | None = None) -> AsyncArtifactTypes:
        """Return the types of artifacts in a project: a lazy sequence.

        Sends no request itself; iterating sends one for each 50 types, and one more the first time that the default
        entity has to be asked for.

        Args:
            project: `entity/project`, `project`, or the project's address in the web app; by default that of the
                settings.

        Raises:
            InvalidPathError: `project` names no project.

        Example:
            >>> sorted([each.name async for each in api.artifact_types("alice/mnist")])
            ['dataset', 'model']
        """
        return AsyncArtifactTypes(self._client, self._project_path(project or ""), self._locate)

    async def sweep(self, path: str | Sequence[str] | SweepPath = "") -> AsyncSweep:
        """Fetch one sweep.

        Sends one request (one more the first time that the default entity has to be asked for), none for a sweep that
        was fetched since the last `flush()`.

        Args:
            path: `entity/project/sweep`, `project/sweep`, `sweep`, or the sweep's address in the web app. A sweep is
                named by its id. Parts that are left out come from the settings; the entity, failing that, from the
                server.

        Raises:
            InvalidPathError: `path` names no sweep. No request was sent.
            NotFoundError: There is no such project or sweep.
            RequestError: The request failed.

        Example:
            >>> sweep = await api.sweep("alice/mnist/sweep-1")
            >>> sweep.name, sweep.expected_run_count
            ('learning rates', 4)
        """
        known = self._settings
        parsed = parse_sweep_path(path, entity=known.entity, project=known.project, app_url=known.app_url)
        owner = await self._locate(parsed.entity)
        key = (owner, parsed.project, parsed.sweep)
        return await self._sweeps.get(key, lambda: fetch_sweep(self._client, parsed, owner))

    def reports(
        self, path: str | Sequence[str] | ProjectPath = "", name: str | None = None, per_page: int = 50
    ) -> AsyncReports:
        """Return the reports of a project: a lazy sequence, the newest first.

        Sends no request itself; iterating sends one for each page, and one more the first time that the default entity
        has to be asked for.

        Args:
            path: `entity/project`, `project`, or the project's address in the web app; by default that of the settings.
            name: Only those of exactly this name; it is not the title.
            per_page: The most reports that one request asks for.

        Raises:
            InvalidPathError: `path` names no project.
            ValueError: `per_page` is less than 1.

        Example:
            >>> [report.display_name async for report in api.reports("alice/mnist")]
            ['Learning rates']
        """
        return AsyncReports(self._client, self._project_path(path), self._locate, name=name, per_page=per_page)

    async def from_path(
        self, path: str | Sequence[str] | AnyPath
    ) -> AsyncProject | AsyncRun | AsyncSweep | AsyncBetaReport | AsyncArtifact:
        """Fetch what a path names: a project, a run, a sweep, a report or a version of an artifact.

        Sends what the method for its kind sends, such as `run`.

        Args:
            path: `project`, `entity/project`, `entity/project/run`, a path with a word that tells the kind, such as
                `entity/project/sweeps/sweep`, or an address in the web app.

        Raises:
            InvalidPathError: `path` has no form of any kind. No request was sent.
            NotFoundError: There is nothing of this path.
            RequestError: The request failed.

        Example:
            >>> for path in ["alice/mnist", "alice/mnist/run-1", "alice/mnist/sweeps/sweep-1", "alice/mnist/digits:v0"]:
            ...     await api.from_path(path)
            <Project alice/mnist>
            <Run alice/mnist/run-1 (finished)>
            <Sweep alice/mnist/sweep-1 (FINISHED)>
            <Artifact alice/mnist/digits:v0 (dataset)>
        """
        known = self._settings
        parsed = parse_path(path, entity=known.entity, project=known.project, app_url=known.app_url)
        match parsed:
            case ProjectPath():
                owner = await self._locate(parsed.entity)
                return await self.project(parsed.project, owner)
            case RunPath():
                return await self.run(parsed)
            case SweepPath():
                return await self.sweep(parsed)
            case ArtifactPath():
                return await self.artifact(parsed)
            case ReportPath():
                return await fetch_report(self._client, parsed, await self._locate(parsed.entity))

    async def user(self, username_or_email: str) -> AsyncUser | None:
        """Fetch a user. Sends one request.

        Args:
            username_or_email: Whom to look for.

        Returns:
            The one with exactly this username or email address; failing that, the first that `users` finds; None where
            there is none, or where this API key may not see them.

        Raises:
            RequestError: The request failed.

        Example:
            >>> (await api.user("alice")).name, await api.user("nobody")
            ('alice', None)
        """
        found = await self.users(username_or_email)
        exact = [user for user in found if username_or_email in {user.username, user.email}]
        return next(iter([*exact, *found]), None)

    async def users(self, username_or_email: str) -> list[AsyncUser]:
        """Fetch the users whose username or email address holds a text. Sends one request.

        Args:
            username_or_email: The text.

        Raises:
            RequestError: The request failed.

        Example:
            >>> [user.username for user in await api.users("ali")]
            ['alice']
        """
        return await fetch_users(self._client, username_or_email)

    async def create_user(self, email: str, admin: bool = False) -> AsyncUser:  # noqa: FBT001, FBT002 - the official signature
        """Create a user. Only administrators of the server may. Sends one request.

        Args:
            email: The email address. Servers that send mail invite them.
            admin: Whether they administer the server.

        Returns:
            The user.

        Raises:
            PermissionDeniedError: This API key belongs to no administrator.
            RequestError: The request failed.

        Example:
            >>> (await api.create_user("bob@example.org")).username
            'bob'
        """
        return await create_user(self._client, email, admin=admin)

    async def team(self, team: str) -> AsyncTeam:
        """Fetch a team with its members. Sends one request.

        Args:
            team: Its name; that of a user gives their own entity.

        Raises:
            NotFoundError: There is no such team, or this API key may not see it.
            RequestError: The request failed.

        Example:
            >>> [member.username for member in (await api.team("alice")).members]
            ['alice']
        """
        return await fetch_team(self._client, team)

    async def create_team(self, team: str, admin_username: str | None = None) -> AsyncTeam:
        """Create a team. Sends one request.

        Args:
            team: Its name.
            admin_username: Who administers it; the user of this API key where absent.

        Returns:
            The team.

        Raises:
            ConflictError: The name is taken.
            RequestError: The request failed.

        Example:
            >>> (await api.create_team("vision")).name
            'vision'
        """
        return await create_team(self._client, team, admin_username)

    async def organization(self, name: str | None = None) -> Organization:
        """Fetch an organization.

        Sends one request (one more the first time that the default entity has to be asked for).

        Args:
            name: Its name; else from the settings (WANDB_ORGANIZATION), else that of the default entity.

        Raises:
            NotFoundError: There is no such organization, or the default entity belongs to none.
            UsageError: None was named, and the user belongs to several.
            RequestError: The request failed.

        Example:
            >>> (await api.organization("labs")).org_entity.name
            'labs-org'
        """
        if wanted := name or self._settings.organization:
            return await fetch_organization(self._client, wanted)
        return await fetch_organization_of(self._client, await self._locate(None))

    async def aclose(self) -> None:
        """Close the connections. Sends nothing; closing twice is fine.

        What was fetched can still be read. Whatever needs a request raises `ClosedError`.

        Example:
            >>> await api.aclose()
        """
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._settings.base_url!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{self!r} holds connections: make one in each process")

    async def _locate(self, entity: str | None) -> str:
        """Return the entity of a path: the one that it names, or the default one."""
        located = entity or await self.default_entity
        if not located:
            raise UsageError(
                "The path names no entity, and the server knows no default one for this API key.",
                hint="Write entity/project, or pass entity=... to Api, or set WANDB_ENTITY.",
            )
        return located

    def _project_path(self, path: str | Sequence[str] | ProjectPath) -> ProjectPath:
        known = self._settings
        return parse_project_path(path, entity=known.entity, project=known.project, app_url=known.app_url)

    def _artifact_path(self, path: str | Sequence[str] | ArtifactPath) -> ArtifactPath:
        known = self._settings
        return parse_artifact_path(path, entity=known.entity, project=known.project, app_url=known.app_url)

    def _collection_path(self, path: str | Sequence[str] | ArtifactPath) -> ArtifactPath:
        """Read the path of a collection.

        Raises:
            InvalidPathError: It is none, or that of one version.
        """
        parsed = self._artifact_path(path)
        if parsed.alias is not None:
            raise InvalidPathError(
                f"{str(parsed)!r} names one version, not a collection.", hint=f"Leave out ':{parsed.alias}'."
            )
        return parsed

    async def _fetch_viewer(self) -> AsyncUser:
        data = await self._client.get_viewer()
        if data.viewer is None:
            raise AuthenticationError(
                "The server does not know whose API key this is.",
                hint="settings.explain() tells where the key and the server's address came from.",
                operation="GetViewer",
                attempts=1,
            )
        return AsyncUser.of(data.viewer, self._client)
