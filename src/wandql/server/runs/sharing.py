"""Runs that several processes write at once. Each counts its lines from 0; here they get a place among all others'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from wandql.server import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wandql.server.context import Context
    from wandql.server.records import RunRecord

__all__ = ["place_lines"]


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
