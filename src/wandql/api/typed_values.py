"""Configs and summaries as values of a user's own type. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from wandql.errors import MismatchError
from wandql.graphql.scalars import JSONObject

__all__ = ["TypedValues", "read_as"]

T = TypeVar("T")


@dataclass(frozen=True)
class TypedValues(Generic[T]):
    """The configs or summaries of runs, read as a type of yours, and those that are something else.

    Attributes:
        by_run: The value of each run that has one, by the run's id, in the order of the runs.
        rejects: For each other run the error that says why: its `path` is the run's, its `problems` name each key.

    Example:
        >>> from wandql import TypedValues
        >>> typed = TypedValues({"run-1": 0.1, "run-2": 0.2})
        >>> [value for value in typed], len(typed), typed.rejects
        ([0.1, 0.2], 2, [])
    """

    by_run: Mapping[str, T] = field(default_factory=dict[str, T])
    rejects: list[MismatchError] = field(default_factory=list[MismatchError])

    @property
    def values(self) -> list[T]:
        """The values, in the order of the runs."""
        return list(self.by_run.values())

    def __iter__(self) -> Iterator[T]:
        return iter(self.by_run.values())

    def __len__(self) -> int:
        return len(self.by_run)


def read_as(of: type[T], document: JSONObject, *, what: str, path: str) -> T:
    """Return a document as a value of a type.

    Args:
        of: A pydantic model, a dataclass, a TypedDict, or whatever else pydantic validates.
        document: The document.
        what: What it is, for errors: "config".
        path: The path of its run, for errors.

    Raises:
        MismatchError: It is something else.
    """
    try:
        return _adapter(of).validate_python(document)
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, each['loc'])) or what}: {each['msg']}"
            for each in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        name = getattr(of, "__name__", str(of))
        raise MismatchError(
            f"The {what} of {path} is no {name}: {'; '.join(problems)}.",
            hint=f"Change {name}, such as by a default for a key that is missing in some runs.",
            path=path,
            problems=problems,
        ) from error


@lru_cache(maxsize=128)
def _adapter(of: type[T]) -> TypeAdapter[T]:
    return TypeAdapter(of)
