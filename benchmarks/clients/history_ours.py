"""Reads a whole history with wandql: `history_ours.py PATH rows|arrow|frame [again]`."""

from __future__ import annotations

import sys

from work import repeat

import wandql

path, what = sys.argv[1:3]


def read() -> str:
    scan = run.scan_history()
    if what == "frame":
        frame = scan.to_pandas()
        return f"{len(frame)} {frame['metric_3'].sum():.4f}"
    if what == "arrow":
        import pyarrow.compute as pc

        table = scan.to_arrow()
        return f"{table.num_rows} {pc.sum(table['metric_3']).as_py():.4f}"
    count, total = 0, 0.0
    for row in scan:
        count, total = count + 1, total + row["metric_3"]
    return f"{count} {total:.4f}"


with wandql.Api() as api:
    run = api.run(path)
    repeat(read)
