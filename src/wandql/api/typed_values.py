"""Configs and summaries as values of a user's own type. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import PydanticUserError, TypeAdapter, ValidationError

from wandql.errors import MismatchError, UsageError
from wandql.graphql.scalars import JSONObject

__all__ = ["Reader", "TypedValues"]

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


class Reader(Generic[T]):
    """Reads documents as values of a type.

    Args:
        of: A pydantic model, a dataclass, a TypedDict, or whatever else pydantic validates.
        what: What the documents are, for errors: "config".

    Raises:
        UsageError: pydantic does not know how to validate the type.
    """

    def __init__(self, of: type[T], what: str) -> None:
        self._name = getattr(of, "__name__", str(of))
        self._what = what
        try:
            self._adapter = TypeAdapter(of)
        except PydanticUserError as error:
            raise UsageError(
                f"No {what} can be read as {self._name}: {error.message}",
                hint="Use a pydantic model, a dataclass, or a TypedDict; before Python 3.12 that of typing_extensions.",
            ) from error

    def read(self, document: JSONObject, *, path: str) -> T:
        """Return a document as a value of the type.

        Args:
            document: The document.
            path: The path of its run, for errors.

        Raises:
            MismatchError: It is something else.
        """
        try:
            return self._adapter.validate_python(document)
        except ValidationError as error:
            problems = [
                f"{'.'.join(map(str, each['loc'])) or self._what}: {each['msg']}"
                for each in error.errors(include_url=False, include_input=False, include_context=False)
            ]
            raise MismatchError(
                f"The {self._what} of {path} is no {self._name}: {'; '.join(problems)}.",
                hint=f"Change {self._name}, such as by a default for a key that some runs lack.",
                path=path,
                problems=problems,
            ) from error
