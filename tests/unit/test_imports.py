"""What `import wandql` loads, and what it offers."""

from __future__ import annotations

import json
import subprocess
import sys
from types import ModuleType

import pytest

import wandql

EXTRAS = {
    "ariadne",
    "filelock",
    "graphql",
    "pandas",
    "polars",
    "pyarrow",
    "rich",
    "sqlalchemy",
    "sqlite3",
    "starlette",
    "typer",
    "uvicorn",
}


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)


def loaded_by(code: str) -> set[str]:
    """Return the top-level packages that a new interpreter has loaded after `code`."""
    done = run(f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))")
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_importing_wandql_loads_no_dependency() -> None:
    assert loaded_by("import wandql") & (EXTRAS | {"anyio", "httpx", "pydantic"}) == set()


@pytest.mark.parametrize("name", ["Api", "AsyncApi"])
def test_the_client_loads_no_extra_and_no_server(name: str) -> None:
    # httpx loads rich, for a command of its own, wherever rich is installed.
    assert (loaded_by(f"import wandql\nwandql.{name}") - loaded_by("import httpx, pydantic")) & EXTRAS == set()
    code = f"import sys, wandql\nwandql.{name}(api_key='a' * 40)\nassert 'wandql.server' not in sys.modules"
    assert run(code).returncode == 0, run(code).stderr


def test_adding_people_loads_nothing_of_what_answers_requests() -> None:
    loaded = loaded_by("import wandql.cli.commands, wandql.server.enrolment")
    assert loaded & {"ariadne", "graphql", "httpx", "pydantic", "starlette", "uvicorn"} == set()


def test_only_what_is_used_of_the_generated_code_is_loaded() -> None:
    done = run("import sys, wandql.errors, wandql.settings, wandql.paths\nprint('wandql.graphql' in sys.modules)")
    assert done.stdout == "False\n", done.stderr


def test_importing_wandql_takes_at_most_a_quarter_of_importing_wandb() -> None:
    measure = "import time\nstart = time.perf_counter()\nimport {}\nprint(time.perf_counter() - start)"
    seconds = {name: min(float(run(measure.format(name)).stdout) for _ in range(3)) for name in ("wandql", "wandb")}
    assert seconds["wandql"] <= seconds["wandb"] / 4


def test_public_names_are_sorted_and_are_all_that_dir_shows() -> None:
    assert list(wandql.__all__) == sorted(set(wandql.__all__))
    assert dir(wandql) == list(wandql.__all__)


@pytest.mark.parametrize("name", wandql.__all__)
def test_a_public_name_resolves_to_something_that_says_it_is_public(name: str) -> None:
    value = getattr(wandql, name)
    home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "wandql")
    assert home.split(".")[0] in {"wandql", "builtins", "typing"}
    assert not any(part.startswith("_") for part in home.split("."))


def test_a_public_name_is_the_same_object_every_time() -> None:
    assert all(getattr(wandql, name) is getattr(wandql, name) for name in wandql.__all__)


def test_a_star_import_brings_the_public_names() -> None:
    done = run("before = {'before', *dir()}\nfrom wandql import *\nprint(*sorted(set(dir()) - before))")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == list(wandql.__all__)


def test_a_misspelt_name_is_an_attribute_error_that_suggests_the_right_one() -> None:
    done = run("import wandql\nwandql.Appi")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("AttributeError: module 'wandql' has no attribute 'Appi'")
    assert "Did you mean: 'Api'?" in done.stderr
