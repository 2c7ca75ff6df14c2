"""Digests are read in the forms that servers write, and tell right contents from wrong ones."""

from __future__ import annotations

import hashlib
import os
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandql.client.transfers.digests import BLOCK, MD5, SHA256, Algorithm, Digest, blocks_of, is_content
from wandql.errors import DecodeError

HELLO = Digest(hashlib.md5(b"hello").digest())


class Crc:
    """A hasher that hashlib does not know."""

    def __init__(self) -> None:
        self.value = 0

    def update(self, data: bytes) -> None:
        self.value = zlib.crc32(data, self.value)

    def digest(self) -> bytes:
        return self.value.to_bytes(4, "big")


@pytest.mark.parametrize(
    "text", ["XUFAKrxLKna5cZ2REBfFkg==", "5d41402abc4b2a76b9719d911017c592", "5D41402ABC4B2A76B9719D911017C592"]
)
def test_a_digest_is_read_from_base64_and_from_hexadecimal_digits(text: str) -> None:
    assert Digest.read(text) == HELLO


@pytest.mark.parametrize(
    "text",
    [
        "",
        "XUFAKrxLKna5cZ2REBfFkg",
        "XUFAKrxLKna5cZ2REBfFkg==\n",
        "XUFAKrxLKna5cZ2REBfF!g==",
        "5d41402abc4b2a76b9719d911017c59",
        "5d41402abc4b2a76b9719d911017c59z",
        "5d 41402abc4b2a76b9719d911017c59 ",
        "9b2cf535f27731c974343645a3985328-12",
        hashlib.sha256(b"").hexdigest(),
        "é" * 32,
        "\ud800" * 24,
    ],
)
def test_what_is_no_digest_is_refused(text: str) -> None:
    with pytest.raises(DecodeError, match="md5"):
        Digest.read(text)


@given(st.binary())
def test_a_digest_that_is_written_is_read_back(content: bytes) -> None:
    for algorithm in (MD5, SHA256):
        digest = Digest.of(content, algorithm)
        assert Digest.read(digest.base64, algorithm) == Digest.read(digest.hex, algorithm) == digest


@given(st.text(max_size=70))
def test_any_text_is_a_digest_or_refused(text: str) -> None:
    with suppress(DecodeError):
        assert len(Digest.read(text).value) == 16


def test_an_algorithm_of_ones_own_is_as_good() -> None:
    crc = Algorithm("crc32", 4, Crc)
    assert Digest.of(b"hello", crc) == Digest.read("3610a686", crc)
    assert str(Digest.of(b"hello", crc)) == "crc32 NhCmhg=="


def test_digests_are_equal_by_algorithm_and_value() -> None:
    assert len({HELLO, Digest.of(b"hello"), Digest.of(b"hello", SHA256), Digest.of(b"jello")}) == 3


def test_an_open_file_is_compared_from_its_beginning_and_stays_open(tmp_path: Path) -> None:
    content = os.urandom(2 * BLOCK + 1)
    (tmp_path / "f").write_bytes(content)
    descriptor = os.open(tmp_path / "f", os.O_RDONLY)
    try:
        os.lseek(descriptor, 100, os.SEEK_SET)
        assert is_content(descriptor, Digest.of(content))
        assert not is_content(descriptor, Digest.of(content[:-1]))
        assert b"".join(blocks_of(descriptor)) == content
    finally:
        os.close(descriptor)
