"""The errors for sweeps and agents that are not there. Pure."""

from __future__ import annotations

from typing import Protocol, TypeVar

from wandql.api.missing import project_not_found, sweep_not_found
from wandql.api.sweep_view import SweepAddress
from wandql.errors import NotFoundError

__all__ = ["HasSweep", "agent_not_found", "found_sweep"]

S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)


class HasSweep(Protocol[S_co]):
    """The project in the data of an operation that asks for something of a sweep."""

    @property
    def sweep(self) -> S_co | None:
        """The sweep; None where there is none."""
        ...


def found_sweep(project: HasSweep[S] | None, address: SweepAddress, operation: str, *, assumed: bool = False) -> S:
    """Return the sweep in the data of an operation.

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
    if project.sweep is None:
        raise sweep_not_found(**address, operation=operation, assumed=assumed)
    return project.sweep


def agent_not_found(address: SweepAddress, agent: str, operation: str) -> NotFoundError:
    """Return the error for an agent that a sweep does not have."""
    sweep = "/".join([address["entity"], address["project"], address["sweep"]])
    return NotFoundError(
        f"The sweep {sweep} has no agent {agent!r}.",
        hint="sweep.agents() lists them; an agent is named by its id, not by its host.",
        operation=operation,
        path=f"{sweep}/{agent}",
        attempts=1,
    )
