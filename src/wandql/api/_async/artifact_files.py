"""Files of artifacts: their records, where they are, and how many of them are fetched at once."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from pydantic import PrivateAttr

from wandql.api._async.collections import AsyncSizedCollection
from wandql.api.artifact_trees import copy_reference
from wandql.api.artifact_view import ArtifactFileView, ArtifactView, MemberAddress, version_name
from wandql.api.file_view import check_names
from wandql.api.manifest import Manifest, ManifestEntry, read_manifest
from wandql.api.missing_artifacts import artifact_not_found, entry_not_found
from wandql.api.pages import Page
from wandql.api.records import bound
from wandql.client._async.client import AsyncClient
from wandql.client.bars import bar_unless
from wandql.client.paging import end_of
from wandql.client.seam_async import Lock, run_in_thread
from wandql.client.transfers._async.transfers import AsyncDownload, AsyncSource
from wandql.client.transfers.digests import Digest
from wandql.client.transfers.locations import Location
from wandql.client.transfers.places import safe_path
from wandql.client.transfers.progress import Progress
from wandql.errors import ExistingFileError, UsageError
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import ArtifactFields, ArtifactFileFields

__all__ = [
    "AsyncArtifactFile",
    "AsyncArtifactFiles",
    "address_of",
    "download_entries",
    "fetch_by_id",
    "fetch_manifest",
    "read_entry",
]

URLS_PER_PAGE: Final = 5000
NAMES_PER_PAGE: Final = 500
OTHER_ARTIFACT: Final = "wandb-artifact"
SHOWN: Final = 3


class AsyncArtifactFile(ArtifactFileView):
    """One file of a version of an artifact.

    Its addresses may be signed and expire; `download` and `read` ask for new ones where they have.

    Example:
        >>> artifact = await api.artifact("alice/mnist/digits:v0")
        >>> file = await artifact.files().first()
        >>> file.name, file.size
        ('labels.csv', 8)
    """

    _client: AsyncClient | None = PrivateAttr(default=None)
    _address: MemberAddress = PrivateAttr()

    @classmethod
    def of(cls, fields: ArtifactFileFields, client: AsyncClient, artifact: ArtifactView) -> AsyncArtifactFile:
        """Make a file of what the server sent. Sends nothing."""
        extra = {"artifact_name": artifact.qualified_name}
        return cls._extend(fields, extra, _client=client, _address=address_of(artifact))

    async def download(
        self,
        root: str | PathLike[str] = ".",
        replace: bool = False,  # noqa: FBT001, FBT002 - the official signature
        exist_ok: bool = False,  # noqa: FBT001, FBT002
    ) -> Path:
        """Download the file. It is compared with its digest, and appears in one step.

        Sends one request, and more where the connection is cut or the address has expired. Sends none for a file that
        is there already and stays. A download that fails is gone on with by the next one.

        Args:
            root: The directory to put it into, under its name, which may have directories of its own.
            replace: Whether a file that is there already is replaced.
            exist_ok: Whether a file that is there already stays as it is, whatever is in it.

        Returns:
            The path of the file.

        Raises:
            ExistingFileError: A file is there already, and it may neither be replaced nor stay.
            UnsafeNameError: The name leads out of `root`.
            LocalFileError: The file cannot be written.
            IntegrityError: What arrived is not what the server promised.
            NotFoundError: The artifact is not there any more.
            RequestError: A request failed.

        Example:
            >>> artifact = await api.artifact("alice/mnist/digits:v0")
            >>> file = await artifact.files().first()
            >>> (await file.download("downloads", replace=True)).as_posix()
            'downloads/labels.csv'
        """
        client = bound(self._client, self)
        target = safe_path(Path(root), self.name)
        try:
            with bar_unless(None, self.name, silent=client.settings.silent) as listener:
                return await client.transfers.download(
                    self._source(client),
                    target,
                    root=Path(root),
                    size=self.size,
                    digest=self._md5,
                    replace=replace,
                    progress=listener,
                )
        except ExistingFileError:
            if exist_ok:
                return target
            raise

    async def read(self) -> bytes:
        r"""Fetch the content of the file into memory. Sends requests as `download` does.

        Raises:
            IntegrityError: What arrived is not what the server promised.
            NotFoundError: The artifact is not there any more.
            RequestError: A request failed.

        Example:
            >>> artifact = await api.artifact("alice/mnist/digits:v0")
            >>> await (await artifact.files().first()).read()
            b'0,7\n1,2\n'
        """
        client = bound(self._client, self)
        return await client.transfers.read(self._source(client), self.identity, size=self.size, digest=self._md5)

    @property
    def _md5(self) -> Digest | None:
        return Digest.read(self.md5) if self.md5 else None

    def _source(self, client: AsyncClient) -> AsyncSource:
        known = {self.name: self.direct_url}
        return AsyncUrls(client, self._address, of=self.artifact_name, names=[self.name], known=known).source(self.name)


class AsyncArtifactFiles(AsyncSizedCollection[AsyncArtifactFile]):
    """The files of a version of an artifact: a lazy sequence, fetched page by page. References are not among them.

    Example:
        >>> artifact = await api.artifact("alice/mnist/digits:v0")
        >>> [file.name async for file in artifact.files()]
        ['labels.csv', 'train/images.bin']
    """

    def __init__(
        self, client: AsyncClient, artifact: ArtifactView, *, names: Sequence[str] | None, per_page: int
    ) -> None:
        super().__init__(per_page)
        self._client = client
        self._artifact = artifact
        self._names = check_names(names, None)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._artifact.identity}>"

    async def _fetch(self, after: str | None, first: int) -> Page[AsyncArtifactFile]:
        operation = operations.get_artifact_files(
            **address_of(self._artifact), names=self._names, after=after, first=first
        )
        data = await self._client.execute(operation)
        collection = data.project.artifact_collection if data.project else None
        if collection is None or collection.artifact_membership is None:
            raise artifact_not_found(self._artifact.qualified_name, operation.name)
        files = collection.artifact_membership.files
        nodes = [edge.node for edge in files.edges if edge.node] if files else []
        items = [AsyncArtifactFile.of(node, self._client, self._artifact) for node in nodes]
        return Page(items, end_of(operation, files), files.total_count if files else None)


class AsyncUrls:
    """Where the files of a version are. It asks when the first is wanted, and then for many at once.

    Args:
        client: Asks the server.
        address: Where the version is.
        of: The version's path, for errors.
        names: The files that may be wanted; None means all, which needs no list of them in the request.
        known: The addresses that are known already.
    """

    def __init__(
        self,
        client: AsyncClient,
        address: MemberAddress,
        *,
        of: str,
        names: Sequence[str] | None = None,
        known: dict[str, str] | None = None,
    ) -> None:
        self._client = client
        self._address = address
        self._of = of
        self._names = names
        self._known = known or {}
        self._used: set[str] = set()
        self._after: str | None = None
        self._is_complete = False
        self._loading = Lock()

    def source(self, name: str) -> AsyncSource:
        """Return what tells where one file is: anew each time, since addresses expire."""

        async def locate() -> Location:
            async with self._loading:
                return Location(await self._take(name))

        return locate

    async def _take(self, name: str) -> str:
        if name in self._used:
            await self._load([name])
        while name not in self._known and not self._is_complete:
            await self._load(self._neighbours(name))
        if name not in self._known:
            raise entry_not_found(self._of, name)
        self._used.add(name)
        return self._known.pop(name)

    def _neighbours(self, name: str) -> list[str] | None:
        if self._names is None:
            return None
        begin = self._names.index(name) // NAMES_PER_PAGE * NAMES_PER_PAGE
        return [each for each in self._names[begin : begin + NAMES_PER_PAGE] if each not in self._used]

    async def _load(self, names: list[str] | None) -> None:
        first = URLS_PER_PAGE if names is None else len(names)
        operation = operations.get_artifact_file_urls(**self._address, names=names, after=self._after, first=first)
        data = await self._client.execute(operation)
        collection = data.project.artifact_collection if data.project else None
        if collection is None or collection.artifact_membership is None:
            raise artifact_not_found(self._of, operation.name)
        files = collection.artifact_membership.files
        found = {edge.node.name: edge.node.direct_url for edge in files.edges if edge.node} if files else {}
        self._known.update(found)
        if names is None:
            self._after = end_of(operation, files)
            self._is_complete = self._after is None
        elif missing := [name for name in names if name not in found]:
            raise entry_not_found(self._of, missing[0])


@dataclass(frozen=True, slots=True)
class _Stored:
    """A file that a server has, and the path that it gets here."""

    path: str
    entry: ManifestEntry
    urls: AsyncUrls


async def download_entries(
    client: AsyncClient,
    artifact: ArtifactView,
    manifest: Manifest,
    entries: Sequence[ManifestEntry],
    root: Path,
    *,
    allow_missing_references: bool,
    keep: bool = True,
    progress: Progress | None,
) -> None:
    """Fetch files and references of a version into a directory, many at once.

    Sends no request for what the directory or the cache has, not even one for its address.

    Args:
        client: Sends the requests.
        artifact: The version.
        manifest: All that is in it.
        entries: What to fetch of it.
        root: The directory.
        allow_missing_references: Whether to leave out references that cannot be fetched.
        keep: Whether the cache may have the files, and gets them for the next time.
        progress: Is told how far all files together are; a bar on the terminal where None.

    Raises:
        UsageError: A reference leads where this library fetches nothing from.
        WandqlError: A file cannot be fetched; see `AsyncTransfers.download`.
    """
    places = {entry.path: safe_path(root, entry.path) for entry in entries}
    references = await _resolve(client, [entry for entry in entries if entry.ref is not None])
    stored = [each for each in references if isinstance(each, _Stored)]
    elsewhere = [each for each in references if isinstance(each, ManifestEntry)]
    odd = [entry for entry in elsewhere if entry.scheme not in {"file", "http", "https"}]
    if odd and not allow_missing_references:
        raise UsageError(
            f"{artifact.qualified_name} has {len(odd)} references that cannot be fetched from here, such as "
            f"{', '.join(str(entry.ref) for entry in odd[:SHOWN])}.",
            hint="Pass allow_missing_references=True to leave them out; get_entry(name).ref tells where each is.",
        )
    wanted = [entry for entry in entries if entry.ref is None]
    names = None if len(wanted) == len(manifest.files) else [entry.path for entry in wanted]
    urls = AsyncUrls(client, address_of(artifact), of=artifact.qualified_name, names=names)
    stored += [_Stored(entry.path, entry, urls) for entry in wanted]
    downloads = [
        AsyncDownload(
            each.urls.source(each.entry.path), places[each.path], root, each.entry.size, each.entry.checksum, keep=keep
        )
        for each in stored
    ]
    downloads += [
        AsyncDownload(_fixed(entry.ref or ""), places[entry.path], root, entry.size)
        for entry in elsewhere
        if entry.scheme in {"http", "https"}
    ]
    for entry in elsewhere:
        if entry.scheme == "file":
            await run_in_thread(copy_reference, entry, places[entry.path], root)
    with bar_unless(progress, artifact.name, silent=client.settings.silent) as listener:
        await client.transfers.download_many(downloads, progress=listener)


async def read_entry(client: AsyncClient, artifact: ArtifactView, entry: ManifestEntry) -> bytes:
    """Fetch a file of a version into memory. Sends two requests: one for its address and one for the file.

    Raises:
        UsageError: It is a reference.
        WandqlError: It cannot be fetched; see `AsyncTransfers.read`.
    """
    if entry.ref is not None:
        raise UsageError(f"{entry.path!r} is a reference to {entry.ref}.", hint="download() fetches it, where it can.")
    urls = AsyncUrls(client, address_of(artifact), of=artifact.qualified_name, names=[entry.path])
    name = f"{artifact.qualified_name}/{entry.path}"
    return await client.transfers.read(urls.source(entry.path), name, size=entry.size, digest=entry.checksum)


async def fetch_manifest(client: AsyncClient, artifact_id: str, *, of: str) -> Manifest:
    """Fetch the manifest of a version. Sends two requests: one for its address and one for the file.

    Args:
        client: Sends the requests.
        artifact_id: The version's opaque id.
        of: The version's path, for errors.

    Raises:
        NotFoundError: The version is not there, or not complete.
        DecodeError: It is no manifest.
        RequestError: A request failed.
    """

    async def locate() -> Location:
        operation = operations.get_artifact_manifest(id=artifact_id)
        artifact = (await client.execute(operation)).artifact
        if artifact is None or artifact.current_manifest is None:
            raise artifact_not_found(of, operation.name)
        return Location(artifact.current_manifest.file.direct_url)

    content = await client.transfers.read(locate, f"the manifest of {of}")
    return await run_in_thread(read_manifest, content, of=of)


async def fetch_by_id(client: AsyncClient, artifact_id: str) -> ArtifactFields:
    """Fetch the fields of a version by its opaque id. Sends one request.

    Raises:
        NotFoundError: There is none.
        RequestError: The request failed.
    """
    operation = operations.get_artifact_by_id(id=artifact_id)
    fields = (await client.execute(operation)).artifact
    if fields is None:
        raise artifact_not_found(artifact_id, operation.name)
    return fields


def address_of(artifact: ArtifactView) -> MemberAddress:
    """Return where a version is."""
    return {
        "entity": artifact.entity,
        "project": artifact.project,
        "collection": artifact.collection_name,
        "version": artifact.version,
    }


async def _resolve(client: AsyncClient, entries: Iterable[ManifestEntry]) -> list[_Stored | ManifestEntry]:
    """Find the files behind references to files of other artifacts; other references stay what they are."""
    resolved: list[_Stored | ManifestEntry] = []
    manifests: dict[str, tuple[Manifest, AsyncUrls]] = {}
    for entry in entries:
        if entry.scheme != OTHER_ARTIFACT:
            resolved.append(entry)
            continue
        parts = urlsplit(entry.ref or "")
        if parts.netloc not in manifests:
            manifests[parts.netloc] = await _fetch_other(client, parts.netloc)
        manifest, urls = manifests[parts.netloc]
        name = unquote(parts.path.lstrip("/"))
        if name not in manifest.entries:
            raise entry_not_found(entry.ref or "", name)
        other = manifest.entries[name]
        resolved.append(_Stored(entry.path, other, urls) if other.ref is None else replace(other, path=entry.path))
    return resolved


async def _fetch_other(client: AsyncClient, hexadecimal: str) -> tuple[Manifest, AsyncUrls]:
    try:
        artifact_id = b64encode(bytes.fromhex(hexadecimal)).decode()
    except ValueError:
        raise artifact_not_found(f"{OTHER_ARTIFACT}://{hexadecimal}", "GetArtifactByID") from None
    fields = await fetch_by_id(client, artifact_id)
    source = fields.artifact_sequence
    address: MemberAddress = {
        "entity": source.project.entity,
        "project": source.project.name,
        "collection": source.name,
        "version": version_name(fields.version_index),
    }
    of = "{entity}/{project}/{collection}:{version}".format(**address)
    return await fetch_manifest(client, artifact_id, of=of), AsyncUrls(client, address, of=of)


def _fixed(url: str) -> AsyncSource:
    async def locate() -> Location:
        return Location(url)

    return locate
