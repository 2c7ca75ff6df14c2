"""Programs and servers, each in a process of its own, and what they cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Cost", "Servers", "execute", "start_servers"]

HERE = Path(__file__).parent
DISTANT = "replay, 100 ms"
# Where Python is told to keep no compiled modules, it would compile all of wandql in each process, but nothing of what
# has installed and compiled already.
CLEAN = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Cost:
    """What one execution cost.

    Attributes:
        wall: Seconds from start to end of the program.
        cpu: CPU seconds, those of child processes included.
        memory: The most that its processes held at one time, MiB.
        output: The first line that it printed.
        work: CPU seconds of its last job, child processes included, if it printed these on a line more.
    """

    wall: float
    cpu: float
    memory: float
    output: str
    work: float = 0.0


class Server:
    """A server that answers the first line of standard input with a greeting, and each further one with a number."""

    def __init__(self, module: str, *arguments: str, first_line: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{module}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=HERE.parent,
        )
        self.greeting = self._ask(first_line)

    def measure(self) -> float:
        """Return the number: what it is depends on the server."""
        return float(self._ask(""))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        with self._process:
            self._process.terminate()

    def _ask(self, line: str) -> str:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the process has no pipes")
        print(line, file=self._process.stdin, flush=True)
        return self._process.stdout.readline()


@dataclass(frozen=True)
class Servers:
    """The embedded server, and those that replay its replies, at once or after a while."""

    embedded: Server
    replays: dict[str, Server]
    environments: dict[str, dict[str, str]]


@contextmanager
def start_servers(projects: list[dict[str, object]], data: Path, scratch: Path) -> Iterator[Servers]:
    """Start the embedded server with those projects, and one that replays its replies.

    Args:
        projects: The projects to make where they are not there.
        data: The embedded server's data directory.
        scratch: Where the official client may write.
    """
    with Server("server", str(data), first_line=json.dumps(projects)) as embedded:
        there = json.loads(embedded.greeting)
        with (
            Server("replay", first_line=there["url"]) as replay,
            Server("replay", "0.1", first_line=there["url"]) as distant,
        ):
            replays = {"replay": replay, DISTANT: distant}
            own = {name: value for name, value in CLEAN.items() if not name.startswith("WANDB_")}
            homes = dict.fromkeys(("WANDB_DIR", "WANDB_CACHE_DIR", "WANDB_CONFIG_DIR", "WANDB_DATA_DIR"), str(scratch))
            urls = {"embedded": there["url"], **{name: each.greeting.strip() for name, each in replays.items()}}
            environments = {
                name: {
                    **own,
                    **homes,
                    "WANDB_BASE_URL": url,
                    "WANDB_API_KEY": there["key"],
                    "WANDB_SILENT": "true",
                    "BENCHMARK_BEHIND": name,
                }
                for name, url in urls.items()
            }
            yield Servers(embedded, replays, environments)


def execute(command: list[str], environment: dict[str, str] | None = None, given: bytes = b"") -> Cost:
    """Run a Python program and return what it cost.

    Raises:
        RuntimeError: It failed.
    """
    done = subprocess.run(
        [sys.executable, str(HERE / "measure.py"), sys.executable, *command],
        input=given,
        capture_output=True,
        env=CLEAN if environment is None else environment,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stderr.decode()}")
    output, _, work = done.stdout.decode().partition("\n")
    return Cost(**json.loads(done.stderr.splitlines()[-1]), output=output, work=float(work or 0))
