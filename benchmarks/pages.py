"""What the embedded server adds to SQLite and JSON: pages of runs, whole from request to reply, in one process.

The other side reads the same columns with the plainest statement, puts the same reply together by hand and writes it.
It knows one question and asks nobody who is asking; both replies must be equal.
"""

from __future__ import annotations

import json
import sqlite3
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from pydantic_core import to_json

from benchmarks.server import ENTITY, seed
from wandql.graphql.generated import operations
from wandql.server import Application, Request, open_application
from wandql.server.databases import sqlite

__all__ = ["PROJECT", "measure_pages"]

PROJECT = "many"
RUNS = 10_000

COLUMNS = (
    'key, name, display_name, state, tags, "group", job_type, description, notes, "commit", sweep_name, project_key, '
    "created_at, heartbeat_at, history_line_count, config, summary_metrics, system_metrics"
)


def measure_pages(directory: Path, per_page: int, rounds: int) -> tuple[float, float]:
    """Return the median CPU seconds of listing 10,000 runs: by the server, and by hand."""
    done = directory / f"{PROJECT} is complete"
    if not done.exists():
        # Runs of a benchmark need not outlive a power cut.
        sqlite.SYNCHRONOUS, kept = "OFF", sqlite.SYNCHRONOUS
        with open_application(directory, entity=ENTITY) as application:
            seed(application, name=PROJECT, runs=RUNS, config_bytes=1000)
        sqlite.SYNCHRONOUS = kept
        done.touch()
    with open_application(directory, entity=ENTITY) as application:
        served, by_hand = list[float](), list[float]()
        connection = sqlite3.connect(directory / "wandql.db")
        for number in range(-1, rounds):
            costs = [timed(ask(application, per_page)), timed(read(connection, per_page))]
            if json.loads(costs[0][1]) != json.loads(costs[1][1]):
                raise RuntimeError("the two sides of the benchmark disagree")
            if number >= 0:
                served.append(costs[0][0])
                by_hand.append(costs[1][0])
        connection.close()
    return median(served), median(by_hand)


def timed(pages: Iterator[bytes]) -> tuple[float, bytes]:
    """Return the CPU seconds that all pages take, and the last page."""
    start, last = time.process_time(), b""
    for page in pages:
        last = page
    return time.process_time() - start, last


def ask(application: Application, per_page: int) -> Iterator[bytes]:
    """Yield the pages that the server gives."""
    credentials = b64encode(f"api:{application.api_key}".encode()).decode()
    for first in range(0, RUNS, per_page):
        after = cursor(first) if first else None
        operation = operations.get_runs(
            entity=ENTITY, project=PROJECT, order="+created_at", first=per_page, filters="{}", after=after
        )
        headers = {"authorization": f"Basic {credentials}"}
        yield application.respond(Request("POST", "/graphql", headers, operation.body())).body


def read(connection: sqlite3.Connection, per_page: int) -> Iterator[bytes]:
    """Yield the same pages, made by hand."""
    query = (
        "SELECT p.key, u.key, u.username, u.name FROM projects p JOIN users u ON u.key = p.user_key WHERE p.name = ?"
    )
    project, user_key, username, full_name = connection.execute(query, (PROJECT,)).fetchone()
    user = {"id": identify("User", user_key), "username": username, "name": full_name}
    query = f"SELECT {COLUMNS} FROM runs WHERE project_key = ? ORDER BY created_at, key LIMIT ? OFFSET ?"
    for first in range(0, RUNS, per_page):
        (count,) = connection.execute("SELECT count(*) FROM runs WHERE project_key = ?", (project,)).fetchone()
        rows = connection.execute(query, (project, per_page, first))
        edges = [{"cursor": cursor(number), "node": node(row, user)} for number, row in enumerate(rows, first + 1)]
        page = {"endCursor": cursor(first + len(edges)), "hasNextPage": first + len(edges) < count}
        yield to_json({"data": {"project": {"runCount": count, "runs": {"pageInfo": page, "edges": edges}}}})


def node(row: tuple, user: dict[str, object]) -> dict[str, object]:
    (
        key,
        id_,
        name,
        state,
        tags,
        group,
        job,
        description,
        notes,
        commit,
        sweep,
        project,
        created,
        beat,
        lines,
        *texts,
    ) = row
    return {
        "storageId": identify("Run", key), "id": id_, "name": name, "state": state, "tagsOrNull": json.loads(tags),
        "group": group, "jobType": job, "description": description, "notes": notes, "commit": commit,
        "sweepName": sweep, "projectId": project, "readOnly": False, "createdAt": moment(created),
        "heartbeatAt": moment(beat), "historyLineCount": lines, "user": user,
        "configJson": texts[0], "summaryJson": texts[1], "systemMetricsJson": texts[2],
    }  # fmt: skip


def identify(kind: str, key: int) -> str:
    return b64encode(f"{kind}:{key}".encode()).decode()


def cursor(number: int) -> str:
    return b64encode(str(number).encode()).decode()


def moment(microseconds: int) -> str:
    return datetime.fromtimestamp(microseconds / 1e6, UTC).isoformat().replace("+00:00", "Z")
