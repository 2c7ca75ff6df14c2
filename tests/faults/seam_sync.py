"""What is written by hand for each colour: this is for threads, `seam_async` for tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from wandql.client.transfers.locations import Location

__all__ = ["Asked", "at_once"]

T = TypeVar("T")


class Asked:
    """A source that remembers how often it was asked, and answers with one location after the other."""

    def __init__(self, *locations: Location) -> None:
        self.locations = list(locations)
        self.times = 0

    def __call__(self) -> Location:
        self.times += 1
        return self.locations.pop(0) if len(self.locations) > 1 else self.locations[0]


def at_once(functions: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Call functions at once, and return what each returned or raised."""
    with ThreadPoolExecutor(len(functions)) as threads:
        calls = [threads.submit(function) for function in functions]
    failures = [call.exception() for call in calls]
    assert all(failure is None or isinstance(failure, Exception) for failure in failures)
    return [
        failure if isinstance(failure, Exception) else call.result()
        for call, failure in zip(calls, failures, strict=True)
    ]
