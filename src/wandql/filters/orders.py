"""Orders: by what the server is asked to sort.

An order is `+field` (ascending), `-field` (descending) or `field` (ascending), or what `F` makes:
`F.summary["loss"].asc()`. Nothing is sent here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeGuard

from wandql.errors import InvalidOrderError
from wandql.filters.names import Name, wire_name

__all__ = ["Order", "encode_order"]

_ORDER: Final = re.compile(r"(?P<sign>[+-]?)(?P<field>[A-Za-z_]\w*(?:\.[^\s,.](?:[^,]*[^\s,.])?)?)")
_SEVERAL_SIGNS: Final = re.compile(r"([+-])[\s+-]*([^\s,+-][^\s,]*)")
_IN_WORDS: Final = re.compile(r"(?:(asc|desc)\w*\s+)?[+-]?([^\s,]+?)(?:\s+(asc|desc)\w*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Order:
    """By what runs are sorted, and in which direction: what `asc()` and `desc()` of a field of `F` give.

    Runs without the field come last in both directions. An order is immutable and hashable, and equal orders are equal.

    Attributes:
        name: What the runs are sorted by.
        descending: Whether the greatest comes first.

    Example:
        >>> from wandql import F
        >>> F.summary["loss"].asc().wire, F.config["lr"].desc().wire
        ('+summary_metrics.loss', '-config.lr.value')
        >>> F.created_at.desc()
        F.created_at.desc()
    """

    name: Name
    descending: bool = False

    def __post_init__(self) -> None:
        if self.name.has_dotted_key:
            raise InvalidOrderError(
                f"The server cannot sort by {self.name.source}: a key with a dot is not found on the wire.",
                hint=f"Sort list(runs) here. If your server can, pass the text {self.wire!r}.",
            )
        encode_order(self.wire)

    @property
    def wire(self) -> str:
        """The order as it is sent."""
        return f"{'-' if self.descending else '+'}{self.name.wire}"

    def __str__(self) -> str:
        return self.wire

    def __repr__(self) -> str:
        return f"{self.name.source}.{'desc' if self.descending else 'asc'}()"


def encode_order(order: str | Order | None) -> str | None:
    """Check an order and write it as the server reads it. No request is sent.

    Args:
        order: `+field`, `-field` or `field`, for one field, such as `created_at`, `config.lr.value` or
            `summary_metrics.loss`; or an order that `F` made. None means the server's own order.

    Returns:
        The sign and the field, `summary.x` as `summary_metrics.x`; None for None.

    Raises:
        InvalidOrderError: It is empty, has more than one sign or field, or a direction in words.

    Example:
        >>> encode_order("created_at"), encode_order("-summary.loss")
        ('+created_at', '-summary_metrics.loss')
    """
    if order is None:
        return None
    if isinstance(order, Order):
        return order.wire
    match = _ORDER.fullmatch(order.strip()) if _is_text(order) else None
    if match is None:
        raise _malformed_order(order)
    return f"{match['sign'] or '+'}{wire_name(match['field'])}"


def _malformed_order(order: object) -> InvalidOrderError:
    form = 'Write "+field" (ascending) or "-field" (descending), such as "-created_at" or "+summary_metrics.loss".'
    if not isinstance(order, str):
        return InvalidOrderError(f"The order {order!r} is no text.", hint=form)
    text = order.strip()
    if not text:
        return InvalidOrderError(f"The order {order!r} is empty.", hint="Pass None for the server's own order.")
    if "," in text:
        return InvalidOrderError(f"The order {order!r} names several fields.", hint=f"The server sorts by one. {form}")
    signs = _SEVERAL_SIGNS.fullmatch(text)
    words = _IN_WORDS.fullmatch(text)
    way = words and (words[1] or words[3])
    meant = (
        signs[1] + signs[2] if signs else ("-" if way.lower() == "desc" else "+") + words[2] if words and way else None
    )
    guess = f"Did you mean {meant!r}? " if meant and _ORDER.fullmatch(meant) else ""
    return InvalidOrderError(f"The order {order!r} is not a sign and a field.", hint=guess + form)


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)
