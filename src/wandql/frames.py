"""From rows to data frames. The libraries are extras, and imported when a frame is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wandql.errors import UsageError
from wandql.graphql.scalars import JSONObject

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["to_pandas"]


def to_pandas(rows: Sequence[JSONObject]) -> DataFrame:
    """Return a pandas DataFrame with a column for each key. Where a row lacks a key there is NaN.

    Raises:
        UsageError: pandas is not installed.
    """
    try:
        from pandas import DataFrame
    except ModuleNotFoundError as error:
        raise UsageError(
            f"A DataFrame needs {error.name}, which is not installed.",
            hint="pip install 'wandql[pandas]', or pass pandas=False for a list of dicts.",
        ) from error
    return DataFrame(list(rows))
