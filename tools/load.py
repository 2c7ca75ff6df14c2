"""Many writers and readers on one server, which may be killed: is all that was acknowledged there, once?

    python -m tools.load --writers 32 --readers 8 --seconds 60
    python -m tools.load --writers 8 --readers 2 --kills 20
    python -m tools.load --kills 20 --database postgresql://USER:PASSWORD@HOST/NAME

Each writer logs runs as the official SDK does: a run, its history in pieces, a file. Where a request fails, it sends
the same again, as the SDK does. Each reader reads histories meanwhile: what was acknowledged before it asked must be in
its answer, in order, and nothing that was not sent. In the end all is read once more, and the database checks itself.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypedDict, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel
from pydantic_core import from_json, to_json
from sqlalchemy import create_engine, make_url

from wandql.graphql.generated import operations

if TYPE_CHECKING:
    from collections.abc import Generator

    from wandql.graphql.operation import Operation

PROJECT = "load"
PIECE = 5
"""Rows that a writer sends at once."""
RUN_LENGTH = 40
"""Rows of a run."""
FILE = "a.bin"
FILE_SIZE = 5000
CONTENTS = "SELECT content FROM blobs WHERE content IS NOT NULL"
UNOWNED = "SELECT count(*) FROM history WHERE run_key NOT IN (SELECT key FROM runs)"
PATIENCE = 600
"""How often a request is sent before the trial has failed."""
READY = re.compile(r"wandql serving (?P<url>http://\S+) key=(?P<key>\S+) entity=(?P<entity>\S+) data=.+\n")

R = TypeVar("R", bound=BaseModel)


class Place(TypedDict):
    """A project."""

    entity: str
    project: str


@dataclass
class Run:
    """What a writer has sent of a run, and what was acknowledged."""

    name: str
    sent: int = 0
    acknowledged: int = 0
    content: bytes | None = None

    def rows(self, first: int, end: int) -> list[dict[str, object]]:
        """Return some rows of its history."""
        return [{"_step": step, "w": self.name, "x": step} for step in range(first, end)]


@dataclass
class Load:
    """One trial."""

    data: Path
    database: str | None = None
    url: str = ""
    key: str = ""
    entity: str = ""
    port: int = 0
    runs: list[Run] = field(default_factory=list[Run])
    faults: list[str] = field(default_factory=list[str])
    requests: int = 0
    reads: int = 0
    repeated: int = 0
    ended: threading.Event = field(default_factory=threading.Event)
    process: subprocess.Popen[str] | None = None

    @property
    def place(self) -> Place:
        """Where all is written, as operations take it."""
        return {"entity": self.entity, "project": PROJECT}

    def start(self) -> None:
        """Start the server, on the port that it had."""
        command = [sys.executable, "-c", "from wandql.cli import main; main()", "serve"]
        options = ["--port", str(self.port), "--data", str(self.data), "--entity", "alice"]
        options += ["--database", self.database] if self.database else []
        self.process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        match = READY.fullmatch(self.process.stdout.readline())
        if match is None:
            raise RuntimeError("The server did not start.")
        self.url, self.key, self.entity = match["url"], match["key"], match["entity"]
        self.port = urlsplit(self.url).port or 0

    def kill(self) -> None:
        """End the server as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()

    def stop(self) -> None:
        """End the server as it should end."""
        if self.process is not None:
            self.process.terminate()
            self.process.communicate(timeout=60)
            if self.process.returncode != 0:
                self.faults.append("the server did not end cleanly")

    def ask(self, client: httpx.Client, operation: Operation[R]) -> R:
        """Execute an operation; send it again where it fails."""
        reply = operation.parse(self.send(client, "POST", "/graphql", operation.body()).content)
        if reply.data is None or reply.errors:
            raise RuntimeError(f"{operation.name}: {reply.errors}")
        return reply.data

    def send(self, client: httpx.Client, method: str, target: str, content: bytes = b"") -> httpx.Response:
        """Send a request, again and again until it is answered."""
        for attempt in range(PATIENCE):
            try:
                reply = client.request(method, target if "://" in target else f"{self.url}{target}", content=content)
            except httpx.HTTPError:
                reply = None
            if reply is not None and reply.is_success:
                self.requests += 1
                return reply
            if reply is not None and not reply.is_server_error:
                raise RuntimeError(f"{method} {target}: {reply.status_code} {reply.text[:500]}")
            self.repeated += 1
            time.sleep(0.02 * min(attempt, 10))
        raise RuntimeError(f"{method} {target} was never answered.")

    @contextmanager
    def client(self) -> Generator[httpx.Client]:
        """Give a client with the key of the server."""
        with httpx.Client(auth=("api", self.key), timeout=60) as client:
            yield client

    def write(self, number: int) -> None:
        """Log runs until it is over."""
        with self._noted(f"writer {number}"), self.client() as client:
            count = 0
            while not self.ended.is_set():
                run = Run(f"w{number}-{count}")
                self.ask(client, operations.upsert_run(**self.place, run=run.name))
                self.runs.append(run)
                target = f"/files/{self.entity}/{PROJECT}/{run.name}/file_stream"
                while run.sent < RUN_LENGTH and not self.ended.is_set():
                    rows = [to_json(row).decode() for row in run.rows(run.sent, run.sent + PIECE)]
                    message = {"files": {"wandb-history.jsonl": {"offset": run.sent, "content": rows}}}
                    run.sent += PIECE
                    self.send(client, "POST", target, to_json(message))
                    run.acknowledged = run.sent
                self._upload(client, run)
                count += 1

    def _upload(self, client: httpx.Client, run: Run) -> None:
        content = Random(run.name).randbytes(FILE_SIZE)
        announcement = self.ask(client, operations.create_run_files(**self.place, run=run.name, files=[FILE]))
        for file in announcement.create_run_files.files if announcement.create_run_files else []:
            with httpx.Client(timeout=60) as bare:
                self.send(bare, "PUT", file.upload_url or "", content)
            run.content = content

    def read(self, number: int) -> None:
        """Read histories until it is over."""
        chance = Random(number)
        with self._noted(f"reader {number}"), self.client() as client:
            while not self.ended.is_set():
                if not self.runs:
                    time.sleep(0.01)
                    continue
                run = chance.choice(self.runs)
                least = run.acknowledged
                self._check(client, run, least)
                self.reads += 1

    def _check(self, client: httpx.Client, run: Run, least: int) -> None:
        """Check that a history has at least so many rows, each once and in order, and none that was not sent."""
        page = operations.get_run_history_page(
            **self.place, run=run.name, min_step=0, max_step=2 * RUN_LENGTH, samples=2 * RUN_LENGTH
        )
        project = self.ask(client, page).project
        if project is None or project.run is None:
            self.faults.append(f"{run.name} is lost")
            return
        rows = [from_json(row) for row in project.run.history or []]
        if rows != run.rows(0, len(rows)) or not least <= len(rows) <= run.sent:
            self.faults.append(f"{run.name} has {len(rows)} rows; {least} were acknowledged, {run.sent} sent")

    @contextmanager
    def _noted(self, who: str) -> Generator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, the trial has failed
            self.faults.append(f"{who}: {type(error).__name__}: {error}")
            self.ended.set()

    def verify(self) -> None:
        """Read all that was written, once more."""
        with self._noted("verification"), self.client() as client:
            names, after = list[str](), None
            while True:
                project = self.ask(client, operations.get_runs(**self.place, after=after, first=1000)).project
                page = project.runs if project else None
                if page is None:
                    raise RuntimeError("The project is lost.")
                names += [edge.node.id for edge in page.edges]
                if not page.page_info.has_next_page:
                    break
                after = page.page_info.end_cursor
            if len(names) != len({*names}):
                self.faults.append("runs are listed twice")
            if lost := {run.name for run in self.runs} - {*names}:
                self.faults.append(f"{len(lost)} runs are lost")
            for run in self.runs:
                self._check(client, run, run.acknowledged)
                self._check_file(client, run)

    def _check_file(self, client: httpx.Client, run: Run) -> None:
        project = self.ask(client, operations.get_run_files(**self.place, run=run.name, names=[FILE])).project
        files = project.run.files.edges if project and project.run and project.run.files else []
        urls = [edge.node.direct_url for edge in files if edge.node]
        if run.content is not None and [self.send(client, "GET", url).content for url in urls] != [run.content]:
            self.faults.append(f"the file of {run.name} is another")

    def integrity(self) -> None:
        """Let the database check itself, and find every content where it should be. The server must have ended."""
        if self.database is None:
            contents = self._integrity_of_sqlite()
        else:
            engine = create_engine(make_url(self.database).set(drivername="postgresql+psycopg"))
            with engine.connect() as connection:
                contents = {*connection.exec_driver_sql(CONTENTS).scalars()}
                if histories := connection.exec_driver_sql(UNOWNED).scalar_one():
                    self.faults.append(f"{histories} rows of histories belong to no run")
            engine.dispose()
        missing = [name for name in contents if not (self.data / "files" / name[:2] / name).exists()]
        if missing:
            self.faults.append(f"{len(missing)} contents are missing")

    def _integrity_of_sqlite(self) -> set[str]:
        connection = sqlite3.connect(self.data / "wandql.db")
        if (said := connection.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
            self.faults.append(f"integrity_check: {said[:3]}")
        if broken := connection.execute("PRAGMA foreign_key_check").fetchall():
            self.faults.append(f"foreign_key_check: {broken[:3]}")
        contents: set[str] = {row[0] for row in connection.execute(CONTENTS)}
        connection.close()
        return contents


def put_under_load(
    data: Path, *, writers: int, readers: int, seconds: float, kills: int = 0, database: str | None = None
) -> Load:
    """Start a server, let writers and readers at it, and return what was found.

    Args:
        data: A data directory.
        writers: How many write.
        readers: How many read.
        seconds: For how long.
        kills: How often the server is killed meanwhile, in even spaces.
        database: The URL of the database that has the rows, which is empty; None for SQLite in the data directory.
    """
    load = Load(data, database)
    load.start()
    threads = [threading.Thread(target=load.write, args=[number]) for number in range(writers)]
    threads += [threading.Thread(target=load.read, args=[number]) for number in range(readers)]
    for thread in threads:
        thread.start()
    for _ in range(kills):
        load.ended.wait(seconds / (kills + 1))
        load.kill()
        load.start()
    load.ended.wait(seconds / (kills + 1))
    load.ended.set()
    for thread in threads:
        thread.join()
    load.verify()
    load.stop()
    load.integrity()
    return load


def main() -> None:
    """Put a server under load and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writers", type=int, default=32)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--database", help="the URL of an empty PostgreSQL database; SQLite if absent")
    given = parser.parse_args()
    with TemporaryDirectory() as scratch:
        load = put_under_load(Path(scratch) / "data", **vars(given))
        rows = sum(run.acknowledged for run in load.runs)
        print(f"{len(load.runs)} runs, {rows} rows, {load.requests} requests, {load.reads} histories read meanwhile")
        print(f"{load.repeated} requests were sent again; {given.kills} kills")
    for fault in load.faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if load.faults else 0)


if __name__ == "__main__":
    main()
