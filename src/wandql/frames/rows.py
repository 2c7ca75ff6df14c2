"""From rows to data frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wandql.frames.libraries import needing
from wandql.graphql.scalars import JSONObject

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["to_pandas"]


def to_pandas(rows: Sequence[JSONObject]) -> DataFrame:
    """Return a pandas DataFrame with a column for each key. Where a row lacks a key there is NaN.

    Raises:
        UsageError: pandas is not installed.
    """
    with needing("A DataFrame", otherwise=", or pass pandas=False for a list of dicts"):
        from pandas import DataFrame
    return DataFrame(list(rows))
