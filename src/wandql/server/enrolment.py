"""Adding people to a data directory, whether or not a server uses it at the moment."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from wandql.server.people import add_key, add_organization, add_team, add_user, make_key
from wandql.server.store import Store

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection

__all__ = ["enrol_organization", "enrol_team", "enrol_user"]


def enrol_user(
    directory: Path,
    name: str,
    *,
    api_key: str | None,
    admin: bool,
    email: str | None,
    database: str | None = None,
) -> str:
    """Add a user, or another API key to one that exists.

    Args:
        directory: The data directory.
        name: The username.
        api_key: The user's API key; None to have one made.
        admin: Whether they administer the server.
        email: Their address.
        database: The URL of the database that has the rows; None for SQLite in the directory.

    Returns:
        The API key.

    Raises:
        DataDirectoryError: The directory cannot be used.
        UsageError: The name or the key cannot be one, or is somebody else's.
    """
    key = api_key or make_key()
    with _writing(directory, database) as connection:
        add_key(connection, add_user(connection, name, admin=admin, email=email), key, "Added on the command line")
    return key


def enrol_team(
    directory: Path, name: str, members: Mapping[str, str], *, organization: str | None, database: str | None = None
) -> None:
    """Add a team, or members to one that exists: see `add_team`.

    Raises:
        DataDirectoryError: The directory cannot be used.
        UsageError: The name is no team's, or there is no such user, role or organization.
    """
    with _writing(directory, database) as connection:
        add_team(connection, name, members, organization=organization)


def enrol_organization(directory: Path, name: str, members: Mapping[str, str], *, database: str | None = None) -> None:
    """Add an organization, or members to one that exists: see `add_organization`.

    Raises:
        DataDirectoryError: The directory cannot be used.
        UsageError: The name cannot be an organization's, or there is no such user, team or role.
    """
    with _writing(directory, database) as connection:
        add_organization(connection, name, members)


@contextmanager
def _writing(directory: Path, database: str | None) -> Generator[Connection]:
    with closing(Store(directory, database=database, lock=False)) as store, store.write() as connection:
        yield connection
