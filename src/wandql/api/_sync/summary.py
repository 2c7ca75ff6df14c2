# Derived from src/wandql/api/_async/summary.py by `make generate`: edit that file instead.
"""Summaries."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wandql.api.summary_view import SummaryView
from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["Summary"]


class Summary(SummaryView):
    """The summary of a run: the last or best value of each metric, and what the program put there itself.

    It is a mapping: `dict(run.summary)` is a plain dict. Changes of keys, also within nested dicts, stay here until
    `update()` or the run's own `update()` saves them.

    Example:
        >>> run = api.run("alice/mnist/run-1")
        >>> run.summary["loss"], "accuracy" in run.summary
        (0.25, False)
    """

    def __init__(self, values: JSONObject, save: Callable[[], None]) -> None:
        super().__init__(values)
        self._save = save

    def update(
        self,
        key_vals: Mapping[str, JSONValue] | None = None,
        overwrite: bool = True,  # noqa: FBT001, FBT002 - the official signature
    ) -> None:
        """Put values into the summary, and save it: these and all that was changed here before.

        Sends two requests: one reads what the server has by now, one writes the summary with what changed here. Sends
        none where nothing changed, and only the first where the server has the same already.

        Args:
            key_vals: Values by key. A nested dict takes the place of the one that was there.
            overwrite: Whether a key that is there already gets the new value.

        Raises:
            UsageError: A value cannot be written as JSON. No request was sent.
            ConflictError: Somebody else changed the same value since the run was fetched. Nothing was written.
            NotFoundError: The run is not there any more.
            RequestError: A request failed.

        Example:
            >>> run = api.run("alice/mnist/run-1")
            >>> run.summary.update({"accuracy": 0.97})
            >>> api.flush()
            >>> api.run("alice/mnist/run-1").summary["accuracy"]
            0.97
        """
        for key, value in (key_vals or {}).items():
            if overwrite or key not in self:
                self[key] = value
        self._save()
