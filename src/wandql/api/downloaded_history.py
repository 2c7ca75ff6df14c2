"""What came of downloading the exported files of a history. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wandql.errors import WandqlError
from wandql.graphql.scalars import JSONValue

__all__ = ["DownloadHistoryResult", "first_live_step"]


@dataclass(frozen=True, slots=True)
class DownloadHistoryResult:
    """The exported files of a history, as `run.download_history_exports()` saved them.

    Attributes:
        paths: The files, in the order of the server's list.
        contains_live_data: Whether the history has rows that are in none of them.
        errors: Why a file is not there, by the path that it would have.
    """

    paths: Sequence[Path]
    contains_live_data: bool
    errors: Mapping[Path, WandqlError]


def first_live_step(live: Sequence[JSONValue]) -> int | None:
    """Return the first step of the rows that are not exported; None where no row tells."""
    steps = [row.get("_step") for row in live if isinstance(row, dict)]
    return min((int(step) for step in steps if isinstance(step, int | float)), default=None)
