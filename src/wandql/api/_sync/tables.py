# Derived from src/wandql/api/_async/tables.py by `make generate`: edit that file instead.
"""Fetches the tables that runs logged, without what they refer to."""

from __future__ import annotations

from wandql.api._sync.files import fetch_file
from wandql.api.missing_artifacts import artifact_not_found, entry_not_found
from wandql.api.run_view import RunView
from wandql.api.tables import Table, TableLink, find_links, read_table
from wandql.client._sync.client import Client
from wandql.client.transfers.locations import Location
from wandql.errors import NotFoundError
from wandql.graphql.generated import operations

__all__ = ["fetch_table"]


def fetch_table(client: Client, run: RunView, key: str) -> Table:
    """Fetch a table that a run logged. See `Run.table`.

    Raises:
        NotFoundError: The run has logged nothing under that key, or the file is not there.
        MismatchError: It is no table.
        DecodeError: Its file is none.
        RequestError: A request failed.
    """
    links = find_links(run.summary_metrics, key, of=run.identity)
    return read_table([_read(client, run, link) for link in links], key=key, of=run.identity)


def _read(client: Client, run: RunView, link: TableLink) -> bytes:
    """Read the file of a table: from the artifact, which tells more of media, or else among the files of the run."""
    try:
        return _read_member(client, link)
    except NotFoundError as missing:
        if link.file is None or missing.status is not None:
            raise
    return fetch_file(client, run, link.file).read()


def _read_member(client: Client, link: TableLink) -> bytes:
    name = link.client_id or link.artifact_id or ""
    artifact_id = link.artifact_id
    if link.client_id is not None:
        mapping = operations.get_client_artifact(client_id=link.client_id)
        known = client.execute(mapping).client_id_mapping
        artifact_id = known.server_id if known else None
    if artifact_id is None:
        raise artifact_not_found(name, "GetClientArtifact")

    def locate() -> Location:
        operation = operations.get_artifact_file_urls_by_id(id=artifact_id, names=[link.name], first=1)
        artifact = client.execute(operation).artifact
        if artifact is None:
            raise artifact_not_found(name, operation.name)
        for edge in artifact.artifact_memberships.edges:
            files = edge.node.files if edge.node else None
            for file in files.edges if files else []:
                if file.node and file.node.name == link.name:
                    return Location(file.node.direct_url)
        raise entry_not_found(name, link.name)

    return client.transfers.read(locate, f"{name}/{link.name}")
