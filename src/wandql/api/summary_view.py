"""A summary: a mapping that may be changed here before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["SummaryView"]


class SummaryView(Mapping[str, JSONValue]):
    """The summary of a run: the last or best value of each metric, and what the program put there itself."""

    def __init__(self, values: JSONObject) -> None:
        self._values = values

    @property
    def _json_dict(self) -> JSONObject:
        # No part of anybody's interface, but scripts are full of it.
        return self._values

    def __getitem__(self, key: str) -> JSONValue:
        return self._values[key]

    def __setitem__(self, key: str, value: JSONValue) -> None:
        self._values[key] = value

    def __delitem__(self, key: str) -> None:
        del self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)
