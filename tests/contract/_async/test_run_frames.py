"""Runs as tables, files and values of a type: the same whatever the size of a page, and nothing left out."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Annotated

import httpx
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from pydantic import AfterValidator, BaseModel, create_model
from typing_extensions import TypedDict

import wandql
from tests.contract._async.asking import AsyncWire
from tests.contract.tabled import MIXED, TYPED, VALUES, config_of, place, served_tables, written_tables  # noqa: F401
from wandql.errors import LocalFileError, MismatchError, NotFoundError, ServerError, UsageError, WandqlError

pytestmark = pytest.mark.anyio

OWN = ["id", "name", "state", "created_at", "heartbeat_at", "user", "group", "job_type", "sweep", "tags", "notes"]
CONFIG = ["lr", "maybe", "mixed", "mixed.deep.er", "nested.flag", "nested.size", "rare"]
COLUMNS = [*OWN, *[f"config.{key}" for key in CONFIG], "summary.a/b.c.d", "summary.loss"]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Config(TypedDict):
    lr: float
    layers: list[int]


@dataclass
class ConfigClass:
    lr: float
    layers: list[int]


class ConfigModel(BaseModel):
    lr: float
    layers: list[int]


@pytest.mark.parametrize("per_page", [1, 7, MIXED, 1000])
async def test_columns_order_and_types_do_not_depend_on_the_size_of_pages(api: wandql.AsyncApi, per_page: int) -> None:
    table = await api.runs("lab/mixed", order="+created_at", per_page=per_page).to_arrow()
    assert table.schema.names == COLUMNS
    assert {name: str(table.schema.field(name).type) for name in COLUMNS[len(OWN) :]} == {
        "config.lr": "double",
        "config.maybe": "double",
        "config.mixed": "string",
        "config.mixed.deep.er": "int64",
        "config.nested.flag": "bool",
        "config.nested.size": "int64",
        "config.rare": "string",
        "summary.a/b.c.d": "int64",
        "summary.loss": "int64",
    }


async def test_every_value_is_there(api: wandql.AsyncApi) -> None:
    table = await api.runs("lab/mixed", order="+created_at", per_page=9).to_arrow()
    assert table["id"].to_pylist() == [f"r{number:03}" for number in range(MIXED)]
    for number, row in enumerate(table.to_pylist()):
        config = config_of(number)
        assert row["config.lr"] == config["lr"]
        assert row["config.nested.flag"] is config["nested"]["flag"]
        maybe = config["maybe"]
        assert math.isnan(row["config.maybe"]) if math.isnan(maybe) else row["config.maybe"] == maybe
        value = VALUES[number % len(VALUES)]
        kept = row["config.mixed"]
        if isinstance(value, dict):
            assert (kept, row["config.mixed.deep.er"]) == (None, 1)
        else:
            assert repr(kept if kept is None else json.loads(kept)) == repr(value)
        assert row["created_at"].tzinfo is not None
        assert row["created_at"].utcoffset() == UTC.utcoffset(None)
    assert json.loads(table["config.rare"].to_pylist()[7]) == 2**70


async def test_a_table_costs_a_request_for_each_page_and_keeps_no_run(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    runs = api.runs("lab/mixed", per_page=10)
    assert (await runs.to_arrow()).num_rows == MIXED
    assert len(wire.sent) == MIXED // 10
    assert await runs.first() is not None
    assert len(wire.sent) == MIXED // 10 + 1


async def test_no_runs_give_the_same_first_columns(api: wandql.AsyncApi) -> None:
    some = await api.runs("lab/mixed").to_arrow()
    none = await api.runs("lab/mixed", {"state": "nowhere"}).to_arrow()
    assert none.num_rows == 0
    assert list(none.schema) == list(some.schema)[: len(OWN)]
    assert str((await api.runs("lab/mixed", {"state": "nowhere"}).to_pandas())["created_at"].dtype) == (
        "datetime64[us, UTC]"
    )


async def test_frames_have_the_columns_of_the_table(api: wandql.AsyncApi) -> None:
    runs = api.runs("lab/mixed", order="+created_at")
    frame = await runs.to_pandas()
    assert list(frame.columns) == COLUMNS
    assert [str(frame[name].dtype) for name in ("config.nested.size", "config.nested.flag")] == ["Int64", "boolean"]
    assert frame["config.mixed"].tolist()[:2] == [1, 2.5]
    polars = await runs.to_polars()
    assert polars.columns == COLUMNS
    assert polars["summary.loss"].to_list() == list(range(MIXED))


async def test_files_hold_what_the_table_holds(api: wandql.AsyncApi, tmp_path: Path) -> None:
    runs = api.runs("lab/mixed", order="+created_at", per_page=16)
    table = await runs.to_arrow()
    parquet = pq.read_table(await runs.to_parquet(tmp_path / "runs.parquet"))
    assert parquet.schema.equals(table.schema, check_metadata=True)
    assert repr(parquet.to_pylist()) == repr(table.to_pylist())
    csv = pa_csv.read_csv(await runs.to_csv(tmp_path / "runs.csv"))
    assert csv.schema.names == COLUMNS
    assert csv["config.nested.size"].to_pylist() == list(range(MIXED))
    written = await runs.to_jsonl(tmp_path / "runs.jsonl")
    lines = [json.loads(line) for line in written.read_bytes().splitlines()]
    assert [line["id"] for line in lines] == table["id"].to_pylist()
    assert repr([line["config"] for line in lines]) == repr([config_of(number) for number in range(MIXED)])
    assert lines[3]["summary"] == {"loss": 3, "a/b": {"c.d": 1}}
    assert names_in(tmp_path) == ["runs.csv", "runs.jsonl", "runs.parquet"]


@pytest.mark.parametrize("name", ["runs.parquet", "runs.csv", "runs.jsonl"])
async def test_a_file_is_left_as_it_was_where_a_page_fails(
    api: wandql.AsyncApi, wire: AsyncWire, tmp_path: Path, name: str
) -> None:
    target = tmp_path / name
    target.write_text("before")
    wire.replies[2] = httpx.Response(500)
    runs = api.runs("lab/mixed", per_page=10)
    write = {"runs.parquet": runs.to_parquet, "runs.csv": runs.to_csv, "runs.jsonl": runs.to_jsonl}[name]
    with pytest.raises(ServerError):
        await write(target)
    assert (names_in(tmp_path), target.read_text()) == ([name], "before")


async def test_a_place_that_is_not_there_is_refused_before_any_request(
    api: wandql.AsyncApi, wire: AsyncWire, tmp_path: Path
) -> None:
    with pytest.raises(LocalFileError, match="missing"):
        await api.runs("lab/mixed").to_parquet(tmp_path / "missing" / "runs.parquet")
    assert wire.sent == []


async def test_a_filter_that_is_checked_here_holds_for_tables(api: wandql.AsyncApi) -> None:
    table = await api.runs("lab/mixed", wandql.F.config["nested.size"] >= MIXED - 2).to_arrow()
    assert sorted(table["id"].to_pylist()) == [f"r{MIXED - 2:03}", f"r{MIXED - 1:03}"]


async def test_an_unknown_project_is_named(api: wandql.AsyncApi) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        await api.runs("lab/nowhere").to_arrow()


@pytest.mark.parametrize("of", [Config, ConfigClass, ConfigModel])
async def test_997_configs_are_read_and_3_are_rejected_with_their_paths(
    api: wandql.AsyncApi, of: type[Config | ConfigClass | ConfigModel]
) -> None:
    typed = await api.runs("lab/typed", order="+created_at", per_page=300).configs(of)
    assert (len(typed), len(typed.values)) == (TYPED - 3, TYPED - 3)
    assert [reject.path for reject in typed.rejects] == ["lab/typed/r0007", "lab/typed/r0407", "lab/typed/r0807"]
    assert [problem.split(":")[0] for problem in typed.rejects[0].problems] == ["lr", "layers"]
    assert "r0006" in typed.by_run
    assert "r0007" not in typed.by_run


async def test_the_next_runs_are_fetched_while_the_first_are_taken_apart(
    api: wandql.AsyncApi, wire: AsyncWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wandql.api._async.run_pages.ROWS", 300)
    waited_for: list[int] = []

    def wait(layers: list[int]) -> list[int]:
        if not waited_for:
            end = time.monotonic() + 30
            while len(wire.sent) < 2 and time.monotonic() < end:
                time.sleep(0.001)
            waited_for.append(len(wire.sent))
        return layers

    of = create_model("Waiting", layers=(Annotated[list[int], AfterValidator(wait)], ...))
    typed = await api.runs("lab/typed", order="+created_at", per_page=300).configs(of)
    assert (len(typed), len(wire.sent)) == (TYPED - 3, 4)
    assert waited_for[0] >= 2


async def test_a_page_that_fails_ahead_is_an_error(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    wire.replies[2] = httpx.Response(400, json={"errors": [{"message": "no more"}]})
    with pytest.raises(WandqlError, match="no more"):
        await api.runs("lab/typed", per_page=500).configs(Config)


async def test_one_config_is_a_value_or_an_error_that_says_why(api: wandql.AsyncApi, wire: AsyncWire) -> None:
    good, bad = await api.run("lab/typed/r0006"), await api.run("lab/typed/r0007")
    wire.sent.clear()
    assert good.config_as(ConfigModel).lr == 0.006
    assert good.config_as(Config)["layers"] == [1, 2]
    with pytest.raises(MismatchError, match="lab/typed/r0007 is no ConfigClass: lr: Input should be a valid number"):
        bad.config_as(ConfigClass)
    with pytest.raises(UsageError, match="read as Path"):
        good.config_as(type("Path", (), {}))
    assert wire.sent == []


async def test_summaries_are_read_as_configs_are(api: wandql.AsyncApi) -> None:
    class Results(BaseModel):
        loss: int

    run = await api.run("lab/typed/r0006")
    assert run.summary_as(Results).loss == 6
    typed = await api.runs("lab/typed", {"display_name": {"$ne": "x"}}, per_page=500).summaries(Results)
    assert sum(result.loss for result in typed) == sum(range(TYPED))


async def test_arrow_is_what_other_libraries_take(api: wandql.AsyncApi) -> None:
    table = await api.runs("lab/mixed").to_arrow()
    assert pa.table(table).num_rows == MIXED
