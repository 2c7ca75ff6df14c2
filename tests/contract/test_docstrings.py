"""What a public docstring owes its reader: what goes in and comes out, what fails, what is sent, and an example."""

from __future__ import annotations

import builtins
import inspect
import re

import pytest

import wandql
from wandql import errors

# Most methods of a client are generated.
FACADE = [name for name in wandql.__all__ if f"Async{name}" in wandql.__all__ and name != "Client"]
# Made by lists, not by users.
INTERNAL = {"of"}
RESULTS = ("Fetch ", "Iterate ", "Make ", "Return ", "Yield ")


def classes() -> list[type]:
    return [getattr(wandql, f"{prefix}{name}") for name in FACADE for prefix in ["", "Async"]]


def members() -> dict[str, object]:
    """Return each public function and property of the facade by its name."""
    found: dict[str, object] = {"local": wandql.local, "async_local": wandql.async_local}
    for cls in classes():
        own = [each for each in reversed(cls.__mro__) if each.__module__.split(".")[0] == "wandql"]
        found |= {
            f"{cls.__name__}.{name}": value
            for name, value in {name: value for each in own for name, value in vars(each).items()}.items()
            if not name.startswith(("_", "model_")) and name not in INTERNAL and inspect.isfunction(function_of(value))
        }
    return found


def function_of(value: object) -> object:
    """Return the function behind a property or class method."""
    for name in ["func", "fget", "__func__"]:
        value = getattr(value, name, value)
    return value


def faults(name: str, value: object) -> list[str]:
    """Return what a docstring lacks."""
    function = function_of(value)
    assert inspect.isfunction(function)
    text = inspect.cleandoc(function.__doc__ or "")
    signature = inspect.signature(function)
    given = [parameter for parameter in signature.parameters if parameter != "self"]
    is_action = signature.return_annotation == "None"
    raised = re.findall(r"^ {4}(\w+): ", section(text, "Raises"), re.MULTILINE)
    is_attribute = function is not value
    # No other attribute sends anything.
    is_view = is_attribute and not inspect.iscoroutinefunction(function)
    checks = {
        "no docstring": text,
        f"Args are not {given}": re.findall(r"^ {4}(\w+): ", section(text, "Args"), re.MULTILINE) == given,
        "nothing said of the result": is_action or not given or text.startswith(RESULTS) or section(text, "Returns"),
        "nothing said of requests": is_view or re.search(r"\brequests?\b|[Ss]ends? n", text),
        "no example": is_attribute or ">>> " in section(text, "Example"),
        f"unknown errors in {raised}": all(hasattr(errors, each) or hasattr(builtins, each) for each in raised),
    }
    return [f"{name}: {fault}" for fault, holds in checks.items() if not holds]


def section(text: str, title: str) -> str:
    """Return the lines of one section of a docstring."""
    found = re.search(rf"^{title}:\n((?: {{4}}.*\n?|\n)+)", text, re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.parametrize("name", members())
def test_a_docstring_says_what_a_user_must_know(name: str) -> None:
    assert faults(name, members()[name]) == []


@pytest.mark.parametrize("cls", [*classes(), wandql.Client, wandql.AsyncClient])
def test_the_docstring_of_a_class_has_an_example(cls: type) -> None:
    assert ">>> " in section(inspect.cleandoc(cls.__doc__ or ""), "Example")


def test_the_members_of_bases_are_among_those_that_are_checked() -> None:
    assert {"Api.run", "AsyncApi.aclose", "Runs.filters", "Runs.count", "Projects.at", "Run.config"} <= members().keys()


def test_what_a_docstring_lacks_is_found() -> None:
    def bare(number: int) -> int:
        return number

    def full(number: int) -> int:
        """Return the number.

        Sends no request.

        Args:
            number: The number.

        Raises:
            NotFoundError: There is none.
            ValueError: It is odd.

        Example:
            >>> full(2)
            2
        """
        return number

    def wrong(number: int) -> int:  # noqa: D417 - this is what is wrong
        """Do something. Sends a request.

        Args:
            count: The number.

        Raises:
            NoSuchError: There is none.
        """
        return number

    assert faults("Api.full", full) == []
    assert [fault.split(": ")[1][:12] for fault in faults("Api.bare", bare)] == [
        "no docstring",
        "Args are not",
        "nothing said",
        "nothing said",
        "no example",
    ]
    assert [fault.split(": ")[1][:12] for fault in faults("Api.wrong", wrong)] == [
        "Args are not",
        "nothing said",
        "no example",
        "unknown erro",
    ]
