"""Samples of a history: what `history()` returns says that it is one. Only `SampledHistory` needs pandas."""

from __future__ import annotations

from collections.abc import Iterable

from wandql.graphql.scalars import JSONObject

__all__ = ["SampledRows"]


class SampledRows(list[JSONObject]):
    """Rows of a history that the server picked: not all of them, unless the history has no more.

    Attributes:
        sampled: Whether rows may have been left out. False only where the history was known to have no more rows than
            were asked for.
        rows_total: How many rows the history had when the run was fetched, whatever their keys; None where that is not
            known.
    """

    def __init__(self, rows: Iterable[JSONObject] = (), *, sampled: bool = True, rows_total: int | None = None) -> None:
        super().__init__(rows)
        self.sampled = sampled
        self.rows_total = rows_total
