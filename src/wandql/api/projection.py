"""Which keys of config and summary are fetched, and mappings of only these. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypedDict

from wandql.api.history_rows import check_keys
from wandql.errors import NotLoadedError
from wandql.graphql.scalars import JSONObject, JSONValue

__all__ = ["WHOLE", "PartialDocument", "Projection"]


class KeyVariables(TypedDict):
    """A projection as the variables of operations."""

    config_keys: list[str] | None
    summary_keys: list[str] | None


@dataclass(frozen=True, slots=True)
class Projection:
    """Which top-level keys of config and summary are fetched.

    Attributes:
        config_keys: Those of the config; None for all of them, an empty tuple for none.
        summary_keys: Those of the summary, likewise.
    """

    config_keys: tuple[str, ...] | None = None
    summary_keys: tuple[str, ...] | None = None

    @classmethod
    def of(
        cls, config_keys: Sequence[str] | None, summary_keys: Sequence[str] | None, needed: Projection | None = None
    ) -> Projection:
        """Make a projection of what a user asks for, and of what is needed beside.

        Raises:
            UsageError: It is one text, or holds something else than text.
        """
        more = needed or cls((), ())
        return cls(_keys(config_keys, more.config_keys or ()), _keys(summary_keys, more.summary_keys or ()))

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.config_keys is None and self.summary_keys is None

    @property
    def variables(self) -> KeyVariables:
        """What operations take."""
        return {
            "config_keys": None if self.config_keys is None else [*self.config_keys],
            "summary_keys": None if self.summary_keys is None else [*self.summary_keys],
        }


WHOLE: Final = Projection()


class PartialDocument(dict[str, JSONValue]):
    """A config or summary of which only some keys were fetched.

    Iterating and comparing see these alone. To ask for another one, in whatever way, is a `NotLoadedError`: it may well
    be there. Setting a key is no question.
    """

    def __init__(self, values: JSONObject, keys: Sequence[str], what: str) -> None:
        super().__init__(values)
        self._keys: frozenset[str] | None = frozenset(keys)
        self._what = what

    def complete(self, values: JSONObject) -> None:
        """Take over the keys that were not fetched before. What was changed meanwhile stays."""
        fetched, self._keys = self._keys or frozenset(), None
        for key, value in values.items():
            if key not in fetched:
                self.setdefault(key, value)

    def __missing__(self, key: str) -> JSONValue:
        self._check(key)
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        found = super().__contains__(key)
        if not found:
            self._check(key)
        return found

    def get(self, key: str, default: JSONValue = None) -> JSONValue:  # type: ignore[override]
        """Return the value of a key, or the default where it has none."""
        return self[key] if key in self else default  # noqa: SIM401 - this is `get`

    def _check(self, key: object) -> None:
        if self._keys is not None and key not in self._keys:
            raise NotLoadedError(
                f"{self._what} was fetched without the key {key!r}.",
                hint="Add it to the keys that are asked for, or fetch the rest with run.load() or runs.load_full().",
            )


def _keys(asked: Sequence[str] | None, needed: Sequence[str]) -> tuple[str, ...] | None:
    return None if asked is None else tuple(dict.fromkeys([*check_keys(asked), *needed]))
