"""The commands that add users, teams and organizations to a data directory, whether or not a server uses it."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wandql.cli.places import Database, default_data_directory
from wandql.cli.refusals import fail
from wandql.errors import WandqlError

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["orgs", "teams", "users"]

users: typer.Typer = typer.Typer(help="The users of a server.", no_args_is_help=True)
teams: typer.Typer = typer.Typer(help="The teams of a server.", no_args_is_help=True)
orgs: typer.Typer = typer.Typer(help="The organizations of a server.", no_args_is_help=True)

Data = Annotated[Path | None, typer.Option(help="The data directory of the server; made if it does not exist.")]
Members = Annotated[
    list[str] | None,
    typer.Option("--member", metavar="NAME[:ROLE]", help="A member, as admin, member or viewer. May be repeated."),
]


@users.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="The username, which is the name of the user's own entity, too.")],
    api_key: Annotated[str | None, typer.Option(help="The user's API key; one is made if this is absent.")] = None,
    admin: Annotated[bool, typer.Option("--admin", help="Let the user administer the server.")] = False,  # noqa: FBT002
    email: Annotated[str | None, typer.Option(help="The user's address.")] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Add a user, or another API key to one that exists. Prints the key if it made one: it is shown only here."""
    from wandql.server.enrolment import enrol_user

    with _failing():
        key = enrol_user(_directory(data), name, api_key=api_key, admin=admin, email=email, database=database)
    typer.echo(f"wandql user={name}" + ("" if api_key else f" key={key}"))


@teams.command("add")
def add_team(
    name: Annotated[str, typer.Argument(help="The team's name.")],
    member: Members = None,
    org: Annotated[
        str | None, typer.Option(help="Its organization; the only one of its administrators if this is absent.")
    ] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Add a team, or members to one that exists."""
    from wandql.server.enrolment import enrol_team

    with _failing():
        enrol_team(_directory(data), name, _roles(member), organization=org, database=database)
    typer.echo(f"wandql team={name}")


@orgs.command("add")
def add_organization(
    name: Annotated[str, typer.Argument(help="The organization's name.")],
    member: Members = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Add an organization, or members to one that exists: users, and teams, whose role does not matter."""
    from wandql.server.enrolment import enrol_organization

    with _failing():
        enrol_organization(_directory(data), name, _roles(member), database=database)
    typer.echo(f"wandql org={name}")


def _roles(members: list[str] | None) -> dict[str, str]:
    parted = (member.partition(":") for member in members or ())
    return {name: role or "member" for name, _, role in parted}


def _directory(data: Path | None) -> Path:
    return (data or default_data_directory()).absolute()


@contextmanager
def _failing() -> Generator[None]:
    try:
        yield
    except WandqlError as error:
        fail(str(error))
