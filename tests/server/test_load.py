"""Many writers and readers at once, and a kill in the middle: a short trial of what `make load` tries for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.load import put_under_load

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_that_was_acknowledged_is_lost_or_there_twice(tmp_path: Path):
    load = put_under_load(tmp_path / "data", writers=6, readers=2, seconds=1.0, kills=1)
    assert load.faults == []
    assert load.runs
