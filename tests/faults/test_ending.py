"""How transfers end before their time: cancelled, interrupted or killed. What came stays, and nothing else does."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import anyio
import pytest

from tests.contract.sockets import CERTIFICATE
from tests.faults import seam_async, seam_sync
from tests.faults.storage import File, Request, Storage
from wandql.client.transfers._async.transfers import AsyncDownload, AsyncTransfers
from wandql.client.transfers._sync.transfers import Download, Transfers
from wandql.settings import Settings

SETTINGS = Settings.resolve({"ca_bundle": CERTIFICATE}, api_key="0123456789abcdef" * 3, base_url="https://api.example")
CONTENT = bytes(range(256)) * 20_000
ARRIVED = 3_000_000


def send_part(request: Request) -> None:
    request.send(200, {"content-length": len(CONTENT), "etag": File(CONTENT).etag}, CONTENT[:ARRIVED])


def stall(request: Request) -> None:
    """Send a part, and then nothing."""
    send_part(request)
    request.wait()


def parts(directory: Path) -> list[Path]:
    return [path for path in directory.iterdir() if path.name.endswith(".part")]


def targets(directory: Path) -> list[Path]:
    return [path for path in directory.iterdir() if not path.name.startswith(".")]


def wait_for(condition: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.01)


@pytest.mark.anyio
async def test_a_cancelled_download_ends_at_once_and_can_be_gone_on_with(storage: Storage, tmp_path: Path) -> None:
    source = seam_async.Asked(storage.put("f", stall))
    digest = File(CONTENT).digest
    async with AsyncTransfers(SETTINGS) as transfers:
        arrived = anyio.Event()

        def note(done: int, total: int | None) -> None:
            if done == ARRIVED:
                arrived.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(lambda: transfers.download(source, tmp_path / "f", digest=digest, progress=note))
            await arrived.wait()
            start = time.monotonic()
            tasks.cancel_scope.cancel()
        assert time.monotonic() - start < 1
        assert storage.connections_left() == 0
        (part,) = parts(tmp_path)
        assert part.stat().st_size == ARRIVED
        storage.put("f", File(CONTENT))
        await transfers.download(source, tmp_path / "f", digest=digest)
    assert storage.ranges() == [None, ARRIVED]
    assert (tmp_path / "f").read_bytes() == CONTENT


@pytest.mark.anyio
async def test_cancelling_many_downloads_leaves_no_connection_and_the_client_usable(
    storage: Storage, tmp_path: Path
) -> None:
    def mute(request: Request) -> None:
        request.wait()

    sources = [seam_async.Asked(storage.put(f"f{number}", [stall, mute][number % 2])) for number in range(8)]
    async with AsyncTransfers(SETTINGS) as transfers:
        with anyio.move_on_after(0.5):
            await transfers.download_many(
                AsyncDownload(source, tmp_path / f"{number}") for number, source in enumerate(sources)
            )
        assert storage.connections_left() == 0
        assert targets(tmp_path) == []
        source = seam_async.Asked(storage.put("f", File(b"hello")))
        assert (await transfers.download(source, tmp_path / "f")).read_bytes() == b"hello"


@pytest.mark.anyio
async def test_a_client_that_is_closed_while_it_is_cancelled_leaves_no_connection(
    storage: Storage, tmp_path: Path
) -> None:
    sources = [seam_async.Asked(storage.put(f"f{number}", [stall, File(b"hello")][number % 2])) for number in range(8)]
    with anyio.move_on_after(0.5):
        async with AsyncTransfers(SETTINGS) as transfers:
            await transfers.download_many(
                AsyncDownload(source, tmp_path / f"{number}") for number, source in enumerate(sources)
            )
    assert storage.connections_left() == 0


@pytest.mark.anyio
async def test_who_waits_for_a_download_that_is_cancelled_takes_it_over(storage: Storage, tmp_path: Path) -> None:
    source = seam_async.Asked(storage.put("f", stall))
    digest = File(CONTENT).digest
    async with AsyncTransfers(SETTINGS) as transfers, anyio.create_task_group() as tasks:
        first = anyio.CancelScope()
        arrived = anyio.Event()

        def note(done: int, total: int | None) -> None:
            if done == ARRIVED:
                arrived.set()

        async def lead() -> None:
            with first:
                await transfers.download(source, tmp_path / "f", digest=digest, progress=note)

        tasks.start_soon(lead)
        await arrived.wait()
        tasks.start_soon(lambda: transfers.download(source, tmp_path / "f", digest=digest))
        await anyio.sleep(0.05)
        storage.put("f", File(CONTENT))
        first.cancel()
    assert (tmp_path / "f").read_bytes() == CONTENT
    assert storage.ranges() == [None, ARRIVED]


PROGRAM = """
import signal, sys
from pathlib import Path
from wandql.client.transfers._sync.transfers import Download, Transfers
from wandql.client.transfers.digests import Digest
from wandql.client.transfers.locations import Location
from wandql.settings import Settings

# Whoever is started in the background of a shell ignores this signal.
signal.signal(signal.SIGINT, signal.default_int_handler)
url, target, digest, bundle = sys.argv[1:]
settings = Settings.resolve({"ca_bundle": bundle}, api_key="0123456789abcdef" * 3, base_url="https://api.example")
with Transfers(settings) as transfers:
    transfers.download_many([Download(lambda: Location(url), Path(target), digest=Digest.read(digest))])
"""


def wait_until_still(pid: int) -> None:
    """Wait until all threads of a process have waited for something for a while: what they could do is done."""
    still = 0
    while still < 6:
        time.sleep(0.05)
        still = 0 if is_busy(pid) else still + 1


def is_busy(pid: int) -> bool:
    """Whether a thread runs, would run if the machine let it, or waits for the disk."""
    states: list[str] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            states.append(thread.read_text().rpartition(")")[2].split()[0])
    return not {"R", "D"}.isdisjoint(states)


def start(storage: Storage, target: Path) -> subprocess.Popen[str]:
    arguments = [f"{storage.url}/f", str(target), File(CONTENT).digest.base64, str(CERTIFICATE)]
    return subprocess.Popen([sys.executable, "-c", PROGRAM, *arguments], stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(("signal_", "lost"), [(signal.SIGKILL, 1 << 20), (signal.SIGINT, 1)])
def test_a_download_whose_process_is_killed_or_interrupted_can_be_gone_on_with(
    storage: Storage, tmp_path: Path, signal_: signal.Signals, lost: int
) -> None:
    sent = threading.Event()

    def send(request: Request) -> None:
        send_part(request)
        sent.set()
        request.wait()

    storage.put("f", send)
    with start(storage, tmp_path / "f") as process:
        assert sent.wait(60)
        # It has been received when nothing moves any more.
        wait_until_still(process.pid)
        process.send_signal(signal_)
        _, errors = process.communicate(timeout=20)
    assert process.returncode != 0
    assert signal_ == signal.SIGKILL or "KeyboardInterrupt" in errors
    assert not (tmp_path / "f").exists()
    storage.put("f", File(CONTENT))
    with Transfers(SETTINGS) as transfers:
        transfers.download(
            seam_sync.Asked(storage.put("f", File(CONTENT))), tmp_path / "f", digest=File(CONTENT).digest
        )
    assert (tmp_path / "f").read_bytes() == CONTENT
    begun = storage.ranges()[-1]
    assert begun is not None
    assert ARRIVED - lost < begun <= ARRIVED
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_processes_that_download_the_same_wait_for_each_other(storage: Storage, tmp_path: Path) -> None:
    def slow(request: Request) -> None:
        request.wait(1)
        File(CONTENT)(request)

    storage.put("f", slow)
    processes = [start(storage, tmp_path / "f") for _ in range(3)]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
    assert (tmp_path / "f").read_bytes() == CONTENT
    assert len(storage.requests) == 1


def test_a_process_that_stands_still_is_not_waited_for(storage: Storage, tmp_path: Path) -> None:
    storage.put("f", stall)
    with start(storage, tmp_path / "f") as process:
        wait_for(lambda: parts(tmp_path) and parts(tmp_path)[0].stat().st_size >= ARRIVED - (1 << 20))
        process.send_signal(signal.SIGSTOP)
        impatient = Settings.resolve(
            {"ca_bundle": CERTIFICATE}, api_key="0123456789abcdef" * 3, base_url="https://api.example", timeout=0.5
        )
        with Transfers(impatient) as transfers:
            source = seam_sync.Asked(storage.put("f", File(CONTENT)))
            transfers.download(source, tmp_path / "f", digest=File(CONTENT).digest)
        assert (tmp_path / "f").read_bytes() == CONTENT
        process.send_signal(signal.SIGKILL)
        process.communicate()


@pytest.fixture
def _ctrl_c() -> Iterator[None]:
    """Ctrl-C as a user has it: a shell starts what it runs in the background with it ignored."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


@pytest.mark.usefixtures("_ctrl_c")
def test_ctrl_c_ends_many_downloads_of_a_thread_at_once(storage: Storage, tmp_path: Path) -> None:
    """The worker threads end too, whether they wait for the first byte or for the next."""

    def mute(request: Request) -> None:
        request.wait()

    sources = [seam_sync.Asked(storage.put(f"f{number}", [stall, mute][number % 2])) for number in range(8)]
    before = threading.active_count()
    with Transfers(SETTINGS) as transfers:
        interrupted: list[float] = []

        def interrupt() -> None:
            wait_for(lambda: storage.busy == len(sources))
            time.sleep(0.2)
            interrupted.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)

        threading.Thread(target=interrupt).start()
        downloads = [Download(source, tmp_path / f"{number}") for number, source in enumerate(sources)]
        with pytest.raises(KeyboardInterrupt):
            transfers.download_many(downloads)
        assert time.monotonic() - interrupted[0] < 2
        workers = [thread for thread in threading.enumerate() if re.fullmatch(r"wandql-\d+", thread.name)]
        assert workers == []
        assert storage.connections_left() == 0
    assert threading.active_count() <= before + 1
    assert len(parts(tmp_path)) == 4
