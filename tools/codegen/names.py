"""How GraphQL names become Python names: in one place, for models and builders alike."""

from __future__ import annotations

import keyword
import re

from ariadne_codegen.utils import str_to_pascal_case, str_to_snake_case

__all__ = ["class_name", "python_name", "without_digit_split"]


def without_digit_split(name: str) -> str:
    """Join a digit to the word before it: `md5`, not `md_5`."""
    return re.sub(r"(?<=[a-z])_(\d)", r"\1", name)


def python_name(name: str) -> str:
    """Return the snake_case name of a field, variable or operation."""
    snake = without_digit_split(str_to_snake_case(name))
    return f"{snake}_" if keyword.iskeyword(snake) else snake


def class_name(name: str) -> str:
    """Return the PascalCase name of an operation's result or a fragment's model."""
    return str_to_pascal_case(name)
