"""Many tasks that read and write for a while, on a server where anything may go wrong at any time.

Each task has runs of its own, since servers cannot compare and write in one. What was acknowledged is written down, and
at the end all of it has to be there, none of it twice. Everything that is told of the work is kept in files, to look
for the key there.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
import traceback
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from wandql import AsyncApi, RetryPolicy
from wandql.errors import WandqlError
from wandql.testing import Server

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from wandql import AsyncRun, RequestEvent

__all__ = ["Findings", "soak"]

PROJECT = "soak"
STATUSES = (408, 429, 502, 503, 504)
# How much more memory the end may take than the time when all caches were full.
GROWTH = 1.25
PAGE = 4096


@dataclass
class Findings:
    """What came of it.

    Attributes:
        calls: How many calls ended well.
        errors: How many ended with an error, by its class.
        requests: How many requests were sent.
        acknowledged: How many writes the client said were done.
        lost: Those of them that are not there.
        twice: What is there two times.
        foreign: Errors that are not of this library.
        wrong: Answers that are not right.
        leaks: Files that show the key.
        memory: The resident memory in MiB, over time.
    """

    calls: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    @property
    def growth(self) -> float:
        """How much memory the last fifth takes, compared with the second."""
        fifth = max(len(self.memory) // 5, 1)
        return max(self.memory[-fifth:]) / max(self.memory[fifth : 2 * fifth] or self.memory[:1])

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong, memory left out."""
        return not (self.lost or self.twice or self.foreign or self.wrong or self.leaks) and self.acknowledged > 0


@dataclass
class _Task:
    """One task, and what was acknowledged to it."""

    number: int
    api: AsyncApi
    directory: Path
    chance: random.Random
    findings: Findings
    tags: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    summary: dict[str, int] = field(default_factory=dict)
    count: int = 0

    @property
    def path(self) -> str:
        return f"alice/{PROJECT}/task-{self.number:02}"

    async def work(self, end: float) -> None:
        acts: list[Callable[[], Awaitable[None]]] = [
            self.tag,
            self.upload,
            self.summarize,
            self.read,
            self.list,
            self.scan,
        ]
        log = self.directory / f"task-{self.number}.log"
        while time.monotonic() < end:
            self.count += 1
            try:
                await self.chance.choice(acts)()
                self.findings.calls += 1
            except WandqlError as error:
                self.findings.errors[type(error).__name__] += 1
                with log.open("a", encoding="utf-8") as file:
                    file.write(f"{error!r}\n{''.join(traceback.format_exception(error))}\n")
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                self.findings.foreign.append("".join(traceback.format_exception(error)))
            self.api.flush()

    async def run(self) -> AsyncRun:
        return await self.api.run(self.path)

    async def tag(self) -> None:
        run, tag = await self.run(), f"tag-{self.count}"
        run.tags.append(tag)
        await run.save()
        self.tags.append(tag)
        self.findings.acknowledged += 1

    async def upload(self) -> None:
        name = f"file-{self.count % 20}.txt"
        # What an earlier upload of this name left is not certain any more, until this one is acknowledged.
        self.files.pop(name, None)
        content = f"{self.number} {self.count} {self.chance.random()}".encode()
        folder = self.directory / f"uploads-{self.number}"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        await (await self.run()).upload_file(folder / name, root=folder)
        self.files[name] = content
        self.findings.acknowledged += 1

    async def summarize(self) -> None:
        key = f"key-{self.count % 20}"
        self.summary.pop(key, None)
        await (await self.run()).summary.update({key: self.count})
        self.summary[key] = self.count
        self.findings.acknowledged += 1

    async def read(self) -> None:
        run = await self.run()
        if missing := set(self.tags) - set(run.tags):
            self.findings.wrong.append(f"{self.path} lacks {missing}")
        if self.files:
            name = self.chance.choice([*self.files])
            content = self.files[name]
            if await (await run.file(name)).read() != content:
                self.findings.wrong.append(f"{self.path}/{name} is not what was uploaded")

    async def list(self) -> None:
        ids = [run.id async for run in self.api.runs(f"alice/{PROJECT}", order="+created_at", per_page=7)]
        if len(set(ids)) != len(ids):
            self.findings.wrong.append(f"listed twice: {ids}")

    async def scan(self) -> None:
        rows = [row async for row in (await self.run()).scan_history(page_size=10)]
        if [row["_step"] for row in rows] != [*range(30)]:
            self.findings.wrong.append(f"{self.path} has other rows: {rows}")

    async def verify(self) -> None:
        """Compare what is there with what was acknowledged, where nothing goes wrong."""
        run = await self.run()
        findings = self.findings
        findings.lost += [f"{self.path} {tag}" for tag in self.tags if tag not in run.tags]
        findings.twice += [f"{self.path} {tag}" for tag, times in Counter(run.tags).items() if times > 1]
        findings.lost += [f"{self.path} {key}" for key, value in self.summary.items() if run.summary.get(key) != value]
        names = [file.name async for file in run.files()]
        findings.twice += [f"{self.path}/{name}" for name, times in Counter(names).items() if times > 1]
        for name, content in self.files.items():
            if name not in names or await (await run.file(name)).read() != content:
                findings.lost.append(f"{self.path}/{name}")


def soak(directory: Path, *, seconds: float, tasks: int = 50, seed: int = 0) -> Findings:
    """Let tasks work for a while, and look at what they leave.

    Args:
        directory: Where everything is written that is told of the work.
        seconds: How long.
        tasks: How many tasks.
        seed: What makes the faults and the work different from others.
    """
    directory.mkdir(parents=True, exist_ok=True)
    findings = Findings()
    handler = logging.FileHandler(directory / "wandql.log")
    logger = logging.getLogger("wandql.requests")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        with Server() as server:
            for number in range(tasks):
                rows = [{"loss": 1 / (step + 1)} for step in range(30)]
                server.add_run(PROJECT, f"task-{number:02}", state="running", history=rows)
            asyncio.run(_soak(server, directory, findings, seconds, tasks, random.Random(seed)))
            key = server.api_key
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)
        handler.close()
    secrets = (key.encode(), b64encode(f"api:{key}".encode()))
    for path in directory.rglob("*"):
        if path.is_file() and any(secret in path.read_bytes() for secret in secrets):
            findings.leaks.append(str(path))
    return findings


async def _soak(
    server: Server, directory: Path, findings: Findings, seconds: float, tasks: int, chance: random.Random
) -> None:
    def note(event: RequestEvent) -> None:
        findings.requests += 1

    policy = RetryPolicy(attempts=4, deadline=20, first_delay=0.01, longest_delay=0.1)
    settings = {"base_url": server.url, "api_key": server.api_key, "cache_dir": str(directory / "cache")}
    async with AsyncApi(settings, policy=policy, on_request=note) as api:
        workers = [
            _Task(number, api.with_options(timeout=20 + number / 1000), directory, random.Random(number), findings)
            for number in range(tasks)
        ]
        end = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            group.create_task(_disturb(server, findings, chance, end))
            for worker in workers:
                group.create_task(worker.work(end))
        server.faults.clear()
        for worker in workers:
            await worker.verify()


async def _disturb(server: Server, findings: Findings, chance: random.Random, end: float) -> None:
    """Let something go wrong, some twenty times each second; and look at the memory."""
    faults, number = server.faults, 0
    while time.monotonic() < end:
        number += 1
        skip = chance.randrange(20)
        match chance.randrange(6):
            case 0 | 1:
                faults.fail(chance.choice(STATUSES), skip=skip)
            case 2:
                faults.lose(skip=skip)
            case 3:
                faults.refuse(skip=skip)
            case 4:
                faults.truncate(chance.randrange(200), skip=skip)
            case _:
                faults.delay(chance.random() / 10, skip=skip)
        if number % 20 == 0:
            # They keep all that they have ever met.
            faults.exchanges.clear()
            faults.clear()
            findings.memory += _resident()
        await asyncio.sleep(0.05)


def _resident() -> list[float]:
    """Return the resident memory in MiB, where the system tells."""
    statm = Path("/proc/self/statm")
    return [int(statm.read_text().split()[1]) * PAGE / 2**20] if statm.exists() else []
