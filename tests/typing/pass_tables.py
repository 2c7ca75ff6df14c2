"""Tables and values of a user's own type, as type checkers see them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, assert_type

import pandas as pd
import polars as pl
import pyarrow as pa
from pydantic import BaseModel

import wandql


class Model(BaseModel):
    lr: float


@dataclass
class Class:
    lr: float


class Dict(TypedDict):
    lr: float


def read(run: wandql.Run, runs: wandql.Runs) -> None:
    assert_type(run.config_as(Model).lr, float)
    assert_type(run.config_as(Class).lr, float)
    assert_type(run.config_as(Dict)["lr"], float)
    assert_type(run.summary_as(Class), Class)
    typed = runs.configs(Model)
    assert_type(typed, wandql.TypedValues[Model])
    assert_type(typed.values, list[Model])
    assert_type([config.lr for config in typed], list[float])
    for reject in typed.rejects:
        assert_type(reject.path, str)


def tabulate(run: wandql.Run, runs: wandql.Runs) -> None:
    assert_type(runs.to_arrow(), pa.Table)
    assert_type(runs.to_pandas(), pd.DataFrame)
    assert_type(runs.to_polars(), pl.DataFrame)
    assert_type(pl.DataFrame(runs), pl.DataFrame)
    assert_type(runs.to_parquet("x"), Path)
    table = run.table("x")
    assert_type(table, wandql.Table)
    assert_type(table.columns, list[str])
    assert_type(table.to_pandas(), pd.DataFrame)


async def wait(run: wandql.AsyncRun, runs: wandql.AsyncRuns) -> None:
    assert_type(run.config_as(Model), Model)
    assert_type(await runs.configs(Class), wandql.TypedValues[Class])
    assert_type(await runs.to_arrow(), pa.Table)
    assert_type(await runs.to_csv(Path("x")), Path)
    assert_type((await run.table("x")).to_polars(), pl.DataFrame)
