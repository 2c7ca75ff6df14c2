"""What one GraphQL request is, apart from any transport: a value that can be cached, logged, retried and tested."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Generic, Literal, Protocol, TypeVar

import pydantic
from pydantic_core import to_json

from wandql.graphql.scalars import JSONValue

__all__ = [
    "ConnectionLike",
    "EdgeLike",
    "ErrorReport",
    "ErrorReports",
    "Operation",
    "PageInfoLike",
    "PagedOperation",
    "Reply",
    "given",
]

R = TypeVar("R", bound=pydantic.BaseModel)
N = TypeVar("N")
N_co = TypeVar("N_co", covariant=True)

_ENCODER = pydantic.TypeAdapter[object](object, config=pydantic.ConfigDict(defer_build=True))


class PageInfoLike(Protocol):
    """Where a page ends."""

    @property
    def end_cursor(self) -> str | None:
        """The cursor of the page's last item."""
        ...

    @property
    def has_next_page(self) -> bool:
        """Whether there are items behind it."""
        ...


class EdgeLike(Protocol[N_co]):
    """One item of a page."""

    @property
    def node(self) -> N_co | None:
        """The item itself."""
        ...


class ConnectionLike(Protocol[N_co]):
    """One page of a list, as every generated connection is."""

    @property
    def edges(self) -> Sequence[EdgeLike[N_co]]:
        """The items."""
        ...

    @property
    def page_info(self) -> PageInfoLike:
        """Where the page ends."""
        ...


class ErrorReport(pydantic.BaseModel):
    """One entry of a reply's `errors`."""

    model_config: ClassVar[pydantic.ConfigDict] = pydantic.ConfigDict(defer_build=True)

    message: str


def _in_standard_form(errors: JSONValue) -> JSONValue:
    """Not every server and proxy keeps to the form of the standard: a text, one object, an object without a message."""
    if not errors:
        return None
    return [_report(entry) for entry in (errors if isinstance(errors, list) else [errors])]


def _report(entry: JSONValue) -> JSONValue:
    match entry:
        case {"message": str()}:
            return entry
        case str():
            return {"message": entry}
        case _:
            return {"message": to_json(entry).decode()}


class ErrorReports(pydantic.BaseModel):
    """The body of a reply, as far as it tells of errors."""

    model_config: ClassVar[pydantic.ConfigDict] = pydantic.ConfigDict(defer_build=True)

    errors: Annotated[list[ErrorReport] | None, pydantic.BeforeValidator(_in_standard_form)] = None


class Reply(ErrorReports, Generic[R]):
    """The body of a reply: data, errors, or both."""

    # A validation error must not quote the reply: servers may repeat secrets.
    model_config: ClassVar[pydantic.ConfigDict] = pydantic.ConfigDict(defer_build=True, hide_input_in_errors=True)

    data: R | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Operation(Generic[R]):
    """One GraphQL request whose data is an `R`.

    Attributes:
        name: The operation's name in `queries/`.
        kind: Whether it reads or writes.
        document: The GraphQL text, with the fragments that it spreads.
        variables: The values given; what is absent takes the server's default.
        reply: The model of the reply.
        idempotent: Whether sending it twice does what sending it once does. Every query is; a mutation must declare it.
    """

    name: str
    kind: Literal["query", "mutation"]
    document: str
    variables: Mapping[str, object]
    reply: type[Reply[R]]
    idempotent: bool

    def body(self) -> bytes:
        """Return the body of the HTTP request, JSON in UTF-8. Equal operations have equal bodies."""
        return to_json({"query": self.document, "operationName": self.name, "variables": self.variables})

    def lighter(self) -> Operation[R]:
        """Return what to ask where this takes a server too long: the same, unless it can be had in parts."""
        return self

    def parse(self, content: bytes) -> Reply[R]:
        """Read the body of a reply.

        Raises:
            pydantic.ValidationError: It is not JSON, or not of the form that the schema promises.
        """
        return self.reply.model_validate_json(content)


@dataclass(frozen=True, slots=True, eq=False)
class PagedOperation(Operation[R], Generic[R, N]):
    """A request for one page of a list of `N`.

    Attributes:
        connection: Finds the page in the data; None where a parent of it (the project, say) is null.
    """

    connection: Callable[[R], ConnectionLike[N] | None]

    def after(self, cursor: str) -> PagedOperation[R, N]:
        """Return the request for the page behind `cursor`."""
        return replace(self, variables={**self.variables, "after": cursor})

    def lighter(self) -> Operation[R]:
        """Return the request for half of the page, but not for less than 20 items."""
        first = self.variables.get("first")
        if not isinstance(first, int) or first <= SMALLEST_PAGE:
            return self
        return replace(self, variables={**self.variables, "first": max(first // 2, SMALLEST_PAGE)})


# A page of so few items is not what keeps a server busy.
SMALLEST_PAGE = 20


# An explicit null would override the default that the query declares for its variable.
def given(**variables: object) -> dict[str, object]:
    """Return the variables that have a value, inputs as JSON objects of the fields that were set."""
    return {name: _encode(value) for name, value in variables.items() if value is not None}


def _encode(value: object) -> object:
    return _ENCODER.dump_python(value, mode="json", by_alias=True, exclude_unset=True)
