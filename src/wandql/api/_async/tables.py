"""Fetches the tables that runs logged, without what they refer to."""

from __future__ import annotations

from wandql.api._async.files import fetch_file
from wandql.api.missing_artifacts import artifact_not_found, entry_not_found
from wandql.api.run_view import RunView
from wandql.api.tables import Table, TableLink, find_links, read_table
from wandql.client._async.client import AsyncClient
from wandql.client.transfers.locations import Location
from wandql.errors import NotFoundError
from wandql.graphql.generated import operations

__all__ = ["fetch_table"]


async def fetch_table(client: AsyncClient, run: RunView, key: str) -> Table:
    """Fetch a table that a run logged. See `AsyncRun.table`.

    Raises:
        NotFoundError: The run has logged nothing under that key, or the file is not there.
        MismatchError: It is no table.
        DecodeError: Its file is none.
        RequestError: A request failed.
    """
    links = find_links(run.summary_metrics, key, of=run.identity)
    return read_table([await _read(client, run, link) for link in links], key=key, of=run.identity)


async def _read(client: AsyncClient, run: RunView, link: TableLink) -> bytes:
    """Read the file of a table: from the artifact, which tells more of media, or else among the files of the run."""
    try:
        return await _read_member(client, link)
    except NotFoundError as missing:
        if link.file is None or missing.status is not None:
            raise
    return await (await fetch_file(client, run, link.file)).read()


async def _read_member(client: AsyncClient, link: TableLink) -> bytes:
    name = link.client_id or link.artifact_id or ""
    artifact_id = link.artifact_id
    if link.client_id is not None:
        mapping = operations.get_client_artifact(client_id=link.client_id)
        known = (await client.execute(mapping)).client_id_mapping
        artifact_id = known.server_id if known else None
    if artifact_id is None:
        raise artifact_not_found(name, "GetClientArtifact")

    async def locate() -> Location:
        operation = operations.get_artifact_file_urls_by_id(id=artifact_id, names=[link.name], first=1)
        artifact = (await client.execute(operation)).artifact
        if artifact is None:
            raise artifact_not_found(name, operation.name)
        for edge in artifact.artifact_memberships.edges:
            files = edge.node.files if edge.node else None
            for file in files.edges if files else []:
                if file.node and file.node.name == link.name:
                    return Location(file.node.direct_url)
        raise entry_not_found(name, link.name)

    return await client.transfers.read(locate, f"{name}/{link.name}")
