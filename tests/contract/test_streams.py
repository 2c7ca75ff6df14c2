"""What only a list for threads can be: a table by itself, for whatever reads Arrow streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pyarrow as pa

from tests.contract._sync.asking import open_wire
from tests.contract.tabled import MIXED, place, served_tables, written_tables  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from tests.contract.places import Place


def test_a_list_of_runs_is_an_arrow_stream(place: Place) -> None:  # noqa: F811 - the fixture
    with open_wire(place) as wire, wire.api() as api:
        runs = api.runs("lab/mixed", per_page=25)
        table = pa.table(runs)
        assert table.schema == runs.to_arrow().schema
        assert table["id"].to_pylist() == [run.id for run in runs]
        assert pl.DataFrame(runs).height == MIXED
        assert len(wire.sent) == 4 * 2
