"""The API key goes to the server alone, and no message shows a signature."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandql.client.transfers.locations import Location, may_have_key

BASE = "https://api.wandb.ai"


@pytest.mark.parametrize(
    ("url", "base_url"),
    [
        ("https://api.wandb.ai/files/a/b/c/output.log", BASE),
        ("https://API.wandb.ai:443/files/x?updatedAt=1", BASE),
        ("http://localhost:8080/f", "http://localhost:8080/wandb"),
        ("http://[::1]:8080/f", "http://[::1]:8080"),
    ],
)
def test_the_server_itself_gets_the_key(url: str, base_url: str) -> None:
    assert may_have_key(url, base_url)


@pytest.mark.parametrize(
    "url",
    [
        "https://storage.googleapis.com/f",
        "http://api.wandb.ai/f",
        "https://api.wandb.ai:8443/f",
        "https://api.wandb.ai.evil.example/f",
        "https://evil.example/https://api.wandb.ai/",
        "https://evil.example#@api.wandb.ai/f",
        "https://evil.example\\@api.wandb.ai/f",
        "https://api.wandb.ai\\@evil.example/f",
        "https://api.wandb.ai@evil.example/f",
        "https://user:password@api.wandb.ai/f",
        "https://api.wandb.ai\t.evil.example/f",
        "https://api.wandb.ai:x/f",
        "https://[api.wandb.ai/f",
        "//api.wandb.ai/f",
        "",
    ],
)
def test_nobody_else_gets_the_key(url: str) -> None:
    assert not may_have_key(url, BASE)


@pytest.mark.parametrize(
    "query", ["X-Amz-Signature=a", "x-goog-signature=a", "Expires=1&Signature=a", "se=1&sig=a", "signature="]
)
def test_a_signed_url_does_without_the_key(query: str) -> None:
    assert not may_have_key(f"{BASE}/f?{query}", BASE)


@given(st.text(max_size=30))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert not may_have_key(text, BASE)
    assert not may_have_key(f"https://{text}@api.wandb.ai/f", BASE)
    assert "?" not in Location(f"{BASE}/f?{text}").shown


def test_neither_user_nor_query_nor_fragment_is_shown() -> None:
    location = Location("https://me:secret@storage.example:8080/a/b?sig=secret#secret")
    assert location.shown == "https://storage.example:8080/a/b"
    assert "secret" not in repr(location)
    assert Location("http://[").shown == "an unreadable URL"


def test_headers_stay_within_their_origin() -> None:
    location = Location("https://a.example/f?sig=1", {"X-Token": "t"})
    near, far = location.redirected("/g"), location.redirected("https://b.example/g")
    assert near is not None
    assert (near.url, near.headers) == ("https://a.example/g", {"X-Token": "t"})
    assert far is not None
    assert (far.url, far.headers) == ("https://b.example/g", {})


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.example/f", "data:,x", "http://["])
def test_a_redirect_leads_to_http_or_nowhere(target: str) -> None:
    assert Location("https://a.example/f").redirected(target) is None


def test_headers_are_read_as_servers_list_them() -> None:
    lines = ["Content-MD5: abc==", "x-ms-blob-type:BlockBlob", "Content-Type:text/plain;a:b"]
    assert Location.with_lines("https://a.example", lines).headers == {
        "Content-MD5": "abc==",
        "x-ms-blob-type": "BlockBlob",
        "Content-Type": "text/plain;a:b",
    }
