"""Reads a whole history with wandql: `history_ours.py PATH rows|arrow|frame`."""

from __future__ import annotations

import sys

import wandql

path, what = sys.argv[1:]
with wandql.Api() as api:
    scan = api.run(path).scan_history()
    if what == "rows":
        count, total = 0, 0.0
        for row in scan:
            count, total = count + 1, total + row["metric_3"]
    elif what == "arrow":
        import pyarrow.compute as pc

        table = scan.to_arrow()
        count, total = table.num_rows, pc.sum(table["metric_3"]).as_py()
    else:
        frame = scan.to_pandas()
        count, total = len(frame), frame["metric_3"].sum()
print(count, f"{total:.4f}")
