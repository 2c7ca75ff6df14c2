"""Picking some of many."""

from __future__ import annotations

__all__ = ["spread"]


def spread(count: int, samples: int) -> list[int]:
    """Return at most `samples` positions of a list of `count` items: evenly spread, the first and the last among them.

    >>> spread(10, 4)
    [0, 3, 6, 9]
    >>> spread(3, 10)
    [0, 1, 2]
    """
    if count <= samples:
        return list(range(count))
    if samples < 2:
        return [count - 1] * max(samples, 0)
    return [i * (count - 1) // (samples - 1) for i in range(samples)]
