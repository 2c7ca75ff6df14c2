"""A bounded cache of objects: the least recently used one goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from wandql.client.forks import Lock

__all__ = ["Cache"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Keeps the `capacity` most recently used objects. The same key gives the same object until `clear`."""

    def __init__(self, capacity: int = 1024) -> None:
        self._capacity = capacity
        self._objects: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return the object of `key`, made by `make` where there is none. `make` must not wait."""
        with self._lock:
            if key not in self._objects:
                self._objects[key] = make()
            self._objects.move_to_end(key)
            kept = self._objects[key]
            while len(self._objects) > self._capacity:
                self._objects.popitem(last=False)
            return kept

    def values(self) -> list[V]:
        """Return the objects, the least recently used one first."""
        with self._lock:
            return list(self._objects.values())

    def __len__(self) -> int:
        return len(self._objects)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._objects.clear()
