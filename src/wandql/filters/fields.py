"""`F`: the fields of a run, of which filters and orders are made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, NoReturn, TypeAlias, TypeVar

from wandql.errors import InvalidFilterError
from wandql.filters.expressions import Filter, all_of, condition
from wandql.filters.names import Name
from wandql.filters.orders import Order
from wandql.filters.parsing import parse_filter

__all__ = ["F", "Fields", "FilterValue", "Scalar"]

Scalar: TypeAlias = bool | int | float | str
"""A value that has an order: numbers among numbers, texts among texts, False before True."""

FilterValue: TypeAlias = "Scalar | None | Sequence[FilterValue] | Mapping[str, FilterValue]"
"""A value that something can be equal to."""

E = TypeVar("E")
S = TypeVar("S")

# What RE2 and Python read as anything else than itself.
_SPECIAL: Final = re.compile(r"[\\.^$*+?{}\[\]|()]")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Field:
    """A field of a run: something to filter and to sort by."""

    _name: Name

    def exists(self) -> Filter:
        """Return the filter of the runs that have the field, if only as null. Sends no request.

        >>> F.summary["loss"].exists().wire, (~F.group.exists()).wire
        ({'summary_metrics.loss': {'$exists': True}}, {'group': {'$exists': False}})
        """
        return condition(self._name, "$exists", True)  # noqa: FBT003 - the operand

    def asc(self) -> Order:
        """Return the order by this field, the least first. Sends no request.

        Raises:
            InvalidOrderError: The server cannot sort by it: its key has a dot or a comma.

        >>> F.summary["loss"].asc().wire
        '+summary_metrics.loss'
        """
        return Order(self._name)

    def desc(self) -> Order:
        """Return the order by this field, the greatest first. Sends no request.

        Raises:
            InvalidOrderError: The server cannot sort by it: its key has a dot or a comma.

        >>> F.created_at.desc().wire
        '-created_at'
        """
        return Order(self._name, descending=True)

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{self!r} is a field, which is neither true nor false. Write {self!r}.exists().")

    def __repr__(self) -> str:
        return self._name.source


class ComparedField(Field, Generic[E, S]):
    """A field that is compared with values.

    `!=`, `not_in` and `~` are the complement: they also select the runs without the field. `== None` selects those
    where it is missing or null.
    """

    __slots__ = ()

    # Python types `==` as a bool that takes any object; each library of expressions departs from that.
    def __eq__(self, value: E) -> Filter:  # type: ignore[override]
        return self._asked("$eq", value)

    def __ne__(self, value: E) -> Filter:  # type: ignore[override]
        return self._asked("$ne", value)

    def __hash__(self) -> int:
        return hash(self._name)

    def __lt__(self, value: S) -> Filter:
        return self._asked("$lt", value)

    def __le__(self, value: S) -> Filter:
        return self._asked("$lte", value)

    def __gt__(self, value: S) -> Filter:
        return self._asked("$gt", value)

    def __ge__(self, value: S) -> Filter:
        return self._asked("$gte", value)

    def in_(self, values: Iterable[E]) -> Filter:
        """Return the filter of the runs where the field is one of these values. Sends no request.

        >>> F.id.in_(["run-1", "run-2"]).wire
        {'name': {'$in': ['run-1', 'run-2']}}
        """
        return condition(self._name, "$in", self._several(values))

    def not_in(self, values: Iterable[E]) -> Filter:
        """Return the filter of the runs where the field is missing or none of these values. Sends no request.

        >>> F.state.not_in(["crashed", "failed"]).wire
        {'state': {'$nin': ['crashed', 'failed']}}
        """
        return condition(self._name, "$nin", self._several(values))

    def _asked(self, operator: str, value: object) -> Filter:
        self._check(value)
        return condition(self._name, operator, value)

    def _several(self, values: Iterable[object]) -> list[object]:
        if isinstance(values, (str, Mapping)):
            raise InvalidFilterError(f"{self!r} wants a list of values, not {values!r}.", hint=f"Write [{values!r}].")
        listed = list(values)
        for value in listed:
            self._check(value)
        return listed

    def _check(self, value: object) -> None:
        """Refuse a value of a type that the field has not. Without types in the caller's code, nothing else does."""


class SearchedField(Field):
    """A field that may hold text."""

    __slots__ = ()

    def matches(self, pattern: str) -> Filter:
        """Return the filter of the runs where the text has a match of a regular expression. Sends no request.

        Servers read the dialect RE2; `Filter.matches`, and the embedded server, that of Python.

        Args:
            pattern: The pattern. It may match anywhere; `(?i)` in front makes capitals and small letters equal.

        Raises:
            InvalidFilterError: It is no regular expression.

        >>> F.name.matches("^base").wire
        {'display_name': {'$regex': '^base'}}
        """
        return condition(self._name, "$regex", pattern)

    def contains(self, text: str) -> Filter:
        r"""Return the filter of the runs where the text has this one in it. Sends no request.

        >>> F.notes.contains("v1.5").wire
        {'notes': {'$regex': 'v1\\.5'}}
        """
        return condition(self._name, "$regex", _literal(text, self._name))

    def startswith(self, text: str) -> Filter:
        """Return the filter of the runs where the text begins with this one. Sends no request.

        >>> F.name.startswith("base").wire
        {'display_name': {'$regex': '^base'}}
        """
        return condition(self._name, "$regex", f"^{_literal(text, self._name)}")


class TextField(SearchedField, ComparedField[str | None, str]):
    """A field that holds text."""

    __slots__ = ()

    def _check(self, value: object) -> None:
        if value is not None and not isinstance(value, str) and not isinstance(getattr(value, "value", None), str):
            raise InvalidFilterError(f"{self!r} is text, which {value!r} is not.")


class NumberField(ComparedField[float | None, float]):
    """A field that holds a number."""

    __slots__ = ()

    def _check(self, value: object) -> None:
        if isinstance(value, (bool, str)):
            raise InvalidFilterError(f"{self!r} is a number, which {value!r} is not.")


class TimeField(ComparedField[datetime | None, datetime]):
    """A field that holds a time. It is compared with a `datetime` that has a zone."""

    __slots__ = ()

    def _check(self, value: object) -> None:
        if value is not None and not isinstance(value, datetime):
            raise InvalidFilterError(
                f"{self!r} is a time, which {value!r} is not.", hint="Write datetime(2026, 1, 31, tzinfo=UTC)."
            )


class TagsField(Field):
    """The tags of a run."""

    __slots__ = ()

    def has(self, tag: str) -> Filter:
        """Return the filter of the runs that have a tag. Sends no request.

        >>> F.tags.has("best").wire, (~F.tags.has("best")).wire
        ({'tags': 'best'}, {'tags': {'$ne': 'best'}})
        """
        return condition(self._name, "$eq", _text(tag, self._name))

    def has_any(self, tags: Iterable[str]) -> Filter:
        """Return the filter of the runs that have one of these tags. Sends no request.

        >>> F.tags.has_any(["best", "last"]).wire
        {'tags': {'$in': ['best', 'last']}}
        """
        if isinstance(tags, str):
            raise InvalidFilterError(f"F.tags.has_any wants a list, not {tags!r}.", hint=f"Write F.tags.has({tags!r}).")
        return condition(self._name, "$in", [_text(tag, self._name) for tag in tags])

    def has_all(self, tags: Iterable[str]) -> Filter:
        """Return the filter of the runs that have all of these tags; all runs without any tag. Sends no request.

        >>> F.tags.has_all(["best", "cnn"]).wire
        {'$and': [{'tags': 'best'}, {'tags': 'cnn'}]}
        """
        if isinstance(tags, str):
            raise InvalidFilterError(f"F.tags.has_all wants a list, not {tags!r}.", hint=f"Write F.tags.has({tags!r}).")
        return all_of(self.has(tag) for tag in tags)

    def matches(self, pattern: str) -> Filter:
        """Return the filter of the runs where a tag has a match of a regular expression. Sends no request.

        >>> F.tags.matches("^v[0-9]").wire
        {'tags': {'$regex': '^v[0-9]'}}
        """
        return condition(self._name, "$regex", pattern)

    def __contains__(self, tag: object) -> NoReturn:
        raise TypeError(f"'in' gives a bool, not a filter. Write F.tags.has({tag!r}).")

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError(f"F.tags are several. Write F.tags.has({other!r}).")

    def __hash__(self) -> int:
        return hash(self._name)


class ValueField(SearchedField, ComparedField[FilterValue, Scalar]):
    """A value in config or summary, of any type. Values of two types are never equal and never in order.

    A list answers by any of its elements: `F.config["layers"] == 64` selects `[32, 64]`, and `== [32, 64]` does too.
    """

    __slots__ = ()

    def __getitem__(self, key: str | int) -> ValueField:
        """The value of a key inside this one, or of an index of a list."""
        return ValueField(Name(self._name.document, (*self._name.keys, _key(key, self._name.source))))


@dataclass(frozen=True, slots=True)
class Document:
    """Config or summary, by key."""

    _name: Name

    def __getitem__(self, key: str) -> ValueField:
        """The value of a key, with all its dots and slashes: `F.config["a"]["b"]` is the one inside another."""
        document = self._name.document
        return ValueField(Name(document, (_key(key, f"F.{document}"),)))

    def __iter__(self) -> NoReturn:
        raise TypeError(f"{self!r} does not know which keys the runs have.")

    def __contains__(self, key: object) -> NoReturn:
        raise TypeError(f"'in' gives a bool, not a filter. Write {self!r}[{key!r}].exists().")

    def __repr__(self) -> str:
        return f"F.{self._name.document}"


class Fields:
    """The fields of a run, of which filters and orders are made: there is one object of it, `F`.

    `&`, `|` and `~` join filters; each comparison needs brackets then. What is asked for is what a run calls it: `F.id`
    and `F.name` are `run.id` and `run.name`, whatever they are on the wire.

    Example:
        >>> from wandql import F
        >>> good = (F.state == "finished") & (F.config["lr"] < 1) & ~F.tags.has("old")
        >>> [run.name for run in api.runs("alice/mnist", good, order=F.summary["loss"].asc())]
        ['baseline', 'wider']
        >>> good.wire
        {'$and': [{'state': 'finished'}, {'config.lr.value': {'$lt': 1}}, {'tags': {'$ne': 'old'}}]}
    """

    __slots__ = ()

    id: Final[TextField] = TextField(Name("", ("name",)))
    """The run's id, the last part of its path. The wire calls it `name`."""
    name: Final[TextField] = TextField(Name("", ("display_name",)))
    """The name that people read. The wire calls it `display_name`."""
    state: Final[TextField] = TextField(Name("", ("state",)))
    """`running`, `finished`, `crashed`, `killed`, `failed`, `pending`, `preempting` or `preempted`."""
    tags: Final[TagsField] = TagsField(Name("", ("tags",)))
    """The tags."""
    user: Final[TextField] = TextField(Name("", ("username",)))
    """The name of the user who started the run."""
    entity: Final[TextField] = TextField(Name("", ("entity",)))
    """The user or team that owns the project."""
    group: Final[TextField] = TextField(Name("", ("group",)))
    """The group."""
    job_type: Final[TextField] = TextField(Name("", ("job_type",)))
    """The role within the group, such as `train`."""
    sweep: Final[TextField] = TextField(Name("", ("sweep",)))
    """The id of the sweep that the run belongs to."""
    notes: Final[TextField] = TextField(Name("", ("notes",)))
    """The notes."""
    description: Final[TextField] = TextField(Name("", ("description",)))
    """The older free text."""
    commit: Final[TextField] = TextField(Name("", ("commit",)))
    """The git commit the program ran from."""
    host: Final[TextField] = TextField(Name("", ("host",)))
    """The machine that the program ran on. Only the server tells it."""
    created_at: Final[TimeField] = TimeField(Name("", ("created_at",)))
    """When the run was created."""
    updated_at: Final[TimeField] = TimeField(Name("", ("updated_at",)))
    """When the run was last changed. Only the server tells it."""
    heartbeat_at: Final[TimeField] = TimeField(Name("", ("heartbeat_at",)))
    """When its process last reported."""
    duration: Final[NumberField] = NumberField(Name("", ("duration",)))
    """The seconds from its creation to its last report."""
    config: Final[Document] = Document(Name("config", ()))
    """The config, by key: `F.config["lr"]`."""
    summary: Final[Document] = Document(Name("summary", ()))
    """The summary, by key: `F.summary["val/loss"]`."""

    def field(self, name: str) -> ValueField:
        """Return the field of a name on the wire: for one that has no attribute here. Sends no request.

        Args:
            name: The name, such as `keys_info.keys.loss`. It is sent as it is.

        Raises:
            InvalidFilterError: It is no name.

        >>> F.field("keys_info.keys.loss").exists().wire
        {'keys_info.keys.loss': {'$exists': True}}
        """
        text = _text(name, Name("", ("field",)))
        if not text.strip() or text.startswith("$"):
            raise InvalidFilterError(f"{name!r} is no name of a field.")
        return ValueField(Name.read(text))

    def parse(self, document: Mapping[str, object] | str) -> Filter:
        """Return the filter that a document of the wire is: that of a report, or `runs.filters`. Sends no request.

        Args:
            document: A document in MongoDB's dialect, or its JSON text.

        Raises:
            InvalidFilterError: It is none that a server could read. The message names the place.

        >>> F.parse({"state": "finished", "config.lr": {"$lt": 0.1}})
        (F.state == "finished") & (F.config["lr"] < 0.1)
        """
        return parse_filter(document)

    def __repr__(self) -> str:
        return "F"


F: Final = Fields()
"""The fields of a run, of which filters and orders are made."""


def _key(key: object, place: str) -> str:
    if isinstance(key, bool) or not isinstance(key, (str, int)) or (isinstance(key, int) and key < 0):
        raise InvalidFilterError(f"{place}[{key!r}] is asked for, and keys are text.")
    if not str(key).strip():
        raise InvalidFilterError(f"{place}[{key!r}] has an empty key.")
    return str(key)


def _text(value: object, name: Name) -> str:
    if not isinstance(value, str):
        raise InvalidFilterError(f"{name.source} is text, which {value!r} is not.")
    return str(value)


def _literal(text: str, name: Name) -> str:
    return _SPECIAL.sub(r"\\\g<0>", _text(text, name))
