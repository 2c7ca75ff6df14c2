"""What a run can do, by both clients on the same run: histories, files, logs, metadata, edits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import wandql
from tests.interop.conftest import Server, serve

pytestmark = [pytest.mark.interop, pytest.mark.slow]

SCRIPT = Path(__file__).with_name("sdk_verbs.py")
PATH = "verbs/one"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def ask(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """Puts a question of `sdk_verbs.py`; the run is logged before the first."""
    directory = tmp_path_factory.mktemp("official")

    def put(question: str) -> Any:
        done = subprocess.run(
            [sys.executable, SCRIPT, question],
            env={**os.environ, **server.environment(directory)},
            cwd=directory,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.rpartition("ANSWER ")[2])

    put("log")
    return put


@pytest.fixture(scope="module")
def theirs(ask: Callable[[str], Any]) -> Any:
    return ask("read")


@pytest.fixture
def run(server: Server, theirs: Any) -> Iterator[wandql.Run]:
    with server.api() as api:
        yield api.run(PATH)


def test_scans_hold_the_same_rows_at_every_bound(run: wandql.Run, theirs: Any):
    bounds: list[tuple[int, int | None]] = [
        (0, None), (0, 38), (0, 39), (0, 40), (0, 41), (5, 20), (39, None), (40, None),
    ]  # fmt: skip
    assert {str(each): list(run.scan_history(min_step=each[0], max_step=each[1])) for each in bounds} == theirs["scans"]
    assert len(theirs["scans"]["(0, 39)"]) == 39


def test_scans_with_keys_hold_the_same_rows(run: wandql.Run, theirs: Any):
    keys = [["loss"], ["val"], ["loss", "val"]]
    assert [list(run.scan_history(keys=each)) for each in keys] == theirs["keys"][:3]


def test_a_key_that_no_row_has_is_an_error_and_not_nothing(run: wandql.Run, theirs: Any):
    assert theirs["keys"][3] == []
    with pytest.raises(wandql.errors.UnknownKeyError, match="nosuchkey"):
        list(run.scan_history(keys=["nosuchkey"]))


def test_samples_are_the_same(run: wandql.Run, theirs: Any):
    assert [run.history(samples=samples, pandas=False) for samples in (1, 3, 500)] == theirs["samples"]
    sampled = [run.history(samples=9, keys=keys, pandas=False) for keys in (["loss"], ["val", "loss"])]
    assert sampled == theirs["sampled"]
    assert run.history(keys=["val"], x_axis="_runtime").to_dict("list") == theirs["frame"]
    assert run.history(stream="system", pandas=False) == theirs["system"]
    assert run.lastHistoryStep == theirs["last"] == 39


def test_files_are_the_same(run: wandql.Run, theirs: Any, tmp_path: Path):
    ours = {
        file.name: [file.size, file.md5, file.mimetype, file.download(tmp_path).read_text()] for file in run.files()
    }
    assert ours == theirs["files"]
    assert ours["notes.txt"][3] == "It converges."
    assert [file.name for file in run.files(pattern="%.json")] == theirs["pattern"]
    assert [file.name for file in run.files(names=["notes.txt", "nosuchfile"])] == theirs["names"] == ["notes.txt"]


def test_metadata_and_config_are_the_same(run: wandql.Run, theirs: Any):
    assert run.metadata == theirs["metadata"]
    assert run.metadata
    assert json.loads(run.json_config) == theirs["json_config"]
    assert run.dir.endswith("/alice/verbs/one")
    assert theirs["dir"].endswith("/alice/verbs/one")


def test_printed_lines_are_the_same(run: wandql.Run, theirs: Any):
    lines = [[line.number, str(line.timestamp), line.level, line.label, line.content] for line in run.console_logs()]
    assert lines == theirs["lines"]
    assert "step 39" in [line[4] for line in lines]
    assert [line.content for line in run.console_logs(last=3)] == theirs["tail"]


def test_edits_by_either_are_seen_by_both_and_merged(server: Server, ask: Callable[[str], Any]):
    with server.api() as api:
        ours = api.run(PATH)
        ours.tags.append("ours")
        ours.config["ours"] = {"deep": [1, None]}
        ours.summary["ours"] = 7
        ask("edit")
        ours.update()
        seen = ask("seen")
        assert {name: getattr(ours, name) for name in seen} == seen
    assert (seen["name"], seen["notes"], seen["group"]) == ("theirs", "by the official client", "g")
    assert seen["tags"] == ["a", "theirs", "ours"]
    assert seen["config"] == {"lr": 0.5, "opt": {"name": "adam"}, "ours": {"deep": [1, None]}}
    assert (seen["summary_metrics"]["theirs"], seen["summary_metrics"]["ours"]) == ({"deep": 1}, 7)
    assert seen["rawconfig"]["_wandb"]
