"""Names that can be a part of a path such as `entity/project/run`."""

from __future__ import annotations

from typing import Final

__all__ = ["flaw_of_name"]

LONGEST: Final = 128
RESERVED: Final = frozenset("/\\#?%:")


def flaw_of_name(name: str | None, noun: str) -> str | None:
    """Return why a name cannot name an entity, a project or a run; None if it can."""
    if name and len(name) <= LONGEST and name == name.strip() and name.isprintable() and not set(name) & RESERVED:
        return None
    rule = f"a name has 1 to {LONGEST} characters, none of {' '.join(sorted(RESERVED))} and no blanks around it"
    return f"{name!r} cannot name {noun}: {rule}."
