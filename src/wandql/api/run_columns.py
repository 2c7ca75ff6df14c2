"""Runs as rows of a table: columns of their own, then those of config and summary. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Final

from pydantic_core import to_json

from wandql.api.config import read_config
from wandql.api.records import read_object
from wandql.frames.arrow import Array, Schema, load_arrow
from wandql.frames.builder import TableBuilder
from wandql.graphql.generated.fragments import RunFields
from wandql.graphql.scalars import JSONObject

__all__ = ["add_runs", "config_of", "run_line", "start_table", "summary_of"]

OWN: Final = (
    "id",
    "name",
    "state",
    "created_at",
    "heartbeat_at",
    "user",
    "group",
    "job_type",
    "sweep",
    "tags",
    "notes",
)
GROUPS: Final = ("config", "summary")


def start_table(file: IO[bytes] | None = None) -> TableBuilder:
    """Return a table of runs without any yet.

    Args:
        file: Where rows are kept until the table is complete; None keeps them in memory.

    Raises:
        UsageError: pyarrow is not installed.
    """
    pa = load_arrow()
    types = {"created_at": pa.timestamp("us", tz="UTC"), "heartbeat_at": pa.timestamp("us", tz="UTC")}
    types |= {"tags": pa.list_(pa.field("element", pa.string()))}
    columns: Schema = pa.schema([(name, types.get(name, pa.string())) for name in OWN])
    return TableBuilder(columns, GROUPS, file)


def add_runs(table: TableBuilder, runs: Sequence[RunFields], of: str) -> None:
    """Add runs to a table.

    Args:
        table: The table.
        runs: The runs.
        of: The path of their project, for errors.

    Raises:
        DecodeError: A config or summary is no JSON object.
    """
    pa = load_arrow()
    rows = [_own_values(run) for run in runs]
    kinds = [field.type for field in table.fixed]
    own: list[Array] = [pa.array([*values], kind) for values, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
    table.add(own, [[config_of(run, of) for run in runs], [summary_of(run, of) for run in runs]])


def run_line(run: RunFields, of: str) -> bytes:
    """Return a run as a line of JSON, its config and summary as they are.

    Args:
        run: The run.
        of: The path of its project, for errors.

    Raises:
        DecodeError: Its config or summary is no JSON object.
    """
    own = dict(zip(OWN, _own_values(run), strict=True))
    return to_json({**own, "config": config_of(run, of), "summary": summary_of(run, of)}) + b"\n"


def config_of(run: RunFields, of: str) -> JSONObject:
    """Return the config of a run of the project `of`.

    Raises:
        DecodeError: It is no JSON object.
    """
    return read_config(run.config_json, of=f"{of}/{run.id}")[0]


def summary_of(run: RunFields, of: str) -> JSONObject:
    """Return the summary of a run of the project `of`.

    Raises:
        DecodeError: It is no JSON object.
    """
    return read_object(run.summary_json, what=f"a summary of {of}/{run.id}")


def _own_values(run: RunFields) -> tuple[str | datetime | list[str] | None, ...]:
    return (
        run.id,
        run.name,
        run.state,
        run.created_at,
        run.heartbeat_at,
        run.user.username if run.user else None,
        run.group,
        run.job_type,
        run.sweep_name,
        run.tags_or_null or [],
        run.notes,
    )
