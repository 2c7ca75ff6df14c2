"""The report of a run of the matrix, and where it stands."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from tests.matrix.faults import FAULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.matrix.cells import Verdict

__all__ = ["BEGIN", "END", "NAMES", "PAGE", "table_of", "write_table"]

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
NAMES = [*(fault.name for fault in FAULTS), "DNS failure", "null", "unknown enum"]
BEGIN, END = "<!-- Written by `make matrix`. -->\n", "<!-- The end of what it writes. -->\n"


def table_of(verdicts: Sequence[Verdict]) -> str:
    """Return the report as Markdown."""
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    reds = Counter(verdict.cell.fault for verdict in verdicts if verdict.red)
    for verdict in verdicts:
        outcomes[verdict.cell.fault][verdict.outcome] += 1
    calls = {verdict.cell.row.partition(" ")[0] for verdict in verdicts}
    lines = [
        f"{len(verdicts):,} cells: {len(calls)} public calls, for tasks and for threads.",
        f"Red: {sum(reds.values())}.",
        "",
        "| What goes wrong | Cells | Answered right | Raised | Red |",
        "|---|---:|---:|---|---:|",
    ]
    for name in NAMES:
        counts = outcomes[name]
        raised = ", ".join(f"{error} {count:,}" for error, count in counts.most_common() if error != "right")
        lines.append(f"| {name} | {counts.total():,} | {counts['right']:,} | {raised} | {reds[name] or ''} |")
    return "\n".join(lines) + "\n"


def write_table(verdicts: Sequence[Verdict]) -> None:
    """Put the report where it belongs."""
    text = PAGE.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    PAGE.write_text(pattern.sub(lambda _: BEGIN + "\n" + table_of(verdicts) + "\n" + END, text), encoding="utf-8")
