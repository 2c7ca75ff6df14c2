"""Makes a data frame or file of runs with wandql: `frame_ours.py PATH PER_PAGE pandas|chosen|arrow|parquet [again]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from work import repeat

import wandql

path, per_page, what = sys.argv[1:4]
config_keys, summary_keys = (["lr"], ["loss", "accuracy"]) if what == "chosen" else (None, None)


def read() -> str:
    runs = api.runs(
        path, order="+created_at", per_page=int(per_page), config_keys=config_keys, summary_keys=summary_keys
    )
    if what in {"pandas", "chosen"}:
        frame = runs.to_pandas()
        lr, loss, count = frame["config.lr"].sum(), frame["summary.loss"].sum(), len(frame)
    else:
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        if what == "parquet":
            with tempfile.TemporaryDirectory() as folder:
                file = runs.to_parquet(Path(folder, "runs.parquet"))
                table = pq.read_table(file, columns=["config.lr", "summary.loss"])
        else:
            table = runs.to_arrow()
        lr, loss, count = pc.sum(table["config.lr"]).as_py(), pc.sum(table["summary.loss"]).as_py(), table.num_rows
    return f"{count} {lr:.6f} {loss:.6f}"


with wandql.Api() as api:
    repeat(read)
