"""Histories of runs that have ended as Parquet files, made when somebody asks for them and kept until a row changes.

Then there is no other one: the official client keeps what it has downloaded by the path of the run, and would go on
reading the former rows from there.

An export holds a whole history, and only of rows that all have the same keys, with values of one simple type for each.
The official client asks for windows of steps: one with rows in a file and rows behind it gets both twice; a row that
lacks a key comes with null for it; and a scan for keys finds rows that lack them. What is exported reads the same from
the file as from `history`.
"""

from __future__ import annotations

import logging
import threading
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Final

from pydantic_core import from_json
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import OperationalError

from wandql.server import tables
from wandql.server.databases.upserts import upsert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection

    from wandql.graphql.scalars import JSONObject, JSONValue
    from wandql.server.blobs import Blobs
    from wandql.server.context import Context
    from wandql.server.records import RunRecord
    from wandql.server.runs.history_keys import HistoryKeys
    from wandql.server.store import Store

__all__ = ["SMALLEST", "HistoryExports", "forget_exports"]

logger: logging.Logger = logging.getLogger(__name__)

SMALLEST: Final = 10_000
"""How many rows a history has at least that is worth a file."""

LARGEST: Final = 200_000
"""How many rows it has at most, since whoever asks waits for the file. Longer ones are read by pages."""

PART: Final = 10_000
"""How many rows are taken apart at once."""

LIVE: Final = frozenset({"pending", "running", "preempting"})
TYPES: Final = frozenset({"bool", "number", "string", "list"})
ROW_GROUP: Final = 50_000


class HistoryExports:
    """The exports of a data directory."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs
        self._making = threading.Lock()

    def token(self, connection: Connection, run: RunRecord) -> str | None:
        """Return the token of the file with a run's history, which is made where it is not there.

        Args:
            connection: A transaction that reads.
            run: The run, as this transaction sees it.

        Returns:
            None where the history is not one to export or was exported before a row changed, or pyarrow is not
            installed.
        """
        if run.state in LIVE or not _is_even(connection, run) or _is_outdated(connection, run.key):
            return None
        with self._making:
            with self._store.read() as latest:
                known = _find(latest, run.key)
            return known or self._make(connection, run)

    def _make(self, connection: Connection, run: RunRecord) -> str | None:
        content = _parquet_of(connection, run.key)
        if content is None:
            return None
        runs = tables.runs.c
        try:
            with self._blobs.receive() as upload:
                upload.write(content)
                upload.finish()
                with self._store.write() as writing:
                    same = select(runs.key).where(
                        runs.key == run.key,
                        runs.heartbeat_at == run.heartbeat_at,
                        runs.history_line_count == run.history_line_count,
                    )
                    if writing.execute(same).first() is None:
                        return None
                    [token] = self._blobs.announce(writing, 1)
                    writing.execute(insert(tables.history_exports).values(run_key=run.key, token=token))
                    self._blobs.place(writing, token, upload)
                    return token
        except (OSError, OperationalError):
            logger.exception("the history of run %s could not be exported", run.name)
            return None


def forget_exports(context: Context, condition: ColumnElement[bool]) -> None:
    """Delete the exports of the runs of a condition, since rows of their histories change or go."""
    exports = tables.history_exports
    keys = select(tables.runs.c.key).where(condition)
    gone = context.connection.execute(
        delete(exports).where(exports.c.run_key.in_(keys)).returning(exports.c.run_key, exports.c.token)
    ).all()
    if gone:
        outdated = [{"run_key": run_key} for run_key, _ in gone]
        context.connection.execute(upsert(tables.outdated_exports).on_conflict_do_nothing(), outdated)
        context.unlinked += context.blobs.forget(context.connection, [token for _, token in gone])


def _find(connection: Connection, run_key: int) -> str | None:
    exports = tables.history_exports.c
    return connection.execute(select(exports.token).where(exports.run_key == run_key)).scalar()


def _is_outdated(connection: Connection, run_key: int) -> bool:
    outdated = tables.outdated_exports.c
    return connection.execute(select(outdated.run_key).where(outdated.run_key == run_key)).first() is not None


def _is_even(connection: Connection, run: RunRecord) -> bool:
    """Whether all rows have the same keys, and each key values of one simple type, as far as counting tells."""
    if run.history_keys is None:
        return False
    known: HistoryKeys = from_json(run.history_keys)
    counts = [info["typeCounts"] for info in known["keys"].values()]
    simple = all(len(types) == 1 and types[0]["type"] in TYPES for types in counts)
    numbers = {types[0]["count"] for types in counts}
    if "_step" not in known["keys"] or not simple or len(numbers) > 1 or not SMALLEST <= min(numbers) <= LARGEST:
        return False
    history, sets = tables.history.c, tables.key_sets.c
    used = select(history.key_set_key).where(history.run_key == run.key).distinct().limit(2)
    names = connection.execute(select(sets.names).where(sets.key.in_(used))).scalars().all()
    # A row with an object has the object's key besides the paths into it.
    return len(names) == 1 and set(from_json(names[0])) == known["keys"].keys()


def _parquet_of(connection: Connection, run_key: int) -> bytes | None:
    """Return a history as Parquet; None where a column would not hold its values as they are."""
    try:
        pa, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ModuleNotFoundError:
        return None
    try:
        parts = [pa.table(columns) for columns in _columns(connection, run_key)]
        # A key may have only integers in one part and floats in another.
        table = pa.concat_tables(parts, promote_options="permissive")
        content = BytesIO()
        # Metrics hardly repeat, so a dictionary of their values takes time and saves nothing.
        texts = [name for name in table.column_names if pa.types.is_string(table.schema.field(name).type)]
        parquet.write_table(table, content, compression="snappy", use_dictionary=texts, row_group_size=ROW_GROUP)
    except (pa.ArrowException, OverflowError, UnicodeEncodeError, _MisplacedRowError):
        return None
    return content.getvalue()


def _columns(connection: Connection, run_key: int) -> Iterator[dict[str, list[JSONValue]]]:
    """Yield the columns of a history, some rows at a time.

    Raises:
        _MisplacedRowError: A row says another step than the one that it is kept under.
    """
    history = tables.history.c
    query = select(history.row, history.step).where(history.run_key == run_key).order_by(history.step, history.line)
    with connection.execute(query.execution_options(yield_per=PART)) as found:
        for lines in found.partitions():
            rows: list[JSONObject] = [from_json(text) for text, _ in lines]
            if [row["_step"] for row in rows] != [step for _, step in lines]:
                raise _MisplacedRowError
            yield {name: [row[name] for row in rows] for name in rows[0]}


class _MisplacedRowError(Exception):
    """A row says another step than the one that it is kept under."""
