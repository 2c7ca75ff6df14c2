"""Histories that the server has exported to Parquet files: read for scans, and downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Final

from wandql.api.downloaded_history import DownloadHistoryResult
from wandql.api.missing import found_run
from wandql.api.run_view import RunView, address_of
from wandql.client._async.client import AsyncClient
from wandql.client.seam_async import run_in_thread, run_many
from wandql.client.transfers._async.transfers import AsyncSource, known
from wandql.client.transfers.locations import Location
from wandql.client.transfers.places import safe_path
from wandql.errors import IncompleteRunHistoryError, ReplyError, RequestError
from wandql.frames.exports import ExportedRows, read_exports
from wandql.graphql.generated import operations
from wandql.graphql.generated.get_run_parquet_history import GetRunParquetHistoryProjectRun

__all__ = ["download_exports", "fetch_exports", "read_exported"]

AT_ONCE: Final = 8
"""How many files are fetched side by side."""


async def fetch_exports(client: AsyncClient, run: RunView) -> GetRunParquetHistoryProjectRun:
    """Fetch where the exported files of a history are, and which steps are in none of them. Sends one request.

    Raises:
        NotFoundError: There is no such run.
        RequestError: The request failed.
    """
    operation = operations.get_run_parquet_history(**address_of(run), live_keys=["_step"])
    return found_run((await client.execute(operation)).project, address_of(run), operation.name)


async def read_exported(
    client: AsyncClient, run: RunView, urls: Sequence[str], *, keys: Sequence[str] = ()
) -> ExportedRows:
    """Fetch the rows in exported files. Sends one request for each file.

    Args:
        client: The client.
        run: The run.
        urls: Where the files are.
        keys: The keys to read, beside the step; all where there are none.

    Raises:
        UsageError: pyarrow is not installed.
        ValueError: A file cannot be read.
        RequestError: One cannot be fetched.
    """
    name = f"a history export of {run.identity}"
    sources = [_source(client, run, number, url) for number, url in enumerate(urls)]
    fetches = [partial(client.transfers.read, source, name) for source in sources]
    contents = await run_many(fetches, at_once=AT_ONCE, abort=lambda: None)
    return await run_in_thread(read_exports, contents, keys)


async def download_exports(
    client: AsyncClient, run: RunView, directory: str | PathLike[str], *, require_complete_history: bool
) -> DownloadHistoryResult:
    """Save the exported files of a history. See `AsyncRun.download_history_exports`."""
    exports = await fetch_exports(client, run)
    urls = exports.parquet_history.parquet_urls
    is_live = bool(exports.parquet_history.live_data) or bool(not urls and exports.history_line_count)
    if is_live and require_complete_history:
        raise IncompleteRunHistoryError(
            f"The history of {run.identity} has rows that the server has not exported.",
            hint="Wait until the run has ended, pass require_complete_history=False, or use run.scan_history().",
        )
    root = Path(directory)
    stem = f"{run.entity}_{run.project}_{run.id}"
    targets = [safe_path(root, f"{stem}_{number}.runhistory.parquet") for number in range(len(urls))]
    errors: dict[Path, RequestError] = {}

    async def download(number: int) -> None:
        source = _source(client, run, number, urls[number])
        try:
            await client.transfers.download(source, targets[number], root=root)
        except RequestError as error:
            errors[targets[number]] = error

    await run_many([partial(download, number) for number in range(len(urls))], at_once=AT_ONCE, abort=lambda: None)
    return DownloadHistoryResult([path for path in targets if path not in errors], is_live, errors)


def _source(client: AsyncClient, run: RunView, number: int, url: str) -> AsyncSource:
    """Return what tells where a file is: the address that is known at first, and then, since it expired, the server."""

    async def refresh() -> Location:
        urls = (await fetch_exports(client, run)).parquet_history.parquet_urls
        if number >= len(urls):
            raise ReplyError(
                f"The history of {run.identity} is not exported as it was.",
                hint="It has changed meanwhile: read it again.",
                operation="GetRunParquetHistory",
                path=run.identity,
                attempts=1,
            )
        return Location(urls[number])

    return known(Location(url), refresh)
