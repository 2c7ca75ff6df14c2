"""Where files are on the network: signed or not, and who may see the API key. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import parse_qsl, urljoin, urlsplit

__all__ = ["Location", "may_have_key"]

# What any two parsers of URLs read alike: no user, no backslash, no blank.
PLAIN: Final = re.compile(r"https?://[A-Za-z0-9.\-:\[\]]+([/?#][!#$%&'()*+,/:;=?@\[\]~A-Za-z0-9._|-]*)?")
PORTS: Final = {"http": 80, "https": 443}
# Amazon's and its likes, Google's, Azure's, and our own server's.
SIGNATURES: Final = {"signature", "sig", "x-amz-signature", "x-goog-signature"}
SHORTEST_SECRET: Final = 8


@dataclass(frozen=True, slots=True, repr=False)
class Location:
    """Where a file can be fetched or put.

    Attributes:
        url: The URL. Its query may hold a signature, which is a secret.
        headers: The headers that the server asks for.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def with_lines(cls, url: str, lines: Iterable[str]) -> Self:
        """Make one from headers as the server lists them: `Content-MD5:XUFAKrxLKna5cZ2REBfFkg==`.

        Example:
            >>> Location.with_lines("https://storage.example/f?sig=1", ["Content-MD5: abc="]).headers
            {'Content-MD5': 'abc='}
        """
        named = (line.partition(":") for line in lines)
        return cls(url, {name.strip(): value.strip() for name, _, value in named})

    @property
    def shown(self) -> str:
        """The URL as messages may show it: without user, query and fragment."""
        try:
            parts = urlsplit(self.url)
        except ValueError:
            return "an unreadable URL"
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of it no message may show."""
        query = self.url.partition("?")[2]
        return (query,) if len(query) >= SHORTEST_SECRET else ()

    def redirected(self, target: str) -> Location | None:
        """Return where a redirect leads; None where that is not HTTP. The headers stay within their origin."""
        try:
            url = urljoin(self.url, target)
        except ValueError:
            return None
        if not url.startswith(("http://", "https://")):
            return None
        return Location(url, self.headers if _origin(url) == _origin(self.url) is not None else {})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.shown}>"


def may_have_key(url: str, base_url: str) -> bool:
    """Tell whether a request to `url` may carry the API key.

    Only the server itself gets it: same scheme, host and port. A signed URL does without: some storage that is served
    under the server's own address refuses a request that has both.

    Example:
        >>> may_have_key("https://api.wandb.ai/files/a/b/c/config.yaml", "https://api.wandb.ai")
        True
        >>> may_have_key("https://storage.googleapis.com/files/a/b/c/config.yaml", "https://api.wandb.ai")
        False
    """
    if not PLAIN.fullmatch(url) or _origin(url) is None or _origin(url) != _origin(base_url):
        return False
    return not any(name.lower() in SIGNATURES for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _origin(url: str) -> tuple[str, str | None, int | None] | None:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
