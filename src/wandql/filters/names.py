"""What a field of a run is called: by `F`, on the wire, and in a run that is here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["ATTRIBUTES", "Name", "quoted", "wire_name"]

ATTRIBUTES: Final[Mapping[str, str]] = {
    "name": "id",
    "display_name": "name",
    "state": "state",
    "tags": "tags",
    "username": "user",
    "entity": "entity",
    "group": "group",
    "job_type": "job_type",
    "sweep": "sweep",
    "notes": "notes",
    "description": "description",
    "commit": "commit",
    "host": "host",
    "created_at": "created_at",
    "updated_at": "updated_at",
    "heartbeat_at": "heartbeat_at",
    "duration": "duration",
}
"""The attributes of `F` by the names on the wire. Trap: `name` is the id there."""

# Servers know some names in two spellings.
_SPELLINGS: Final[Mapping[str, str]] = {
    "displayName": "display_name",
    "jobType": "job_type",
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "heartbeatAt": "heartbeat_at",
    "user.username": "username",
}
# A name of n dots can be read in 2 ** n ways. What follows the last dot is one key.
_MAX_DOTS: Final = 8
_SUMMARIES: Final = {"summary_metrics", "summary", "summaryMetrics"}


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a field, or of a value in config or summary.

    Attributes:
        document: `config` or `summary`, or nothing for a field of the run itself.
        keys: The keys from the document to the value; of a field, its name on the wire.
        spelling: How somebody spelled it on the wire, where that leaves open whether a dot parts two keys.
    """

    document: Literal["", "config", "summary"]
    keys: tuple[str, ...]
    spelling: str | None = None

    @classmethod
    def read(cls, wire: str) -> Name:
        """Return the name that is written so on the wire.

        >>> Name.read("config.opt.value.lr").keys, Name.read("createdAt").keys
        (('opt', 'lr'), ('created_at',))
        """
        head, dot, rest = wire.partition(".")
        if not (dot and rest):
            return cls("", (_SPELLINGS.get(wire, wire),))
        if head in _SUMMARIES:
            return cls("summary", tuple(rest.split(".")))
        if head != "config":
            return cls("", (_SPELLINGS.get(wire, wire),))
        parts = rest.split(".")
        if "value" in parts[1:]:
            end = parts.index("value", 1)
            return cls("config", (".".join(parts[:end]), *parts[end + 1 :]))
        return cls("config", tuple(parts), wire if len(parts) > 1 else None)

    @property
    def wire(self) -> str:
        """The name on the wire. Of a value in config it says which part is the key: `config.opt.value.lr`."""
        if self.spelling is not None:
            return self.spelling
        match self.document:
            case "config":
                return ".".join(["config", self.keys[0], "value", *self.keys[1:]])
            case "summary":
                return ".".join(["summary_metrics", *self.keys])
            case "":
                return self.keys[0]

    @property
    def has_dotted_key(self) -> bool:
        """Whether a key has a dot. On the wire a dot parts two keys, so that a server does not find such a value."""
        return bool(self.document) and self.spelling is None and any("." in key for key in self.keys)

    @property
    def source(self) -> str:
        """The name as a Python expression."""
        if self.spelling is None and self.document:
            return f"F.{self.document}" + "".join(f"[{quoted(key)}]" for key in self.keys)
        attribute = None if self.document else ATTRIBUTES.get(self.wire)
        return f"F.{attribute}" if attribute else f"F.field({quoted(self.wire)})"

    def readings(self) -> Iterator[tuple[str, ...]]:
        """Yield the keys under which a value may stand, the likeliest first.

        A dot in a key of `F` is first of all a part of that key. In a spelling it first of all parts two keys.
        """
        yield self.keys
        if self.spelling is not None or self.has_dotted_key:
            parts = ".".join(self.keys).split(".", _MAX_DOTS)
            yield from _joined(parts)


def _joined(parts: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield every way to join neighbours by dots: those that stand alone first."""
    if len(parts) <= 1:
        yield tuple(parts)
        return
    for size in range(1, len(parts) + 1):
        first = ".".join(parts[:size])
        if size == len(parts):
            yield (first,)
        else:
            yield from ((first, *rest) for rest in _joined(parts[size:]))


def wire_name(name: str) -> str:
    """Return a name as the server knows it: `summary.x` is `summary_metrics.x`."""
    return f"summary_metrics.{name.removeprefix('summary.')}" if name.startswith("summary.") else name


def quoted(text: str) -> str:
    """Return a text as Python source, in double quotes where that is plain to read."""
    return f'"{text}"' if text.isprintable() and not {'"', "\\"} & set(text) else repr(text)
