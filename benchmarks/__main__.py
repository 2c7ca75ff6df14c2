"""Compare wandql with the official client, and with no client at all."""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.jobs import CLIENTS, IMPORTS, JOBS, PROJECTS, Job
from benchmarks.pages import measure_pages
from benchmarks.processes import Cost, Servers, execute, start_servers

DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
PAGES = "The server itself: 10,000 runs with config and summary, without a network"
# A measurement begins with its date, a table with its title.
MEASUREMENT = re.compile(r"(?m)^(?=\d{4}-\d\d-\d\d, )")
TABLE = re.compile(r"(?m)^(?=\*\*)")
TITLE = re.compile(r"(?m)^\*\*(.*)\*\*$")
STREAMS = "Streams of runs with 50 config and 100 summary keys"
COLUMNS = ("requests", "CPU s", "wall s", "MiB", "server CPU s", "CPU ratio", "wall ratio", "memory ratio")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each job is done (default: 3)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the jobs whose title holds this")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep the runs there, for the next time")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/performance.md")
    arguments = parser.parse_args()
    lines: list[str] = []
    for line in measure(arguments.rounds, arguments.only, arguments.data):
        print(line, flush=True)
        lines.append(line)
    report = "\n".join(lines)
    if arguments.write:
        before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
        known, after = rest.split(END)
        DOCUMENT.write_text(f"{before}{BEGIN}\n{merge(known, report)}\n\n{END}{after}", encoding="utf-8")


def merge(known: str, report: str) -> str:
    """Return what is known with the tables of a report in place of those of the same titles, which it ends with."""
    titles = set(TITLE.findall(report))
    kept: list[str] = []
    for measurement in MEASUREMENT.split(known.strip()):
        head, *tables = TABLE.split(measurement.strip())
        rest = [each.strip() for each in tables if TITLE.findall(each)[0] not in titles]
        kept += ["\n\n".join([head.strip(), *rest])] if rest else []
    return "\n\n".join([*kept, report])


def measure(rounds: int, only: str, data: Path | None) -> Iterator[str]:
    """Yield the lines of the report."""
    load = os.getloadavg()[0]
    yield (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, wandb {version('wandb')}, wandql {version('wandql')}; "
        f"medians of {rounds} rounds; load at the start {load:.1f}."
    )
    if only in "Import":
        yield from measure_imports(rounds)
    if only in STREAMS:
        yield from measure_streams([10_000, 100_000])
    if only in PAGES:
        with tempfile.TemporaryDirectory(prefix="wandql-benchmarks-") as scratch:
            yield from measure_server((data or Path(scratch, "data")).absolute(), rounds)
    jobs = [job for job in JOBS if only in job.title]
    if jobs:
        say("writing runs")
        needed = {job.project for job in jobs}
        projects = [project for project in PROJECTS if project["name"] in needed]
        with (
            tempfile.TemporaryDirectory(prefix="wandql-benchmarks-") as scratch,
            start_servers(projects, (data or Path(scratch, "data")).absolute(), Path(scratch)) as servers,
        ):
            for job in jobs:
                for behind in job.behind:
                    yield from measure_job(job, servers, behind, rounds)


def measure_imports(rounds: int) -> Iterator[str]:
    """Compare what it takes to import the packages, as the statement itself sees it."""
    say("imports")
    code = "from time import perf_counter as now\nstart = now()\n{}\nprint(now() - start)"
    costs: dict[str, list[Cost]] = {statement: [] for statement in IMPORTS}
    for number in range(-1, rounds * 2):
        for statement, of_statement in costs.items():
            cost = execute(["-c", code.format(statement)])
            if number >= 0:
                of_statement.append(cost)
    seconds = {statement: median(float(cost.output) for cost in of_one) for statement, of_one in costs.items()}
    memory = {statement: median(cost.memory for cost in of_one) for statement, of_one in costs.items()}
    rows = [
        [
            f"`{statement}`",
            f"{1000 * seconds[statement]:.0f}",
            f"{memory[statement]:.0f}",
            ratio(seconds[statement], base),
        ]
        for statement, base in zip(IMPORTS, [seconds[IMPORTS[1]]] * 2 + [seconds[IMPORTS[3]]] * 2, strict=True)
    ]
    yield from table("Import", ["", "wall ms", "MiB", "wall ratio"], rows)


def measure_streams(lengths: list[int]) -> Iterator[str]:
    """Compare the memory that streams of runs take, short and long ones: it must not grow."""
    rows: list[list[str]] = []
    for title, how in (("client.paginate", "paginate"), ("runs.to_jsonl", "jsonl")):
        say(f"{STREAMS}: {title}")
        base: Cost | None = None
        for length in lengths:
            cost = execute([str(CLIENTS / "steady.py"), str(length), how])
            base = base or cost
            rows.append([f"{title}, {length:,} runs", f"{cost.memory:.1f}", ratio(cost.memory, base.memory)])
    yield from table(STREAMS, ["", "MiB", "memory ratio"], rows)


def measure_server(directory: Path, rounds: int) -> Iterator[str]:
    """Compare the server with SQLite and JSON themselves."""
    rows: list[list[str]] = []
    for per_page in (1000, 100):
        say(f"{PAGES}: {per_page} a page")
        served, by_hand = measure_pages(directory, per_page, rounds)
        rows.append([f"{per_page} a page", f"{served:.2f}", f"{by_hand:.2f}", ratio(served, by_hand)])
    yield from table(PAGES, ["", "CPU s", "SQLite and JSON alone", "CPU ratio"], rows)


def measure_job(job: Job, servers: Servers, behind: str, rounds: int) -> Iterator[str]:
    """Compare the clients at a job, one after the other in each round."""
    say(f"{job.title}: {behind} server")
    environment = servers.environments[behind]
    costs: dict[str, list[Cost]] = {client.name: [] for client in job.clients}
    busy: dict[str, list[float]] = {client.name: [] for client in job.clients}
    requests: dict[str, float] = {}
    works: dict[str, list[float]] = {client.name: [] for client in job.clients if client.repeats}
    for number in range(-1, rounds):
        for client in job.clients:
            if behind in servers.replays:
                servers.replays[behind].measure()
            before = servers.embedded.measure()
            cost = execute(client.command, environment, client.body)
            # The first time warms up the caches of the disk, and teaches the replies to the server that replays them.
            if number >= 0:
                costs[client.name].append(cost)
                busy[client.name].append(servers.embedded.measure() - before)
                requests[client.name] = servers.replays[behind].measure() if behind in servers.replays else 0
                if client.repeats:
                    works[client.name].append(execute([*client.command, "again"], environment, client.body).work)
    if len({cost.output for of_client in costs.values() for cost in of_client}) != 1:
        raise RuntimeError(f"the clients disagree on {job.title}: {costs}")
    middles = {name: mid(of_client) for name, of_client in costs.items()}
    base = middles["wandql"]
    rows = []
    for name, cost in middles.items():
        ratios = [ratio(cost.cpu, base.cpu), ratio(cost.wall, base.wall), ratio(cost.memory, base.memory)]
        sent = f"{requests[name]:.0f}" if behind in servers.replays else ""
        server = f"{median(busy[name]):.2f}" if behind == "embedded" else ""
        rows.append([name, sent, f"{cost.cpu:.2f}", f"{cost.wall:.2f}", f"{cost.memory:.0f}", server, *ratios])
    header = ["", *COLUMNS]
    if works:
        for row in rows:
            again = median(works[row[0]])
            row += [f"{again:.3f}", ratio(again, median(works["wandql"]))]
        header += ["CPU s again", "its ratio"]
    yield from table(f"{job.title} ({behind} server)", header, rows)


def mid(costs: list[Cost]) -> Cost:
    """Return the medians of the costs of one program."""
    return Cost(
        median(cost.wall for cost in costs),
        median(cost.cpu for cost in costs),
        median(cost.memory for cost in costs),
        "",
    )


def ratio(value: float, base: float) -> str:
    return f"{value / base:.2f}"


def table(title: str, header: list[str], rows: list[list[str]]) -> Iterator[str]:
    """Yield a Markdown table that can be read as it is."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    yield from ("", f"**{title}**", "")
    for cells in [header, ["-" * width for width in widths], *rows]:
        yield f"| {cells[0]:<{widths[0]}} | " + " | ".join(map(str.rjust, cells[1:], widths[1:])) + " |"


def say(text: str) -> None:
    print(f"benchmarks: {text} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
