"""A sample of a history as a DataFrame. This module needs pandas, so it is imported when a frame is asked for."""

from __future__ import annotations

from typing import ClassVar

from pandas import DataFrame

from wandql.frames.sampled import SampledRows

__all__ = ["SampledHistory"]


class SampledHistory(DataFrame):
    """Rows of a history that the server picked: not all of them, unless the history has no more.

    It is a DataFrame, and so is what is made of it: only this one knows what was asked for.

    Attributes:
        sampled: Whether rows may have been left out. False only where the history was known to have no more rows than
            were asked for.
        rows_total: How many rows the history had when the run was fetched, whatever their keys; None where that is not
            known.
    """

    _metadata: ClassVar[list[str]] = ["sampled", "rows_total"]

    sampled: bool = True
    rows_total: int | None = None

    @classmethod
    def of(cls, rows: SampledRows) -> SampledHistory:
        """Return rows as a frame with a column for each key. Where a row lacks a key there is NaN."""
        frame = cls(list(rows))
        frame.sampled = rows.sampled
        frame.rows_total = rows.rows_total
        return frame
