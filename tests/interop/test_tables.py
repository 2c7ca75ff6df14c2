"""Tables that the official SDK logs to the embedded server, read back by wandql."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.interop.conftest import ENTITY, PYTHON, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    import wandql

pytestmark = pytest.mark.interop

LOG = """
import datetime
import wandb

run = wandb.init(project="tables", id="t1")
rows = [
    [i, i / 2, wandb.Html(f"<b>{i}</b>"), datetime.datetime(2024, 1, i + 1), None if i == 2 else f"n{i}"]
    for i in range(4)
]
run.log({"preds": wandb.Table(columns=["id", "acc", "page", "when", "name"], data=rows)})
run.log({"eval/deep table": wandb.Table(columns=["a", "b"], data=[[1, [1, 2]], [2, [3]]])})
growing = wandb.Table(columns=["n"], log_mode="INCREMENTAL")
for i in range(3):
    growing.add_data(i)
    run.log({"growing": growing})
run.finish()
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[wandql.Run]:
    directory: Path = tmp_path_factory.mktemp("tables")
    with serve(directory / "data") as server:
        done = subprocess.run(
            [PYTHON, "-c", LOG],
            env=server.environment(directory),
            cwd=directory,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        with server.api() as api:
            yield api.run(f"{ENTITY}/tables/t1")


def test_a_table_has_its_values_and_says_where_its_media_are(run: wandql.Run) -> None:
    table = run.table("preds")
    assert table.columns == ["id", "acc", "page", "when", "name"]
    assert [row[0] for row in table] == [0, 1, 2, 3]
    assert table.column("when") == [datetime(2024, 1, day, tzinfo=UTC) for day in (1, 2, 3, 4)]
    assert table.column("name") == ["n0", "n1", None, "n3"]
    pages = table.column("page")
    assert [page["_type"] for page in pages if isinstance(page, dict)] == ["html-file"] * 4
    assert table.to_arrow().schema.names == table.columns


def test_keys_may_have_slashes_and_blanks(run: wandql.Run) -> None:
    assert run.table("eval/deep table").rows == [[1, [1, 2]], [2, [3]]]


def test_a_table_that_was_logged_in_increments_is_whole(run: wandql.Run) -> None:
    assert run.table("growing").rows == [[0], [1], [2]]
