"""A change of many runs whose process is killed goes on where it was, and changes no run twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from wandql.testing import Server

if TYPE_CHECKING:
    from pathlib import Path

# `BULK_RUNS=1000` tries it with more.
RUNS = int(os.environ.get("BULK_RUNS", "60"))
KILLS = 3
SCRIPT = """
import sys
import wandql
runs = wandql.Api().runs("alice/many", per_page=500)
{verb}
"""
VERBS = ['runs.add_tags("kept", journal=sys.argv[1])', "runs.delete(journal=sys.argv[1])"]


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed like this there")
@pytest.mark.parametrize("verb", VERBS, ids=["add_tags", "delete"])
def test_a_change_whose_process_is_killed_is_gone_on_with(tmp_path: Path, verb: str) -> None:
    journal = tmp_path / "journal"
    with Server() as server:
        server.add_runs("many", RUNS, steps=0)
        # Each takes long enough for the process to be killed in the middle.
        server.faults.delay(0.01, "UpsertRun", times=RUNS * 2)
        server.faults.delay(0.01, "DeleteRun", times=RUNS * 2)
        command = [sys.executable, "-c", SCRIPT.format(verb=verb), str(journal)]
        environment = {**os.environ, **server.environment()}
        for kill in range(1, KILLS + 1):
            process = subprocess.Popen(command, env=environment)
            wait_for_lines(journal, kill * RUNS // (KILLS + 2), process)
            process.send_signal(signal.SIGKILL)
            process.wait(60)
        subprocess.run(command, env=environment, check=True, timeout=240)
        names = [exchange.operation for exchange in server.exchanges]
        writes = names.count("UpsertRun") + names.count("DeleteRun")
        with server.api() as api:
            runs = api.runs("alice/many", per_page=500)
            assert [run.tags.count("kept") for run in runs] == ([1] * RUNS if "add_tags" in verb else [])
    # What was written when the process ended may be written again: as many as were under way.
    assert RUNS <= writes <= RUNS + KILLS * 8


def wait_for_lines(journal: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < end:
        if journal.exists() and len(journal.read_bytes().splitlines()) > count:
            return
        time.sleep(0.002)
