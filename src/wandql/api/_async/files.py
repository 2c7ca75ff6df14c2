"""Files of runs."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from pydantic import PrivateAttr

from wandql.api._async.collections import AsyncSizedCollection
from wandql.api.file_view import FileView, check_names, check_readable, is_uploaded, name_below
from wandql.api.missing import file_not_found, found_run
from wandql.api.pages import Mark, Page
from wandql.api.records import bound
from wandql.api.run_view import RunAddress, RunView, address_of
from wandql.client._async.client import AsyncClient
from wandql.client.bars import bar_unless
from wandql.client.paging import end_of
from wandql.client.transfers._async.transfers import AsyncSource
from wandql.client.transfers.digests import Digest
from wandql.client.transfers.locations import Location
from wandql.client.transfers.places import safe_path
from wandql.errors import ExistingFileError, ReplyError
from wandql.graphql.generated import operations
from wandql.graphql.generated.fragments import FileFields

__all__ = ["AsyncFile", "AsyncFiles", "fetch_file", "upload_file"]


class AsyncFile(FileView):
    """One file of a run.

    Its addresses may be signed and expire; `download` and `read` ask for new ones where they have.

    Example:
        >>> run = await api.run("alice/mnist/run-1")
        >>> file = await run.file("model/weights.bin")
        >>> file.name, file.size, file.mimetype
        ('model/weights.bin', 8, 'application/octet-stream')
    """

    _client: AsyncClient | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, fields: FileFields, client: AsyncClient, run: RunView) -> AsyncFile:
        """Make a file of what the server sent. Sends nothing."""
        return cls._extend(fields, {**address_of(run), "project_id": run.project_id}, _client=client)

    async def download(
        self,
        root: str | PathLike[str] = ".",
        replace: bool = False,  # noqa: FBT001, FBT002 - the official signature
        exist_ok: bool = False,  # noqa: FBT001, FBT002
    ) -> Path:
        r"""Download the file. It is compared with its digest, and appears in one step.

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
            NotFoundError: The run has no such file any more.
            RequestError: A request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> path = await (await run.file("model/weights.bin")).download("downloads")
            >>> path.as_posix(), path.read_bytes()
            ('downloads/model/weights.bin', b'\x00\x01\x02\x03\x04\x05\x06\x07')
        """
        client = bound(self._client, self)
        target = safe_path(Path(root), self.name)
        try:
            with bar_unless(None, self.name, silent=client.settings.silent) as listener:
                return await client.transfers.download(
                    self._source(),
                    target,
                    root=Path(root),
                    size=self.size,
                    digest=self._digest,
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
            NotFoundError: The run has no such file any more.
            RequestError: A request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> await (await run.file("config.yaml")).read()
            b'lr: 0.1\n'
        """
        client = bound(self._client, self)
        return await client.transfers.read(self._source(), self.identity, size=self.size, digest=self._digest)

    async def delete(self) -> None:
        """Delete the file. There is no way back. Sends one request.

        Raises:
            NotFoundError: It is not there any more.
            PermissionDeniedError: This API key may not delete it.
            RequestError: The request failed.

        Example:
            >>> run = await api.run("alice/mnist/run-1")
            >>> await (await run.file("config.yaml")).delete()
            >>> [file.name async for file in run.files()]
            ['model/weights.bin', 'wandb-metadata.json']
        """
        await bound(self._client, self).delete_files(files=[self.id], project_id=self.project_id)

    @property
    def _digest(self) -> Digest | None:
        return Digest.read(self.md5) if self.md5 else None

    def _source(self) -> AsyncSource:
        """Return what tells where the file is: what is known at first, and then, since that expired, the server."""
        known = [self.direct_url]

        async def locate() -> Location:
            if known:
                return Location(known.pop())
            address: RunAddress = {"entity": self.entity, "project": self.project, "run": self.run}
            fields = await _fetch_fields(bound(self._client, self), address, self.name)
            return Location(fields.direct_url)

        return locate


class AsyncFiles(AsyncSizedCollection[AsyncFile]):
    """The files of a run: a lazy sequence, fetched page by page.

    Example:
        >>> run = await api.run("alice/mnist/run-1")
        >>> [(file.name, file.size) async for file in run.files()]
        [('config.yaml', 8), ('model/weights.bin', 8), ('wandb-metadata.json', 59)]
    """

    def __init__(
        self, client: AsyncClient, run: RunView, *, names: Sequence[str] | None, pattern: str | None, per_page: int
    ) -> None:
        super().__init__(per_page)
        self._client = client
        self._run = run
        self._names = check_names(names, pattern)
        self._pattern = pattern

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._run.identity}>"

    async def _fetch(self, after: str | None, first: int) -> Page[AsyncFile]:
        operation = operations.get_run_files(
            **address_of(self._run), names=self._names, pattern=self._pattern, after=after, first=first
        )
        run = found_run((await self._client.execute(operation)).project, address_of(self._run), operation.name)
        found = [(edge.node, edge.cursor) for edge in run.files.edges if edge.node] if run.files else []
        items = [AsyncFile.of(node, self._client, self._run) if is_uploaded(node) else None for node, _ in found]
        marks = [Mark(node.name, cursor) for node, cursor in found]
        # What the server counts are all files of the run.
        chosen = bool(self._names or self._pattern)
        return Page(items, end_of(operation, run.files), None if chosen else run.file_count, marks)


async def fetch_file(client: AsyncClient, run: RunView, name: str) -> AsyncFile:
    """Fetch what is known of one file. Sends one request.

    Raises:
        NotFoundError: The run has no such file, or is not there.
        RequestError: The request failed.
    """
    return AsyncFile.of(await _fetch_fields(client, address_of(run), name), client, run)


async def upload_file(client: AsyncClient, run: RunView, path: Path, root: Path) -> AsyncFile:
    """Upload a file into a run. See `AsyncRun.upload_file`.

    Raises:
        UsageError: The file is not below `root`. No request was sent.
        LocalFileError: It cannot be read. No request was sent.
        NotFoundError: There is no such run.
        ReplyError: The server does not say where to upload it, or did not get it.
        RequestError: A request failed.
    """
    name = name_below(root, path)
    check_readable(path)
    address = address_of(run)

    async def announce() -> Location:
        operation = operations.create_run_files(**address, files=[name])
        made = (await client.execute(operation)).create_run_files
        urls = [file.upload_url for file in made.files if file.name == name] if made else []
        if not made or not urls or not urls[0]:
            raise ReplyError(
                f"The server does not say where to upload {name!r}.",
                operation=operation.name,
                path=run.identity,
                attempts=1,
            )
        return Location.with_lines(urls[0], made.upload_headers)

    await client.transfers.upload(announce, path)
    if await client.has_feature("MARK_RUN_FILES_UPLOADED"):
        await client.mark_run_files_uploaded(**address, files=[name])
    return await fetch_file(client, run, name)


async def _fetch_fields(client: AsyncClient, address: RunAddress, name: str) -> FileFields:
    operation = operations.get_run_files(**address, names=[name], first=1)
    run = found_run((await client.execute(operation)).project, address, operation.name)
    nodes = [edge.node for edge in run.files.edges if edge.node] if run.files else []
    for node in nodes:
        if node.name == name and is_uploaded(node):
            return node
    raise file_not_found(address, name, operation.name)
