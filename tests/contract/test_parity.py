"""What tasks can do, threads can do by the same name: parameters, defaults and types are the same but for waiting."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

import wandql
from wandql.api._async.collections import AsyncCollection, AsyncSizedCollection

if TYPE_CHECKING:
    from collections.abc import Callable

TWINS = [getattr(wandql, name) for name in wandql.__all__ if name.startswith("Async")]
NAMES = {
    "aclose": "close",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
}
# What cannot wait, and what refuses because it cannot.
ONLY_SYNC = {"__getitem__", "__len__", "__reversed__"}


def members(cls: type) -> dict[str, object]:
    """Return what this library gives a class: all public names, and the methods that syntax calls."""
    own = [each for each in reversed(cls.__mro__) if each.__module__.split(".")[0] == "wandql"]
    found = {name: value for each in own for name, value in vars(each).items()}
    is_syntax = {*NAMES, *NAMES.values(), *ONLY_SYNC, "__bool__", "__eq__", "__hash__", "__repr__", "__str__"}
    return {name: value for name, value in found.items() if not name.startswith(("_", "model_")) or name in is_syntax}


def twin_of(cls: type) -> type:
    """Return the class for threads."""
    twin: type = getattr(import_module(cls.__module__.replace("_async", "_sync")), cls.__name__.removeprefix("Async"))
    return twin


def described(value: object) -> object:
    """Return what a caller sees of a member: kind, parameters, defaults and types, without waiting."""
    if isinstance(value, property):
        return "property", returned(value.fget)
    function = getattr(value, "__func__", value)
    if not callable(function):
        return "value", type(value)
    signature = inspect.signature(function)
    parameters = [(p.name, p.kind, without_waiting(p.annotation), p.default) for p in signature.parameters.values()]
    return type(value).__name__, parameters, returned(function)


def returned(function: Callable[..., object] | None) -> str:
    assert function is not None
    return without_waiting(inspect.signature(function).return_annotation)


def without_waiting(annotation: object) -> str:
    text = re.sub(r"AsyncGenerator\[(.*), None\]$", r"Generator[\1, None, None]", str(annotation))
    return re.sub(r"Awaitable\[(.*?)\]", r"\1", re.sub(r"\bAsync(?=[A-Z])", "", text))


@pytest.mark.parametrize("cls", [*TWINS, AsyncCollection, AsyncSizedCollection])
def test_a_class_for_tasks_has_a_twin_for_threads(cls: type) -> None:
    waiting = {NAMES.get(each, each): described(value) for each, value in members(cls).items()}
    twin = {each: described(value) for each, value in members(twin_of(cls)).items()}
    assert {each for each in twin if each not in waiting} <= ONLY_SYNC
    assert {each: waiting[each] for each in waiting} == {each: twin[each] for each in waiting}
    assert described(cls.__init__) == described(twin_of(cls).__init__)


def test_every_public_name_for_tasks_has_a_twin_for_threads() -> None:
    assert {cls.__name__ for cls in TWINS} >= {"AsyncApi", "AsyncClient", "AsyncProject", "AsyncRun", "AsyncRuns"}
    assert {cls.__name__.removeprefix("Async") for cls in TWINS} < set(wandql.__all__)
    assert described(wandql.async_local) == described(wandql.local)
    for cls, some in {wandql.Api: {"run", "close"}, wandql.Run: {"config", "path"}, wandql.Runs: {"at"}}.items():
        assert some <= members(cls).keys()


def test_a_difference_between_twins_is_found() -> None:
    class AsyncThing:
        async def read(self, number: int = 1) -> AsyncThing: ...

    class Thing:
        def read(self, number: int = 2) -> Thing: ...

    class Other:
        def read(self, number: int = 1) -> int: ...

    class Same:
        def read(self, number: int = 1) -> Thing: ...

    assert described(AsyncThing.read) == described(Same.read)
    assert described(AsyncThing.read) not in [described(Thing.read), described(Other.read)]
