"""Signed URLs: whoever holds one may do the one thing it is for, until it expires."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LIFETIME", "Signer"]

LIFETIME: Final = 24 * 60 * 60 * 1_000_000
"""How long a signed URL is good for, in microseconds."""


class Signer:
    """Makes signed URLs of blobs and checks them.

    Args:
        secret: What only this server knows.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def path(self, method: Literal["GET", "PUT"], token: str, name: str, now: int) -> str:
        """Return the path and query of a blob's URL.

        Args:
            method: What the URL is for.
            token: The blob's token.
            name: The file's name. It only makes the URL readable, and is not signed.
            now: The present moment.
        """
        expires = now + LIFETIME
        query = urlencode({"expires": expires, "signature": self._sign(method, token, str(expires))})
        return f"/storage/{token}/{quote(name.rsplit('/', 1)[-1], safe='')}?{query}"

    def allows(self, method: str, token: str, query: Mapping[str, str], now: int) -> bool:
        """Tell whether a request with this query may do this to the blob now."""
        expires = query.get("expires", "")
        signed = self._sign("GET" if method == "HEAD" else method, token, expires)
        genuine = hmac.compare_digest(signed.encode(), query.get("signature", "").encode())
        return genuine and int(expires) >= now

    def _sign(self, method: str, token: str, expires: str) -> str:
        return hmac.new(self._secret, f"{method}\n{token}\n{expires}".encode(), hashlib.sha256).hexdigest()
