"""The main job, in one go: `make demo`.

It starts the embedded server, lets the official SDK log a dozen trainings to it, and queries them with wandql. Everything
is in a temporary directory, which is removed at the end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table

import wandql

console = Console()


@contextmanager
def serving(data: Path) -> Iterator[dict[str, str]]:
    """Run `wandql serve` and give what its line says: url, key, entity."""
    command = [sys.executable, "-m", "wandql.cli", "serve", "--port", "0", "--data", str(data), "--entity", "demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            words = line.split()
            console.print(f"[dim]$ wandql serve --port 0 --data {data.name}\n{line.strip()}[/dim]", highlight=False)
            yield {"url": words[2], **dict(word.split("=", 1) for word in words[3:])}
        finally:
            server.terminate()


def train(server: dict[str, str], directory: Path) -> None:
    """Run the training script as its author would, in a process of its own."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("WANDB_")},
        "WANDB_BASE_URL": server["url"],
        "WANDB_API_KEY": server["key"],
        "WANDB_DIR": str(directory),
        "WANDB_SILENT": "true",
    }
    start = time.monotonic()
    subprocess.run([sys.executable, str(Path(__file__).with_name("train.py"))], env=environment, check=True)
    console.print(f"[dim]$ python examples/train.py    # the official SDK logged 12 runs in {time.monotonic() - start:.0f} s[/dim]")


def show(code: str) -> None:
    """Print the code that comes next."""
    console.print()
    console.print(Syntax(code, "python", theme="ansi_dark", background_color="default"))


def tabulate(runs: list[wandql.Run]) -> Table:
    """A table of runs."""
    table = Table("id", "name", "state", "learning rate", "batch", "loss", "test loss", "accuracy")
    for run in runs:
        numbers = [f"{run.summary[key]:.4f}" for key in ("loss", "test_loss", "accuracy")]
        table.add_row(run.id, run.name, run.state, str(run.config["learning_rate"]), str(run.config["batch_size"]), *numbers)
    return table


def draw(values: list[float], *, width: int = 72, height: int = 12) -> str:
    """A curve of block characters."""
    columns = [values[number * (len(values) - 1) // (width - 1)] for number in range(width)]
    low, high = min(columns), max(columns)
    levels = [round((value - low) / ((high - low) or 1) * (height * 8 - 1)) + 1 for value in columns]
    rows = ["".join(" ▁▂▃▄▅▆▇█"[max(0, min(8, level - 8 * row))] for level in levels) for row in reversed(range(height))]
    labels = [f"{high:.3f}", *[""] * (height - 2), f"{low:.3f}"]
    return "\n".join(f"{label:>7} │{row}" for label, row in zip(labels, rows, strict=True))


def query(server: dict[str, str]) -> None:
    """Ask for what was logged."""
    with wandql.Api(base_url=server["url"], api_key=server["key"], entity=server["entity"]) as api:
        show('runs = api.runs("demo")')
        runs = api.runs("demo")
        console.print(tabulate(list(runs)))
        console.print(f"[dim]{len(runs)} runs with config and summary, {-(-len(runs) // runs.per_page)} request[/dim]")

        show('api.runs("demo", {"config.learning_rate": {"$gte": 1}, "summary_metrics.accuracy": {"$gt": 0.9}})')
        console.print(tabulate(list(api.runs("demo", {"config.learning_rate": {"$gte": 1}, "summary_metrics.accuracy": {"$gt": 0.9}}))))

        show('best = api.runs("demo", order="+summary_metrics.test_loss", per_page=1).first()')
        best = api.runs("demo", order="+summary_metrics.test_loss", per_page=1).first()
        assert best is not None
        history = api.client.get_run_history(entity=best.entity, project=best.project, run=best.id, samples=500)
        assert history.project is not None
        assert history.project.run is not None
        losses = [json.loads(row)["test_loss"] for row in history.project.run.history]
        console.print(f"{best!r} {best.name!r}: test loss over {len(losses)} steps\n{draw(losses)}", highlight=False)


def main() -> None:
    """Do it all."""
    with tempfile.TemporaryDirectory(prefix="wandql-demo-") as scratch:
        directory = Path(scratch)
        with serving(directory / "data") as server:
            train(server, directory)
            query(server)
    console.print("\n[dim]The server is stopped and everything it held is removed.[/dim]")


if __name__ == "__main__":
    main()
