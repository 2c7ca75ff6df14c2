"""Keys that a filter or an order asks for and no run has. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from wandql.api.projection import Projection
from wandql.api.run_view import RunView
from wandql.errors import UnknownKeyError
from wandql.filters import Filter
from wandql.filters.expressions import condition
from wandql.filters.names import Name
from wandql.graphql.scalars import JSONValue

__all__ = ["asked_keys", "exists", "needed_keys", "unknown_keys"]


def asked_keys(filters: Filter, order: str | None) -> list[Name]:
    """Return the names in config and summary that a filter and an order ask for, each once."""
    names = [*filters.names, *([Name.read(order.lstrip("+-"))] if order else [])]
    return [name for name in dict.fromkeys(names) if name.document]


def needed_keys(local: Filter | None) -> Projection:
    """Return the keys of config and summary that a filter reads which is checked here."""
    names = [] if local is None else [*local.names]
    config, summary = (
        tuple(name.keys[0] for name in names if name.document == document) for document in ("config", "summary")
    )
    return Projection(config, summary)


def exists(name: Name) -> Filter:
    """Return the filter of the runs that have a key."""
    return condition(name, "$exists", True)  # noqa: FBT003 - the operand


def unknown_keys(names: Sequence[Name], runs: Iterable[RunView], *, where: str, operation: str) -> UnknownKeyError:
    """Return the error for keys that no run has.

    Args:
        names: The keys.
        runs: Some runs, whose keys are suggested.
        where: The project's path.
        operation: The operation that has told it.
    """
    known = {name.source: name for run in runs for name in _keys_of(run)}
    near = {name.source: _near(name, known.values()) for name in names}
    hints = [f"For {source}, did you mean {' or '.join(found)}?" for source, found in near.items() if found]
    some = sorted(source for source, name in known.items() if len(name.keys) == 1)[:10]
    return UnknownKeyError(
        f"No run of {where} has {' or '.join(near)}, so the server finds none by it.",
        hint=" ".join(hints) or (f"Runs have {', '.join(some)}, for example." if some else "No run has any key yet."),
        keys=near,
        operation=operation,
        path=where,
    )


def _near(name: Name, known: Iterable[Name]) -> tuple[str, ...]:
    """Return the sources of the keys that are spelled nearly so, in config or summary."""
    spelled: dict[str, list[str]] = {}
    for each in known:
        spelled.setdefault(".".join(each.keys).lower(), []).append(each.source)
    found = get_close_matches(".".join(name.keys).lower(), spelled, n=3, cutoff=0.7)
    return tuple(source for spelling in found for source in spelled[spelling])


def _keys_of(run: RunView) -> Iterator[Name]:
    for key, value in run.config.items():
        yield from _inner(Name("config", (key,)), value)
    for key, value in run.summary_metrics.items():
        yield from _inner(Name("summary", (key,)), value)


def _inner(name: Name, value: JSONValue) -> Iterator[Name]:
    yield name
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _inner(Name(name.document, (*name.keys, key)), each)
