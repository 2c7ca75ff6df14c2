"""What all records have in common: they compare, hash and pickle by their data, not by the client behind them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import cache, lru_cache
from typing import ClassVar, Self, TypeVar

from wandql.errors import DecodeError, UsageError
from wandql.graphql.documents import decode
from wandql.graphql.model import BaseModel
from wandql.graphql.scalars import JSONObject, JSONString

__all__ = ["Record", "bound", "read_object"]

C = TypeVar("C")


class Record(BaseModel):
    """A fetched object: its fields, views of them, and verbs that send requests. Reading an attribute sends none.

    A pickled record keeps its data and leaves its client behind. A copy keeps both.
    """

    _UNBOUND: ClassVar[frozenset[str]] = frozenset({"_client"})
    """The private attributes that hold a client, and stay behind."""

    @property
    def identity(self) -> str:
        """What makes it the same object on the server, however its other fields changed."""
        raise NotImplementedError

    @classmethod
    def _extend(cls, fields: BaseModel, extra: Mapping[str, object], **private: object) -> Self:
        """Make a record of validated fields, without validating them again: pages hold thousands.

        What pydantic's own ways to do that cost was more than the reading of the reply.
        """
        record = cls.__new__(cls)
        object.__setattr__(record, "__dict__", {**vars(fields), **extra})
        object.__setattr__(record, "__pydantic_fields_set__", _shared(frozenset(fields.model_fields_set), *extra))
        object.__setattr__(record, "__pydantic_extra__", None)
        object.__setattr__(record, "__pydantic_private__", {**_private_defaults(cls), **private})
        return record

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).model_fields)

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.identity))

    def __str__(self) -> str:
        return repr(self)

    def __getstate__(self) -> dict[object, object]:
        known = self.__pydantic_private__ or {}
        private = {name: None if name in self._UNBOUND else value for name, value in known.items()}
        return {**super().__getstate__(), "__pydantic_private__": private}

    def __deepcopy__(self, memo: dict[int, object] | None = None) -> Self:
        copied = type(self).__new__(type(self))
        copied.__setstate__(deepcopy(self.__getstate__(), memo))
        if copied.__pydantic_private__ and self.__pydantic_private__:
            copied.__pydantic_private__.update(_client=self.__pydantic_private__["_client"])
        return copied


@lru_cache(maxsize=1024)
def _shared(names: frozenset[str], *more: str) -> set[str]:
    """Return these names as a set that all records of a page share: with its own, each would be 2 KB larger.

    Whoever notes another field in a record gives it a set of its own.
    """
    return {*names, *more}


@cache
def _private_defaults(cls: type[Record]) -> Mapping[str, object]:
    """Return the values of private attributes that are not given. Records share them: they must be immutable."""
    return {name: attribute.get_default() for name, attribute in cls.__private_attributes__.items()}


def bound(client: C | None, record: Record) -> C:
    """Return the client of a record.

    Raises:
        UsageError: It has none, since it was unpickled or made by hand.
    """
    if client is None:
        raise UsageError(
            f"{record!r} has no client: it was unpickled, or made by hand.",
            hint="Fetch it again, such as by api.run(path).",
        )
    return client


def read_object(text: JSONString | None, *, what: str) -> JSONObject:
    """Return the JSON object that `text` holds; an empty one where there is none.

    Raises:
        DecodeError: It holds something else. The message says what it should have been: `what`.
    """
    if not text:
        return {}
    try:
        # Not `text.value`, which others share: whoever asks may change what they get.
        value = decode(text)
    except ValueError as error:
        raise DecodeError(f"The server sent {what} that is not JSON: {error}.") from error
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise DecodeError(f"The server sent {what} that is not a JSON object but a {type(value).__name__}.")
    return value
