"""What a bulk change of runs does to each run. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from wandql.errors import ConflictError, UsageError

__all__ = ["BulkPlan", "BulkVerb", "RunChange", "check_group", "checked_texts", "make_change"]

BulkVerb: TypeAlias = Literal["add_tags", "remove_tags", "set_group", "delete"]


@dataclass(frozen=True, slots=True)
class RunChange:
    """What becomes of one run.

    Attributes:
        path: Its path.
        storage_id: The server's own identifier of it.
        verb: What is done.
        before: Its tags, or its group, or nothing, as they were.
        after: What they become.
    """

    path: str
    storage_id: str
    verb: BulkVerb
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def diff(self) -> str:
        """The change in one line.

        Example:
            >>> RunChange("alice/mnist/run-1", "x", "add_tags", ("old",), ("old", "best")).diff
            'alice/mnist/run-1  tags: +best'
        """
        if self.verb == "delete":
            return f"{self.path}  deleted"
        if self.verb == "set_group":
            before, after = (" ".join(map(repr, side)) or "none" for side in (self.before, self.after))
            return f"{self.path}  group: {before} -> {after}"
        signs = [
            *(f"-{tag}" for tag in self.before if tag not in self.after),
            *(f"+{tag}" for tag in self.after if tag not in self.before),
        ]
        return f"{self.path}  tags: {' '.join(signs)}"


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What a bulk change did, or with `dry_run=True` would do.

    Attributes:
        verb: What is done.
        changes: One for each run that changes, in the order of the list.
        unchanged: The paths of the runs that have it already.
        gone: The paths of the runs that are not there any more.
        resumed: The paths of the runs that the journal says are done.
        is_sent: Whether it was done.
    """

    verb: BulkVerb
    changes: tuple[RunChange, ...] = ()
    unchanged: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    resumed: tuple[str, ...] = ()
    is_sent: bool = False

    @property
    def diff(self) -> str:
        """Every change, a line each."""
        return "\n".join(change.diff for change in self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def __str__(self) -> str:
        counts = {"unchanged": self.unchanged, "gone": self.gone, "done before": self.resumed}
        rest = "".join(f", {len(paths)} {name}" for name, paths in counts.items() if paths)
        head = f"{self.verb} {'changed' if self.is_sent else 'would change'} {len(self.changes)} runs{rest}"
        return f"{head}\n{self.diff}" if self.changes else head


def make_change(
    verb: BulkVerb, values: tuple[str, ...], path: str, storage_id: str, before: tuple[str, ...]
) -> RunChange | None:
    """Return what becomes of a run, or None where it stays as it is.

    Args:
        verb: What is done.
        values: The tags, or the group, or nothing.
        path: The run's path.
        storage_id: The server's own identifier of it.
        before: Its tags or its group now.
    """
    if verb == "add_tags":
        after = (*before, *(value for value in values if value not in before))
    elif verb == "remove_tags":
        after = tuple(tag for tag in before if tag not in values)
    else:
        after = values
    return None if after == before and verb != "delete" else RunChange(path, storage_id, verb, before, after)


def check_group(listed: RunChange, latest: tuple[str, ...]) -> None:
    """Check that nobody else set the group meanwhile: tags are merged, a group cannot be.

    Raises:
        ConflictError: Somebody did.
    """
    if listed.verb == "set_group" and latest not in {listed.before, listed.after}:
        theirs = " ".join(map(repr, latest)) or "none"
        raise ConflictError(
            f"The group of {listed.path} was set to {theirs} by somebody else meanwhile.",
            hint="Nothing was sent for this run. List the runs anew (api.flush()) and repeat what is still wanted.",
            operation="UpsertRun",
            path=listed.path,
            attempts=1,
        )


def checked_texts(texts: Iterable[object], what: str) -> tuple[str, ...]:
    """Return texts, each once.

    Raises:
        UsageError: There is none, or one is empty or no text.
    """
    values: dict[str, None] = {}
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            raise UsageError(f"{text!r} is no {what}: it is a text, not an empty one.")
        values[text] = None
    if not values:
        raise UsageError(f"No {what} was given.")
    return tuple(values)
