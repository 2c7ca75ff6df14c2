"""Runs to filter: of all kinds, with keys that have dots, more than a check of keys looks through."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.places import ROUTES, Place, _execute, serve_place, write_once
from wandql import F, Filter
from wandql.graphql.generated import operations
from wandql.server import open_application

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = 130
SOME = 40
FEW = 5
CHANCE = random.Random(5)


def write_runs(place: Place) -> None:
    """Write the runs of `lab/many`, the first of which has a key of its own, and of `lab/some` and `lab/few`."""
    with open_application(place.directory) as application:
        for project, count in {"many": MANY, "some": SOME, "few": FEW}.items():
            for number in range(count):
                config: dict[str, Any] = {
                    "lr": CHANCE.choice([0.1, 0.01, 1, "auto", None]),
                    "opt": {"name": CHANCE.choice(["sgd", "adam"]), "betas": [0.9, number]},
                    "a.b": number % 7,
                    "layers": [[64], [64, 32], []][number % 3],
                }
                if number % 4 == 0:
                    del config["lr"]
                if number == 0:
                    config["first"] = True
                _execute(
                    application,
                    operations.upsert_run(
                        entity="lab",
                        project=project,
                        run=f"r{number:03}",
                        name=CHANCE.choice(["base line", "wide", "Wide"]) if number % 5 else None,
                        tags=CHANCE.sample(["best", "old", "v1"], number % 3),
                        group=CHANCE.choice(["g1", "g2", None]),
                        job_type="train" if number % 2 else None,
                        state=CHANCE.choice(["pending", "running"]),
                        config_json=json.dumps({key: {"value": value} for key, value in config.items()}),
                        summary_json=json.dumps(
                            {"loss": CHANCE.choice([0.5, float("nan"), float("inf"), number]), "val/acc": number / SOME}
                            if number % 6
                            else {"p.q": number}
                        ),
                    ),
                )


CONDITIONS: list[Filter] = [
    F.id < "r020",
    F.id.in_(["r001", "r007", "r030", "nobody"]),
    F.name == "wide",
    F.name == None,  # noqa: E711
    F.name.matches("(?i)^wide$"),
    F.name.contains("e l"),
    F.state == "pending",
    F.state.not_in(["pending"]),
    F.tags.has("best"),
    F.tags.has_any(["old", "v1"]),
    F.tags.has_all(["best", "old"]),
    F.group == "g1",
    F.group != "g1",
    F.group.exists(),
    F.job_type == "train",
    F.user == "lab",
    F.entity == "lab",
    F.sweep.exists(),
    F.notes == None,  # noqa: E711
    F.config["lr"] < 0.5,
    F.config["lr"] == "auto",
    F.config["lr"] == None,  # noqa: E711
    F.config["lr"].exists(),
    F.config["opt"]["name"] == "adam",
    F.config["opt"]["betas"][1] > 15,
    F.config["opt"]["betas"] == 0.9,
    F.config["layers"] == 64,
    F.config["layers"] == [64, 32],
    F.config["first"] == True,  # noqa: E712
    F.config["a.b"] == 3,
    F.config["a.b"].in_([1, 2]),
    F.summary["loss"] <= 0.5,
    F.summary["loss"] == "NaN",
    F.summary["loss"] > 1e300,
    F.summary["val/acc"] >= 0.5,
    F.summary["p.q"].exists(),
]


def make_filter(chance: random.Random, depth: int = 2) -> Filter:
    """Return some filter of the conditions."""
    if depth == 0 or chance.random() < 0.3:
        return chance.choice(CONDITIONS)
    one, other = make_filter(chance, depth - 1), make_filter(chance, depth - 1)
    return chance.choice([one & other, one | other, ~one, ~(one & other)])


@pytest.fixture(scope="session")
def written_sieve(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The runs to filter. Nobody opens this directory: it is copied."""
    return write_once(tmp_path_factory, "sieve", write_runs)


@pytest.fixture(scope="session")
def served_sieve(written_sieve: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    directory = shutil.copytree(written_sieve.directory, tmp_path_factory.mktemp("served") / "data")
    with serve_place(replace(written_sieve, directory=directory)) as place:
        yield place


@pytest.fixture(params=ROUTES)
def place(request: pytest.FixtureRequest, written_sieve: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The runs to filter, for tests that only read."""
    if request.param == "tcp":
        return request.getfixturevalue("served_sieve")
    directory = tmp_path_factory.mktemp("own") / "data"
    return replace(written_sieve, directory=shutil.copytree(written_sieve.directory, directory))
