"""How many requests a server still takes, and when the next may go: decisions only, no I/O, no clock."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

__all__ = ["RateLimit", "RateWindow", "answer", "begin", "lose", "pause"]

TURNED_AWAY: Final = 429
# From this share on of what a window takes, the rest is spread over the time that is left.
SLOW_SHARE: Final = 0.2
# What bulk work leaves to others.
RESERVED_SHARE: Final = 0.1
# How often to look whether a reply has come that says how things stand.
POLLING: Final = 0.01
# A reply that names a later end is not believed: it would stop the client for good.
LONGEST_WINDOW: Final = 3600.0
# Whoever began a request so long ago and told nothing has ended without a word.
LOST_AFTER: Final = 900.0
# A number of seconds beyond it is a date, in seconds since 1970.
FIRST_DATE: Final = 1e9

PREFIXES: Final = ("ratelimit-", "x-ratelimit-")


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What a client knows of the server's limit on requests.

    Attributes:
        limit: How many requests a window takes, or None while nobody knows.
        remaining: How many more it takes before the window ends, those under way left out; None while nobody knows.
        reset_in: The seconds until the window ends, or None while nobody knows.
        retry_in: The seconds for which the server asked to be left alone, or 0.0.
        under_way: How many requests are under way.
        waiting: How many calls of this client wait until they may send theirs.
    """

    limit: int | None = None
    remaining: int | None = None
    reset_in: float | None = None
    retry_in: float = 0.0
    under_way: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class RateWindow:
    """What the replies so far tell of the present window.

    Attributes:
        limit: The most requests that a window was seen to take, or 0.
        remaining: The fewest that a reply of this window left over; None where no reply told. Requests that are under
            way may be among the counted ones or not.
        ends: When the window ends, or 0.0 where no reply told.
        blocked: When the server wants to be asked again.
        last: When the last request was begun; None where none was.
        last_bulk: The same of bulk work.
        under_way: When each of those was begun that have no reply yet.
    """

    limit: int = 0
    remaining: int | None = None
    ends: float = 0.0
    blocked: float = 0.0
    last: float | None = None
    last_bulk: float | None = None
    under_way: tuple[float, ...] = ()

    def public(self, now: float, *, waiting: int) -> RateLimit:
        """Return what users see of it."""
        known = _roll(self, now)
        is_told = known.remaining is not None and known.ends > now
        return RateLimit(
            limit=known.limit or None,
            remaining=max((known.remaining or 0) - len(known.under_way), 0) if is_told else None,
            reset_in=known.ends - now if is_told else None,
            retry_in=max(known.blocked - now, 0.0),
            under_way=len(known.under_way),
            waiting=waiting,
        )


def pause(window: RateWindow, now: float, *, bulk: bool) -> float:
    """Return how many seconds a request has to wait; 0.0 where it may go now.

    Args:
        window: What is known.
        now: The present moment, in seconds.
        bulk: Whether it is one of many that nobody waits for: those leave some to others.
    """
    if now < window.blocked:
        return window.blocked - now
    window = _roll(window, now)
    if window.remaining is None:
        return 0.0
    reserved = max(1, int(window.limit * RESERVED_SHARE)) if bulk and window.ends > now else 0
    free = window.remaining - len(window.under_way) - reserved
    if free < 1:
        return max(window.ends - now, POLLING)
    if window.ends <= now or free > window.limit * SLOW_SHARE:
        return 0.0
    last = window.last_bulk if bulk else window.last
    return 0.0 if last is None else max(0.0, last + (window.ends - now) / (free + 1) - now)


def begin(window: RateWindow, now: float, *, bulk: bool) -> RateWindow:
    """Count a request that is sent now."""
    window = _roll(window, now)
    began = (*window.under_way, now)
    return replace(window, last_bulk=now, under_way=began) if bulk else replace(window, last=now, under_way=began)


def answer(
    window: RateWindow, began: float, now: float, status: int, headers: Mapping[str, str], retry_after: float | None
) -> RateWindow:
    """Take in what a reply tells.

    Args:
        window: What was known.
        began: When its request was begun.
        now: The present moment, in seconds.
        status: The reply's status.
        headers: Its headers, their names in lower case.
        retry_after: How many seconds it asks to wait, or None.
    """
    window = _ended(_roll(window, now), began)
    if status == TURNED_AWAY and retry_after is not None and retry_after <= LONGEST_WINDOW:
        window = replace(window, blocked=max(window.blocked, now + retry_after))
    remaining, reset = _number(headers, "remaining"), _reset(headers)
    if remaining is None or reset is None:
        # Nobody counts any more, where even the first reply of a new window does not tell.
        is_unknown = window.ends <= now and status != TURNED_AWAY
        return replace(window, remaining=None) if is_unknown else window
    left = 0 if status == TURNED_AWAY else int(remaining)
    limit = max(window.limit, int(_number(headers, "limit") or 0), left + 1 if status != TURNED_AWAY else 0)
    if window.ends > now and window.remaining is not None:
        return replace(window, limit=limit, remaining=min(window.remaining, left), ends=max(window.ends, now + reset))
    return replace(window, limit=limit, remaining=left, ends=now + reset)


def lose(window: RateWindow, began: float, now: float) -> RateWindow:
    """Count a request that got no reply: the server may have counted it."""
    window = _ended(_roll(window, now), began)
    return window if window.remaining is None else replace(window, remaining=window.remaining - 1)


def _roll(window: RateWindow, now: float) -> RateWindow:
    """Begin a new window where the old one is over: one request goes ahead and finds out how things stand."""
    alive = tuple(began for began in window.under_way if 0 <= now - began < LOST_AFTER)
    if window.ends == 0.0 or now < window.ends:
        return window if len(alive) == len(window.under_way) else replace(window, under_way=alive)
    return replace(window, ends=0.0, remaining=1 + len(alive), under_way=alive)


def _ended(window: RateWindow, began: float) -> RateWindow:
    under_way = list(window.under_way)
    if began in under_way:
        under_way.remove(began)
    return replace(window, under_way=tuple(under_way))


def _reset(headers: Mapping[str, str]) -> float | None:
    seconds = _number(headers, "reset")
    return seconds if seconds is not None and seconds <= LONGEST_WINDOW else None


def _number(headers: Mapping[str, str], name: str) -> float | None:
    text = next((headers[prefix + name] for prefix in PREFIXES if prefix + name in headers), "")
    try:
        # Some servers list windows behind it: `100, 100;window=60`.
        number = float(text.partition(",")[0].partition(";")[0])
    except ValueError:
        return None
    return number if 0 <= number < FIRST_DATE and math.isfinite(number) else None
