"""`wandql types`: what it writes is Python that type checkers accept at their strictest, and that reads the runs."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter
from typer.testing import CliRunner

from wandql.cli.commands import app
from wandql.cli.type_source import write_types

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import SampleServer

CONFIGS: list[dict[str, Any]] = [
    {
        "lr": 0.1,
        "steps": 1,
        "val/loss": 1,
        "class": "x",
        "opt": {"name": "adam", "betas": [0.9, 1]},
        "__hidden": 1,
        "_private": 2,
        "json": 1,
        "1st": 2,
        "layers": [{"size": 1}, {"size": 2, "act": "relu"}],
        "empty": [],
        "none": None,
        'quote"\\\n': 1,
        "int": 3,
        "a-b": 1,
        "a_b": 2,
        "größe": 2,
        "anything": {},
        "mixed": [1, "a", None],
    },
    {"lr": 1, "opt": None, "class": 1},
]
STYLES = ["typeddict", "pydantic"]


@pytest.mark.parametrize("style", STYLES)
def test_the_types_take_the_documents_they_were_made_of(style: Any, tmp_path: Path) -> None:
    path = tmp_path / "types.py"
    path.write_text(write_types({"Config": CONFIGS, "Summary": [{"loss": 1.5}, {}]}, style, title="Types."), "utf-8")
    spec = importlib.util.spec_from_file_location("types_of_runs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    adapter: TypeAdapter[Any] = TypeAdapter(module.Config)
    read = [
        adapter.dump_python(adapter.validate_python(config), by_alias=True, exclude_unset=True) for config in CONFIGS
    ]
    assert read == CONFIGS
    for wrong in ({"lr": "high", "opt": None, "class": 1}, {"lr": 1, "opt": {}, "class": 1}):
        with pytest.raises(ValueError, match="validation error"):
            adapter.validate_python(wrong)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_type_checkers_accept_them(style: Any, checker: str, tmp_path: Path) -> None:
    path = tmp_path / "types_of_runs.py"
    path.write_text(write_types({"Config": CONFIGS, "Summary": [{"loss": 1.5}, {}]}, style, title="Types."), "utf-8")
    (tmp_path / "pyrightconfig.json").write_text(json.dumps({"typeCheckingMode": "strict", "pythonVersion": "3.11"}))
    options = {"mypy": ["--strict", str(path)], "pyright": ["--pythonpath", sys.executable, "--project", str(tmp_path)]}
    command = [sys.executable, "-m", checker, *options[checker]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_keys_that_some_lack_are_optional_and_numbers_are_floats_where_one_is() -> None:
    source = write_types({"Config": [{"lr": 1, "seed": 1}, {"lr": 0.1}]}, "typeddict", title="Types.")
    assert source == (
        "# Types.\n\nfrom typing_extensions import NotRequired, TypedDict\n\n\n"
        "class Config(TypedDict):\n    lr: float\n    seed: NotRequired[int]\n"
    )


def test_the_command_writes_to_standard_output_or_a_file(
    sample_server: SampleServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WANDB_BASE_URL", sample_server.url)
    monkeypatch.setenv("WANDB_API_KEY", sample_server.api_key)
    shown = CliRunner().invoke(app, ["types", "alice/mnist"])
    assert shown.exit_code == 0, shown.output
    assert "class Config(TypedDict):\n    lr: float\n" in shown.output
    target = tmp_path / "models.py"
    written = CliRunner().invoke(app, ["types", "alice/mnist", "--style", "pydantic", "-o", str(target)])
    assert (written.exit_code, written.output) == (0, "")
    assert "class Summary(BaseModel):" in target.read_text()
    refused = CliRunner().invoke(app, ["types", "alice/nowhere"])
    assert refused.exit_code == 1
    assert "nowhere" in refused.output
