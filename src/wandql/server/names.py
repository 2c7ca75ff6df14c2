"""Names that can be a part of a path such as `entity/project/run`, and those of files."""

from __future__ import annotations

from typing import Final

__all__ = ["flaw_of_file_name", "flaw_of_name"]

LONGEST: Final = 128
LONGEST_OF_A_FILE: Final = 1024
RESERVED: Final = frozenset("/\\#?%:")


def flaw_of_name(name: str | None, noun: str) -> str | None:
    """Return why a name cannot name an entity, a project or a run; None if it can."""
    if name and len(name) <= LONGEST and name == name.strip() and name.isprintable() and not set(name) & RESERVED:
        return None
    rule = f"a name has 1 to {LONGEST} characters, none of {' '.join(sorted(RESERVED))} and no blanks around it"
    return f"{name!r} cannot name {noun}: {rule}."


def flaw_of_file_name(name: str) -> str | None:
    """Return why a name cannot name a file of a run; None if it can.

    Where it can, the file stays within whatever directory a client puts it into.
    """
    parts = name.split("/")
    leads_out = {"", ".", ".."} & {*parts} or "\\" in name or "\0" in name or ":" in parts[0]
    if len(name) <= LONGEST_OF_A_FILE and not leads_out:
        return None
    return f"{name!r} cannot name a file of a run: it must be a path within the run's directory."
