"""Runs that several processes write at once. Each counts its lines from 0; here they get a place among all others'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from wandql.server import tables
from wandql.server.documents import dump, parse_object, sdk_notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wandql.server.context import Context
    from wandql.server.records import RunRecord

__all__ = ["merge_configs", "place_lines"]


def merge_configs(known: str | None, given: str) -> str:
    """Return the config of a run that several processes write: each sends all that it knows, and none knows all.

    The SDK's own notes hold the environment of each process, and what metrics mean where a process has defined any.
    """
    before, after = parse_object(known or "{}", "The config"), parse_object(given, "The config")
    theirs, mine = sdk_notes(before), sdk_notes(after)
    if not (theirs or mine):
        return dump({**before, **after})
    notes = {**theirs, **{name: value for name, value in mine.items() if value or name not in theirs}}
    environments = [value for value in (theirs.get("e"), mine.get("e")) if isinstance(value, dict)]
    notes["e"] = {writer: value for each in environments for writer, value in each.items()}
    return dump({**before, **after, "_wandb": {"value": notes}})


def place_lines(
    context: Context, run: RunRecord, client_id: str, file: str, offset: int, count: int, end: int
) -> Iterator[tuple[int, int, int]]:
    """Yield where lines of a process belong in the run's file: the first of them, its place, and how many follow on.

    Lines that came before keep their place. New ones go to the end of the file.

    Args:
        context: The request.
        run: The run.
        client_id: The process.
        file: The name of the file.
        offset: The number of the first line, as the process counts.
        count: How many lines there are.
        end: The line of the run's file after its last one.
    """
    lines = tables.client_lines
    owner = {"run_key": run.key, "client_id": client_id, "file": file}
    mine = [lines.c[name] == value for name, value in owner.items()]
    pieces = context.connection.execute(
        select(lines.c.first, lines.c.count, lines.c.place).where(*mine).order_by(lines.c.first)
    ).all()
    position, stop = offset, offset + count
    while position < stop:
        piece = next((piece for piece in pieces if position < piece.first + piece.count), None)
        if piece is not None and piece.first <= position:
            length = min(stop, piece.first + piece.count) - position
            yield position - offset, piece.place + position - piece.first, length
        else:
            length = (stop if piece is None else min(stop, piece.first)) - position
            row = {**owner, "first": position, "count": length, "place": end}
            context.connection.execute(insert(lines).values(row))
            yield position - offset, end, length
            end += length
        position += length
