# Derived from src/wandql/client/_async/fetched.py by `make generate`: edit that file instead.
"""A bounded cache of objects that are fetched."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from wandql.client.cache import Cache
from wandql.client.seam_sync import Lock

__all__ = ["Fetched"]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Fetched(Generic[K, V]):
    """Keeps what was fetched. Whoever asks for what somebody else is fetching waits for that. A failure is not kept."""

    def __init__(self, capacity: int = 1024) -> None:
        self._slots: Cache[K, _Slot[V]] = Cache(capacity)

    def get(self, key: K, fetch: Callable[[], V]) -> V:
        """Return the object of `key`, fetched where it is not there."""
        slot = self._slots.get(key, _Slot)
        with slot.lock:
            if not slot.objects:
                slot.objects.append(fetch())
            return slot.objects[0]

    def clear(self) -> None:
        """Forget everything."""
        self._slots.clear()


class _Slot(Generic[V]):
    def __init__(self) -> None:
        self.lock = Lock()
        self.objects: list[V] = []
