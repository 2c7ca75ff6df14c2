"""The errors for what is not there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from wandql.api.run_view import RunAddress
from wandql.errors import NotFoundError, SeveralFoundError

__all__ = [
    "HasRun",
    "entity_not_found",
    "file_not_found",
    "found_run",
    "none_found",
    "organization_not_found",
    "project_not_found",
    "report_not_found",
    "run_not_found",
    "several_found",
    "sweep_not_found",
    "team_not_found",
    "user_not_found",
]

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class HasRun(Protocol[R_co]):
    """The project in the data of an operation that asks for something of a run."""

    @property
    def run(self) -> R_co | None:
        """The run; None where there is none."""
        ...


def found_run(project: HasRun[R] | None, address: RunAddress, operation: str, *, assumed: bool = False) -> R:
    """Return the run in the data of an operation.

    Args:
        project: Where it should be.
        address: What was asked for.
        operation: The name of the operation.
        assumed: Whether the entity was not given.

    Raises:
        NotFoundError: It is not there, or its project is not.
    """
    if project is None:
        raise project_not_found(address["entity"], address["project"], operation, assumed=assumed)
    if project.run is None:
        raise run_not_found(**address, operation=operation, assumed=assumed)
    return project.run


def entity_not_found(entity: str, operation: str, *, assumed: bool) -> NotFoundError:
    """Return the error for an entity that is not there."""
    return _not_found("entity", entity, entity, operation, assumed=assumed)


def project_not_found(entity: str, project: str, operation: str, *, assumed: bool) -> NotFoundError:
    """Return the error for a project that is not there."""
    return _not_found("project", f"{entity}/{project}", entity, operation, assumed=assumed)


def run_not_found(entity: str, project: str, run: str, operation: str, *, assumed: bool) -> NotFoundError:
    """Return the error for a run that is not there, though its project is."""
    return _not_found("run", f"{entity}/{project}/{run}", entity, operation, assumed=assumed)


def sweep_not_found(entity: str, project: str, sweep: str, operation: str, *, assumed: bool) -> NotFoundError:
    """Return the error for a sweep that is not there, though its project is."""
    return _not_found("sweep", f"{entity}/{project}/{sweep}", entity, operation, assumed=assumed)


def report_not_found(entity: str, project: str, report: str, operation: str) -> NotFoundError:
    """Return the error for a report that is not there."""
    return _not_found("report", f"{entity}/{project}/reports/{report}", entity, operation, assumed=False)


def user_not_found(user: str, operation: str) -> NotFoundError:
    """Return the error for a user who is not there."""
    return _not_found("user", user, user, operation, assumed=False)


def team_not_found(team: str, operation: str) -> NotFoundError:
    """Return the error for a team that is not there."""
    return _not_found("team", team, team, operation, assumed=False)


def organization_not_found(organization: str, operation: str) -> NotFoundError:
    """Return the error for an organization that is not there."""
    return _not_found("organization", organization, organization, operation, assumed=False)


def none_found(where: str, filters: str) -> NotFoundError:
    """Return the error for a list that should have one item and has none."""
    return NotFoundError(f"There is no run in {where} that matches {filters}.", attempts=1)


def several_found(where: str, filters: str, ids: Sequence[str]) -> SeveralFoundError:
    """Return the error for a list that should have one item and has several."""
    return SeveralFoundError(
        f"There are several runs in {where} that match {filters}: {', '.join(ids)} and maybe others.",
        hint="first() takes the first of them.",
    )


def file_not_found(address: RunAddress, name: str, operation: str) -> NotFoundError:
    """Return the error for a file that a run does not have."""
    run = "/".join([address["entity"], address["project"], address["run"]])
    return NotFoundError(
        f"The run {run} has no file {name!r}.",
        hint="run.files() lists them; a file is named by its whole path within the run.",
        operation=operation,
        path=f"{run}/{name}",
        attempts=1,
    )


def _not_found(kind: str, path: str, entity: str, operation: str, *, assumed: bool) -> NotFoundError:
    by_id = f"A {kind} is named by its id, the last part of its URL, not by its display name."
    assumption = f" No entity was given, so your default one, {entity!r}, was assumed." if assumed else ""
    return NotFoundError(
        f"There is no {kind} {path!r}, or this API key may not see it.{assumption}",
        hint=by_id if kind in {"run", "sweep"} else None,
        operation=operation,
        path=path,
        attempts=1,
    )
