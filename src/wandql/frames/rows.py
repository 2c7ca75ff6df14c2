"""From rows to data frames."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from wandql.frames.libraries import needing
from wandql.frames.sampled import SampledRows

if TYPE_CHECKING:
    from wandql.frames.sampled_history import SampledHistory

__all__ = ["sampled_history"]


def sampled_history(rows: SampledRows) -> SampledHistory:
    """Return a sample of a history as a DataFrame. Where a row lacks a key there is NaN.

    Raises:
        UsageError: pandas is not installed.
    """
    with needing("A DataFrame", otherwise=", or pass pandas=False for a list of dicts"):
        import_module("pandas")
        from wandql.frames.sampled_history import SampledHistory
    return SampledHistory.of(rows)
