"""Run the matrix: every fault at every request of every public call, in both colours and over both routes.

python -m tests.matrix                      some cells, chosen by --calls, --faults, --colours and --routes
python -m tests.matrix --write              the whole, and write the report into docs/reliability.md
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import local
from typing import TYPE_CHECKING

from tests.matrix.cells import COLOURS, ROUTES, Cell, Colour, Lab, Verdict
from tests.matrix.faults import FAULTS
from tests.matrix.report import table_of, write_table
from tests.matrix.seam_async import ROWS
from tests.matrix.servers import write_template

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["main"]

# Thousands of stores are made and thrown away.
MEMORY = Path("/dev/shm")
# Who waits for a deadline needs no processor.
SLOW = {fault.name for fault in FAULTS if fault.is_slow}
SLOW_AT_ONCE = 24


def main() -> int:
    """Run the cells that were chosen. Return 1 where one is red."""
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description=__doc__)
    parser.add_argument("--calls", default="", help="only calls whose name has this text")
    parser.add_argument("--faults", default="", help="only faults whose name has this text")
    parser.add_argument("--colours", nargs="+", choices=COLOURS, default=COLOURS)
    parser.add_argument("--routes", nargs="+", choices=ROUTES, default=ROUTES)
    parser.add_argument("--verbose", action="store_true", help="tell all of a red cell")
    parser.add_argument("--write", action="store_true", help="write the report into docs/reliability.md")
    options = parser.parse_args()
    start = time.monotonic()
    verdicts: list[Verdict] = []
    with TemporaryDirectory(prefix="matrix-", dir=MEMORY if MEMORY.is_dir() else None) as scratch:
        template = write_template(Path(scratch) / "template")
        parts = [(options, colour, template, Path(scratch) / colour) for colour in options.colours]
        with multiprocessing.get_context("spawn").Pool(len(parts)) as pool:
            for some in pool.imap_unordered(_run, parts):
                verdicts += some
    print(table_of(verdicts))
    print(f"{len(verdicts)} cells in {time.monotonic() - start:.0f} seconds")
    if options.write:
        write_table(verdicts)
    return int(any(verdict.red for verdict in verdicts))


def _run(part: tuple[argparse.Namespace, Colour, Path, Path]) -> list[Verdict]:
    options, colour, template, scratch = part
    # What the server says of its own faults is not what is read here.
    logging.disable(logging.CRITICAL)
    lab = Lab(template, scratch / "first")
    slow: list[Cell] = []
    verdicts: list[Verdict] = []

    def judge(some: Lab, cell: Cell) -> None:
        verdict = some.judge(cell)
        verdicts.append(verdict)
        if verdict.red:
            print(f"RED {cell}: {verdict.red if options.verbose else verdict.red.splitlines()[0]}", flush=True)

    for row in ROWS:
        if options.calls not in row.name:
            continue
        try:
            cells = _cells(lab, row.name, colour, options.routes)
        except AssertionError as error:
            # One call that cannot be tried does not end the run of all others.
            cells = []
            verdicts.append(Verdict(Cell(row.name, FAULTS[0].name, colour, ROUTES[0], 0), "not tried", str(error), 0.0))
            print(f"RED {error}", flush=True)
        for cell in cells:
            if options.faults not in cell.fault:
                continue
            if cell.fault in SLOW:
                slow.append(cell)
            else:
                judge(lab, cell)
    _judge_slow(lab, slow, scratch, judge)
    lab.close()
    return verdicts


def _cells(lab: Lab, row: str, colour: Colour, routes: Sequence[str]) -> list[Cell]:
    cells = [cell for route in ROUTES if route in routes for cell in lab.cells(row, colour, route)]
    return [*cells, *lab.placed_cells(row, colour)] if "in-process" in routes else cells


def _judge_slow(lab: Lab, cells: Sequence[Cell], scratch: Path, judge: Callable[[Lab, Cell], None]) -> None:
    own, numbers = local(), count()

    def run(cell: Cell) -> None:
        if not hasattr(own, "lab"):
            own.lab = lab.another(scratch / f"slow-{next(numbers)}")
        judge(own.lab, cell)

    with ThreadPoolExecutor(SLOW_AT_ONCE) as threads:
        list(threads.map(run, cells))
