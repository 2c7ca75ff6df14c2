"""What type checkers refuse of tables and values of a user's own type."""

from __future__ import annotations

from dataclasses import dataclass

import wandql


@dataclass
class Config:
    lr: float


def read(run: wandql.Run, runs: wandql.Runs) -> None:
    print(run.config_as(Config).learning_rate)  # error: learning_rate
    run.config_as(Config).lr.strip()  # error: strip
    run.config_as("Config")  # error: type[
    print(runs.configs(Config).values[0].nothing)  # error: nothing
    runs.to_parquet(1)  # error: PathLike[str]
