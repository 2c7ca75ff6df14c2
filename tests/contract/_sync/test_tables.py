# Derived from tests/contract/_async/test_tables.py by `make generate`: edit that file instead.
"""Tables that runs logged: few requests bring one, none of its media, and what is no table says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import wandql
from tests.contract._sync.asking import Wire
from tests.contract.tabled import IMAGES, place, served_tables, written_tables  # noqa: F401 - fixtures
from wandql.errors import DecodeError, MismatchError, NotFoundError


@pytest.fixture
def run(api: wandql.Api, wire: Wire) -> wandql.Run:
    """The run with the tables. What fetched it is not counted."""
    run = api.run("lab/tables/tabled")
    wire.sent.clear()
    return run


def test_a_table_with_a_thousand_images_costs_three_requests_and_none_of_them(run: wandql.Run, wire: Wire) -> None:
    table = run.table("big")
    assert wire.operations == ["GetClientArtifact", "GetArtifactFileUrlsByID", "GET file"]
    assert (table.columns, len(table), table.key) == (["id", "image", "when"], IMAGES, "big")
    assert table.rows[5][1] == {"_type": "image-file", "path": "media/images/5.png", "sha256": "0" * 64}
    assert table.column("when")[0] == datetime(2024, 1, 1, tzinfo=UTC)


def test_a_table_is_a_frame_with_typed_columns(run: wandql.Run) -> None:
    table = run.table("big")
    assert [str(field.type) for field in table.to_arrow().schema] == ["int64", "string", "timestamp[us, tz=UTC]"]
    frame = table.to_pandas()
    assert frame["image"][7]["path"] == "media/images/7.png"
    assert frame["id"].tolist() == list(range(IMAGES))
    assert table.to_polars().shape == (IMAGES, 3)


def test_a_link_by_id_needs_two_requests(run: wandql.Run, wire: Wire) -> None:
    assert run.table("by id").rows == [[1]]
    assert wire.operations == ["GetArtifactFileUrlsByID", "GET file"]


def test_a_file_of_the_run_is_read_where_there_is_no_artifact(run: wandql.Run, wire: Wire) -> None:
    table = run.table("plain")
    assert wire.operations == ["GetRunFiles", "GET file"]
    assert (table.columns, table.rows) == (["id", "7"], [[1, "a"], [2, None]])
    assert table.dicts()[0] == {"id": 1, "7": "a"}
    assert run.table("not there yet").rows == table.rows


def test_increments_are_put_together(run: wandql.Run) -> None:
    assert [list(row) for row in run.table("parts")] == [[0], [1], [2]]


def test_what_is_no_table_says_what_it_is(run: wandql.Run, wire: Wire) -> None:
    with pytest.raises(MismatchError, match=r"'image' in the summary of lab/tables/tabled is no table.*image-file"):
        run.table("image")
    with pytest.raises(MismatchError, match="float"):
        run.table("loss")
    with pytest.raises(NotFoundError, match="nothing as 'bigg'") as caught:
        run.table("bigg")
    assert caught.value.hint == "Near to it are: 'big'."
    assert wire.sent == []
    with pytest.raises(DecodeError, match="a table 'odd' of lab/tables/tabled"):
        run.table("odd")
    with pytest.raises(NotFoundError, match="nobody"):
        run.table("lost")
    with pytest.raises(KeyError, match="none"):
        run.table("plain").column("none")
