"""The official SDK: it logs to `wandql serve` in processes of its own, and its `wandb.Api` answers questions."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import wandql

HERE = Path(__file__).parent
PYTHON = sys.executable
ENTITY = "alice"
PROJECTS = ("images", "speech", "text")
RUNS = 50
WRITERS = 6
CRASH_AFTER = 4.0

Spec = dict[str, Any]


@dataclass(frozen=True)
class Server:
    """`wandql serve` in a process of its own."""

    url: str
    api_key: str
    process: subprocess.Popen[str]

    def environment(self, directory: Path) -> dict[str, str]:
        """Return what the official SDK is to find in its environment: this server, and directories of its own."""
        homes = dict.fromkeys(("WANDB_DIR", "WANDB_CACHE_DIR", "WANDB_CONFIG_DIR", "WANDB_DATA_DIR"), str(directory))
        return {
            **os.environ,
            **homes,
            "WANDB_BASE_URL": self.url,
            "WANDB_API_KEY": self.api_key,
            "WANDB_SILENT": "true",
        }

    def api(self, **arguments: Any) -> wandql.Api:
        return wandql.Api(**{"base_url": self.url, "api_key": self.api_key, "entity": ENTITY, **arguments})

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def serve(data: Path, *arguments: str) -> Iterator[Server]:
    """Run `wandql serve` on a data directory until the context ends."""
    program = Path(PYTHON).with_name("wandql")
    command = [str(program), "serve", "--port", "0", "--data", str(data), "--entity", ENTITY, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            _, _, url, *words = process.stdout.readline().split()
            yield Server(url, dict(word.split("=", 1) for word in words)["key"], process)
        finally:
            process.terminate()


class Official:
    """The official `wandb.Api` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._questions, self._answers = process.stdin, process.stdout

    def ask(self, question: str, **arguments: Any) -> Any:
        """Put a question of `sdk_read.py`."""
        print(json.dumps([question, arguments]), file=self._questions, flush=True)
        return json.loads(self._answers.readline())


@contextlib.contextmanager
def official_api(environment: dict[str, str]) -> Iterator[Official]:
    """Start a process with the official `wandb.Api`, and end it with the context."""
    with subprocess.Popen(
        [PYTHON, HERE / "sdk_read.py"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Official(process)


def start_writer(specs: list[Spec], environment: dict[str, str], directory: Path) -> subprocess.Popen[str]:
    """Start a process in which the official SDK logs runs, one after another."""
    writer = subprocess.Popen(
        [PYTHON, HERE / "sdk_write.py"],
        env=environment,
        cwd=directory,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert writer.stdin is not None
    with writer.stdin:
        json.dump(specs, writer.stdin)
    return writer


def finish_writer(writer: subprocess.Popen[str]) -> None:
    with writer:
        assert writer.stdout is not None
        said = writer.stdout.read()
    assert writer.returncode == 0, said


def kill_writer(writer: subprocess.Popen[str]) -> None:
    """Kill a process with -9, and with it the SDK's own child process, as a lost machine would."""
    with writer:
        os.killpg(writer.pid, signal.SIGKILL)


def wait_until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def make_specs(project: str) -> list[Spec]:
    """Make up the runs of a project: everything that a run may be, and enough of each kind to filter by."""
    chance = random.Random(project)
    return [make_spec(project, number, chance) for number in range(RUNS)]


def make_spec(project: str, number: int, chance: random.Random) -> Spec:
    config = {
        "lr": chance.choice([1e-05, 3e-4, 1e-3, 0.1, 1.0]),
        "batch_size": chance.choice([16, 32, 64]),
        "seed": 2**53 + number,
        "optimizer": {"name": chance.choice(["adam", "sgd"]), "betas": [0.9, 0.999], "schedule": {"warmup": number}},
        "dataset": None if number % 4 == 0 else f"{project}-{number % 4}",
        "augment": number % 2 == 0,
    }
    if number % 5 == 0:
        config |= {
            "value": {"value": number},
            "with.dot": 1,
            "with/slash": "ünï 😀 \u2028",
            "_private": [1, [2, {"three": None}]],
            "tiny": 5e-324,
            "huge": 1.7976931348623157e308,
            "infinite": float("inf"),
            "not a number": float("nan"),
            "empty": {"list": [], "dict": {}, "text": ""},
        }
    steps = [0, 1, 7, 40][number % 4]
    history = [{"loss": 2.0 / (step + 1) + number / 100, "acc": step / 40} for step in range(steps)]
    for row in history[::3]:
        row["eval/score"] = chance.choice([0.5, 1e-7, float("nan"), float("inf")])
    summary = {
        "score": chance.choice([-1.5, 0, 3, 7.25]),
        "best": {"acc": chance.random(), "at": {"step": number}},
        "verdict": chance.choice(["good", "bad", "NaN"]),
        "big": 2**62 + number,
    }
    if number % 3 == 0:
        summary |= {
            "nan": float("nan"),
            "inf": float("inf"),
            "ninf": float("-inf"),
            "none": None,
            "list": [1, None, "x"],
        }
    given: Spec = {"project": project, "id": f"run-{number:02}", "config": config}
    given["tags"] = chance.sample(["baseline", "ünï", "a, b", "2027", "x"], k=number % 4)
    if number % 6:
        given["name"] = chance.choice([f"run {number}", "same name", "ünï 😀"])
    if number % 5:
        given |= {"group": f"group {number % 3}", "job_type": "eval" if number % 2 else "train"}
    if number % 7 == 0:
        given["notes"] = f"line 1\nline 2 of {number}"
    killed = number == RUNS - 1
    return {
        "init": given,
        "history": history,
        "summary": {} if killed else summary,
        "exit_code": int(number % 8 == 3),
        "killed": killed,
    }


@dataclass(frozen=True)
class Logged:
    """What the official SDK was told to log, and where it is."""

    server: Server
    directory: Path
    specs: dict[str, list[Spec]]


@pytest.fixture(scope="session")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logged]:
    """Three projects of fifty runs each. The last run of each project was killed and has crashed."""
    directory = tmp_path_factory.mktemp("interop")
    specs = {project: make_specs(project) for project in PROJECTS}
    with serve(directory / "data", "--crash-after", str(CRASH_AFTER)) as server:
        environment = server.environment(directory)
        every = [spec for project in PROJECTS for spec in specs[project]]
        doomed = [start_writer([spec], environment, directory) for spec in every if spec["killed"]]
        ending = [spec for spec in every if not spec["killed"]]
        writers = [start_writer(ending[number::WRITERS], environment, directory) for number in range(WRITERS)]
        with server.api() as api:
            for project, writer in zip(PROJECTS, doomed, strict=True):
                last = specs[project][-1]
                wait_until(lambda: has_rows(api, f"{project}/{last['init']['id']}", len(last["history"])))  # noqa: B023
                kill_writer(writer)
            for writer in writers:
                finish_writer(writer)
            for project in PROJECTS:
                wait_until(lambda: is_crashed(api, f"{project}/{specs[project][-1]['init']['id']}"))  # noqa: B023
        yield Logged(server, directory, specs)


def has_rows(api: wandql.Api, path: str, count: int) -> bool:
    """Whether the server has got that many rows of a run's history, and the summary of the last."""
    api.flush()
    try:
        run = api.run(path)
    except wandql.NotFoundError:
        return False
    return (run.history_line_count or 0) >= count and run.summary.get("_step", -1) >= count - 1


def is_crashed(api: wandql.Api, path: str) -> bool:
    api.flush()
    return api.run(path).state == "crashed"


@pytest.fixture(scope="session")
def official(logged: Logged) -> Iterator[Official]:
    with official_api(logged.server.environment(logged.directory)) as running:
        yield running


@pytest.fixture
def api(logged: Logged) -> Iterator[wandql.Api]:
    with logged.server.api() as opened:
        yield opened
