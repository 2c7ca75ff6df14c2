# Derived from src/wandql/api/_async/artifacts.py by `make generate`: edit that file instead.
"""Versions of artifacts: one, those of a collection, and those that a run logged or used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from pydantic import PrivateAttr
from pydantic_core import to_json

from wandql.api._sync.artifact_files import (
    ArtifactFiles,
    download_entries,
    fetch_by_id,
    fetch_manifest,
    read_entry,
)
from wandql.api._sync.collections import SizedCollection
from wandql.api._sync.waiting import look_until
from wandql.api.artifact_trees import default_root, prune_tree, verify_tree
from wandql.api.artifact_view import ArtifactView, check_aliases, path_of, version_name
from wandql.api.manifest import Manifest, ManifestEntry
from wandql.api.missing import found_run, project_not_found
from wandql.api.missing_artifacts import (
    artifact_not_found,
    check_done,
    collection_not_found,
    entry_not_found,
    not_done,
)
from wandql.api.pages import Mark, Page
from wandql.api.records import bound
from wandql.api.run_view import RunView
from wandql.api.run_view import address_of as address_of_run
from wandql.client._sync.client import Client
from wandql.client.paging import end_of
from wandql.client.seam_sync import run_in_thread
from wandql.client.transfers.places import safe_path
from wandql.client.transfers.progress import Progress
from wandql.errors import InvalidPathError, RequestTimeoutError, UsageError
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import ArtifactFields, MembershipFields, RunFields
from wandql.graphql.generated.input_types import ArtifactAliasInput, ArtifactCollectionAliasInput, TagInput
from wandql.graphql.scalars import JSONObject
from wandql.paths import ArtifactPath, parse_artifact_path

if TYPE_CHECKING:
    from wandql.api._sync.artifact_collections import ArtifactCollection
    from wandql.api._sync.run import Run
    from wandql.graphql.generated.get_run_input_artifacts import GetRunInputArtifactsProjectRunInputArtifacts
    from wandql.graphql.generated.get_run_output_artifacts import GetRunOutputArtifactsProjectRunOutputArtifacts

    Versions: TypeAlias = GetRunInputArtifactsProjectRunInputArtifacts | GetRunOutputArtifactsProjectRunOutputArtifacts

__all__ = [
    "Artifact",
    "ArtifactEntry",
    "Artifacts",
    "RunArtifacts",
    "fetch_artifact",
    "log_artifact",
    "use_artifact",
]

LATEST: Final = "latest"
PENDING: Final = "PENDING"
COMMITTED: Final = to_json({"state": "COMMITTED"}).decode()


class Artifact(ArtifactView):
    """One version of an artifact, as part of one collection: its fields, views of them, and what can be done with it.

    Reading an attribute sends no request, but for `manifest`, `collection`, `source_artifact`, `source_collection` and
    `linked_artifacts`.

    Example:
        >>> artifact = api.artifact("alice/mnist/digits:latest")
        >>> artifact.name, artifact.type, artifact.aliases, artifact.metadata["rows"]
        ('digits:v0', 'dataset', ['latest'], 2)
    """

    _client: Client | None = PrivateAttr(default=None)
    _manifest: Manifest | None = PrivateAttr(default=None)

    @classmethod
    def of(
        cls,
        fields: ArtifactFields,
        client: Client,
        *,
        entity: str | None = None,
        project: str | None = None,
        collection: str | None = None,
        version: str | None = None,
    ) -> Artifact:
        """Make a version of what the server sent; of the collection where it was logged, if none is given."""
        source = fields.artifact_sequence
        place = ArtifactPath(
            entity or source.project.entity,
            project or source.project.name,
            collection or source.name,
            version or version_name(fields.version_index) or None,
        )
        extra = {
            "entity": place.entity,
            "project": place.project,
            "collection_name": place.name,
            "version": place.alias or "",
            "url": place.url(client.app_url, fields.artifact_type.name),
        }
        return cls._extend(fields, extra, _client=client)

    # What is in it

    @property
    def manifest(self) -> Manifest:
        """The list of what is in it. Sends two requests, then none: it never changes.

        Raises:
            NotFoundError: The version is not there any more, or not complete.
            DecodeError: It cannot be read.
            RequestError: A request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.manifest.entries["labels.csv"].size
            8
        """
        if self._manifest is None:
            self._manifest = fetch_manifest(bound(self._client, self), self.id, of=self.qualified_name)
        return self._manifest

    def files(self, names: Sequence[str] | None = None, per_page: int = 50) -> ArtifactFiles:
        """Return the files: a lazy sequence, in the order of names. References are not among them.

        Sends no request itself; iterating sends one for each page.

        Args:
            names: The names of those to return; by default all.
            per_page: The most files that one request asks for.

        Raises:
            UsageError: `names` is no list of text.
            ValueError: `per_page` is less than 1.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> [(file.name, file.size) for file in artifact.files()]
            [('labels.csv', 8), ('train/images.bin', 4)]
        """
        return ArtifactFiles(bound(self._client, self), self, names=names, per_page=per_page)

    def get_entry(self, name: str) -> ArtifactEntry:
        """Return one file or reference of the manifest. Sends two requests the first time, then none.

        Args:
            name: Its path within the artifact, with forward slashes.

        Raises:
            MissingEntryError: It has no such file. It is a `NotFoundError` and a `KeyError`.
            NotFoundError: The version is not there any more.
            RequestError: A request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.get_entry("labels.csv").digest
            'wL2/OTgOl2a/TpZrQFIkgQ=='
        """
        entry = self.manifest.entries.get(name)
        if entry is None:
            raise entry_not_found(self.qualified_name, name)
        return ArtifactEntry(bound(self._client, self), self, entry)

    def get_path(self, name: str) -> ArtifactEntry:
        """Do the same as `get_entry`, under its old name. Sends requests as that does.

        Args:
            name: Its path within the artifact, with forward slashes.

        Returns:
            The entry.

        Raises:
            MissingEntryError: It has no such file. It is a `NotFoundError` and a `KeyError`.
            NotFoundError: The version is not there any more.
            RequestError: A request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.get_path("labels.csv").size
            8
        """
        return self.get_entry(name)

    # Fetching it

    def download(
        self,
        root: str | PathLike[str] | None = None,
        allow_missing_references: bool = False,  # noqa: FBT001, FBT002 - the official signature
        skip_cache: bool | None = None,  # noqa: FBT001 - the official signature
        path_prefix: str | None = None,
        multipart: bool | None = None,  # noqa: ARG002, FBT001 - the official signature
        *,
        progress: Progress | None = None,
    ) -> Path:
        r"""Download all files into a directory, many at once, and what references lead to.

        Each file is compared with its digest, and appears in one step. What the directory or the cache has already
        costs no request. A download that was cut is gone on with by the next one. Other files in the directory stay.

        Sends two requests for the manifest the first time, one for each 5,000 addresses where a file is missing, and
        one for each file that is missing. References by `http` and `https` are fetched each time, since they have no
        digest to compare; those by `file` are copied; those to other artifacts are fetched from there.

        Args:
            root: The directory; by default `digits:v3` below `settings.artifact_dir`, which is `artifacts` unless
                WANDB_ARTIFACT_DIR is set.
            allow_missing_references: Whether to leave out references that cannot be fetched from here, such as `s3`.
            skip_cache: Whether to look at no cache and to keep nothing in it: for what the disk cannot hold twice.
            path_prefix: How the paths begin of what to fetch, such as `train/`; by default everything is.
            multipart: As in older scripts; it makes no difference, since a download that is cut is gone on with.
            progress: Is told how many bytes are there, and how many there will be. Without it a bar is shown to who
                watches a terminal for longer than a second, where rich is installed and `WANDB_SILENT` is not set.

        Returns:
            The directory.

        Raises:
            UsageError: There are references that cannot be fetched from here. Nothing was fetched.
            UnsafeNameError: A name leads out of the directory. Nothing was fetched.
            LocalFileError: A file cannot be read or written.
            IntegrityError: What arrived is not what the server promised.
            NotFoundError: The version is not there any more.
            RequestError: A request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> directory = artifact.download("downloads")
            >>> (directory / "labels.csv").read_text()
            '0,7\n1,2\n'
        """
        folder = self._folder(root)
        manifest = self.manifest
        download_entries(
            bound(self._client, self),
            self,
            manifest,
            manifest.below(path_prefix),
            folder,
            allow_missing_references=allow_missing_references,
            keep=not skip_cache,
            progress=progress,
        )
        run_in_thread(folder.mkdir, parents=True, exist_ok=True)
        return folder

    def file(self, root: str | PathLike[str] | None = None) -> Path:
        """Download the only file of an artifact that has one. Sends requests as `download` does.

        Args:
            root: The directory to put it into; by default that of `download`.

        Returns:
            The path of the file.

        Raises:
            ValueError: It has more files than one, or none. Nothing was fetched.
            WandqlError: It cannot be fetched; see `download`.

        Example:
            >>> artifact = api.artifact("alice/mnist/weights:best")
            >>> artifact.file("downloads").as_posix()
            'downloads/weights.bin'
        """
        entries = self.manifest.entries
        if len(entries) != 1:
            raise ValueError(f"{self.qualified_name} has {len(entries)} files, not one: download() fetches all of them")
        return self.get_entry(next(iter(entries))).download(root)

    def verify(self, root: str | PathLike[str] | None = None) -> None:
        """Compare a directory with the manifest: each file is there with its content, and no other file is.

        References are not compared. Sends two requests the first time, for the manifest, then none.

        Args:
            root: The directory; by default that of `download`.

        Raises:
            IntegrityError: A file is missing, differs, or should not be there.
            LocalFileError: A file cannot be read.
            NotFoundError: The version is not there any more.
            RequestError: A request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.verify(artifact.download("verified"))
        """
        manifest = self.manifest
        run_in_thread(verify_tree, self._folder(root), manifest, of=self.qualified_name)

    def checkout(self, root: str | PathLike[str] | None = None) -> Path:
        """Make a directory what the artifact is: download it, and delete all other files in the directory.

        Sends requests as `download` does.

        Args:
            root: The directory; by default that of `download`.

        Returns:
            The directory.

        Raises:
            LocalFileError: A file cannot be deleted.
            WandqlError: A file cannot be fetched; see `download`. Nothing was deleted.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.checkout("checked-out").as_posix()
            'checked-out'
        """
        folder = self.download(root)
        run_in_thread(prune_tree, folder, self.manifest)
        return folder

    # What it belongs to

    @property
    def collection(self) -> ArtifactCollection:
        """The collection that this version is part of here. Sends one request, each time.

        Raises:
            NotFoundError: It is not there any more.
            RequestError: The request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.collection.name
            'digits'
        """
        from wandql.api._sync.artifact_collections import fetch_collection

        path = ArtifactPath(self.entity, self.project, self.collection_name)
        return fetch_collection(bound(self._client, self), path, self.entity, self.type)

    @property
    def source_artifact(self) -> Artifact:
        """This version as part of the collection where it was logged: itself, unless it is a link.

        Sends one request for a link, each time, and none otherwise.

        Raises:
            NotFoundError: It is not there any more.
            RequestError: The request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> link = artifact.link("alice/mnist/gold")
            >>> link.source_artifact.name
            'digits:v0'
        """
        if not self.is_link:
            return self
        client = bound(self._client, self)
        return Artifact.of(fetch_by_id(client, self.id), client)

    @property
    def source_collection(self) -> ArtifactCollection:
        """The collection where this version was logged. Sends one request, each time.

        Raises:
            NotFoundError: It is not there any more.
            RequestError: The request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.source_collection.name
            'digits'
        """
        from wandql.api._sync.artifact_collections import fetch_collection

        path = ArtifactPath(self.source_entity, self.source_project, self.artifact_sequence.name)
        return fetch_collection(bound(self._client, self), path, self.source_entity, self.type)

    @property
    def linked_artifacts(self) -> list[Artifact]:
        """This version as part of each collection that it was linked into. Sends two requests, each time.

        Raises:
            NotFoundError: It is not there any more.
            RequestError: A request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> _ = artifact.link("alice/mnist/gold")
            >>> [link.qualified_name for link in artifact.linked_artifacts]
            ['alice/mnist/gold:v0']
        """
        client = bound(self._client, self)
        asking = operations.get_artifact_memberships(id=self.id)
        found = client.execute(asking).artifact
        if found is None:
            raise artifact_not_found(self.qualified_name, asking.name)
        fields = fetch_by_id(client, self.id)
        source = (self.source_entity, self.source_project, self.artifact_sequence.name)
        members = [edge.node for edge in found.artifact_memberships.edges if edge.node]
        places = [(path_of(of), node.version_index) for node in members if (of := node.artifact_collection)]
        return [
            Artifact.of(
                fields, client, entity=place[0], project=place[1], collection=place[2], version=version_name(index)
            )
            for place, index in places
            if place != source
        ]

    def wait(self, timeout: float | None = None, poll: float = 1.0) -> Artifact:
        """Wait until the version is complete. One that was fetched by name is.

        Sends one request at once, and one more after every `poll` seconds.

        Args:
            timeout: How long to wait at most, in seconds; by default for ever.
            poll: How long to wait before the next look, in seconds.

        Returns:
            This version, with what is known of it by then.

        Raises:
            ValueError: `poll` is not more than 0.
            RequestTimeoutError: It was not complete by then. It is a TimeoutError, too.
            NotFoundError: It is not there any more.
            RequestError: A request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.wait(timeout=60).state == "COMMITTED"
            True
        """
        client = bound(self._client, self)

        def look() -> Artifact | None:
            fields = fetch_by_id(client, self.id)
            self._absorb(fields)
            return None if fields.state == PENDING else self

        def late(waited: float) -> RequestTimeoutError:
            return RequestTimeoutError(
                f"The version {self.qualified_name} is still being uploaded after {waited:.0f} seconds.",
                hint="Wait longer, or ask whoever logs it.",
                operation="GetArtifactByID",
                path=self.qualified_name,
            )

        return look_until(look, clock=client.clock, poll=poll, timeout=timeout, late=late)

    def logged_by(self) -> Run | None:
        """Fetch the run that logged this version; None where a user uploaded it, or the run is gone.

        Sends one request.

        Raises:
            NotFoundError: The version is not there any more.
            RequestError: The request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.logged_by().name
            'diverged'
        """
        from wandql.api._sync.run import Run

        client = bound(self._client, self)
        operation = operations.get_artifact_created_by(id=self.id, with_history_keys=True)
        artifact = client.execute(operation).artifact
        if artifact is None:
            raise artifact_not_found(self.qualified_name, operation.name)
        maker = artifact.created_by
        if not isinstance(maker, RunFields) or maker.project is None:
            return None
        return Run.of(maker, client, entity=maker.project.entity, project=maker.project.name)

    def used_by(self) -> list[Run]:
        """Fetch the runs that used this version, in the order of the server.

        Sends one request for each 50 runs.

        Raises:
            NotFoundError: The version is not there any more.
            RequestError: A request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> [run.name for run in artifact.used_by()]
            ['baseline']
        """
        from wandql.api._sync.run import Run

        client = bound(self._client, self)
        runs: list[Run] = []
        after: str | None = None
        while True:
            operation = operations.get_artifact_used_by(id=self.id, after=after)
            artifact = client.execute(operation).artifact
            if artifact is None:
                raise artifact_not_found(self.qualified_name, operation.name)
            runs += [
                Run.of(edge.node, client, entity=edge.node.project.entity, project=edge.node.project.name)
                for edge in artifact.used_by.edges
                if edge.node.project
            ]
            after = end_of(operation, artifact.used_by)
            if after is None:
                return runs

    # Changing it

    def save(self) -> None:
        """Save what was changed here: `description`, `metadata`, `ttl`, `tags` and `aliases`.

        Sends one request for new aliases, one for those that were taken away, and one for everything else that changed:
        none where nothing did. Tags and aliases are sent as differences, so those that somebody else gave stay;
        metadata are replaced as a whole.

        Raises:
            UsageError: A value cannot be written as JSON, or an alias is malformed. No request was sent.
            PermissionDeniedError: This API key may not change it.
            ReplyError: The server did not do it.
            RequestError: A request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.description = "Two rows."
            >>> artifact.aliases.append("reviewed")
            >>> artifact.save()
            >>> sorted(api.artifact("alice/mnist/digits:reviewed").aliases)
            ['latest', 'reviewed']
        """
        client, patch = bound(self._client, self), self._patch()
        if patch.aliases_to_add:
            adding = operations.add_aliases(id=self.id, aliases=self._inputs(patch.aliases_to_add))
            added = client.execute(adding).add_aliases
            check_done(added is not None and added.success, self.qualified_name, adding.name)
        if patch.aliases_to_delete:
            # That an alias is gone already is no failure: it is what was wanted.
            client.delete_aliases(id=self.id, aliases=self._inputs(patch.aliases_to_delete))
        if patch.has_fields:
            operation = operations.update_artifact(
                id=self.id,
                description=patch.description,
                metadata_json=patch.metadata_json,
                ttl_duration_seconds=patch.ttl_duration_seconds,
                tags_to_add=[TagInput(tag_name=tag) for tag in patch.tags_to_add] or None,
                tags_to_delete=[TagInput(tag_name=tag) for tag in patch.tags_to_delete] or None,
            )
            updated = client.execute(operation).update_artifact
            if updated is None:
                raise artifact_not_found(self.qualified_name, operation.name)
            self._absorb(updated.artifact)
        elif patch.has_aliases:
            self._absorb(fetch_by_id(client, self.id))

    def delete(self, delete_aliases: bool = False) -> None:  # noqa: FBT001, FBT002 - the official signature
        """Delete this version, with its files; of a link the link alone. There is no way back.

        Sends one request; for a link two, of which one finds the collection.

        Args:
            delete_aliases: Whether a version that has aliases may go, with them.

        Raises:
            ConflictError: It has aliases.
            NotFoundError: It is not there any more.
            PermissionDeniedError: This API key may not delete it.
            RequestError: The request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.delete(delete_aliases=True)
            >>> api.artifact_exists("alice/mnist/digits:v0")
            False
        """
        if self.is_link:
            return self.unlink()
        client = bound(self._client, self)
        operation = operations.delete_artifact(id=self.id, delete_aliases=delete_aliases)
        if client.execute(operation).delete_artifact is None:
            raise artifact_not_found(self.qualified_name, operation.name)
        return None

    def link(self, target_path: str, aliases: Sequence[str] | None = None) -> Artifact:
        """Link this version into a portfolio, which is made where it is missing. Sends one request.

        Args:
            target_path: `entity/project/portfolio`. Parts that are left out are those of the project where the version
                was logged.
            aliases: The aliases that it gets there, beside `latest`.

        Returns:
            The version, as part of the portfolio.

        Raises:
            InvalidPathError: `target_path` names no collection, or an alias is malformed. No request was sent.
            PermissionDeniedError: This API key may not write there.
            ReplyError: The server did not do it.
            RequestError: The request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.link("alice/mnist/gold", aliases=["approved"]).qualified_name
            'alice/mnist/gold:v0'
        """
        client = bound(self._client, self)
        path = parse_artifact_path(target_path, entity=self.source_entity, project=self.source_project)
        if path.alias is not None:
            raise InvalidPathError(
                f"{target_path!r} names one version, not a collection.", hint="Pass aliases=[...] for aliases."
            )
        operation = operations.link_artifact(
            id=self.id,
            entity=path.entity or self.source_entity,
            project=path.project,
            portfolio=path.name,
            aliases=[
                ArtifactAliasInput(artifact_collection_name=path.name, alias=alias)
                for alias in check_aliases(aliases or [])
            ],
        )
        linked = client.execute(operation).link_artifact
        member = linked.artifact_membership if linked else None
        if member is None:
            raise not_done(str(path), operation.name)
        return member_artifact(member, client)

    def unlink(self) -> None:
        """Take this version out of the portfolio that it is part of here. Its source stays.

        Sends two requests, of which the first finds the portfolio.

        Raises:
            UsageError: This is no link: it was logged here. No request was sent.
            NotFoundError: It is not in the portfolio any more.
            ReplyError: The server did not do it.
            RequestError: A request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> link = artifact.link("alice/mnist/gold")
            >>> link.unlink()
            >>> api.artifact_exists("alice/mnist/gold:v0")
            False
        """
        if not self.is_link:
            raise UsageError(
                f"{self.qualified_name} is no link: it was logged here.", hint="delete() deletes a version itself."
            )
        client = bound(self._client, self)
        asking = operations.get_artifact_memberships(id=self.id)
        found = client.execute(asking).artifact
        nodes = [edge.node for edge in found.artifact_memberships.edges if edge.node] if found else []
        here = (self.entity, self.project, self.collection_name)
        portfolio = next(
            (of.id for node in nodes if (of := node.artifact_collection) and path_of(of) == here),
            None,
        )
        if portfolio is None:
            raise artifact_not_found(self.qualified_name, asking.name)
        operation = operations.unlink_artifact(id=self.id, portfolio_id=portfolio)
        unlinked = client.execute(operation).unlink_artifact
        check_done(unlinked is not None and unlinked.success, self.qualified_name, operation.name)

    def _inputs(self, aliases: Sequence[str]) -> list[ArtifactCollectionAliasInput]:
        place = {
            "entity_name": self.entity,
            "project_name": self.project,
            "artifact_collection_name": self.collection_name,
        }
        return [ArtifactCollectionAliasInput(**place, alias=alias) for alias in aliases]

    def _folder(self, root: str | PathLike[str] | None) -> Path:
        if root is not None:
            return Path(root)
        return default_root(bound(self._client, self).settings.artifact_dir, self.name)


class ArtifactEntry:
    """One file of a version, or a reference to one that is stored elsewhere.

    Example:
        >>> artifact = api.artifact("alice/mnist/digits:v0")
        >>> entry = artifact.get_entry("labels.csv")
        >>> entry.path, entry.size, entry.ref
        ('labels.csv', 8, None)
    """

    def __init__(self, client: Client, artifact: Artifact, entry: ManifestEntry) -> None:
        self._client = client
        self._artifact = artifact
        self._entry = entry

    @property
    def artifact(self) -> Artifact:
        """The version that it is of. Sends no request."""
        return self._artifact

    @property
    def path(self) -> str:
        """Its path within the artifact, with forward slashes. Sends no request."""
        return self._entry.path

    @property
    def digest(self) -> str:
        """The MD5 of the content, base64; of a reference, whatever tells its content. Sends no request."""
        return self._entry.digest

    @property
    def size(self) -> int | None:
        """How many bytes it has; None where nobody knows. Sends no request."""
        return self._entry.size

    @property
    def ref(self) -> str | None:
        """The URI of the content if it is stored elsewhere, else None. Sends no request."""
        return self._entry.ref

    @property
    def extra(self) -> JSONObject:
        """What else was noted of a reference, such as the version of an object in S3. Sends no request."""
        return self._entry.extra

    def ref_target(self) -> str:
        """Return the URI of the content. Sends no request.

        Raises:
            ValueError: It is a file of the artifact, not a reference.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.get_entry("labels.csv").ref_target()
            Traceback (most recent call last):
            ValueError: 'labels.csv' is a file of alice/mnist/digits:v0, not a reference
        """
        if self.ref is None:
            raise ValueError(f"{self.path!r} is a file of {self._artifact.qualified_name}, not a reference")
        return self.ref

    def download(self, root: str | PathLike[str] | None = None) -> Path:
        """Download it. Sends none where it is there already, else one request for its address and one for it.

        Args:
            root: The directory to put it into, under its path; by default that of the artifact.

        Returns:
            The path of the file.

        Raises:
            UsageError: It is a reference that cannot be fetched from here.
            UnsafeNameError: The name leads out of the directory.
            LocalFileError: A file cannot be read or written.
            IntegrityError: What arrived is not what the server promised.
            RequestError: A request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.get_entry("labels.csv").download("downloads").as_posix()
            'downloads/labels.csv'
        """
        artifact = self._artifact
        folder = default_root(self._client.settings.artifact_dir, artifact.name) if root is None else Path(root)
        download_entries(
            self._client,
            artifact,
            artifact.manifest,
            [self._entry],
            folder,
            allow_missing_references=False,
            progress=None,
        )
        return safe_path(folder, self.path)

    def read(self) -> bytes:
        r"""Fetch the content into memory. Sends two requests: one for its address and one for it.

        Raises:
            UsageError: It is a reference.
            IntegrityError: What arrived is not what the server promised.
            RequestError: A request failed.

        Example:
            >>> artifact = api.artifact("alice/mnist/digits:v0")
            >>> artifact.get_entry("labels.csv").read()
            b'0,7\n1,2\n'
        """
        return read_entry(self._client, self._artifact, self._entry)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ArtifactEntry):
            return NotImplemented
        return (self._artifact.id, self._entry) == (other._artifact.id, other._entry)

    def __hash__(self) -> int:
        return hash((self._artifact.id, self.path))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path} of {self._artifact.qualified_name}>"


class Artifacts(SizedCollection[Artifact]):
    """The complete versions of a collection: a lazy sequence, fetched page by page.

    Example:
        >>> versions = api.artifacts("dataset", "alice/mnist/digits")
        >>> [version.name for version in versions]
        ['digits:v0']
    """

    def __init__(
        self,
        client: Client,
        path: ArtifactPath,
        locate: Callable[[str | None], str],
        *,
        type_name: str,
        order: str | None = None,
        tags: Sequence[str] = (),
        per_page: int,
    ) -> None:
        super().__init__(per_page)
        self._client = client
        self._path = path
        self._locate = locate
        self._type_name = type_name
        self._order = order
        self._tags = frozenset(tags)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._path}>"

    def _fetch(self, after: str | None, first: int) -> Page[Artifact]:
        assumed = self._path.entity is None
        entity, project, collection = self._locate(self._path.entity), self._path.project, self._path.name
        operation = operations.get_artifact_versions(
            entity=entity,
            project=project,
            artifact_type=self._type_name,
            collection=collection,
            filters=COMMITTED,
            order=self._order,
            after=after,
            first=first,
        )
        found = self._client.execute(operation).project
        if found is None:
            raise project_not_found(entity, project, operation.name, assumed=assumed)
        if found.artifact_type is None or found.artifact_type.artifact_collection is None:
            raise collection_not_found(f"{entity}/{project}/{collection}", self._type_name, operation.name)
        self._path = ArtifactPath(entity, project, collection)
        versions = found.artifact_type.artifact_collection.artifacts
        edges = versions.edges if versions else []
        items = [
            Artifact.of(
                edge.node,
                self._client,
                entity=entity,
                project=project,
                collection=collection,
                version=edge.version,
            )
            if self._tags <= {tag.name for tag in edge.node.tag_nodes}
            else None
            for edge in edges
        ]
        # What the server counts are versions with any tags.
        total = versions.total_count if versions and not self._tags else None
        marks = [Mark(edge.node.id, edge.cursor) for edge in edges]
        return Page(items, end_of(operation, versions), total, marks)


class RunArtifacts(SizedCollection[Artifact]):
    """The versions that a run logged or used: a lazy sequence, fetched page by page.

    Example:
        >>> run = api.run("alice/mnist/run-1")
        >>> [artifact.name for artifact in run.used_artifacts()]
        ['digits:v0']
    """

    def __init__(self, client: Client, run: RunView, *, mode: Literal["logged", "used"], per_page: int) -> None:
        super().__init__(per_page)
        self._client = client
        self._run = run
        self._mode = mode

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._mode} by {self._run.identity}>"

    def _fetch(self, after: str | None, first: int) -> Page[Artifact]:
        address = address_of_run(self._run)
        if self._mode == "logged":
            outputs = operations.get_run_output_artifacts(**address, after=after, first=first)
            writer = found_run(self._client.execute(outputs).project, address, outputs.name)
            return self._page(writer.output_artifacts, end_of(outputs, writer.output_artifacts))
        inputs = operations.get_run_input_artifacts(**address, after=after, first=first)
        reader = found_run(self._client.execute(inputs).project, address, inputs.name)
        return self._page(reader.input_artifacts, end_of(inputs, reader.input_artifacts))

    def _page(self, page: Versions | None, end: str | None) -> Page[Artifact]:
        found = [(edge.node, edge.cursor) for edge in page.edges if edge.node] if page else []
        items = [Artifact.of(node, self._client) for node, _ in found]
        marks = [Mark(node.id, cursor) for node, cursor in found]
        return Page(items, end, page.total_count if page else None, marks)


def use_artifact(client: Client, run: RunView, artifact: Artifact, role: str | None) -> Artifact:
    """Record that a run uses a version, and return the version. Sends one request.

    Raises:
        NotFoundError: One of both is not there any more.
        RequestError: The request failed.
    """
    operation = operations.use_artifact(
        **address_of_run(run),
        id=artifact.id,
        used_as=role,
        artifact_entity=artifact.entity,
        artifact_project=artifact.project,
    )
    if client.execute(operation).use_artifact is None:
        raise artifact_not_found(artifact.qualified_name, operation.name)
    return artifact


def log_artifact(
    client: Client,
    run: RunView,
    artifact: Artifact,
    aliases: Sequence[str] | None,
    tags: Sequence[str] | None,
) -> Artifact:
    """Record a version that is there already as output of a run. See `Run.log_artifact`.

    Raises:
        UsageError: The version is of another project, or not complete. No request was sent.
        InvalidPathError: An alias is malformed. No request was sent.
        ReplyError: The server began a new version, or none.
        RequestError: The request failed.
    """
    if (artifact.source_entity, artifact.source_project) != (run.entity, run.project):
        raise UsageError(
            f"{artifact.source_qualified_name} is not of the project {run.entity}/{run.project}, where the run is.",
            hint="A run uses versions of other projects; what it logs is of its own.",
        )
    if not artifact.source_version:
        raise UsageError(f"{artifact.qualified_name} is not complete yet: it has no version.")
    collection = artifact.artifact_sequence.name
    operation = operations.create_artifact(
        **address_of_run(run),
        artifact_type=artifact.type,
        collections=[collection],
        digest=artifact.digest,
        aliases=[
            ArtifactAliasInput(artifact_collection_name=collection, alias=alias)
            for alias in check_aliases(aliases or [])
        ],
        tags=[TagInput(tag_name=tag) for tag in tags or []] or None,
    )
    created = client.execute(operation).create_artifact
    if created is None or created.artifact.version_index is None:
        raise not_done(artifact.qualified_name, operation.name)
    return Artifact.of(created.artifact, client)


def fetch_artifact(client: Client, path: ArtifactPath, entity: str, type_name: str | None = None) -> Artifact:
    """Fetch one version. Sends one request.

    Args:
        client: Sends the request.
        path: The version; `latest` where no alias is given.
        entity: The user or team that owns the project.
        type_name: The type that it has to be of; any where absent.

    Raises:
        NotFoundError: There is no such project or version, or it has another type.
        RequestError: The request failed.
    """
    alias = path.alias or LATEST
    operation = operations.get_artifact(entity=entity, project=path.project, artifact=f"{path.name}:{alias}")
    project = client.execute(operation).project
    if project is None:
        raise project_not_found(entity, path.project, operation.name, assumed=path.entity is None)
    asked = f"{entity}/{path.project}/{path.name}:{alias}"
    member = project.artifact_collection_membership
    if member is None or member.artifact is None:
        raise artifact_not_found(asked, operation.name)
    if type_name is not None and member.artifact.artifact_type.name != type_name:
        raise artifact_not_found(asked, operation.name, type_name=type_name)
    return member_artifact(member, client)


def member_artifact(member: MembershipFields, client: Client) -> Artifact:
    """Make a version of what the server sent of it as part of one collection. Sends nothing.

    Raises:
        NotFoundError: The server holds the version back.
    """
    if member.artifact is None:
        raise artifact_not_found(member.id, "GetArtifact")
    home = member.artifact_collection
    return Artifact.of(
        member.artifact,
        client,
        entity=home.project.entity if home else None,
        project=home.project.name if home else None,
        collection=home.name if home else None,
        version=version_name(member.version_index),
    )
