"""What the server is asked to select, and what has to be checked here besides, because the wire cannot say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wandql.errors import InvalidFilterError
from wandql.filters.documents import canonical_filters, encode_filters
from wandql.filters.evaluation import check_local
from wandql.filters.expressions import All, AnyOf, Condition, Filter, Not, all_of, any_of
from wandql.filters.parsing import parse_filter

__all__ = ["Selection", "select", "select_columns"]


@dataclass(frozen=True, slots=True)
class Selection:
    """A filter, parted into what is sent and what is checked here.

    Attributes:
        asked: The filter as an expression, or None where it was given as a document.
        canonical: The filter that is sent, as a text that is equal for equal filters.
        local: What is checked here, of every run that comes; None where the server's answer is exact.
        sent: The filter that is sent, as JSON text.
    """

    asked: Filter | None
    canonical: str
    local: Filter | None
    sent: str

    @property
    def key(self) -> tuple[str, Filter | None]:
        """What is equal for filters that select the same in the same way."""
        return self.canonical, self.local

    @property
    def expression(self) -> Filter:
        """The whole filter as an expression."""
        return parse_filter(self.sent) if self.asked is None else self.asked

    @property
    def reason(self) -> str | None:
        """Why something is checked here, or None."""
        if self.local is None:
            return None
        dotted = dict.fromkeys(name.source for name in self.local.names if name.has_dotted_key)
        return f"no name on the wire is that of a key with a dot: {', '.join(dotted)}"


def select(filters: Mapping[str, object] | Filter | None) -> Selection:
    """Check a filter, and part it into what is sent and what is checked here. No request is sent.

    A document is sent as it is. Of an expression, what a server does not find (a key with a dot) is left out of what is
    sent, so that the server selects too much rather than too little.

    Raises:
        InvalidFilterError: The filter is malformed, or cannot be answered: neither by the server nor here.
    """
    if not isinstance(filters, Filter):
        return Selection(None, canonical_filters(filters), None, encode_filters(filters))
    parts = filters.parts if isinstance(filters, All) else (filters,)
    wide = [_widened(part) for part in parts]
    sent = all_of(part for part in wide if part is not None).wire
    inexact = [part for part, sent_part in zip(parts, wide, strict=True) if part != sent_part]
    for part in inexact:
        for name in part.names:
            check_local(name)
    return Selection(filters, canonical_filters(sent), all_of(inexact) if inexact else None, encode_filters(sent))


def select_columns(filters: Mapping[str, object] | Filter | None, *, of: str) -> str:
    """Check a filter of what has neither config nor summary as runs have, and return the JSON text that is sent.

    Args:
        filters: The filter.
        of: What it is a filter of, for the message.

    Raises:
        InvalidFilterError: It is malformed, or asks for config or summary.
    """
    if isinstance(filters, Filter):
        for name in filters.names:
            if name.document and name.spelling is None:
                raise InvalidFilterError(
                    f"{name.source} is of a run, and these are {of}.",
                    hint=f'F.field("config.method") asks for what the server knows of {of}.',
                )
        return encode_filters(filters.wire)
    return encode_filters(filters)


# None stands for "all runs" where a filter is widened, and for "no run" where it is narrowed.


def _widened(part: Filter) -> Filter | None:
    """Return the least filter that can be sent and selects at least what this one does."""
    match part:
        case Condition(name):
            return None if name.has_dotted_key else part
        case All(parts):
            wide = [each for each in map(_widened, parts) if each is not None]
            return all_of(wide) if wide or not parts else None
        case AnyOf(parts):
            wide = [each for each in map(_widened, parts) if each is not None]
            return any_of(wide) if len(wide) == len(parts) else None
        case Not(inner):
            narrow = _narrowed(inner)
            return None if narrow is None else ~narrow
        case _:
            return part


def _narrowed(part: Filter) -> Filter | None:
    """Return the greatest filter that can be sent and selects at most what this one does."""
    match part:
        case Condition(name):
            return None if name.has_dotted_key else part
        case All(parts):
            narrow = [each for each in map(_narrowed, parts) if each is not None]
            return all_of(narrow) if len(narrow) == len(parts) else None
        case AnyOf(parts):
            narrow = [each for each in map(_narrowed, parts) if each is not None]
            return any_of(narrow) if narrow else None
        case Not(inner):
            wide = _widened(inner)
            return None if wide is None else ~wide
        case _:
            return part
