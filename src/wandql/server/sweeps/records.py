"""Rows of sweeps as typed values: one class per GraphQL type that is a row.

An attribute answers the field of the same name (`display_name` for `displayName`); `key` answers `id`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case

from wandql.server import tables

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

__all__ = ["SWEEP_COLUMNS", "AgentRecord", "SweepRecord", "agent_columns"]


@dataclass(frozen=True, slots=True)
class SweepRecord:
    """A search for good hyperparameters."""

    key: int
    project_key: int
    name: str
    display_name: str | None
    description: str | None
    state: str
    method: str
    run_count_expected: int | None
    created_at: int
    updated_at: int
    heartbeat_at: int | None
    config: str
    controller: str | None
    scheduler: str | None

    @property
    def active(self) -> bool:
        """Whether the search may go on without anybody's doing."""
        return self.state in {"PENDING", "RUNNING"}

    @property
    def ended(self) -> bool:
        """Whether no run will begin unless somebody resumes the sweep."""
        return self.state in {"FINISHED", "CANCELED"}


@dataclass(frozen=True, slots=True)
class AgentRecord:
    """A process that executes runs of a sweep. `state` is what is reported: one that has fallen silent is `OFFLINE`."""

    key: int
    sweep_key: int
    name: str
    host: str
    state: str
    created_at: int
    heartbeat_at: int


SWEEP_COLUMNS: tuple[ColumnElement[Any], ...] = tuple(tables.sweeps.c[name] for name in SweepRecord.__slots__)


def agent_columns(silent_since: int) -> list[ColumnElement[Any]]:
    """Return the columns of an `AgentRecord`, in its order.

    Args:
        silent_since: An agent that was last heard of before this moment (microseconds since 1970) is offline.
    """
    agents = tables.agents.c
    columns: dict[str, ColumnElement[Any]] = {column.name: column for column in agents}
    silent = (agents.state == "RUNNING") & (agents.heartbeat_at < silent_since)
    columns["state"] = case((silent, "OFFLINE"), else_=agents.state)
    return [columns[name].label(name) for name in AgentRecord.__slots__]
