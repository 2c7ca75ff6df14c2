"""`python -m tests.soak --minutes 10` lets 50 tasks work on a server where anything may go wrong."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from tempfile import mkdtemp

from tests.soak.soak import GROWTH, soak


def main() -> int:
    """Soak, and tell what came of it. Return 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--tasks", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    # What the server says of its own faults is not what is read here.
    for name in ("wandql.server", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    directory = Path(mkdtemp(prefix="soak-"))
    findings = soak(directory, seconds=60 * options.minutes, tasks=options.tasks, seed=options.seed)
    written = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    print(
        f"{options.tasks} tasks, {options.minutes:g} minutes: {findings.calls:,} calls, {findings.requests:,} requests."
    )
    print(f"Errors: {dict(findings.errors.most_common())}")
    print(
        f"{findings.acknowledged:,} writes were acknowledged: {len(findings.lost)} lost, {len(findings.twice)} twice."
    )
    print(f"{len(findings.wrong)} wrong answers, {len(findings.foreign)} foreign errors.")
    print(f"{len(findings.leaks)} of the files in {directory} ({written / 2**20:.1f} MiB) show the key.")
    if findings.memory:
        print(f"Memory: {findings.growth:.2f} times that of the beginning, {findings.memory[-1]:.0f} MiB at the end.")
    for wrong in [*findings.lost, *findings.twice, *findings.wrong, *findings.foreign, *findings.leaks][:20]:
        print(wrong)
    return int(not findings.is_right or (bool(findings.memory) and findings.growth > GROWTH))


if __name__ == "__main__":
    sys.exit(main())
