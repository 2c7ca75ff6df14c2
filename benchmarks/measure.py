"""Runs a program and says what it cost, its child processes included: `python measure.py PROGRAM …`.

The report is a line of JSON on standard error: wall and CPU time in seconds, and the most memory that its processes
held at one time, in MiB.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER of Linux
INTERVAL = 0.01
PROC = Path("/proc")


def main() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1)
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:])
    peaks = [0]
    ended = threading.Event()
    watching = threading.Thread(target=watch, args=(process.pid, peaks, ended))
    watching.start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    cpu = usage.ru_utime + usage.ru_stime + wait_for_orphans()
    ended.set()
    watching.join()
    # The peak of the largest process, where nothing could be watched or it was over too soon.
    largest = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    memory = max(largest, *peaks) / 2**20
    print(json.dumps({"wall": wall, "cpu": cpu, "memory": memory}), file=sys.stderr)
    sys.exit(os.waitstatus_to_exitcode(status))


def wait_for_orphans() -> float:
    """Wait for what a program has left behind, and return the CPU time of that."""
    cpu = 0.0
    while True:
        try:
            _, _, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return cpu
        cpu += usage.ru_utime + usage.ru_stime


def watch(root: int, peaks: list[int], ended: threading.Event) -> None:
    """Add to `peaks` how much memory, in bytes, a process and its descendants hold, again and again."""
    page = os.sysconf("SC_PAGE_SIZE")
    while PROC.exists() and not ended.wait(INTERVAL):
        peaks.append(sum(map(resident_pages, descendants(root))) * page)


def resident_pages(pid: int) -> int:
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[1])
    except OSError:
        return 0


def descendants(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        try:
            tasks = list((PROC / str(parent) / "task").iterdir())
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


if __name__ == "__main__":
    main()
