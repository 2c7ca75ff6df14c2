"""Digests of files: what the server promises, and whether a file keeps it."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Final, Protocol

from wandql.errors import DecodeError

__all__ = ["MD5", "SHA256", "Algorithm", "Digest", "Hasher", "blocks_of", "is_content", "xxh128"]

BLOCK: Final = 1 << 20


class Hasher(Protocol):
    """A digest in the making, such as `hashlib.md5()`."""

    def update(self, data: bytes, /) -> None:
        """Take the next bytes."""
        ...

    def digest(self) -> bytes:
        """Return the digest of all bytes so far."""
        ...


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A way to compute digests. One of your own is as good as those here.

    Attributes:
        name: Its name, such as `md5`: letters and digits.
        size: How many bytes a digest has.
        start: Begins a digest.
    """

    name: str
    size: int
    start: Callable[[], Hasher] = field(compare=False, repr=False)


# It tells contents apart here and guards nothing, so it may be used where security rules forbid it.
MD5: Final = Algorithm("md5", 16, partial(hashlib.md5, usedforsecurity=False))
SHA256: Final = Algorithm("sha256", 32, hashlib.sha256)


@cache
def xxh128() -> Algorithm | None:
    """Return the algorithm XXH128; None where the package `xxhash` is not installed."""
    try:
        import xxhash
    except ImportError:
        return None
    return Algorithm("xxh128", 16, xxhash.xxh128)


@dataclass(frozen=True, slots=True)
class Digest:
    """The digest of a content.

    Attributes:
        value: Its bytes.
        algorithm: How it was computed.
    """

    value: bytes
    algorithm: Algorithm = MD5

    @classmethod
    def read(cls, text: str, algorithm: Algorithm = MD5) -> Digest:
        """Read a digest as servers write it: base64 or hexadecimal.

        Args:
            text: The digest.
            algorithm: How it was computed.

        Raises:
            DecodeError: It is neither, or has another length than digests of this algorithm.

        Example:
            >>> Digest.read("XUFAKrxLKna5cZ2REBfFkg==") == Digest.read("5d41402abc4b2a76b9719d911017c592")
            True
        """
        try:
            value = (
                bytes.fromhex(text)
                if len(text) == 2 * algorithm.size
                else base64.b64decode(text.encode(), validate=True)
            )
        except (ValueError, binascii.Error):
            value = b""
        if len(value) != algorithm.size:
            raise DecodeError(
                f"{text[:200]!r} is no {algorithm.name} digest.",
                hint=f"One has {2 * algorithm.size} hexadecimal digits, or {algorithm.size} bytes in base64.",
            )
        return cls(value, algorithm)

    @classmethod
    def of(cls, content: bytes, algorithm: Algorithm = MD5) -> Digest:
        """Compute the digest of a content.

        Example:
            >>> Digest.of(b"hello").hex
            '5d41402abc4b2a76b9719d911017c592'
        """
        hasher = algorithm.start()
        hasher.update(content)
        return cls(hasher.digest(), algorithm)

    @property
    def hex(self) -> str:
        """The digest in hexadecimal digits."""
        return self.value.hex()

    @property
    def base64(self) -> str:
        """The digest in base64, as headers have it."""
        return base64.b64encode(self.value).decode()

    def __str__(self) -> str:
        return f"{self.algorithm.name} {self.base64}"


def blocks_of(descriptor: int) -> Iterator[bytes]:
    """Yield the whole content of an open file from its beginning, in blocks of at most 1 MiB."""
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def is_content(descriptor: int, digest: Digest) -> bool:
    """Tell whether an open file has the content that a digest is of. Reads all of it."""
    hasher = digest.algorithm.start()
    for block in blocks_of(descriptor):
        hasher.update(block)
    return hasher.digest() == digest.value
