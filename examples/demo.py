"""The main job, in one go: `make demo`.

It starts the embedded server, has the official SDK log a dozen trainings to it, and queries them with wandql.
Everything is in a temporary directory, which is removed at the end.
"""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.syntax import Syntax
from rich.table import Table

import wandql

TRAINING = Path(__file__).with_name("train.py")
WANDQL = Path(sys.executable).with_name("wandql")

console = Console(highlight=False)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="wandql-demo-") as scratch, serving(Path(scratch, "runs")) as server:
        train(server, Path(scratch, "training"))
        try:
            query(server)
        except wandql.WandqlError as error:
            sys.exit(f"demo: {error}")
    console.print("\nThe server is stopped, and everything that it held is removed.", style="dim")


@contextmanager
def serving(data: Path) -> Iterator[dict[str, str]]:
    """Run `wandql serve`, and give what it says: url, key and entity."""
    console.print(f"[bold]$ wandql serve --port 0 --data ./{data.name} --entity demo[/bold]")
    command = [str(WANDQL), "serve", "--port", "0", "--data", str(data), "--entity", "demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith("wandql serving "):
                sys.exit("demo: wandql serve did not start; what it said is above.")
            _, _, url, key, entity, *_ = line.split()
            console.print(f"wandql serving {url} {key} {entity}", style="dim", soft_wrap=True)
            yield {"url": url, "key": key.removeprefix("key="), "entity": entity.removeprefix("entity=")}
        finally:
            process.terminate()


def train(server: dict[str, str], directory: Path) -> None:
    """Run the training script as its author would, in a process of its own."""
    directory.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WANDB_")}
    environment |= {"WANDB_BASE_URL": server["url"], "WANDB_API_KEY": server["key"], "WANDB_SILENT": "true"}
    # Nothing of the SDK's own is left behind either.
    environment |= dict.fromkeys(("WANDB_DIR", "WANDB_CACHE_DIR", "WANDB_CONFIG_DIR", "WANDB_DATA_DIR"), str(directory))
    console.print(f"\n[bold]$ python examples/{TRAINING.name}[/bold]")
    start = time.monotonic()
    with console.status("training"):
        training = subprocess.run([sys.executable, TRAINING], env=environment, cwd=directory, check=False)
    if training.returncode:
        sys.exit(f"demo: the training failed with exit code {training.returncode}; what it said is above.")
    seconds = time.monotonic() - start
    console.print(f"12 trainings, logged by the official SDK in {seconds:.0f} seconds", style="dim")


def query(server: dict[str, str]) -> None:
    """Ask for what was logged: each question is shown, then put."""
    with wandql.Api(base_url=server["url"], api_key=server["key"], entity=server["entity"]) as api:
        show(every_run)
        runs = every_run(api)
        console.print(tabulate(runs))
        pages = len(list(runs.pages()))
        console.print(f"{len(runs)} runs with config and summary, {pages} request{'s'[: pages > 1]}", style="dim")

        show(fast_and_good)
        console.print(tabulate(fast_and_good(api)))

        show(best_run)
        best = best_run(api)
        console.print(f"\n{best!r} {best.name}")

        show(loss_curve)
        losses = loss_curve(api, best)
        console.print(f"\n{draw(losses)}")
        console.print(f"test loss of {best.name}, {len(losses)} steps", style="dim")


def every_run(api: wandql.Api) -> wandql.Runs:
    return api.runs("demo", order="+created_at")


def fast_and_good(api: wandql.Api) -> wandql.Runs:
    fast = {"config.learning_rate": {"$gte": 0.1}}
    good = {"summary_metrics.accuracy": {"$gt": 0.9}}
    return api.runs("demo", {"$and": [fast, good]}, order="-summary_metrics.accuracy")


def best_run(api: wandql.Api) -> wandql.Run:
    return api.runs("demo", order="+summary_metrics.test_loss", per_page=1)[0]


def loss_curve(api: wandql.Api, run: wandql.Run) -> list[float]:
    data = api.client.get_run_history(
        entity=run.entity,
        project=run.project,
        run=run.id,
        samples=500,
    )
    rows = data.project.run.history if data.project and data.project.run else []
    return [json.loads(row)["test_loss"] for row in rows]


def show(function: Callable[..., object]) -> None:
    """Print the code that comes next."""
    source = inspect.getsource(function).rstrip()
    console.print("", Syntax(source, "python", theme="ansi_dark", background_color="default", word_wrap=True))


def tabulate(runs: Iterable[wandql.Run]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for header in ("id", "name", "state"):
        table.add_column(header)
    for header in ("lr", "batch", "loss", "test loss", "accuracy"):
        table.add_column(header, justify="right")
    for run in runs:
        inputs = [str(run.config[key]) for key in ("learning_rate", "batch_size")]
        metrics = [f"{run.summary[key]:.3f}" for key in ("loss", "test_loss", "accuracy")]
        table.add_row(run.id, run.name, run.state, *inputs, *metrics)
    return table


def draw(values: list[float], *, width: int = 70, height: int = 10) -> str:
    """Draw a curve with block characters."""
    columns = [values[number * (len(values) - 1) // (width - 1)] for number in range(width)]
    low, high = min(columns), max(columns)
    # In eighths of a row, so that the lowest value is still seen.
    levels = [1 + (height * 8 - 1) * (value - low) / ((high - low) or 1) for value in columns]
    rows = ["".join(" ▁▂▃▄▅▆▇█"[max(0, min(8, round(level) - 8 * row))] for level in levels) for row in range(height)]
    labels = [f"{low:.3f}", *[""] * (height - 2), f"{high:.3f}"]
    return "\n".join(f"{label:>7} │{row}" for label, row in zip(reversed(labels), reversed(rows), strict=True))


if __name__ == "__main__":
    main()
