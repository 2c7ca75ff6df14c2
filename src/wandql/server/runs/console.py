"""A line of `output.log` as the SDK streams it, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic_core import from_json

from wandql.graphql.scalars import JSONValue

__all__ = ["ConsoleLine", "parse_console_line"]

# `ERROR 2026-01-31T12:00:00.000000 [label] text`, of which only the text is always there.
PLAIN = re.compile(
    r"(?P<error>ERROR )?(?P<timestamp>\d{4}-\d\d-\d\dT[\d:.]+Z?) (?:\[(?P<label>[^]]*)] )?(?P<text>.*)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class ConsoleLine:
    """What a program printed on one line, and when, where and under which label."""

    timestamp: str | None
    level: str | None
    label: str | None
    line: str


def parse_console_line(text: str) -> ConsoleLine:
    """Take a line apart: a JSON object from a new SDK, plain text from an old one."""
    try:
        document: JSONValue = from_json(text) if text.startswith("{") else None
    except ValueError:
        document = None
    if isinstance(document, dict) and isinstance(content := document.get("content"), str):
        ts, level, label = (document.get(name) for name in ("ts", "level", "label"))
        return ConsoleLine(_text(ts), _text(level), _text(label), content.rstrip("\r\n"))
    if match := PLAIN.fullmatch(text.rstrip("\r\n")):
        return ConsoleLine(match["timestamp"], "error" if match["error"] else None, match["label"], match["text"])
    return ConsoleLine(None, None, None, text.rstrip("\r\n"))


def _text(value: JSONValue) -> str | None:
    return value if isinstance(value, str) and value else None
