"""What is measured: jobs, and the clients that do them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import DISTANT
from benchmarks.server import ENTITY
from wandql.graphql.generated import operations

__all__ = ["CLIENTS", "IMPORTS", "JOBS", "PROJECTS", "Client", "Job"]

CLIENTS = Path(__file__).with_name("clients")

STEPS = 100_000
PROJECTS: list[dict[str, object]] = [
    {"name": "page", "runs": 50, "config_bytes": 1000},
    {"name": "some", "runs": 500, "config_bytes": 1000},
    {"name": "many", "runs": 10_000, "config_bytes": 1000},
    {"name": "large", "runs": 2000, "config_bytes": 5000},
    {"name": "history", "runs": 1, "config_bytes": 1000, "history_steps": STEPS, "live": True},
    {"name": "exported", "runs": 1, "config_bytes": 1000, "history_steps": STEPS},
    {"name": "wide", "runs": 10_000, "config_bytes": 0, "config_keys": 50, "summary_keys": 100},
]


@dataclass(frozen=True)
class Client:
    """A program that does a job.

    Attributes:
        name: What it is called in the table.
        command: The program and its arguments.
        body: What it reads from standard input.
        repeats: Whether it does the job twice where "again" is its last argument, and says what the second time cost.
    """

    name: str
    command: list[str]
    body: bytes = b""
    repeats: bool = False


@dataclass(frozen=True)
class Job:
    """Something that users do with the runs of a project, and who does it side by side."""

    title: str
    project: str
    clients: list[Client]
    behind: tuple[str, ...] = ("embedded", "replay")


def scanning(title: str, what: str) -> Job:
    """Return the job to read a whole history, as rows or into columns."""
    path = f"{ENTITY}/history/00000000"
    width = 1000 if what == "rows" else 5000
    window = operations.get_run_history_page(
        entity=ENTITY, project="history", run="00000000", min_step=0, max_step=width, samples=2 * width
    )
    limit = [str(CLIENTS / "history_limit.py"), str(STEPS), str(width), "rows" if what == "rows" else "arrow"]
    ours = str(CLIENTS / "history_ours.py")
    return Job(
        title,
        "history",
        [
            Client("official", [str(CLIENTS / "history_official.py"), path, what], repeats=True),
            Client("wandql", [ours, path, what], repeats=True),
            *([Client("wandql, to_arrow", [ours, path, "arrow"], repeats=True)] if what == "frame" else []),
            Client("limit", limit, window.body(), repeats=True),
        ],
        ("replay", DISTANT),
    )


def reading(title: str, what: str) -> Job:
    """Return the job to read a whole history that the server has exported to a Parquet file."""
    path = f"{ENTITY}/exported/00000000"
    plan = operations.get_run_history_plan(entity=ENTITY, project="exported", run="00000000")
    ours = str(CLIENTS / "history_ours.py")
    return Job(
        title,
        "exported",
        [
            # It keeps files for the next time, and is to read them anew.
            Client("official", [str(CLIENTS / "history_official.py"), path, what, "anew"], repeats=True),
            Client("wandql", [ours, path, what], repeats=True),
            *([Client("wandql, to_arrow", [ours, path, "arrow"], repeats=True)] if what == "frame" else []),
            Client("limit, to Arrow", [str(CLIENTS / "export_limit.py")], plan.body(), repeats=True),
        ],
        ("replay",),
    )


def listing(title: str, project: str, per_page: int, mode: str = "full") -> Job:
    """Return the job to list all runs of a project, reading name, state, config and summary of each."""
    path = f"{ENTITY}/{project}"
    first = operations.get_runs(entity=ENTITY, project=project, order="+created_at", first=per_page, filters="{}")
    official = "official, its default" if mode == "lazy" else "official, lazy=False"
    return Job(
        title,
        project,
        [
            Client(official, [str(CLIENTS / "official.py"), path, str(per_page), mode]),
            Client("wandql", [str(CLIENTS / "ours.py"), path, str(per_page)]),
            Client("wandql, client.paginate", [str(CLIENTS / "streamed.py"), ENTITY, project, str(per_page)]),
            Client("limit", [str(CLIENTS / "limit.py")], first.body()),
        ],
    )


def framing(title: str, project: str, per_page: int) -> Job:
    """Return the job to make a data frame of all runs of a project, with a column for each key."""
    path = f"{ENTITY}/{project}"
    ours = [str(CLIENTS / "frame_ours.py"), path, str(per_page)]
    first = operations.get_runs(entity=ENTITY, project=project, order="+created_at", first=per_page, filters="{}")
    return Job(
        title,
        project,
        [
            Client("official, lazy=False", [str(CLIENTS / "frame_official.py"), path, str(per_page)], repeats=True),
            Client("wandql", [*ours, "pandas"], repeats=True),
            Client("wandql, to_arrow", [*ours, "arrow"], repeats=True),
            Client("wandql, to_parquet", [*ours, "parquet"], repeats=True),
            Client("limit, no frame", [str(CLIENTS / "frame_limit.py")], first.body(), repeats=True),
        ],
    )


def choosing(title: str, project: str, per_page: int) -> Job:
    """Return the job to make a data frame of a few keys of all runs of a project."""
    path = f"{ENTITY}/{project}"
    ours = [str(CLIENTS / "frame_ours.py"), path, str(per_page)]
    return Job(
        title,
        project,
        [
            Client("official, lazy=False", [str(CLIENTS / "frame_official.py"), path, str(per_page)], repeats=True),
            Client("wandql", [*ours, "chosen"], repeats=True),
            Client("wandql, all keys", [*ours, "pandas"], repeats=True),
        ],
    )


def naming(title: str, project: str, count: int) -> Job:
    """Return the job to fetch so many runs whose ids are known."""
    path = f"{ENTITY}/{project}"
    return Job(
        title,
        project,
        [
            Client("official", [str(CLIENTS / "named_official.py"), path, str(count)]),
            Client("wandql", [str(CLIENTS / "named_ours.py"), path, str(count)]),
        ],
        (DISTANT,),
    )


JOBS = [
    listing("Cold start: import, client, first page of 50 runs", "page", 50),
    listing("500 runs as the official client lists them by default, 50 a page", "some", 50, "lazy"),
    listing("10,000 runs, 100 a page", "many", 100),
    listing("10,000 runs, 1000 a page", "many", 1000),
    listing("2,000 runs with configs of 5 KB, 100 a page", "large", 100),
    framing("A frame of 10,000 runs with 50 config and 100 summary keys, 1000 a page", "wide", 1000),
    choosing("Three keys of 10,000 runs with 50 config and 100 summary keys into a frame", "wide", 1000),
    naming("200 runs whose ids are known", "many", 200),
    scanning("History of 100,000 steps with 10 keys, as rows", "rows"),
    scanning("History of 100,000 steps with 10 keys, into a frame", "frame"),
    reading("History of 100,000 steps with 10 keys from its Parquet export, as rows", "rows"),
    reading("History of 100,000 steps with 10 keys from its Parquet export, into a frame", "frame"),
]

IMPORTS = ["import wandb", "import wandql", "from wandb import Api", "from wandql import Api"]
